"""What ``--verify`` was answered, as people read it."""

from typing import Final

from rich.markup import escape

from account.verify.model import Answer, Standing, Verification
from ecs_monitoring.words import counted
from ops.terminal import opened_console, table

_STYLES: Final = {
    Standing.MISSING: "bold red",
    Standing.UNKNOWN: "yellow",
    Standing.NOTE: "dim",
    Standing.FOUND: "green",
}


def print_verification(verification: Verification, stack: str) -> None:
    """Print a table of the alarms, everything else, and how much is missing.

    Args:
        verification: the answers.
        stack: project and stack.
    """
    console = opened_console()
    console.print(f"[bold]{escape(stack)}[/] in account {escape(verification.account)}\n")
    headings = ("Alarm", "Exists", "Has data", "Notifies", "Name is free")
    rows = table(*headings, title=counted(len(verification.alarms), "alarm"))
    for alarm in verification.alarms:
        rows.add_row(escape(alarm.address), *map(_shown, alarm.answers.values()))
    console.print(rows)
    for thing in verification.things:
        where = f"{escape(thing.what)} ({escape(thing.region)})"
        console.print(f"{where}: {_shown(thing.answer)}", soft_wrap=True)
    for words in verification.notes:
        console.print(f"[yellow]not looked at:[/] {escape(words)}", soft_wrap=True)
    wrong, unsure = verification.count(Standing.MISSING), verification.count(Standing.UNKNOWN)
    if verification.is_sure:
        console.print("\n[bold green]Nothing is missing.[/]")
    else:
        console.print(
            f"\n[bold]Answered with missing: {wrong}; could not be looked at: {unsure}.[/]"
        )


def _shown(answer: Answer) -> str:
    style = _STYLES[answer.verdict]
    words = f": {escape(answer.words)}" if answer.words else ""
    return f"[{style}]{answer.verdict}[/]{words}"
