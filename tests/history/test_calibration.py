"""What an estimate of range and delay is used for, and how it is kept."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat, Query
from ecs_monitoring.cloudwatch.timing import Timing
from history.archive import Archive
from history.calibration import (
    FILE,
    Calibrated,
    Calibration,
    group_of,
    read_calibration,
    write_calibration,
)
from history.day import BadFileError
from replay.calibrate import Belief, Estimate
from tests.evaluation.alarms import KEY, alarm
from tests.history.recorded import key

DEFAULT: Final = Timing(extra_periods=2, delay=60, longest_delay=240, source="a default")
SURE: Final = Belief(value=4, probability=0.9, lowest=4, highest=4)
UNSURE: Final = replace(SURE, value=5, probability=0.89)
LATE: Final = Belief(value=180, probability=0.95, lowest=120, highest=180)
VAGUE: Final = replace(LATE, probability=0.5)


def calibrated(**fields: Any) -> Calibrated:
    """An estimate for minutes of AWS/ECS, sure of both, unless told otherwise."""
    given: dict[str, Any] = {
        "extra_periods": SURE,
        "delay": LATE,
        "longest_delay": 200,
        "transitions": 40,
        "alarms": 3,
        "agreement": 0.9,
        "default_agreement": 0.25,
        **fields,
    }
    return Calibrated(namespace="AWS/ECS", period=60, estimate=Estimate(**given), transitions=50)


SOURCE: Final = "40 recorded transitions of 3 alarms"
NOTHING: Final = Calibrated(namespace="AWS/ECS", period=60, estimate=None, transitions=2)


@pytest.mark.parametrize(
    ("found", "timing"),
    [
        (calibrated(), Timing(extra_periods=4, delay=180, longest_delay=200, source=SOURCE)),
        # The latest is no earlier than the usual delay.
        (
            calibrated(longest_delay=100),
            Timing(extra_periods=4, delay=180, longest_delay=180, source=SOURCE),
        ),
        # Where one of them is not sure, the default.
        (
            calibrated(delay=VAGUE),
            Timing(extra_periods=4, delay=60, longest_delay=240, source=SOURCE),
        ),
        (
            calibrated(extra_periods=UNSURE),
            Timing(extra_periods=2, delay=180, longest_delay=200, source=SOURCE),
        ),
        (calibrated(extra_periods=UNSURE, delay=VAGUE), None),
        (NOTHING, None),
    ],
)
def test_what_is_sure_is_used(found: Calibrated, timing: Timing | None) -> None:
    assert found.is_sure is (timing is not None)
    assert found.timing(DEFAULT) == (timing or DEFAULT)


def on(key: MetricKey, **fields: Any) -> AlarmDefinition:
    source = MetricStat(metric=key, statistic="Sum")
    return alarm(queries=(Query(id="m1", source=source),), known_timing=DEFAULT, **fields)


def test_an_estimate_is_of_a_namespace_and_a_period() -> None:
    ecs, other = on(key()), on(replace(key(), namespace="AWS/RDS"))
    later = replace(calibrated(), period=300, estimate=None)
    calibration = Calibration(groups=(NOTHING, later, calibrated()))
    timing = Timing(extra_periods=4, delay=180, longest_delay=200, source=SOURCE)
    assert calibration.applied(ecs) == replace(ecs, known_timing=timing)
    for definition in (other, replace(ecs, period=300), replace(ecs, period=120)):
        assert calibration.applied(definition) is definition


def test_an_alarm_on_two_namespaces_is_of_no_group() -> None:
    two = (*on(key()).queries, Query(id="m2", source=MetricStat(metric=KEY, statistic="Sum")))
    assert group_of(on(key(), period=300)) == ("AWS/ECS", 300)
    assert group_of(replace(on(key()), queries=two)) is None


MADE: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_calibration_comes_back(archive: Archive) -> None:
    assert read_calibration(archive.root) == Calibration()
    written = Calibration(made=MADE, groups=(calibrated(), NOTHING))
    write_calibration(archive.root, written)
    assert read_calibration(archive.root) == written
    # A line a value, for whoever looks into it.
    assert '\n "made": "2026-03-01T12:00:00+00:00"' in (archive.root / FILE).read_text()
    belief = {"probability": 0.95, "lowest": 120, "highest": 180}
    assert json.loads((archive.root / FILE).read_text()) == {
        "format": 1,
        "made": "2026-03-01T12:00:00+00:00",
        "groups": [
            {
                "namespace": "AWS/ECS",
                "period": 60,
                "transitions": 50,
                "estimate": {
                    "extra_periods": {"value": 4, "probability": 0.9, "lowest": 4, "highest": 4},
                    "delay": {"value": 180, **belief},
                    "longest_delay": 200,
                    "transitions": 40,
                    "alarms": 3,
                    "agreement": 0.9,
                    "default_agreement": 0.25,
                },
            },
            {"namespace": "AWS/ECS", "period": 60, "transitions": 2, "estimate": None},
        ],
    }


def test_one_that_does_not_say_when_is_of_now(archive: Archive) -> None:
    before = datetime.now(UTC)
    write_calibration(archive.root, Calibration(groups=()))
    made = read_calibration(archive.root).made
    assert made is not None
    assert before <= made <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"format": 2}', "ValueError('its format is 2, not 1')"),
        ('{"format": 1}', "KeyError('made')"),
        ('{"format": 1, "made": 3, "groups": []}', "TypeError("),
        ("[]", "TypeError("),
    ],
)
def test_a_damaged_one_is_named(text: str, reason: str, archive: Archive) -> None:
    archive.root.mkdir()
    path = archive.root / FILE
    path.write_text(text)
    with pytest.raises(BadFileError) as refused:
        read_calibration(archive.root)
    assert str(refused.value).startswith(f"{path}: not a calibration: {reason}")
