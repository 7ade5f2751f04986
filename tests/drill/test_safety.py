"""What AWS refuses or somebody changes during a drill leaves no alarm in a false state."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError  # type: ignore[import-untyped]

from account.account import Region, is_refusal
from drill.mark import DrillMark
from drill.states import Return, way_back
from ecs_monitoring.cloudwatch.alarm import AlarmState
from tests.account.emulated import HOME, Deployment, Emulated, failing, with_methods
from tests.account.values import READ, alarm
from tests.drill.conftest import Drill, Stack

QUIET = ("--yes", "--json", "--timeout", "1")


def refused(code: str, *, status: int = 403) -> Callable[[Region], Exception]:
    def error(region: Region) -> Exception:
        found: Exception = region.sqs.exceptions.ClientError(
            {
                "Error": {"Code": code, "Message": "you may not"},
                "ResponseMetadata": {"HTTPStatusCode": status},
            },
            "Operation",
        )
        return found

    return error


def timed_out(_region: Region) -> Exception:
    error: Exception = ReadTimeoutError(endpoint_url="https://aws.invalid")
    return error


def test_a_state_that_cannot_be_set_back_is_told_with_the_command(
    stack: Stack, drill: Drill
) -> None:
    def change(region: Region) -> Region:
        real = region.cloudwatch.set_alarm_state

        def set_state(**call: str) -> None:
            if call["StateValue"] != "ALARM":
                raise refused("AccessDenied")(region)
            real(**call)

        return with_methods(region, "cloudwatch", set_alarm_state=set_state)

    drilled = drill(*QUIET, "--profile", "on-call", emulated=Emulated(change))
    assert drilled.code == 1
    assert set(drilled.results.values()) == {"delivered"}
    first, second = drilled.json["leftovers"]
    assert "ecs-web-cpu-high is still in ALARM" in first["what"]
    assert "you may not" in first["what"]
    assert "--state-value OK" in first["command"]
    assert "--state-value INSUFFICIENT_DATA" in second["command"]
    assert first["command"].endswith("--region ap-northeast-1 --profile on-call")
    assert stack.deployment.queues() == []


def test_alarms_are_set_back_even_if_they_cannot_be_read(stack: Stack, drill: Drill) -> None:
    def change(region: Region) -> Region:
        real = region.cloudwatch.get_paginator
        asked: list[str] = []

        def paginator(operation: str) -> object:
            asked.append(operation)
            if len(asked) > 3:
                raise refused("InternalError", status=500)(region)
            return real(operation)

        return with_methods(region, "cloudwatch", get_paginator=paginator)

    assert drill(*QUIET, emulated=Emulated(change)).results["ecs.cpu-high@web"] == "delivered"
    assert stack.is_as_before()


def test_an_alarm_that_cloudwatch_evaluated_meanwhile_keeps_its_actual_state(
    stack: Stack, drill: Drill
) -> None:
    """A real incident during the drill is not talked away."""
    cloudwatch = stack.deployment.client("cloudwatch")
    name = "django-ecs-monitoring-prod-ecs-web-cpu-high"

    def change(region: Region) -> Region:
        def receive(**call: object) -> object:
            cloudwatch.set_alarm_state(
                AlarmName=name, StateValue="ALARM", StateReason="Threshold Crossed"
            )
            return region.sqs.receive_message(**call)

        return with_methods(region, "sqs", receive_message=receive)

    assert drill(*QUIET, emulated=Emulated(change)).code == 0
    assert stack.deployment.states()[name] == "ALARM"
    assert stack.deployment.states()[name.replace("cpu-high", "tasks-low")] == "INSUFFICIENT_DATA"


def test_an_alarm_that_goes_off_before_its_turn_is_left_alone(stack: Stack, drill: Drill) -> None:
    cloudwatch = stack.deployment.client("cloudwatch")
    name = "django-ecs-monitoring-prod-ecs-web-cpu-high"

    def change(region: Region) -> Region:
        def create(**call: object) -> object:
            cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="real")
            cloudwatch.delete_alarms(AlarmNames=[name.replace("cpu-high", "tasks-low")])
            return region.sqs.create_queue(**call)

        return with_methods(region, "sqs", create_queue=create)

    drilled = drill(*QUIET, emulated=Emulated(change))
    assert drilled.code == 1
    reasons = {alarm["address"]: alarm["reason"] for alarm in drilled.json["alarms"]}
    assert "in ALARM already" in reasons["ecs.cpu-high@web"]
    assert reasons["ecs.tasks-low@web"] == "it no longer exists"
    assert stack.deployment.states() == {name: "ALARM"}


def test_refused_to_set_alarms_off(stack: Stack, drill: Drill) -> None:
    drilled = drill(*QUIET, emulated=failing("cloudwatch", "set_alarm_state", refused("Denied")))
    assert drilled.code == 1
    assert set(drilled.results.values()) == {"not-drilled"}
    assert "could not be set to ALARM" in drilled.json["alarms"][0]["reason"]
    assert drilled.json["leftovers"] == []
    assert stack.is_as_before()


def test_no_answer_when_an_alarm_is_set_off(stack: Stack, drill: Drill) -> None:
    """It may be set off: it is set back, and before the others are waited for."""
    name = "django-ecs-monitoring-prod-ecs-web-cpu-high"
    seen: list[str] = []

    def change(region: Region) -> Region:
        real = region.cloudwatch.set_alarm_state

        def set_state(**call: str) -> None:
            real(**call)
            if call["StateValue"] == "ALARM" and call["AlarmName"] == name:
                raise timed_out(region)

        def receive(**call: object) -> object:
            seen.append(stack.deployment.states()[name])
            return region.sqs.receive_message(**call)

        silent = with_methods(region, "cloudwatch", set_alarm_state=set_state)
        return with_methods(silent, "sqs", receive_message=receive)

    drilled = drill(*QUIET, emulated=Emulated(change))
    assert drilled.results == {
        "ecs.cpu-high@web": "not-drilled",
        "ecs.tasks-low@web": "delivered",
    }
    assert seen == ["OK"]
    assert drilled.json["leftovers"] == []
    assert stack.is_as_before()


@pytest.mark.parametrize(
    ("error", "is_sure"),
    [
        (refused("AccessDenied"), True),
        (refused("Throttling", status=400), False),
        (refused("ServiceUnavailable", status=503), False),
        (timed_out, False),
    ],
)
def test_only_a_refusal_is_sure_to_have_changed_nothing(
    error: Callable[[Region], Exception], is_sure: bool, deployment: Deployment
) -> None:
    account = Emulated()(None, None)
    region = account.region(HOME, account.caller(HOME))
    assert is_refusal(error(region)) is is_sure


def test_refused_a_queue(stack: Stack, drill: Drill) -> None:
    drilled = drill(*QUIET, emulated=failing("sqs", "create_queue", refused("AccessDenied")))
    assert drilled.code == 1
    assert set(drilled.results.values()) == {"cut-short"}
    assert "you may not" in drilled.json["alarms"][0]["reason"]
    assert stack.is_as_before()


def test_refused_to_receive(stack: Stack, drill: Drill) -> None:
    drilled = drill(*QUIET, emulated=failing("sqs", "receive_message", refused("AccessDenied")))
    assert drilled.code == 1
    assert stack.is_as_before()


def test_refused_to_subscribe(stack: Stack, drill: Drill) -> None:
    """Where nothing could be heard, nothing is set off; and no subscription is left."""

    def change(region: Region) -> Region:
        def refuse(*_words: object, **_call: object) -> object:
            raise refused("AuthorizationError")(region)

        return with_methods(region, "sns", subscribe=refuse, get_paginator=refuse)

    drilled = drill(*QUIET, emulated=Emulated(change))
    assert drilled.code == 1
    assert drilled.json["leftovers"] == []
    assert set(drilled.results.values()) == {"not-drilled"}
    assert "could not subscribe" in drilled.json["alarms"][0]["reason"]
    assert stack.is_as_before()


@pytest.mark.parametrize(
    ("service", "method", "command"),
    [
        ("sns", "unsubscribe", "aws sns unsubscribe --subscription-arn arn:aws:sns:"),
        ("sqs", "delete_queue", "aws sqs delete-queue --queue-url https://"),
    ],
)
def test_what_cannot_be_removed_is_told_with_the_command(
    service: str, method: str, command: str, stack: Stack, drill: Drill
) -> None:
    drilled = drill(*QUIET, emulated=failing(service, method, refused("AccessDenied")))
    assert drilled.code == 1
    (left,) = drilled.json["leftovers"]
    assert left["command"].startswith(command)
    assert set(stack.deployment.states().values()) == {"OK", "INSUFFICIENT_DATA"}


MARK = DrillMark(run="1a2b3c4d", stack="prod", who="arn:aws:sts::1:user/alice", started=READ)
REASON = MARK.reason(AlarmState.OK)
LATER = READ + timedelta(seconds=3)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (
            alarm(state=AlarmState.ALARM, state_reason=REASON, state_updated=LATER),
            Return.SET_BACK,
        ),
        (alarm(), Return.SET_BACK),
        (alarm(state_reason="no datapoints", state_updated=LATER), Return.EVALUATED),
        (
            alarm(state=AlarmState.ALARM, state_reason="Threshold Crossed", state_updated=LATER),
            Return.EVALUATED,
        ),
        (None, Return.GONE),
    ],
)
def test_the_way_back(now: Any, expected: Return) -> None:
    assert way_back(alarm(), now, MARK) is expected


def test_reasons_are_no_longer_than_cloudwatch_takes() -> None:
    long = replace(MARK, who="x" * 3000)
    assert len(long.reason(AlarmState.OK)) == len(long.reason_to_return(AlarmState.OK)) == 1023
