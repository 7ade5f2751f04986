"""What is said of an incident: when it pages, what holds it back, what to open first."""

from collections.abc import Iterable, Sequence

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.rule import with_runbook
from ecs_monitoring.rules.incidents.grouping import FORESEEN, IncidentGroup
from ecs_monitoring.rules.incidents.parts import Member


def incident_description(group: IncidentGroup, runbook: str) -> str:
    """What CloudWatch's message says of an incident besides the names of the alarms that are on.

    Args:
        group: the incident.
        runbook: link to what to do about incidents; empty for none.
    """
    sentences = [f"Incident of {group.key}: one page for all of it."]
    if group.part == FORESEEN:
        sentences.append("Nothing fails yet: no other page is held back.")
    if group.critical:
        sentences.append(f"Pages with any of: {_rules(group.critical)}.")
    if group.signs:
        sentences.append(
            f"Also with any of {_rules(group.signs)} while a critical alarm of "
            f"{_keys(group.symptoms)} is on."
        )
    if group.causes:
        sentences.append(
            f"Does not page while {_keys(group.causes)} has an incident (waits "
            f"{group.wait_period} s for one to show, {group.extension_period} s after it)."
        )
    first = (group.critical or group.signs)[0]
    ending = "Which alarms are on: TriggeringChildren; their values: the warning topic."
    if first.runbook:
        ending += f" Open first: {first.runbook} (the others' sections are headed by their keys)."
    return _fitting(sentences, with_runbook(ending, runbook))


def _fitting(sentences: Sequence[str], ending: str) -> str:
    """As many of the sentences as fit before the ending."""
    kept = list(sentences)
    while len(kept) > 1 and len(" ".join((*kept, ending))) > limits.ALARM_DESCRIPTION_LENGTH:
        kept.pop()
    return " ".join((*kept, ending))[: limits.ALARM_DESCRIPTION_LENGTH]


def _rules(alarms: Iterable[Member]) -> str:
    return ", ".join(dict.fromkeys(AlarmAddress(alarm.address).rule for alarm in alarms))


def _keys(groups: Iterable[IncidentGroup]) -> str:
    return ", ".join(group.key for group in groups)
