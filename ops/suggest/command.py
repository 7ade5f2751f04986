"""``python -m ops suggest``: its arguments."""

import argparse
from pathlib import Path
from typing import Final

from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.words import MINUTE
from ops.arguments import add_page_budget, add_zone

DESCRIPTION: Final = (
    "Find thresholds for a metric that nobody watches yet, from a file of its history, and judge "
    "them by out-of-sample validation. Needs no AWS account."
)
"""The command's help."""


EPILOG: Final = (
    "exit codes: 0 something is suggested; 1 nothing is; 2 wrong arguments or files. What is "
    "suggested is judged by out-of-sample validation: made anew every day from the data before "
    "that day, and tested on the day itself."
)
"""The end of the command's help."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "series",
        type=Path,
        metavar="SERIES.csv",
        help="the metric's history: a CSV with the header timestamp,value, or parquet; times in "
        "ISO 8601 or seconds since 1970, in UTC unless they say otherwise",
    )
    parser.add_argument(
        "--watch",
        choices=("high", "low", "both"),
        default="both",
        help="for values that are too high, too low, or either (default: both)",
    )
    parser.add_argument(
        "--statistic", default="Average", help="of each period, such as Sum or p99 (Average)"
    )
    parser.add_argument(
        "--period",
        type=_period,
        metavar="SECONDS",
        help="of the alarm; a multiple of 60 (default: what a row of the file stands for)",
    )
    parser.add_argument(
        "--m-of-n",
        type=_m_of_n,
        metavar="M/N",
        help="only a threshold on the value itself, with so many of so many periods breaching "
        "(default: 1 of half an hour, and the value against its recent past beside it)",
    )
    parser.add_argument(
        "--incidents",
        type=Path,
        metavar="FILE.csv",
        help="what was wrong: the header start,end,note and a row an incident",
    )
    add_zone(parser, "of incidents' times that name no zone")
    add_page_budget(parser)
    parser.add_argument(
        "--unit",
        type=Unit,
        choices=list(Unit),
        default=Unit.COUNT,
        help="of the values; percentages go up to 100 (default: count)",
    )
    parser.add_argument(
        "--minimum",
        type=float,
        metavar="VALUE",
        help="the least value that the metric can have (default: 0, unless it is ever negative)",
    )
    parser.add_argument(
        "--maximum",
        type=float,
        metavar="VALUE",
        help="the greatest value that the metric can have; no threshold lies beyond it",
    )
    parser.add_argument("--json", action="store_true", help="everything as JSON, for scripts")


def main(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    # Only here, because the other commands need neither numpy nor pyarrow.
    from ops.suggest import running

    return running.run(arguments)


def _period(text: str) -> int:
    if not (text.isdecimal() and int(text) >= MINUTE and int(text) % MINUTE == 0):
        raise argparse.ArgumentTypeError("write a multiple of 60 seconds, such as 300")
    return int(text)


def _m_of_n(text: str) -> tuple[int, int]:
    m, slash, n = text.partition("/")
    if not (slash and m.isdecimal() and n.isdecimal() and 1 <= int(m) <= int(n)):
        raise argparse.ArgumentTypeError("write M/N with M up to N, such as 3/5")
    return int(m), int(n)
