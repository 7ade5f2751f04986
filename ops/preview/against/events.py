"""What changes of the rules for AWS's events."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ops.preview.against.words import PreviewJson, field_changes, shown

_FIELDS: Final = {
    "severity": "severity",
    "topics": "notifies",
    "about": "about",
    "region": "region",
}


def event_changes(before: PreviewJson | None, after: PreviewJson) -> Iterator[str]:
    """The events of which people are told from now on, no longer, or otherwise, in words."""
    old, new = _events(before), _events(after)
    omitted: Mapping[str, str] = after["omitted"]
    for name, event in new.items():
        if name not in old:
            yield (
                f"{event['key']} ({event['about']}) is new: {event['severity']}, "
                f"notifies {shown(event['topics'])}"
            )
        elif changes := list(_changes(old[name], event)):
            yield f"{event['key']}: {', '.join(changes)}"
    for name, event in old.items():
        if name not in new:
            reasons = {why for at, why in omitted.items() if at.partition("@")[0] == event["key"]}
            yield f"{event['key']} ({event['about']}) goes" + "".join(
                f": {why}" for why in sorted(reasons)
            )


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    changes = list(field_changes(old, new, _FIELDS))
    yield from changes
    if not changes and old["pattern"] != new["pattern"]:
        yield "which events it takes"


def _events(preview: PreviewJson | None) -> dict[str, Mapping[str, Any]]:
    """The rules by name; previews of older programs have none."""
    return {event["name"]: event for event in (preview or {}).get("events", ())}
