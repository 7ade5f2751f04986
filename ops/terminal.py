"""The terminal as every command uses it."""

import json
import os
import re
import sys
from collections.abc import Collection
from enum import IntEnum
from io import TextIOWrapper
from typing import Any, Final

from rich.box import HEAVY_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

# A log has no width of its own but what COLUMNS says; tables must not be squeezed into 80.
_LOG_WIDTH: Final = 180

SEVERITY_STYLES: Final = {"critical": "bold red", "warning": "yellow"}
"""How each severity looks, the gravest first."""

# Control characters but for line feed and tab, and those that turn the direction of writing, by
# which a text may show another one than it is: https://trojansource.codes/
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """The text with its control characters written out, as Python does: none gets to a terminal."""
    return _CONTROL.sub(lambda match: ascii(match.group())[1:-1], text)


def take_any_encoding() -> None:
    """Have what the terminal's encoding has not (cp1252, cp932) written out, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def complain(text: str) -> None:
    """Tell people what is wrong, on the standard error."""
    print(visible(text), file=sys.stderr)


def print_json(value: Any) -> None:
    """Give everything to scripts, on the standard output."""
    # What JSON leaves as it is may still steer a terminal; in JSON it is written out otherwise.
    text = json.dumps(value, indent=2, default=str, ensure_ascii=False)
    print(_CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", text))


class _Console(Console):
    """A console whose texts carry no control characters, whoever wrote them."""

    def render_str(self, text: str, **options: Any) -> Text:
        """A text with its markup, as every print and every cell of a table has it."""
        return super().render_str(visible(text), **options)


def opened_console(*, is_json: bool = False) -> Console:
    """A console for people.

    Args:
        is_json: whether the standard output is kept for JSON; people read the standard error.
    """
    console = _Console(stderr=is_json, highlight=False)
    if console.is_terminal or os.environ.get("COLUMNS"):
        return console
    return _Console(stderr=is_json, highlight=False, width=_LOG_WIDTH)


def table(
    *headings: str,
    title: str = "",
    is_framed: bool = True,
    numbers: Collection[str] = (),
    **options: Any,
) -> Table:
    """A table of which nothing is cut off: what is too long for its column is broken.

    Args:
        headings: of the columns.
        title: above it.
        is_framed: whether it has lines.
        numbers: headings of the columns that are aligned to the right.
        options: of ``rich.table.Table``.
    """
    made = Table(
        title=escape(title) or None,
        title_justify="left",
        title_style="bold",
        box=HEAVY_HEAD if is_framed else None,
        **options,
    )
    for heading in headings:
        made.add_column(heading, overflow="fold", justify="right" if heading in numbers else "left")
    return made


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

    def heading(self, title: str, account: str, caller: str, more: str = "") -> None:
        """Print what is done, in which account and as whom."""
        self._console.print(
            f"[bold]{escape(title)}[/] in account [bold]{account}[/] by {escape(caller + more)}",
            soft_wrap=True,
        )

    def say(self, text: str, *, style: str = "") -> None:
        """Print plain text."""
        self._console.print(escape(text), style=style or None, soft_wrap=True)

    def confirms(self, question: str) -> bool:
        """Ask; only a yes is one."""
        self._console.print(f"[bold]{escape(question)}[/] \\[y/N] ", end="", soft_wrap=True)
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    def refusal(self, question: str, *, is_yes: bool) -> str:
        """Why something must not be done that wants a yes; empty where it may.

        Args:
            question: to ask.
            is_yes: whether the answer was given beforehand.
        """
        if is_yes:
            return ""
        if not sys.stdin.isatty():
            return "there is no terminal to ask in: give --yes to go on without asking"
        return "" if self.confirms(question) else "not confirmed"
