"""Runs a scenario against the deployed alarms: which states they go through, minute by minute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import MetricKey
from ecs_monitoring.cloudwatch.evaluation import (
    CompositeChange,
    Evaluation,
    Series,
    SuppressedBy,
    composite_courses,
    timeline,
)
from ecs_monitoring.words import MINUTE
from sandbox.deployed import Deployed, DeployedAlarm, DeployedComposite
from sandbox.levels import fitted_changes, fitted_usual
from sandbox.log_events import log_samples
from sandbox.scenario import Scenario, ScenarioError, SeriesChange, Usual
from sandbox.signals import samples, usual_samples

_DAY_OF_ALL: Final = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday; scenarios are the same on whatever day they run."""

_WARM_UP: Final = 60
"""Minutes of usual traffic before minute 0, in which every alarm comes to its usual state."""


@dataclass(frozen=True, kw_only=True)
class AlarmChange:
    """An alarm that changed its state.

    Attributes:
        minute: minutes since the scenario's start.
        alarm: the alarm.
        evaluation: what it saw, and why it changed.
    """

    minute: int
    alarm: DeployedAlarm
    evaluation: Evaluation

    @property
    def actions(self) -> tuple[str, ...]:
        """The ARNs that CloudWatch would call."""
        definition = self.alarm.definition
        if not definition.actions_enabled:
            return ()
        return {
            AlarmState.ALARM: definition.alarm_actions,
            AlarmState.OK: definition.ok_actions,
            AlarmState.INSUFFICIENT_DATA: definition.insufficient_data_actions,
        }[self.evaluation.state]


@dataclass(frozen=True, kw_only=True)
class IncidentEvent:
    """A composite alarm that changed its state, carried out its actions, or both at once.

    Attributes:
        minute: minutes since the scenario's start.
        alarm: the composite alarm.
        time: seconds since 1970 UTC.
        change: the change of state: the last one, where actions that were held back follow later.
        by: what holds the actions back; ``None`` where they are carried out.
        children: the newest change of each alarm that it rests on and that is in ALARM.
    """

    minute: int
    alarm: DeployedComposite
    time: int
    change: CompositeChange
    by: SuppressedBy | None
    children: tuple[AlarmChange, ...]

    @property
    def actions(self) -> tuple[str, ...]:
        """The ARNs that CloudWatch calls now."""
        return () if self.by else self.alarm.definition.actions(self.change.state)

    @property
    def moment(self) -> datetime:
        """The time of the change of state in UTC."""
        return datetime.fromtimestamp(self.change.time, UTC)


@dataclass(frozen=True)
class Simulation:
    """What became of the alarms.

    Attributes:
        changes: every state change of a metric alarm from minute 0 on, in the order of time.
        before: each metric alarm's state at minute 0, by address.
        incidents: what composite alarms did, in the order of time.
    """

    changes: tuple[AlarmChange, ...]
    before: Mapping[str, AlarmState]
    incidents: tuple[IncidentEvent, ...] = ()


def simulate(deployed: Deployed, scenario: Scenario, usual: Mapping[str, Usual]) -> Simulation:
    """Play a scenario against the deployed alarms.

    Raises:
        ScenarioError: a series that is none of the usual metrics, or an alarm's metric of which
            nobody says what it is usually like.
    """
    start = _start(scenario)
    series = _series(deployed, scenario, usual, start)
    end = start + scenario.minutes * MINUTE
    changes: list[AlarmChange] = []
    before: dict[str, AlarmState] = {}
    for address, alarm in deployed.alarms.items():
        for found in timeline(alarm.definition, series, start - _WARM_UP * MINUTE // 2, end):
            if found.time <= start:
                before[address] = found.state
            elif found.changed:
                minute = (found.time - start) // MINUTE
                changes.append(AlarmChange(minute=minute, alarm=alarm, evaluation=found))
    in_order = sorted(changes, key=lambda change: (change.evaluation.time, change.alarm.address))
    incidents = _incidents(deployed, in_order, before, start, end)
    return Simulation(tuple(in_order), before, tuple(incidents))


def _incidents(
    deployed: Deployed,
    changes: Sequence[AlarmChange],
    before: Mapping[str, AlarmState],
    start: int,
    end: int,
) -> list[IncidentEvent]:
    """What the composite alarms do when the metric alarms change."""
    turns = {
        alarm.definition.name: [(start, before.get(address, AlarmState.INSUFFICIENT_DATA))]
        for address, alarm in deployed.alarms.items()
    }
    for change in changes:
        turns[change.alarm.definition.name].append(
            (change.evaluation.time, change.evaluation.state)
        )
    composites = {c.definition.name: c for c in deployed.composites.values()}
    courses = composite_courses(
        (c.definition for c in composites.values()), turns, first=start, last=end, settled=True
    )
    found = []
    for name, course in courses.items():
        if not course.definition.alarm_actions:
            continue
        acted = {action.time for action in course.actions}
        events = [(c.time, c, None if c.time in acted else c.by) for c in course.changes]
        for action in course.actions:
            last = [c for c in course.changes if c.time <= action.time][-1]
            if last.time != action.time:
                events.append((action.time, last, None))
        found += [
            IncidentEvent(
                minute=(time - start) // MINUTE,
                alarm=composites[name],
                time=time,
                change=change,
                by=by,
                children=_on(course.definition.children, changes, time),
            )
            for time, change, by in events
        ]
    return sorted(found, key=lambda event: (event.time, event.alarm.address))


def _on(names: Sequence[str], changes: Sequence[AlarmChange], time: int) -> tuple[AlarmChange, ...]:
    """The newest change of each of some alarms that is in ALARM at a time."""
    newest = {
        change.alarm.definition.name: change
        for change in changes
        if change.evaluation.time <= time and change.alarm.definition.name in names
    }
    return tuple(c for c in newest.values() if c.evaluation.state is AlarmState.ALARM)


def moment(scenario: Scenario, minute: int) -> datetime:
    """When a minute of a scenario is."""
    hours, minutes = map(int, scenario.start.split(":"))
    return _DAY_OF_ALL + timedelta(hours=hours, minutes=minutes + minute)


def _start(scenario: Scenario) -> int:
    return int(moment(scenario, 0).timestamp())


def _series(
    deployed: Deployed, scenario: Scenario, usual: Mapping[str, Usual], start: int
) -> dict[MetricKey, Series]:
    before = range(-_WARM_UP, 0)
    whole = range(-_WARM_UP, scenario.minutes)
    logged = log_samples(deployed.filters, scenario.logs, start=start, minutes=whole)
    found = {metric: Series(published) for metric, published in logged.items()}
    for metric, targets in _readers(deployed).items():
        if metric in found:
            continue
        name = f"{metric.namespace} {metric.name}"
        if name not in usual:
            raise ScenarioError(
                f"{name} has no metric sheet, which says what it is like on an ordinary day: "
                "add one to ecs_monitoring/catalog/metrics"
            )
        ordinary = fitted_usual(usual[name], metric, deployed)
        changes = fitted_changes(_changes(scenario, name, targets), metric, deployed)
        # Each metric has noise of its own, the same in every run.
        seed = f"{scenario.seed}/{name}/{sorted(metric.dimensions)}"
        found[metric] = Series(
            [
                *usual_samples(ordinary, start=start, minutes=before, seed=seed),
                *samples(
                    ordinary, changes, start=start, minutes=scenario.minutes, seed=f"{seed}/0"
                ),
            ]
        )
    _refuse_unknown(scenario, usual)
    return found


def _readers(deployed: Deployed) -> dict[MetricKey, set[str]]:
    """Each metric that an alarm reads, with the targets whose alarms do."""
    readers: dict[MetricKey, set[str]] = {}
    for alarm in deployed.alarms.values():
        for metric in alarm.definition.metrics:
            readers.setdefault(metric, set()).add(alarm.address.target)
    return readers


def _changes(scenario: Scenario, name: str, targets: set[str]) -> Sequence[SeriesChange]:
    """What happens to a metric: for its target if the scenario names it, for all otherwise."""
    for target in sorted(targets):
        if f"{name}@{target}" in scenario.series:
            return scenario.series[f"{name}@{target}"]
    return scenario.series.get(name, ())


def _refuse_unknown(scenario: Scenario, usual: Mapping[str, Usual]) -> None:
    for series in scenario.series:
        if series.partition("@")[0] not in usual:
            raise ScenarioError(
                f"series {series!r}: write one of the metrics that have a sheet, such as "
                f"{next(iter(usual))!r}"
            )
