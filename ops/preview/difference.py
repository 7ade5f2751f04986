"""What a deployment would change, from two previews: alarms, notifications, resources, cost."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from ecs_monitoring.cloudwatch.rule import Comparison
from ecs_monitoring.words import counted
from ops.preview.difference_mutes import muted
from stack.definitions import ALARM
from stack.events import EVENT_RULE, EVENT_TARGET
from stack.mutes import MUTE_RULE
from stack.program import SECRET
from stack.resource_types import SUBSCRIPTION
from stack.tree import short_type

PreviewJson = Mapping[str, Any]
"""A preview as ``python -m ops preview STACK --json`` prints it."""


# What other parts of the difference say.
_IN_WORDS: Final = (ALARM, EVENT_RULE, EVENT_TARGET, MUTE_RULE, SUBSCRIPTION)

# The longest signs first, so that ">=" is not read as ">".
_SIGNS: Final = "|".join(
    re.escape(sign) for sign in sorted({one.sign for one in Comparison}, key=len, reverse=True)
)
_CONDITION: Final = re.compile(rf"(?P<label>.*) (?P<limit>(?:{_SIGNS}) .*)", re.DOTALL)

NOBODY: Final = "nobody"
"""Stands where nobody is notified."""


@dataclass(frozen=True, kw_only=True)
class AlarmChange:
    """One alarm that both sides have, and that differs.

    Attributes:
        address: the alarm's.
        words: what changes, one part each: ``>= 80 % becomes >= 75 %``.
    """

    address: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.address}: {', '.join(self.words)}"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What changes from one preview to another.

    Attributes:
        project: the project's name.
        stack: the stack's name.
        before: what the preview is compared with, as it was asked for.
        new: alarms that come, each with its condition.
        gone: alarms that go, each with the reason where the stack gives one.
        changed: alarms that stay and differ.
        events: AWS's events of which people are told from now on, no longer, or otherwise.
        notified: who is notified of a topic and was not, or no longer.
        muted: windows in which alarms tell nobody, that come, go or change.
        resources: other resources that come, go or change.
        cost_before: USD a month; ``None`` without prices for the region.
        cost_after: USD a month; ``None`` without prices for the region.
        cost_lines: what is billed in another number than before.
    """

    project: str
    stack: str
    before: str
    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[AlarmChange, ...]
    events: tuple[str, ...]
    notified: tuple[str, ...]
    muted: tuple[str, ...]
    resources: tuple[str, ...]
    cost_before: Decimal | None
    cost_after: Decimal | None
    cost_lines: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not any(
            (
                self.new,
                self.gone,
                self.changed,
                self.events,
                self.notified,
                self.muted,
                self.resources,
            )
        )

    @property
    def cost(self) -> str:
        """The cost before and after, in words."""
        if self.cost_before is None or self.cost_after is None:
            return "no prices on file for the region"
        if self.cost_before == self.cost_after:
            return f"{self.cost_after:.2f} USD a month, as before"
        more = self.cost_after - self.cost_before
        return f"{self.cost_before:.2f} USD a month becomes {self.cost_after:.2f} ({more:+.2f})"

    def as_json(self) -> dict[str, Any]:
        """The difference for scripts; money as text, so that nothing is rounded."""
        return {
            "project": self.project,
            "stack": self.stack,
            "before": self.before,
            "new": list(self.new),
            "gone": list(self.gone),
            "changed": [{"address": one.address, "words": list(one.words)} for one in self.changed],
            "events": list(self.events),
            "notified": list(self.notified),
            "muted": list(self.muted),
            "resources": list(self.resources),
            "cost": {
                "before": None if self.cost_before is None else str(self.cost_before),
                "after": None if self.cost_after is None else str(self.cost_after),
                "lines": list(self.cost_lines),
            },
        }


def difference(before: PreviewJson | None, after: PreviewJson, *, called: str) -> Difference:
    """What changes from one preview to another of the same stack.

    Args:
        before: ``None`` where there was no such stack: everything is new.
        after: the other one.
        called: what ``before`` is, as it was asked for.
    """
    old, new = _alarms(before), _alarms(after)
    omitted: Mapping[str, str] = after["omitted"]
    return Difference(
        project=after["project"],
        stack=after["stack"],
        before=called,
        new=tuple(_introduced(alarm) for address, alarm in new.items() if address not in old),
        gone=tuple(
            f"{address}: {omitted[address]}" if address in omitted else address
            for address in old
            if address not in new
        ),
        changed=tuple(
            AlarmChange(address=address, words=words)
            for address, alarm in new.items()
            if address in old and (words := tuple(_changes(old[address], alarm)))
        )
        + tuple(_regrouped(before, after)),
        events=tuple(_event_changes(before, after)),
        notified=tuple(_notified(before, after)),
        muted=tuple(muted(before, after)),
        resources=tuple(_resources(before, after)),
        cost_before=Decimal(0) if before is None else _total(before),
        cost_after=_total(after),
        cost_lines=tuple(_cost_lines(before, after)),
    )


def _regrouped(before: PreviewJson | None, after: PreviewJson) -> Iterator[AlarmChange]:
    """Incidents that page with other alarms, or are silent for others."""
    old = {one["address"]: one for one in (before or {}).get("incidents", ())}
    for incident in after.get("incidents", ()):
        words = [
            f"{said} {_listed(alarms)}"
            for field, more, less in (
                ("critical", "now pages with", "no longer pages with"),
                ("signs", "now pages with a symptom and", "no longer pages with a symptom and"),
                ("silent_for", "now silent for", "no longer silent for"),
            )
            if incident["address"] in old
            for said, alarms in _moved(old[incident["address"]][field], incident[field], more, less)
        ]
        if words:
            yield AlarmChange(address=incident["address"], words=tuple(words))


def _moved(
    old: Sequence[str], new: Sequence[str], more: str, less: str
) -> Iterator[tuple[str, list[str]]]:
    """What has come and what has gone, each in its words."""
    for said, here, there in ((more, new, old), (less, old, new)):
        if moved := [one for one in here if one not in there]:
            yield said, moved


def _alarms(preview: PreviewJson | None) -> dict[str, dict[str, Any]]:
    """The alarms by address, each with whom it tells of its return to OK."""
    if preview is None:
        return {}
    recovered = {
        one["inputs"]["name"]: [_short(arn) for arn in one["inputs"].get("okActions", ())]
        for one in preview["resources"]
        if one["type"] == ALARM
    }
    return {
        alarm["address"]: {**alarm, "recovery": recovered.get(alarm["name"], [])}
        for alarm in preview["alarms"]
    }


def _introduced(alarm: Mapping[str, Any]) -> str:
    return (
        f"{alarm['address']}: {alarm['condition']}, {alarm['schedule']}, "
        f"{alarm['severity']}, notifies {_listed(alarm['topics'])}"
    )


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """What changes of an alarm; with it, for whoever reviews, when the alarm goes off."""
    condition = _becomes(*_conditions(old["condition"], new["condition"]))
    schedule = _becomes(old["schedule"], new["schedule"])
    if condition or schedule:
        yield condition or f"{new['condition']} stays"
        yield schedule or f"{new['schedule']} stays"
    for field, words in (
        ("missing_data", "missing data"),
        ("severity", "severity"),
        ("dimensions", "dimensions"),
        ("topics", "notifies"),
        ("recovery", "notifies of its return to OK"),
        ("region", "region"),
        ("name", "name"),
    ):
        change = _becomes(_listed(old[field]), _listed(new[field]))
        if change:
            yield f"{words}: {change}"
    if not (condition or schedule) and old["description"] != new["description"]:
        yield "the text of its description"


def _event_changes(before: PreviewJson | None, after: PreviewJson) -> Iterator[str]:
    """What changes of the rules for AWS's events; previews of older programs have none."""
    old, new = _events(before), _events(after)
    omitted: Mapping[str, str] = after["omitted"]
    for name, event in new.items():
        key, about = event["key"], event["about"]
        if name not in old:
            yield (
                f"{key} ({about}) is new: {event['severity']}, notifies {_listed(event['topics'])}"
            )
            continue
        changes = [
            f"{words}: {change}"
            for field, words in (
                ("severity", "severity"),
                ("topics", "notifies"),
                ("about", "about"),
                ("region", "region"),
            )
            if (change := _becomes(_listed(old[name][field]), _listed(event[field])))
        ]
        if not changes and old[name]["pattern"] != event["pattern"]:
            changes = ["which events it takes"]
        if changes:
            yield f"{key}: {', '.join(changes)}"
    for name, event in old.items():
        if name not in new:
            reasons = {why for at, why in omitted.items() if at.partition("@")[0] == event["key"]}
            yield f"{event['key']} ({event['about']}) goes" + "".join(
                f": {why}" for why in sorted(reasons)
            )


def _events(preview: PreviewJson | None) -> dict[str, Mapping[str, Any]]:
    return {event["name"]: event for event in (preview or {}).get("events", ())}


def _conditions(old: str, new: str) -> tuple[str, str]:
    """Both conditions, without the metric where it is the same."""
    before, after = _CONDITION.fullmatch(old), _CONDITION.fullmatch(new)
    if before and after and before["label"] == after["label"]:
        return before["limit"], after["limit"]
    return old, new


def _becomes(old: str, new: str) -> str:
    return "" if old == new else f"{old} becomes {new}"


def _listed(value: str | Sequence[str]) -> str:
    if isinstance(value, str):
        return value or "the stack's own"
    return "; ".join(value) or NOBODY


def _short(arn: object) -> str:
    return str(arn).rpartition(":")[2]


def _notified(before: PreviewJson | None, after: PreviewJson) -> Iterator[str]:
    old, new = _subscribers(before), _subscribers(after)
    for topic in sorted({*old, *new}):
        for who in sorted(new[topic] - old[topic]):
            yield f"{topic}: {who} is notified from now on, once the subscription is confirmed"
        for who in sorted(old[topic] - new[topic]):
            yield f"{topic}: {who} is no longer notified"


def _subscribers(preview: PreviewJson | None) -> defaultdict[str, set[str]]:
    """Region and name of each topic to its subscribers; those of a secret by their names."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one in (preview or {"resources": ()})["resources"]:
        if one["type"] == SUBSCRIPTION:
            inputs = one["inputs"]
            place = f" ({inputs['region']})" if inputs.get("region") else ""
            is_secret = inputs["endpoint"] == SECRET
            who = f"{inputs['protocol']} {one['name'] if is_secret else inputs['endpoint']}"
            found[f"{_short(inputs['topic'])}{place}"].add(who)
    return found


def _resources(before: PreviewJson | None, after: PreviewJson) -> Iterator[str]:
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
        (one["type"], one["name"]): one["inputs"]
        for one in (preview or {"resources": ()})["resources"]
        if one["type"].startswith("aws:") and one["type"] not in _IN_WORDS
    }


def _total(preview: PreviewJson) -> Decimal | None:
    total = preview["cost"]["total"]
    return None if total is None else Decimal(total)


def _cost_lines(before: PreviewJson | None, after: PreviewJson) -> Iterator[str]:
    old = _billed(before)
    new = _billed(after)
    for what in [*new, *(what for what in old if what not in new)]:
        was, becomes = old.get(what, 0), new.get(what, 0)
        if was != becomes:
            yield f"{what}: {was} becomes {becomes}"


def _billed(preview: PreviewJson | None) -> dict[str, int]:
    return (
        {} if preview is None else {one["what"]: one["count"] for one in preview["cost"]["lines"]}
    )


def summary(found: Difference) -> str:
    """The difference in one line."""
    if found.is_empty:
        return f"Nothing changes against {found.before}."
    counts = (
        (len(found.new), "alarm", "new"),
        (len(found.gone), "alarm", "gone"),
        (len(found.changed), "alarm", "changed"),
        (len(found.events), "event", "changed"),
        (len(found.muted), "muted window", "changed"),
        (len(found.resources), "other resource", "changed"),
    )
    said = [f"{counted(number, what)} {how}" for number, what, how in counts if number]
    return f"Against {found.before}: {', '.join(said) or 'other subscribers'}."
