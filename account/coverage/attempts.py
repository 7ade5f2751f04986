"""Asks AWS part by part: a part that it refuses is noted, and the others are still looked at."""

from collections.abc import Callable
from typing import Final, TypeVar

from account.account import AWS_ERRORS

T = TypeVar("T")

_LONGEST: Final = 300
"""Characters of AWS's message that are repeated; a proxy may answer with a whole page."""


class Attempts:
    """What was asked of one region.

    Attributes:
        region: the region's name.
        notes: what could not be looked at, and why, in words.
    """

    def __init__(self, region: str) -> None:
        self.region = region
        self.notes: list[str] = []

    def of(self, what: str, ask: Callable[[], T]) -> T | None:
        """What AWS answers; ``None``, and a note, where it refuses or cannot be reached.

        Args:
            what: what is asked for, for the note.
            ask: asks.
        """
        try:
            return ask()
        except AWS_ERRORS as error:
            said = " ".join(str(error).split())
            shown = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
            self.note(f"{what} could not be looked at: {shown}")
            return None

    def note(self, words: str) -> None:
        """Keep something worth knowing about the region."""
        self.notes.append(f"{self.region}: {words}")
