"""A difference as people read it: in a terminal, or in a pull request's comment."""

import re
from collections.abc import Iterator
from typing import Final

from rich.markup import escape

from ops.terminal import opened_console
from stack.against.difference import PreviewDifference, summary

# What Markdown and HTML would read as more than text.
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>#|~&])")

MARKER: Final = "<!-- monitoring preview of {stack} -->"
"""First line of a comment, by which the workflow finds the one to renew."""


def print_difference(changes: PreviewDifference) -> None:
    """Print what changes."""
    console = opened_console()
    console.print(f"[bold]{escape(summary(changes))}[/]", soft_wrap=True)
    for title, lines in _sections(changes):
        console.print(f"\n[bold]{title}[/]")
        for line in lines:
            console.print(f"  {escape(line)}", soft_wrap=True)
    console.print(f"\n[bold]Cost:[/] {escape(changes.cost)}", soft_wrap=True)


def as_markdown(changes: PreviewDifference) -> str:
    """What changes, for a pull request's comment."""
    lines = [
        MARKER.format(stack=changes.stack),
        f"## Stack {_plain(changes.stack)}",
        "",
        _plain(summary(changes)),
    ]
    for title, items in _sections(changes):
        lines += ["", f"**{title}**", "", *(f"- {_plain(item)}" for item in items)]
    return "\n".join([*lines, "", f"**Cost:** {_plain(changes.cost)}"])


def _sections(changes: PreviewDifference) -> Iterator[tuple[str, tuple[str, ...]]]:
    for title, lines in (
        ("New alarms", changes.new),
        ("Alarms that go", changes.gone),
        ("Changed alarms", tuple(map(str, changes.changed))),
        ("Events of AWS", changes.events),
        ("Who is notified", changes.notified),
        ("Muted windows", changes.muted),
        ("Other resources", changes.resources),
        ("Billed", changes.cost_lines),
    ):
        if lines:
            yield title, lines


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
