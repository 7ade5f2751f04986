"""Conditions as other languages write them: ``level = 'ERROR' or not status >= 500``.

Those of CloudWatch Logs Insights, and those of filter patterns with other languages' operators:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..syntax import Operator
from .question import (
    Compares,
    Contains,
    Either,
    Finds,
    Opposite,
    Present,
    Question,
    UnreadableError,
    either,
    found_by,
    together,
    unquoted,
)

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')|(?P<expression>/(?:[^/\\]|\\.)+/)"
    r"|(?P<number>-?\d+(?:\.\d+)?(?![\w.]))|(?P<field>(?:\$\.)?[A-Za-z_][\w.]*|@\w+|`[^`]+`)"
    r"|(?P<mark>!=|<>|<=|>=|=~|==|&&?|\|\|?|[=<>()\[\],]))"
)
_BARE: Final = re.compile(r"[A-Za-z0-9_]+")
_MESSAGE: Final = "@message"
_OPERATORS: Final[dict[str, Operator]] = {
    "=": "=", "==": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a value or a mark, and which of them it is; of no kind where it is none."""

    kind: str
    text: str


def tokens_of(text: str) -> list[Token]:
    """A text's tokens."""
    tokens: list[Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            # Something of another command, such as a function's argument.
            tokens.append(Token("", text[at]))
            at += 1
        else:
            kind = match.lastgroup or ""
            tokens.append(Token(kind, match[kind]))
            at = match.end()
    return tokens


class ConditionReader:
    """Reads one condition, as a tree.

    Args:
        tokens: the condition's.
        bare_words: whether a word without quotes may be a value; else it would be a field.
    """

    def __init__(self, tokens: Sequence[Token], *, bare_words: bool = False) -> None:
        self._tokens = tokens
        self._bare_words = bare_words
        self._next = 0

    def read(self) -> Question:
        """What the condition asks.

        Raises:
            UnreadableError: it is not understood.
        """
        question = self._either()
        if self._next < len(self._tokens):
            raise UnreadableError
        return question

    def _either(self) -> Question:
        parts = [self._all()]
        while self._word("or") or self._mark("||") or self._mark("|"):
            parts.append(self._all())
        return either(parts)

    def _all(self) -> Question:
        parts = [self._one()]
        while self._word("and") or self._mark("&&") or self._mark("&"):
            parts.append(self._one())
        return together(parts)

    def _one(self) -> Question:
        if self._word("not"):
            return Opposite(self._one())
        if self._mark("("):
            question = self._either()
            self._expect(")")
            return question
        token = self._token("field")
        if self._mark("("):
            return self._function(token.lower())
        path = _path(token)
        is_negated = self._word("not")
        searched = self._like_or_in(path)
        if searched is None:
            if is_negated:
                raise UnreadableError
            return self._compared(path)
        return Opposite(searched) if is_negated else searched

    def _like_or_in(self, path: str) -> Question | None:
        if self._word("like") or self._mark("=~"):
            return _found(path, self._any())
        if self._word("in"):
            self._expect("[")
            values = [self._value()]
            while self._mark(","):
                values.append(self._value())
            self._expect("]")
            return Either(tuple(_equal(path, value) for value in values))
        return None

    def _compared(self, path: str) -> Question:
        operator = _OPERATORS.get(self._token("mark"))
        if operator is None:
            raise UnreadableError
        if operator in ("=", "!="):
            token = self._any()
            is_found = token.kind == "expression" and bool(path)
            equal = _found(path, token) if is_found else _equal(path, self._value_of(token))
            return equal if operator == "=" else Opposite(equal)
        if not path:
            raise UnreadableError
        return Compares(path, operator, self._value())

    def _function(self, name: str) -> Question:
        path = _path(self._token("field"))
        if name == "strcontains":
            self._expect(",")
            question: Question = Contains(unquoted(self._token("text")), path)
        elif name == "ispresent" and path:
            question = Present(path)
        else:
            raise UnreadableError
        self._expect(")")
        return question

    def _value(self) -> str | float:
        return self._value_of(self._any())

    def _value_of(self, token: Token) -> str | float:
        if token.kind == "number":
            return float(token.text)
        if token.kind == "text":
            return unquoted(token.text)
        if token.kind == "field" and self._bare_words and _BARE.fullmatch(token.text):
            return token.text
        raise UnreadableError

    def _any(self) -> Token:
        if self._next == len(self._tokens):
            raise UnreadableError
        self._next += 1
        return self._tokens[self._next - 1]

    def _token(self, kind: str) -> str:
        token = self._any()
        if token.kind != kind:
            raise UnreadableError
        return token.text

    def _word(self, word: str) -> bool:
        return self._take("field", word)

    def _mark(self, mark: str) -> bool:
        return self._take("mark", mark)

    def _expect(self, mark: str) -> None:
        if not self._mark(mark):
            raise UnreadableError

    def _take(self, kind: str, text: str) -> bool:
        at_end = self._next == len(self._tokens)
        token = Token("", "") if at_end else self._tokens[self._next]
        is_next = token.kind == kind and token.text.lower() == text
        self._next += is_next
        return is_next


def _path(field: str) -> str:
    """The path of a field; empty for the whole line."""
    if field == _MESSAGE:
        return ""
    if field.startswith("@"):
        # A stream, a time: nothing of the line.
        raise UnreadableError
    return field.removeprefix("$.").strip("`")


def _equal(path: str, value: str | float) -> Question:
    if path:
        return Compares(path, "=", value)
    if not isinstance(value, str):
        raise UnreadableError
    return Finds(f"^{re.escape(value)}$")


def _found(path: str, token: Token) -> Question:
    if token.kind == "text":
        return Contains(unquoted(token.text), path)
    if token.kind != "expression":
        raise UnreadableError
    expression = token.text[1:-1].replace("\\/", "/")
    any_case = expression.startswith("(?i)")
    question = found_by(expression.removeprefix("(?i)"), path, any_case=any_case)
    if question is None:
        raise UnreadableError
    return question
