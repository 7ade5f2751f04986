"""What changes of the alarms, and of the incidents that page with them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ecs_monitoring.cloudwatch.rule import Comparison
from ecs_monitoring.words import duration
from stack.against.words import PreviewJson, becomes, field_changes, moved, short, shown
from stack.definitions import ALARM

_FIELDS: Final = {
    "missing_data": "missing data",
    "severity": "severity",
    "dimensions": "dimensions",
    "topics": "notifies",
    "recovery": "notifies of its return to OK",
    "region": "region",
    "name": "name",
}

# The longest signs first, so that ">=" is not read as ">".
_SIGNS: Final = "|".join(
    re.escape(sign)
    for sign in sorted({comparison.sign for comparison in Comparison}, key=len, reverse=True)
)
_CONDITION: Final = re.compile(rf"(?P<label>.*) (?P<limit>(?:{_SIGNS}) .*)", re.DOTALL)


def alarms_of(preview: PreviewJson | None) -> dict[str, dict[str, Any]]:
    """The alarms by address, each with whom it tells of its return to OK."""
    if preview is None:
        return {}
    recovered = {
        made["inputs"]["name"]: [short(arn) for arn in made["inputs"].get("okActions", ())]
        for made in preview["resources"]
        if made["type"] == ALARM
    }
    return {
        alarm["address"]: {**alarm, "recovery": recovered.get(alarm["name"], [])}
        for alarm in preview["alarms"]
    }


def new_alarm(alarm: Mapping[str, Any]) -> str:
    """An alarm that comes."""
    return (
        f"{alarm['address']}: {alarm['condition']}, {alarm['schedule']}, "
        f"{alarm['severity']}, notifies {shown(alarm['topics'])}"
    )


def alarm_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """What changes of an alarm; with it, for whoever reviews, when the alarm goes off."""
    condition = becomes(*_conditions(old["condition"], new["condition"]))
    schedule = becomes(old["schedule"], new["schedule"])
    if condition or schedule:
        yield condition or f"{new['condition']} stays"
        yield schedule or f"{new['schedule']} stays"
    yield from field_changes(old, new, _FIELDS)
    if not (condition or schedule) and old["description"] != new["description"]:
        yield "the text of its description"


def _conditions(old: str, new: str) -> tuple[str, str]:
    """Both conditions, without the metric where it is the same."""
    before, after = _CONDITION.fullmatch(old), _CONDITION.fullmatch(new)
    if before and after and before["label"] == after["label"]:
        return before["limit"], after["limit"]
    return old, new


_NAMES: Final = (
    ("critical", "now pages with", "no longer pages with"),
    ("signs", "now pages with a symptom and", "no longer pages with a symptom and"),
    ("silent_for", "now silent for", "no longer silent for"),
)
_INCIDENT_FIELDS: Final = {"topics": "notifies", "region": "region", "name": "name"}
_PERIODS: Final = {
    "wait_period": "waits for its causes",
    "extension_period": "may outlive its causes",
}


def incidents_of(preview: PreviewJson | None) -> dict[str, Mapping[str, Any]]:
    """The incidents by address; previews of older programs have none."""
    return {incident["address"]: incident for incident in (preview or {}).get("incidents", ())}


def new_incident(incident: Mapping[str, Any]) -> str:
    """An incident that comes."""
    words = f"{incident['address']}: pages with {shown(incident['critical'])}"
    if incident["signs"]:
        words += f", with a symptom and {shown(incident['signs'])}"
    words += f", notifies {shown(incident['topics'])}"
    if incident["silent_for"]:
        wait = duration(incident["wait_period"])
        words += f", silent for {shown(incident['silent_for'])}, for which it waits {wait}"
    return words


def incident_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """What changes of an incident."""
    for names, more, less in _NAMES:
        yield from moved(old[names], new[names], more, less)
    yield from field_changes(old, new, _INCIDENT_FIELDS)
    for period, called in _PERIODS.items():
        change = becomes(duration(old[period]), duration(new[period]))
        # Without causes there is nothing to wait for, which is said already.
        if change and old["silent_for"] and new["silent_for"]:
            yield f"{called}: {change}"
