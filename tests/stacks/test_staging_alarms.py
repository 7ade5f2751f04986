"""Staging is production with softer thresholds, and wakes nobody."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from stack.program import ProgramRun
from tests.components.registered import ALARM, KEY, KEY_ALIAS, TOPIC, by_key, wire
from tests.stacks.metric_math import target_5xx_rate, tasks_low
from tests.stacks.rows import LEFT_OUT, ROWS, topic_arn

# Pulumi.staging.yaml, alarms; of a stopped environment no data is expected.
CHANGES: Final[Mapping[str, Mapping[str, Any]]] = {
    "ecs.cpu-high": {"threshold": 90},
    "ecs.memory-high": {"threshold": 90},
    "alb.target-5xx": {"threshold": 20},
    "alb.elb-5xx": {"threshold": 20},
    "alb.latency-high": {"threshold": 5},
    "alb.no-healthy-hosts": {"treatMissingData": "notBreaching"},
    "logs.database-errors": {"threshold": 5},
}

# Performance Insights is off, and DBLoad is its metric alone.
STAGING_KEYS: Final = sorted({*ROWS} - {"rds.db-load"})


def expected_wire(key: str) -> dict[str, Any]:
    """Production's row with staging's changes; each stack has log metrics of its own."""
    row = ROWS[key]
    expected = {**row.wire(), **CHANGES.get(key, {})}
    if key.startswith("logs."):
        expected["namespace"] = "django-ecs-monitoring/staging"
    return expected


@pytest.mark.parametrize("key", STAGING_KEYS)
def test_an_alarm_is_productions_with_stagings_changes(staging: ProgramRun, key: str) -> None:
    expected = expected_wire(key)
    assert wire(by_key(staging)[key], *expected) == expected


def test_tasks_low_is_silent_while_the_environment_is_stopped(staging: ProgramRun) -> None:
    # No floor: none desired and none running is what a stopped environment looks like.
    expected = {**tasks_low(floor=0), "treatMissingData": "notBreaching"}
    assert wire(by_key(staging)["ecs.tasks-low"], *expected) == expected


def test_the_5xx_rate_is_softer(staging: ProgramRun) -> None:
    expected = {**target_5xx_rate(), "threshold": 10}
    assert wire(by_key(staging)["alb.target-5xx-rate"], *expected) == expected


def test_what_staging_does_not_have_is_explained(staging: ProgramRun) -> None:
    omitted = staging.exports["omitted_alarms"]
    # No alarm of staging is critical, so that there is no critical topic to watch.
    of_both = {*LEFT_OUT} - {"delivery.events-failed@critical"}
    assert set(omitted) >= {*of_both, "rds.db-load@main", "ecs.tasks-low@web"}
    assert omitted["ecs.tasks-low@web"] == "in part: no floor (min_running_tasks: 0)"


def test_nobody_is_woken(staging: ProgramRun) -> None:
    only_topic = topic_arn("staging", "warning")
    for alarm in staging.of_type(ALARM):
        assert alarm.inputs["tags"]["Severity"] == "warning"
        assert alarm.inputs["alarmActions"] == [only_topic]
        assert alarm.inputs.get("okActions") is None
    assert [topic.arn for topic in staging.of_type(TOPIC)] == [only_topic]


def test_no_data_from_a_stopped_environment_alarms_nowhere(staging: ProgramRun) -> None:
    treated = {alarm.inputs["treatMissingData"] for alarm in staging.of_type(ALARM)}
    assert treated == {"missing", "notBreaching"}


def test_no_key_is_paid_for(staging: ProgramRun, prod: ProgramRun) -> None:
    assert staging.of_type(KEY) == staging.of_type(KEY_ALIAS) == []
    assert all("kmsMasterKeyId" not in topic.inputs for topic in staging.of_type(TOPIC))
    assert len(prod.of_type(KEY)) == len(prod.of_type(KEY_ALIAS)) == 1
