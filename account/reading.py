"""Reads back from AWS which alarms a stack has, and all about the topics that they tell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from account.account import AWS_ERRORS, Region, error_code, every_item, in_batches
from account.alarms import LiveAlarm, belongs
from account.composites import Composites
from account.tags import tags_of
from account.topics import EncryptionKey, Subscription, Topic

TOPIC_PERMISSIONS: Final = (
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptionsByTopic",
)
"""The IAM actions by which a topic is read."""

_COMPOSITE: Final = "CompositeAlarm"
_ALARM_TYPES: Final = ["MetricAlarm", _COMPOSITE]
_EVERY_TYPE: Final = [*_ALARM_TYPES, "LogAlarm"]

# DescribeAlarms takes this many names, and answers with as many alarms at most:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
_NAMES: Final = 100

_SNS_KEY: Final = "alias/aws/sns"


@dataclass(frozen=True, kw_only=True)
class FoundAlarms:
    """The alarms of a stack in one region.

    Attributes:
        alarms: by name.
        others: names that begin alike, of alarms that the stack's program did not register.
    """

    alarms: tuple[LiveAlarm, ...]
    others: tuple[str, ...]


def read_alarms(region: Region, prefix: str) -> FoundAlarms:
    """Every alarm of a stack in a region, by name prefix and tags.

    Args:
        region: where to look.
        prefix: ``<project>-<stack>-``.

    Raises:
        botocore.exceptions.ClientError: AWS refuses to tell.
    """
    described = _described(region, AlarmNamePrefix=prefix)

    tags = tags_of(region, [alarm["AlarmArn"] for alarm in described], "AlarmKey")
    alarms = [
        LiveAlarm.described(alarm, of, region.name)
        for alarm in described
        if belongs(alarm["AlarmName"], prefix, of := tags[alarm["AlarmArn"]])
    ]
    own = {alarm.name for alarm in alarms}
    return FoundAlarms(
        alarms=tuple(sorted(alarms, key=lambda alarm: alarm.name)),
        others=tuple(name for a in described if (name := str(a["AlarmName"])) not in own),
    )


def read_again(region: Region, alarms: Sequence[LiveAlarm]) -> dict[str, LiveAlarm]:
    """The same alarms as they are now, by name; one that is gone is missing.

    Raises:
        botocore.exceptions.ClientError: AWS refuses to tell.
    """
    now: dict[str, LiveAlarm] = {}
    by_name = {alarm.name: alarm for alarm in alarms}
    for described in read_alarms_named(region, list(by_name)):
        before = by_name[described["AlarmName"]]
        tags = {**before.address.tags, "Severity": before.severity}
        now[before.name] = LiveAlarm.described(described, tags, region.name)
    return now


def read_alarms_named(region: Region, names: Sequence[str]) -> list[dict[str, Any]]:
    """Those of some alarms that exist, as ``DescribeAlarms`` has them.

    Raises:
        botocore.exceptions.ClientError: AWS refuses to tell.
    """
    return [
        alarm
        for some in in_batches(names, _NAMES)
        for alarm in _described(region, AlarmNames=list(some), AlarmTypes=_EVERY_TYPE)
    ]


def read_every_alarm(region: Region) -> list[dict[str, Any]]:
    """Every metric, composite and log alarm of a region, as ``DescribeAlarms`` has them.

    Raises:
        botocore.exceptions.ClientError: AWS refuses to tell.
        botocore.exceptions.BotoCoreError: AWS cannot be reached.
    """
    return _described(region, AlarmTypes=_EVERY_TYPE)


def read_composites(region: Region) -> Composites:
    """Every composite alarm of a region, whoever made it.

    Raises:
        botocore.exceptions.ClientError: AWS refuses to tell.
    """
    described = _described(region, AlarmTypes=[_COMPOSITE])
    # An emulator may tell of other alarms too.
    return Composites([alarm for alarm in described if "AlarmRule" in alarm])


def _described(region: Region, **which: Any) -> list[dict[str, Any]]:
    pages = region.cloudwatch.get_paginator("describe_alarms").paginate(
        **{"AlarmTypes": _ALARM_TYPES, "PaginationConfig": {"PageSize": _NAMES}, **which}
    )
    return [
        alarm
        for page in pages
        for field in ("MetricAlarms", "CompositeAlarms", "LogAlarms")
        for alarm in page.get(field, [])
    ]


def read_topics(region: Region, alarms: Iterable[LiveAlarm]) -> dict[str, Topic]:
    """The topics that alarms tell when they go off, by ARN."""
    told = dict.fromkeys(arn for alarm in alarms for arn in alarm.topics)
    return {arn: read_topic(region, arn) for arn in told}


def read_topic(region: Region, arn: str) -> Topic:
    """A topic with its policy, key and subscriptions; what AWS refuses is named in ``unread``."""
    unread: list[str] = []
    try:
        attributes = region.sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    except AWS_ERRORS as error:
        if error_code(error) == "NotFound":
            return Topic(arn=arn, exists=False)
        unread.append(f"its policy could not be read: {error}")
        attributes = {}
    subscriptions = None
    try:
        subscriptions = _read_subscriptions(region, arn)
    except AWS_ERRORS as error:
        unread.append(f"its subscriptions could not be read: {error}")
    key = None
    if attributes.get("KmsMasterKeyId"):
        key, refusals = _read_key(region, attributes["KmsMasterKeyId"])
        unread += refusals
    return Topic(
        arn=arn,
        policy=attributes.get("Policy"),
        key=key,
        subscriptions=subscriptions,
        unread=tuple(unread),
    )


def _read_subscriptions(region: Region, topic: str) -> tuple[Subscription, ...]:
    return tuple(
        Subscription(
            arn=listed["SubscriptionArn"], protocol=listed["Protocol"], endpoint=listed["Endpoint"]
        )
        for listed in every_item(
            region.sns, "list_subscriptions_by_topic", "Subscriptions", TopicArn=topic
        )
    )


def _read_key(region: Region, key_id: str) -> tuple[EncryptionKey, list[str]]:
    if key_id.endswith(_SNS_KEY):
        return EncryptionKey(id=key_id, is_aws_managed=True), []
    try:
        metadata = region.kms.describe_key(KeyId=key_id)["KeyMetadata"]
    except AWS_ERRORS as error:
        if error_code(error) == "NotFoundException":
            return EncryptionKey(id=key_id, state="gone"), []
        return EncryptionKey(id=key_id), [f"its key {key_id} could not be read: {error}"]
    key = EncryptionKey(
        id=key_id,
        arn=metadata["Arn"],
        is_aws_managed=metadata.get("KeyManager") == "AWS",
        state=metadata.get("KeyState", ""),
    )
    try:
        # GetKeyPolicy takes no alias.
        answer = region.kms.get_key_policy(KeyId=metadata["Arn"], PolicyName="default")
    except AWS_ERRORS as error:
        return key, [f"the policy of its key {key_id} could not be read: {error}"]
    return replace(key, policy=answer["Policy"]), []
