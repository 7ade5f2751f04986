"""One SNS topic a severity, who may publish to it, and who hears of it."""

import json
import re
from dataclasses import dataclass
from typing import Optional

import pulumi
import pulumi_aws as aws

from ecs_monitoring.args import InvalidArgsError, as_args, mapping_of
from ecs_monitoring.cloudwatch.endpoint import Endpoint, EndpointKind, endpoints
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.monitoring import TYPE_PREFIX
from ecs_monitoring.names import of_stack, within
from ecs_monitoring.policies import aws_identity, dead_letter_policy, key_policy, topic_policy
from ecs_monitoring.routing import RoutingArgs
from ecs_monitoring.rules.incidents import Paging
from ecs_monitoring.rules.webhooks import heard_webhook
from ecs_monitoring.words import did_you_mean

DEFAULT_NAME = "alerts"
DEFAULT_TOPIC_NAME = "django-app-alerts"

# Undeliverable notifications are kept as long as SQS keeps anything, so that a weekend is not
# too long: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
_DEAD_LETTER_SECONDS = 1_209_600

# https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
_TOPIC_NAME_LENGTH = 256
_TOPIC_NAME = re.compile(r"[A-Za-z0-9_-]+")

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
_QUEUE_NAME_LENGTH = 80

# https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
_ALIAS_LENGTH = 256


@dataclass(frozen=True, kw_only=True)
class AlertRoutingArgs:
    """Severities, and who hears of each."""

    severities: list[Severity]
    """A topic is made for each."""

    topic_name: Optional[str] = None
    """Topics are called ``<topic_name>-<project>-<stack>-<severity>``."""

    topics: Optional[dict[str, list[pulumi.Input[str]]]] = None
    """ARNs of existing topics that hear too, by severity."""

    emails: Optional[dict[str, list[pulumi.Input[str]]]] = None
    """Addresses by severity."""

    webhooks: Optional[dict[str, dict[str, pulumi.Input[str]]]] = None
    """Https URLs by severity and a name of their own; kept secret."""

    queues: Optional[dict[str, list[pulumi.Input[str]]]] = None
    """ARNs of SQS queues by severity."""

    encryption: Optional[bool] = None
    """Whether topics are encrypted with a KMS key made for them."""

    notify_on_recovery: Optional[list[Severity]] = None
    """Severities that hear of the return to OK too."""

    events: Optional[list[Severity]] = None
    """Severities whose topics rules of EventBridge publish to; the others keep EventBridge out."""
    paging: Optional[Paging] = None
    """alarm: every critical alarm tells the critical topic, which is so if left out. incident: only
    the composite alarms of an IncidentPaging do; both severities must then be there.
    """

    region: Optional[str] = None
    """Where the topics live, if not in the provider's region."""

    tags: Optional[dict[str, pulumi.Input[str]]] = None
    """Tags of everything."""


class AlertRouting(pulumi.ComponentResource):
    """SNS topics by severity with policy, encryption, subscriptions and dead letters."""

    topics: pulumi.Output[dict[str, str]]
    """Severity to the ARN of its topic."""

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
        self._refuse_unknown_severities()
        self._aws = aws_identity(self, self._args.region)
        self._base = self._names_base()
        # Without a topic there is nothing to encrypt, and a key costs money.
        needs_key = self._args.encryption and self._args.severities
        self._key = self._encryption_key() if needs_key else None
        self._topics = {one.value: self._topic(one.value) for one in self._args.severities}
        self.topics = mapping_of({name: topic.arn for name, topic in self._topics.items()})
        self.routing = RoutingArgs(
            topics={severity: self.topics_of(severity) for severity in self._topics},
            notify_on_recovery=[one.value for one in self._args.notify_on_recovery or ()],
            paging=(self._args.paging or Paging.ALARM).value,
        )
        self.register_outputs({"topics": self.topics})

    def topics_of(self, severity: str) -> list[pulumi.Input[str]]:
        """The ARNs of all topics that hear of a severity: the one made for it, and further ones."""
        return [self._topics[severity].arn, *(self._args.topics or {}).get(severity, ())]

    def own_topic(self, severity: str) -> Optional[pulumi.Output[str]]:
        """The ARN of the topic made for a severity; ``None`` where there is none."""
        topic = self._topics.get(severity)
        return topic.arn if topic else None

    def _refuse_unknown_severities(self) -> None:
        """Subscribers under a misspelt severity would silently hear nothing."""
        args = self._args
        mappings = {
            "topics": args.topics,
            "emails": args.emails,
            "webhooks": args.webhooks,
            "queues": args.queues,
        }
        for field, by_severity in mappings.items():
            for severity in by_severity or ():
                if severity not in list(Severity):
                    path = f"{self._path}.{field}"
                    raise InvalidArgsError(
                        f"{path}: severity {severity!r}{did_you_mean(severity, list(Severity))}",
                        path,
                    )

    def _names_base(self) -> str:
        base = self._args.topic_name or DEFAULT_TOPIC_NAME
        if not _TOPIC_NAME.fullmatch(base):
            raise InvalidArgsError(
                f"{self._path}.topic_name: {base!r}: write letters, digits, - and _",
                f"{self._path}.topic_name",
            )
        # A second routing in the stack must not ask for the first one's topics.
        own = "" if self._name == DEFAULT_NAME else self._name.removeprefix(f"{DEFAULT_NAME}-")
        return of_stack(base, usual=DEFAULT_TOPIC_NAME, own=own)

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _encryption_key(self) -> aws.kms.Key:
        key = aws.kms.Key(
            f"{self._name}-key",
            description=f"SNS topics of alarms: {self._base}",
            enable_key_rotation=True,
            policy=self._aws.apply(lambda at: key_policy(at, events=bool(self._args.events))),
            tags=self._args.tags,
            region=self._args.region,
            opts=self._child(),
        )
        aws.kms.Alias(
            f"{self._name}-key",
            name=within(f"alias/{self._base}", _ALIAS_LENGTH),
            target_key_id=key.key_id,
            region=self._args.region,
            opts=self._child(),
        )
        return key

    def _topic(self, severity: str) -> aws.sns.Topic:
        topic = aws.sns.Topic(
            f"{self._name}-{severity}",
            name=within(f"{self._base}-{severity}", _TOPIC_NAME_LENGTH),
            kms_master_key_id=self._key.arn if self._key else None,
            tags=self._args.tags,
            region=self._args.region,
            opts=self._child(),
        )
        aws.sns.TopicPolicy(
            f"{self._name}-{severity}",
            arn=topic.arn,
            policy=pulumi.Output.all(self._aws, topic.arn).apply(
                lambda v: topic_policy(*v, events=severity in (self._args.events or ()))
            ),
            region=self._args.region,
            opts=self._child(),
        )
        self._subscribe(severity, topic)
        return topic

    def _subscribe(self, severity: str, topic: aws.sns.Topic) -> None:
        args = self._args
        subscribers: tuple[Endpoint[pulumi.Input[str]], ...] = endpoints(
            severity, emails=args.emails, webhooks=args.webhooks, queues=args.queues
        )
        if not subscribers:
            return
        redrive = self._dead_letters(severity, topic).apply(
            lambda arn: json.dumps({"deadLetterTargetArn": arn})
        )
        for endpoint in subscribers:
            is_secret = endpoint.kind is EndpointKind.WEBHOOK
            protocol, address = endpoint.kind.protocol, endpoint.address
            aws.sns.TopicSubscription(
                f"{self._name}-{severity}-{protocol}-{endpoint.name}",
                topic=topic.arn,
                protocol=protocol,
                endpoint=self._heard(endpoint) if is_secret else address,
                redrive_policy=redrive,
                region=self._args.region,
                opts=self._child(),
            )

    def _heard(self, webhook: Endpoint[pulumi.Input[str]]) -> pulumi.Output[str]:
        """The URL as a secret, once SNS is known to be able to deliver to it."""
        path = f"{self._path}: webhooks.{webhook.severity.value}.{webhook.name}"

        def checked(url: str) -> str:
            try:
                return heard_webhook(url)
            except ValueError as error:
                raise InvalidArgsError(f"{path} {error}", path) from None

        if isinstance(webhook.address, str):
            return pulumi.Output.secret(checked(webhook.address))
        address: pulumi.Output[str] = pulumi.Output.all(webhook.address).apply(lambda v: v[0])
        return pulumi.Output.secret(address.apply(checked))

    def _dead_letters(self, severity: str, topic: aws.sns.Topic) -> pulumi.Output[str]:
        """ARN of the queue that keeps what could not be delivered."""
        queue = aws.sqs.Queue(
            f"{self._name}-{severity}-dead-letters",
            name=within(f"{self._base}-{severity}-dead", _QUEUE_NAME_LENGTH),
            message_retention_seconds=_DEAD_LETTER_SECONDS,
            # Encrypted by SQS's own key, which needs no key policy for SNS.
            sqs_managed_sse_enabled=True,
            tags=self._args.tags,
            region=self._args.region,
            opts=self._child(),
        )
        aws.sqs.QueuePolicy(
            f"{self._name}-{severity}-dead-letters",
            queue_url=queue.url,
            policy=pulumi.Output.all(queue.arn, topic.arn).apply(lambda v: dead_letter_policy(*v)),
            region=self._args.region,
            opts=self._child(),
        )
        return queue.arn
