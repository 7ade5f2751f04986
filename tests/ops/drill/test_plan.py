"""Which alarms a drill sets off, and which it leaves alone."""

from typing import Any

import pytest

from account.topics import Topic
from ecs_monitoring.cloudwatch.alarm import AlarmState
from ops.drill.plan import plan, reason_to_leave_alone
from stack.program import ACCOUNT
from tests.ops.drill.emulated import HOME
from tests.ops.drill.values import CRITICAL, alarm, topic

TOPICS = {CRITICAL: topic()}
LAMBDA = f"arn:aws:lambda:{HOME}:{ACCOUNT}:function:restart"
REBOOT = f"arn:aws:automate:{HOME}:ec2:reboot"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"state": AlarmState.ALARM}, "in ALARM already"),
        ({"is_composite": True}, "composite"),
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
    assert reason in reason_to_leave_alone(alarm(**changes), TOPICS)


def test_an_alarm_all_of_whose_topics_are_gone_is_left_alone() -> None:
    gone = {CRITICAL: Topic(arn=CRITICAL, exists=False)}
    assert "no topic that it tells exists" in reason_to_leave_alone(alarm(), gone)


def test_an_action_of_a_state_that_the_drill_does_not_touch_is_no_reason() -> None:
    actions = {
        AlarmState.ALARM: (CRITICAL,),
        AlarmState.OK: (),
        AlarmState.INSUFFICIENT_DATA: (LAMBDA,),
    }
    assert reason_to_leave_alone(alarm(actions=actions), TOPICS) == ""


def test_the_rest_is_drilled() -> None:
    on = alarm("ecs.tasks-low@web", state=AlarmState.ALARM)
    planned = plan([alarm(), on], TOPICS)
    assert planned.drilled == (alarm(),)
    assert [left.alarm for left in planned.left_alone] == [on]
