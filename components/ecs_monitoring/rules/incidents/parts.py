"""What the grouping of alarms needs to know of the alarms, as a value that crosses languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.rule import AlarmRule, Severity
from ecs_monitoring.cloudwatch.value_text import text_of, value_in
from ecs_monitoring.rules.layer import Layer
from ecs_monitoring.rules.made_once import MadeOnce
from ecs_monitoring.rules.plan import Kind, Plan

EVALUATION: Final = 60
"""Seconds: CloudWatch evaluates an alarm once a minute, at a second of its own.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""


@dataclass(frozen=True, kw_only=True)
class Member:
    """One metric alarm, as far as incidents are concerned.

    Attributes:
        address: as in the stack's exports.
        name: the alarm's name in CloudWatch.
        severity: how much it matters.
        title: a few words, for people.
        runbook: link or text that says what to do; empty for none.
        period: seconds that one datapoint covers.
        evaluation_periods: N, the most recent datapoints that are looked at.
        datapoints_to_alarm: M, how many of them must breach.
        longest_delay: seconds that its metrics' data may be late.
        foresees: whether it is on hours or days before anything fails.
    """

    address: str
    name: str
    severity: Severity
    title: str
    runbook: str
    period: int
    evaluation_periods: int
    datapoints_to_alarm: int
    longest_delay: int
    foresees: bool = False

    @classmethod
    def of(cls, rule: AlarmRule, *, foresees: bool = False) -> Self:
        """What a rule's alarm is to incidents."""
        return cls(
            address=rule.address,
            name=rule.name,
            severity=rule.severity,
            title=rule.title,
            runbook=rule.runbook,
            period=rule.period,
            evaluation_periods=rule.evaluation_periods,
            datapoints_to_alarm=rule.breaching_datapoints,
            longest_delay=rule.timing.longest_delay,
            foresees=foresees,
        )

    @property
    def target(self) -> str:
        """The target's name in the settings."""
        return AlarmAddress(self.address).target

    @property
    def breaching(self) -> int:
        """Seconds that its condition has to hold: M periods."""
        return self.datapoints_to_alarm * self.period

    @property
    def earliest(self) -> int:
        """Seconds from the beginning of the trouble until it can be on.

        The last of M datapoints breaches with the first evaluation that sees any of it.
        """
        return self.breaching - self.period + min(self.period, EVALUATION)

    @property
    def latest(self) -> int:
        """Seconds until it is on: M whole periods, late data, and the next evaluation."""
        return self.breaching + self.longest_delay + EVALUATION

    @property
    def over(self) -> int:
        """Seconds from the end of the trouble until it is off again.

        At worst all N datapoints have to be good ones, and their data is late.
        """
        return self.evaluation_periods * self.period + self.longest_delay + EVALUATION

    @property
    def shortest_firing(self) -> int:
        """Seconds that it is on at least, once it is.

        One breaching datapoint of N keeps it on until it has left the N. Where M must breach, the
        next one may already be too few.
        """
        return (self.evaluation_periods if self.datapoints_to_alarm == 1 else 1) * self.period


@dataclass(frozen=True, kw_only=True)
class IncidentPart:
    """The alarms of one monitoring component.

    Attributes:
        component: the component's name; the kind's key by convention.
        kind: the kind's key, such as ``rds``.
        layer: where the kind stands; ``None`` where it rests on nothing and nothing on it.
        region: the alarms' own region; empty for the stack's.
        targets: the names of all its targets, with or without an alarm.
        members: its alarms.
    """

    component: str
    kind: str
    layer: Layer | None
    region: str = ""
    targets: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()

    @classmethod
    def of(
        cls, kind: Kind[Any], plans: Mapping[str, Plan], *, component: str, region: str
    ) -> "IncidentPart":
        """The alarms of a component that watches targets of a kind.

        Settings and component ask for the same part; it is made once.

        Args:
            kind: the kind.
            plans: of each target, by name.
            component: the component's name.
            region: the alarms' own region; empty for the stack's.
        """
        foreseeing = kind.foreseeing
        return _MADE.of(
            (kind, component, region),
            (dict(plans),),
            lambda: cls(
                component=component,
                kind=kind.key,
                layer=kind.layer,
                region=region,
                targets=tuple(plans),
                members=tuple(
                    Member.of(rule, foresees=rule.key in foreseeing)
                    for plan in plans.values()
                    for rule in plan.rules
                ),
            ),
        )

    def as_json(self) -> str:
        """The part as one string, which other languages hand on as it is."""
        return text_of(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The part in such a string.

        Raises:
            InvalidValueError: it is none.
        """
        return value_in(text, cls, "is no part of incidents")


_MADE: Final[MadeOnce[IncidentPart]] = MadeOnce()
