"""Operators' tools for the monitoring stacks."""

import argparse
import sys

import pulumi

from ops import evaluate, preview
from ops.drill import command as drill
from ops.evaluate import EvaluateError
from ops.stack_config import StackConfigError, stacks

EXIT_SETTINGS = 2
"""Exit code for settings that are wrong; nothing was done."""


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 2 wrong settings or arguments)."""
    parser = argparse.ArgumentParser(
        prog="python -m ops",
        description=__doc__,
        epilog=f"stacks here: {', '.join(stacks())}",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser(
        "preview",
        help="show what a deployment would put into AWS",
        description="Evaluate a stack's program in process and show every resource, alarm, "
        "widget and its cost. Needs neither the Pulumi CLI nor an AWS account.",
    )
    preview.add_arguments(command)
    command.set_defaults(run=preview.main)
    command = commands.add_parser(
        "evaluate",
        help="replay an alarm over a history: would it have fired?",
        description="Evaluate an alarm as DescribeAlarms returns it over a CSV of its metrics, as "
        "CloudWatch would, and print every change of state. Needs no AWS account.",
    )
    evaluate.add_arguments(command)
    command.set_defaults(run=evaluate.main)
    command = commands.add_parser(
        "drill",
        help="set off the alarms of a deployed stack: do their notifications arrive?",
        description=drill.DESCRIPTION,
    )
    drill.add_arguments(command)
    command.set_defaults(run=drill.main)
    arguments = parser.parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (StackConfigError, EvaluateError, pulumi.RunError) as error:
        print(error, file=sys.stderr)
        return EXIT_SETTINGS


if __name__ == "__main__":
    sys.exit(main())
