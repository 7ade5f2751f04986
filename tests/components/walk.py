"""From each alarm to whoever hears of it: every link on the way, or the first missing one.

An alarm that cannot be heard changes its state like any other, so that nothing but this walk
tells the two apart.
"""

import re
from collections.abc import Collection, Mapping
from typing import Final

from ecs_monitoring.cloudwatch.composite_rule import CompositeRule
from stack.placeholder_aws import ACCOUNT
from stack.program import ProgramRun, Registration
from tests.components.policy import allows
from tests.components.registered import (
    ALARM,
    COMPOSITE,
    EVENT_TARGET,
    KEY,
    TOPIC,
    TOPIC_POLICY,
)

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
_MOST_ACTIONS: Final = 5

# What a publisher needs of the topic's key:
# https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
_KEY_ACTIONS: Final = ("kms:Decrypt", "kms:GenerateDataKey")

_ROOT: Final = f"arn:aws:iam::{ACCOUNT}:root"
_EVENTS: Final = "events.amazonaws.com"
_ALARMS: Final = "cloudwatch.amazonaws.com"


class MissingLinkError(AssertionError):
    """An alarm that nobody would hear, and where its notification is lost."""


def walk(run: ProgramRun, *, elsewhere: Collection[str] = ()) -> dict[str, str]:
    """Follow every alarm to its topic, the topic's policy and the topic's key.

    Args:
        run: what was registered.
        elsewhere: ARNs of topics that exist outside the program.

    Returns:
        The name of each alarm with the name of the topic that hears of it.

    Raises:
        MissingLinkError: the first link that is missing.
    """
    topics = {topic.arn: topic for topic in run.of_type(TOPIC)}
    incidents = [alarm for alarm in run.of_type(COMPOSITE) if alarm.inputs.get("alarmActions")]
    paged = {
        name
        for alarm in incidents
        for name in CompositeRule.parse(alarm.inputs["alarmRule"]).alarms
    }
    heard = {}
    for alarm in (*run.of_type(ALARM), *incidents):
        told = "warning" if incidents and alarm not in incidents else _severity(alarm)
        if told != _severity(alarm) and alarm.inputs["name"] not in paged:
            raise MissingLinkError(f"{alarm.name}: critical, and no incident pages for it")
        reached = [
            _topic(run, topics, alarm, action, told)
            for action in _actions(alarm)
            if action not in elsewhere
        ]
        if not reached:
            raise MissingLinkError(f"{alarm.name}: none of its topics is the program's own")
        if alarm not in incidents:
            heard[alarm.inputs["name"]] = reached[0].inputs["name"]
    return heard


def _severity(alarm: Registration) -> str:
    return str(alarm.inputs["tags"]["Severity"])


def _actions(alarm: Registration) -> list[str]:
    actions = alarm.inputs.get("alarmActions") or []
    if not 1 <= len(actions) <= _MOST_ACTIONS:
        raise MissingLinkError(f"{alarm.name}: {len(actions)} alarm actions")
    if alarm.inputs.get("actionsEnabled") is False:
        raise MissingLinkError(f"{alarm.name}: its actions are switched off")
    recovery = alarm.inputs.get("okActions") or []
    if not set(recovery) <= set(actions):
        raise MissingLinkError(f"{alarm.name}: recovery goes where the alarm does not")
    return list(actions)


def _topic(
    run: ProgramRun,
    topics: Mapping[str, Registration],
    alarm: Registration,
    action: str,
    severity: str,
) -> Registration:
    """The registered topic behind an action, with everything behind the topic in order."""
    topic = topics.get(action)
    if topic is None:
        raise MissingLinkError(f"{alarm.name}: nobody registered {action}")
    # An alarm reaches topics of its own region alone.
    if topic.arn.split(":")[3] != alarm.arn.split(":")[3]:
        raise MissingLinkError(f"{alarm.name}: {action} is in another region")
    if not re.search(rf"-{severity}$", topic.inputs["name"]):
        raise MissingLinkError(f"{alarm.name}: {severity}, but goes to {topic.name}")
    _check_topic_policy(run, topic, alarm)
    if topic.inputs.get("kmsMasterKeyId"):
        _check_key(run, topic, alarm)
    return topic


def alarm_context(alarm: Registration) -> dict[str, str]:
    """The condition keys that CloudWatch sends along for an alarm."""
    return {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": alarm.arn}


def _check_topic_policy(run: ProgramRun, topic: Registration, alarm: Registration) -> None:
    policies = [p for p in run.of_type(TOPIC_POLICY) if p.inputs["arn"] == topic.arn]
    if len(policies) != 1:
        raise MissingLinkError(f"{topic.name}: {len(policies)} topic policies")
    policy = policies[0].inputs["policy"]
    if not allows(policy, _ALARMS, "SNS:Publish", topic.arn, alarm_context(alarm)):
        raise MissingLinkError(f"{topic.name}: its policy keeps {alarm.name} out")
    has_events = _has_events(run, topic)
    if allows(policy, _EVENTS, "SNS:Publish", topic.arn) != has_events:
        raise MissingLinkError(
            f"{topic.name}: its policy keeps EventBridge out"
            if has_events
            else f"{topic.name}: its policy lets EventBridge in, and no rule publishes to it"
        )
    if not allows(policy, _ROOT, "SNS:SetTopicAttributes", topic.arn):
        raise MissingLinkError(f"{topic.name}: its policy locks its owner out")


def _has_events(run: ProgramRun, topic: Registration) -> bool:
    return any(target.inputs["arn"] == topic.arn for target in run.of_type(EVENT_TARGET))


def _check_key(run: ProgramRun, topic: Registration, alarm: Registration) -> None:
    reference = topic.inputs["kmsMasterKeyId"]
    key = next((key for key in run.of_type(KEY) if key.arn == reference), None)
    if key is None:
        raise MissingLinkError(f"{topic.name}: nobody registered the key {reference}")
    policy = key.inputs.get("policy")
    if not policy:
        raise MissingLinkError(f"{key.name}: no key policy, so alarms cannot use it")
    for action in _KEY_ACTIONS:
        if not allows(policy, _ALARMS, action, key.arn, alarm_context(alarm)):
            raise MissingLinkError(f"{key.name}: its policy keeps {alarm.name} from {action}")
        if _has_events(run, topic) and not allows(policy, _EVENTS, action, key.arn):
            raise MissingLinkError(f"{key.name}: its policy keeps EventBridge from {action}")
    if not allows(policy, _ROOT, "kms:PutKeyPolicy", key.arn):
        raise MissingLinkError(f"{key.name}: its policy locks its owner out")
