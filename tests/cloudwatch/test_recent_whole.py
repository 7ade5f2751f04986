"""The alarm on a value's recent past, as a whole rule, and what is said of a distance in full."""

import math
from dataclasses import replace
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.recent import (
    against_mean,
    is_filled,
    is_possible,
    key_beside,
    m_of_n,
    newest_seconds,
    recent_problems,
    recent_rule,
)
from ecs_monitoring.cloudwatch.rule import (
    AlarmRule,
    Comparison,
    LikelyMost,
    MissingData,
    Outage,
    Problem,
    Severity,
)
from ecs_monitoring.cloudwatch.units import Unit
from tests.cloudwatch.test_recent import CPU

ERRORS = Metric(namespace="AWS/ALB", name="Errors", statistic="Sum")

# Everything that the alarm beside it has of its own.
FULL = replace(
    CPU,
    part="blue",
    basis="80 is the guide's.",
    severity=Severity.CRITICAL,
    is_highest_reached=False,
    likely_most=LikelyMost(90.0, "it is so"),
    default=80.0,
    outage=Outage(99.0, "it is down", "or so"),
    datapoints_to_alarm=1,
    recent=15.0,
)


def math_of(*queries: tuple[str, Metric | str], label: str) -> MetricMath:
    made = [MetricQuery(id=id_, source=source) for id_, source in queries]
    return MetricMath(queries=(*made[:-1], replace(made[-1], label=label)), returned=queries[-1][0])


def expected(signal: MetricMath, **fields: Any) -> AlarmRule:
    """The whole rule, but for what differs from case to case."""
    given: dict[str, Any] = {
        "key": "ecs.cpu-high-recent",
        "target": "web",
        "part": "blue",
        "name": "cpu",
        "title": "CPU high, suddenly",
        "basis": "",
        "severity": Severity.CRITICAL,
        "signal": signal,
        "period": 60,
        "evaluation_periods": 60,
        "datapoints_to_alarm": 3,
        "treat_missing_data": MissingData.NOT_BREACHING,
        "is_highest_reached": True,
        "likely_most": None,
        "default": None,
        "outage": None,
        "graph": "",
        "runbook": "docs/runbooks.md#ecscpu-high",
        "recent": None,
        "recent_by_hour": {},
    }
    return AlarmRule(**{**given, **fields})


def test_an_alarm_above_the_mean() -> None:
    assert isinstance(CPU.signal, Metric)
    assert recent_rule(FULL) == expected(
        math_of(
            ("value", CPU.signal),
            ("sudden", "(value - AVG(value)) * (EPOCH(value) > MAX(EPOCH(value)) - 900)"),
            label="CPUUtilization Average less its mean of the last hour",
        ),
        meaning="It is 15 % or more above its mean of the last hour. Service web is short of CPU.",
        comparison=Comparison.AT_LEAST,
        threshold=15.0,
        unit=Unit.PERCENT,
        lowest=-100.0,
        highest=100.0,
    )


def test_an_alarm_below_the_mean_of_a_count() -> None:
    given = replace(
        FULL,
        comparison=Comparison.AT_MOST,
        signal=ERRORS,
        unit=Unit.COUNT,
        lowest=10.0,
        treat_missing_data=MissingData.NOT_BREACHING,
    )
    assert recent_rule(given) == expected(
        math_of(
            ("value", ERRORS),
            ("filled", "FILL(value, 0)"),
            ("sudden", "(filled - AVG(filled)) * (EPOCH(filled) > MAX(EPOCH(filled)) - 900)"),
            label="Errors Sum less its mean of the last hour",
        ),
        meaning="It is 15 or more below its mean of the last hour. Service web is short of CPU.",
        comparison=Comparison.AT_MOST,
        threshold=-15.0,
        unit=Unit.COUNT,
        lowest=-90.0,
        highest=90.0,
    )


def test_an_alarm_by_hour_counts_distances() -> None:
    assert isinstance(CPU.signal, Metric)
    given = replace(FULL, recent=8.0, recent_by_hour={"07-19": 25.0, "Sun 02-05": 40.0})
    found = recent_rule(given)
    assert found == expected(
        math_of(
            ("value", CPU.signal),
            ("hour", "HOUR(value)"),
            ("usual", "8*(hour<7) + 25*(hour>=7)*(hour<19) + 8*(hour>=19)"),
            ("day", "DAY(value)"),
            ("other0", "40*(hour>=2)*(hour<5)*(day==7)"),
            ("distance", "MAX([usual, other0])"),
            (
                "sudden",
                "(value - AVG(value)) * (EPOCH(value) > MAX(EPOCH(value)) - 900) / distance",
            ),
            label="CPUUtilization Average less its mean of the last hour, in distances of 8 % (UTC "
            "07-19: 25 %; Sun 02-05: 40 %)",
        ),
        meaning="It is 8 % (at 00:00 UTC) to 25 % (at 07:00), farther where a day of the week has "
        "something of its own, or more above its mean of the last hour. Service web is short of "
        "CPU.",
        comparison=Comparison.AT_LEAST,
        threshold=1.0,
        unit=Unit.COUNT,
        # 100 % are 12.5 of the least distance.
        lowest=-12.5,
        highest=12.5,
    )


@pytest.mark.parametrize(
    ("period", "m", "n", "newest"),
    [
        # Three minutes of an hour; of long periods one of ten. The newest are 15 minutes, or three.
        (10, 18, 360, 900),
        (60, 3, 60, 900),
        (120, 1, 30, 900),
        (180, 1, 20, 900),
        (300, 1, 12, 900),
        (360, 1, 10, 1080),
        (3600, 1, 10, 10_800),
    ],
)
def test_how_many_periods_are_looked_at(period: int, m: int, n: int, newest: int) -> None:
    assert m_of_n(period) == (m, n)
    assert newest_seconds(period) == newest


def test_a_value_against_its_mean_is_zero_for_all_but_the_newest() -> None:
    assert against_mean("m1", 3600) == ("(m1 - AVG(m1)) * (EPOCH(m1) > MAX(EPOCH(m1)) - 10800)")


def test_ten_periods_fit_into_a_day() -> None:
    assert [is_possible(period) for period in (60, 8640, 8700)] == [True, True, False]


@pytest.mark.parametrize(
    ("statistic", "treatment", "filled"),
    [
        ("Sum", MissingData.NOT_BREACHING, True),
        ("SampleCount", MissingData.NOT_BREACHING, True),
        ("Average", MissingData.NOT_BREACHING, False),
        ("Sum", MissingData.MISSING, False),
        ("Sum", MissingData.BREACHING, False),
    ],
)
def test_no_data_of_a_count_are_none(statistic: str, treatment: MissingData, filled: bool) -> None:
    assert is_filled(statistic, treatment) is filled


def test_the_key_of_the_alarm_beside() -> None:
    keys = ("ecs.cpu-high-recent", "ecs.cpu-high", "ecs.cpu-recent-high")
    assert [key_beside(key) for key in keys] == ["ecs.cpu-high", "", ""]


NO_DISTANCE = "write how far from the last hour's mean: more than 0"
TOO_FAR = "no value is so far from the mean, which it is a part of: write at most {}"
NO_PERIOD = (
    "no period of {} s begins in it, and a period's hour is that of its beginning: leave it out"
)


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({}, []),
        ({"recent_by_hour": {}}, []),
        (
            {"recent_by_hour": {"06-09": 5.0, "Sun 1-2": 6.0}},
            [
                Problem(
                    "recent_by_hour",
                    "06-09, Sun 1-2",
                    "says at which hours another distance counts than recent: write recent too",
                )
            ],
        ),
        (
            {"recent": 15.0, "period": 8700},
            [
                Problem(
                    "recent",
                    15.0,
                    "an alarm looks back on a day, which has fewer than 10 periods of 8700 s: "
                    "leave recent out",
                )
            ],
        ),
        ({"recent": 0.0}, [Problem("recent", 0.0, NO_DISTANCE)]),
        ({"recent": math.inf, "highest": math.inf}, [Problem("recent", math.inf, NO_DISTANCE)]),
        # Three of sixty at 100, and all others at 0, have a mean of 5.
        ({"recent": 95.1}, [Problem("recent", 95.1, TOO_FAR.format("95 %"))]),
        ({"recent": 95.0}, []),
        # One of twelve: 91 2/3 from the mean, and what is written is within it.
        (
            {"recent": 91.666667, "period": 300},
            [Problem("recent", 91.666667, TOO_FAR.format("91.666666 %"))],
        ),
        ({"recent": 91.666666, "period": 300}, []),
        # From 20 to 100 there are 80.
        ({"recent": 76.1, "lowest": 20.0}, [Problem("recent", 76.1, TOO_FAR.format("76 %"))]),
        (
            {"recent": 1.0, "lowest": 100.0},
            [Problem("recent", 1.0, "its values are always the same: leave recent out")],
        ),
        # Each of the hours is looked at, whatever the others are.
        (
            {"recent": 5.0, "recent_by_hour": {"06-09": 95.1, "10-11": 0.0}},
            [
                Problem("recent_by_hour", "06-09: 95.1", TOO_FAR.format("95 %")),
                Problem("recent_by_hour", "10-11: 0.0", NO_DISTANCE),
            ],
        ),
        (
            {"recent": 0.0, "recent_by_hour": {"06-09": 0.0}},
            [Problem("recent", 0.0, NO_DISTANCE)],
        ),
        (
            {"recent": 5.0, "recent_by_hour": {"0-24": 0.0}},
            [Problem("recent_by_hour", "0-24: 0.0", NO_DISTANCE)],
        ),
        (
            {"recent": 5.0, "recent_by_hour": {"Sun 22-03": 9.0}},
            [
                Problem(
                    "recent_by_hour",
                    "Sun 22-03",
                    "ends on the next day: write a span to 24 and one from 0 on",
                )
            ],
        ),
        # Periods of an hour and a half begin at 00:00, 01:30, 03:00, 04:30, 06:00 and so on.
        (
            {
                "recent": 5.0,
                "period": 5400,
                "recent_by_hour": {"2-3": 6.0, "3-4": 6.0, "4-5": 7.0, "5-6": 6.0, "6-9": 7.0},
            },
            [Problem("recent_by_hour", span, NO_PERIOD.format(5400)) for span in ("2-3", "5-6")],
        ),
    ],
)
def test_what_is_said_of_a_distance(fields: dict[str, Any], problems: list[Problem]) -> None:
    assert list(recent_problems(replace(CPU, **fields))) == problems


def test_more_hours_than_an_alarm_can_hold_are_told() -> None:
    spans = {f"{hour:02}-{hour + 1:02}": (8.123456789012 + hour / 1e12) / 1e9 for hour in range(24)}
    (problem,) = recent_problems(replace(CPU, recent=5.0, recent_by_hour=spans))
    assert (problem.field, problem.value) == ("recent_by_hour", "24 spans")
    assert problem.message == (
        "an alarm's metric math cannot hold so many (expression usual: write 1 to 1024 "
        "characters): write fewer"
    )
