"""Patterns in the words of other query languages: ``ERROR OR WARN``, ``ERROR|WARN``, ``*ERROR*``.

CloudWatch Logs takes most of them, as words to look for, and then they match nothing. What is
offered instead is tried before it is offered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .errors import LogPatternError
from .matching import matches
from .parser import parse_pattern
from .scanner import SPACE

_TOKEN = re.compile(rf"[-?!]?\"(?:[^\"\\]|\\.)*\"|'[^']*'|/[^/]+/|[^{SPACE}]+")
_OR, _AND, _NOT = ("OR", "||", "|"), ("AND", "&&", "&"), ("NOT", "!")
_BARE = re.compile(r"[A-Za-z0-9_]+")
_ANY_CASE = re.compile(r"\(\?i\)([A-Za-z0-9_]+)")
_SLASHES = re.compile(r"/([^/]+)/")


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    excluded: bool = False

    def written(self, modifier: str = "") -> str:
        if _BARE.fullmatch(self.text):
            return f"{modifier}{self.text}"
        escaped = self.text.replace("\\", "\\\\").replace('"', '\\"')
        return f'{modifier}"{escaped}"'


def refuse_other_languages(text: str) -> None:
    """Refuse a pattern of words that is written in another language.

    Raises:
        LogPatternError: it holds another language's operator, quotes or wildcards. What the
            message offers has matched the lines that the pattern means, and no others.
    """
    stripped = text.strip(SPACE)
    if not stripped or stripped[0] in "{[%":
        return
    for problem, offered in (_any_case(stripped), _regex(stripped), _operators(stripped)):
        if problem:
            raise LogPatternError(
                1,
                problem,
                f"write {offered}" if offered else "write two patterns, each with its own alarm",
            )


def _any_case(text: str) -> tuple[str, str]:
    """``(?i)error``: matching heeds case, and there is no flag against it."""
    match = _ANY_CASE.fullmatch(text)
    if match is None:
        return "", ""
    word = match[1].lower()
    spellings = [_Term(word), _Term(word.capitalize()), _Term(word.upper())]
    offered = " ".join(term.written("?") for term in spellings)
    return "(?i) is no part of a filter pattern", _tried(offered, [t.text for t in spellings], [])


def _regex(text: str) -> tuple[str, str]:
    """``/^5../``: a regular expression stands between percent signs here."""
    match = _SLASHES.fullmatch(text)
    if match is None or not re.search(r"[\\.*+?\[|^$]", match[1]):
        return "", ""
    return "slashes mark no regular expression here", _tried(f"%{match[1]}%", [], [])


def _operators(text: str) -> tuple[str, str]:
    tokens = [token for part in _TOKEN.findall(text) for token in _parts(part)]
    told = [_foreign(token) for token in tokens]
    problem = next((words for words in told if words), "")
    if not problem:
        return "", ""
    alternatives = _alternatives(tokens)
    if not alternatives:
        # The word alone may well be what is looked for.
        return "", ""
    if len(alternatives) == 1:
        return problem, _all_of(alternatives[0])
    if any(term.excluded for terms in alternatives for term in terms):
        return f"{problem}, and one pattern cannot hold OR beside NOT", ""
    terms = [_Term(" ".join(term.text for term in terms)) for terms in alternatives if terms]
    offered = " ".join(term.written("?") for term in terms)
    return problem, _tried(offered, [term.text for term in terms], ["~"])


def _parts(token: str) -> list[str]:
    """A token, cut at the ``|`` and ``&&`` that join words without blanks."""
    if token[-1] in "\"'" and token[0] in "\"'-?!":
        return [token]
    return [part for part in re.split(r"(\|\|?|&&)", token.strip("()")) if part]


def _foreign(token: str) -> str:
    if token in (*_OR, *_AND, *_NOT):
        return f"{token} is no operator between words: it would be looked for in the log as a word"
    if token.startswith("!"):
        return "! is no operator of words: - stands before a word that must be absent"
    if len(token) > 1 and token[0] == token[-1] == "'":
        return "single quotes are looked for in the log, too"
    if re.fullmatch(r"\.?\*?\w+\.?\*|\.?\*\w+", token):
        return "* is no wildcard beside words, which are found inside longer words anyway"
    return ""


def _alternatives(tokens: Sequence[str]) -> list[list[_Term]]:
    alternatives: list[list[_Term]] = [[]]
    excluded = False
    for token in tokens:
        if token in _OR:
            alternatives.append([])
        elif token in _NOT:
            excluded = True
        elif token not in _AND:
            excluded = excluded or token.startswith(("!", "-"))
            alternatives[-1].append(_Term(_plain(token), excluded))
            excluded = False
    return [terms for terms in alternatives if terms]


def _plain(token: str) -> str:
    bare = token.lstrip("?!-") if len(token) > 1 else token
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        return re.sub(r"\\(.)", r"\1", bare[1:-1])
    if len(bare) > 1 and bare[0] == bare[-1] == "'":
        return bare[1:-1]
    return re.sub(r"^\.?\*|\.?\*$", "", bare)


def _all_of(terms: Sequence[_Term]) -> str:
    wanted = " ".join(term.text for term in terms if not term.excluded)
    offered = " ".join(term.written("-" if term.excluded else "") for term in terms)
    without = [f"{wanted} {term.text}" for term in terms if term.excluded]
    return _tried(offered, [wanted], without)


def _tried(offered: str, lines: Sequence[str], others: Sequence[str]) -> str:
    """What is offered, if it matches these lines and none of the others; otherwise nothing."""
    try:
        pattern = parse_pattern(offered)
    except LogPatternError:
        return ""
    right = all(matches(pattern, line) for line in lines)
    return offered if right and not any(matches(pattern, line) for line in others) else ""
