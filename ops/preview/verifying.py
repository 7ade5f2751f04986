"""``python -m ops preview STACK --verify``: what the account says to what would be deployed."""

import argparse
import json
from collections.abc import Callable, Sequence
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from account.account import AWS_ERRORS, Account
from account.stack import StackPlace
from account.verify.model import Answer, Verdict, Verification
from account.verify.planned import Planned, planned
from account.verify.read import verify
from ecs_monitoring.rules import RDS
from ecs_monitoring.rules.rds_target import RdsTarget
from ecs_monitoring.words import counted
from ops.terminal import ExitCode, complain, opened_console, print_json
from stack.config import StackConfig, read_stack_config
from stack.program import PlaceholderAws, run_program

_STYLES: Final = {
    Verdict.MISSING: "bold red",
    Verdict.UNKNOWN: "yellow",
    Verdict.NOTE: "dim",
    Verdict.FOUND: "green",
}


def run(
    arguments: argparse.Namespace, opened: Callable[[str | None, str | None], Account] | None
) -> int:
    """Ask the account and print what it says; returns the exit code.

    Raises:
        StackConfigError: no such stack, or a change that cannot be applied.
        pulumi.RunError: the settings are wrong.
    """
    config = read_stack_config(arguments.stack, settings=arguments.changes)
    place = StackPlace.of(config, arguments.regions)
    try:
        account = (opened or Account.opened)(arguments.profile, arguments.endpoint_url)
        caller = account.caller(place.first_region)
        aws = PlaceholderAws(config.region, account=caller.account)
        plans = planned(run_program(config, mocks=aws), config.region)
        refusal = _elsewhere(plans, place.regions)
        if refusal:
            complain(f"preview: {refusal}")
            return ExitCode.REFUSED
        asked = [one for one in plans if not place.regions or one.region in place.regions]
        found = verify(account, caller, asked, databases=_declared_databases(config))
    except AWS_ERRORS as error:
        complain(f"preview: {error}\nNothing was looked at.")
        return ExitCode.REFUSED
    if arguments.json:
        print_json(found.as_json())
    else:
        _print(opened_console(), found, f"{config.project}/{config.stack}")
    return ExitCode.DONE if found.is_sure else ExitCode.ATTENTION


def _declared_databases(config: StackConfig) -> dict[str, RdsTarget]:
    """What the stack's settings, which a run has found right, say of its databases."""
    section = json.loads(config.values.get(f"{config.project}:{RDS.key}") or "{}")
    return {name: RdsTarget.model_validate(fields) for name, fields in section.items()}


def _elsewhere(plans: Sequence[Planned], regions: Sequence[str]) -> str:
    """Why a region that was asked for cannot be; empty where each has something of the stack."""
    there = [plan.region for plan in plans]
    for region in regions:
        if region not in there:
            return f"--region {region}: the stack has nothing there; write {' or '.join(there)}"
    return ""


def _print(console: Console, found: Verification, stack: str) -> None:
    console.print(f"[bold]{escape(stack)}[/] in account {escape(found.account)}\n")
    table = Table(title=counted(len(found.alarms), "alarm"), title_justify="left")
    for heading in ("Alarm", "Exists", "Has data", "Notifies", "Name is free"):
        table.add_column(heading, overflow="fold")
    for alarm in found.alarms:
        table.add_row(escape(alarm.address), *map(_shown, alarm.answers.values()))
    console.print(table)
    for thing in found.things:
        where = f"{escape(thing.what)} ({escape(thing.region)})"
        console.print(f"{where}: {_shown(thing.answer)}", soft_wrap=True)
    for words in found.notes:
        console.print(f"[yellow]not looked at:[/] {escape(words)}", soft_wrap=True)
    wrong, unsure = found.count(Verdict.MISSING), found.count(Verdict.UNKNOWN)
    if found.is_sure:
        console.print("\n[bold green]Nothing is missing.[/]")
    else:
        console.print(
            f"\n[bold]Answered with missing: {wrong}; could not be looked at: {unsure}.[/]"
        )


def _shown(answer: Answer) -> str:
    style = _STYLES[answer.verdict]
    words = f": {escape(answer.words)}" if answer.words else ""
    return f"[{style}]{answer.verdict}[/]{words}"
