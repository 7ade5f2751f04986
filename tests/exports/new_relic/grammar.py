"""NRQL as this project writes it, read back: there is no parser of New Relic's to be had.

::

    query     = "SELECT" sum "FROM Metric WHERE" condition *("AND" condition)
    sum       = product *(("+" / "-") product)
    product   = operand *(("*" / "/") operand)
    operand   = number / "(" sum ")" / function "(" name ")" / clamp "(" sum "," number ")"
    condition = name ("=" text / "IS NULL")
"""

import re
from dataclasses import dataclass, field
from typing import Final

_TOKEN: Final = re.compile(
    r"\s*(?:`(?P<quoted>[^`\n]+)`|'(?P<text>[^'\\\n]*)'|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_.]*)|(?P<mark>[-+*/(),=]))"
)
FUNCTIONS: Final = ("average", "sum", "min", "max")
_CLAMPS: Final = ("clamp_min", "clamp_max")


@dataclass
class Query:
    """What a query asks for.

    Attributes:
        reads: function and metric, in the order written.
        equal: what attributes must be.
        absent: attributes that must not be there.
    """

    reads: list[tuple[str, str]] = field(default_factory=list)
    equal: dict[str, str] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self.query = Query()

    def read(self) -> Query:
        self._word("SELECT")
        self._sum()
        for word in ("FROM", "Metric", "WHERE"):
            self._word(word)
        self._condition()
        while self._at < len(self._tokens):
            self._word("AND")
            self._condition()
        return self.query

    def _next(self) -> tuple[str, str]:
        kind, text = self._tokens[self._at]
        self._at += 1
        return kind, text

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _word(self, wanted: str) -> None:
        assert self._next() == ("word", wanted), f"{wanted} expected"

    def _mark(self, wanted: str) -> None:
        assert self._next() == ("mark", wanted), f"{wanted} expected"

    def _sum(self) -> None:
        self._product()
        while self._peek() in (("mark", "+"), ("mark", "-")):
            self._next()
            self._product()

    def _product(self) -> None:
        self._operand()
        while self._peek() in (("mark", "*"), ("mark", "/")):
            self._next()
            self._operand()

    def _operand(self) -> None:
        kind, text = self._next()
        if kind == "number":
            return
        if (kind, text) == ("mark", "("):
            self._sum()
        elif text in _CLAMPS:
            self._mark("(")
            self._sum()
            self._mark(",")
            assert self._next()[0] == "number"
        else:
            assert (kind, text in FUNCTIONS) == ("word", True), f"no function: {text}"
            self._mark("(")
            self.query.reads.append((text, self._name()))
        self._mark(")")

    def _name(self) -> str:
        kind, text = self._next()
        assert kind in ("quoted", "word"), f"no name: {text}"
        return text

    def _condition(self) -> None:
        name = self._name()
        if self._peek() == ("mark", "="):
            self._next()
            kind, text = self._next()
            assert kind == "text", f"no text: {text}"
            assert name not in self.query.equal, f"{name} twice"
            self.query.equal[name] = text
        else:
            self._word("IS")
            self._word("NULL")
            self.query.absent.add(name)


def read(text: str) -> Query:
    """What a query asks for.

    Raises:
        AssertionError: it is no query of this grammar.
    """
    return _Reader(text).read()


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None, f"no NRQL from here: {text[at:]}"
        kind = match.lastgroup
        assert kind is not None
        found.append((kind, match[kind]))
        at = match.end()
    return found
