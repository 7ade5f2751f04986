"""What incidents know of an alarm: from when to when it is on, and what it is called."""

from collections.abc import Callable

import pytest

from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules import HEALTH, RDS
from ecs_monitoring.rules.incidents import IncidentPart, Member
from ecs_monitoring.rules.layer import Layer
from ecs_monitoring.rules.plan import Plan
from tests.rules.incidents.test_grouping import member


def test_what_is_known_of_each_alarm_of_a_component(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of(RDS, name="main")
    part = IncidentPart.of(RDS, {"main": plan}, component="payments", region="eu-west-1")
    assert (part.component, part.kind, part.layer, part.region, part.targets) == (
        *("payments", "rds", Layer.DATASTORE, "eu-west-1", ("main",)),
    )
    assert [one.address for one in part.members] == [rule.address for rule in plan.rules]
    members = {one.address.partition("@")[0]: one for one in part.members}
    storage = next(rule for rule in plan.rules if rule.key == "rds.storage-low")
    assert members["rds.storage-low"] == Member(
        address="rds.storage-low@main",
        name="shop-prod-rds-main-storage-low",
        severity=Severity.CRITICAL,
        title="Database storage low",
        runbook="docs/runbooks.md#rdsstorage-low",
        period=60,
        evaluation_periods=5,
        datapoints_to_alarm=5,
        longest_delay=storage.timing.longest_delay,
        foresees=True,
    )
    assert {key for key, one in members.items() if one.foresees} == {
        *("rds.storage-low", "rds.transaction-ids")
    }


def test_a_part_is_made_once_and_survives_as_text(plan_of: Callable[..., Plan]) -> None:
    plans = {"web": plan_of(HEALTH)}
    part = IncidentPart.of(HEALTH, plans, component="health", region="us-east-1")
    assert part is IncidentPart.of(HEALTH, plans, component="health", region="us-east-1")
    assert part != IncidentPart.of(HEALTH, plans, component="health", region="")
    assert part != IncidentPart.of(HEALTH, {}, component="health", region="us-east-1")
    assert IncidentPart.from_json(part.as_json()) == part


@pytest.mark.parametrize(
    ("held", "late", "breaching", "earliest", "latest", "over", "shortest"),
    [
        # One minute: on with the first evaluation that sees any of it, 60 s; at the latest after
        # the whole minute, two minutes until its data is there, and the next evaluation.
        ((1, 1, 60), 120, 60, 60, 240, 240, 60),
        # Of five minutes each breach counts: the last of them is off after all five.
        ((1, 5, 60), 120, 60, 60, 240, 480, 300),
        ((3, 5, 60), 120, 180, 180, 360, 480, 60),
        # Five minutes: the first evaluation that sees any trouble comes a minute after it began.
        ((1, 1, 300), 0, 300, 60, 360, 360, 300),
        ((2, 3, 300), 60, 600, 360, 720, 1020, 300),
        # Of ten seconds.
        ((2, 2, 10), 0, 20, 20, 80, 80, 10),
    ],
)
def test_from_when_to_when_an_alarm_is_on(
    held: tuple[int, int, int],
    late: int,
    breaching: int,
    earliest: int,
    latest: int,
    over: int,
    shortest: int,
) -> None:
    m, n, period = held
    one = member(
        "rds.full@main",
        datapoints_to_alarm=m,
        evaluation_periods=n,
        period=period,
        longest_delay=late,
    )
    assert one.breaching == breaching
    assert (one.earliest, one.latest) == (earliest, latest)
    assert (one.over, one.shortest_firing) == (over, shortest)
    assert one.target == "main"


def test_only_what_can_break_has_signs() -> None:
    assert [layer.name for layer in Layer if layer.has_signs] == ["DATASTORE", "TASKS"]
    assert sorted(Layer) == [
        *(Layer.DATASTORE, Layer.TASKS, Layer.LOG),
        *(Layer.APPLICATION, Layer.ENTRANCE, Layer.OUTSIDE),
    ]
