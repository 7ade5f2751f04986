"""The known names nearest to a mistyped one, for error messages."""

import difflib
from collections.abc import Iterable


def nearest_hint(name: str, known: Iterable[str]) -> str:
    """Return a clause such as ``"; nearest known: a, b"`` to end an error message with.

    At most three names are given, best match first. The string is empty where no known name
    resembles ``name`` (difflib's default cutoff, 0.6).
    """
    nearest = difflib.get_close_matches(name.lower(), known)
    return f"; nearest known: {', '.join(nearest)}" if nearest else ""
