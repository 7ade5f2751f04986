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
from ecs_monitoring.names import within
from ecs_monitoring.policies import aws_identity, dead_letter_policy, key_policy, topic_policy
from ecs_monitoring.routing import RoutingArgs
from ecs_monitoring.words import did_you_mean

DEFAULT_NAME = "alerts"
DEFAULT_TOPIC_NAME = "django-app-alerts"

# Undeliverable notifications are kept as long as SQS keeps anything, so that a weekend is not
# too long: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
_DEAD_LETTER_SECONDS = 1_209_600

# https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
_TOPIC_NAME_LENGTH = 256
_TOPIC_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{_TOPIC_NAME_LENGTH}}}")

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
_QUEUE_NAME_LENGTH = 80


@dataclass(frozen=True, kw_only=True)
class AlertRoutingArgs:
    """Severities, and who hears of each.

    Attributes:
        severities: a topic is made for each (``critical``, ``warning``).
        topic_name: topics are called ``<topic_name>-<stack>-<severity>``.
        topics: ARNs of existing topics that hear too, by severity.
        emails: addresses by severity.
        webhooks: https URLs by severity and a name of their own; kept secret.
        queues: ARNs of SQS queues by severity.
        encryption: whether topics are encrypted with a KMS key made for them.
        notify_on_recovery: severities that hear of the return to OK too.
        region: where the topics live, if not in the provider's region.
        tags: tags of everything.
    """

    severities: list[str]
    topic_name: Optional[str] = None
    topics: Optional[dict[str, list[pulumi.Input[str]]]] = None
    emails: Optional[dict[str, list[pulumi.Input[str]]]] = None
    webhooks: Optional[dict[str, dict[str, pulumi.Input[str]]]] = None
    queues: Optional[dict[str, list[pulumi.Input[str]]]] = None
    encryption: Optional[bool] = None
    notify_on_recovery: Optional[list[str]] = None
    region: Optional[str] = None
    tags: Optional[dict[str, pulumi.Input[str]]] = None


class AlertRouting(pulumi.ComponentResource):
    """SNS topics by severity with policy, encryption, subscriptions and dead letters.

    Attributes:
        topics: severity to the ARN of its topic.
    """

    topics: pulumi.Output[dict[str, str]]

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
            InvalidArgsError: an unknown severity, or a topic's name that would be too long.
        """
        super().__init__(f"{TYPE_PREFIX}:AlertRouting", name, None, opts)
        self._name = name
        self._args = as_args(AlertRoutingArgs, args, f"AlertRouting {name!r}")
        self._refuse_unknown_severities()
        self._aws = aws_identity(self, self._args.region)
        self._base = self._topic_base()
        # Without a topic there is nothing to encrypt, and a key costs money.
        needs_key = self._args.encryption and self._args.severities
        self._key = self._encryption_key() if needs_key else None
        self._topics = {severity: self._topic(severity) for severity in self._args.severities}
        self.topics = mapping_of({name: topic.arn for name, topic in self._topics.items()})
        self.register_outputs({"topics": self.topics})

    @property
    def routing(self) -> RoutingArgs:
        """What monitoring components need to know: topics by severity."""
        further = self._args.topics or {}
        return RoutingArgs(
            topics={
                severity: [topic.arn, *further.get(severity, [])]
                for severity, topic in self._topics.items()
            },
            notify_on_recovery=self._args.notify_on_recovery,
        )

    def _refuse_unknown_severities(self) -> None:
        """Subscribers under a misspelt severity would silently hear nothing."""
        args = self._args
        mappings = (args.topics, args.emails, args.webhooks, args.queues)
        named = [args.severities, args.notify_on_recovery, *mappings]
        for severity in (name for names in named for name in names or ()):
            if severity not in list(Severity):
                raise InvalidArgsError(
                    f"AlertRouting {self._name!r}: severity {severity!r}"
                    f"{did_you_mean(severity, list(Severity))}"
                )

    def _topic_base(self) -> str:
        # A second routing in the stack must not ask for the first one's topics.
        suffix = "" if self._name == DEFAULT_NAME else f"-{self._name}"
        base = self._args.topic_name or f"{DEFAULT_TOPIC_NAME}{suffix}"
        base = f"{base}-{pulumi.get_stack()}"
        for severity in self._args.severities:
            topic = f"{base}-{severity}"
            if not _TOPIC_NAME.fullmatch(topic):
                raise InvalidArgsError(
                    f"topic name {topic!r}: topic_name and the stack's name have letters, digits, "
                    f"- and _ only, and leave it {_TOPIC_NAME_LENGTH} characters at most (it has "
                    f"{len(topic)})"
                )
        return base

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _encryption_key(self) -> aws.kms.Key:
        key = aws.kms.Key(
            f"{self._name}-key",
            description=f"SNS topics of alarms: {self._base}",
            enable_key_rotation=True,
            policy=self._aws.apply(key_policy),
            tags=self._args.tags,
            region=self._args.region,
            opts=self._child(),
        )
        aws.kms.Alias(
            f"{self._name}-key",
            name=f"alias/{self._base}",
            target_key_id=key.key_id,
            region=self._args.region,
            opts=self._child(),
        )
        return key

    def _topic(self, severity: str) -> aws.sns.Topic:
        topic = aws.sns.Topic(
            f"{self._name}-{severity}",
            name=f"{self._base}-{severity}",
            kms_master_key_id=self._key.arn if self._key else None,
            tags=self._args.tags,
            region=self._args.region,
            opts=self._child(),
        )
        aws.sns.TopicPolicy(
            f"{self._name}-{severity}",
            arn=topic.arn,
            policy=pulumi.Output.all(self._aws, topic.arn).apply(lambda v: topic_policy(*v)),
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
                endpoint=pulumi.Output.secret(address) if is_secret else address,
                redrive_policy=redrive,
                region=self._args.region,
                opts=self._child(),
            )

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
