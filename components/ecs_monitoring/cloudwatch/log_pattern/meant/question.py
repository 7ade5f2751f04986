"""What a pattern in another language asks of a line: one tree for all of these languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ..clauses import chained, combined
from ..comparing import COMPARE
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
class Opposite:
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
Question: TypeAlias = Simple | Opposite | All | Either


class UnreadableError(Exception):
    """What is written asks nothing that is understood here."""


def together(parts: Sequence[Question]) -> Question:
    """All of them; one alone as it is."""
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def either(parts: Sequence[Question]) -> Question:
    """At least one of them; one alone as it is."""
    return parts[0] if len(parts) == 1 else Either(tuple(parts))


def unquoted(text: str) -> str:
    """A text without its quotes, and without the backslashes in it."""
    return re.sub(r"\\(.)", r"\1", text[1:-1])


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
    return either([Contains(word, path) for word in dict.fromkeys(spellings)])


def _spellings(word: str, any_case: bool) -> tuple[str, ...]:
    lower = word.lower()
    return (lower, lower.capitalize(), lower.upper()) if any_case else (word,)


def alternatives(question: Question, negated: bool = False) -> list[tuple[Asked, ...]] | None:
    """The question as alternatives, in each of which all must hold; ``None`` for too many."""
    match question:
        case Opposite(part):
            return alternatives(part, not negated)
        case All(parts) | Either(parts):
            choices = [alternatives(part, negated) for part in parts]
            is_or = isinstance(question, Either) is not negated
            if is_or:
                every = chained(choices, MOST_ALTERNATIVES)
                return every and list(dict.fromkeys(every))
            every = combined(choices, MOST_ALTERNATIVES)
            return every and [tuple(dict.fromkeys(terms)) for terms in every]
        case _:
            return [(Asked(question, negated),)]


def simple_questions(question: Question) -> Iterator[Simple]:
    """Every simple question in it, in the order in which they stand."""
    match question:
        case Opposite(part):
            yield from simple_questions(part)
        case All(parts) | Either(parts):
            for part in parts:
                yield from simple_questions(part)
        case _:
            yield question


def holds(question: Question, line: str, fields: Mapping[str, str | float]) -> bool:
    """The answer, for a line of text with the fields that it has by path."""
    match question:
        case Opposite(part):
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
    is_text = isinstance(field, str) or isinstance(value, str)
    # No order is defined between texts.
    return (operator in ("=", "!=") or not is_text) and COMPARE[operator](field, value)
