"""Whether a scenario came out as it must: who fired when, who was told, and nobody else."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.words import counted
from sandbox.aws_events import DeployedRule, Played, SentEvent
from sandbox.deployed import Deployed, DeployedAlarm
from sandbox.inbox import EVENT, Delivery
from sandbox.pages import ScenarioPages, alarm_pages, latest_first_page, latest_takeover, pages_of
from sandbox.scenario import Expectation, Scenario
from sandbox.simulation import IncidentEvent, SimulatedChange, Simulation

NO_EVENTS: Final = Played()
"""A scenario without events."""


@dataclass(frozen=True, kw_only=True)
class ScenarioVerdict:
    """How a scenario came out.

    Attributes:
        changes: the alarms' state changes.
        sent: what rules of EventBridge sent.
        incidents: what composite alarms did.
        pages: who was woken.
        alarm_pages: who would have been, had every critical alarm paged.
        heard: what arrived in the inboxes.
        faults: what is not as it must be, in words; empty where all is well.
        skipped: alarms that are expected to change and that the stack does not have.
        fired: keys of the alarms that fired, and of the events that were told of.
        rollback: the change that made ECS roll a deployment back; ``None`` where none did.
        is_in_stack: whether anything of the scenario can happen to the stack.
    """

    changes: tuple[SimulatedChange, ...]
    incidents: tuple[IncidentEvent, ...]
    pages: ScenarioPages
    alarm_pages: ScenarioPages
    sent: tuple[SentEvent, ...]
    heard: tuple[Delivery, ...]
    faults: tuple[str, ...]
    skipped: tuple[str, ...]
    fired: frozenset[str]
    rollback: SimulatedChange | None = None
    is_in_stack: bool = True


def judge(
    deployed: Deployed,
    scenario: Scenario,
    simulation: Simulation,
    heard: Sequence[Delivery],
    events: Played = NO_EVENTS,
) -> ScenarioVerdict:
    """Hold what happened against the scenario's expectations."""
    changes = simulation.changes
    faults = [
        f"{address} is in ALARM on an ordinary day: its threshold is within what is usual"
        for address, state in simulation.before.items()
        if state is AlarmState.ALARM
    ]
    skipped: list[str] = []
    expected: set[tuple[int, str]] = set()
    last = 0
    for expectation in scenario.expect:
        named = [
            alarm for alarm in deployed.alarms.values() if expectation.alarm in alarm.address.forms
        ]
        if not named:
            skipped.append(expectation.alarm)
        minutes = []
        for alarm in named:
            if not _applies(expectation, alarm, deployed):
                continue
            first = _first(changes, alarm, expectation)
            if first is None:
                faults.append(_missed(changes, alarm, expectation))
                continue
            expected.add((first.minute, alarm.address))
            faults += _told_otherwise(first, expectation)
            minutes.append(first.minute)
        if minutes and min(minutes) < last:
            faults.append(
                f"{expectation.alarm} changed to {expectation.to} at minute {min(minutes)}, before "
                "what is expected to come first"
            )
        last = max(last, min(minutes, default=last))
    faults += _unexpected(changes, expected)
    faults += events.faults
    faults += _rollout(deployed, scenario, simulation)
    faults += _delivery(deployed, simulation, events.sent, heard)
    faults += _paging(deployed, scenario, simulation, complete=not skipped)
    fired = frozenset(
        c.alarm.address.key for c in changes if c.evaluation.state is AlarmState.ALARM
    ) | frozenset(sent.rule.key for sent in events.sent)
    skipped += events.skipped
    return ScenarioVerdict(
        changes=changes,
        sent=events.sent,
        incidents=simulation.incidents,
        pages=pages_of(deployed, simulation),
        alarm_pages=alarm_pages(simulation),
        heard=tuple(heard),
        faults=tuple(faults),
        skipped=tuple(dict.fromkeys(skipped)),
        fired=fired,
        rollback=simulation.rollback,
        is_in_stack=simulation.is_in_stack,
    )


def unfired(
    deployed: Deployed,
    verdicts: Iterable[ScenarioVerdict],
    rules: Iterable[DeployedRule] = (),
) -> list[str]:
    """Keys of the stack's alarms and events of which nobody was told in any scenario."""
    fired = {key for verdict in verdicts for key in verdict.fired}
    there = {alarm.address.key for alarm in deployed.alarms.values()}
    return sorted((there | {rule.key for rule in rules}) - fired)


def _applies(expectation: Expectation, alarm: DeployedAlarm, deployed: Deployed) -> bool:
    """Whether the alarm is as the expectation presupposes."""
    treatment = alarm.definition.treat_missing_data
    if expectation.missing_data and treatment not in expectation.missing_data:
        return False
    if expectation.log_format is None:
        return True
    formats = {f.format for f in deployed.filters if f.metric in alarm.definition.metrics}
    return formats == {expectation.log_format}


def _rollout(deployed: Deployed, scenario: Scenario, simulation: Simulation) -> list[str]:
    """A deployment that was not rolled back, or not when it should be."""
    if not scenario.rollout or not deployed.deployment_alarms:
        return []
    first, last = scenario.rollout.rolled_back
    rollback = simulation.rollback
    if rollback and first <= rollback.minute <= last:
        return []
    instead = f"it was at {rollback.minute}, by {rollback.alarm.address}" if rollback else "never"
    return [f"the deployment must be rolled back between minute {first} and {last}: {instead}"]


def _first(
    changes: Sequence[SimulatedChange], alarm: DeployedAlarm, expectation: Expectation
) -> SimulatedChange | None:
    first, last = expectation.between
    for change in changes:
        is_this = change.alarm is alarm and change.evaluation.state == expectation.to
        if is_this and first <= change.minute <= last:
            return change
    return None


def _missed(
    changes: Sequence[SimulatedChange], alarm: DeployedAlarm, expectation: Expectation
) -> str:
    first, last = expectation.between
    others = [f"{c.evaluation.state} at {c.minute}" for c in changes if c.alarm is alarm]
    instead = f"; it changed to {', '.join(others)}" if others else "; it never changed"
    wanted = f"must change to {expectation.to} between minute {first} and {last}"
    return f"{alarm.address} {wanted}{instead}"


def _told_otherwise(change: SimulatedChange, expectation: Expectation) -> list[str]:
    """Topics that are told at another time than they must be."""
    said = "never told anybody" if change.told is None else f"told at minute {change.told}"
    of = f"{change.alarm.address}: its change to {expectation.to} at minute {change.minute}"
    if expectation.told is None:
        return []
    if expectation.told == "never":
        wanted = "must never tell anybody"
        return [] if change.told is None else [f"{of} {wanted}; it {said}"]
    first, last = expectation.told
    if change.told is not None and first <= change.told <= last:
        return []
    return [f"{of} must tell between minute {first} and {last}; it {said}"]


def _unexpected(changes: Sequence[SimulatedChange], expected: set[tuple[int, str]]) -> list[str]:
    """Alarms that fired, or told anybody anything, without being expected to."""
    fired = {address for _, address in expected}
    faults = []
    for change in changes:
        if (change.minute, change.alarm.address) in expected:
            continue
        # Whoever was told that an alarm fired may be told that it is over.
        is_recovery = change.evaluation.state is AlarmState.OK and change.alarm.address in fired
        is_alarm = change.evaluation.state is AlarmState.ALARM
        if is_alarm or (change.actions and not is_recovery):
            faults.append(
                f"{change.alarm.address} changed to {change.evaluation.state} at minute "
                f"{change.minute}, and nobody expected it: {change.evaluation.reason}"
            )
    return faults


def _paging(
    deployed: Deployed, scenario: Scenario, simulation: Simulation, *, complete: bool
) -> list[str]:
    """Too many pages, too few, or the first one too late, where incidents page."""
    if not deployed.pages_incidents:
        return []
    pages, without = pages_of(deployed, simulation), alarm_pages(simulation)
    wanted = min(scenario.causes, len(without.minutes))
    faults = []
    if len(pages.minutes) > scenario.causes or (complete and len(pages.minutes) < wanted):
        faults.append(
            f"{counted(len(pages.minutes), 'page')} for {counted(scenario.causes, 'cause')}, "
            f"where {counted(wanted, 'page')} must come"
        )
    latest = latest_first_page(deployed, simulation)
    if pages.first is not None and latest is not None:
        latest = latest_takeover(simulation, latest)
        if pages.first > latest:
            faults.append(
                f"the first page comes in minute {pages.first}, after minute {latest}: the first "
                "critical alarm and its group's waiting period, or that of a cause which takes over"
            )
    return faults


def _delivery(
    deployed: Deployed,
    simulation: Simulation,
    sent: Sequence[SentEvent],
    heard: Sequence[Delivery],
) -> list[str]:
    """Notifications that did not arrive where they should, or arrived where they should not."""
    sendings = list(_sendings(deployed, simulation, sent))
    told = [(sending.topic, sending.alarm, sending.state) for sending in sendings]
    arrived = [
        (notification.topic, notification.alarm, notification.state) for notification in heard
    ]
    faults = [
        f"{alarm} {state}: nothing arrived through {topic.rpartition(':')[2]}"
        for topic, alarm, state in told
        if (topic, alarm, state) not in arrived
    ]
    faults += [
        f"{alarm} {state} arrived through {topic.rpartition(':')[2]}, which nobody sent there"
        for topic, alarm, state in arrived
        if (topic, alarm, state) not in told
    ]
    if len(told) != len(arrived) and not faults:
        faults.append(f"{len(told)} notifications were sent and {len(arrived)} arrived")
    wrong = {(s.address, s.topic) for s in sendings if not s.topic.endswith(f"-{s.severity}")}
    faults += [f"{address} is told through {topic}" for address, topic in sorted(wrong)]
    faults += [
        f"{change.alarm.address} changed to ALARM and has no actions: nobody is told"
        for change in simulation.changes
        if change.evaluation.state is AlarmState.ALARM and not change.configured_actions
    ]
    return faults


@dataclass(frozen=True)
class _Sending:
    """A notification that is sent: through which topic, of what, and through which it must be."""

    topic: str
    alarm: str
    state: str
    address: str
    severity: str


def _sendings(
    deployed: Deployed, simulation: Simulation, sent: Sequence[SentEvent]
) -> Iterator[_Sending]:
    for change in simulation.changes:
        name, state = change.alarm.definition.name, change.evaluation.state.value
        severity = Severity.WARNING if deployed.pages_incidents else change.alarm.severity
        for topic in change.actions:
            yield _Sending(topic, name, state, change.alarm.address, severity)
    for event in simulation.incidents:
        name, state = event.alarm.definition.name, event.change.state.value
        for topic in event.actions:
            yield _Sending(topic, name, state, event.alarm.address, Severity.CRITICAL)
    for told in sent:
        key = told.rule.key
        for topic in told.messages:
            yield _Sending(topic, key, EVENT, f"{key}@{told.target}", told.rule.severity)
