"""What a pattern in another language asks of a line: one tree for all of these languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, product
from typing import TypeAlias

from ..dialect import compiled
from ..syntax import Operator


@dataclass(frozen=True, slots=True)
class Contains:
    """The line has a text in it, or one of its fields has, by its path."""

    text: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Finds:
    """As ``Contains``, of what a regular expression in Python's syntax finds."""

    expression: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Compares:
    """A field of the line, by its path, is such as ``= "ERROR"`` or ``>= 500``."""

    path: str
    operator: Operator
    value: str | float


@dataclass(frozen=True, slots=True)
class Present:
    """The line has a field, by its path."""

    path: str


@dataclass(frozen=True, slots=True)
class Not:
    """The question's answer is no."""

    part: Question


@dataclass(frozen=True, slots=True)
class All:
    """All answers are yes."""

    parts: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one answer is yes."""

    parts: tuple[Question, ...]


Simple: TypeAlias = Contains | Finds | Compares | Present
Question: TypeAlias = Simple | Not | All | Either


@dataclass(frozen=True, slots=True)
class Asked:
    """A simple question, or its opposite."""

    question: Simple
    negated: bool = False


_WORDS = re.compile(r"[\w ,:@=/#;'-]+", re.ASCII)

MOST_ALTERNATIVES = 16
"""Alternatives above which nobody writes a pattern by hand."""


def found_by(expression: str, path: str = "", *, any_case: bool = False) -> Question | None:
    """What a regular expression asks: words, where it is nothing but alternatives of them.

    Args:
        expression: in Python's syntax, without flags.
        path: of the field that it looks at; empty for the whole line.
        any_case: whether capitals do not matter: lower case, capitalised and upper case are asked
            for. Of what is more than words there is no question then.
    """
    words = expression.removeprefix("(").removesuffix(")").split("|")
    if not all(_WORDS.fullmatch(word) for word in words):
        return None if any_case else Finds(expression, path)
    spellings = [spelling for word in words for spelling in _spellings(word, any_case)]
    contained = tuple(Contains(word, path) for word in dict.fromkeys(spellings))
    return contained[0] if len(contained) == 1 else Either(contained)


def _spellings(word: str, any_case: bool) -> tuple[str, ...]:
    lower = word.lower()
    return (lower, lower.capitalize(), lower.upper()) if any_case else (word,)


def alternatives(question: Question, negated: bool = False) -> list[tuple[Asked, ...]] | None:
    """The question as alternatives, in each of which all must hold; ``None`` for too many."""
    match question:
        case Not(part):
            return alternatives(part, not negated)
        case All(parts) | Either(parts):
            found = [alternatives(part, negated) for part in parts]
            known = [part for part in found if part is not None]
            if len(known) < len(found):
                return None
            return _joined(known, isinstance(question, Either) is not negated)
        case _:
            return [(Asked(question, negated),)]


def _joined(parts: list[list[tuple[Asked, ...]]], is_or: bool) -> list[tuple[Asked, ...]] | None:
    if is_or:
        every = list(chain.from_iterable(parts))
        return list(dict.fromkeys(every)) if len(every) <= MOST_ALTERNATIVES else None
    count = 1
    for part in parts:
        count *= len(part)
    if count > MOST_ALTERNATIVES:
        return None
    return [tuple(dict.fromkeys(chain.from_iterable(choice))) for choice in product(*parts)]


def simple_questions(question: Question) -> Iterator[Simple]:
    """Every simple question in it, in the order in which they stand."""
    match question:
        case Not(part):
            yield from simple_questions(part)
        case All(parts) | Either(parts):
            for part in parts:
                yield from simple_questions(part)
        case _:
            yield question


def holds(question: Question, line: str, fields: Mapping[str, str | float]) -> bool:
    """The answer, for a line of text with the fields that it has by path."""
    match question:
        case Not(part):
            return not holds(part, line, fields)
        case All(parts):
            return all(holds(part, line, fields) for part in parts)
        case Either(parts):
            return any(holds(part, line, fields) for part in parts)
        case Contains(text, path):
            return text in (str(fields.get(path, "")) if path else line)
        case Finds(expression, path):
            looked_at = str(fields.get(path, "")) if path else line
            return compiled(expression).search(looked_at) is not None
        case Present(path):
            return path in fields
        case Compares(path, operator, value):
            return path in fields and _compare(operator, fields[path], value)


def _compare(operator: Operator, field: str | float, value: str | float) -> bool:
    if operator in ("=", "!="):
        return (field == value) is (operator == "=")
    if isinstance(field, str) or isinstance(value, str):
        return False
    return _ORDERS[operator](field, value)


_ORDERS: Mapping[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
