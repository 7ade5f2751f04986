"""What a deployment would change, from two previews: alarms, notifications, resources, cost."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ecs_monitoring.words import counted
from stack.against.alarms import (
    alarm_changes,
    alarms_of,
    incident_changes,
    incidents_of,
    new_alarm,
    new_incident,
)
from stack.against.other_changes import (
    billed_changes,
    event_changes,
    muted,
    notified_changes,
    resource_changes,
    total_cost,
)
from stack.against.words import PreviewJson


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
class PreviewDifference:
    """What changes from one preview to another.

    Attributes:
        project: the project's name.
        stack: the stack's name.
        before: what the preview is compared with, as it was asked for.
        new: alarms and incidents that come, each with its condition.
        gone: alarms and incidents that go, each with the reason where the stack gives one.
        changed: alarms and incidents that stay and differ.
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
            "changed": [
                {"address": change.address, "words": list(change.words)} for change in self.changed
            ],
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


def difference(before: PreviewJson | None, after: PreviewJson, *, called: str) -> PreviewDifference:
    """What changes from one preview to another of the same stack.

    Args:
        before: ``None`` where there was no such stack: everything is new.
        after: the other one.
        called: what ``before`` is, as it was asked for.
    """
    omitted: Mapping[str, str] = after["omitted"]
    alarms = alarms_of(before), alarms_of(after)
    incidents = incidents_of(before), incidents_of(after)
    return PreviewDifference(
        project=after["project"],
        stack=after["stack"],
        before=called,
        new=(*_new(*alarms, new_alarm), *_new(*incidents, new_incident)),
        gone=(*_gone(*alarms, omitted), *_gone(*incidents, {})),
        changed=(*_changed(*alarms, alarm_changes), *_changed(*incidents, incident_changes)),
        events=tuple(event_changes(before, after)),
        notified=tuple(notified_changes(before, after)),
        muted=tuple(muted(before, after)),
        resources=tuple(resource_changes(before, after)),
        cost_before=total_cost(before),
        cost_after=total_cost(after),
        cost_lines=tuple(billed_changes(before, after)),
    )


_Row = Mapping[str, Any]
_Rows = Mapping[str, _Row]


def _new(old: _Rows, new: _Rows, words: Callable[[_Row], str]) -> Iterator[str]:
    return (words(row) for address, row in new.items() if address not in old)


def _gone(old: _Rows, new: _Rows, omitted: Mapping[str, str]) -> Iterator[str]:
    for address in old:
        if address not in new:
            yield f"{address}: {omitted[address]}" if address in omitted else address


def _changed(
    old: _Rows, new: _Rows, changes: Callable[[_Row, _Row], Iterator[str]]
) -> Iterator[AlarmChange]:
    for address, row in new.items():
        if address in old and (words := tuple(changes(old[address], row))):
            yield AlarmChange(address=address, words=words)


def summary(changes: PreviewDifference) -> str:
    """The difference in one line."""
    if changes.is_empty:
        return f"Nothing changes against {changes.before}."
    counts = (
        (len(changes.new), "alarm", "new"),
        (len(changes.gone), "alarm", "gone"),
        (len(changes.changed), "alarm", "changed"),
        (len(changes.events), "event", "changed"),
        (len(changes.muted), "muted window", "changed"),
        (len(changes.resources), "other resource", "changed"),
    )
    said = [f"{counted(number, what)} {how}" for number, what, how in counts if number]
    return f"Against {changes.before}: {', '.join(said) or 'other subscribers'}."
