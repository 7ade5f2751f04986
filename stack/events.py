"""The rules for AWS's events that the program registers, as rows for tools that show them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from ecs_monitoring.rules import EVENTS
from stack.program import ProgramRun, Registration

EVENT_RULE: Final = "aws:cloudwatch/eventRule:EventRule"
EVENT_TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"


@dataclass(frozen=True, kw_only=True)
class EventPreview:
    """One rule in words.

    Attributes:
        key: of the event, such as ``ecs.deployment-failed``.
        name: the rule's name in EventBridge.
        title: what it tells of.
        about: what is watched: the rule's description.
        severity: ``critical`` or ``warning``.
        topics: names of the topics that are notified.
        pattern: the events that it takes; ``None`` where it is not known yet.
        only_sent: what AWS sends it depend on; empty for nothing.
        region: the rule's own region, empty for the provider's.
    """

    key: str
    name: str
    title: str
    about: str
    severity: str
    topics: tuple[str, ...]
    pattern: Mapping[str, Any] | None
    only_sent: str
    region: str

    def as_json(self) -> dict[str, Any]:
        """The row for scripts."""
        return asdict(self)


def event_previews(run: ProgramRun) -> list[EventPreview]:
    """Every rule of a run, by event in the order of the settings' sections."""
    targets = run.of_type(EVENT_TARGET)
    previews = [_preview(rule, targets) for rule in run.of_type(EVENT_RULE)]
    order = {key: place for place, key in enumerate(EVENTS)}
    return sorted(previews, key=lambda event: (order.get(event.key, len(order)), event.name))


def _preview(rule: Registration, targets: list[Registration]) -> EventPreview:
    inputs = rule.inputs
    key = inputs["tags"]["EventKey"]
    row = EVENTS.get(key)
    pattern = inputs["eventPattern"]
    region = inputs.get("region", "")
    return EventPreview(
        key=key,
        name=inputs["name"],
        title=row.title if row else key,
        about=inputs["description"].rpartition(": ")[2],
        severity=inputs["tags"]["Severity"],
        topics=tuple(
            str(target.inputs["arn"]).rpartition(":")[2]
            for target in targets
            if target.inputs["rule"] == inputs["name"] and target.inputs.get("region", "") == region
        ),
        pattern=json.loads(pattern) if isinstance(pattern, str) else None,
        only_sent=row.only_sent if row else "",
        region=region,
    )
