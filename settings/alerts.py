"""Who is notified of which alarm."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import pulumi
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from ecs_monitoring.cloudwatch.endpoint import (
    SECRET_ENDPOINTS,
    Endpoint,
    EndpointKind,
    endpoints,
)
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules.chat import SlackChannel, TeamsChannel
from ecs_monitoring.rules.incidents import Paging
from ecs_monitoring.rules.mute import Mute
from settings.addresses import (
    Email,
    MuteName,
    Pattern,
    Queue,
    RoomForOwnTopic,
    SecretEmail,
    TeamName,
    Topic,
    TopicName,
    Unique,
    Webhook,
)


class Endpoints(BaseModel):
    """Who is told, by severity."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    topics: dict[Severity, Annotated[tuple[Topic, ...], RoomForOwnTopic]] = {}
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

    def told(self, region: str | None, *, hidden: bool) -> dict[str, Any]:
        """What AlertRouting takes, with severities as plain words and secrets kept secret.

        Args:
            region: where the alarms are: they reach only topics of their own region. ``None``
                where the settings do not say.
            hidden: whether nobody may read any address.
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
        if hidden:
            # A resource is called after an address that is a text, and after its number otherwise.
            plain = {
                field: {
                    severity: list(map(pulumi.Output.secret, addresses))
                    for severity, addresses in by_severity.items()
                }
                for field, by_severity in plain.items()
            }
        return {**plain, **secret, "topics": near}


class Route(Endpoints):
    """A team and the alarms and events that it is told of, in the place of everybody else."""

    alarms: Annotated[tuple[Pattern, ...], Unique, Field(min_length=1)]
    """Kinds (``rds``), keys (``ecs.cpu-high``, ``ecs.deployment-failed``), targets (``@payments``)
    or both (``ecs.cpu-high@payments``); ``*`` stands for any characters. The most exact route wins.
    """


class AlertSettings(Endpoints):
    """Topics, subscriptions, routes and encryption."""

    topic_name: TopicName = "django-app-alerts"
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

    mutes: dict[MuteName, Mute] = {}
    """Windows in which alarms tell nobody, by a name of their own; what is still on when one ends
    notifies then.
    """

    def routing(self, region: str | None, *, hidden: bool) -> dict[str, Any]:
        """What AlertRouting takes besides severities and teams: see ``told``."""
        plain = {"topic_name", "encryption", "notify_on_recovery", "paging"}
        return {**self.told(region, hidden=hidden), **self.model_dump(mode="json", include=plain)}

    def secret_places(self) -> Iterator[tuple[str, ...]]:
        """Where in ``alerts`` something stands that must be a secret."""
        for where, _, group in self.groups():
            for field in SECRET_ENDPOINTS:
                for severity, by_name in getattr(group, field).items():
                    for name in by_name:
                        yield *where, field, severity.value, name

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
