"""Words joined as in other languages: ``ERROR OR WARN``, ``ERROR|WARN``, ``(A OR B) AND NOT C``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .question import (
    All,
    Contains,
    Either,
    Opposite,
    Question,
    UnreadableError,
    either,
    together,
    unquoted,
)

_OR: Final = ("OR", "||", "|", ",")
_AND: Final = ("AND", "&&", "&")
_NOT: Final = ("NOT", "!")
_LOWER: Final = ("or", "and", "not")
_LEVELS: Final = frozenset(
    ("TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "SEVERE", "FATAL", "CRITICAL")
)
"""What loggers call their levels."""

_PUNCTUATION: Final = (",", "(", ")")
_OPERATORS: Final = tuple(mark for mark in (*_OR, *_AND, *_NOT) if mark not in _PUNCTUATION)

_TOKEN: Final = re.compile(
    r"(?P<space>\s+)|(?P<quoted>(?<!\w)[-?!+]?\"(?:[^\"\\]|\\.)*\"|(?<!\S)'[^']*')"
    r"|(?P<mark>\|\|?|&&|[(),])|(?P<word>(?:[^\s|(),&\"]|&(?!&))+|\")"
)
_WILDCARDS: Final = re.compile(r"\.?\*?\w+\.?\*|\.?\*\w+")


@dataclass(frozen=True, slots=True)
class Words:
    """Words in another language.

    Attributes:
        problem: what is no part of a filter pattern in them.
        question: what they ask.
        may_be_text: whether they may well be a phrase to look for.
        is_doubtful: whether they may well be meant as they stand.
    """

    problem: str
    question: Question
    may_be_text: bool
    is_doubtful: bool


def foreign_words(text: str) -> Words | None:
    """The words as another language has them; ``None`` where nothing in them is of one."""
    tokens = _tokens(text)
    if tokens is None:
        return None
    told = [(token, problem) for token in tokens if (problem := _problem(token))]
    is_lower = not any(token in _OPERATORS for token in tokens) and any(
        token in _LOWER for token in tokens
    )
    is_doubtful = is_lower and not told and not _is_emphatic(tokens)
    if is_lower:
        told += [(token, _no_operator(token)) for token in tokens if token in _LOWER]
        tokens = [token.upper() if token in _LOWER else token for token in tokens]
    if not told:
        return _mixed(tokens)
    try:
        question = _WordReader(tokens).read()
    except (UnreadableError, RecursionError):
        return None
    may_be_text = is_lower or all(token in _PUNCTUATION for token, _ in told)
    # What a parenthesis is said about matters least.
    problem = next((words for token, words in told if token not in "()"), told[0][1])
    return Words(problem, question, may_be_text, is_doubtful)


def _mixed(tokens: Sequence[str]) -> Words | None:
    """``?ERROR ?WARN -health``: one of the first, and without the last."""
    optional = [token for token in tokens if token.startswith("?")]
    others = [token for token in tokens if not token.startswith("?")]
    if not optional or not others or any(token in "?-" for token in tokens):
        return None
    try:
        one_of_them = Either(tuple(Contains(_plain(token)) for token in optional))
        besides = _WordReader(others).read()
    except UnreadableError:
        return None
    beside = f"{optional[0]} stands beside terms without ?"
    problem = f"{beside}, and CloudWatch Logs then ignores every ? term"
    return Words(problem, All((one_of_them, besides)), may_be_text=False, is_doubtful=False)


def _tokens(text: str) -> list[str] | None:
    """The words and what joins them; ``None`` where marks stand inside a word, as in ``f(x)``."""
    tokens: list[str] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return None
        token, kind = match.group(), match.lastgroup
        before = text[at - 1 : at]
        after = text[match.end() : match.end() + 1]
        if token == "(" and before and before not in " \t\r\n(|&!,-":
            return None
        if token == ")" and after and after not in " \t\r\n)|&,":
            return None
        # 1,000 is a number.
        if token == "," and before.isdigit() and after.isdigit():
            return None
        if kind == "word" and '"' in token:
            return None
        if kind != "space":
            tokens.append(token)
        at = match.end()
    return tokens


def _problem(token: str) -> str:
    if token in _OPERATORS:
        return _no_operator(token)
    if token == ",":
        return "a comma joins no words: it would be looked for in the log as part of one"
    if token in "()":
        return "parentheses group no words: they would be looked for in the log"
    if token.startswith("!"):
        return "! is no operator of words: - stands before a word that must be absent"
    if re.match(r"\+[\w\"]", token):
        return "+ is no operator of words: a word without it has to be there"
    if len(token) > 1 and token[0] == token[-1] == "'":
        return "single quotes are looked for in the log, too"
    if _WILDCARDS.fullmatch(token):
        return "* is no wildcard beside words, which are found inside longer words anyway"
    return ""


def _no_operator(word: str) -> str:
    return f"{word} is no operator between words: it would be looked for in the log as a word"


def _is_emphatic(tokens: Sequence[str]) -> bool:
    """Whether lower-case words join others, rather than being part of a phrase.

    They do beside a level, and where two of them follow each other; not in "CPU and memory high".
    """
    for place, token in enumerate(tokens):
        if token not in _LOWER:
            continue
        around = [*tokens[max(place - 1, 0) : place], *tokens[place + 1 : place + 2]]
        if any(_is_level(word) or word in _LOWER for word in around):
            return True
    return False


def _is_level(word: str) -> bool:
    return word.lstrip("-?") in _LEVELS


class _WordReader:
    """Reads alternatives of chains of terms, as a tree."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = tokens
        self._next = 0
        # Beside OR, words that follow each other are a phrase; else each is a term.
        self._is_phrase = any(token in _OR for token in tokens)

    def read(self) -> Question:
        question = self._either()
        if self._next < len(self._tokens):
            raise UnreadableError
        return question

    def _either(self) -> Question:
        parts = [self._all()]
        while self._take(_OR):
            parts.append(self._all())
        return either(parts)

    def _all(self) -> Question:
        parts: list[Question] = []
        is_joined, was_word = True, False
        while self._next < len(self._tokens):
            token = self._tokens[self._next]
            if token in _OR or token == ")":
                break
            if token in _AND:
                if is_joined:
                    raise UnreadableError
                self._next += 1
                is_joined = True
                continue
            is_word = not token.endswith(('"', "'"))
            self._add(self._one(), parts, is_joined or not (is_word and was_word))
            was_word = is_word
            is_joined = False
        if not parts or is_joined:
            raise UnreadableError
        return together(parts)

    def _add(self, part: Question, parts: list[Question], is_joined: bool) -> None:
        before = parts[-1] if parts and self._is_phrase and not is_joined else None
        if isinstance(before, Contains) and isinstance(part, Contains):
            parts[-1] = Contains(f"{before.text} {part.text}")
        else:
            parts.append(part)

    def _one(self) -> Question:
        if self._take(_NOT):
            if self._next == len(self._tokens):
                raise UnreadableError
            return Opposite(self._one())
        token = self._tokens[self._next]
        self._next += 1
        if token == "(":
            question = self._either()
            if not self._take((")",)):
                raise UnreadableError
            return question
        if token in (")", *_OR, *_AND):
            raise UnreadableError
        if len(token) > 1 and token[0] in "-!":
            return Opposite(Contains(_plain(token)))
        return Contains(_plain(token))

    def _take(self, tokens: Sequence[str]) -> bool:
        is_next = self._next < len(self._tokens) and self._tokens[self._next] in tokens
        self._next += is_next
        return is_next


def _plain(token: str) -> str:
    bare = re.sub(r"^[-?!+](?=.)", "", token)
    # A double quote that is never closed is no token.
    if bare[0] == bare[-1] == '"':
        return unquoted(bare)
    if len(bare) > 1 and bare[0] == bare[-1] == "'":
        return bare[1:-1]
    plain = re.sub(r"^\.?\*|\.?\*$", "", bare)
    if not plain:
        raise UnreadableError
    return plain
