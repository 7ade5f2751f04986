"""``python -m ops evaluate``: arguments, what is printed."""

import argparse
from pathlib import Path
from typing import Final

from history.evaluate.replaying import replay
from ops.arguments import add_zone, whole_number
from ops.evaluate.screen import print_replay
from ops.terminal import ExitCode, print_json

DESCRIPTION: Final = (
    "Evaluate an alarm as DescribeAlarms returns it over a history of its metrics, as CloudWatch "
    "would, and print every change of state. Takes metric alarms, composite alarms with those "
    "that they rest on in the same file, and log alarms over their query's results. Needs no AWS "
    "account."
)

_MOST: Final = 60
"""More periods beyond N, and more minutes late, than anybody has seen."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "alarm",
        type=Path,
        metavar="ALARM.json",
        help="the alarm as `aws cloudwatch describe-alarms --alarm-names NAME` prints it: the "
        "whole answer, or the one alarm in it",
    )
    parser.add_argument(
        "series",
        type=Path,
        metavar="SERIES",
        help="the history: CSV with the header timestamp,value or timestamp,Average (or another "
        "statistic) and a row a datapoint; what `aws cloudwatch get-metric-statistics` or "
        "`get-metric-data` prints; or the console's CSV. A column metric (a metric's name or "
        "query id) tells several metrics apart, a column samples says how many samples a value "
        "stands for",
    )
    parser.add_argument(
        "--start",
        metavar="TIME",
        help="evaluate from here on; earlier rows count as history (default: as soon as the "
        "alarm's periods lie behind the first row)",
    )
    parser.add_argument(
        "--end", metavar="TIME", help="evaluate up to here (default: up to the last row)"
    )
    parser.add_argument(
        "--created",
        metavar="TIME",
        help="when the alarm was made, for alarms with a warm-up (default: long ago)",
    )
    add_zone(parser, "of times that name none")
    parser.add_argument(
        "--calibration",
        metavar="FILE",
        type=Path,
        help="range and delay as `python -m ops calibrate STACK` found them "
        "(.history/STACK/calibration.json)",
    )
    parser.add_argument(
        "--extra-periods",
        metavar="K",
        type=whole_number("periods", 0, _MOST),
        help="let the evaluation range have K datapoints beyond N, which AWS does not publish "
        "(default: 2, or what the calibration says)",
    )
    parser.add_argument(
        "--delay",
        metavar="MINUTES",
        type=whole_number("minutes", 0, _MOST),
        help="let the data arrive so late, which AWS does not publish (default: 0, or what the "
        "calibration says)",
    )
    parser.add_argument("--json", action="store_true", help="everything as JSON, for scripts")


def main(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    replayed = replay(
        arguments.alarm,
        arguments.series,
        start=arguments.start,
        end=arguments.end,
        created=arguments.created,
        zone=arguments.zone,
        calibration=arguments.calibration,
        extra_periods=arguments.extra_periods,
        delay=arguments.delay,
    )
    if arguments.json:
        print_json(replayed.as_json())
    else:
        print_replay(replayed)
    return ExitCode.DONE
