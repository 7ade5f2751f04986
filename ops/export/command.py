"""``python -m ops export``: arguments, what is printed, exit codes."""

import argparse
from pathlib import Path
from typing import Final

from rich.markup import escape

from ecs_monitoring.words import counted
from exports.folder import write_folder
from exports.reading import monitoring_of
from exports.report import LEFT_OUT
from exports.result import Export
from exports.system import ExportError, System
from exports.systems import SYSTEMS
from ops.arguments import add_changes
from ops.terminal import ExitCode, complain, opened_console, print_json, table
from stack.config import read_stack_config
from stack.program import run_program

DESCRIPTION: Final = """\
Write a stack's alarms and graphs as files for another system. Asks nobody: no key, no account, no
network. The same settings give the same files, byte for byte. What cannot be carried over, or is
judged otherwise there, is printed with the reason, and stands in left-out.md."""
"""The command's help."""

EPILOG: Final = """\
exit codes: 0 done (what is left out is printed); 2 wrong settings or arguments, or the folder
holds something else; nothing was written then

examples:
  python -m ops export grafana prod --out exported/prod/grafana
  python -m ops export grafana prod --out exported/prod/grafana --alerts --data-source UID
  python -m ops export rules prod --out exported/prod/rules --json
  python -m ops export rules prod --out /tmp/tried --set alarms.ecs.cpu-high.threshold=85"""
"""The end of the command's help."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    systems = parser.add_subparsers(required=True, metavar="SYSTEM")
    for system in SYSTEMS:
        _add_system(systems.add_parser(system.name, help=system.summary), system)


def _add_system(parser: argparse.ArgumentParser, system: System) -> None:
    parser.description = system.description
    parser.add_argument("stack", help="the stack, such as prod: reads Pulumi.<stack>.yaml")
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        required=True,
        help="the folder of the files, made if it is not there; a folder for each system and "
        "stack. Files of an earlier export that are not written any more are removed, others stay",
    )
    add_changes(parser)
    parser.add_argument(
        "--json", action="store_true", help="print what was written and left out as JSON"
    )
    for option in system.options:
        if option.metavar:
            parser.add_argument(
                f"--{option.name}", metavar=option.metavar, default="", help=option.help
            )
        else:
            parser.add_argument(f"--{option.name}", action="store_true", help=option.help)
    parser.set_defaults(system=system)


def main(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code.

    Raises:
        StackConfigError: no such stack, or a change that cannot be applied.
        pulumi.RunError: the settings are wrong.
    """
    system: System = arguments.system
    config = read_stack_config(arguments.stack, settings=arguments.changes)
    run = run_program(config)
    chosen = {
        option.name: getattr(arguments, option.name.replace("-", "_")) for option in system.options
    }
    try:
        export = system.export(monitoring_of(run, config), chosen)
        written = write_folder(export, system, arguments.out)
    except ExportError as error:
        complain(f"export: {error}")
        return ExitCode.REFUSED
    if arguments.json:
        print_json({**export.as_json(), "files": written})
    else:
        _print(export, system, arguments.out, written)
    return ExitCode.DONE


def _print(export: Export, system: System, folder: Path, written: list[str]) -> None:
    console = opened_console()
    console.print(
        f"[bold]{escape(export.monitoring.name)}[/] for {escape(system.title)}: "
        f"{counted(len(written), 'file')} in {escape(str(folder))}\n",
        soft_wrap=True,
    )
    for name in written:
        items = sum(carried.file == name for carried in export.carried)
        what = f"  carries over {items}" if items else ""
        console.print(f"  {escape(name)}[dim]{what}[/]", soft_wrap=True)
    rows = table("What", "Why", title="\nLeft out", is_framed=False)
    for left_out in export.left_out:
        rows.add_row(escape(str(left_out.item)), escape(left_out.reason))
    if export.left_out:
        console.print(rows)
    else:
        console.print("\nNothing is left out.")
    differing = sum(bool(carried.differences) for carried in export.carried)
    if differing:
        console.print(
            f"\n{differing} carried over, but not the same: {escape(str(folder / LEFT_OUT))} "
            "says how",
            soft_wrap=True,
        )
    for note in export.notes:
        console.print(f"\n{escape(note)}", soft_wrap=True)
