"""Finds what a run registered."""

import json
from collections.abc import Iterable
from typing import Any, Final

from stack.program import ProgramRun, Registration

ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE: Final = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
DASHBOARD: Final = "aws:cloudwatch/dashboard:Dashboard"
EVENT_RULE: Final = "aws:cloudwatch/eventRule:EventRule"
EVENT_TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
HEALTH_CHECK: Final = "aws:route53/healthCheck:HealthCheck"
KEY: Final = "aws:kms/key:Key"
KEY_ALIAS: Final = "aws:kms/alias:Alias"
LOG_FILTER: Final = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
QUEUE: Final = "aws:sqs/queue:Queue"
QUEUE_POLICY: Final = "aws:sqs/queuePolicy:QueuePolicy"
ROLE: Final = "aws:iam/role:Role"
ROLE_POLICY: Final = "aws:iam/rolePolicy:RolePolicy"
SCHEDULE: Final = "aws:scheduler/schedule:Schedule"
SLACK: Final = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration"
SUBSCRIPTION: Final = "aws:sns/topicSubscription:TopicSubscription"
TEAMS: Final = "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration"
TOPIC: Final = "aws:sns/topic:Topic"
TOPIC_POLICY: Final = "aws:sns/topicPolicy:TopicPolicy"


def named(run: ProgramRun, type_: str) -> dict[str, Registration]:
    """The registrations of a type by their Pulumi names, which Pulumi wants distinct."""
    found = run.of_type(type_)
    by_name = {registration.name: registration for registration in found}
    assert len(by_name) == len(found), f"two {type_} share a Pulumi name"
    return by_name


def alarms(run: ProgramRun) -> dict[str, Registration]:
    """The alarms of a run by their addresses: ``ecs.cpu-high@web``."""
    found = run.of_type(ALARM)
    tags = [registration.inputs["tags"] for registration in found]
    addresses = [f"{tag['AlarmKey']}@{tag['Target']}" for tag in tags]
    assert len(set(addresses)) == len(found), "two alarms share an address: look them up by name"
    return dict(zip(addresses, found, strict=True))


def targets_alarms(run: ProgramRun) -> list[Registration]:
    """The alarms on what the settings name, without those on the notifications themselves.

    Of the latter every stack has some, and each severity has its own.
    """
    return [
        alarm
        for alarm in run.of_type(ALARM)
        if not alarm.inputs["tags"]["AlarmKey"].startswith("delivery.")
    ]


def by_key(run: ProgramRun) -> dict[str, Registration]:
    """The targets' alarms by alarm key, of a run with one target of a kind."""
    watching = targets_alarms(run)
    keyed = {alarm.inputs["tags"]["AlarmKey"]: alarm for alarm in watching}
    assert len(keyed) == len(watching), "several alarms share a key: look them up by name"
    return keyed


def only(found: Iterable[Registration]) -> Registration:
    """The one registration that there must be."""
    (registration,) = found
    return registration


def wire(registration: Registration, *names: str) -> dict[str, Any]:
    """Some of the properties that a registration sends; ``None`` where it sends none."""
    return {name: registration.inputs.get(name) for name in names}


_DOCUMENTS: Final = ("policy", "redrivePolicy", "assumeRolePolicy", "eventPattern")


def sent(run: ProgramRun) -> dict[str, dict[str, Any]]:
    """All that the resources of a run's one component send, by type and name: ``Topic alerts``.

    Policies and patterns are read, so that neither blanks nor the order of keys matter.
    """
    component = only(one for one in run.registrations if not one.custom)
    children = [one for one in run.registrations if one.custom]
    assert {one.parent for one in children} <= {component.urn}
    found = {
        f"{one.type.rpartition(':')[2]} {one.name}": {
            name: json.loads(value) if name in _DOCUMENTS else value
            for name, value in one.inputs.items()
        }
        for one in children
    }
    assert len(found) == len(children)
    return found
