"""Runs a scenario against the deployed alarms: which states they go through, minute by minute."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import MetricKey
from ecs_monitoring.cloudwatch.evaluation import Evaluation, Series, timeline
from ecs_monitoring.cloudwatch.mute import MuteWindow, carried_out
from ecs_monitoring.words import MINUTE
from sandbox.deployed import Deployed, DeployedAlarm
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
        delay: minutes for which a mute rule holds its actions back; ``None`` where the alarm has
            left the state by then, so that they are never carried out.
    """

    minute: int
    alarm: DeployedAlarm
    evaluation: Evaluation
    delay: int | None = 0

    @property
    def told(self) -> int | None:
        """The minute in which its actions are carried out; ``None`` for never."""
        return None if self.delay is None else self.minute + self.delay

    @property
    def actions(self) -> tuple[str, ...]:
        """The ARNs that CloudWatch calls, now or at the end of a window."""
        return () if self.delay is None else self.configured_actions

    @property
    def configured_actions(self) -> tuple[str, ...]:
        """The ARNs that the alarm has for its new state, muted or not."""
        definition = self.alarm.definition
        if not definition.actions_enabled:
            return ()
        return {
            AlarmState.ALARM: definition.alarm_actions,
            AlarmState.OK: definition.ok_actions,
            AlarmState.INSUFFICIENT_DATA: definition.insufficient_data_actions,
        }[self.evaluation.state]


@dataclass(frozen=True)
class Simulation:
    """What became of the alarms.

    Attributes:
        changes: every state change from minute 0 on, in the order of time.
        before: each alarm's state at minute 0, by address.
    """

    changes: tuple[AlarmChange, ...]
    before: Mapping[str, AlarmState]


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
        changed: list[Evaluation] = []
        for found in timeline(alarm.definition, series, start - _WARM_UP * MINUTE // 2, end):
            if found.time <= start:
                before[address] = found.state
            elif found.changed:
                changed.append(found)
        windows = _windows(deployed, scenario, alarm, start, end)
        times = carried_out([one.time for one in changed], windows)
        changes += [
            AlarmChange(
                minute=(one.time - start) // MINUTE,
                alarm=alarm,
                evaluation=one,
                # What would be told after the scenario is not told in it.
                delay=None if told is None or told > end else (told - one.time) // MINUTE,
            )
            for one, told in zip(changed, times, strict=True)
        ]
    in_order = sorted(changes, key=lambda change: (change.evaluation.time, change.alarm.address))
    return Simulation(tuple(in_order), before)


def _windows(
    deployed: Deployed, scenario: Scenario, alarm: DeployedAlarm, start: int, end: int
) -> Iterator[MuteWindow]:
    """When an alarm is muted, by the stack's rules and by hand."""
    for rule in deployed.mutes:
        if rule.region == alarm.region and alarm.definition.name in rule.alarms:
            yield from rule.schedule.windows(start, end)
    for mute in scenario.mutes:
        if mute.takes(alarm.address, alarm.severity):
            yield MuteWindow(start + mute.at * MINUTE, start + mute.until * MINUTE)


def _start(scenario: Scenario) -> int:
    hours, minutes = map(int, scenario.start.split(":"))
    return int((_DAY_OF_ALL + timedelta(hours=hours, minutes=minutes)).timestamp())


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
