"""Reads unstructured patterns: ``ERROR -"timed out"``, ``?Error ?Exception``, ``%re%``.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ecs_monitoring.words import quoted

from .errors import LogPatternError
from .regex import compile_regex
from .scanner import SPACE, Scanner
from .syntax import LogPattern, MatchAll, Regex, Terms

_UNTIL_SPACE = re.compile(rf"[^{SPACE}]*")
_NEEDS_QUOTES = re.compile(r"[^A-Za-z0-9_]")


@dataclass(frozen=True, slots=True)
class _Term:
    modifier: str
    text: str
    column: int


def read_regex_pattern(scanner: Scanner) -> Regex:
    """Read a pattern that is one regular expression.

    Raises:
        LogPatternError: the expression is wrong or something follows it.
    """
    column = scanner.column + 1
    regex = compile_regex(scanner.take_percent_delimited(), column)
    scanner.skip_space()
    if not scanner.at_end:
        raise LogPatternError(
            scanner.column,
            "an unstructured pattern with a regular expression holds nothing else",
            "write everything in the expression, or only words and phrases",
        )
    return regex


def read_terms(scanner: Scanner) -> LogPattern:
    """Read a pattern of words and quoted phrases.

    Raises:
        LogPatternError: a term is malformed, or ``?`` terms stand beside others.
    """
    terms: list[_Term] = []
    while not scanner.at_end:
        terms.append(_read_term(scanner))
        scanner.skip_space()
    if len(terms) == 1 and not terms[0].modifier and not terms[0].text.strip():
        # AWS's example pattern " " matches every event, not those with a space.
        return MatchAll()
    for term in terms:
        if not term.text.strip():
            raise LogPatternError(
                term.column,
                "a blank phrase is a pattern for all events and says nothing beside other terms",
                "leave it out",
            )
    _refuse_ignored_terms(terms)
    return Terms(
        required=tuple(term.text for term in terms if not term.modifier),
        excluded=tuple(term.text for term in terms if term.modifier == "-"),
        any_of=tuple(term.text for term in terms if term.modifier == "?"),
    )


def _read_term(scanner: Scanner) -> _Term:
    column = scanner.column
    modifier = "?" if scanner.take("?") else "-" if scanner.take("-") else ""
    if scanner.next_character == '"':
        phrase = scanner.take_quoted()
        if not scanner.at_end and scanner.next_character not in SPACE:
            raise LogPatternError(
                scanner.column, "a quoted phrase runs into the next term", "put a space between"
            )
        return _Term(modifier, phrase, column)
    if scanner.next_character == "%":
        raise LogPatternError(
            scanner.column,
            "a regular expression cannot stand beside other terms or after ? or -",
            'make it the whole pattern, or quote the term if % is meant literally: "100%"',
        )
    start = scanner.column
    word = scanner.take_run(_UNTIL_SPACE)
    if not word:
        raise LogPatternError(
            column,
            f"{modifier} stands before no term",
            f"write it directly before its term, as {modifier}ERROR",
        )
    offending = _NEEDS_QUOTES.search(word)
    if offending is not None:
        raise LogPatternError(
            start + offending.start(),
            f"the term {word} has the character {offending.group()!r}, and a term with characters "
            "other than letters, digits and _ must be in double quotes",
            f"write {modifier}{quoted(word)}",
        )
    return _Term(modifier, word, column)


def _refuse_ignored_terms(terms: list[_Term]) -> None:
    optional = [term for term in terms if term.modifier == "?"]
    if optional and len(optional) < len(terms):
        raise LogPatternError(
            optional[0].column,
            f"?{optional[0].text} stands beside terms without ?, and CloudWatch Logs then "
            "ignores every ? term",
            "write ? before all terms or before none; for other combinations use a regular "
            "expression or two filters",
        )
