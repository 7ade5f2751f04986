"""Alarms whose window never lies outside off hours for long enough: they could not fire."""

from collections.abc import Callable
from itertools import accumulate
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.rules import ECS, RDS
from ecs_monitoring.rules.off_hours import WEEK, OffHours
from ecs_monitoring.rules.plan import Plan

NIGHTS = {"stop": "cron(0 20 ? * MON-FRI *)", "start": "cron(0 7 ? * MON-FRI *)"}
WEEKENDS = {"stop": "cron(0 20 ? * FRI *)", "start": "cron(0 7 ? * MON *)"}
# Watched for the last minute of each day, of each week, and for a quarter of an hour.
MINUTE_A_DAY = {"stop": "cron(0 0 ? * SUN-SAT *)", "start": "cron(59 23 ? * SUN-SAT *)"}
MINUTE_A_WEEK = {"stop": "cron(1 0 ? * MON *)", "start": "cron(0 0 ? * MON *)"}
QUARTER = {"stop": "cron(15 0 ? * MON *)", "start": "cron(0 0 ? * MON *)"}


def refusals(
    plan_of: Callable[..., Plan],
    hours: dict[str, str],
    key: str = "ecs.tasks-low",
    **override: Any,
) -> list[str]:
    overrides = {key: AlarmOverride(**override)} if override else {}
    plan = plan_of(ECS if key.startswith("ecs") else RDS, off_hours=hours, overrides=overrides)
    return [
        f"{problem.field}: {problem.message}" for rule, problem in plan.problems if rule.key == key
    ]


@pytest.mark.parametrize(
    ("hours", "override", "most"),
    [
        # By default 5 of 5 minutes.
        (MINUTE_A_DAY, {}, 1),
        (MINUTE_A_WEEK, {}, 1),
        # From 7 to 20 o'clock there are 13 hours, 780 minutes.
        (NIGHTS, {"evaluation_periods": 781}, 780),
        (NIGHTS, {"evaluation_periods": 1440}, 780),
        # From 8 to 8 o'clock there are 12 hours of the one day and one of the next.
        (NIGHTS, {"evaluation_periods": 1440, "datapoints_to_alarm": 781}, 780),
        # Five minutes each: 156 of 13 hours.
        (NIGHTS, {"period": 300, "evaluation_periods": 157}, 156),
        # Two days hold two days' hours.
        (NIGHTS, {"period": 3600, "evaluation_periods": 48, "datapoints_to_alarm": 27}, 26),
    ],
)
def test_a_window_that_off_hours_never_leave_alone_is_refused(
    plan_of: Callable[..., Plan], hours: dict[str, str], override: dict[str, Any], most: int
) -> None:
    (refusal,) = refusals(plan_of, hours, **override)
    assert refusal.startswith("off_hours: the alarm could never fire: of ")
    assert f"at most {most} lie outside the off hours" in refusal
    assert refusal.endswith(f"write shorter off hours, or datapoints_to_alarm: {most} or less")


@pytest.mark.parametrize(
    ("hours", "override"),
    [
        (QUARTER, {}),
        (NIGHTS, {}),
        (NIGHTS, {"evaluation_periods": 780}),
        (NIGHTS, {"evaluation_periods": 1440, "datapoints_to_alarm": 780}),
        (NIGHTS, {"period": 3600, "evaluation_periods": 48, "datapoints_to_alarm": 26}),
        # From Tuesday on there are whole days.
        (WEEKENDS, {"evaluation_periods": 1440}),
    ],
)
def test_a_window_that_fits_between_off_hours_is_taken(
    plan_of: Callable[..., Plan], hours: dict[str, str], override: dict[str, Any]
) -> None:
    assert refusals(plan_of, hours, **override) == []


@pytest.mark.parametrize("container_insights", [True, False])
def test_tasks_breach_by_their_number_whatever_it_is_read_from(
    plan_of: Callable[..., Plan], container_insights: bool
) -> None:
    """Not by silence, though without Container Insights they are counted by samples."""
    plan = plan_of(
        ECS,
        off_hours=NIGHTS,
        overrides={"ecs.tasks-low": AlarmOverride(evaluation_periods=780)},
        container_insights=container_insights,
    )
    assert plan.problems == ()


@pytest.mark.parametrize("hours", [NIGHTS, WEEKENDS, MINUTE_A_DAY, QUARTER])
def test_the_longest_watched_window_counted_minute_by_minute(
    plan_of: Callable[..., Plan], hours: dict[str, str]
) -> None:
    off = {
        minute % WEEK
        for first, last in OffHours.model_validate(hours).stretches()
        for minute in range(first, last)
    }
    watched = [0, *accumulate(minute % WEEK not in off for minute in range(2 * WEEK))]
    for window in (1, 30, 779, 900, 1440):
        most = max(watched[start + window] - watched[start] for start in range(WEEK))
        override: dict[str, Any] = {"evaluation_periods": window, "datapoints_to_alarm": most}
        assert refusals(plan_of, hours, **override) == []
        if most < window:
            override["datapoints_to_alarm"] = most + 1
            assert refusals(plan_of, hours, **override) != []


@pytest.mark.parametrize(
    ("periods", "minutes", "most"),
    [
        # An evaluation looks at two periods more, and where these are off hours they have values,
        # which are counted before silence is: of 780 periods two are no breach.
        (780, 780, 778),
        (779, 780, 778),
        (778, 780, None),
        # By default 15 of 15.
        (15, 15, 13),
        (15, 16, 14),
        (15, 17, None),
    ],
)
def test_silence_has_to_fill_the_whole_evaluation_range(
    plan_of: Callable[..., Plan], periods: int, minutes: int, most: int | None
) -> None:
    stop = f"cron({minutes % 60} {minutes // 60} ? * MON *)"
    hours = {"stop": stop, "start": "cron(0 0 ? * MON *)"}
    found = refusals(plan_of, hours, "rds.no-data", evaluation_periods=periods)
    assert [f"at most {most} lie outside" in one for one in found] == [True] * (most is not None)
