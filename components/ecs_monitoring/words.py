"""How times, counts and lists read, and what was probably meant, in every message alike."""

import difflib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 86_400
"""Seconds."""

_SHOWN: Final = 5
"""Names that are listed before the rest is counted."""

_LIKE: Final = 0.5
"""How much of a word must be like another one, by difflib's measure, to be meant by it."""


def iso(time: int) -> str:
    """Seconds since 1970 UTC as ``2026-03-01T10:00:00Z``."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def duration(seconds: float) -> str:
    """``45 s``, ``15 min``, ``3.5 h``, ``12 days``."""
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    if seconds < HOUR:
        return f"{seconds / MINUTE:.0f} min"
    if seconds < 2 * DAY:
        return f"{_short(seconds / HOUR)} h"
    return f"{_short(seconds / DAY)} days"


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") if value < 10 else f"{value:,.0f}"


def counted(number: int, what: str) -> str:
    """``1 alarm``, ``1,200 alarms``."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def listed(names: Iterable[str]) -> str:
    """``a, b, c``, each once; beyond five the rest as a number."""
    every = list(dict.fromkeys(names))
    rest = len(every) - _SHOWN
    return f"{', '.join(every[:_SHOWN])}{f' and {rest} more' if rest > 0 else ''}"


def capitalized(words: str) -> str:
    """The words as the beginning of a sentence."""
    return f"{words[:1].upper()}{words[1:]}"


def sentence(words: str) -> str:
    """Words as a sentence: they begin with a capital letter and end with a full stop."""
    ended = words if words.endswith((".", "!", "?", "…")) else f"{words}."
    return capitalized(ended) if words else ""


def quoted(text: str) -> str:
    """A text in double quotes, as filter patterns, Logs Insights and composite rules take it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def closest(word: str, choices: Iterable[str]) -> str | None:
    """The known word that is most like another one; ``None`` where none is like it."""
    close = difflib.get_close_matches(word, list(choices), cutoff=_LIKE)
    return close[0] if close else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """``; did you mean "x"? write one of: …``, for the end of an error message."""
    names = list(choices)
    near = closest(word, names)
    question = f'; did you mean "{near}"?' if near else ";"
    return f"{question} write one of: {', '.join(names)}"


def nearest_known(word: str, choices: Iterable[str]) -> str:
    """``; nearest known: a, b``, where there are too many to name them all.

    At most three, best match first; empty where none is like the word.
    """
    near = difflib.get_close_matches(word.lower(), list(choices))
    return f"; nearest known: {', '.join(near)}" if near else ""
