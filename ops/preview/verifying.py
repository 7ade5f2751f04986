"""``python -m ops preview STACK --verify``: what the account says to what would be deployed."""

import argparse
from collections.abc import Callable, Sequence

from account.account import AWS_ERRORS, Account
from account.coverage.view import Declared
from account.stack import StackPlace
from account.verify.planned import Planned, planned
from account.verify.read import verify
from ecs_monitoring.rules import RDS
from ecs_monitoring.rules.rds_target import RdsTarget
from ops.preview.verify_screen import print_verification
from ops.terminal import ExitCode, complain, print_json
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
