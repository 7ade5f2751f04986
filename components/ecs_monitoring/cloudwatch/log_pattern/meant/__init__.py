"""Patterns in the words of other languages: ``ERROR OR WARN``, ``/ERR.*/``, ``filter @message …``.

CloudWatch Logs takes many of them, as words to look for, and then they match nothing. What is
offered instead is what was meant, and where the text may well be meant as it stands, the text in
quotes beside it. Each has matched the lines that it is for, and no others, before it is offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from ecs_monitoring.words import listed, quoted

from ..dialect import is_expression
from ..errors import LogPatternError
from ..parser import parse_pattern
from ..scanner import SPACE
from .condition import ConditionReader, tokens_of
from .insights_query import asked_by_query, is_query
from .offering import offered, offered_apart
from .question import Compares, Question, UnreadableError, found_by
from .words import foreign_words

_SLASHES: Final = re.compile(r"/((?:[^/\\]|\\.)+)/(i?)")
_PAIR: Final = re.compile(
    r"(?P<key>\"[A-Za-z_][\w.-]*\"|[A-Za-z_][\w.-]*)\s*(?P<mark>[:=])\s*"
    r"(?P<value>\"[^\"\\]*\"|[\w.-]+)"
)
_APART: Final = "use several patterns, each with its own alarm"
_NO_EXPRESSION: Final = "put what filters support (no groups, flags or \\b) between percent signs"
_OTHER_QUOTES: Final = tuple("'`“‘")
_CLASS: Final = re.compile(r"\[\w+\]\w")
_ALTERNATIVES: Final = re.compile(r"\[(\w+(?:\s*\|\s*\w+)+)\]")
_BRACKETED: Final = re.compile(r"\[[^][{}%]+\]\s+\S")
_NUMBERS: Final = {2: "two", 3: "three", 4: "four"}


@dataclass(frozen=True, slots=True)
class Meant:
    """A pattern in another language.

    Attributes:
        problem: what of it is no filter pattern.
        instead: what to write.
        is_doubtful: whether it may well be meant as it stands.
        column: the 1-based column at which it is none.
    """

    problem: str
    instead: str
    is_doubtful: bool = False
    column: int = 1

    def __str__(self) -> str:
        return f"{self.problem}; {self.instead}"


def refuse_other_languages(text: str) -> None:
    """Refuse a pattern of words that is written in another language.

    Raises:
        LogPatternError: it holds another language's operators, quotes or wildcards.
    """
    meant = meant_by(text)
    if meant is not None and not meant.is_doubtful:
        raise LogPatternError(meant.column, meant.problem, meant.instead)


def meant_by(text: str) -> Meant | None:
    """What was meant by a pattern in another language; ``None`` for one that is none."""
    stripped = text.strip(SPACE)
    if not stripped:
        return None
    try:
        return _meant_by(text, stripped)
    except RecursionError:
        # Nested deeper than anybody writes.
        return None


def _meant_by(text: str, stripped: str) -> Meant | None:
    read = {"{": _in_braces, "[": _in_brackets, "%": _in_percents}.get(stripped[0])
    if read is None:
        return next(_readings(stripped), None)
    try:
        parse_pattern(text)
    except LogPatternError as error:
        is_quote = text[error.column - 1 : error.column] in _OTHER_QUOTES
        # What is offered for these is the value alone.
        instead = "" if is_quote else read(stripped)
        return Meant(error.problem, instead, column=error.column) if instead else None
    return None


def _in_braces(text: str) -> str:
    """``{ $.level == 'ERROR' or $.level IN ["FATAL"] }``: another language's conditions."""
    pattern = _condition(text[1:-1]) if text.endswith("}") else ""
    return f"write {pattern}" if pattern else ""


def _in_brackets(text: str) -> str:
    """``[Ee]rror``, ``[ERROR|WARN]`` and ``[ERROR] OR [WARN]``, which name no fields."""
    if set(",=<>") & set(text):
        # Fields, or nearly so.
        return ""
    alternatives = _ALTERNATIVES.fullmatch(text)
    if alternatives is None and (is_expression(text) or _CLASS.match(text)):
        return _instead(found_by(text), "")
    words = foreign_words(alternatives[1] if alternatives else text)
    if words is not None:
        return _instead(words.question, "")
    return f"write {quoted(text)}" if _BRACKETED.match(text) else ""


def _in_percents(text: str) -> str:
    """``%(a|b) c%`` and ``%(?i)error%``: what the dialect of expressions does not have."""
    if not text.endswith("%"):
        return ""
    inner = text[1:-1]
    question = found_by(inner.removeprefix("(?i)"), any_case=inner.startswith("(?i)"))
    return _instead(question, "")


def _readings(text: str) -> Iterator[Meant]:
    if is_query(text):
        yield _query(text)
    yield from _without_braces(text)
    yield from _pair(text)
    yield from _expression(text)
    words = foreign_words(text)
    if words is not None:
        problem = words.problem + _as_text(text) * words.may_be_text
        yield Meant(problem, _instead(words.question, _APART), words.is_doubtful)


def _query(text: str) -> Meant:
    question = asked_by_query(text)
    otherwise = 'look for words, as ?ERROR ?Error, or in lines of JSON as { $.level = "ERROR" }'
    return Meant(
        "this is a query of Logs Insights, which has another language than filters",
        _instead(question, otherwise),
    )


def _without_braces(text: str) -> Iterator[Meant]:
    """``$.level = "ERROR"``."""
    if text.startswith("$."):
        pattern = _condition(text)
        shown = pattern or '{ $.level = "ERROR" && $.status >= 500 }'
        yield Meant(
            "conditions on JSON properties stand in braces",
            f"write {shown}" if pattern else f"put them as {shown}",
        )


def _condition(text: str) -> str:
    """A condition in whatever spelling as a filter pattern; empty where it is not understood."""
    with suppress(UnreadableError, RecursionError):
        return offered(ConditionReader(tokens_of(text), bare_words=True).read())
    return ""


def _pair(text: str) -> Iterator[Meant]:
    """``level=ERROR`` and ``"level":"ERROR"``: text of the line, or a property of one in JSON."""
    pair = _PAIR.fullmatch(text)
    if pair is None or (pair["mark"] == ":" and '"' not in text):
        return
    value = pair["value"].strip('"')
    is_number = pair["value"] == value and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value)
    compared = Compares(pair["key"].strip('"'), "=", float(value) if is_number else value)
    pattern = offered(compared)
    yield Meant(
        f"{pair['mark']} compares nothing outside braces"
        + (f" ({pattern} does, where the lines are JSON)" if pattern else ""),
        f"write {quoted(text)}",
    )


def _expression(text: str) -> Iterator[Meant]:
    """``/ERR/``, ``ERROR.*timeout``, ``^ERROR``, ``(?i)error``."""
    slashes = _SLASHES.fullmatch(text)
    expression = slashes[1].replace("\\/", "/") if slashes else text
    any_case = expression.startswith("(?i)") or bool(slashes and slashes[2])
    if not (slashes or any_case or (is_expression(text) and '"' not in text)):
        return
    if slashes:
        problem = "slashes mark no regular expression here"
    elif any_case:
        problem = "(?i) is no part of a filter pattern"
    else:
        problem = "a regular expression stands between percent signs"
    bare = expression.removeprefix("(?i)")
    question = found_by(bare, any_case=any_case)
    # Slashes around what is an expression, and (?i), are hardly in a line.
    is_text = not any_case and not (slashes and is_expression(bare))
    yield Meant(problem + _as_text(text) * is_text, _instead(question, _NO_EXPRESSION))


def _as_text(text: str) -> str:
    """How to look for a text that may well be in a line as it is."""
    return f" ({quoted(text)} in quotes looks for exactly this text)"


def _instead(question: Question | None, otherwise: str) -> str:
    pattern = offered(question) if question else ""
    if pattern:
        return f"write {pattern}"
    apart = offered_apart(question) if question else ()
    if apart:
        number = _NUMBERS.get(len(apart), str(len(apart)))
        return f"use {number} patterns, each with its own alarm: {listed(apart)}"
    return otherwise
