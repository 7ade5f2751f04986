"""Composite alarms in a drill: driven, waited for, and put back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from account.account import Region
from stack.placeholder_aws import ACCOUNT
from tests.account.emulated import HOME, Deployment, Emulated, notification, with_methods
from tests.drill.conftest import Drill

QUIET = ("--yes", "--json", "--timeout", "1")
NAME = "django-ecs-monitoring-prod-incident-main-rds"
BELOW = "django-ecs-monitoring-prod-rds-main-connections-high"
TAGS = {"AlarmKey": "incident.rds", "Target": "main", "Severity": "critical"}


class Composite:
    """A composite alarm beside the emulator's alarms, which has none.

    Attributes:
        fields: as DescribeAlarms has it.
        changes: the states that it was set to.
    """

    def __init__(self, **fields: Any) -> None:
        self.changes: list[str] = []
        self.fields: dict[str, Any] = {
            "AlarmName": NAME,
            "AlarmArn": f"arn:aws:cloudwatch:{HOME}:{ACCOUNT}:alarm:{NAME}",
            "AlarmRule": f'ALARM("{BELOW}")',
            "StateValue": "OK",
            "StateReason": "nothing below is on",
            "StateUpdatedTimestamp": datetime(2026, 3, 3, tzinfo=UTC),
            "ActionsEnabled": True,
            **fields,
        }

    def __call__(self, region: Region) -> Region:
        if region.name != HOME:
            return region
        real = region.cloudwatch

        class Paginator:
            def paginate(paginator, **request: Any) -> Iterator[dict[str, Any]]:  # noqa: N805
                named = request.get("AlarmNames")
                pages = real.get_paginator("describe_alarms").paginate(**request)
                if request["AlarmTypes"] != ["CompositeAlarm"] and (named != [NAME]):
                    yield from pages
                if named is None or NAME in named:
                    yield {"CompositeAlarms": [dict(self.fields)]}

        def tags(**request: str) -> Any:
            if request["ResourceARN"] != self.fields["AlarmArn"]:
                return real.list_tags_for_resource(**request)
            return {"Tags": [{"Key": key, "Value": value} for key, value in TAGS.items()]}

        def set_state(**call: str) -> None:
            if call["AlarmName"] != NAME:
                real.set_alarm_state(**call)
                return
            message = notification(self.fields, call["StateValue"], call["StateReason"])
            self.changes.append(call["StateValue"])
            self.fields |= {
                "StateValue": call["StateValue"],
                "StateReason": call["StateReason"],
                "StateUpdatedTimestamp": datetime.now(UTC),
            }
            for topic in self.fields["AlarmActions"] if call["StateValue"] == "ALARM" else ():
                region.sns.publish(TopicArn=topic, Message=message)

        return with_methods(
            region,
            "cloudwatch",
            get_paginator=lambda _: Paginator(),
            list_tags_for_resource=tags,
            set_alarm_state=set_state,
        )


@pytest.fixture
def topics(deployment: Deployment) -> tuple[str, str]:
    critical, warning = deployment.topic("critical"), deployment.topic("warning")
    deployment.alarm("rds.connections-high@main", "critical", [warning])
    return critical, warning


def test_a_composite_alarm_is_set_off_heard_and_set_back(
    deployment: Deployment, drill: Drill, topics: tuple[str, str]
) -> None:
    composite = Composite(AlarmActions=[topics[0]])
    drilled = drill(*QUIET, emulated=Emulated(composite))
    assert drilled.results == {
        "incident.rds@main": "delivered",
        "rds.connections-high@main": "delivered",
    }
    # No evaluation brings it back: the drill does.
    assert composite.changes == ["ALARM", "OK"]
    assert drilled.obstacles == {}
    assert drilled.code == 0


def test_a_composite_alarm_that_only_holds_others_back_is_no_part_of_a_drill(
    drill: Drill, topics: tuple[str, str]
) -> None:
    composite = Composite(AlarmActions=[])
    drilled = drill(*QUIET, emulated=Emulated(composite))
    assert drilled.results == {"rds.connections-high@main": "delivered"}
    assert composite.changes == []


def test_neither_it_nor_what_is_below_it_is_touched_where_it_does_more_than_notify(
    drill: Drill, topics: tuple[str, str]
) -> None:
    restart = f"arn:aws:lambda:{HOME}:{ACCOUNT}:function:restart"
    composite = Composite(AlarmActions=[topics[0], restart])
    emulated = Emulated(composite)
    drilled = drill(*QUIET, emulated=emulated)
    assert set(drilled.results.values()) == {"not-drilled"}
    reasons = {alarm["address"]: alarm["reason"] for alarm in drilled.json["alarms"]}
    assert (
        f"the composite alarm {NAME} above it would do more"
        in (reasons["rds.connections-high@main"])
    )
    assert emulated.cloudwatch[HOME].changes == []
    assert composite.changes == []


def test_the_time_for_which_it_waits_for_a_cause_is_waited_too(
    drill: Drill, topics: tuple[str, str]
) -> None:
    composite = Composite(AlarmActions=[topics[0]], ActionsSuppressorWaitPeriod=120)
    drilled = drill(*QUIET, emulated=Emulated(composite))
    assert "1 in ALARM; waiting 121 s at most" in drilled.err
    assert drilled.results["incident.rds@main"] == "delivered"


def test_one_that_a_killed_drill_left_on_is_put_back(drill: Drill, topics: tuple[str, str]) -> None:
    composite = Composite(
        AlarmActions=[topics[0]],
        StateValue="ALARM",
        StateReason="DRILL 1a2b3c4d, no incident; it was OK and is set back right away: …",
    )
    assert drill("--recover", "--yes", "--json", emulated=Emulated(composite)).code == 0
    assert composite.changes == ["OK"]
