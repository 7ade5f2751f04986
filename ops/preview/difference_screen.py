"""A difference as people read it: in a terminal, or in a pull request's comment."""

import re
from collections.abc import Iterator
from typing import Final

from rich.markup import escape

from ops.preview.difference import Difference, summary
from ops.terminal import opened_console

# What Markdown and HTML would read as more than text.
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>#|~&])")

MARKER: Final = "<!-- monitoring preview of {stack} -->"
"""First line of a comment, by which the workflow finds the one to renew."""


def print_difference(found: Difference) -> None:
    """Print what changes."""
    console = opened_console()
    console.print(f"[bold]{escape(summary(found))}[/]", soft_wrap=True)
    for title, lines in _sections(found):
        console.print(f"\n[bold]{title}[/]")
        for line in lines:
            console.print(f"  {escape(line)}", soft_wrap=True)
    console.print(f"\n[bold]Cost:[/] {escape(found.cost)}", soft_wrap=True)


def as_markdown(found: Difference) -> str:
    """What changes, for a pull request's comment."""
    lines = [
        MARKER.format(stack=found.stack),
        f"## Stack {_plain(found.stack)}",
        "",
        _plain(summary(found)),
    ]
    for title, items in _sections(found):
        lines += ["", f"**{title}**", "", *(f"- {_plain(item)}" for item in items)]
    return "\n".join([*lines, "", f"**Cost:** {_plain(found.cost)}"])


def _sections(found: Difference) -> Iterator[tuple[str, tuple[str, ...]]]:
    for title, lines in (
        ("New alarms", found.new),
        ("Alarms that go", found.gone),
        ("Changed alarms", tuple(map(str, found.changed))),
        ("Events of AWS", found.events),
        ("Who is notified", found.notified),
        ("Muted windows", found.muted),
        ("Other resources", found.resources),
        ("Billed", found.cost_lines),
    ):
        if lines:
            yield title, lines


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
