"""Operators' tools for the monitoring stacks."""

import argparse
import importlib
import sys
from collections.abc import Mapping
from typing import Final

import pulumi

from history.evaluate.outcome import EvaluateError
from ops.terminal import ExitCode, complain, take_any_encoding
from stack.config import StackConfigError, stacks

_COMMANDS: Final[Mapping[str, str]] = {
    "preview": "show what a deployment would put into AWS",
    "policy": "which IAM policies do those need who preview, deploy and operate a stack?",
    "export": "write alarms and graphs as files for another system",
    "evaluate": "replay an alarm over a history: would it have fired?",
    "review": "are the alarms right, and is anything unwatched? A report with evidence",
    "suggest": "which threshold would an alarm on this metric need?",
    "drill": "set off the alarms of a deployed stack: do their notifications arrive?",
    "mute": "have a deployed stack's alarms tell nobody for a while, such as during a deployment",
    "history": "keep what CloudWatch forgets: the metrics behind the alarms, and the alarms' past",
    "calibrate": "how far back does CloudWatch look, and how late is its data?",
}
"""What each command is for; ``ops.<command>.command`` declares its arguments and runs it.

Only the module of the command that is asked for is imported: all of them take a second.
"""


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 2 wrong settings or arguments)."""
    parser = argparse.ArgumentParser(
        prog="python -m ops",
        description=__doc__,
        epilog=f"stacks here: {', '.join(stacks())}",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    words = sys.argv[1:] if argv is None else argv
    for name, summary in _COMMANDS.items():
        command = commands.add_parser(name, help=summary)
        if words[:1] == [name]:
            module = importlib.import_module(f"ops.{name}.command")
            command.description = module.DESCRIPTION
            module.add_arguments(command)
            command.set_defaults(run=module.main)
    take_any_encoding()
    arguments = parser.parse_args(words)
    try:
        return int(arguments.run(arguments))
    except (StackConfigError, EvaluateError, pulumi.RunError) as error:
        complain(str(error))
        return ExitCode.REFUSED


if __name__ == "__main__":
    sys.exit(main())
