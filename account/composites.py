"""What stands above an alarm: the composite alarms whose rules name it, and those above them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ecs_monitoring.cloudwatch.composite_rule import CompositeRule, name_of
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError

Described = Mapping[str, Any]
"""A composite alarm as ``DescribeAlarms`` has it."""


def children_of(composite: Described) -> frozenset[str] | None:
    """Names of the alarms in a composite alarm's rule; ``None`` where it cannot be read."""
    try:
        return frozenset(map(name_of, CompositeRule.parse(composite["AlarmRule"]).alarms))
    except CannotEvaluateError:
        return None


class Composites:
    """The composite alarms of one region.

    Args:
        described: all of them, and no other alarms.
    """

    def __init__(self, described: Sequence[Described]) -> None:
        self._by_name = {str(alarm["AlarmName"]): alarm for alarm in described}
        self._children = {name: children_of(alarm) for name, alarm in self._by_name.items()}

    def above(self, name: str) -> Iterator[Described]:
        """The composite alarms that may change when an alarm does, each once.

        One whose rule cannot be read is among them where the name stands in its text.
        """
        seen: set[str] = set()
        below = [name]
        while below:
            child = below.pop()
            for parent, children in self._children.items():
                text = str(self._by_name[parent]["AlarmRule"])
                if parent not in seen and child in (text if children is None else children):
                    seen.add(parent)
                    below.append(parent)
                    yield self._by_name[parent]

    def waited_for(self, name: str) -> frozenset[str]:
        """Names of the alarms that hold a composite alarm's actions back while they are on."""
        names: set[str] = set()
        below = [str(self._by_name.get(name, {}).get("ActionsSuppressor") or "")]
        while below:
            name = name_of(below.pop())
            if name and name not in names:
                names.add(name)
                below += self._children.get(name) or ()
                below.append(str(self._by_name.get(name, {}).get("ActionsSuppressor") or ""))
        return frozenset(names)
