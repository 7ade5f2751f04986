"""What changes besides alarms and events: who is notified, other resources, what is billed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from ops.preview.against.words import PreviewJson, short
from stack.definitions import ALARM
from stack.events import EVENT_RULE, EVENT_TARGET
from stack.incidents import COMPOSITE
from stack.mutes import MUTE_RULE
from stack.program import SECRET
from stack.resource_types import SUBSCRIPTION
from stack.tree import short_type

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
