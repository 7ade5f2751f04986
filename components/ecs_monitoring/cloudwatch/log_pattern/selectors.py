"""Reads the property selectors of JSON patterns: ``$.users[0].id``, ``$.['a.b']``, ``$.*``.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
"""

from __future__ import annotations

import re

from .errors import LogPatternError
from .scanner import Scanner
from .syntax import AnyIndex, AnyKey, Index, NamedKey, Selector, Step

_MAX_WILDCARDS = 3
_NAME = re.compile(r"[A-Za-z0-9_-]*")
_ELEMENT = re.compile(r"\[(?:\*|[0-9]+)\]")
_QUOTED_KEY = re.compile(r"\['([^']+)'\]")


class SelectorReader:
    """Reads the selectors of one pattern, and counts its wildcard selectors."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._wildcards = 0

    def read(self) -> Selector:
        """Read one selector.

        Raises:
            LogPatternError: the selector is malformed, has more than one wildcard, or is
                the fourth of the pattern with one.
        """
        start = self._scanner.column
        if not self._scanner.take("$"):
            raise LogPatternError(
                start, "a property selector is missing", 'write a condition such as $.level = "x"'
            )
        if self._scanner.next_character != ".":
            raise LogPatternError(
                self._scanner.column, "a property selector begins with $.", "write $.name"
            )
        steps: list[Step] = []
        while True:
            if self._scanner.take("."):
                steps.append(self._read_property())
            elif self._scanner.next_character == "[":
                steps.append(self._read_element())
            else:
                break
        self._count_wildcards(steps, start)
        return Selector(tuple(steps))

    def _read_property(self) -> Step:
        if self._scanner.take("*"):
            return AnyKey()
        if self._scanner.next_character == "[":
            key = self._scanner.take_run(_QUOTED_KEY)
            if key:
                return NamedKey(key[2:-2])
        name = self._scanner.take_run(_NAME)
        if not name:
            raise LogPatternError(
                self._scanner.column,
                "a property name is missing",
                "write letters, digits, - and _ after the full stop, or a name with other "
                "characters as .['cluster.name']",
            )
        return NamedKey(name)

    def _read_element(self) -> Step:
        element = self._scanner.take_run(_ELEMENT)[1:-1]
        if not element:
            raise LogPatternError(
                self._scanner.column,
                "brackets after a property hold an element's number",
                "write [0] or [*], or a quoted name after a full stop as .['cluster.name']",
            )
        return AnyIndex() if element == "*" else Index(int(element))

    def _count_wildcards(self, steps: list[Step], column: int) -> None:
        wildcards = sum(isinstance(step, AnyKey | AnyIndex) for step in steps)
        if wildcards > 1:
            raise LogPatternError(
                column,
                "the selector has more than one wildcard, the most that CloudWatch Logs allows",
                "name the other steps",
            )
        self._wildcards += wildcards
        if self._wildcards > _MAX_WILDCARDS:
            raise LogPatternError(
                column,
                f"the pattern has more than {_MAX_WILDCARDS} selectors with a wildcard, the "
                "most that CloudWatch Logs allows",
                "name the element or the property",
            )
