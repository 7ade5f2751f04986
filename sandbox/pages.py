"""Who is woken in a scenario: how many pages, and how soon."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules.incidents import is_incident_of
from ecs_monitoring.words import MINUTE, counted
from sandbox.deployed import Deployed, DeployedComposite
from sandbox.simulation import SimulatedChange, Simulation


@dataclass(frozen=True)
class ScenarioPages:
    """Notifications that wake someone.

    Attributes:
        minutes: when each came that tells of trouble, in minutes since the scenario's start.
        recoveries: how many told that it is over.
    """

    minutes: tuple[int, ...] = ()
    recoveries: int = 0

    @property
    def first(self) -> int | None:
        """The minute of the first page; ``None`` without one."""
        return min(self.minutes, default=None)

    def __str__(self) -> str:
        if self.first is None:
            return "no page"
        recoveries = f", {_recoveries(self.recoveries)}" if self.recoveries else ""
        return f"{counted(len(self.minutes), 'page')}, the first in minute {self.first}{recoveries}"


def _recoveries(number: int) -> str:
    return "1 recovery" if number == 1 else f"{number} recoveries"


def pages_of(deployed: Deployed, simulation: Simulation) -> ScenarioPages:
    """The pages of a scenario as the stack is deployed."""
    if not deployed.pages_incidents:
        return alarm_pages(simulation)
    told = [event for event in simulation.incidents if event.actions]
    return ScenarioPages(
        tuple(
            event.told
            for event in told
            if event.told is not None and event.change.state is AlarmState.ALARM
        ),
        sum(event.change.state is AlarmState.OK for event in told),
    )


def alarm_pages(simulation: Simulation) -> ScenarioPages:
    """The pages of a scenario where every critical alarm pages."""
    critical = list(critical_changes(simulation))
    return ScenarioPages(
        tuple(
            c.told
            for c in critical
            if c.told is not None and c.evaluation.state is AlarmState.ALARM
        ),
        sum(c.evaluation.state is AlarmState.OK and bool(c.actions) for c in critical),
    )


def critical_changes(simulation: Simulation) -> Iterable[SimulatedChange]:
    """Changes of the critical alarms, whomever they tell."""
    return (c for c in simulation.changes if c.alarm.severity == Severity.CRITICAL)


def passing(deployed: Deployed, simulation: Simulation) -> tuple[int, ...]:
    """The minutes of the critical alarms whose incident is over before it has waited.

    They wake nobody, as the alarm that rolls a bad version back must not; and they are no part of
    what comes later.
    """
    return tuple(
        change.told
        for change, latest in _latest_pages(deployed, simulation)
        if latest is None and change.told is not None
    )


def latest_first_page(deployed: Deployed, simulation: Simulation) -> int | None:
    """The last minute in which the first page may come; ``None`` where nothing critical lasts.

    That is the first critical alarm and one waiting period, its group's.
    """
    minutes = (latest for _, latest in _latest_pages(deployed, simulation))
    return min((minute for minute in minutes if minute is not None), default=None)


def _latest_pages(
    deployed: Deployed, simulation: Simulation
) -> Iterator[tuple[SimulatedChange, int | None]]:
    """Each critical alarm, and the minute when it has waited; ``None`` if it is over by then."""
    groups = [c for c in deployed.composites.values() if c.definition.alarm_actions]
    for change in critical_changes(simulation):
        if change.told is None or change.evaluation.state is not AlarmState.ALARM:
            continue
        own = [group for group in groups if is_incident_of(group.address, change.alarm.address)]
        waits = [group.definition.wait_period // MINUTE for group in own]
        lasting = [
            wait
            for group, wait in zip(own, waits, strict=True)
            if not _is_off_within(simulation, group, change.minute, wait)
        ]
        # What a mute holds back has waited by its end, or waits on.
        waited = max(change.told, change.minute + max(lasting, default=0))
        yield change, waited if lasting or not own else None


def latest_takeover(simulation: Simulation, latest: int) -> int:
    """The same where a cause shows by then: it has its own waiting period before it.

    No setting of CloudWatch shortens that period for this case alone; see docs/incidents.md.

    Args:
        simulation: what came of a scenario.
        latest: the minute by which there is a page, or a cause takes over.
    """
    waited = (
        event.minute + event.alarm.definition.wait_period // MINUTE
        for event in simulation.incidents
        if event.change.state is AlarmState.ALARM
        and event.minute <= latest
        and event.alarm.definition.alarm_actions
    )
    return max(latest, *waited)


def _is_off_within(
    simulation: Simulation, group: DeployedComposite, minute: int, minutes: int
) -> bool:
    """Whether a group goes off within some minutes of one."""
    return any(
        event.alarm is group
        and event.change.state is not AlarmState.ALARM
        and minute < event.minute < minute + minutes
        for event in simulation.incidents
    )
