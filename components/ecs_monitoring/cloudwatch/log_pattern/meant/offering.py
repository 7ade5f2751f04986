"""Filter patterns that ask the same as a question of another language, each tried first."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import permutations, product
from typing import Any, Final, TypeAlias

from ecs_monitoring.words import quoted

from ..comparing import OPPOSITES
from ..dialect import in_dialect
from ..errors import LogPatternError
from ..matching import matches
from ..parser import parse_pattern
from ..regex import compile_regex
from ..regex_reach import texts
from .question import (
    Asked,
    Compares,
    Contains,
    Finds,
    Present,
    Question,
    Simple,
    alternatives,
    holds,
    simple_questions,
)

_BARE: Final = re.compile(r"[A-Za-z0-9_]+")
_PLAIN_PATH: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
_MOST_ORDERS: Final = 12
"""Orders of words, over all alternatives, above which nobody would read the expression."""
_MOST_TRIED: Final = 5
"""Simple questions up to which every combination of answers is tried."""


_Event: TypeAlias = tuple[str, Mapping[str, str | float]]


def offered(question: Question) -> str:
    """A pattern that matches what the question is about; empty where there is none."""
    chains = alternatives(question)
    if chains is None:
        return ""
    return _tried(_written(chains), question)


def offered_apart(question: Question) -> tuple[str, ...]:
    """Patterns of which one or another matches what the question is about; empty for none."""
    chains = alternatives(question)
    if chains is None or len(chains) < 2:
        return ()
    patterns = tuple(_written([terms]) for terms in chains)
    try:
        parsed = [parse_pattern(pattern) for pattern in patterns if pattern]
    except LogPatternError:
        return ()
    right = len(parsed) == len(patterns) and _is_right(
        lambda line: any(matches(pattern, line) for pattern in parsed), question
    )
    return patterns if right else ()


def term(text: str, modifier: str = "") -> str:
    """A word, or a phrase in quotes, with ``?`` or ``-`` before it."""
    return f"{modifier}{text if _BARE.fullmatch(text) else quoted(text)}"


def _written(chains: Sequence[Sequence[Asked]]) -> str:
    every = [asked for terms in chains for asked in terms]
    if all(_path(asked) for asked in every):
        return _json(chains)
    if any(_path(asked) for asked in every):
        return ""
    if all(isinstance(asked.question, Contains) for asked in every):
        return _words(chains)
    return _expression(chains)


def _path(asked: Asked) -> str:
    return asked.question.path


def _words(chains: Sequence[Sequence[Asked]]) -> str:
    if len(chains) == 1:
        return " ".join(term(_text(asked), "-" if asked.negated else "") for asked in chains[0])
    if all(len(terms) == 1 and not terms[0].negated for terms in chains):
        return " ".join(term(_text(asked), "?") for (asked,) in chains)
    return _expression(chains)


def _text(asked: Asked) -> str:
    assert isinstance(asked.question, Contains)
    return asked.question.text


def _expression(chains: Sequence[Sequence[Asked]]) -> str:
    """One regular expression, with the words of an alternative in every order."""
    branches: list[str] = []
    for terms in chains:
        if any(asked.negated for asked in terms) or len(branches) > _MOST_ORDERS:
            return ""
        parts = [_source(asked) for asked in terms]
        branches += [".*".join(order) for order in permutations(parts)]
    if len(branches) > _MOST_ORDERS:
        return ""
    source = in_dialect("|".join(branches))
    return f"%{source}%" if source else ""


def _source(asked: Asked) -> str:
    question = asked.question
    if isinstance(question, Finds):
        # One with alternatives of its own has to stand together.
        return f"(?:{question.expression})" if "|" in question.expression else question.expression
    return re.escape(_text(asked))


def _json(chains: Sequence[Sequence[Asked]]) -> str:
    texts = [" && ".join(map(_condition, terms)) for terms in chains]
    if len(texts) > 1:
        texts = [
            f"({text})" if len(terms) > 1 else text
            for text, terms in zip(texts, chains, strict=True)
        ]
    return f"{{ {' || '.join(texts)} }}" if all(texts) else ""


def _condition(asked: Asked) -> str:
    question, equal = asked.question, "!=" if asked.negated else "="
    selector = f"$.{question.path}" if _PLAIN_PATH.fullmatch(question.path) else ""
    match question:
        case Present():
            return f"{selector} NOT EXISTS" if asked.negated else f'{selector} = "*"'
        case Contains(text):
            return f"{selector} {equal} {quoted(f'*{text}*')}"
        case Finds(expression):
            return f"{selector} {equal} %{in_dialect(expression)}%"
        case Compares(_, operator, value):
            operator = OPPOSITES[operator] if asked.negated else operator
            shown = quoted(value) if isinstance(value, str) else f"{value:.15g}"
            return f"{selector} {operator} {shown}"


def _tried(pattern: str, question: Question) -> str:
    """The pattern, if it matches the lines that the question is about, and no others."""
    try:
        parsed = parse_pattern(pattern) if pattern else None
    except LogPatternError:
        return ""
    if parsed is None or not _is_right(lambda line: matches(parsed, line), question):
        return ""
    return pattern


def _is_right(is_matched: Callable[[str], bool], question: Question) -> bool:
    events = list(_events(question))
    wanted = [holds(question, line, fields) for line, fields in events]
    return {*wanted} == {True, False} and wanted == [is_matched(line) for line, _ in events]


def _events(question: Question) -> Iterator[_Event]:
    """Lines with every combination of what is asked for, in both orders, and without any."""
    simple = list(dict.fromkeys(simple_questions(question)))[:_MOST_TRIED]
    paths = sorted({part.path for part in simple if part.path})
    if not paths:
        for chosen in product((True, False), repeat=len(simple)):
            texts = [_sample(part) for part, is_in in zip(simple, chosen, strict=True) if is_in]
            for ordered in (texts, texts[::-1]):
                yield from ((line, {}) for line in (" ".join(ordered), " ".join(["~", *ordered])))
        return
    values = [_values(path, simple) for path in paths]
    for choice in product(*values):
        fields = dict(zip(paths, choice, strict=True))
        yield json.dumps(_nested(fields)), fields
    absent = {path: value[0] for path, value in zip(paths[1:], values[1:], strict=True)}
    if any(isinstance(part, Present) for part in simple):
        yield json.dumps(_nested(absent)), absent


def _sample(question: Simple) -> str:
    if isinstance(question, Contains):
        return question.text
    return _found_text(question.expression) if isinstance(question, Finds) else ""


def _values(path: str, simple: Sequence[Simple]) -> list[str | float]:
    """Values of a field on both sides of all that is asked of it."""
    parts = [part for part in simple if part.path == path]
    return ["~", *(value for part in parts for value in _both_sides(part))]


def _both_sides(question: Simple) -> tuple[str | float, ...]:
    match question:
        case Compares(value=value):
            return (value,) if isinstance(value, str) else (value, value - 1, value + 1)
        case Contains(text):
            return text, f"~ {text} ~"
        case Finds(expression):
            return (_found_text(expression),)
        case Present():
            return ()


def _found_text(expression: str) -> str:
    """A text in which an expression finds something; empty where none is known."""
    source = in_dialect(expression)
    return next(texts(compile_regex(source, 1)), "") if source else ""


def _nested(fields: Mapping[str, str | float]) -> dict[str, Any]:
    event: dict[str, Any] = {}
    for path, value in fields.items():
        *outer, name = path.split(".")
        place = event
        for step in outer:
            place = place.setdefault(step, {})
        place[name] = value
    return event
