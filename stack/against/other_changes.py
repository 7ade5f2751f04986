"""What changes besides alarms: events, muted windows, who is notified, resources, the bill."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.mute import MuteSchedule
from ecs_monitoring.words import counted, listed
from stack.against.words import PreviewJson, field_changes, short, shown
from stack.definitions import ALARM
from stack.events import EVENT_RULE, EVENT_TARGET
from stack.incidents import COMPOSITE
from stack.mutes import MUTE_RULE
from stack.program import SECRET
from stack.resource_types import SUBSCRIPTION
from stack.tree import short_type

_EVENT_FIELDS: Final = {"severity": "severity", "topics": "notifies", "about": "about"}


def event_changes(before: PreviewJson | None, after: PreviewJson) -> Iterator[str]:
    """The events of which people are told from now on, no longer, or otherwise, in words."""
    old, new = _events(before), _events(after)
    omitted: Mapping[str, str] = after["omitted"]
    for place, event in new.items():
        if place not in old:
            yield (
                f"{_named(event)} is new: {event['severity']}, notifies {shown(event['topics'])}"
            )
        elif changes := list(_event_changes(old[place], event)):
            yield f"{event['key']}: {', '.join(changes)}"
    for place, event in old.items():
        if place not in new:
            reasons = {why for at, why in omitted.items() if AlarmAddress(at).key == event["key"]}
            yield f"{_named(event)} goes" + "".join(f": {why}" for why in sorted(reasons))


def _named(event: Mapping[str, Any]) -> str:
    region = f" in {event['region']}" if event["region"] else ""
    return f"{event['key']} ({event['about']}){region}"


def _event_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    changes = list(field_changes(old, new, _EVENT_FIELDS))
    yield from changes
    if not changes and old["pattern"] != new["pattern"]:
        yield "which events it takes"


def _events(preview: PreviewJson | None) -> dict[tuple[str, str], Mapping[str, Any]]:
    """The rules by name and region; previews of older programs have none."""
    events = (preview or {}).get("events", ())
    return {(event["name"], event["region"]): event for event in events}


ENDS: Final = (
    "if the window is on during the deployment, it ends at once, and alarms that are on notify then"
)
"""What becomes of a window that is removed, or moved:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarmMuteRule.html
"""


def muted(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Iterator[str]:
    """The windows that come, go or change from one preview to another, in words.

    Args:
        before: a preview as JSON; ``None`` where there was no such stack.
        after: the other one.
    """
    old, new = _windows(before), _windows(after)
    for name in [*new, *(name for name in old if name not in new)]:
        if name not in old:
            window = new[name]
            yield f"{name} is new: {_when(window)}, mutes {counted(len(window['alarms']), 'alarm')}"
        elif name not in new:
            yield f"{name} goes: {ENDS}"
        else:
            yield from _window_changes(name, old[name], new[name])


def _windows(preview: Mapping[str, Any] | None) -> dict[str, Mapping[str, Any]]:
    # Previews that were saved before there were windows have none.
    return {window["name"]: window for window in (preview or {}).get("mutes", ())}


def _window_changes(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if _when(old) != _when(new):
        yield f"{name}: {_when(old)} becomes {_when(new)}; {ENDS}"
    more = [alarm for alarm in new["alarms"] if alarm not in old["alarms"]]
    fewer = [alarm for alarm in old["alarms"] if alarm not in new["alarms"]]
    if more:
        yield f"{name} also mutes {listed(more)}"
    if fewer:
        yield f"{name} no longer mutes {listed(fewer)}; {ENDS}"
    moved = [
        alarm
        for rule, alarms in old["rules"].items()
        for alarm in alarms
        if alarm in new["alarms"] and alarm not in new["rules"].get(rule, ())
    ]
    if moved:
        # The rule that loses an alarm may be changed before the one that gets it.
        yield f"{name}: {listed(moved)} under another mute rule; {ENDS}"


def _when(window: Mapping[str, Any]) -> str:
    return str(
        MuteSchedule(
            expression=window["schedule"],
            duration=window["duration_seconds"],
            timezone=window["timezone"],
        )
    )


# What other parts of the difference say.
_IN_WORDS: Final = (ALARM, COMPOSITE, EVENT_RULE, EVENT_TARGET, MUTE_RULE, SUBSCRIPTION)


def notified_changes(before: PreviewJson | None, after: PreviewJson) -> Iterator[str]:
    """Who is notified of a topic and was not, or no longer."""
    old, new = _subscribers(before), _subscribers(after)
    for topic in sorted({*old, *new}):
        for who in sorted(new[topic] - old[topic]):
            yield f"{topic}: {who} is notified from now on, once the subscription is confirmed"
        for who in sorted(old[topic] - new[topic]):
            yield f"{topic}: {who} is no longer notified"


def _subscribers(preview: PreviewJson | None) -> defaultdict[str, set[str]]:
    """Region and name of each topic to its subscribers; those of a secret by their names."""
    subscribers: defaultdict[str, set[str]] = defaultdict(set)
    for made in _resources(preview):
        if made["type"] == SUBSCRIPTION:
            inputs = made["inputs"]
            place = f" ({inputs['region']})" if inputs.get("region") else ""
            is_secret = inputs["endpoint"] == SECRET
            who = f"{inputs['protocol']} {made['name'] if is_secret else inputs['endpoint']}"
            subscribers[f"{short(inputs['topic'])}{place}"].add(who)
    return subscribers


def resource_changes(before: PreviewJson | None, after: PreviewJson) -> Iterator[str]:
    """Other resources; a component that comes or goes does so with what is in it."""
    old, new = _others(before), _others(after)
    for key in [*new, *(key for key in old if key not in new)]:
        named = f"{short_type(key[0])} {key[1]}"
        if key not in old:
            yield f"{named} is new"
        elif key not in new:
            yield f"{named} goes"
        else:
            changed = [
                name
                for name in sorted({*old[key], *new[key]})
                if old[key].get(name) != new[key].get(name)
            ]
            if changed:
                yield f"{named} changes: {', '.join(changed)}"


def _others(preview: PreviewJson | None) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {
        (made["type"], made["name"]): made["inputs"]
        for made in _resources(preview)
        if made["type"].startswith("aws:") and made["type"] not in _IN_WORDS
    }


def _resources(preview: PreviewJson | None) -> list[Mapping[str, Any]]:
    return [] if preview is None else list(preview["resources"])


def total_cost(preview: PreviewJson | None) -> Decimal | None:
    """USD a month; ``None`` without prices for the region."""
    if preview is None:
        return Decimal(0)
    total = preview["cost"]["total"]
    return None if total is None else Decimal(total)


def billed_changes(before: PreviewJson | None, after: PreviewJson) -> Iterator[str]:
    """What is billed in another number than before."""
    old, new = _billed(before), _billed(after)
    for what in [*new, *(what for what in old if what not in new)]:
        was, is_now = old.get(what, 0), new.get(what, 0)
        if was != is_now:
            yield f"{what}: {was} becomes {is_now}"


def _billed(preview: PreviewJson | None) -> dict[str, int]:
    lines = preview["cost"]["lines"] if preview else ()
    return {line["what"]: line["count"] for line in lines}
