"""Whose alarms these are, which are meant, and which are left alone."""

from typing import Any

import pytest

from account.alarms import NoSuchAlarmError, belongs, chosen
from account.topics import Topic
from ecs_monitoring.cloudwatch.alarm import AlarmState
from ops.drill.plan import plan, reason_to_leave_alone
from stack.program import ACCOUNT
from tests.ops.drill.emulated import HOME
from tests.ops.drill.values import CRITICAL, alarm, topic

PREFIX = "django-ecs-monitoring-prod-"
TOPICS = {CRITICAL: topic()}


@pytest.mark.parametrize(
    ("rest", "key", "target", "ours"),
    [
        ("ecs-web-cpu-high", "ecs.cpu-high", "web", True),
        ("alb-main.web-unhealthy-hosts", "alb.unhealthy-hosts", "main/web", True),
        ("logs-web-database--errors", "logs.errors", "web-database", True),
        ("payments.ecs-web-cpu-high", "ecs.cpu-high", "web", True),
        # The prefix of stack prod begins the names of stack prod-eu too.
        ("eu-ecs-web-cpu-high", "ecs.cpu-high", "web", False),
        ("ecs-web-cpu-high", "", "", False),
        ("ecs-web-cpu-high", "ecs.cpu-high", "api", False),
        ("ecs-web-cpu-high", "rds.cpu-high", "web", False),
    ],
)
def test_an_alarm_belongs_by_its_tags(rest: str, key: str, target: str, ours: bool) -> None:
    tags = {"AlarmKey": key, "Target": target}
    assert belongs(f"{PREFIX}{rest}", PREFIX, tags) is ours


ALARMS = [
    alarm("ecs.cpu-high@web"),
    alarm("ecs.cpu-high@worker", severity="warning"),
    alarm("alb.unhealthy-hosts@main/web", severity="warning"),
    alarm("alb.unhealthy-hosts@main/admin", severity="warning"),
]


@pytest.mark.parametrize(
    ("wanted", "severity", "found"),
    [
        ([], None, [0, 1, 2, 3]),
        ([], "critical", [0]),
        (["ecs.cpu-high"], None, [0, 1]),
        (["ecs.cpu-high@worker"], None, [1]),
        (["ecs.cpu-high@worker", "alb.unhealthy-hosts@main/admin"], None, [1, 3]),
        (["alb.unhealthy-hosts@main"], None, [2, 3]),
        (["ecs.cpu-high"], "warning", [1]),
        ([ALARMS[0].name], None, [0]),
    ],
)
def test_alarms_are_chosen_by_key_address_name_and_severity(
    wanted: list[str], severity: str | None, found: list[int]
) -> None:
    assert chosen(ALARMS, wanted, severity) == [ALARMS[place] for place in found]


def test_an_unknown_alarm_is_an_error_with_the_nearest_known_one() -> None:
    with pytest.raises(NoSuchAlarmError, match=r'did you mean "ecs\.cpu-high@web"\?'):
        chosen(ALARMS, ["ecs.cpu-hihg@web"], None)
    with pytest.raises(NoSuchAlarmError, match=r"the stack has: alb\.unhealthy-hosts@main/admin, "):
        chosen(ALARMS, ["something-else"], None)


def test_nothing_of_a_severity_is_an_error() -> None:
    with pytest.raises(NoSuchAlarmError, match="none of these alarms is critical"):
        chosen(ALARMS, ["alb.unhealthy-hosts"], "critical")


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
