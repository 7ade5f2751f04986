"""``python -m ops review``: arguments, order of work, exit codes."""

import argparse
from pathlib import Path
from typing import Final

from ops.arguments import (
    add_account,
    add_alarms,
    add_archive,
    add_page_budget,
    add_zone,
    days,
)

DESCRIPTION: Final = """\
Review the alarms of a stack with evidence: what each of them did, what it would have done with
other thresholds, which threshold its history speaks for, and what nobody watches. Brings the
archive of the stack's history up to date first (see `python -m ops history fetch --help`), then
looks at what runs in the account, and writes a report as one HTML file.

Without an account: --offline reviews what the archive has, or the program's own alarms over files
that are given with --series."""
"""The command's help."""

EPILOG: Final = """\
exit codes: 0 nothing to do; 1 something should be changed or looked at; 2 refused, or wrong
arguments; 130 interrupted

examples:
  python -m ops review prod
  python -m ops review prod --set ecs.cpu-high.threshold=85
  python -m ops review prod --set ecs.cpu-high.threshold=85 ecs.cpu-high.evaluation_periods=3
  python -m ops review prod --incidents incidents.csv --write
  python -m ops review prod --offline --series rds.cpu-high@main=cpu.csv"""
"""The end of the command's help."""

_QUARTER_DAYS: Final = 91


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("stack", help="the stack, such as prod: reads Pulumi.<stack>.yaml")
    parser.add_argument(
        "--days",
        metavar="N",
        type=days,
        default=_QUARTER_DAYS,
        help=f"how many days to review (default: {_QUARTER_DAYS}, a quarter)",
    )
    add_alarms(parser)
    _add_evidence(parser)
    _add_outcome(parser)
    _add_place(parser)


def main(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code.

    Raises:
        StackConfigError: no such stack, or a ``--set`` that cannot be used.
    """
    # Only here, because the other commands need neither numpy nor pyarrow.
    from ops.review import running

    return running.run(arguments)


def _add_evidence(parser: argparse.ArgumentParser) -> None:
    evidence = parser.add_argument_group("evidence")
    evidence.add_argument(
        "--incidents",
        type=Path,
        metavar="FILE.csv",
        help="what was wrong: the header start,end,note and, where they are needed, alarm and "
        "real; `python -m ops history firings` writes one to fill in",
    )
    add_page_budget(evidence)
    evidence.add_argument(
        "--set",
        metavar="KEY.FIELD=VALUE",
        action="append",
        nargs="+",
        default=[],
        dest="candidates",
        help="try overrides, such as ecs.cpu-high.threshold=85, beside what is deployed; several "
        "after one --set are tried together, several --set one by one",
    )
    evidence.add_argument(
        "--series",
        metavar="ADDRESS[:METRIC]=FILE",
        action="append",
        default=[],
        help="a CSV (header timestamp,value) or parquet file that stands for a metric of an "
        "alarm, such as rds.cpu-high@main=cpu.csv; may be given several times",
    )
    add_archive(evidence)


def _add_outcome(parser: argparse.ArgumentParser) -> None:
    outcome = parser.add_argument_group("outcome")
    outcome.add_argument(
        "--report",
        type=Path,
        metavar="FILE.html",
        help="where to write the report (default: review-<stack>.html)",
    )
    outcome.add_argument(
        "--json", action="store_true", help="everything as JSON on the standard output"
    )
    add_zone(outcome, "whose hours of day are meant, and incidents' times that name no zone")
    outcome.add_argument(
        "--write",
        action="store_true",
        help="put the suggested changes into the stack's file, after showing them as a diff",
    )
    outcome.add_argument("--yes", action="store_true", help="do not ask, for scripts")


def _add_place(parser: argparse.ArgumentParser) -> None:
    place = parser.add_argument_group("account")
    place.add_argument(
        "--offline",
        action="store_true",
        help="ask no account: take the archive and files as they are",
    )
    add_account(place)
