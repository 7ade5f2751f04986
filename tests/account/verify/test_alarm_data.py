"""Whether what a planned alarm names is there, and whether its metrics have data."""

from collections.abc import Mapping
from typing import Any

import pytest

from account.alarms import LiveAlarm
from account.coverage.inventory import Inventory
from account.coverage.watchers import watchers
from account.verify.alarms import alarm_answers
from account.verify.live_region import LiveRegion
from account.verify.model import FOUND, Answer, VerifiedAlarm, missing, note, unknown
from account.verify.planned import Planned, PlannedFilter, PlannedGroup
from ecs_monitoring.cloudwatch.definition import MetricKey
from tests.account.coverage.values import (
    ALB,
    BALANCER,
    ECS,
    GROUP,
    HOME,
    INSIGHTS,
    LOGS,
    RDS,
    database,
    group,
    in_ecs,
    own,
    running,
    service,
    stat,
)
from tests.account.values import dims

THERE = running(
    clusters=("main",),
    services=(service(),),
    load_balancers=(BALANCER,),
    target_groups=(group(),),
    databases=(database(),),
)
NOT_LOOKED_AT = Inventory(
    clusters=None, services=None, load_balancers=None, target_groups=None, databases=None
)
NOBODY_ASKED = "which metrics have data could not be looked at"
ECS_NAME = "AWS/ECS CPUUtilization (ClusterName main, ServiceName web)"
NONE = "had none in two weeks"


def said(
    alarm: LiveAlarm,
    *,
    inventory: Inventory = THERE,
    metrics: Mapping[Any, Any] | None = None,
    there: frozenset[str] | None = frozenset(),
    **plan: Any,
) -> VerifiedAlarm:
    (watcher,) = watchers([alarm.raw], (alarm,))
    live = LiveRegion(inventory=inventory, metrics=metrics, groups=there, obstacles=(), taken={})
    return alarm_answers(Planned(region=HOME, **plan), watcher, live)


CPU = own("ecs.cpu-high@web", ECS, in_ecs())
SEEN = frozenset({dims(**in_ecs())})


def both(**changes: Any) -> LiveAlarm:
    """An alarm on two metrics of a service."""
    metrics = [
        stat("a", ECS, in_ecs(), "Sum"),
        stat("b", (INSIGHTS, "Tasks"), in_ecs(), "Sum"),
        {"Id": "e", "Expression": "a / b"},
    ]
    return own("ecs.rate@web", Metrics=metrics, **changes)


@pytest.mark.parametrize(
    ("alarm", "metrics", "answer"),
    [
        (CPU, {ECS: SEEN}, FOUND),
        (CPU, None, unknown(NOBODY_ASKED)),
        (CPU, {}, missing(f"{ECS_NAME} {NONE}")),
        (
            CPU,
            {ECS: frozenset({dims(**in_ecs("webs"))})},
            missing(f"{ECS_NAME} {NONE}; there is some for (ClusterName main, ServiceName webs)"),
        ),
        (both(), {ECS: SEEN, (INSIGHTS, "Tasks"): SEEN}, FOUND),
        (
            both(),
            {ECS: SEEN},
            missing(f"{INSIGHTS} Tasks (ClusterName main, ServiceName web) {NONE}"),
        ),
        (
            both(),
            {},
            missing(
                f"{ECS_NAME} {NONE}; {INSIGHTS} Tasks (ClusterName main, ServiceName web) {NONE}"
            ),
        ),
        (
            both(TreatMissingData="notBreaching"),
            {},
            note("none in two weeks, which is normal for a count of what went wrong"),
        ),
        # All of it is there.
        (both(TreatMissingData="notBreaching"), {ECS: SEEN, (INSIGHTS, "Tasks"): SEEN}, FOUND),
        # The alarms below it have theirs.
        (own("incident.ecs@web", AlarmRule="FALSE"), None, FOUND),
    ],
)
def test_whether_its_metrics_have_data(
    alarm: LiveAlarm, metrics: Mapping[Any, Any] | None, answer: Answer
) -> None:
    assert said(alarm, metrics=metrics).data == answer


MADE_HERE = note("made by what the stack itself deploys")


def test_what_the_stack_itself_makes_has_no_data_before() -> None:
    dead = own("delivery.dead@x", ("AWS/SQS", "Age"), {"QueueName": "dead"})
    made = frozenset({("QueueName", "dead")})
    assert said(dead, metrics=None, made=made).data == MADE_HERE
    assert said(dead, metrics={}, made=made).data == MADE_HERE
    assert said(dead, metrics=None).data == unknown(NOBODY_ASKED)
    # Of two metrics one alone is the stack's: the other one must have data.
    metrics = [stat("a", ("AWS/SQS", "Age"), {"QueueName": "dead"}), stat("b", ECS, in_ecs())]
    mixed = own("delivery.mixed@x", Metrics=metrics)
    assert said(mixed, metrics={}, made=made).data == missing(f"{ECS_NAME} {NONE}")
    assert said(mixed, metrics={ECS: SEEN}, made=made).data == FOUND


def planned_group(name: str, metric: str, *, is_own: bool = False) -> PlannedGroup:
    key = MetricKey(namespace=LOGS, name=metric, dimensions=frozenset())
    filters = (PlannedFilter(name="f", metric=key, pattern="ERROR"),)
    return PlannedGroup(name=name, is_own=is_own, filters=filters)


ERRORS = own("logs.errors@app", (LOGS, "errors"))


@pytest.mark.parametrize(
    ("groups", "there", "answer"),
    [
        ((planned_group("/a", "errors"),), frozenset({"/a"}), FOUND),
        ((planned_group("/a", "errors"),), frozenset(), missing("there is no log group /a")),
        (
            (planned_group("/a", "errors"), planned_group("/b", "errors", is_own=True)),
            frozenset(),
            missing("there is no log group /a; log group /b will be made"),
        ),
        # One whose lines another alarm counts.
        ((planned_group("/a", "others"), planned_group("/b", "errors")), frozenset({"/b"}), FOUND),
        (
            (planned_group("/a", "errors"),),
            None,
            unknown("log group /a could not be looked at"),
        ),
    ],
)
def test_whether_its_log_groups_are_there(
    groups: tuple[PlannedGroup, ...], there: frozenset[str] | None, answer: Answer
) -> None:
    answers = said(ERRORS, metrics={}, there=there, groups=groups)
    assert (answers.exists, answers.data) == (answer, MADE_HERE)


IN_GROUP = {"LoadBalancer": BALANCER, "TargetGroup": GROUP}


@pytest.mark.parametrize(
    ("alarm", "inventory", "answer"),
    [
        (CPU, THERE, FOUND),
        (
            CPU,
            running(clusters=("main",), services=(service("webs"),)),
            missing("there is no ECS service web (cluster main): The nearest that there is: webs."),
        ),
        (CPU, running(clusters=("zzzz",)), missing("there is no ECS cluster main")),
        (CPU, NOT_LOOKED_AT, unknown("ECS services could not be looked at")),
        (
            own("ecs.x@web", (INSIGHTS, "x"), in_ecs()),
            NOT_LOOKED_AT,
            unknown("ECS services could not be looked at"),
        ),
        # Two namespaces of one service: it is said once.
        (both(), NOT_LOOKED_AT, unknown("ECS services could not be looked at")),
        (
            own("alb.x@shop/web", (ALB, "x"), IN_GROUP),
            NOT_LOOKED_AT,
            unknown("load balancers could not be looked at; target groups could not be looked at"),
        ),
        (
            own("alb.x@shop/web", (ALB, "x"), IN_GROUP),
            running(load_balancers=(BALANCER,), target_groups=None),
            unknown("target groups could not be looked at"),
        ),
        (
            own("rds.x@main", (RDS, "x"), {"DBInstanceIdentifier": "orders"}),
            NOT_LOOKED_AT,
            unknown("databases could not be looked at"),
        ),
        # Nobody looks for what publishes metrics of one's own.
        (own("app.x@web", ("Shop", "x"), {"Service": "web"}), NOT_LOOKED_AT, FOUND),
    ],
)
def test_whether_what_it_names_is_there(
    alarm: LiveAlarm, inventory: Inventory, answer: Answer
) -> None:
    assert said(alarm, inventory=inventory, metrics={}).exists == answer
