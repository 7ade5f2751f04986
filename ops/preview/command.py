"""``python -m ops preview``: arguments, what is done with them, exit codes."""

import argparse
import json
from collections.abc import Callable
from typing import Any, Final

from ops.arguments import add_account, add_changes
from ops.preview.screen import print_preview
from ops.terminal import ExitCode, complain, print_json, visible
from stack.preview import Preview, preview

DESCRIPTION: Final = (
    "Evaluate a stack's program in process and show every resource, alarm, widget and its cost. "
    "Needs neither the Pulumi CLI nor an AWS account."
)
"""What the command is, for its help."""

EPILOG: Final = """\
exit codes: 0 done; 1 with --verify: something is missing, or could not be looked at; with --who:
something reaches nobody; 2 wrong settings or arguments, or no access

examples:
  python -m ops preview prod
  python -m ops preview prod --set ecs.web.min_running_tasks=3
  python -m ops preview prod --against origin/main
  python -m ops preview prod --json >before.json
  python -m ops preview prod --against before.json --markdown
  python -m ops preview prod --who
  python -m ops preview prod --verify --profile production"""
"""The end of the command's help."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("stack", help="the stack, such as prod: reads Pulumi.<stack>.yaml")
    add_changes(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="everything as JSON, for scripts")
    form.add_argument(
        "--markdown", action="store_true", help="with --against: as a pull request's comment"
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--against",
        metavar="REF",
        help="say what changes: against a git revision, such as origin/main, with its program and "
        "its stack files, or against a saved --json",
    )
    instead.add_argument(
        "--verify",
        action="store_true",
        help="ask the account, which is only read: does what the alarms name exist, do their "
        "metrics have data, is anybody notified, would anything be overwritten, and what would "
        "the log filters have matched?",
    )
    instead.add_argument(
        "--who",
        action="store_true",
        help="people and channels: what reaches each, by severity, when it is muted, and what "
        "never reaches anybody",
    )
    add_account(parser.add_argument_group("account, with --verify"))


def main(arguments: argparse.Namespace, *, opened: Callable[..., Any] | None = None) -> int:
    """Run the command; returns the exit code.

    Args:
        arguments: what ``add_arguments`` declares.
        opened: opens an account by profile and endpoint; AWS's own if left out.

    Raises:
        StackConfigError: no such stack, or a change that cannot be applied.
        pulumi.RunError: the settings are wrong.
    """
    refusal = _refusal(arguments)
    if refusal:
        complain(f"preview: {refusal}")
        return ExitCode.REFUSED
    if arguments.verify:
        # Only here: boto3 takes as long to be imported as a whole preview.
        from ops.preview import verifying

        return verifying.run(arguments, opened)
    previewed = preview(arguments.stack, arguments.changes)
    if arguments.against is not None:
        _compare(previewed, arguments)
    elif arguments.who:
        return _tell_who(previewed, arguments)
    elif arguments.json:
        print_json(previewed.as_json())
    else:
        print_preview(previewed)
    return ExitCode.DONE


def _refusal(arguments: argparse.Namespace) -> str:
    """Why these arguments do not go together; empty where they do."""
    if arguments.markdown and arguments.against is None:
        return "--markdown is for --against REF: write both"
    if not arguments.verify and (arguments.regions or arguments.profile or arguments.endpoint_url):
        return (
            "--region, --profile and --endpoint-url are for --verify, which alone asks an account"
        )
    return ""


def _tell_who(previewed: Preview, arguments: argparse.Namespace) -> int:
    from account.who import who_is_told
    from ops.preview.who_screen import print_who

    who = who_is_told(previewed)
    if arguments.json:
        print_json({**who.as_json(), "warnings": list(previewed.run.warnings)})
    else:
        stack = f"{previewed.config.project}/{previewed.config.stack}"
        print_who(who, stack, previewed.run.warnings)
    return ExitCode.ATTENTION if who.unheard else ExitCode.DONE


def _compare(previewed: Preview, arguments: argparse.Namespace) -> None:
    from ops.preview.against_screen import as_markdown, print_difference
    from stack.against.baseline import baseline
    from stack.against.difference import difference

    # As it is saved, so that both sides have been through JSON.
    after = json.loads(json.dumps(previewed.as_json(), default=str))
    changes = difference(
        baseline(arguments.stack, arguments.against), after, called=arguments.against
    )
    if arguments.json:
        print_json(changes.as_json())
    elif arguments.markdown:
        print(visible(as_markdown(changes)))
    else:
        print_difference(changes)
