"""Reads JSON patterns: ``{ $.level = "ERROR" && ($.n >= 5 || $.m IS NULL) }``.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
"""

from __future__ import annotations

import re

from .comparisons import ComparisonReader
from .errors import LogPatternError
from .scanner import Scanner
from .selectors import SelectorReader
from .syntax import (
    JsonCondition,
    JsonPattern,
    PropertyCompares,
    PropertyIs,
    PropertyNotExists,
    Selector,
    all_conditions,
    any_condition,
)

_WORD = re.compile(r"[A-Za-z]*")
_IS_VALUES = {"TRUE": True, "FALSE": False, "NULL": None}


def read_json_pattern(scanner: Scanner) -> JsonPattern:
    """Read a JSON pattern, from its ``{`` to the end.

    Raises:
        LogPatternError: the pattern is malformed.
    """
    return _JsonReader(scanner).read()


class _Group:
    """What is read so far of a parenthesised group: alternatives of ``&&`` chains."""

    def __init__(self, column: int) -> None:
        self.column = column
        self._alternatives: list[list[JsonCondition]] = [[]]

    def add(self, condition: JsonCondition) -> None:
        self._alternatives[-1].append(condition)

    def start_alternative(self) -> None:
        self._alternatives.append([])

    def condition(self) -> JsonCondition:
        return any_condition(list(map(all_conditions, self._alternatives)))


class _JsonReader:
    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._selectors = SelectorReader(scanner)
        self._comparisons = ComparisonReader(scanner)

    def read(self) -> JsonPattern:
        # A stack in place of recursion: 1,024 characters hold more parentheses than
        # Python has stack frames.
        groups = [_Group(self._scanner.column)]
        self._scanner.take("{")
        while True:
            self._scanner.skip_space()
            if self._scanner.next_character == "(":
                groups.append(_Group(self._scanner.column))
                self._scanner.take("(")
                continue
            groups[-1].add(self._read_condition())
            self._close_groups(groups)
            if self._scanner.take("||"):
                groups[-1].start_alternative()
            elif not self._scanner.take("&&"):
                self._read_end(groups)
                return JsonPattern(groups[0].condition())

    def _close_groups(self, groups: list[_Group]) -> None:
        self._scanner.skip_space()
        while self._scanner.next_character == ")":
            if len(groups) == 1:
                raise LogPatternError(self._scanner.column, "this ) closes nothing", "leave it out")
            self._scanner.take(")")
            closed = groups.pop()
            groups[-1].add(closed.condition())
            self._scanner.skip_space()

    def _read_end(self, groups: list[_Group]) -> None:
        if self._scanner.next_character not in ("", "}"):
            raise LogPatternError(
                self._scanner.column,
                f"{self._scanner.next_character!r} cannot follow a condition",
                "join conditions with && or ||, and end the pattern with }",
            )
        if len(groups) > 1:
            raise LogPatternError(groups[-1].column, "this ( is never closed", "close it with )")
        if not self._scanner.take("}"):
            raise LogPatternError(
                self._scanner.column, "the { that opens the pattern is never closed", "add }"
            )
        self._scanner.skip_space()
        if not self._scanner.at_end:
            raise LogPatternError(
                self._scanner.column,
                "something follows the } that closes the pattern",
                "leave it out: a JSON pattern cannot be combined with others",
            )

    def _read_condition(self) -> JsonCondition:
        selector = self._selectors.read()
        self._scanner.skip_space()
        column = self._scanner.column
        word = self._scanner.take_run(_WORD)
        if not word:
            return PropertyCompares(selector, self._comparisons.read())
        self._scanner.skip_space()
        second = self._scanner.take_run(_WORD)
        return _keyword_condition(selector, word, second, column)


def _keyword_condition(selector: Selector, word: str, second: str, column: int) -> JsonCondition:
    if word == "IS" and second in _IS_VALUES:
        return PropertyIs(selector, _IS_VALUES[second])
    if (word, second) == ("NOT", "EXISTS"):
        return PropertyNotExists(selector)
    phrase = f"{word} {second}".strip()
    if phrase in ("IS NOT", "EXISTS"):
        problem = f"CloudWatch Logs does not support {phrase}"
    else:
        problem = f"{phrase} is not an operator"
    raise LogPatternError(
        column,
        problem,
        "use IS TRUE, IS FALSE, IS NULL or NOT EXISTS in capitals, a comparison such as "
        "!= 5, or = * for a property that has some string or number",
    )
