"""``python -m ops history``: its commands and their arguments."""

import argparse
from typing import Final

from ops.arguments import MOST_DAYS, add_account, add_archive, days

DESCRIPTION: Final = (
    "Keep what CloudWatch recorded behind the stack's alarms, longer and finer than CloudWatch "
    "does: fetch brings the archive up to date, show says what is in it, firings lists when the "
    "alarms were on."
)
"""The command's help."""

_FETCH: Final = """\
Fetch the metrics behind every deployed alarm of the stack, and the alarms' own past, into an
archive on this machine. What is there already is not fetched again; an interrupted run is gone on
with by the next one. The cost is shown first, and asked about when it is more than 10 cents.

CloudWatch keeps datapoints of a minute for 15 days, of 5 minutes for 63 days and of an hour for
455 days, and an alarm's past for 30 days. So run this every two weeks or more often, from cron or
a scheduled workflow with --yes: then every day is fetched while its minutes are there, and a
quarter is archived at full resolution. Days that were missed are kept at the resolution that is
left, and marked so."""

_FETCH_EPILOG: Final = """\
exit codes: 0 done; 1 something could not be fetched (named); 2 refused, or wrong arguments;
130 interrupted, what was fetched is kept"""

_SHOW: Final = """\
Say what the archive has of each metric: from when to when, how much of it at which resolution,
which days are missing, which files cannot be read. Needs no AWS account."""

_SHOW_EPILOG: Final = """\
exit codes: 0 every file can be read; 1 some cannot; 2 there is no archive"""

_FIRINGS: Final = """\
Write when the alarms were on, as CloudWatch recorded it, as CSV to the standard output:
start,end,note,alarm,real. Fill in yes or no under real from memory: then it is a file of
incidents. What is still on is left out; drills can be told by their reason in the note. Needs no
AWS account."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="history")
    fetch = commands.add_parser(
        "fetch",
        help="bring the archive up to date",
        description=_FETCH,
        epilog=_FETCH_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    fetch.add_argument("stack", help="the stack, such as prod: reads Pulumi.<stack>.yaml")
    add_archive(fetch)
    fetch.add_argument(
        "--days",
        metavar="N",
        type=days,
        default=MOST_DAYS,
        help=f"how many days to go back, today included (default: {MOST_DAYS}, all there is)",
    )
    fetch.add_argument("--yes", action="store_true", help="do not ask, for scripts")
    fetch.add_argument("--json", action="store_true", help="the result as JSON, for scripts")
    add_account(fetch)
    show = commands.add_parser(
        "show",
        help="say what the archive has",
        description=_SHOW,
        epilog=_SHOW_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    show.add_argument("stack", help="the stack, such as prod")
    add_archive(show)
    show.add_argument("--json", action="store_true", help="everything as JSON, for scripts")
    firings = commands.add_parser(
        "firings",
        help="list when the alarms were on, to say which of it was real",
        description=_FIRINGS,
        epilog=_SHOW_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    firings.add_argument("stack", help="the stack, such as prod")
    add_archive(firings)


def main(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code.

    Raises:
        StackConfigError: no such stack.
    """
    # Only here, because the other commands need neither pyarrow nor numpy.
    from ops.history import fetching, firings, showing

    commands = {"fetch": fetching.run, "show": showing.run, "firings": firings.run}
    return commands[arguments.history](arguments)
