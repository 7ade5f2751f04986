"""What changes of the incidents: with which alarms each pages, whom, and what it is silent for."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ecs_monitoring.words import duration
from ops.preview.against.words import PreviewJson, becomes, field_changes, moved, shown

_NAMES: Final = (
    ("critical", "now pages with", "no longer pages with"),
    ("signs", "now pages with a symptom and", "no longer pages with a symptom and"),
    ("silent_for", "now silent for", "no longer silent for"),
)
_FIELDS: Final = {"topics": "notifies", "region": "region", "name": "name"}
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
    yield from field_changes(old, new, _FIELDS)
    for period, called in _PERIODS.items():
        change = becomes(duration(old[period]), duration(new[period]))
        # Without causes there is nothing to wait for, which is said already.
        if change and old["silent_for"] and new["silent_for"]:
            yield f"{called}: {change}"
