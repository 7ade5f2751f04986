"""How findings are worded."""

from collections.abc import Iterable
from typing import Final

_SHOWN: Final = 5
"""Names that are listed before the rest is counted."""


def listed(names: Iterable[str]) -> str:
    """``a, b, c``, each once; beyond five the rest as a number."""
    every = list(dict.fromkeys(names))
    rest = len(every) - _SHOWN
    return f"{', '.join(every[:_SHOWN])}{f' and {rest} more' if rest > 0 else ''}"


def capitalized(words: str) -> str:
    """The words as the beginning of a sentence."""
    return f"{words[:1].upper()}{words[1:]}"
