"""Runs a scenario against the deployed alarms: which states they go through, minute by minute."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.evaluation import (
    Evaluation,
    composite_courses,
    timeline,
)
from ecs_monitoring.cloudwatch.mute import MuteWindow, carried_out
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.words import MINUTE
from sandbox.deployed import Deployed, DeployedAlarm, DeployedComposite
from sandbox.published import WARM_UP, ScenarioMetrics
from sandbox.scenario import Scenario
from sandbox.scenario_steps import OrdinaryMetric
from sandbox.simulation import IncidentEvent, SimulatedChange, Simulation

_DAY_OF_ALL: Final = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday; scenarios are the same on whatever day they run."""


def simulate(
    deployed: Deployed,
    scenario: Scenario,
    usual: Mapping[str, OrdinaryMetric],
    ordinary: "OrdinaryDays | None" = None,
) -> Simulation:
    """Play a scenario against the deployed alarms, and be ECS in a deployment.

    Args:
        deployed: the alarms.
        scenario: what happens.
        usual: what each metric is usually like.
        ordinary: what several scenarios share, the scenario among them; left out, made for it.

    Raises:
        ScenarioError: a series that is none of the usual metrics, or an alarm's metric of which
            nobody says what it is usually like.
    """
    ordinary = ordinary or OrdinaryDays(deployed, [scenario], usual)
    if scenario.rollout and not deployed.deployment_alarms:
        scenario = scenario.without_events()
    simulation = _played(deployed, scenario, usual, ordinary)
    rollback = _rollback(deployed, scenario, simulation.changes)
    if rollback is None:
        return simulation
    over = scenario.over_after(rollback.minute, usual)
    return replace(_played(deployed, over, usual, ordinary), rollback=rollback)


def _rollback(
    deployed: Deployed, scenario: Scenario, changes: Iterable[SimulatedChange]
) -> SimulatedChange | None:
    """The first alarm that is on while ECS looks: it fails the deployment."""
    rollout = scenario.rollout
    if rollout is None:
        return None
    for change in changes:
        looks = rollout.at <= change.minute <= rollout.at + rollout.bake
        is_on = change.evaluation.state is AlarmState.ALARM
        if looks and is_on and change.alarm.definition.name in deployed.deployment_alarms:
            return change
    return None


def _played(
    deployed: Deployed,
    scenario: Scenario,
    usual: Mapping[str, OrdinaryMetric],
    ordinary: "OrdinaryDays",
) -> Simulation:
    start = _start(scenario)
    end = start + scenario.minutes * MINUTE
    published = ScenarioMetrics(deployed, scenario, usual, start)
    if not published.is_in_stack:
        return Simulation((), {}, is_in_stack=False)
    changes: list[SimulatedChange] = []
    before: dict[str, AlarmState] = {}
    for address, alarm in deployed.alarms.items():
        is_touched = any(published.is_touched(metric) for metric in alarm.definition.metrics)
        course = _course(alarm, published) if is_touched else ordinary.course(alarm, scenario)
        if course.before is not None:
            before[address] = course.before
        changed = [evaluation for evaluation in course.changes if evaluation.time <= end]
        windows = list(_windows(deployed, scenario, alarm, start, end))
        times = [evaluation.time for evaluation in changed]
        changes += [
            SimulatedChange(
                minute=(evaluation.time - start) // MINUTE,
                alarm=alarm,
                evaluation=evaluation,
                delay=_delay(evaluation.time, times, windows, end),
            )
            for evaluation in changed
        ]
    in_order = sorted(changes, key=lambda change: (change.evaluation.time, change.alarm.address))
    incidents = _incidents(deployed, scenario, in_order, before, start, end)
    return Simulation(tuple(in_order), before, tuple(incidents))


@dataclass(frozen=True)
class _Course:
    """An alarm's state at minute 0 of a scenario, and how it changes from there on."""

    before: AlarmState | None
    changes: tuple[Evaluation, ...]


def _course(alarm: DeployedAlarm, published: ScenarioMetrics) -> _Course:
    series = {metric: published.series(metric) for metric in alarm.definition.metrics}
    start, end = published.start, published.start + published.minutes * MINUTE
    created = start if published.is_new else None
    first = start if published.is_new else start - WARM_UP * MINUTE // 2
    before: AlarmState | None = None
    changes = []
    for evaluation in timeline(alarm.definition, series, first, end, created=created):
        if evaluation.time <= start:
            before = evaluation.state
        elif evaluation.changed:
            changes.append(evaluation)
    return _Course(before, tuple(changes))


class OrdinaryDays:
    """Alarms to whose metrics nothing happens: the same in all scenarios that begin alike.

    Args:
        deployed: the alarms.
        scenarios: that are to be played.
        usual: what each metric is usually like.
    """

    def __init__(
        self, deployed: Deployed, scenarios: Iterable[Scenario], usual: Mapping[str, OrdinaryMetric]
    ) -> None:
        longest: dict[tuple[str, int], Scenario] = {}
        for scenario in sorted(scenarios, key=lambda scenario: scenario.minutes):
            if ScenarioMetrics(deployed, scenario, usual, _start(scenario)).is_in_stack:
                longest[scenario.start, scenario.seed] = scenario
        self._published = {
            key: ScenarioMetrics(deployed, scenario.without_events(), usual, _start(scenario))
            for key, scenario in longest.items()
        }
        self._courses: dict[tuple[str, int, str], _Course] = {}

    def course(self, alarm: DeployedAlarm, scenario: Scenario) -> _Course:
        """The alarm's course at the scenario's time of day, at least as long as the scenario."""
        key = (scenario.start, scenario.seed, alarm.address)
        if key not in self._courses:
            published = self._published[scenario.start, scenario.seed]
            self._courses[key] = _course(alarm, published)
        return self._courses[key]


def _incidents(
    deployed: Deployed,
    scenario: Scenario,
    changes: Sequence[SimulatedChange],
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
    incidents = []
    for name, course in courses.items():
        if not course.definition.alarm_actions:
            continue
        acted = {action.time for action in course.actions}
        events = [(c.time, c, None if c.time in acted else c.by) for c in course.changes]
        for action in course.actions:
            last = [c for c in course.changes if c.time <= action.time][-1]
            if last.time != action.time:
                events.append((action.time, last, None))
        windows = list(_windows(deployed, scenario, composites[name], start, end))
        times = [change.time for change in course.changes]
        incidents += [
            IncidentEvent(
                minute=(time - start) // MINUTE,
                alarm=composites[name],
                time=time,
                change=change,
                by=by,
                children=_on(course.definition.children, changes, time),
                delay=_delay(time, times, windows, end),
            )
            for time, change, by in events
        ]
    return sorted(incidents, key=lambda event: (event.time, event.alarm.address))


def _on(
    names: Sequence[str], changes: Sequence[SimulatedChange], time: int
) -> tuple[SimulatedChange, ...]:
    """The newest change of each of some alarms that is in ALARM at a time."""
    newest = {
        change.alarm.definition.name: change
        for change in changes
        if change.evaluation.time <= time and change.alarm.definition.name in names
    }
    return tuple(c for c in newest.values() if c.evaluation.state is AlarmState.ALARM)


def _delay(
    time: int, changes: Iterable[int], windows: Iterable[MuteWindow], end: int
) -> int | None:
    """Minutes for which actions are held back; ``None`` where they are not carried out at all."""
    told = carried_out(time, changes, windows)
    # What would be told after the scenario is not told in it.
    return None if told is None or told > end else (told - time) // MINUTE


def _windows(
    deployed: Deployed,
    scenario: Scenario,
    alarm: DeployedAlarm | DeployedComposite,
    start: int,
    end: int,
) -> Iterator[MuteWindow]:
    """When an alarm is muted, by the stack's rules and by hand."""
    severity = alarm.severity if isinstance(alarm, DeployedAlarm) else Severity.CRITICAL
    for rule in deployed.mutes:
        if rule.region == alarm.region and alarm.definition.name in rule.alarms:
            yield from rule.schedule.windows(start, end)
    for mute in scenario.mutes:
        if mute.takes(alarm.address, severity):
            yield MuteWindow(start + mute.at * MINUTE, start + mute.end * MINUTE)


def moment(scenario: Scenario, minute: int) -> datetime:
    """When a minute of a scenario is."""
    hours, minutes = map(int, scenario.start.split(":"))
    return _DAY_OF_ALL + timedelta(hours=hours, minutes=minutes + minute)


def _start(scenario: Scenario) -> int:
    return int(moment(scenario, 0).timestamp())
