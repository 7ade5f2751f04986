"""For how long an incident waits for its causes, and who may hold whom back."""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.rules.incidents import IncidentGroup
from tests.rules.incidents.test_grouping import (
    ALB,
    CRITICAL,
    ECS,
    RDS,
    WARNING,
    grouped,
    member,
    names,
    part,
)

# As in test_grouping: a minute, whose data may be two minutes late. On after 60 s at the earliest
# and after 240 s at the latest.
FIVE: dict[str, Any] = {"evaluation_periods": 5, "datapoints_to_alarm": 5}


def waits(group: IncidentGroup) -> tuple[int, int, int]:
    return group.wait_period, group.extension_period, group.shortest_firing


def test_the_slowest_sign_of_a_cause_is_waited_for() -> None:
    slow = part("rds", member("rds.slow@main", WARNING, **FIVE), member("rds.full@main"))
    groups = grouped(slow, ALB)
    # The sign: 5 x 60 + 120 + 60, less 60.
    assert (groups["rds.main"].latest, groups["alb.main"].wait_period) == (480, 420)


def test_the_fastest_critical_alarm_decides_when_waiting_begins() -> None:
    own = part("alb", member("alb.slow@main", **FIVE), member("alb.errors@main"))
    # On after one minute: 240 - 60; over after five of the other: 300 + 120.
    assert waits(grouped(RDS, own)["alb.main"]) == (180, 420, 60)
    only = part("alb", member("alb.slow@main", **FIVE))
    # On after five minutes, when the cause is on anyhow: one evaluation.
    assert waits(grouped(RDS, only)["alb.main"]) == (60, 420, 60)


def test_a_group_of_signs_alone_begins_with_the_first_of_them() -> None:
    signs = part("ecs", member("ecs.busy@main", WARNING))
    group = grouped(RDS, signs, ALB)["ecs.main"]
    assert (group.critical, names(group.causes)) == ((), ["rds.main"])
    # Less than its shortest firing of a minute, by ten seconds.
    assert waits(group) == (50, 180, 60)


def test_waits_are_whole_minutes() -> None:
    # 60 + 91 + 60 - 60 = 151 seconds; over after 60 + 91.
    late = part("ecs", member("ecs.short@main", longest_delay=91))
    own = part("alb", member("alb.errors@main", longest_delay=91))
    assert waits(grouped(late, own)["alb.main"]) == (180, 180, 60)


@pytest.mark.parametrize(
    ("n", "holds"),
    [
        # On for 180 s at least, for as long as it waits: it could be over before it pages.
        (3, False),
        (4, True),
    ],
)
def test_what_only_sees_trouble_holds_back_where_it_pages_for_certain(n: int, holds: bool) -> None:
    log = part("logs", member("logs.gone@main", evaluation_periods=n))
    groups = grouped(RDS, log, ALB)
    assert waits(groups["logs.main"])[::2] == (180, n * 60)
    assert names(groups["alb.main"].causes) == ["rds.main", *(["logs.main"] if holds else [])]


@pytest.mark.parametrize(("sign", "shortest", "wait"), [(False, 300, 180), (True, 60, 50)])
def test_a_sign_lasts_no_longer_than_its_symptom(sign: bool, shortest: int, wait: int) -> None:
    last: dict[str, Any] = {"evaluation_periods": 5}
    more = [member("ecs.busy@main", WARNING, **last)] if sign else []
    groups = grouped(RDS, part("ecs", member("ecs.short@main", **last), *more), ALB)
    assert waits(groups["ecs.main"]) == (wait, 420, shortest)


def test_who_rests_on_nothing_waits_for_nobody() -> None:
    assert waits(grouped(RDS, ALB)["rds.main"]) == (0, 0, 60)


def test_a_circle_is_told_from_end_to_end() -> None:
    circle = {"alb_main": ["ecs.main"], "ecs_main": ["rds.main"], "rds_main": ["alb.main"]}
    with pytest.raises(InvalidValueError) as refusal:
        grouped(RDS, ECS, ALB, **circle)
    assert str(refusal.value) == (
        "rds.main depends on alb.main depends on ecs.main depends on rds.main: a cause and its "
        "symptom cannot be each other's; leave one of them out"
    )


def test_a_target_without_an_alarm_is_on_the_way_down_all_the_same() -> None:
    silent = part("ecs")
    groups = grouped(RDS, silent, ALB, alb_main=["ecs.main"], ecs_main=["rds.main"])
    assert (list(groups), names(groups["alb.main"].causes)) == (
        *(["rds.main", "alb.main"], ["rds.main"]),
    )


def test_a_group_has_the_fields_of_its_part() -> None:
    slow = member("rds.slow@main", WARNING)
    full, low = member("rds.full@main"), member("rds.low@main", CRITICAL, foresees=True)
    groups = grouped(part("rds", slow, full, low), ALB)
    main, foreseen = groups["rds.main"], groups["rds.main/foreseen"]
    assert (main.component, main.kind, main.target, main.part, main.layer) == (
        *("rds", "rds", "main", "", RDS.layer),
    )
    assert (main.critical, main.signs, main.signals) == ((full,), (slow,), (full, slow))
    assert [alarm.address for alarm in main.symptom_alarms] == ["alb.errors@main"]
    assert (foreseen.component, foreseen.kind, foreseen.target, foreseen.part) == (
        *("rds", "rds", "main", "foreseen"),
    )
    assert (foreseen.layer, foreseen.critical, foreseen.signs) == (None, (low,), ())
    assert (foreseen.causes, foreseen.symptoms) == ((), ())
    assert (main.is_cause, foreseen.is_cause, groups["alb.main"].is_cause) == (True, False, False)
