"""Whether a scenario came out as it must: who fired when, who was told, and nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass

from cloudwatch.evaluation import AlarmState
from sandbox.deployed import Deployed, DeployedAlarm
from sandbox.inbox import Heard
from sandbox.scenario import Expectation, Scenario
from sandbox.simulate import StateChange


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How a scenario came out.

    Attributes:
        changes: the alarms' state changes.
        heard: what arrived in the inboxes.
        faults: what is not as it must be, in words; empty where all is well.
        skipped: expectations of alarms that the stack does not have.
        fired: keys of the alarms that fired.
    """

    changes: tuple[StateChange, ...]
    heard: tuple[Heard, ...]
    faults: tuple[str, ...]
    skipped: tuple[str, ...]
    fired: frozenset[str]


def judge(
    deployed: Deployed,
    scenario: Scenario,
    changes: Sequence[StateChange],
    heard: Sequence[Heard],
) -> Verdict:
    """Hold what happened against the scenario's expectations."""
    faults: list[str] = []
    skipped: list[str] = []
    expected: set[tuple[int, str]] = set()
    for expectation in scenario.expect:
        alarms = [a for a in deployed.alarms.values() if _is_meant(expectation, a)]
        if not alarms:
            skipped.append(expectation.alarm)
        for alarm in alarms:
            found = _first(changes, alarm, expectation)
            if found is None:
                faults.append(_missed(changes, alarm, expectation))
                continue
            expected.add((found.minute, alarm.address))
    faults += _unexpected(changes, expected)
    faults += _delivery(changes, heard)
    fired = frozenset(c.alarm.key for c in changes if c.evaluation.state is AlarmState.ALARM)
    return Verdict(
        changes=tuple(changes),
        heard=tuple(heard),
        faults=tuple(faults),
        skipped=tuple(skipped),
        fired=fired,
    )


def _is_meant(expectation: Expectation, alarm: DeployedAlarm) -> bool:
    if expectation.alarm not in (alarm.key, alarm.address):
        return False
    treatment = alarm.definition.treat_missing_data.value
    return not expectation.missing_data or treatment in expectation.missing_data


def _first(
    changes: Sequence[StateChange], alarm: DeployedAlarm, expectation: Expectation
) -> StateChange | None:
    first, last = expectation.between
    for change in changes:
        is_this = change.alarm is alarm and change.evaluation.state == expectation.to
        if is_this and first <= change.minute <= last:
            return change
    return None


def _missed(changes: Sequence[StateChange], alarm: DeployedAlarm, expectation: Expectation) -> str:
    first, last = expectation.between
    others = [f"{c.evaluation.state} at {c.minute}" for c in changes if c.alarm is alarm]
    instead = f"; it changed to {', '.join(others)}" if others else "; it never changed"
    wanted = f"must change to {expectation.to} between minute {first} and {last}"
    return f"{alarm.address} {wanted}{instead}"


def _unexpected(changes: Sequence[StateChange], expected: set[tuple[int, str]]) -> list[str]:
    """Alarms that fired, or told anybody anything, without being expected to."""
    fired = {address for _, address in expected}
    faults = []
    for change in changes:
        if (change.minute, change.alarm.address) in expected:
            continue
        # Whoever heard that an alarm fired may hear that it is over.
        is_recovery = change.evaluation.state is AlarmState.OK and change.alarm.address in fired
        is_alarm = change.evaluation.state is AlarmState.ALARM
        if is_alarm or (change.actions and not is_recovery):
            faults.append(
                f"{change.alarm.address} changed to {change.evaluation.state} at minute "
                f"{change.minute}, and nobody expected it: {change.evaluation.reason}"
            )
    return faults


def _delivery(changes: Sequence[StateChange], heard: Sequence[Heard]) -> list[str]:
    """Notifications that did not arrive where they should, or arrived where they should not."""
    told = [
        (topic, change.alarm.definition.name, change.evaluation.state.value)
        for change in changes
        for topic in change.actions
    ]
    arrived = [(one.topic, one.alarm, one.state) for one in heard]
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
    wrong = {
        (change.alarm.address, topic)
        for change in changes
        for topic in change.actions
        if not topic.endswith(f"-{change.alarm.severity}")
    }
    faults += [f"{address} is told through {topic}" for address, topic in sorted(wrong)]
    return faults
