"""What is said of a rule's period, window and texts, in full."""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import (
    Comparison,
    MissingData,
    Problem,
    parts_of_description,
    with_runbook,
)
from ecs_monitoring.cloudwatch.rule_problems import rule_problems
from tests.cloudwatch.test_alarm_rule import DAY, FAST, SLOW, rule
from tests.cloudwatch.test_threshold_words import SAMPLES

# Minutes from Monday 00:00 on.
HOURS = 60
DAYS = 24 * HOURS

PARTLY = (
    "a period would lie partly in the off hours, and page for them or hide trouble: write {0}, or "
    "seconds of which that is a multiple"
)
# A quarter of an hour a week is watched.
QUARTER: dict[str, Any] = {"period": 60, "rests": ((15, 7 * DAYS),)}
SILENT: dict[str, Any] = {
    "signal": SAMPLES,
    "comparison": Comparison.BELOW,
    "threshold": 1.0,
    "lowest": 1.0,
    "highest": 1.0,
    "period": 60,
    "treat_missing_data": MissingData.BREACHING,
}
NEVER = (
    "the alarm could never fire: of {0} x 60 s in a row at most 15 lie outside the off hours, and "
    "it needs {1}: write shorter off hours, or datapoints_to_alarm: 15 or less"
)


@pytest.mark.parametrize(
    ("field", "changes", "words"),
    [
        (
            "name",
            {"name": "n" * 256},
            "the alarm's name has 256 characters: shorten the target's name until it has at most "
            "255",
        ),
        ("name", {"name": "shop\n"}, "an alarm's name has no control characters"),
        # "CPU high" + ": " + "m." + " Runbook: " are 22 characters.
        (
            "runbook",
            {"meaning": "m.", "runbook": "r" * 1003},
            "the alarm's description would have 1,025 characters of at most 1,024: write a link "
            "instead of a text",
        ),
        # "CPU high" + ": " are 10.
        (
            "meaning",
            {"meaning": "m" * 1015, "runbook": ""},
            "the alarm's description would have 1,025 characters of at most 1,024: shorten the "
            "names in it",
        ),
        # Both are as long: it is the names that make the meaning so.
        (
            "meaning",
            {"meaning": "m" * 510, "runbook": "r" * 510},
            "the alarm's description would have 1,040 characters of at most 1,024: shorten the "
            "names in it",
        ),
        (
            "period",
            {"period": 10},
            "AWS/ECS publishes a datapoint a minute at best: write a multiple of 60 (10, 20 and 30 "
            "are for high-resolution custom metrics)",
        ),
        ("period", {"period": 90}, "write a multiple of 60 seconds, such as 60 or 300"),
        ("period", {"period": DAY + 60}, "write at most 86,400 seconds (a day)"),
        (
            "period",
            {"period": 300, "every": 120},
            "CPUUtilization has a datapoint every 120 s, so that periods between them are empty: "
            "write a multiple of 120",
        ),
        # Monday 08:00 and 20:00: every period of four hours since 1970 is on one side of both.
        (
            "period",
            {"period": 21_600, "switches": (8 * HOURS, 20 * HOURS)},
            PARTLY.format(14_400),
        ),
        ("period", {"period": 3600, "switches": (8 * HOURS + 30,)}, PARTLY.format(1800)),
        # The epoch was a Thursday: 21 hours, an eighth of a week, begin at each one's midnight.
        ("period", {"period": 75_600, "switches": (4 * DAYS,)}, PARTLY.format(DAY)),
        ("evaluation_periods", {"evaluation_periods": 0}, "write 1 or more"),
        (
            "datapoints_to_alarm",
            {"evaluation_periods": 5, "datapoints_to_alarm": 6},
            "write 1 to 5 (evaluation_periods): an alarm needs at least one datapoint, and more "
            "than are looked at can never breach",
        ),
        (
            "evaluation_periods",
            {"period": 300, "evaluation_periods": 289},
            "period x evaluation_periods is 86,700 s: write at most 288 at a period of 300 s "
            "(86,400 s in all)",
        ),
        (
            "evaluation_periods",
            {"period": 3600, "evaluation_periods": 169},
            "period x evaluation_periods is 608,400 s: write at most 168 at a period of 3600 s "
            "(604,800 s in all)",
        ),
        ("off_hours", {**QUARTER, "evaluation_periods": 16}, NEVER.format(16, 16)),
        (
            "off_hours",
            {**QUARTER, "evaluation_periods": 30, "datapoints_to_alarm": 16},
            NEVER.format(30, 16),
        ),
        # A week of hours, of which the weekend from Saturday 00:00 to Monday 08:00 takes 56.
        (
            "off_hours",
            {
                "period": 3600,
                "evaluation_periods": 168,
                "datapoints_to_alarm": 113,
                "rests": ((5 * DAYS, 7 * DAYS + 8 * HOURS),),
            },
            "the alarm could never fire: of 168 x 3600 s in a row at most 112 lie outside the off "
            "hours, and it needs 113: write shorter off hours, or datapoints_to_alarm: 112 or less",
        ),
        # By silence alone, in all of the evaluation range: one minute and two more.
        (
            "off_hours",
            {**SILENT, "rests": ((2, 7 * DAYS),)},
            "the alarm could never fire: of 1 x 60 s in a row at most 0 lie outside the off hours, "
            "and it needs 1: write shorter off hours",
        ),
    ],
)
def test_what_is_said_of_a_fault(field: str, changes: dict[str, Any], words: str) -> None:
    value = changes.get(field, "")
    assert list(rule_problems(rule(**changes))) == [Problem(field, value, words)]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "n" * 255},
        {"meaning": "m" * 1014, "runbook": ""},
        {"signal": FAST, "period": 10},
        {"signal": SLOW, "period": 360, "every": 120},
        {"period": 14_400, "switches": (8 * HOURS, 20 * HOURS)},
        {"period": 1800, "switches": (8 * HOURS + 30,)},
        {"period": DAY, "switches": (0,)},
        {"period": 75_600, "switches": (3 * DAYS,)},
        {**QUARTER, "evaluation_periods": 15},
        {**QUARTER, "evaluation_periods": 30, "datapoints_to_alarm": 15},
        {**SILENT, "rests": ((3, 7 * DAYS),)},
        {
            "period": 3600,
            "evaluation_periods": 168,
            "datapoints_to_alarm": 112,
            "rests": ((5 * DAYS, 7 * DAYS + 8 * HOURS),),
        },
        # Watched from Monday 00:00 for an hour, and from Wednesday on for two.
        {
            "period": 60,
            "evaluation_periods": 120,
            "rests": ((HOURS, 2 * DAYS), (2 * DAYS + 2 * HOURS, 7 * DAYS)),
        },
    ],
)
def test_what_is_no_fault(changes: dict[str, Any]) -> None:
    assert list(rule_problems(rule(**changes))) == []


def test_a_period_that_lies_partly_in_the_off_hours_is_told_before_the_window() -> None:
    # 346,500 s after the epoch, which is 11 x 31,500 s; a week is 96 x 6,300 s.
    (problem,) = rule_problems(rule(period=3600, switches=(15,), rests=((15, 7 * DAYS),)))
    assert (problem.field, problem.message) == ("period", PARTLY.format(6300))


def test_overrides_have_a_hash_though_hours_have_none() -> None:
    assert len({AlarmOverride(recent_by_hour={"06-09": 5.0}), AlarmOverride()}) == 2


def test_more_datapoints_than_are_looked_at_are_no_matter_of_the_off_hours() -> None:
    found = rule_problems(rule(**QUARTER, evaluation_periods=30, datapoints_to_alarm=31))
    assert [problem.field for problem in found] == ["datapoints_to_alarm"]


@pytest.mark.parametrize(
    ("description", "parts"),
    [
        ("CPU high: web is slow. Runbook: r.md", ("CPU high", "web is slow.", "r.md")),
        ("CPU high: web: slow. Runbook: a Runbook: b", ("CPU high", "web: slow. Runbook: a", "b")),
        ("CPU high: web is slow.", ("", "CPU high: web is slow.", "")),
        ("web is slow Runbook: r.md", ("", "web is slow Runbook: r.md", "")),
    ],
)
def test_a_description_is_read_back(description: str, parts: tuple[str, str, str]) -> None:
    assert parts_of_description(description) == parts


def test_a_description_ends_with_the_runbook_if_there_is_one() -> None:
    assert with_runbook("words.", "r.md") == "words. Runbook: r.md"
    assert with_runbook("words.", "") == "words."
