"""From a target to its alarm rules: names, overrides, and what is left out and why."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Generic, TypeVar

from ecs_monitoring.cloudwatch.graph import DashboardPart
from ecs_monitoring.cloudwatch.override import AlarmOverride, overridden
from ecs_monitoring.cloudwatch.recent import recent_problems, recent_rule
from ecs_monitoring.cloudwatch.rule import AlarmRule, Problem
from ecs_monitoring.cloudwatch.rule_problems import rule_problems
from ecs_monitoring.rules.event_row import EventRow
from ecs_monitoring.rules.layer import Layer
from ecs_monitoring.rules.made_once import MadeOnce
from ecs_monitoring.rules.row import RUNBOOKS, Rule, Scope, Subject
from ecs_monitoring.rules.target import Configured, Target

__all__ = ["RUNBOOKS", "Kind", "Omitted", "Plan", "Scope", "SharedProblem", "section_of"]

T = TypeVar("T", bound=Target)


@dataclass(frozen=True)
class Omitted:
    """A rule that a target does not get.

    Attributes:
        key: the alarm key.
        target: the target's name.
        reason: why, in words that name what would turn it on.
    """

    key: str
    target: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """The rules of one target.

    Attributes:
        rules: what becomes an alarm.
        omitted: what does not, and why.
        reduced: what becomes an alarm of which one of several conditions is off, and why.
    """

    rules: tuple[AlarmRule, ...]
    omitted: tuple[Omitted, ...] = ()
    reduced: tuple[Omitted, ...] = ()

    @cached_property
    def problems(self) -> tuple[tuple[AlarmRule, Problem], ...]:
        """Everything that CloudWatch would refuse in these rules.

        Settings and component ask for the same; it is looked for once.
        """
        return tuple(
            (rule, problem)
            for rule in self.rules
            for problem in (*rule_problems(rule), *recent_problems(rule))
        )


@dataclass(frozen=True)
class SharedProblem:
    """A mistake that shows only where several targets of a kind meet.

    Attributes:
        target: name of the target at fault.
        field: its field at fault.
        value: what stands there.
        message: what to write instead.
    """

    target: str
    field: str
    value: object
    message: str


def _signal(target: Any, rule: AlarmRule) -> Iterable[Hashable]:
    return ((rule.key, repr(rule.signal)),)


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind(Generic[T]):
    """A kind of target and everything that is pure about watching it.

    Attributes:
        key: the settings' section, and the first part of each alarm key.
        title: what the kind is called on the dashboard.
        describes: what the settings' section names, for its documentation.
        target: the target's model.
        rows: the rules that every target of the kind may have.
        dashboard: graphs over all targets, with the rules' thresholds drawn on them.
        layer: whose trouble shows in it, and in whom its own does; ``None`` where it stands alone.
        section: what the settings' section holds, where that is not the target itself.
        targets: from the section to the targets that have alarms.
        part: what a part of a target with an alarm of its own is called.
        region: where the alarms are, if not in the stack's own region.
        events: what AWS tells of a target once, when it happens.
        aws_services: what its targets run on, as AWS Health names it.
        own_rules: further rules that a target brings along.
        own_keys: keys of such rules, from a target as it was written, valid or not.
        shared_problems: mistakes that show only where several targets meet.
        watched: what a target's alarm watches: two that have one of it in common tell the same.
    """

    key: str
    title: str
    describes: str
    target: type[T]
    rows: tuple[Rule[T], ...]
    dashboard: Callable[[Scope, Mapping[str, T], tuple[AlarmRule, ...]], DashboardPart]
    layer: Layer | None = None
    section: type[Configured] | None = None
    targets: Callable[[Mapping[str, Any]], Mapping[str, T]] = lambda configured: configured
    part: str = ""
    region: str = ""
    events: tuple[EventRow[T], ...] = ()
    aws_services: tuple[str, ...] = ()
    own_rules: Callable[[T], tuple[Rule[T], ...]] = lambda target: ()
    own_keys: Callable[[Mapping[str, Any]], Iterable[str]] = lambda fields: ()
    shared_problems: Callable[[Mapping[str, T]], Iterable[SharedProblem]] = lambda targets: ()
    watched: Callable[[T, AlarmRule], Iterable[Hashable]] = _signal
    _planned: MadeOnce[Plan] = field(default_factory=MadeOnce, init=False, repr=False)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The alarm keys of the rules that every target may have."""
        return tuple(row.key for row in self.rows)

    @cached_property
    def foreseeing(self) -> frozenset[str]:
        """The keys of those that are on long before anything fails."""
        return frozenset(row.key for row in self.rows if row.foresees)

    @property
    def configured(self) -> type[Configured]:
        """The model of what the settings' section holds under a name."""
        return self.section or self.target

    def rules(self, scope: Scope, name: str, target: T) -> Plan:
        """The default rules of one target, and those that its nature leaves out."""
        alarms: list[AlarmRule] = []
        omitted: list[Omitted] = []
        reduced: list[Omitted] = []
        for row in (*self.rows, *self.own_rules(target)):
            if reasons := row.reasons(row.unless, target):
                omitted.append(Omitted(row.key, name, reasons[0]))
                continue
            parts = row.each(target)
            alarms += [row.alarm(Subject(scope, name, target, part)) for part in parts]
            reduced += [Omitted(row.key, name, r) for r in row.reasons(row.partly, target)]
        return Plan(tuple(alarms), tuple(omitted), tuple(reduced))

    def plan(
        self, scope: Scope, name: str, target: T, overrides: Mapping[str, AlarmOverride]
    ) -> Plan:
        """The rules of one target as the stack wants them: named, overridden, with runbooks.

        Settings and component ask for the same plan; it is made once.
        """
        asked = (target, dict(overrides))
        return self._planned.of(
            (scope, name), asked, lambda: self._plan(scope, name, target, overrides)
        )

    def _plan(
        self, scope: Scope, name: str, target: T, overrides: Mapping[str, AlarmOverride]
    ) -> Plan:
        defaults = self.rules(scope, name, target)
        wanted = []
        omitted = list(defaults.omitted)
        for default in defaults.rules:
            rule = overridden(default, overrides)
            if not rule.enabled:
                omitted.append(Omitted(rule.key, name, _off_reason(default)))
                continue
            rule = replace(rule, runbook=rule.runbook or self._runbook(scope, rule))
            beside = recent_rule(rule)
            wanted += [
                replace(alarm, name=self.alarm_name(scope, alarm))
                for alarm in (rule, beside)
                if alarm is not None
            ]
        # A rule with an alarm a part of the target is left out once.
        keys = {rule.key for rule in wanted}
        reduced = tuple(omission for omission in defaults.reduced if omission.key in keys)
        return Plan(tuple(wanted), tuple(dict.fromkeys(omitted)), reduced)

    def alarm_name(self, scope: Scope, rule: AlarmRule) -> str:
        """``<project>-<stack>-<kind>-<target>-<rule>``, unique whatever the targets are called.

        A component that is not named after its kind stands before it with a dot
        (``payments.ecs``), so that two components of a kind never share a name.
        """
        owner = self.key if scope.component == self.key else f"{scope.component}.{self.key}"
        return f"{scope.project}-{scope.stack}-{owner}-{self.local_name(rule)}"

    def local_name(self, rule: AlarmRule) -> str:
        """Target and rule as one name, unique within the kind.

        Joined by a hyphen, ``web-database`` + ``errors`` and ``web`` + ``database-errors``
        would be the same. The longest rule name at the end has the hyphen; any other split
        is marked by two, which no target's name contains.
        """
        own = rule.key.removeprefix(f"{self.key}.")
        watched = f"{rule.target}.{rule.part}" if rule.part else rule.target
        joined = f"{watched}-{own}"
        longest = next((n for n in self._longest_first if joined.endswith(f"-{n}")), None)
        return joined if own == longest else f"{watched}--{own}"

    @cached_property
    def _longest_first(self) -> tuple[str, ...]:
        """The names of the rules that every target may have."""
        names = (key.removeprefix(f"{self.key}.") for key in self.keys)
        return tuple(sorted(names, key=len, reverse=True))

    def _runbook(self, scope: Scope, rule: AlarmRule) -> str:
        """The rule's section on the runbook page; the page itself for a stack's own patterns."""
        if rule.key not in self.keys:
            return scope.runbooks
        return section_of(scope.runbooks, rule.key)


def _off_reason(default: AlarmRule) -> str:
    if not default.enabled:
        return f'off by default: turn it on with alarms "{default.key}": {{enabled: true}}'
    return "switched off in the stack's alarms settings"


def section_of(page: str, heading: str) -> str:
    """The address of a section of a runbook page; empty where there is no page.

    Headings lose their dots in anchors.
    """
    return f"{page}#{heading.replace('.', '')}" if page else ""
