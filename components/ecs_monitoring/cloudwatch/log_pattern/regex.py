r"""The regular expressions that a filter pattern may hold between percent signs.

CloudWatch Logs supports a small dialect, listed in
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html
This module checks an expression against that list and translates it to Python's
``re``. The list says that ``.`` matches any single character, so it matches a line
break too; ``^`` and ``$`` anchor to the start and end of the whole string.
"""

from __future__ import annotations

import re
import string

from .errors import LogPatternError
from .syntax import Anchor, Atom, Branch, Regex

FLAGS = re.ASCII | re.DOTALL
"""How Python reads what is translated."""

_OPERATORS = "^$?[]{}|\\*+."
# The guide's list has no space, its example %^starting|^initializing|^shutting down% has.
_SYMBOLS = ":_#=@/;,- "
_LITERALS = string.ascii_letters + string.digits + _SYMBOLS
_ESCAPABLE = "dDsSwW" + _OPERATORS + _SYMBOLS
_HEX_ESCAPE = re.compile(r"x[0-7][0-9A-F]")
# Python's $ also matches before a line break at the end; AWS's is the end.
_ANCHORS: dict[Anchor, str] = {"^": "^", "$": r"\Z"}
_SHORT_TIMES: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}
_REPETITION = re.compile(r"[?*+]|\{(?:\d+(?:,\d*)?|,\d+)\}", re.ASCII)


def compile_regex(source: str, column: int) -> Regex:
    """Translate the expression ``source``, which stands at ``column`` of its pattern.

    Raises:
        LogPatternError: the expression is not one that CloudWatch Logs supports.
    """
    branches = _RegexReader(source, column).read()
    try:
        return Regex(source, re.compile("|".join(map(_translated, branches)), FLAGS), branches)
    except (re.error, OverflowError) as error:
        raise LogPatternError(
            column,
            f"%{source}% is not a valid regular expression ({error})",
            "write ranges as [a-z] and repetitions as {3,5}, the smaller end first",
        ) from error


def _times(repetition: str) -> tuple[int, int | None]:
    if repetition in _SHORT_TIMES:
        return _SHORT_TIMES[repetition]
    least, comma, most = repetition.strip("{}").partition(",")
    if not comma:
        return int(least), int(least)
    return int(least or 0), int(most) if most else None


def _translated(branch: Branch) -> str:
    return "".join(
        _ANCHORS[part] if isinstance(part, str) else part.character + _repeated(part)
        for part in branch
    )


def _repeated(atom: Atom) -> str:
    if atom.least == atom.most == 1:
        return ""
    return f"{{{atom.least},{'' if atom.most is None else atom.most}}}"


class _RegexReader:
    def __init__(self, source: str, column: int) -> None:
        self._source = source
        self._column = column
        self._position = 0

    def read(self) -> tuple[Branch, ...]:
        branches: list[list[Atom | Anchor]] = [[]]
        while self._position < len(self._source):
            if self._next == "|":
                self._require(branches[-1])
                self._position += 1
                branches.append([])
            else:
                branches[-1].append(self._anchor_or_repeated_atom())
        self._require(branches[-1])
        return tuple(map(tuple, branches))

    def _require(self, branch: list[Atom | Anchor]) -> None:
        if not branch:
            raise self._error("an empty expression would match everything", "write what to match")

    def _anchor_or_repeated_atom(self) -> Atom | Anchor:
        if self._take("^"):
            return "^"
        if self._take("$"):
            return "$"
        atom = self._atom()
        repetition = _REPETITION.match(self._source, self._position)
        if repetition is None:
            return Atom(atom)
        self._position = repetition.end()
        return Atom(atom, *_times(repetition.group()))

    def _atom(self) -> str:
        if self._take("["):
            return self._character_class()
        if self._take("."):
            return "."
        if self._next in tuple("?*+{"):
            raise self._error(
                f"{self._next} here does not follow a single thing to repeat",
                "write one repetition, as ?, *, +, {2} or {3,5}, after a character or a class",
            )
        if self._next in tuple("]}"):
            raise self._error(
                f"{self._next} closes nothing", f"write \\{self._next} for the character itself"
            )
        return self._literal()

    def _character_class(self) -> str:
        opening = self._position - 1
        members = ["[^" if self._take("^") else "["]
        empty = True
        while not self._take("]"):
            if self._position >= len(self._source):
                self._position = opening
                raise self._error("the [ that opens here is never closed", "close it with ]")
            members.append(self._class_member())
            empty = False
        if empty:
            self._position = opening
            raise self._error("the class [] holds no character", "write \\[ for the character [")
        return "".join(members) + "]"

    def _class_member(self) -> str:
        first = self._class_character()
        rest = self._source[self._position : self._position + 2]
        if len(rest) < 2 or rest[0] != "-" or rest[1] == "]":
            return first
        self._position += 1
        return f"{first}-{self._class_character()}"

    def _class_character(self) -> str:
        if self._next and self._next in _OPERATORS and self._next != "\\":
            operator = self._next
            self._position += 1
            return re.escape(operator)
        return self._literal()

    def _literal(self) -> str:
        """Read one character or escape and return it as Python's ``re`` writes it."""
        if self._take("\\"):
            return self._escape()
        character = self._next
        if not character or character not in _LITERALS:
            raise self._unsupported(character)
        self._position += 1
        return re.escape(character)

    def _escape(self) -> str:
        hexadecimal = _HEX_ESCAPE.match(self._source, self._position)
        if hexadecimal is not None:
            self._position = hexadecimal.end()
            return "\\" + hexadecimal.group()
        escaped = self._next
        if escaped and escaped in _ESCAPABLE:
            self._position += 1
            return "\\" + escaped
        raise self._error(
            f"\\{escaped} is not an escape that CloudWatch Logs supports",
            "write \\d, \\s, \\w, their upper-case opposites, \\ before an operator, or an ASCII "
            "code such as \\x28 with upper-case digits",
        )

    def _unsupported(self, character: str) -> LogPatternError:
        if character.isascii():
            return self._error(
                f"{character!r} is not supported in a regular expression",
                f"write \\x{ord(character):02X} for the character itself"
                + (
                    "; there are no groups, so write each alternative in full, as %4..|5..%"
                    if character in "()"
                    else ""
                ),
            )
        return self._error(
            f"{character!r} is not supported in a regular expression, which is ASCII only",
            "write . for any one character",
        )

    @property
    def _next(self) -> str:
        return self._source[self._position : self._position + 1]

    def _take(self, character: str) -> bool:
        is_next = self._next == character
        if is_next:
            self._position += 1
        return is_next

    def _error(self, problem: str, instead: str) -> LogPatternError:
        return LogPatternError(self._column + self._position, problem, instead)
