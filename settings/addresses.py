"""Addresses and names in ``alerts``: what SNS takes, and what can be notified."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, SecretStr

from ecs_monitoring.catalog.regions import partition_of
from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.rules.arn import arn_resource
from ecs_monitoring.rules.mute import BY_HAND
from ecs_monitoring.rules.routes import AlarmPattern
from ecs_monitoring.rules.target import TARGET_NAME
from ecs_monitoring.rules.webhooks import NOT_OFFERED, heard_webhook

# One @, no blanks, a dot in the domain: what SNS itself checks, and typing errors get wrong.
_EMAIL: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")

# Shape of an SNS topic's name, less room for "-<stack>-<severity>":
# https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
_TOPIC_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")

# A topic's ARN with more after its name is a subscription's, and one that ends in .fifo has no
# subscribers but queues: https://docs.aws.amazon.com/sns/latest/dg/sns-fifo-topics.html
_EXISTING_TOPIC: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")

# It becomes part of the names of topics and queues.
_TEAM_LENGTH: Final = 40

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
_QUEUE_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,80}")

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
_QUEUE_URL: Final = re.compile(
    r"https://sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(\d{12})/([A-Za-z0-9_-]+)"
)


# Names of mute rules have 255 characters, of which project, stack and kind need some.
_MUTE_NAME_LENGTH: Final = 64


# Hosts of the addresses that whoever knows them can page by:
# https://support.pagerduty.com/main/docs/email-integration-guide
# https://support.atlassian.com/opsgenie/docs/what-are-email-integrations/
# https://help.splunk.com/en/splunk-on-call/integrations-with-splunk-on-call/generic-email-endpoint-integration-for-splunk-on-call
_INTEGRATIONS: Final = ("pagerduty.com", "opsgenie.net", "victorops.com")


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise ValueError("is no email address: write name@example.com")
    return value


def _plain_email(value: str) -> str:
    host = _email(value).rpartition("@")[2].lower()
    if host.endswith(tuple(f".{name}" for name in _INTEGRATIONS)):
        raise ValueError(
            "is the address of an integration, with which anybody can page: write it to "
            "secret_emails, under a name, with pulumi config set --secret"
        )
    return value


def _secret_email(value: SecretStr) -> SecretStr:
    _email(value.get_secret_value())
    return value


def _https(value: SecretStr) -> SecretStr:
    heard_webhook(value.get_secret_value())
    return value


def _queue(value: str) -> str:
    if url := _QUEUE_URL.fullmatch(value):
        region, account, queue = url.groups()
        arn = f"arn:{partition_of(region).name}:sqs:{region}:{account}:{queue}"
        raise ValueError(f"is a queue's URL: write its ARN, {arn}")
    resource = arn_resource(value, "sqs")
    if not resource or not _QUEUE_NAME.fullmatch(resource):
        raise ValueError(
            "is no ARN of a standard SQS queue: write arn:aws:sqs:<region>:<account>:<queue>"
        )
    return value


def _topic(value: str) -> str:
    if arn_resource(value, "ssm-incidents"):
        raise ValueError(f"is a response plan: {NOT_OFFERED}")
    resource = arn_resource(value, "sns")
    if not resource or not _EXISTING_TOPIC.fullmatch(resource):
        raise ValueError(
            "is no ARN of a standard SNS topic: write arn:aws:sns:<region>:<account>:<topic>"
        )
    return value


def _topic_name(value: str) -> str:
    if not _TOPIC_NAME.fullmatch(value):
        raise ValueError("is no topic name: write up to 128 letters, digits, - and _")
    return value


def _mute_name(value: str) -> str:
    if value == BY_HAND:
        raise ValueError("is what `python -m ops mute` calls its rules: write another name")
    return _name(value, "mute", _MUTE_NAME_LENGTH)


def _room_for_own_topic(value: tuple[str, ...]) -> tuple[str, ...]:
    most = limits.ACTIONS_PER_STATE - 1
    if len(value) > most:
        raise ValueError(
            f"{len(value)} topics: an alarm has at most {limits.ACTIONS_PER_STATE} actions and "
            f"one is the stack's own topic; write at most {most}"
        )
    return value


def _unique(value: tuple[object, ...]) -> tuple[object, ...]:
    if len(set(value)) < len(value):
        raise ValueError("names one of its entries twice: remove the duplicate")
    return value


def _pattern(value: str) -> str:
    AlarmPattern.parse(value)
    return value


def _team_name(value: str) -> str:
    return _name(value, "team", _TEAM_LENGTH)


def _name(value: str, what: str, longest: int) -> str:
    if not TARGET_NAME.fullmatch(value) or len(value) > longest:
        raise ValueError(
            f"is no name for a {what}: write up to {longest} letters, digits, _ and single hyphens"
        )
    return value


Email = Annotated[str, AfterValidator(_plain_email)]
SecretEmail = Annotated[SecretStr, AfterValidator(_secret_email)]
Webhook = Annotated[SecretStr, AfterValidator(_https)]
Queue = Annotated[str, AfterValidator(_queue)]
Topic = Annotated[str, AfterValidator(_topic)]
Pattern = Annotated[str, AfterValidator(_pattern)]
TeamName = Annotated[str, AfterValidator(_team_name)]
Unique = AfterValidator(_unique)
MuteName = Annotated[str, AfterValidator(_mute_name)]
TopicName = Annotated[str, AfterValidator(_topic_name)]
RoomForOwnTopic = AfterValidator(_room_for_own_topic)
