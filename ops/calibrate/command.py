"""``python -m ops calibrate``: its arguments."""

import argparse
from typing import Final

from ops.arguments import add_archive

DESCRIPTION: Final = """\
Estimate what AWS does not publish: how many periods beyond N an alarm looks at, and how late its
data is. Replays every alarm of the archive under each range and delay, and compares with the
changes of state that CloudWatch recorded, by namespace and period. What is sure is kept with the
archive, and reviews use it from then on. Needs no AWS account."""

_EPILOG: Final = """\
exit codes: 0 range or delay of something is known now; 1 of nothing; 2 there is no archive"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument("stack", help="the stack, such as prod")
    add_archive(parser)
    parser.add_argument("--json", action="store_true", help="everything as JSON, for scripts")
    parser.add_argument("--dry-run", action="store_true", help="keep nothing, only show it")


def main(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    # Only here, because the other commands need neither pyarrow nor numpy.
    from ops.calibrate import running

    return running.run(arguments)
