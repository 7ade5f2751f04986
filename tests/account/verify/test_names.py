"""Names that somebody else's alarm has: metric, composite and log alarms share them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from account.alarms import LiveAlarm
from account.verify.live_region import names_taken
from tests.account import values
from tests.account.emulated import answering

CPU = values.alarm("ecs.cpu-high@web")
RDS = values.alarm("incident.rds@main", is_composite=True)

# By which each type is known.
FIELDS: dict[str, dict[str, Any]] = {
    "MetricAlarm": {"MetricName": "CPUUtilization"},
    "CompositeAlarm": {"AlarmRule": "FALSE"},
    "LogAlarm": {"ScheduledQueryConfiguration": {}},
}


class CloudWatch:
    """Tells of some alarms, each by name and only if it is asked for its type."""

    def __init__(self, alarms: Mapping[str, tuple[str, Mapping[str, str]]]) -> None:
        self._alarms = alarms

    def get_paginator(self, operation: str) -> "CloudWatch":
        assert operation == "describe_alarms"
        return self

    def paginate(self, **request: Any) -> list[dict[str, Any]]:
        pages: dict[str, list[dict[str, Any]]] = {}
        for name, (type_, _) in self._alarms.items():
            if name in request["AlarmNames"] and type_ in request["AlarmTypes"]:
                own = FIELDS[type_]
                pages.setdefault(f"{type_}s", []).append(
                    {"AlarmName": name, "AlarmArn": name, **own}
                )
        return [pages]

    def list_tags_for_resource(self, ResourceARN: str) -> dict[str, Any]:  # noqa: N803
        _, tags = self._alarms[ResourceARN]
        return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def taken(planned: LiveAlarm, type_: str, address: str = "") -> str:
    """What is said where an alarm of a type has a planned one's name, and another's tags."""
    key, _, target = address.partition("@")
    tags = {"AlarmKey": key, "Target": target} if address else {"Team": "data"}
    region = replace(answering(), cloudwatch=CloudWatch({planned.name: (type_, tags)}))
    return names_taken(region, [planned]).get(planned.name, "")


@pytest.mark.parametrize(
    ("planned", "type_"),
    [(CPU, "MetricAlarm"), (RDS, "CompositeAlarm")],
    ids=["metric", "composite"],
)
def test_the_stacks_own_are_free(planned: LiveAlarm, type_: str) -> None:
    assert taken(planned, type_, planned.address) == ""


def test_a_metric_alarm_of_others_is_overwritten() -> None:
    assert taken(CPU, "MetricAlarm") == (
        f"an alarm {CPU.name} is there, has none of its tags and would be overwritten"
    )
    assert "is tagged as ecs.cpu-high@api and would be" in taken(
        CPU, "MetricAlarm", "ecs.cpu-high@api"
    )


def test_a_composite_alarm_of_others_is_overwritten_too() -> None:
    """PutCompositeAlarm updates whatever composite alarm has the name."""
    assert taken(RDS, "CompositeAlarm") == (
        f"a composite alarm {RDS.name} is there, has none of its tags and would be overwritten"
    )


@pytest.mark.parametrize(
    ("planned", "type_", "there", "wanted"),
    [
        (CPU, "CompositeAlarm", "composite", "metric"),
        (CPU, "LogAlarm", "log", "metric"),
        (RDS, "MetricAlarm", "metric", "composite"),
    ],
)
def test_one_of_another_type_is_in_the_way_whatever_its_tags(
    planned: LiveAlarm, type_: str, there: str, wanted: str
) -> None:
    assert taken(planned, type_, planned.address) == (
        f"a {there} alarm {planned.name} is there, and a {wanted} alarm of that name is planned: "
        "alarms share their names, so delete it or call it otherwise first"
    )
