"""An alarm on the recent past by hour: suggested, written, and registered as it was suggested."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from ecs_monitoring.cloudwatch.definition import definition_of
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.override import AlarmOverride, overridden
from ecs_monitoring.cloudwatch.recent import recent_rule
from ecs_monitoring.cloudwatch.rule import AlarmRule
from replay.history import MetricHistory
from replay.incidents import Incident
from replay.outcome import replay
from review.build import review_alarm
from review.case import Case, Stretch
from review.evidence import differs
from review.model import AlarmReview
from review.overrides import overrides_of
from review.report.todo import settings_of
from review.stack_file import Fields, edit
from tests.cloudwatch.test_override import RULE
from tests.review.values import alarm_of

START = 1_731_888_000
"""2024-11-18 00:00:00 UTC, a Monday."""

DAY = 86_400
RULE_OF_MINUTES = replace(RULE, name="cpu", period=60, lowest=0.0, highest=100.0)


def reviewed(recent: AlarmRule | None = None) -> tuple[AlarmReview, MetricHistory]:
    """Four weeks of a CPU, restless by day, with incidents by night that no day would show."""
    minutes = np.arange(28 * 1440)
    by_day = (minutes // 60 % 24 >= 8) & (minutes // 60 % 24 < 20)
    values = 40 + np.random.default_rng(3).normal(0, 1, len(minutes)) * np.where(by_day, 8, 0.5)
    nights = [15, 18, 21, 24, 26]
    for night in nights:
        values[night * 1440 + 120 : night * 1440 + 140] += 8
    times = START + 60 * minutes
    history = MetricHistory.of_values(times, np.clip(values, 0, 100))
    definition = definition_of(RULE_OF_MINUTES)
    (key,) = definition.metrics
    incidents = [START + night * DAY + 7200 for night in nights]
    case = Case(
        alarm=alarm_of(RULE_OF_MINUTES),
        histories={key: history},
        stretch=Stretch(start=START, end=START + 28 * DAY),
        incidents=tuple(Incident(begins, begins + 1200) for begins in incidents),
        recent=definition_of(recent) if recent else None,
    )
    return review_alarm(case), history


def test_what_is_suggested_by_hour_is_what_the_settings_register(tmp_path: Path) -> None:
    review, history = reviewed()
    (extra,) = review.suggestion.alarms
    assert extra.table is not None
    overrides, notes = overrides_of([review])
    assert not notes
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_text("config:\n  shop:alarms:\n    ecs.cpu-high@web: {threshold: 90}   # ours\n")
    after = edit(path, "shop", overrides).after
    fields = yaml.safe_load(after)["config"]["shop:alarms"]["ecs.cpu-high@web"]
    assert fields["recent_by_hour"]
    assert "# ours" in after
    # The report shows the same lines.
    shown = yaml.safe_load(settings_of(review, "shop"))["shop:alarms"]["ecs.cpu-high@web"]
    assert shown == fields

    override = AlarmOverride(**fields)
    rule = recent_rule(overridden(RULE_OF_MINUTES, {"ecs.cpu-high@web": override}))
    assert rule is not None
    assert isinstance(RULE.signal, Metric)
    written = definition_of(rule)
    suggested = extra.definition
    (key,) = suggested.metrics
    start, end = START + DAY, START + 28 * DAY
    outcomes = [replay(alarm, {key: history}, start, end) for alarm in (written, suggested)]
    assert outcomes[0].changes == outcomes[1].changes
    assert len(outcomes[0].firings) >= 5


@pytest.mark.slow
def test_nothing_is_suggested_beside_an_alarm_on_the_recent_past_that_catches_as_many() -> None:
    there = recent_rule(replace(RULE_OF_MINUTES, recent=22.0, recent_by_hour={"20-08": 2.7}))
    assert reviewed(there)[0].suggestion.alarms == ()
    # One that would catch none of them is no reason to leave it.
    deaf = recent_rule(replace(RULE_OF_MINUTES, recent=22.0))
    assert reviewed(deaf)[0].suggestion.alarms != ()


@pytest.mark.parametrize("key", ["ecs.cpu-high", "ecs.cpu-high@web"])
def test_the_hours_of_an_older_distance_are_taken_back(tmp_path: Path, key: str) -> None:
    path = tmp_path / "Pulumi.prod.yaml"
    old = "{recent: 5, recent_by_hour: {06-18: 25}}"
    path.write_text(f"config:\n  shop:alarms:\n    {key}: {old}\n")
    wanted: Fields = {"recent": 8}
    after = yaml.safe_load(edit(path, "shop", {"ecs.cpu-high@web": wanted}).after)
    fields = after["config"]["shop:alarms"]["ecs.cpu-high@web"]
    assert (fields["recent"], fields["recent_by_hour"]) == (8, {})


@pytest.mark.parametrize(("spans", "expected"), [({"20-08": 2.7}, False), ({"21-08": 2.7}, True)])
def test_other_hours_are_another_alarm(spans: dict[str, float], expected: bool) -> None:
    one, other = (
        recent_rule(replace(RULE_OF_MINUTES, recent=22.0, recent_by_hour=hours))
        for hours in ({"20-08": 2.7}, spans)
    )
    assert one is not None
    assert other is not None
    assert differs(alarm_of(one), alarm_of(other)) is expected
