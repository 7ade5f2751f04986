"""The output ``deployment_alarms``, in the stack and in the program of an application."""

from typing import Any

import pulumi
import pulumi_aws as aws

from stack.program import ProgramRun
from tests.components.registered import ALARM, only
from tests.components.small import RunComponents


def test_every_name_is_an_alarm_of_the_stack(stack: ProgramRun) -> None:
    names = {alarm.inputs["name"] for alarm in stack.of_type(ALARM)}
    judged = stack.exports["deployment_alarms"]
    assert set(judged) == {"web"}
    assert judged["web"]
    assert set(judged["web"]) <= names


def test_an_application_gives_them_to_its_service(
    prod: ProgramRun, run_components: RunComponents
) -> None:
    """The lines of docs/notifications.md, with the stack's own output in the reference's place."""
    monitoring = {"deployment_alarms": prod.exports["deployment_alarms"]}

    def program() -> None:
        judged: Any = pulumi.Output.from_input(monitoring["deployment_alarms"])
        aws.ecs.Service(
            "web",
            cluster="django-ecs-cluster",
            task_definition="django-app:1",
            desired_count=2,
            alarms=aws.ecs.ServiceAlarmsArgs(alarm_names=judged["web"], enable=True, rollback=True),
        )

    service = only(run_components(program).of_type("aws:ecs/service:Service"))
    assert service.inputs["alarms"] == {
        "alarmNames": prod.exports["deployment_alarms"]["web"],
        "enable": True,
        "rollback": True,
    }
