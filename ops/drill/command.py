"""``python -m ops drill``: arguments, confirmation, exit codes."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from account.account import AWS_ERRORS, Account
from account.alarms import NoSuchAlarmError
from drill.cleanup import Interruptions, Leftover
from drill.exercise import BATCH, SETTLE, Exercise, Pace
from drill.mark import DrillMark
from drill.outcome import AlarmOutcome
from drill.recovery import find_remains, put_back
from drill.report import DrillReport
from drill.survey import Choice, Survey, survey
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.words import counted
from ops.arguments import add_account, add_alarms, whole_number
from ops.drill.screen import DrillScreen
from ops.terminal import ExitCode, complain, print_json
from stack.config import read_stack_config

DESCRIPTION: Final = (
    "Set the stack's alarms to ALARM for a moment, check that a notification comes out of every "
    "topic that they tell, and set them back. Subscribers are told for real. Asks first."
)
"""The command's help."""

EPILOG: Final = (
    "exit codes: 0 all delivered and nothing in the way; 1 something not delivered, not drilled "
    "or in the way; 2 refused, nothing touched; 130 interrupted, everything put back"
)
"""The end of the command's help."""

_LONGEST_TIMEOUT: Final = 900


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog = EPILOG
    parser.add_argument("stack", help="the stack, such as prod: reads Pulumi.<stack>.yaml")
    add_alarms(parser, "an alarm's name does too; ")
    parser.add_argument(
        "--severity", choices=[severity.value for severity in Severity], help="only these"
    )
    parser.add_argument(
        "--recover",
        action="store_true",
        help="put back what a drill left that was killed: alarms in a false ALARM, its queue and "
        "subscriptions; sets off nothing",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask, for scripts")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=whole_number("seconds", 1, _LONGEST_TIMEOUT),
        default=60,
        help="how long to wait for a notification (default: 60)",
    )
    parser.add_argument("--json", action="store_true", help="the result as JSON, for scripts")
    add_account(parser)


def main(
    arguments: argparse.Namespace,
    *,
    opened: Callable[[str | None, str | None], Account] = Account.opened,
    settle: float = SETTLE,
) -> int:
    """Run the command; returns the exit code.

    Args:
        arguments: what ``add_arguments`` declares.
        opened: opens an account by profile and endpoint.
        settle: seconds to wait for the temporary queue's subscriptions to work.

    Raises:
        StackConfigError: no such stack.
    """
    config = read_stack_config(arguments.stack)
    choice = replace(
        Choice.of(config, arguments.regions),
        alarms=tuple(arguments.alarms),
        severity=arguments.severity,
    )
    screen = DrillScreen(is_json=arguments.json)
    if arguments.recover:
        return _recover(arguments, choice, screen, opened)
    with Interruptions(screen.say) as interruptions:
        try:
            with interruptions.waiting():
                seen = survey(opened(arguments.profile, arguments.endpoint_url), choice)
                screen.plan(seen)
                refusal = _refusal(seen, screen, is_yes=arguments.yes)
        except KeyboardInterrupt:
            screen.say("\ninterrupted; nothing was touched")
            return ExitCode.INTERRUPTED
        except (NoSuchAlarmError, *AWS_ERRORS) as error:
            refusal = str(error)
        if refusal:
            complain(f"drill: {refusal}\nNothing was touched.")
            return ExitCode.REFUSED
        report = DrillReport(survey=seen, mark=DrillMark.new(seen.choice.stack, seen.caller.arn))
        try:
            _drill(report, screen, interruptions, Pace(timeout=arguments.timeout, settle=settle))
            screen.summary(report)
            code = _exit_code(report)
            if arguments.json:
                print_json(report.as_json() | {"exit_code": code})
        finally:
            _print_leftovers(report.leftovers)
    return code


def _exit_code(report: DrillReport) -> ExitCode:
    if report.interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.ATTENTION if report.needs_attention else ExitCode.DONE


def _recover(
    arguments: argparse.Namespace,
    choice: Choice,
    screen: DrillScreen,
    opened: Callable[[str | None, str | None], Account],
) -> int:
    """Put back what a killed drill left; returns the exit code."""
    try:
        remains = find_remains(opened(arguments.profile, arguments.endpoint_url), choice)
    except AWS_ERRORS as error:
        complain(f"drill: {error}\nNothing was touched.")
        return ExitCode.REFUSED
    for line in remains.in_words() or ["No drill has left anything behind."]:
        screen.say(line)
    question = "Put it back? A drill that somebody runs at this moment would be ended by it."
    refusal = "" if remains.is_empty else screen.refusal(question, is_yes=arguments.yes)
    if refusal:
        complain(f"drill: {refusal}\nNothing was touched.")
        return ExitCode.REFUSED
    with Interruptions(screen.say) as interruptions:
        left = put_back(remains, interruptions)
    if arguments.json:
        remaining = {
            "found": remains.in_words(),
            "leftovers": [leftover.as_json() for leftover in left],
        }
        print_json(remaining)
    _print_leftovers(left)
    return ExitCode.ATTENTION if left else ExitCode.DONE


def _refusal(seen: Survey, screen: DrillScreen, *, is_yes: bool) -> str:
    """Why the drill may not begin; empty where it may."""
    count = len(seen.drilled)
    question = f"Set {counted(count, 'alarm')} to ALARM for a moment, {BATCH} at a time?"
    return screen.refusal(question, is_yes=is_yes or not count)


def _drill(
    report: DrillReport, screen: DrillScreen, interruptions: Interruptions, pace: Pace
) -> None:
    def told(outcome: AlarmOutcome) -> None:
        report.outcomes.append(outcome)
        screen.outcome(outcome)

    regions = report.survey.regions
    for region in regions:
        report.left_alone(region.plan)
    try:
        for surveyed in regions:
            exercise = Exercise(
                region=surveyed.region,
                mark=report.mark,
                pace=pace,
                topics=surveyed.topics,
                composites=surveyed.composites,
                interruptions=interruptions,
                leftovers=report.leftovers,
                told=told,
                said=screen.say,
            )
            try:
                exercise.run(surveyed.plan.drilled)
            except AWS_ERRORS as error:
                for outcome in report.cut_short(surveyed.plan.drilled, str(error)):
                    screen.outcome(outcome)
    except KeyboardInterrupt:
        report.interrupted = True
        for outcome in report.cut_short(report.survey.drilled, "interrupted"):
            screen.outcome(outcome)
    report.interrupted |= interruptions.came


def _print_leftovers(leftovers: Sequence[Leftover]) -> None:
    """On the standard error and last, so that it is seen whatever went wrong."""
    if leftovers:
        complain("\nNot put back. Type:")
    for leftover in leftovers:
        complain(f"# {leftover.what}\n{leftover.command}")
