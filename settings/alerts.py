"""Who hears of which alarm."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final

import pulumi
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from ecs_monitoring.catalog.regions import partition_of
from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.endpoint import Endpoint, endpoints
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules.arn import arn_resource
from ecs_monitoring.rules.chat import SlackChannel, TeamsChannel
from ecs_monitoring.rules.incidents import Paging
from ecs_monitoring.rules.webhooks import heard_webhook

# One @, no blanks, a dot in the domain: what SNS itself checks, and typing errors get wrong.
_EMAIL: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")

# Shape of an SNS topic's name, less room for "-<stack>-<severity>":
# https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
_TOPIC_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")

# A topic's ARN with more after its name is a subscription's, and one that ends in .fifo has no
# subscribers but queues: https://docs.aws.amazon.com/sns/latest/dg/sns-fifo-topics.html
_EXISTING_TOPIC: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
_QUEUE_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,80}")

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
_QUEUE_URL: Final = re.compile(
    r"https://sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(\d{12})/([A-Za-z0-9_-]+)"
)


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise ValueError("is no email address: write name@example.com")
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


Email = Annotated[str, AfterValidator(_email)]
Webhook = Annotated[SecretStr, AfterValidator(_https)]
Queue = Annotated[str, AfterValidator(_queue)]
Topic = Annotated[str, AfterValidator(_topic)]
Unique = AfterValidator(_unique)


class AlertSettings(BaseModel):
    """Topics, subscriptions and encryption."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    topic_name: Annotated[str, AfterValidator(_topic_name)] = "django-app-alerts"
    """Topics are called ``<topic_name>-<stack>-<severity>``."""

    topics: dict[Severity, Annotated[tuple[Topic, ...], AfterValidator(_room_for_own_topic)]] = {}
    """ARNs of existing topics that are notified besides the stack's own, at most 4."""

    emails: dict[Severity, Annotated[tuple[Email, ...], Unique]] = {}
    """Addresses by severity; each must confirm the mail that SNS sends it."""

    webhooks: dict[Severity, dict[str, Webhook]] = {}
    """https URLs by severity and a name of their own, as secrets: ``pulumi config set --secret
    --path 'django-ecs-monitoring:alerts.webhooks.critical.pagerduty' https://…``.
    """

    queues: dict[Severity, Annotated[tuple[Queue, ...], Unique]] = {}
    """ARNs of SQS queues by severity; each queue's own policy must let the topic send."""

    slack: dict[Severity, Annotated[tuple[SlackChannel, ...], Unique]] = {}
    """Slack channels by severity, each as ``{workspace: T…, channel: C…}``; the workspace must be
    authorized in the AWS console once.
    """

    microsoft_teams: dict[Severity, Annotated[tuple[TeamsChannel, ...], Unique]] = {}
    """Microsoft Teams channels by severity, each as ``{tenant: …, team: …, channel: 19%3A…}``, one
    a team; the team must be authorized in the AWS console once.
    """

    encryption: Annotated[bool, Field()] = False
    """Whether topics are encrypted with a KMS key of their own (about 1 USD a month)."""

    notify_on_recovery: Annotated[tuple[Severity, ...], Unique] = ()
    """Severities whose topics are notified of the return to OK, too."""

    paging: Paging = Paging.ALARM
    """``alarm``: every critical alarm pages. ``incident``: one page an incident, from composite
    alarms a target that wait for their causes to show (0.50 USD a month each); every alarm tells
    the warning topic.
    """

    depends_on: dict[str, Annotated[tuple[str, ...], Unique]] = {}
    """With ``paging: incident``: target to the targets that it rests on, such as ``ecs.web:
    [rds.main]``; left out, it rests on all of the layers below (database, tasks, log, application,
    load balancer, outside check).
    """

    def routing(self, region: str | None) -> dict[str, Any]:
        """What AlertRouting takes, with severities as plain words and secrets kept secret.

        Args:
            region: where the alarms are: they reach only topics of their own region. ``None``
                where the settings do not say.
        """
        secret = {
            severity.value: {
                name: pulumi.Output.secret(url.get_secret_value()) for name, url in urls.items()
            }
            for severity, urls in self.webhooks.items()
        }
        near = {
            severity.value: [topic for topic in topics if region in (None, topic.split(":")[3])]
            for severity, topics in self.topics.items()
        }
        apart = {"webhooks", "topics", "slack", "microsoft_teams", "depends_on"}
        plain = self.model_dump(mode="json", exclude=apart)
        return {**plain, "webhooks": secret, "topics": near}

    def endpoints(self, severity: Severity) -> tuple[Endpoint[str | SecretStr], ...]:
        """What receives a severity's notifications."""
        return endpoints(
            severity,
            emails=self.emails,
            webhooks=self.webhooks,
            queues=self.queues,
            topics=self.topics,
            slack=_addresses(self.slack),
            teams=_addresses(self.microsoft_teams),
        )

    def channels(self) -> Iterator[tuple[SlackChannel | TeamsChannel, tuple[Severity, ...]]]:
        """Each chat channel once, with the severities that it is told of."""
        for by_severity in (self.slack, self.microsoft_teams):
            every = [channel for channels in by_severity.values() for channel in channels]
            for channel in dict.fromkeys(every):
                yield (
                    channel,
                    tuple(s for s, channels in by_severity.items() if channel in channels),
                )


def _addresses(
    channels: Mapping[Severity, Sequence[SlackChannel | TeamsChannel]],
) -> dict[Severity, list[str]]:
    return {severity: [one.address for one in found] for severity, found in channels.items()}
