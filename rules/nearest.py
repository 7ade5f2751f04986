"""Suggestions for what was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``; did you mean "x"? Known: …``, for the end of an error message."""
    names = list(known)
    close = get_close_matches(word, names, n=1, cutoff=0.5)
    question = f'; did you mean "{close[0]}"?' if close else ";"
    return f"{question} write one of: {', '.join(names)}"
