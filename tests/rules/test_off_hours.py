"""Hours in which a target is switched off: no trouble then, and trouble again in the morning."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from ecs_monitoring.cloudwatch.definition import definition_of
from ecs_monitoring.cloudwatch.evaluation import Frame, MathProgram, Sample, Series, timeline
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.rules import ALB, ECS, RDS
from ecs_monitoring.rules.off_hours import OffHours, clock_of
from ecs_monitoring.rules.plan import Plan
from tests.rules.test_silence import fired

NIGHTS = {"stop": "cron(0 20 ? * MON-FRI *)", "start": "cron(0 7 ? * MON-FRI *)"}


def is_off(hours: OffHours, local: str) -> bool:
    """What the metric math of some off hours says of a moment on the clocks there."""
    moment = int(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(hours.timezone)).timestamp())
    # A metric without data: its periods have times all the same.
    frame, values = Frame((moment - 60, moment), 60), {"m": [None, None]}
    series = MathProgram(("m",), hours.steps("m"), "off").evaluate(frame, values)
    return series[-1] == 1


@pytest.mark.parametrize(
    ("local", "off"),
    [
        # 2026-11-23 is a Monday.
        ("2026-11-23T06:59", True),
        ("2026-11-23T07:00", False),
        ("2026-11-23T19:59", False),
        ("2026-11-23T20:00", True),
        ("2026-11-24T00:30", True),
        ("2026-11-24T07:00", False),
        # From Friday evening to Monday morning.
        ("2026-11-27T19:59", False),
        ("2026-11-27T20:00", True),
        ("2026-11-28T12:00", True),
        ("2026-11-29T23:59", True),
        # The same by the clocks of summer.
        ("2026-07-06T06:59", True),
        ("2026-07-06T07:00", False),
        ("2026-07-10T20:00", True),
        ("2026-07-13T06:59", True),
    ],
)
@pytest.mark.parametrize(
    "zone",
    [
        *("UTC", "Asia/Tokyo", "Asia/Kolkata", "Europe/Berlin", "America/New_York"),
        *("Australia/Sydney", "Pacific/Auckland", "America/Los_Angeles", "Europe/London"),
    ],
)
def test_nights_and_weekends_by_the_clocks_of_a_place(zone: str, local: str, off: bool) -> None:
    assert is_off(OffHours(**NIGHTS, timezone=zone), local) is off


@pytest.mark.parametrize(
    ("monday", "zone"),
    [
        # The Mondays after the clocks were changed, and those before.
        *(("2026-03-23", "Europe/Berlin"), ("2026-03-30", "Europe/Berlin")),
        *(("2026-10-19", "Europe/Berlin"), ("2026-10-26", "Europe/Berlin")),
        *(("2026-03-02", "America/New_York"), ("2026-03-09", "America/New_York")),
        *(("2026-10-26", "America/New_York"), ("2026-11-02", "America/New_York")),
        *(("2026-03-30", "Australia/Sydney"), ("2026-04-06", "Australia/Sydney")),
        *(("2026-09-28", "Australia/Sydney"), ("2026-10-05", "Australia/Sydney")),
    ],
)
def test_the_clocks_change_where_they_do(monday: str, zone: str) -> None:
    hours = OffHours(**NIGHTS, timezone=zone)
    assert [is_off(hours, f"{monday}T{time}") for time in ("06:59", "07:00")] == [True, False]


def test_the_rules_of_the_clocks() -> None:
    # The last Sundays of March and October; the second one of March and the first of November:
    # https://www.iana.org/time-zones
    berlin = clock_of("Europe/Berlin")
    assert (berlin.begins, berlin.ends) == ((3, 25), (10, 25))
    assert (berlin.standard, berlin.summer) == (60, 120)
    new_york = clock_of("America/New_York")
    assert (new_york.begins, new_york.ends) == ((3, 8), (11, 1))
    tokyo = clock_of("Asia/Tokyo")
    assert tokyo.standard == tokyo.summer == 540


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"stop": "cron(0 20 1 * ? *)"}, r"write cron\(<minute> <hour> \? \* <days of the week>"),
        ({"stop": "rate(1 days)"}, r"write cron\("),
        ({"start": "cron(0 7 ? * MON#1 *)"}, "write days of every week"),
        ({"start": NIGHTS["stop"]}, "write different ones"),
        ({"timezone": "Asia/Tokio"}, 'did you mean "Asia/Tokyo"'),
        # Morocco's clocks follow the moon.
        ({"timezone": "Africa/Casablanca"}, "write a zone without summer time"),
    ],
)
def test_what_is_no_week_is_refused(changes: dict[str, str], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        OffHours.model_validate({**NIGHTS, **changes})


def rested(plan_of: Callable[..., Plan], kind: Any, **fields: Any) -> Plan:
    return plan_of(kind, name="resting", off_hours=OffHours(**NIGHTS), **fields)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("insights", "minute"),
    [
        # Off until minute 2,760; the fifth minute after it is over at minute 2,765.
        (True, 2765),
        # Nobody counts no tasks: while there are datapoints of the night in the evaluation range,
        # two more periods than N, they stand in for those that are missing.
        (False, 2767),
    ],
)
def test_a_night_is_quiet_and_a_morning_without_tasks_is_not(
    plan_of: Callable[..., Plan], insights: bool, minute: int
) -> None:
    plan = rested(plan_of, ECS, container_insights=insights, min_running_tasks=2)
    assert fired(plan, "scaled-to-zero") == {"ecs.tasks-low": minute}
    awake = plan_of(ECS, name="resting", container_insights=insights, min_running_tasks=2)
    assert fired(awake, "scaled-to-zero")["ecs.tasks-low"] < 700


@pytest.mark.slow
def test_the_load_balancer_of_a_night(plan_of: Callable[..., Plan]) -> None:
    groups = {"web": "targetgroup/web/1"}
    plan = rested(plan_of, ALB, target_groups=groups)
    # Two periods, and two more as above: a group without targets publishes nothing.
    assert fired(plan, "scaled-to-zero") == {"alb.no-healthy-hosts": 2764}
    awake = fired(plan_of(ALB, name="resting", target_groups=groups), "scaled-to-zero")
    assert set(awake) == {"alb.no-healthy-hosts", "alb.elb-5xx"}


@pytest.mark.parametrize(("local", "on"), [("2026-11-24T06:00", False), ("2026-11-24T12:00", True)])
def test_a_database_that_is_stopped_over_night(
    plan_of: Callable[..., Plan], local: str, on: bool
) -> None:
    (rule,) = (r for r in rested(plan_of, RDS).rules if r.key == "rds.no-data")
    now = int(datetime.fromisoformat(f"{local}+00:00").timestamp())
    found = timeline(definition_of(rule), {}, now, now)
    assert [one.state == "ALARM" for one in found] == [on]


@pytest.mark.parametrize(("value", "on"), [(0, True), (1, False)])
def test_an_outside_check_counts_by_day(
    rule_of: Callable[..., AlarmRule], value: int, on: bool
) -> None:
    rule = rule_of("health.endpoint-down", off_hours=OffHours(**NIGHTS))
    definition = definition_of(rule)
    (metric,) = definition.metrics
    for local, expected in (("2026-11-24T06:00", False), ("2026-11-24T12:00", on)):
        now = int(datetime.fromisoformat(f"{local}+00:00").timestamp())
        series = {metric: Series([Sample.of(now - m * 60, value) for m in range(1, 30)])}
        (found,) = timeline(definition, series, now, now)
        assert (found.state == "ALARM") == expected


def test_the_description_says_so(rule_of: Callable[..., AlarmRule]) -> None:
    rule = rule_of("ecs.tasks-low", off_hours=OffHours(**NIGHTS, timezone="Asia/Tokyo"))
    assert (
        "Off hours, cron(0 20 ? * MON-FRI *) to cron(0 7 ? * MON-FRI *) Asia/Tokyo, do not count."
        in rule.description
    )
    assert rule.condition.endswith("outside off hours > 0")


@pytest.mark.parametrize(
    ("hours", "period", "longest"),
    [
        # 20:00 and 7:00 are 72,000 and 25,200 s after midnight: both multiples of 3,600, and the
        # second of none of 7,200.
        ({}, 60, None),
        ({}, 300, None),
        ({}, 1800, None),
        ({}, 3600, None),
        ({}, 7200, 3600),
        ({}, 21600, 3600),
        ({}, 86400, 3600),
        # 20:02 is 72,120 s after midnight, a multiple of 120.
        ({"stop": "cron(2 20 ? * MON-FRI *)"}, 120, None),
        ({"stop": "cron(2 20 ? * MON-FRI *)"}, 300, 120),
        # Half past the hour in UTC: 14:30 and 1:30.
        ({"timezone": "Asia/Kolkata"}, 1800, None),
        ({"timezone": "Asia/Kolkata"}, 3600, 1800),
        # Summer and winter differ by whole hours in Berlin, and by half of one on Lord Howe Island.
        ({"timezone": "Europe/Berlin"}, 3600, None),
        ({"timezone": "Australia/Lord_Howe"}, 1800, None),
        ({"timezone": "Australia/Lord_Howe"}, 3600, 1800),
        # From noon to midnight UTC, half days are whole; and no days.
        ({"stop": "cron(0 12 ? * * *)", "start": "cron(0 0 ? * * *)"}, 43200, None),
        ({"stop": "cron(0 12 ? * * *)", "start": "cron(0 0 ? * * *)"}, 86400, 43200),
    ],
)
def test_no_period_lies_partly_in_off_hours(
    plan_of: Callable[..., Plan], hours: dict[str, str], period: int, longest: int | None
) -> None:
    plan = plan_of(
        ECS,
        name="resting",
        off_hours=OffHours(**{**NIGHTS, **hours}),
        overrides={"ecs.tasks-low": AlarmOverride(period=period, evaluation_periods=1)},
    )
    faults = {(rule.key, problem.field): problem.message for rule, problem in plan.problems}
    if longest is None:
        assert faults == {}
    else:
        assert faults.keys() == {("ecs.tasks-low", "period")}
        assert f"write {longest}, or seconds" in faults["ecs.tasks-low", "period"]


def test_what_a_period_across_the_morning_would_hide() -> None:
    """Metric math tells the time of a period's start alone: six hours from 6:00 on are off."""
    hours = OffHours(**NIGHTS)
    begin = int(datetime.fromisoformat("2026-11-24T06:00+00:00").timestamp())
    frame, values = Frame((begin, begin + 21600), 21600), {"m": [2.0, 2.0]}
    steps = {**hours.steps("m"), "e": "IF(off, 0, m)"}
    missing = MathProgram(("m",), steps, "e").evaluate(frame, values)
    # Two tasks missing from 7:00 to noon would be none; from noon on they are two.
    assert list(missing) == [0, 2]


def test_a_rule_that_off_hours_leave_alone_has_any_period(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of(
        ECS,
        name="resting",
        off_hours=OffHours(**NIGHTS),
        overrides={"ecs.cpu-high": AlarmOverride(period=21600, evaluation_periods=1)},
    )
    assert list(plan.problems) == []
