"""Who is told of what, as people read it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from rich.markup import escape
from rich.table import Table

from account.who import Message, Receiver, Who
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.words import counted
from ops.terminal import SEVERITY_STYLES, opened_console, table

_SHOWN: Final = 4
"""Alarms of a target that are named; more are counted."""


def print_who(who: Who, stack: str, warnings: Iterable[str] = ()) -> None:
    """Print a table of people and channels, and what reaches nobody.

    Args:
        who: who is told of what.
        stack: the stack, for the heading.
        warnings: of the preview, such as of addresses that are placeholders.
    """
    console = opened_console()
    console.print(f"[bold]Who is told of what[/] in {escape(stack)}")
    if who.receivers:
        rows = table("Who", "By", "Severity", "Is told of", "Muted", show_lines=True)
        for receiver in who.receivers:
            _add(rows, receiver)
        console.print(rows)
    for warning in warnings:
        console.print(f"[yellow]warning:[/] {escape(warning)}", soft_wrap=True)
    if not who.unheard:
        console.print("Everything reaches somebody.")
        return
    console.print(f"[bold red]{counted(len(who.unheard), 'thing')} that nobody is told of:[/]")
    for message, topics in who.unheard.items():
        why = f"nobody reads {', '.join(topics)}" if topics else "it tells no topic"
        console.print(f"  {escape(message.name)}: {escape(why)}", soft_wrap=True)


def _add(rows: Table, receiver: Receiver) -> None:
    muted = "\n".join(
        f"{window} ({_share(kept, receiver.messages)})" for window, kept in receiver.muted.items()
    )
    for place, (severity, messages) in enumerate(receiver.told.items()):
        style = SEVERITY_STYLES.get(severity, "")
        rows.add_row(
            escape(receiver.address) if place == 0 else "",
            receiver.kind.value if place == 0 else "",
            f"[{style}]{severity}[/]" if style else "not known here",
            escape("\n".join(summary(messages))),
            escape(muted) if place == 0 else "",
        )


def _share(kept: Iterable[Message], of: Iterable[Message]) -> str:
    some, every = len(list(kept)), len(list(of))
    return "everything" if some == every else f"{some} of {every}"


def summary(messages: Iterable[Message]) -> list[str]:
    """What somebody is told of, a line each target, event and reminder.

    Args:
        messages: in the order in which they are shown.
    """
    lines: list[str] = []
    by_target: dict[str, list[str]] = defaultdict(list)
    for message in messages:
        if message.sort == "alarm":
            address = AlarmAddress(message.name)
            part = f"/{address.part}" if address.part else ""
            by_target[f"{address.kind}@{address.target}"].append(f"{address.rule}{part}")
        else:
            lines.append(f"{message.sort}: {_name(message)}")
    for target, rules in by_target.items():
        few = len(rules) <= _SHOWN
        lines.append(f"{target}: {', '.join(rules) if few else counted(len(rules), 'alarm')}")
    return lines


def _name(message: Message) -> str:
    return message.name.removeprefix("incident.") if message.sort == "incident" else message.name
