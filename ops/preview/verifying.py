"""``python -m ops preview STACK --verify``: what the account says to what would be deployed."""

import argparse
from collections.abc import Callable, Sequence
from typing import Final

from rich.markup import escape

from account.account import AWS_ERRORS, Account
from account.coverage.view import Declared
from account.stack import StackPlace
from account.verify.model import Answer, Standing, Verification
from account.verify.planned import Planned, planned
from account.verify.read import verify
from ecs_monitoring.rules import RDS
from ecs_monitoring.rules.rds_target import RdsTarget
from ecs_monitoring.words import counted
from ops.terminal import ExitCode, complain, opened_console, print_json, table
from stack.config import StackConfig, read_stack_config
from stack.placeholder_aws import PlaceholderAws
from stack.program import run_program


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
        asked = [plan for plan in plans if not place.regions or plan.region in place.regions]
        verification = verify(account, caller, asked, databases=_declared_databases(config))
    except AWS_ERRORS as error:
        complain(f"preview: {error}\nNothing was looked at.")
        return ExitCode.REFUSED
    if arguments.json:
        print_json(verification.as_json())
    else:
        print_verification(verification, f"{config.project}/{config.stack}")
    return ExitCode.DONE if verification.is_sure else ExitCode.ATTENTION


def _declared_databases(config: StackConfig) -> dict[str, RdsTarget]:
    """What the stack's settings, which a run has found right, say of its databases."""
    section = Declared.of(config).targets[RDS.key]
    return {name: RdsTarget.model_validate(fields) for name, fields in section.items()}


def _elsewhere(plans: Sequence[Planned], regions: Sequence[str]) -> str:
    """Why a region that was asked for cannot be; empty where each has something of the stack."""
    there = [plan.region for plan in plans]
    for region in regions:
        if region not in there:
            return f"--region {region}: the stack has nothing there; write {' or '.join(there)}"
    return ""


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
