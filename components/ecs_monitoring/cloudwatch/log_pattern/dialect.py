r"""Turns a regular expression of another program into one of a filter pattern.

CloudWatch Logs has no groups, no lazy repetition and no ``\b``; other characters than some
symbols are written as ``\x21``.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from itertools import product

from .errors import LogPatternError
from .regex import FLAGS, compile_regex
from .regex_reach import texts
from .syntax import Atom, Branch

MOST_BRANCHES = 16
"""Alternatives above which nothing is offered: nobody would read it."""

_MOST_OPEN_ENDS = 4
_MOST_CHARACTERS = 100
_MOST_PLACES = 8

# What is hardly ever text: .* and .+ inside, escapes, ^ at the start, $ at the end, ranges.
_MARKS = re.compile(
    r"(?<=.)\.[*+](?=.)|\\[dDwWsSb]|^\^(?=[\w\[(.])|(?<=[\w\])*+])\$$|\[\^?\w-\w|\)[?*+]|\\\."
    r"|[\w\])]\{\d+(?:,\d*)?\}|\[\w+\][?*+]"
)
_TOKEN = re.compile(
    r"(?P<escape>\\x[0-9A-Fa-f]{2}|\\.)|(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<or>\|)"
    r"|(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<times>[?*+]|\{\d*,?\d*\})|(?P<one>.)",
    re.DOTALL,
)
_ESCAPES = {"n": r"\x0A", "t": r"\x09", "r": r"\x0D", "/": "/", "-": "-"}
_AS_THEY_ARE = re.compile(r"[A-Za-z0-9:_#=@/;, .^$-]")


class _UntranslatableError(Exception):
    """The dialect has nothing that means the same."""


def is_expression(text: str) -> bool:
    """Whether a text reads as a regular expression rather than as itself."""
    if _MARKS.search(text) is None:
        return False
    try:
        compiled(text)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def compiled(expression: str) -> re.Pattern[str]:
    """Another program's expression, in Python.

    Raises:
        re.error: Python has no such expression; or ``OverflowError``, for a number in it.
    """
    with warnings.catch_warnings():
        # Python warns of [[ and && in a class, which are characters to whoever wrote them.
        warnings.simplefilter("ignore", FutureWarning)
        return re.compile(expression, FLAGS)


def in_dialect(expression: str) -> str:
    """The expression as CloudWatch Logs has it; empty where there is none that means the same.

    It is only returned if it finds in some lines what Python finds in them, and nothing in others.
    """
    try:
        meant = compiled(expression)
        branches = _Branches(expression).read()
        written = "|".join(branches)
        regex = compile_regex(written, 1)
    except (_UntranslatableError, LogPatternError, re.error, OverflowError, RecursionError):
        return ""
    if not all(map(_is_short, regex.branches)):
        return ""
    lines = [line for text in texts(regex) for line in _around(text)]
    translated = [regex.compiled.search(line) is not None for line in lines]
    same = translated == [meant.search(line) is not None for line in lines]
    return written if same and any(translated) else ""


def _is_short(branch: Branch) -> bool:
    """Whether an alternative can be tried at once: each open end multiplies the ways to match."""
    atoms = [part for part in branch if isinstance(part, Atom)]
    open_ends = sum(atom.most != atom.least for atom in atoms)
    return open_ends <= _MOST_OPEN_ENDS and sum(atom.least for atom in atoms) <= _MOST_CHARACTERS


def _around(text: str) -> Iterator[str]:
    yield text
    yield f"~ {text} ~"
    for place in range(min(len(text), _MOST_PLACES)):
        yield text[:place] + text[place + 1 :]
        yield f"{text[:place]}~{text[place:]}"


class _Branches:
    """Reads alternatives, with those of groups multiplied out."""

    def __init__(self, expression: str) -> None:
        self._tokens = [(m.lastgroup or "", m.group()) for m in _TOKEN.finditer(expression)]
        self._next = 0

    def read(self) -> list[str]:
        branches = self._alternatives()
        if self._next < len(self._tokens):
            raise _UntranslatableError
        return branches

    def _alternatives(self) -> list[str]:
        every: list[str] = []
        branches = [""]
        while self._next < len(self._tokens) and self._kind() != "close":
            if self._kind() == "or":
                self._next += 1
                every += branches
                branches = [""]
            else:
                branches = ["".join(pair) for pair in product(branches, self._part())]
                if len(branches) + len(every) > MOST_BRANCHES:
                    raise _UntranslatableError
        return every + branches

    def _kind(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    def _part(self) -> list[str]:
        kind, text = self._tokens[self._next]
        self._next += 1
        if kind == "open":
            return self._group()
        if kind == "times":
            raise _UntranslatableError
        atom = text if kind == "class" else _escaped(text[1:]) if kind == "escape" else _one(text)
        return [atom + self._times()]

    def _group(self) -> list[str]:
        branches = self._alternatives()
        if self._kind() != "close":
            raise _UntranslatableError
        self._next += 1
        times = self._times()
        if times not in ("", "?"):
            raise _UntranslatableError
        return [*branches, ""] if times else branches

    def _times(self) -> str:
        if self._kind() != "times":
            return ""
        times = self._tokens[self._next][1]
        self._next += 1
        # The shortest and the longest text are found in the same lines.
        if self._kind() == "times" and self._tokens[self._next][1] == "?":
            self._next += 1
        return times


def _escaped(character: str) -> str:
    if len(character) == 3:
        # x and two digits.
        return _hexadecimal(chr(int(character[1:], 16)))
    if character.isalnum() and character not in "dDsSwWnrt":
        raise _UntranslatableError
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character in "dDsSwW^$?[]{}|\\*+.":
        return f"\\{character}"
    return _one(character)


def _one(character: str) -> str:
    return character if _AS_THEY_ARE.fullmatch(character) else _hexadecimal(character)


def _hexadecimal(character: str) -> str:
    if not character.isascii():
        raise _UntranslatableError
    return f"\\x{ord(character):02X}"
