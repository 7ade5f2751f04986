"""The terminal as every command uses it."""

import sys
from enum import IntEnum
from typing import Final

from rich.console import Console
from rich.markup import escape

# A log has no width of its own; tables must not be cut to the default of 80.
_LOG_WIDTH: Final = 180


def opened_console(*, is_json: bool = False) -> Console:
    """A console for people.

    Args:
        is_json: whether the standard output is kept for JSON; people read the standard error.
    """
    found = Console(stderr=is_json, highlight=False)
    if found.is_terminal:
        return found
    return Console(stderr=is_json, highlight=False, width=_LOG_WIDTH)


class ExitCode(IntEnum):
    """How a command ended, for scripts; the same for every command."""

    DONE = 0
    """What was asked for is done, and nothing needs anybody's attention."""

    ATTENTION = 1
    """Done, as far as it could be, and something needs attention: what was printed says what."""

    REFUSED = 2
    """Nothing was done: a mistake in what was asked, or no access."""

    INTERRUPTED = 130
    """Ended by Ctrl-C."""


class Terminal:
    """Says things and asks.

    Args:
        is_json: whether the standard output is kept for JSON; people read the standard error.
    """

    def __init__(self, *, is_json: bool) -> None:
        self._console = opened_console(is_json=is_json)

    def say(self, text: str, *, style: str = "") -> None:
        """Print plain text."""
        self._console.print(escape(text), style=style or None, soft_wrap=True)

    def confirms(self, question: str) -> bool:
        """Ask; only a yes is one."""
        self._console.print(f"[bold]{escape(question)}[/] \\[y/N] ", end="", soft_wrap=True)
        return sys.stdin.readline().strip().lower() in ("y", "yes")
