"""``python -m ops history fetch``: cost, confirmation, progress, exit codes."""

import argparse
import sys
import time
from collections.abc import Callable

from account.account import AWS_ERRORS, Account
from account.alarms import NoSuchAlarmError
from account.stack import StackPlace
from history.archive import Archive
from history.cost import ASKS_ABOVE, FetchCost
from history.fetch import Fetch
from history.kept import Failure
from history.place import archive_folder
from history.prepare import Preparation, prepare
from history.retry import Retry
from ops.history.report import FetchReport
from ops.history.screen import FetchScreen
from ops.terminal import ExitCode, complain, print_json
from stack.config import read_stack_config


class RefusedError(Exception):
    """Nothing may be fetched; the message says why."""


def run(
    arguments: argparse.Namespace,
    *,
    opened: Callable[[str | None, str | None], Account] = Account.opened,
    clock: Callable[[], float] = time.time,
    retry: Retry | None = None,
) -> int:
    """Run the command; returns the exit code.

    Args:
        arguments: what ``ops.history.command.add_arguments`` declares.
        opened: opens an account by profile and endpoint.
        clock: seconds since 1970 UTC at this moment.
        retry: how patient to be with AWS.

    Raises:
        StackConfigError: no such stack.
    """
    config = read_stack_config(arguments.stack)
    place = StackPlace.of(config, arguments.regions)
    archive = Archive(archive_folder(config.stack, arguments.archive))
    screen = FetchScreen(is_json=arguments.json)
    try:
        report = bring_up_to_date(
            opened(arguments.profile, arguments.endpoint_url),
            place,
            archive,
            screen,
            days=arguments.days,
            is_yes=arguments.yes,
            clock=clock,
            retry=retry,
        )
    except KeyboardInterrupt:
        screen.say("\ninterrupted; nothing was fetched")
        return ExitCode.INTERRUPTED
    except (RefusedError, NoSuchAlarmError, *AWS_ERRORS) as error:
        complain(f"history fetch: {error}\nNothing was fetched.")
        return ExitCode.REFUSED
    screen.summary(report)
    if arguments.json:
        print_json(report.as_json())
    return report.exit_code


def bring_up_to_date(
    account: Account,
    place: StackPlace,
    archive: Archive,
    screen: FetchScreen,
    *,
    days: int,
    is_yes: bool,
    clock: Callable[[], float] = time.time,
    retry: Retry | None = None,
) -> FetchReport:
    """Fetch what the archive lacks, after showing the cost; what goes wrong is in the report.

    Args:
        account: where the stack is.
        place: the stack.
        archive: where to keep it.
        screen: where to show it.
        days: how many days to go back, today included.
        is_yes: do not ask, whatever it costs.
        clock: seconds since 1970 UTC at this moment.
        retry: how patient to be with AWS.

    Raises:
        RefusedError: the archive is no folder, or somebody does not want to pay.
        NoSuchAlarmError: the stack has no alarms there.
        botocore.exceptions.ClientError: AWS refuses to tell which alarms there are.
        botocore.exceptions.BotoCoreError: AWS cannot be reached.
        KeyboardInterrupt: before anything was fetched.
    """
    if archive.root.exists() and not archive.root.is_dir():
        raise RefusedError(f"--archive {archive.root} is no folder: write one")
    with screen.busy("looking at the alarms and at what is archived"):
        preparation = prepare(account, place, archive, now=int(clock()), days=days)
    screen.plan(preparation, str(archive.root))
    refusal = _refusal(preparation.cost, screen, is_yes=is_yes)
    if refusal:
        raise RefusedError(refusal)
    report = FetchReport(preparation=preparation, archive=archive.root)
    try:
        _fetch(report, archive, screen, retry or Retry(), clock)
    except KeyboardInterrupt:
        report.interrupted = True
    except OSError as error:
        reason = f"the archive cannot be written: {error}"
        report.failures.append(Failure(what="everything from here on", reason=reason))
    return report


def _refusal(cost: FetchCost, screen: FetchScreen, *, is_yes: bool) -> str:
    """Why nothing may be fetched; empty where it may."""
    if is_yes or cost.usd <= ASKS_ABOVE:
        return ""
    if not sys.stdin.isatty():
        return f"it costs {cost.words}, and there is no terminal to ask in: give --yes"
    return "" if screen.confirms(f"Fetch for {cost.words}?") else "not confirmed"


def _fetch(
    report: FetchReport,
    archive: Archive,
    screen: FetchScreen,
    retry: Retry,
    clock: Callable[[], float],
) -> None:
    preparation: Preparation = report.preparation
    archive.remove_leftovers()
    for bad in preparation.bad:
        archive.set_aside(bad)
        report.bad.append(bad)
    for prepared in preparation.regions:
        fetch = Fetch(prepared, archive, now=preparation.now, retry=retry, clock=clock)
        fetch.alarms()
        if not prepared.alarms:
            continue
        name = prepared.region.name
        for what, steps, total in (
            ("pasts of alarms", fetch.pasts(), None),
            ("metrics", fetch.metrics(), len(prepared.calls)),
        ):
            with screen.progress(f"{name}: {what}", total) as advance:
                for kept in steps:
                    report.add(kept)
                    advance()
