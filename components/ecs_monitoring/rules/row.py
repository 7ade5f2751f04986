"""A rule as one row: everything about it, from what it watches to where its numbers come from."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Any, Final, Generic, TypeVar

from ecs_monitoring.catalog.metrics import Fact, Reading
from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.interval import Interval
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.metric_math import bounds
from ecs_monitoring.cloudwatch.rule import (
    AlarmRule,
    LikelyMost,
    LowSamples,
    MissingData,
    Outage,
    Severity,
    WarmUp,
)
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules.condition import Condition, Held
from ecs_monitoring.rules.off_hours import OffHours
from ecs_monitoring.rules.target import Target

T = TypeVar("T", bound=Target)

AWS_RECOMMENDED: Final = (
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"
    "Best_Practice_Recommended_Alarms_AWS_Services.html"
)
"""AWS's recommended alarms."""

GUIDE: Final = "the monitoring guide"
"""The guide that this project began with."""

RUNBOOKS: Final = "docs/runbooks.md"
"""Where the rules' runbooks are, unless a stack says otherwise."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose rules these are: what makes the names of their alarms unique.

    Attributes:
        project: the Pulumi project.
        stack: the Pulumi stack.
        component: the monitoring component's own name; the kind's key by convention.
        runbooks: page with one section a rule, each headed by the alarm key; empty for none.
    """

    project: str
    stack: str
    component: str
    runbooks: str = RUNBOOKS


@dataclass(frozen=True)
class Subject(Generic[T]):
    """One thing that a rule is made for: a target, or a part of it.

    Attributes:
        scope: whose rules these are.
        name: the target's name.
        target: the target.
        part: the part of it that is watched, such as a target group; empty for the whole.
    """

    scope: Scope
    name: str
    target: T
    part: str = ""

    def metric(self, reading: Reading, part: str = "") -> Metric:
        """A statistic of the subject's own metric, or of another part's."""
        return reading.of(self.target.dimensions(part or self.part))

    def words(self) -> dict[str, Any]:
        """What sentences may name in braces: ``{where}``, ``{target}`` and the target's fields."""
        return {
            **dict(self.target),
            "target": self.target,
            "where": self.target.where(self.part),
        }


@dataclass(frozen=True, kw_only=True)
class Math:
    """Metric math over the statistics of one subject.

    Attributes:
        reads: query id to the statistic that it stands for.
        expression: over these ids.
        returns: the expression's own id.
        label: what graphs and conditions call the result.
        unit: what the result is measured in.
        lowest: the value below which it says nothing.
        highest: the highest value that it can have, where the expression does not say it.
        outage: the state that no threshold of the result may tolerate.
        parts: query id to the part of the target that it is read of, where that is not the
            subject's own.
        steps: expressions by id, in an order in which each comes after those that it refers to.
    """

    reads: Mapping[str, Reading]
    expression: str
    returns: str
    label: str
    unit: Unit
    lowest: float = 0
    highest: float = math.inf
    outage: Outage | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)

    @property
    def every(self) -> int:
        """Seconds in which each of the metrics has a datapoint, while it is published."""
        return max(reading.every for reading in self.reads.values())

    def values(self, facts: Callable[[Fact], float | None]) -> Interval:
        """The values that the result can have in a period with data."""
        ids = {id_: reading.values(facts) for id_, reading in self.reads.items()}
        expressions = {**self.steps, self.returns: self.expression}
        return bounds(self.returns, expressions, ids).within(Interval(self.lowest, self.highest))

    @property
    def reaches_highest(self) -> bool:
        """Whether it can have the highest of its values, as far as that is looked at."""
        return True

    def of(self, subject: Subject[Any]) -> MetricMath:
        """The expression over the subject's metrics."""
        metrics = (
            MetricQuery(id=id_, source=subject.metric(reading, self.parts.get(id_, "")))
            for id_, reading in self.reads.items()
        )
        steps = (MetricQuery(id=id_, source=source) for id_, source in self.steps.items())
        result = MetricQuery(id=self.returns, source=self.expression, label=self.label)
        return MetricMath(queries=(*metrics, *steps, result), returned=self.returns)

    @classmethod
    def resting(cls, signal: "Reading | Math", hours: OffHours, value: float) -> "Math":
        """The signal outside off hours, and a value of no trouble in them."""
        if isinstance(signal, Reading):
            signal = cls(
                reads={"value": signal},
                expression="value",
                returns="watched",
                label=f"{signal.sheet.name} {signal.statistic}",
                unit=signal.unit,
            )
        return replace(
            signal,
            steps={**signal.steps, **hours.steps(next(iter(signal.reads)))},
            expression=f"IF(off, {value:g}, {signal.expression})",
            label=f"{signal.label} outside off hours",
        )


def _likely_most(signal: Reading | Math, target: Target) -> LikelyMost | None:
    """The highest value of a signal as far as the settings say, where AWS allows a higher one."""
    readings = [signal] if isinstance(signal, Reading) else signal.reads.values()
    facts = {reading.sheet.highest for reading in readings}
    estimates = {
        fact: likely
        for fact in facts
        if isinstance(fact, Fact) and (likely := target.likely_most(fact))
    }
    if not estimates:
        return None
    values = signal.values(
        lambda fact: estimates[fact].value if fact in estimates else target.bound(fact)
    )
    return LikelyMost(values.high, next(iter(estimates.values())).because)


@dataclass(frozen=True)
class Rule(Generic[T]):
    """When one thing about a kind of target is in trouble.

    Attributes:
        key: ``<kind>.<rule>``, for example ``ecs.cpu-high``.
        severity: decides the topic; or what chooses it for a target.
        title: a few words, for people.
        on: the statistic or the metric math that is watched, or what chooses it for a subject.
        when: the condition under which a datapoint breaches.
        held: for how long, ``<M> of <N> x <seconds> s``, or how that follows from the target.
        missing: what a period without data counts as.
        means: a sentence that says what it means and where to look first; ``{where}`` and the
            target's fields stand for their values.
        source: where the numbers come from.
        drawn_on: title of the graph on which the threshold is drawn; empty for none.
        runs_out: whether it watches for something that is about to run out, or is not there.
            However usual that has become, it is no noise: no history speaks for a threshold that
            tolerates more of it.
        foresees: whether it is on hours or days before anything fails. It explains no trouble that
            is there meanwhile, so it is an incident of its own, which nobody is silent for.
        judges_deployments: whether it says of a service's new version that it fails, at once and
            through nobody else's fault: such alarms roll a deployment back.
        unless: when a target does not have the rule, each with the reason.
        partly: when one of several conditions is off, each with the reason.
        each: the parts of a target of which each has an alarm of its own.
        basis: a sentence that says where the threshold comes from, where it needs saying.
        low_samples: for percentiles alone.
        warm_up: how a new alarm waits for what is as new as the alarm itself; the whole time where
            that publishes before it works. It is over once for all: no update starts it anew.
        off: what the signal is taken for in a target's off hours, far from any threshold; ``None``
            where the alarm is quiet by itself while there is nothing to watch.
        enabled: whether a target has it unless a stack turns it off; otherwise the reverse.
    """

    key: str
    severity: Severity | Callable[[T], Severity]
    title: str
    _: KW_ONLY
    on: Reading | Math | Callable[[Subject[T]], Reading | Math]
    when: Condition
    held: str | Callable[[T], str]
    missing: MissingData
    means: str
    source: str
    drawn_on: str = ""
    runs_out: bool = False
    foresees: bool = False
    judges_deployments: bool = False
    unless: Mapping[Callable[[T], bool], str] = field(default_factory=dict)
    partly: Mapping[Callable[[T], bool], str] = field(default_factory=dict)
    each: Callable[[T], Iterable[str]] = lambda target: ("",)
    basis: Callable[[T], str] | None = None
    low_samples: LowSamples = LowSamples.EVALUATE
    warm_up: WarmUp | None = None
    off: float | None = None
    enabled: bool = True

    def reasons(self, conditions: Mapping[Callable[[T], bool], str], target: T) -> list[str]:
        """Which of some conditions hold for a target, in their words."""
        return [
            reason.format(**dict(target)) for holds, reason in conditions.items() if holds(target)
        ]

    def severity_of(self, target: T) -> Severity:
        """Whose topic is told of a target."""
        return self.severity if isinstance(self.severity, Severity) else self.severity(target)

    def held_for(self, target: T) -> Held:
        """For how long the condition has to hold for a target."""
        return Held.of(self.held(target) if callable(self.held) else self.held)

    def alarm(self, subject: Subject[T]) -> AlarmRule:
        """The alarm of one subject, as it is by default and not yet named."""
        signal = self.on(subject) if callable(self.on) else self.on
        held = self.held_for(subject.target)
        threshold = self.when.threshold_of(subject.target)
        values = signal.values(subject.target.bound)
        likely_most = _likely_most(signal, subject.target)
        is_highest_reached = signal.reaches_highest
        meaning = self.means.format(**subject.words())
        hours = subject.target.rests() if self.off is not None else None
        if hours and self.off is not None:
            signal = Math.resting(signal, hours, self.off)
            meaning = f"{meaning} {hours.words()}"
        return AlarmRule(
            key=self.key,
            target=subject.name,
            part=subject.part,
            title=self.title,
            meaning=meaning,
            basis=self.basis(subject.target) if self.basis else "",
            severity=self.severity_of(subject.target),
            signal=signal.of(subject) if isinstance(signal, Math) else subject.metric(signal),
            comparison=self.when.comparison,
            threshold=threshold,
            unit=signal.unit,
            period=held.period,
            evaluation_periods=held.n,
            datapoints_to_alarm=held.m if held.m != held.n else None,
            treat_missing_data=self.missing,
            low_samples=self.low_samples,
            warm_up=self.warm_up,
            lowest=values.low,
            highest=values.high,
            is_highest_reached=is_highest_reached,
            likely_most=likely_most,
            default=threshold,
            every=signal.every,
            switches=hours.switches() if hours else (),
            rests=tuple(hours.stretches()) if hours else (),
            outage=signal.outage if isinstance(signal, Math) else None,
            graph=self.drawn_on,
            enabled=self.enabled,
        )
