"""What AWS tells of once, when it happens: rules of EventBridge that publish to alert topics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

import pulumi
import pulumi_aws as aws

from ecs_monitoring.args import InvalidArgsError, as_args
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.dead_letters import QUEUE_NAME_LENGTH, dead_letter_queue
from ecs_monitoring.ecs import EcsTargetArgs
from ecs_monitoring.event_planner import EventPlanner, event_sections
from ecs_monitoring.eventbridge import limits
from ecs_monitoring.monitoring import TYPE_PREFIX
from ecs_monitoring.names import of_stack, own_part, within
from ecs_monitoring.outputs import mapping_of, plain_output, when_asked
from ecs_monitoring.policies import event_dead_letter_policy
from ecs_monitoring.rds import RdsTargetArgs
from ecs_monitoring.routing import refuse_unknown_patterns
from ecs_monitoring.rules import EVENTS
from ecs_monitoring.rules.events import (
    ALL,
    EventChange,
    EventRule,
    EventTeam,
)
from ecs_monitoring.words import did_you_mean

DEFAULT_NAME = "events"

# EventBridge tries for a day unless told otherwise. What arrives after an hour helps nobody any
# more, and only what is given up is counted as failed, which an alarm watches.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
_RETRY_SECONDS = 3600
_RETRIES = 185


@dataclass(frozen=True, kw_only=True)
class EventChangeArgs:
    """What is wanted otherwise of an event."""

    enabled: Optional[bool] = None
    """Whether there is a rule for it."""

    severity: Optional[Severity] = None
    """Whose topics are notified."""


@dataclass(frozen=True, kw_only=True)
class EventTeamArgs:
    """A team that is told of some events in the place of the stack's own topics."""

    alarms: list[str]
    """Sections (rds), keys (ecs.deployment-failed), targets (@payments) or both, ``*`` for any
    characters; the most exact pattern of any team wins, as with alarms.
    """

    topics: dict[str, list[pulumi.Input[str]]]
    """Severity to the ARNs of the team's topics; of other severities the stack's own are told."""


@dataclass(frozen=True, kw_only=True)
class EventMonitoringArgs:
    """What AWS tells of, and whom."""

    topics: dict[str, list[pulumi.Input[str]]]
    """Severity (critical, warning) to the ARNs of its topics, in the component's region.

    The policy of each, and of its key, must let ``events.amazonaws.com`` in.
    """

    teams: Optional[dict[str, EventTeamArgs]] = None
    """Teams by name; what no team has, ``topics`` are told of."""

    ecs: Optional[dict[str, EcsTargetArgs]] = None
    """Name to ECS service."""

    rds: Optional[dict[str, RdsTargetArgs]] = None
    """Name to database."""

    services: Optional[list[str]] = None
    """What AWS Health calls the services of AWS of whose issues and changes it tells, such as
    ``ELASTICLOADBALANCING``.
    """

    changes: Optional[dict[str, EventChangeArgs]] = None
    """Changes to the events by key (``ecs.deployment-failed``), or by section (``ecs.all``)."""

    runbooks: Optional[str] = None
    """Page with one section an event, to which messages link; no link if left out."""

    region: Optional[str] = None
    """Where the rules are, if not in the provider's region."""

    tags: Optional[dict[str, pulumi.Input[str]]] = None
    """Tags of everything that is registered."""


@dataclass(frozen=True, kw_only=True)
class EventWay:
    """Names of the rules that publish to topics of a severity, and of what they lose."""

    severity: Severity
    rules: tuple[str, ...]
    dead_letters: str
    """The queue for what no topic took."""


class EventMonitoring(pulumi.ComponentResource):
    """A rule an event, its targets, and a queue a severity for what could not be delivered.

    Teams have rules and queues of their own.
    """

    rules: pulumi.Output[dict[str, str]] = when_asked(lambda self: mapping_of(self.rule_arns))
    """Event key (``ecs.deployment-failed``), a team's with ``--<team>``, to the ARN of its rule."""

    omitted: pulumi.Output[dict[str, str]] = when_asked(lambda self: plain_output(self.omissions))
    """``<key>@<target>`` to the reason why nobody is told of it."""

    def __init__(
        self,
        name: str,
        args: EventMonitoringArgs,
        opts: Optional[pulumi.ResourceOptions] = None,
    ) -> None:
        """Register the rules of all targets' events.

        Args:
            name: the component's name.
            args: targets, topics and changes.
            opts: the component's options.

        Raises:
            InvalidArgsError: a target that cannot be, or a severity without a topic.
        """
        super().__init__(f"{TYPE_PREFIX}:EventMonitoring", name, None, opts)
        self._name = name
        self._path = f"EventMonitoring {name!r}"
        self._args = as_args(EventMonitoringArgs, args, self._path)
        self._base = of_stack(DEFAULT_NAME, usual=DEFAULT_NAME, own=own_part(name, DEFAULT_NAME))
        self._refuse_unknown_changes()
        refuse_unknown_patterns(self._args.teams or {}, self._path)
        given = self._args
        rules, omitted = self._planner().planned(
            event_sections(given.ecs or {}, given.rds or {}, given.services or ())
        )
        for rule, _ in rules:
            self._topics(rule)
        # No output: names for DeliveryMonitoring, which other languages write themselves.
        self.ways: dict[str, EventWay] = {}
        # A plain loop: Pulumi looks through the stack at each registration, frame by frame.
        made: dict[str, aws.cloudwatch.EventRule] = {}
        for rule, pattern in rules:
            made[rule.local_name] = aws.cloudwatch.EventRule(**self._described(rule, pattern))
        by_way: dict[str, list[EventRule]] = {}
        for rule, _ in rules:
            by_way.setdefault(rule.way, []).append(rule)
        for way, of_way in by_way.items():
            queue = self._dead_letters(way, of_way, made)
            for rule in of_way:
                for number, topic in enumerate(self._topics(rule), start=1):
                    target = self._described_target(rule, made, number, topic, queue)
                    aws.cloudwatch.EventTarget(**target)
        # As ``rules`` and ``omitted``, for what is made and exported in the same program.
        self.rule_arns = {key: rule.arn for key, rule in made.items()}
        self.omissions = omitted
        self.register_outputs({"rules": self.rule_arns, "omitted": omitted})

    def _refuse_unknown_changes(self) -> None:
        """Changes under a misspelt key would silently change nothing."""
        keys = [*EVENTS, *dict.fromkeys(f"{row.section}.{ALL}" for row in EVENTS.values())]
        for key in self._args.changes or {}:
            if key not in keys:
                raise InvalidArgsError.at(
                    f"{self._path}.changes.{key}", f'unknown event "{key}"{did_you_mean(key, keys)}'
                )

    def _planner(self) -> EventPlanner:
        args = self._args
        return EventPlanner(
            component=self,
            changes={
                key: EventChange(enabled=change.enabled, severity=change.severity)
                for key, change in (args.changes or {}).items()
            },
            teams={
                team: EventTeam(
                    tuple(given.alarms), frozenset(s for s in Severity if given.topics.get(s.value))
                )
                for team, given in (args.teams or {}).items()
            },
            runbooks=args.runbooks or "",
            region=args.region,
            path=self._path,
        )

    def _topics(self, rule: EventRule) -> Sequence[pulumi.Input[str]]:
        given = self._args.topics
        path = f"{self._path}.topics"
        if rule.team:
            given = (self._args.teams or {})[rule.team].topics
            path = f"{self._path}.teams.{rule.team}.topics"
        topics = given.get(rule.severity.value)
        if not topics:
            others = ", ".join(given) or "none"
            raise InvalidArgsError(
                f"{path} has no topic for {rule.severity} events such as {rule.row.key} "
                f"(severities with topics: {others})",
                path,
            )
        if len(topics) > limits.TARGETS_PER_RULE:
            raise InvalidArgsError(
                f"{path} has {len(topics)} topics for {rule.severity} events: a rule of "
                f"EventBridge has at most {limits.TARGETS_PER_RULE} targets",
                path,
            )
        return topics

    def _rule_name(self, rule: EventRule) -> str:
        local = rule.local_name.replace(".", "-")
        return within(f"{self._base}-{local}", limits.RULE_NAME_LENGTH)

    def _described(self, rule: EventRule, pattern: pulumi.Input[str]) -> dict[str, Any]:
        """What a rule is registered with."""
        where = f"{rule.row.title} ({rule.severity}): {', '.join(rule.targets)}"
        return {
            "resource_name": f"{self._name}.{rule.local_name}",
            "name": self._rule_name(rule),
            "description": where[: limits.RULE_DESCRIPTION_LENGTH],
            "event_pattern": pattern,
            "tags": {
                **(self._args.tags or {}),
                "EventKey": rule.row.key,
                "Severity": rule.severity.value,
            },
            "region": self._args.region,
            "opts": pulumi.ResourceOptions(parent=self),
        }

    def _dead_letters(
        self, way: str, rules: Sequence[EventRule], made: Mapping[str, aws.cloudwatch.EventRule]
    ) -> "aws.sqs.Queue":
        """The queue for what the topics of a severity, or a team's, do not take."""
        team = rules[0].team
        own = ".".join(filter(None, (own_part(self._name, DEFAULT_NAME), team and f"team-{team}")))
        base = of_stack(DEFAULT_NAME, usual=DEFAULT_NAME, own=own)
        queue_name = within(f"{base}-{rules[0].severity}-dead", QUEUE_NAME_LENGTH)
        self.ways[way] = EventWay(
            severity=rules[0].severity,
            rules=tuple(self._rule_name(rule) for rule in rules),
            dead_letters=queue_name,
        )
        arns = [made[rule.local_name].arn for rule in rules]
        return dead_letter_queue(
            self,
            f"{self._name}{f'.{team}' if team else ''}-{rules[0].severity}-dead-letters",
            name=queue_name,
            policy=lambda queue: pulumi.Output.all(queue, *arns).apply(
                lambda arns: event_dead_letter_policy(arns[0], arns[1:])
            ),
            tags=self._args.tags,
            region=self._args.region,
        )

    def _described_target(
        self,
        rule: EventRule,
        made: Mapping[str, aws.cloudwatch.EventRule],
        number: int,
        topic: pulumi.Input[str],
        queue: "aws.sqs.Queue",
    ) -> dict[str, Any]:
        """What a topic is registered with as a target of a rule."""
        suffix = "" if number == 1 else f".{number}"
        return {
            "resource_name": f"{self._name}.{rule.local_name}{suffix}",
            "rule": made[rule.local_name].name,
            "target_id": f"topic-{number}",
            # No role: with one, EventBridge may fail to reach an encrypted topic.
            # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
            "arn": topic,
            "input_transformer": {
                "input_paths": dict(rule.transformer.paths),
                "input_template": rule.transformer.template,
            },
            "dead_letter_config": {"arn": queue.arn},
            "retry_policy": {
                "maximum_event_age_in_seconds": _RETRY_SECONDS,
                "maximum_retry_attempts": _RETRIES,
            },
            "region": self._args.region,
            "opts": pulumi.ResourceOptions(parent=self),
        }
