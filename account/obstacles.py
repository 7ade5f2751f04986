"""What would keep a notification from its readers, seen without setting off any alarm."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from account.alarms import LiveAlarm, is_topic
from account.composites import Composites
from account.policy import CLOUDWATCH, lets_alarm_in
from account.topics import EncryptionKey, Topic
from ecs_monitoring.cloudwatch.rule import Severity

# SNS encrypts with the publisher's right to the key:
# https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
_KEY_ACTIONS: Final = ("kms:Decrypt", "kms:GenerateDataKey")


class ObstacleKind(StrEnum):
    """The sorts of things that stand in the way."""

    SUBSCRIPTION_PENDING = "subscription-pending"
    NO_SUBSCRIBERS = "no-subscribers"
    TOPIC_GONE = "topic-gone"
    TOPIC_POLICY = "topic-policy"
    KEY_MANAGED_BY_AWS = "key-managed-by-aws"
    KEY_STATE = "key-state"
    KEY_POLICY = "key-policy"
    ACTIONS_DISABLED = "actions-disabled"
    NO_ACTIONS = "no-actions"
    SEVERITY = "severity"
    CHANNEL_OFF = "channel-off"
    NOT_CHECKED = "not-checked"


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """One thing in the way.

    Attributes:
        kind: what sort of thing.
        subject: ARN of the topic, key or alarm at fault.
        message: what is wrong and what to do, in words.
        alarms: addresses of the alarms that nobody, or not everybody, would be notified of.
    """

    kind: ObstacleKind
    subject: str
    message: str
    alarms: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The obstacle for scripts."""
        return asdict(self)


def obstacles(
    alarms: Sequence[LiveAlarm],
    topics: Mapping[str, Topic],
    composites: Composites | None = None,
) -> list[Obstacle]:
    """Everything in the way of the alarms' notifications: topics first, then single alarms.

    Args:
        alarms: the alarms that are drilled.
        topics: ARN to topic, one for each action of these alarms that is a topic.
        composites: every composite alarm of their region; those among the alarms if left out.
    """
    every_composite = composites or Composites(
        [alarm.raw for alarm in alarms if "AlarmRule" in alarm.raw]
    )
    in_the_way: list[Obstacle] = []
    for arn, topic in topics.items():
        telling = [alarm for alarm in alarms if arn in alarm.topics]
        if telling:
            in_the_way += _topic_obstacles(topic, telling)
    for alarm in alarms:
        in_the_way += _alarm_obstacles(alarm, every_composite)
    return in_the_way


def _topic_obstacles(topic: Topic, alarms: Sequence[LiveAlarm]) -> Iterator[Obstacle]:
    def obstacle(
        kind: ObstacleKind, message: str, *, subject: str = topic.arn, of: Sequence[LiveAlarm]
    ) -> Obstacle:
        return Obstacle(
            kind=kind,
            subject=subject,
            message=message,
            alarms=tuple(alarm.address for alarm in of),
        )

    if not topic.exists:
        yield obstacle(
            ObstacleKind.TOPIC_GONE,
            f"topic {topic.name} does not exist: deploy the stack, or take it out of the "
            "alarms' actions",
            of=alarms,
        )
        return
    for unread in topic.unread:
        yield obstacle(ObstacleKind.NOT_CHECKED, f"topic {topic.name}: {unread}", of=alarms)
    for subscription in topic.subscriptions or ():
        if subscription.is_pending:
            yield obstacle(
                ObstacleKind.SUBSCRIPTION_PENDING,
                f"topic {topic.name}: {subscription.shown} has not confirmed its subscription "
                "and is not notified; SNS drops it after 48 hours",
                of=alarms,
            )
    if topic.subscriptions is not None and not any(
        subscription.is_notified for subscription in topic.subscriptions
    ):
        yield obstacle(
            ObstacleKind.NO_SUBSCRIBERS,
            f"topic {topic.name} has no confirmed subscriber: nobody is notified",
            of=alarms,
        )
    if topic.policy is not None:
        refused = _refused(topic.policy, ("sns:Publish",), topic.arn, alarms)
        if refused:
            yield obstacle(
                ObstacleKind.TOPIC_POLICY,
                f"topic {topic.name}: its policy does not let {CLOUDWATCH} publish "
                "(sns:Publish) for these alarms",
                of=refused,
            )
    if topic.key is not None:
        for kind, message, kept_out in _key_obstacles(topic.key, alarms):
            yield obstacle(
                kind, f"topic {topic.name}: {message}", subject=topic.key.id, of=kept_out
            )


def _key_obstacles(
    key: EncryptionKey, alarms: Sequence[LiveAlarm]
) -> Iterator[tuple[ObstacleKind, str, Sequence[LiveAlarm]]]:
    if key.is_aws_managed:
        yield (
            ObstacleKind.KEY_MANAGED_BY_AWS,
            f"it is encrypted with {key.id}, whose policy keeps CloudWatch out and cannot be "
            "changed: use a customer-managed key, or none",
            alarms,
        )
        return
    if key.state not in ("", "Enabled"):
        yield (ObstacleKind.KEY_STATE, f"its key {key.id} is {key.state}", alarms)
    if key.policy is not None:
        refused = _refused(key.policy, _KEY_ACTIONS, key.arn, alarms)
        if refused:
            yield (
                ObstacleKind.KEY_POLICY,
                f"the policy of its key {key.id} does not let {CLOUDWATCH} use it "
                f"({', '.join(_KEY_ACTIONS)}) for these alarms",
                refused,
            )


def _refused(
    policy: str, actions: Sequence[str], resource: str, alarms: Sequence[LiveAlarm]
) -> list[LiveAlarm]:
    return [
        alarm
        for alarm in alarms
        if not all(
            lets_alarm_in(policy, action=action, resource=resource, alarm=alarm.arn)
            for action in actions
        )
    ]


def _alarm_obstacles(alarm: LiveAlarm, composites: Composites) -> Iterator[Obstacle]:
    for kind, fault in _ALARM_FAULTS.items():
        message = fault(alarm, composites)
        if message:
            yield Obstacle(
                kind=kind,
                subject=alarm.arn,
                message=f"{alarm.address}: {message}",
                alarms=(alarm.address,),
            )


def _actions_disabled(alarm: LiveAlarm, _composites: Composites) -> str:
    if alarm.actions_enabled:
        return ""
    return (
        f"its actions are disabled: aws cloudwatch enable-alarm-actions --alarm-names {alarm.name}"
    )


def _no_actions(alarm: LiveAlarm, composites: Composites) -> str:
    """A composite alarm without a severity pages nobody on purpose: it holds others back."""
    if alarm.topics or (alarm.is_composite and not alarm.severity):
        return ""
    if any(is_topic(action) for action in _told_above(alarm, composites)):
        return ""
    return "it tells no topic when it goes off: deploy the stack"


def _wrong_severity(alarm: LiveAlarm, composites: Composites) -> str:
    """Topics of the stack, and of its teams, end with their severity; those of others need not.

    Where incidents page, a composite alarm tells the topic of a critical alarm's severity.
    """
    ending = f"-{alarm.severity}"
    if any(action.endswith(ending) for action in _told_above(alarm, composites)):
        return ""
    of_a_severity = [
        t for t in alarm.topics if t.endswith(tuple(f"-{severity}" for severity in Severity))
    ]
    if not of_a_severity or any(topic.endswith(ending) for topic in of_a_severity):
        return ""
    told = ", ".join(topic.rpartition(":")[2] for topic in alarm.topics)
    return f"it is {alarm.severity or 'of no severity'}, but tells {told} and no topic …{ending}"


def _told_above(alarm: LiveAlarm, composites: Composites) -> list[str]:
    """What the composite alarms above an alarm tell when they go off."""
    return [
        str(action)
        for above in composites.above(alarm.name)
        if above.get("ActionsEnabled", True)
        for action in above.get("AlarmActions", ())
    ]


_ALARM_FAULTS: Final[Mapping[ObstacleKind, Callable[[LiveAlarm, Composites], str]]] = {
    ObstacleKind.ACTIONS_DISABLED: _actions_disabled,
    ObstacleKind.NO_ACTIONS: _no_actions,
    ObstacleKind.SEVERITY: _wrong_severity,
}
