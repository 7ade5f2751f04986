"""``python -m ops mute``: arguments, confirmation, exit codes."""

import argparse
import time
from collections.abc import Callable
from typing import Final

from account.account import AWS_ERRORS, Account
from account.alarms import NoSuchAlarmError
from account.mutes_by_hand import MadeInPartError
from account.stack import StackPlace
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules import KINDS
from ops.arguments import add_account, add_alarms
from ops.mute import running
from ops.mute.screen import MuteScreen
from ops.terminal import ExitCode, complain
from stack.config import read_stack_config

DESCRIPTION: Final = (
    "Have the stack's alarms tell nobody for a while: for a deployment, or for maintenance. They "
    "go on changing their state. What goes off meanwhile and is still on at the end tells then. "
    "Shows what would be muted, and asks first. Windows that come again and again stand in the "
    "settings: alerts.mutes."
)
"""The command's help."""

EPILOG: Final = """\
exit codes: 0 done; 1 not every rule could be made or ended; 2 refused, nothing changed

examples:
  python -m ops mute prod --for 1h --reason "release 4.2"
  python -m ops mute prod --for 2h --reason "storage upgrade" --kind rds --target main
  python -m ops mute prod --for 4h --at 2027-01-31T22:00 --timezone Asia/Tokyo --reason "new switch"
  python -m ops mute prod --list
  python -m ops mute prod --end 20270131T2158-1f3a"""
"""The end of the command's help."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("stack", help="the stack, such as prod: reads Pulumi.<stack>.yaml")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--for",
        metavar="DURATION",
        dest="duration",
        help="mute from the next minute on, for 1m to 15d, such as 90m, 2h or 1d12h",
    )
    what.add_argument(
        "--list", action="store_true", dest="is_list", help="what mutes the stack, now or later"
    )
    what.add_argument(
        "--end",
        metavar="NAME",
        help="end a mute, as --for and --list name it; alarms that are on notify at once",
    )
    parser.add_argument("--reason", help="with --for: why, for whoever finds the alarms silent")
    parser.add_argument(
        "--at",
        metavar="TIME",
        help="with --for: begin then, such as 2027-01-31T22:00, and not with the next minute",
    )
    parser.add_argument(
        "--timezone", default="UTC", help="of --at, such as Asia/Tokyo (default: UTC)"
    )
    parser.add_argument(
        "--severity", choices=[severity.value for severity in Severity], help="only these alarms"
    )
    parser.add_argument(
        "--kind", choices=[kind.key for kind in KINDS], help="only alarms of this kind of target"
    )
    parser.add_argument("--target", metavar="NAME", help="only alarms of targets of this name")
    add_alarms(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask, for scripts")
    parser.add_argument("--json", action="store_true", help="the result as JSON, for scripts")
    add_account(parser)


def main(
    arguments: argparse.Namespace,
    *,
    opened: Callable[[str | None, str | None], Account] = Account.opened,
    clock: Callable[[], float] = time.time,
) -> int:
    """Run the command; returns the exit code.

    Args:
        arguments: what ``add_arguments`` declares.
        opened: opens an account by profile and endpoint.
        clock: seconds since 1970 UTC.

    Raises:
        StackConfigError: no such stack.
    """
    place = StackPlace.of(read_stack_config(arguments.stack), arguments.regions)
    screen = MuteScreen(is_json=arguments.json)
    try:
        _refuse_leftover_words(arguments)
        account = opened(arguments.profile, arguments.endpoint_url)
        caller = account.caller(place.first_region)
        by_region = running.alarms_by_region(account, caller, place, screen)
        if arguments.is_list:
            return running.show(arguments, place, by_region, screen, int(clock()))
        if arguments.end:
            return running.end(arguments, place, by_region, screen, int(clock()))
        return running.mute(arguments, place, caller, by_region, screen, clock())
    except (running.MuteRefusedError, NoSuchAlarmError, *AWS_ERRORS) as error:
        complain(f"mute: {error}\nNothing was changed.")
        return ExitCode.REFUSED
    except MadeInPartError as error:
        complain(f"mute: {error}")
        return ExitCode.ATTENTION


def _refuse_leftover_words(arguments: argparse.Namespace) -> None:
    given = {
        "--reason": arguments.reason,
        "--at": arguments.at,
        "--severity": arguments.severity,
        "--kind": arguments.kind,
        "--target": arguments.target,
        "--alarm": arguments.alarms,
    }
    words = [word for word, value in given.items() if value]
    if words and not arguments.duration:
        raise running.MuteRefusedError(f"{', '.join(words)}: only with --for")
    if arguments.duration and not (arguments.reason or "").strip():
        raise running.MuteRefusedError(
            "--reason is missing: say why, for whoever finds the alarms silent"
        )
