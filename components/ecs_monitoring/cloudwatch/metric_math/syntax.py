"""Metric math as text: expressions, read by recursive descent into a tree.

The operators and the rule that functions are upper case and ids start with a lower-case letter:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
The page gives no precedence. The usual one holds, from loose to tight: OR, AND, comparisons,
``+ -``, ``* /``, unary minus, ``^`` (which alone groups from the right).
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.token_reader import TokenReader

MOST_NESTED: Final = 50
"""How deep parentheses, brackets, calls, signs and powers may nest.

AWS names no limit; this one is far above any alarm's need, and keeps every walk over a tree of the
longest expression (1,024 characters, so at most 512 operators in a row) within Python's stack.
"""

FILLERS: Final = ("REPEAT", "LINEAR")
"""Words that FILL takes instead of a value."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, such as ``0.5``."""

    value: float


@dataclass(frozen=True, slots=True)
class QuotedText:
    """A quoted string, without its quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word in capitals, such as those of ``FILLERS``."""

    value: str


@dataclass(frozen=True, slots=True)
class Reference:
    """The id of another query."""

    id: str


@dataclass(frozen=True, slots=True)
class Negation:
    """Unary minus."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class Operation:
    """Two operands and the operator between them; ``&&`` is read as AND, ``||`` as OR."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A function, by its upper-case name, and its arguments."""

    function: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Array:
    """Several series in square brackets."""

    items: tuple["Node", ...]


Node = Number | QuotedText | Word | Reference | Negation | Operation | Call | Array


def nodes(tree: Node) -> Iterator[Node]:
    """A tree's nodes, each before its parts, in the order in which they are written."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(_parts(node))


def _parts(node: Node) -> tuple[Node, ...]:
    match node:
        case Negation(operand):
            return (operand,)
        case Operation(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
        case Array(items):
            return items
        case _:
            return ()


_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<mark>&&|\|\||==|!=|<=|>=|[-+*/^<>(),\[\]]))"
)
_SPELLINGS: Final = {"&&": "AND", "||": "OR"}

# From loose to tight; every level groups from the left.
_LEVELS: Final = (
    ("OR",),
    ("AND",),
    ("==", "!=", "<=", ">=", "<", ">"),
    ("+", "-"),
    ("*", "/"),
)


@lru_cache(maxsize=1024)
def parse(expression: str) -> Node:
    """The tree of an expression.

    Raises:
        CannotEvaluateError: what is not metric math, or nests deeper than ``MOST_NESTED``; the
            message says where it goes wrong.
    """
    return _Parser(expression).whole()


def inlined(id_: str, sources: Mapping[str, str]) -> str:
    """The expression of an id with those of all ids in the place of the ids.

    Args:
        id_: the id.
        sources: each id's expression; no id refers to itself in a circle.
    """
    written = sources[id_]
    parts, at = [], 0
    for token in _TOKEN.finditer(written):
        word = token["word"]
        if word in sources:
            inner = inlined(word, sources)
            is_one = isinstance(parse(inner), Number | Call | Reference)
            parts += [written[at : token.start("word")], inner if is_one else f"({inner})"]
            at = token.end("word")
    return "".join(parts) + written[at:]


class _Parser(TokenReader):
    def __init__(self, expression: str) -> None:
        super().__init__("expression", expression, _TOKEN)
        self._depth = 0

    def whole(self) -> Node:
        node = self._level(0)
        self._expect_end("an operator")
        return node

    def _spelled(self, kind: str, written: str) -> tuple[str, str]:
        spelled = _SPELLINGS.get(written, written)
        return "mark" if spelled in ("AND", "OR") else kind, spelled

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MOST_NESTED:
            raise CannotEvaluateError(
                f"{self._named}: nests more than {MOST_NESTED} deep; leave out "
                "parentheses, or give a part an id of its own"
            )

    def _level(self, loosest: int) -> Node:
        """What operators of this level and tighter ones join."""
        node = self._unary()
        while (level := self._operator_level()) >= loosest:
            operator = self._take(*_LEVELS[level])
            assert operator is not None
            node = Operation(operator, node, self._level(level + 1))
        return node

    def _operator_level(self) -> int:
        kind, written = self._peek()
        if kind != "mark":
            return -1
        return next((at for at, marks in enumerate(_LEVELS) if written in marks), -1)

    def _unary(self) -> Node:
        if self._take("-"):
            return Negation(self._deep_unary())
        base = self._primary()
        return Operation("^", base, self._deep_unary()) if self._take("^") else base

    def _deep_unary(self) -> Node:
        self._deeper()
        node = self._unary()
        self._depth -= 1
        return node

    def _primary(self) -> Node:
        if self._take("("):
            self._deeper()
            node = self._level(0)
            self._expect(")")
            self._depth -= 1
            return node
        if self._take("["):
            return Array(self._list("]"))
        kind, written = self._peek()
        self._next += 1
        if kind == "number":
            return self._number(written)
        if kind == "text":
            return QuotedText(written[1:-1])
        if kind == "word" and self._take("("):
            return Call(written, self._list(")"))
        # Words of functions that are not known are taken too, so that the function is named.
        if kind == "word" and written[0].isupper():
            return Word(written)
        if kind == "word" and written[0].islower():
            return Reference(written)
        self._next -= 1
        raise self._error("a number, an id or a function")

    def _number(self, written: str) -> Number:
        value = float(written)
        if not math.isfinite(value):
            raise CannotEvaluateError(
                f"{self._named}: {written} is too large for a number; write a smaller exponent"
            )
        return Number(value)

    def _list(self, end: str) -> tuple[Node, ...]:
        if self._take(end):
            return ()
        self._deeper()
        items = [self._level(0)]
        while self._take(","):
            items.append(self._level(0))
        self._expect(end)
        self._depth -= 1
        return tuple(items)
