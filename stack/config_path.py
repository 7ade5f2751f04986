"""Paths into a stack's config, and values in them, as ``pulumi config set --path`` has them."""

import re
from typing import Any, Final

# A key, a quoted key in brackets, or an index in brackets.
_STEP: Final = re.compile(r'\["(?P<quoted>[^"]+)"\]|\[(?P<index>\d+)\]|(?P<plain>[^.\[\]"]+)')

Step = str | int


def steps_of(path: str) -> list[Step]:
    """A path's keys and indices; an alarm key's own dot needs no quotes after ``alarms.``."""
    steps: list[Step] = [
        int(match["index"]) if match["index"] else match["quoted"] or match["plain"]
        for match in _STEP.finditer(path)
    ]
    if steps[:1] == ["alarms"] and len(steps) > 2 and "." not in str(steps[1]):
        steps[1:3] = [f"{steps[1]}.{steps[2]}"]
    return steps


def with_value(root: Any, steps: list[Step], value: Any) -> Any:
    """A copy of a structured value with one place in it changed.

    What is missing on the way is made; an index one past a list's end appends to it.

    Raises:
        IndexError: an index further behind a list's end.
    """
    if not steps:
        return value
    first, *rest = steps
    if isinstance(first, int):
        items = list(root) if isinstance(root, list) else []
        if first > len(items):
            raise IndexError(f"[{first}] is behind the end of a list of {len(items)}")
        inner = items[first] if first < len(items) else None
        items[first : first + 1] = [with_value(inner, rest, value)]
        return items
    mapping = dict(root) if isinstance(root, dict) else {}
    mapping[first] = with_value(mapping.get(first), rest, value)
    return mapping
