"""Who is woken in a scenario: how many pages, and how soon."""

from collections.abc import Iterable
from dataclasses import dataclass

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.words import MINUTE, counted
from sandbox.deployed import Deployed, DeployedComposite
from sandbox.simulate import AlarmChange, Simulation


@dataclass(frozen=True)
class Pages:
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


def pages_of(deployed: Deployed, simulation: Simulation) -> Pages:
    """The pages of a scenario as the stack is deployed."""
    if not deployed.pages_incidents:
        return alarm_pages(simulation)
    told = [event for event in simulation.incidents if event.actions]
    return Pages(
        tuple(
            event.told
            for event in told
            if event.told is not None and event.change.state is AlarmState.ALARM
        ),
        sum(event.change.state is AlarmState.OK for event in told),
    )


def alarm_pages(simulation: Simulation) -> Pages:
    """The pages of a scenario where every critical alarm pages."""
    critical = list(critical_changes(simulation))
    return Pages(
        tuple(
            c.told
            for c in critical
            if c.told is not None and c.evaluation.state is AlarmState.ALARM
        ),
        sum(c.evaluation.state is AlarmState.OK and bool(c.actions) for c in critical),
    )


def critical_changes(simulation: Simulation) -> Iterable[AlarmChange]:
    """Changes of the critical alarms, whomever they tell."""
    return (c for c in simulation.changes if c.alarm.severity == Severity.CRITICAL)


def latest_first_page(deployed: Deployed, simulation: Simulation) -> int | None:
    """The last minute in which the first page may come; ``None`` where nothing critical is on.

    That is the first critical alarm, the waiting period of its group, and where a cause below
    takes over within it, the cause's own waiting period.
    """
    fired = [
        (change.told, change)
        for change in critical_changes(simulation)
        if change.told is not None and change.evaluation.state is AlarmState.ALARM
    ]
    if not fired:
        return None
    minute, first = min(fired, key=lambda one: one[0])
    named = {c.definition.name: c for c in deployed.composites.values()}
    name = first.alarm.definition.name
    groups = [c for c in named.values() if c.definition.alarm_actions]
    own = [c for c in groups if name in c.definition.children]
    waits = [
        c.definition.wait_period
        + max((below.definition.wait_period for below in _below(c, named)), default=0)
        for c in own
    ]
    return minute + max(waits, default=0) // MINUTE


def _below(
    group: DeployedComposite, named: dict[str, DeployedComposite]
) -> Iterable[DeployedComposite]:
    """The composite alarms that hold a group back, and those that hold back these."""
    left = [group.definition.suppressor]
    while left:
        below = named.get(left.pop())
        if below is not None:
            yield below
            is_group = bool(below.definition.alarm_actions)
            left += [below.definition.suppressor] if is_group else below.definition.children
