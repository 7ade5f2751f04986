"""Suggestions for what was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like another one; ``None`` where none is like it."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return close[0] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``; did you mean "x"? Known: …``, for the end of an error message."""
    names = list(known)
    near = closest(word, names)
    question = f'; did you mean "{near}"?' if near else ";"
    return f"{question} write one of: {', '.join(names)}"
