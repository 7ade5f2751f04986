"""What changes of the rules for AWS's events."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ops.preview.against.words import PreviewJson, field_changes, shown

_FIELDS: Final = {"severity": "severity", "topics": "notifies", "about": "about"}


def event_changes(before: PreviewJson | None, after: PreviewJson) -> Iterator[str]:
    """The events of which people are told from now on, no longer, or otherwise, in words."""
    old, new = _events(before), _events(after)
    omitted: Mapping[str, str] = after["omitted"]
    for place, event in new.items():
        if place not in old:
            yield (
                f"{_named(event)} is new: {event['severity']}, notifies {shown(event['topics'])}"
            )
        elif changes := list(_changes(old[place], event)):
            yield f"{event['key']}: {', '.join(changes)}"
    for place, event in old.items():
        if place not in new:
            reasons = {why for at, why in omitted.items() if AlarmAddress(at).key == event["key"]}
            yield f"{_named(event)} goes" + "".join(f": {why}" for why in sorted(reasons))


def _named(event: Mapping[str, Any]) -> str:
    region = f" in {event['region']}" if event["region"] else ""
    return f"{event['key']} ({event['about']}){region}"


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    changes = list(field_changes(old, new, _FIELDS))
    yield from changes
    if not changes and old["pattern"] != new["pattern"]:
        yield "which events it takes"


def _events(preview: PreviewJson | None) -> dict[tuple[str, str], Mapping[str, Any]]:
    """The rules by name and region; previews of older programs have none."""
    events = (preview or {}).get("events", ())
    return {(event["name"], event["region"]): event for event in events}
