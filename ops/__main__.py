"""Operators' tools for the monitoring stacks."""

import argparse
import sys
from collections.abc import Mapping
from typing import Any, Final

import pulumi

from ops.calibrate import command as calibrate
from ops.drill import command as drill
from ops.evaluate import command as evaluate
from ops.evaluate.errors import EvaluateError
from ops.export import command as export
from ops.history import command as history
from ops.mute import command as mute
from ops.policy import command as policy
from ops.preview import command as preview
from ops.review import command as review
from ops.suggest import command as suggest
from ops.terminal import ExitCode, complain, take_any_encoding
from stack.config import StackConfigError, stacks

# Each command's module declares its arguments and runs it.
_COMMANDS: Final[Mapping[str, tuple[Any, str, str]]] = {
    "preview": (
        preview,
        "show what a deployment would put into AWS",
        "Evaluate a stack's program in process and show every resource, alarm, "
        "widget and its cost. Needs neither the Pulumi CLI nor an AWS account.",
    ),
    "policy": (
        policy,
        "which IAM policies do those need who preview, deploy and operate a stack?",
        policy.DESCRIPTION,
    ),
    "export": (
        export,
        "write alarms and graphs as files for another system",
        export.DESCRIPTION,
    ),
    "evaluate": (
        evaluate,
        "replay an alarm over a history: would it have fired?",
        evaluate.DESCRIPTION,
    ),
    "review": (
        review,
        "are the alarms right, and is anything unwatched? A report with evidence",
        review.DESCRIPTION,
    ),
    "suggest": (
        suggest,
        "which threshold would an alarm on this metric need?",
        suggest.DESCRIPTION,
    ),
    "drill": (
        drill,
        "set off the alarms of a deployed stack: do their notifications arrive?",
        drill.DESCRIPTION,
    ),
    "mute": (
        mute,
        "have a deployed stack's alarms tell nobody for a while, such as during a deployment",
        mute.DESCRIPTION,
    ),
    "history": (
        history,
        "keep what CloudWatch forgets: the metrics behind the alarms, and the alarms' past",
        history.DESCRIPTION,
    ),
    "calibrate": (
        calibrate,
        "how far back does CloudWatch look, and how late is its data?",
        calibrate.DESCRIPTION,
    ),
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 2 wrong settings or arguments)."""
    parser = argparse.ArgumentParser(
        prog="python -m ops",
        description=__doc__,
        epilog=f"stacks here: {', '.join(stacks())}",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (module, summary, description) in _COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=description)
        module.add_arguments(command)
        command.set_defaults(run=module.main)
    take_any_encoding()
    arguments = parser.parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (StackConfigError, EvaluateError, pulumi.RunError) as error:
        complain(str(error))
        return ExitCode.REFUSED


if __name__ == "__main__":
    sys.exit(main())
