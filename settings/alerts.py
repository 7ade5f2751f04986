"""Who hears of which alarm."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final

import pulumi
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from ecs_monitoring.catalog.regions import partition_of
from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.endpoint import (
    SECRET_ENDPOINTS,
    Endpoint,
    EndpointKind,
    endpoints,
)
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules.arn import arn_resource
from ecs_monitoring.rules.chat import SlackChannel, TeamsChannel
from ecs_monitoring.rules.incidents import Paging
from ecs_monitoring.rules.mute import BY_HAND, Mute
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
    if not TARGET_NAME.fullmatch(value) or len(value) > _MUTE_NAME_LENGTH:
        raise ValueError(
            f"is no name for a mute: write up to {_MUTE_NAME_LENGTH} letters, digits, _ and single "
            "hyphens"
        )
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


def _pattern(value: str) -> str:
    AlarmPattern.parse(value)
    return value


def _team_name(value: str) -> str:
    if not TARGET_NAME.fullmatch(value) or len(value) > _TEAM_LENGTH:
        raise ValueError(
            f"is no name for a team: write up to {_TEAM_LENGTH} letters, digits, _ and single "
            "hyphens"
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


class Endpoints(BaseModel):
    """Who is told, by severity."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    topics: dict[Severity, Annotated[tuple[Topic, ...], AfterValidator(_room_for_own_topic)]] = {}
    """ARNs of existing topics that are notified besides the stack's own, at most 4."""

    emails: dict[Severity, Annotated[tuple[Email, ...], Unique]] = {}
    """Addresses by severity; each must confirm the mail that SNS sends it."""

    webhooks: dict[Severity, dict[str, Webhook]] = {}
    """https URLs by severity and a name of their own, as secrets: ``pulumi config set --secret
    --path 'django-ecs-monitoring:alerts.webhooks.critical.pagerduty' https://…``.
    """

    secret_emails: dict[Severity, dict[str, SecretEmail]] = {}
    """Addresses that nobody may know, such as those of an integration, by severity and a name of
    their own, as secrets like ``webhooks``.
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

    def endpoints(self, severity: Severity) -> tuple[Endpoint[str | SecretStr], ...]:
        """What receives a severity's notifications."""
        return endpoints(
            severity,
            emails=self.emails,
            secret_emails=self.secret_emails,
            webhooks=self.webhooks,
            queues=self.queues,
            topics=self.topics,
            slack=_addresses(self.slack),
            teams=_addresses(self.microsoft_teams),
        )

    def needs_topic(self, severity: Severity) -> bool:
        """Whether anybody is told who is no topic of its own."""
        return any(endpoint.kind is not EndpointKind.TOPIC for endpoint in self.endpoints(severity))

    def reaches(self, severity: Severity, region: str | None) -> bool:
        """Whether anybody is told of a severity's alarms in a region."""
        topics = self.topics.get(severity, ())
        return self.needs_topic(severity) or any(
            region in (None, topic.split(":")[3]) for topic in topics
        )

    def told(self, region: str | None) -> dict[str, Any]:
        """What AlertRouting takes, with severities as plain words and secrets kept secret.

        Args:
            region: where the alarms are: they reach only topics of their own region. ``None``
                where the settings do not say.
        """
        secret = {
            field: {
                severity.value: {
                    name: pulumi.Output.secret(address.get_secret_value())
                    for name, address in by_name.items()
                }
                for severity, by_name in getattr(self, field).items()
            }
            for field in SECRET_ENDPOINTS
        }
        near = {
            severity.value: [topic for topic in topics if region in (None, topic.split(":")[3])]
            for severity, topics in self.topics.items()
        }
        plain = self.model_dump(mode="json", include={"emails", "queues"})
        return {**plain, **secret, "topics": near}


class Route(Endpoints):
    """A team and the alarms and events that it is told of, in the place of everybody else."""

    alarms: Annotated[tuple[Pattern, ...], Unique, Field(min_length=1)]
    """Kinds (``rds``), keys (``ecs.cpu-high``, ``ecs.deployment-failed``), targets (``@payments``)
    or both (``ecs.cpu-high@payments``); ``*`` stands for any characters. The most exact route wins.
    """


class AlertSettings(Endpoints):
    """Topics, subscriptions, routes and encryption."""

    topic_name: Annotated[str, AfterValidator(_topic_name)] = "django-app-alerts"
    """Topics are called ``<topic_name>-<project>-<stack>-<severity>``."""

    routes: dict[TeamName, Route] = {}
    """Teams by name, each with ``alarms`` and, by severity, any of the fields above."""

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

    mutes: dict[Annotated[str, AfterValidator(_mute_name)], Mute] = {}
    """Windows in which alarms tell nobody, by a name of their own; what is still on when one ends
    notifies then.
    """

    def routing(self, region: str | None) -> dict[str, Any]:
        """What AlertRouting takes besides severities and teams: see ``told``."""
        plain = {"topic_name", "encryption", "notify_on_recovery", "paging"}
        return {**self.told(region), **self.model_dump(mode="json", include=plain)}

    def groups(self) -> Iterator[tuple[tuple[str, ...], str, Endpoints]]:
        """Everybody, the stack's own first: where in ``alerts``, the team's name, who is told."""
        yield (), "", self
        for team, route in self.routes.items():
            yield ("routes", team), team, route

    def channels(self) -> Iterator[tuple[SlackChannel | TeamsChannel, list[tuple[str, Severity]]]]:
        """Each chat channel once, with the teams (empty: the stack) and severities for which."""
        told: dict[SlackChannel | TeamsChannel, list[tuple[str, Severity]]] = {}
        for _, team, group in self.groups():
            for by_severity in (group.slack, group.microsoft_teams):
                for severity, channels in by_severity.items():
                    for channel in channels:
                        told.setdefault(channel, []).append((team, severity))
        yield from told.items()


def _addresses(
    channels: Mapping[Severity, Sequence[SlackChannel | TeamsChannel]],
) -> dict[Severity, list[str]]:
    return {
        severity: [channel.address for channel in listed] for severity, listed in channels.items()
    }
