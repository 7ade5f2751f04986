"""The review of an alarm on the recent past: whether it has the right distance."""

from dataclasses import replace

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.definition import definition_of
from ecs_monitoring.cloudwatch.recent import recent_rule
from ecs_monitoring.cloudwatch.rule import Comparison
from replay.detectors import DetectorKind, WatchedMetric
from replay.history import MetricHistory
from replay.incidents import Incident
from replay.suggestion import SuggestedAlarm, Suggestion, ThresholdVerdict, Validation
from review import beside
from review.build import review_alarm
from review.case import Case, Stretch
from review.model import AlarmReview
from review.overrides import overrides_of
from tests.cloudwatch.test_override import RULE
from tests.review.values import alarm_of

START = 1_731_888_000
DAY = 86_400
DAYS = 21
BASE = replace(RULE, name="cpu", period=60, lowest=0.0, highest=100.0)
NIGHTS = (15, 16, 18, 20)
BUMPS = tuple(Incident(START + n * DAY + 7200, START + n * DAY + 8400) for n in NIGHTS)
"""Twenty minutes of 60 % from 02:00 on, in a CPU of 40 % with noise of 2."""


def history() -> MetricHistory:
    minutes = np.arange(DAYS * 1440)
    values = 40 + np.random.default_rng(3).normal(0, 2, len(minutes))
    for night in NIGHTS:
        values[night * 1440 + 120 : night * 1440 + 140] += 20
    return MetricHistory.of_values(START + 60 * minutes, values)


def reviewed(distance: float, incidents: tuple[Incident, ...] = BUMPS) -> AlarmReview:
    rule = recent_rule(replace(BASE, recent=distance))
    assert rule is not None
    watched = alarm_of(rule)
    assert watched.definition is not None
    (key,) = watched.definition.metrics
    return review_alarm(
        Case(
            alarm=watched,
            histories={key: history()},
            stretch=Stretch(start=START, end=START + DAYS * DAY),
            incidents=incidents,
            base=alarm_of(BASE),
        )
    )


def test_one_that_fires_for_noise_gets_another_distance_of_the_alarm_beside_it() -> None:
    # Twice the noise is 4, which three minutes of sixteen exceed more than once a day.
    review = reviewed(4.0)
    assert review.current is not None
    assert len(review.current.outcome.firings) > DAYS
    assert review.suggestion.verdict is ThresholdVerdict.CHANGE
    assert review.suggested is not None
    assert len(review.suggested.outcome.firings) == len(NIGHTS)
    # The incidents of its target are walked with what it would have done day by day.
    walk = review.suggestion.validation
    assert walk is not None
    assert walk.firings == tuple(start for start, _ in walk.bands)
    assert walk.caught == walk.incidents > 0
    assert all(any(on < i.end and off > i.start for on, off in walk.bands) for i in BUMPS[-2:])
    overrides, notes = overrides_of([review])
    assert not notes
    ((key, fields),) = overrides.items()
    assert key == BASE.address.of_target
    assert 4.0 < float(str(fields["recent"])) < 20.0
    # What the alarm beside it wants otherwise is written with it; its own wish goes before.
    wanted = replace(review.suggestion, threshold=91.0, alarms=())
    assert review.current is not None
    plain = replace(review, address=BASE.address, suggestion=wanted)
    both, _ = overrides_of([review, plain])
    assert both[key]["threshold"] == 91.0
    assert both[key]["recent"] == fields["recent"]
    own, _ = overrides_of([review, replace(plain, suggestion=_deaf(90.0))])
    assert own[key]["recent"] == 90


def test_one_that_finds_the_incidents_within_its_budget_stays() -> None:
    review = reviewed(12.0)
    assert review.suggestion.verdict is ThresholdVerdict.KEEP
    assert review.suggestion.reasons[0].startswith("it keeps to its budget")
    assert "caught 4 of 4 incidents" in review.suggestion.reasons[0]
    assert overrides_of([review]) == ({}, [])


def test_one_that_misses_incidents_which_another_distance_finds_gets_that() -> None:
    review = reviewed(30.0)
    assert review.suggestion.verdict is ThresholdVerdict.CHANGE
    assert "caught 0 of 4 incidents" in review.suggestion.reasons[0]
    assert review.suggested is not None
    assert len(review.suggested.outcome.firings) == len(NIGHTS)


def test_a_known_incident_is_not_traded_for_fewer_firings(monkeypatch: pytest.MonkeyPatch) -> None:
    # The walk begins after the incidents, and says nothing of them.
    monkeypatch.setattr(beside, "propose", lambda *_: {"high": _deaf(90.0)})
    review = reviewed(4.0)
    assert review.suggestion.verdict is ThresholdVerdict.KEEP
    assert "caught 0 of 4 incidents, 4 now" in review.suggestion.reasons[0]
    assert reviewed(4.0, ()).suggestion.verdict is ThresholdVerdict.CHANGE


def test_without_the_alarm_beside_it_nothing_is_said_of_a_distance() -> None:
    rule = recent_rule(replace(BASE, recent=4.0))
    assert rule is not None
    watched = alarm_of(replace(rule, key="ecs.sudden"))
    assert watched.address == AlarmAddress.of("ecs.sudden", rule.target)
    assert watched.definition is not None
    (key,) = watched.definition.metrics
    stretch = Stretch(start=START, end=START + DAYS * DAY)
    case = Case(alarm=watched, histories={key: history()}, stretch=stretch)
    assert review_alarm(case).suggestion.verdict is ThresholdVerdict.NOT_SUGGESTED


def _deaf(distance: float) -> Suggestion:
    definition = definition_of(BASE)
    (key,) = definition.metrics
    watched = WatchedMetric(metric=key, statistic="Average", period=60, has_level=False)
    alarm = watched.definition(DetectorKind.RECENT, Comparison.AT_LEAST, distance)
    return Suggestion(
        verdict=ThresholdVerdict.CHANGE,
        threshold=distance,
        datapoints_to_alarm=alarm.breaching_datapoints,
        evaluation_periods=alarm.evaluation_periods,
        reasons=(),
        validation=Validation(
            start=START + 20 * DAY + 43_200,
            end=START + DAYS * DAY,
            thresholds=(),
            firings=(),
            true_firings=0,
            caught=0,
            incidents=0,
        ),
        alarms=(SuggestedAlarm(kind=DetectorKind.RECENT, definition=alarm, why="far"),),
    )
