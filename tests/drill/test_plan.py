"""Which alarms a drill sets off, and which it leaves alone."""

import re
from typing import Any

import pytest

from account.alarms import LiveAlarm
from account.composites import Composites
from account.topics import Topic
from drill.plan import batches, plan, reason_to_leave_alone
from ecs_monitoring.cloudwatch.alarm import AlarmState
from stack.placeholder_aws import ACCOUNT
from tests.account.emulated import HOME
from tests.account.values import CRITICAL, alarm, topic

TOPICS = {CRITICAL: topic()}
NONE = Composites([])
LAMBDA = f"arn:aws:lambda:{HOME}:{ACCOUNT}:function:restart"
REBOOT = f"arn:aws:automate:{HOME}:ec2:reboot"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"state": AlarmState.ALARM}, "in ALARM already"),
        ({"actions_enabled": False}, "actions are disabled"),
        ({"topics": ()}, "tells no topic"),
        ({"topics": (CRITICAL, REBOOT)}, f"more than notifications: {REBOOT}"),
        (
            {"actions": {AlarmState.ALARM: (CRITICAL,), AlarmState.OK: (LAMBDA,)}},
            f"more than notifications: {LAMBDA}",
        ),
    ],
)
def test_an_alarm_is_left_alone(changes: dict[str, Any], reason: str) -> None:
    assert reason in reason_to_leave_alone(alarm(**changes), TOPICS, NONE)


def test_an_alarm_all_of_whose_topics_are_gone_is_left_alone() -> None:
    gone = {CRITICAL: Topic(arn=CRITICAL, exists=False)}
    assert "no topic that it tells exists" in reason_to_leave_alone(alarm(), gone, NONE)


def test_an_action_of_a_state_that_the_drill_does_not_touch_is_no_reason() -> None:
    actions = {
        AlarmState.ALARM: (CRITICAL,),
        AlarmState.OK: (),
        AlarmState.INSUFFICIENT_DATA: (LAMBDA,),
    }
    assert reason_to_leave_alone(alarm(actions=actions), TOPICS, NONE) == ""


def test_the_rest_is_drilled() -> None:
    on = alarm("ecs.tasks-low@web", state=AlarmState.ALARM)
    planned = plan([alarm(), on], TOPICS, NONE)
    assert planned.drilled == (alarm(),)
    assert [left.alarm for left in planned.left_alone] == [on]


def above(name: str, rule: str, **fields: Any) -> dict[str, Any]:
    """A composite alarm as DescribeAlarms has it."""
    return {"AlarmName": name, "AlarmRule": rule, "StateValue": "OK", **fields}


NAME = alarm().name


@pytest.mark.parametrize(
    ("composites", "reason"),
    [
        (
            [above("c", f"ALARM({NAME})", AlarmActions=[LAMBDA])],
            f"c above it would do more .*{LAMBDA}",
        ),
        ([above("c", f"ALARM({NAME})", OKActions=[LAMBDA])], "c above it would do more"),
        (
            [
                above("c", f"NOT ALARM({NAME})"),
                above("d", 'OK("c") OR ALARM(x)', AlarmActions=[CRITICAL, LAMBDA]),
            ],
            "d above it would do more",
        ),
        # A rule that cannot be read: the name stands in it.
        ([above("c", f"SOME_OF({NAME})", AlarmActions=[LAMBDA])], "c above it would do more"),
        ([above("c", f"ALARM({NAME})", AlarmActions=[CRITICAL])], ""),
        ([above("c", f"ALARM({NAME}-2)", AlarmActions=[LAMBDA])], ""),
        ([above("c", f"ALARM({NAME})", AlarmActions=[LAMBDA], ActionsEnabled=False)], ""),
    ],
)
def test_an_alarm_below_one_that_does_more_than_notify_is_left_alone(
    composites: list[dict[str, Any]], reason: str
) -> None:
    found = reason_to_leave_alone(alarm(), TOPICS, Composites(composites))
    assert re.search(reason, found) if reason else found == ""


def composite(name: str) -> LiveAlarm:
    return alarm(f"incident.{name}@main", is_composite=True)


def test_composite_alarms_come_first_and_what_waits_for_others_before_these() -> None:
    database, tasks, balancer = composite("rds"), composite("ecs"), composite("alb")
    causes = above("causes", f'ALARM("{tasks.name}") OR ALARM("{database.name}")')
    composites = Composites(
        [
            above(database.name, "ALARM(a)"),
            above(tasks.name, "ALARM(b)", ActionsSuppressor=database.name),
            above(balancer.name, "ALARM(c)", ActionsSuppressor=f"arn:aws:x:alarm:{'causes'}"),
            causes,
        ]
    )
    metrics = [alarm(f"ecs.cpu-high@s{number}") for number in range(3)]
    batched = batches([metrics[0], database, tasks, *metrics[1:], balancer], composites, size=2)
    assert batched == [(balancer,), (tasks,), (database,), (metrics[0], metrics[1]), (metrics[2],)]


def test_composite_alarms_that_wait_for_each_other_are_drilled_all_the_same() -> None:
    one, other = composite("rds"), composite("ecs")
    composites = Composites(
        [
            above(one.name, "ALARM(a)", ActionsSuppressor=other.name),
            above(other.name, "ALARM(b)", ActionsSuppressor=one.name),
        ]
    )
    assert batches([one, other], composites, size=10) == [(one,), (other,)]
