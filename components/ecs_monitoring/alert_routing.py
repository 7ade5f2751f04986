"""One SNS topic a severity, who may publish to it, and who is notified."""

import json
import re
from dataclasses import dataclass
from typing import Optional

import pulumi
import pulumi_aws as aws

from ecs_monitoring.args import InvalidArgsError, as_args
from ecs_monitoring.aws_identity import aws_identity
from ecs_monitoring.cloudwatch.endpoint import Endpoint, EndpointKind, endpoints
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.dead_letters import QUEUE_NAME_LENGTH, dead_letter_queue
from ecs_monitoring.monitoring import TYPE_PREFIX
from ecs_monitoring.names import of_stack, own_part, within
from ecs_monitoring.outputs import checked_secret, mapping_of, when_asked
from ecs_monitoring.policies import dead_letter_policy, key_policy, topic_policy
from ecs_monitoring.recipients import (
    AlertRoutingArgs,
    Recipients,
    own_severities,
    refuse_unknown_severities,
)
from ecs_monitoring.routing import RouteArgs, RoutingArgs, refuse_unknown_patterns
from ecs_monitoring.rules.delivery import carrier_name
from ecs_monitoring.rules.incidents import Paging
from ecs_monitoring.rules.webhooks import heard_webhook

DEFAULT_NAME = "alerts"
DEFAULT_TOPIC_NAME = "django-app-alerts"

# https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
_TOPIC_NAME_LENGTH = 256
_TOPIC_NAME = re.compile(r"[A-Za-z0-9_-]+")

# https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
_ALIAS_LENGTH = 256


@dataclass(frozen=True, kw_only=True)
class NotificationWay:
    """Names of what carries the notifications of one severity, of the stack or of a team."""

    severity: Severity
    topic: str
    dead_letters: str
    """The queue for what nobody took; empty where nobody is subscribed."""
    team: str = ""
    """Whose they are; empty for the stack's own."""


class AlertRouting(pulumi.ComponentResource):
    """SNS topics by severity with policy, encryption, subscriptions and dead letters."""

    topics: pulumi.Output[dict[str, str]] = when_asked(lambda self: mapping_of(self.topic_arns))
    """Severity to the ARN of its topic."""

    team_topics: pulumi.Output[dict[str, dict[str, str]]] = when_asked(
        lambda self: pulumi.Output.from_input(self.team_topic_arns)
    )
    """Team to severity to the ARN of the team's own topic."""

    routing: RoutingArgs
    """What monitoring components need to know: all topics by severity."""

    def __init__(
        self,
        name: str,
        args: AlertRoutingArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        """Register the topics of all severities.

        Args:
            name: the component's name.
            args: severities and subscribers.
            opts: the component's options.

        Raises:
            InvalidArgsError: an unknown severity, or a topic's name that cannot be.
        """
        super().__init__(f"{TYPE_PREFIX}:AlertRouting", name, None, opts)
        self._name = name
        self._path = f"AlertRouting {name!r}"
        self._args = as_args(AlertRoutingArgs, args, self._path)
        teams = self._args.teams or {}
        self._recipients: dict[str, Recipients] = {"": self._args, **teams}
        refuse_unknown_severities(
            {self._path_of(team): given for team, given in self._recipients.items()}
        )
        refuse_unknown_patterns(teams, self._path)
        self._aws = aws_identity(self, self._args.region)
        # Without a topic there is nothing to encrypt, and a key costs money.
        self._key: Optional[aws.kms.Key] = None
        wanted = [
            (team, severity)
            for team, given in self._recipients.items()
            for severity in own_severities(given)
        ]
        if self._args.encryption and wanted:
            self._key = self._encryption_key()
        # No output: names for DeliveryMonitoring, which other languages write themselves.
        self.ways: dict[str, NotificationWay] = {}
        self._topics: dict[tuple[str, str], aws.sns.Topic] = {}
        # A plain loop: Pulumi looks through the stack at each registration, frame by frame.
        for team, severity in wanted:
            self._topics[team, severity] = self._topic(team, severity)
        # As ``topics`` and ``team_topics``, each ARN by itself.
        self.topic_arns = self._own_arns("")
        self.team_topic_arns = {team: self._own_arns(team) for team in teams}
        self.routing = RoutingArgs(
            topics=self._told(""),
            notify_on_recovery=[severity.value for severity in self._args.notify_on_recovery or ()],
            paging=(self._args.paging or Paging.ALARM).value,
            routes=[
                RouteArgs(team=team, alarms=given.alarms, topics=self._told(team))
                for team, given in teams.items()
            ],
        )
        self.register_outputs({"topics": self.topic_arns, "team_topics": self.team_topic_arns})

    def topics_of(self, severity: str) -> list[pulumi.Input[str]]:
        """The ARNs of a severity's topics: the one made for it, and further ones."""
        return self._told("")[severity]

    def own_topic(self, severity: str, team: str = "") -> Optional[pulumi.Output[str]]:
        """The ARN of the topic made for a severity, or a team's; ``None`` where there is none."""
        topic = self._topics.get((team, severity))
        return topic.arn if topic else None

    def _own_arns(self, team: str) -> dict[str, pulumi.Output[str]]:
        return {severity: topic.arn for (of, severity), topic in self._topics.items() if of == team}

    def _told(self, team: str) -> dict[str, list[pulumi.Input[str]]]:
        """Severity to its topics: the one that is made, and further ones."""
        further = self._recipients[team].topics or {}
        own = self._own_arns(team)
        # The stack's severities decide which there are; a team may have given topics alone.
        severities = [s for s in Severity if s in own or (team and further.get(s))]
        return {
            severity.value: [
                *([own[severity]] if severity in own else []),
                *further.get(severity, ()),
            ]
            for severity in severities
        }

    def _path_of(self, team: str) -> str:
        return f"{self._path}.teams.{team}" if team else self._path

    def _names_base(self, team: str = "") -> str:
        """What the names of the topics of the stack, or of a team, begin with."""
        base = self._args.topic_name or DEFAULT_TOPIC_NAME
        if not _TOPIC_NAME.fullmatch(base):
            raise InvalidArgsError.at(
                f"{self._path}.topic_name", f"{base!r}: write letters, digits, - and _"
            )
        parts = [own_part(self._name, DEFAULT_NAME), *([f"team-{team}"] if team else [])]
        return of_stack(base, usual=DEFAULT_TOPIC_NAME, own=".".join(filter(None, parts)))

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _encryption_key(self) -> "aws.kms.Key":
        key = aws.kms.Key(
            f"{self._name}-key",
            description=f"SNS topics of alarms: {self._names_base()}",
            enable_key_rotation=True,
            policy=self._aws.apply(
                lambda at: key_policy(at, events=any(g.events for g in self._recipients.values()))
            ),
            tags=self._args.tags,
            region=self._args.region,
            opts=self._child(),
        )
        aws.kms.Alias(
            f"{self._name}-key",
            name=within(f"alias/{self._names_base()}", _ALIAS_LENGTH),
            target_key_id=key.key_id,
            region=self._args.region,
            opts=self._child(),
        )
        return key

    def _topic(self, team: str, severity: str) -> aws.sns.Topic:
        name = self._child_name(team, severity)
        topic_name = within(f"{self._names_base(team)}-{severity}", _TOPIC_NAME_LENGTH)
        topic = aws.sns.Topic(
            name,
            name=topic_name,
            kms_master_key_id=self._key.arn if self._key else None,
            tags=self._args.tags,
            region=self._args.region,
            opts=self._child(),
        )
        aws.sns.TopicPolicy(
            name,
            arn=topic.arn,
            policy=pulumi.Output.all(self._aws, topic.arn).apply(
                lambda v: topic_policy(*v, events=severity in (self._recipients[team].events or ()))
            ),
            region=self._args.region,
            opts=self._child(),
        )
        is_heard = self._subscribe(team, severity, topic)
        self.ways[carrier_name(team, Severity(severity))] = NotificationWay(
            team=team,
            severity=Severity(severity),
            topic=topic_name,
            dead_letters=self._dead_letters_name(team, severity) if is_heard else "",
        )
        return topic

    def _child_name(self, team: str, severity: str) -> str:
        """The Pulumi name of a topic; with a dot, which no routing and no severity has."""
        return f"{self._name}.{team}-{severity}" if team else f"{self._name}-{severity}"

    def _dead_letters_name(self, team: str, severity: str) -> str:
        return within(f"{self._names_base(team)}-{severity}-dead", QUEUE_NAME_LENGTH)

    def _subscribe(self, team: str, severity: str, topic: aws.sns.Topic) -> bool:
        """Register the subscriptions; whether there are any."""
        given = self._recipients[team]
        subscribers: tuple[Endpoint[pulumi.Input[str]], ...] = endpoints(
            severity,
            emails=given.emails,
            secret_emails=given.secret_emails,
            webhooks=given.webhooks,
            queues=given.queues,
        )
        if not subscribers:
            return False
        name = self._child_name(team, severity)
        redrive = self._dead_letters(team, severity, topic).apply(
            lambda arn: json.dumps({"deadLetterTargetArn": arn})
        )
        for endpoint in subscribers:
            protocol = endpoint.kind.protocol
            aws.sns.TopicSubscription(
                f"{name}-{protocol}-{endpoint.name}",
                topic=topic.arn,
                protocol=protocol,
                endpoint=self._address(team, endpoint),
                redrive_policy=redrive,
                region=self._args.region,
                opts=self._child(),
            )
        return True

    def _address(self, team: str, endpoint: Endpoint[pulumi.Input[str]]) -> pulumi.Input[str]:
        """An address, if need be as a secret; a URL once SNS is known to deliver to it."""
        if not endpoint.is_secret and not self._args.secret:
            return endpoint.address
        if endpoint.kind is not EndpointKind.WEBHOOK:
            return pulumi.Output.secret(endpoint.address)
        path = f"{self._path_of(team)}: webhooks.{endpoint.severity.value}.{endpoint.name}"
        return checked_secret(endpoint.address, heard_webhook, path)

    def _dead_letters(self, team: str, severity: str, topic: aws.sns.Topic) -> pulumi.Output[str]:
        """ARN of the queue that keeps what could not be delivered."""
        return dead_letter_queue(
            self,
            f"{self._child_name(team, severity)}-dead-letters",
            name=self._dead_letters_name(team, severity),
            policy=lambda queue: pulumi.Output.all(queue, topic.arn).apply(
                lambda arns: dead_letter_policy(*arns)
            ),
            tags=self._args.tags,
            region=self._args.region,
        ).arn
