"""``python -m ops preview``: what a deployment of a stack would put into AWS, in seconds."""

import argparse
import json
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ops.terminal import opened_console
from stack.config import StackConfig, read_stack_config
from stack.cost import Cost, monthly_cost
from stack.definitions import AlarmPreview, alarm_previews
from stack.grid import PlacedWidget, dashboard_grids
from stack.program import SECRET, ProgramRun, run_program
from stack.tree import tree_lines

_SEVERITY_STYLES: Final = {"critical": "bold red", "warning": "yellow"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("stack", help="the stack, such as prod: reads Pulumi.<stack>.yaml")
    parser.add_argument(
        "--set",
        metavar="PATH=VALUE",
        action="append",
        default=[],
        dest="changes",
        help="try a setting without writing it, such as ecs.web.min_running_tasks=3 or "
        "alarms.ecs.cpu-high.threshold=85; may be given several times",
    )
    parser.add_argument("--json", action="store_true", help="everything as JSON, for scripts")


@dataclass(frozen=True)
class Preview:
    """What a deployment would put into AWS.

    Attributes:
        config: the stack's config.
        run: what the program registered.
        alarms: every alarm in words.
        omitted: alarm address to the reason why there is none.
        grids: each dashboard's widgets.
        cost: list prices a month.
    """

    config: StackConfig
    run: ProgramRun
    alarms: list[AlarmPreview]
    omitted: dict[str, str]
    grids: dict[str, list[PlacedWidget]]
    cost: Cost

    def counts(self) -> dict[str, int]:
        """How many resources of each type there are, the most frequent first."""
        types = [r.type.rpartition(":")[2] for r in self.run.registrations if r.custom]
        return dict(sorted(((t, types.count(t)) for t in set(types)), key=lambda i: (-i[1], i[0])))

    def as_json(self) -> dict[str, Any]:
        """Everything for scripts; secrets are masked."""
        return {
            "project": self.config.project,
            "stack": self.config.stack,
            "region": self.config.region,
            "resources": [
                {
                    "type": r.type,
                    "name": r.name,
                    "urn": r.urn,
                    "parent": r.parent,
                    "inputs": {
                        k: SECRET if k in r.secret_inputs else v for k, v in r.inputs.items()
                    },
                }
                for r in self.run.registrations
            ],
            "alarms": [alarm.as_json() for alarm in self.alarms],
            "omitted": self.omitted,
            "dashboards": {
                name: [widget.as_json() for widget in grid] for name, grid in self.grids.items()
            },
            "counts": self.counts(),
            "cost": self.cost.as_json(),
            "warnings": list(self.run.warnings),
            "exports": dict(self.run.exports),
        }


def preview(stack: str, changes: list[str]) -> Preview:
    """Evaluate a stack's program with placeholders for what AWS would answer.

    Raises:
        StackConfigError: no such stack, or a change that cannot be applied.
        pulumi.RunError: the settings are wrong.
    """
    config = read_stack_config(stack, settings=changes)
    run = run_program(config)
    alarms = alarm_previews(run, config.sections)
    return Preview(
        config=config,
        run=run,
        alarms=alarms,
        omitted=dict(sorted(run.exports.get("omitted_alarms", {}).items())),
        grids=dashboard_grids(run),
        cost=monthly_cost(run, alarms, config.region),
    )


def main(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    found = preview(arguments.stack, arguments.changes)
    if arguments.json:
        print(json.dumps(found.as_json(), indent=2, default=str, ensure_ascii=False))
    else:
        _print(found)
    return 0


def _print(found: Preview) -> None:
    console = opened_console()
    config = found.config
    stack = escape(f"{config.project}/{config.stack}")
    console.print(f"[bold]Preview of {stack}[/] in {escape(config.region)}\n")
    _print_tree(console, found)
    _print_alarms(console, found.alarms)
    _print_omitted(console, found.omitted)
    _print_grids(console, found.grids)
    _print_cost(console, found.cost)
    for warning in found.run.warnings:
        console.print(f"[yellow]warning:[/] {escape(warning)}", soft_wrap=True)
    counts = ", ".join(f"{count} {name}" for name, count in found.counts().items())
    total = sum(found.counts().values())
    console.print(f"\n[bold]{total} resources to create:[/] {counts}", soft_wrap=True)


def _print_tree(console: Console, found: Preview) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("", "Type", "Name", "Plan"):
        table.add_column(heading, overflow="fold")
    root = f"{found.config.project}-{found.config.stack}"
    for type_, name in tree_lines(found.run, root):
        table.add_row("[green]+[/]", escape(type_), escape(name), "[green]create[/]")
    console.print(table)


def _print_alarms(console: Console, alarms: list[AlarmPreview]) -> None:
    table = Table(title=f"\n{len(alarms)} alarms", title_justify="left", title_style="bold")
    for heading in ("Alarm", "Dimensions", "Alarms when", "M of N", "No data counts as", "Tells"):
        table.add_column(heading, overflow="fold")
    for alarm in alarms:
        style = _SEVERITY_STYLES.get(alarm.severity, "")
        region = f"\n({alarm.region})" if alarm.region else ""
        table.add_row(
            escape(alarm.address),
            escape("\n".join(alarm.dimensions)) or "none",
            escape(alarm.condition),
            alarm.schedule,
            alarm.missing_data,
            f"[{style}]{alarm.severity}[/]{region}",
        )
    console.print(table)
    # Names of topics are long, and the same for each alarm of a severity and region.
    for severity, where, topics in sorted({(a.severity, a.region, a.topics) for a in alarms}):
        place = f" in {where}" if where else ""
        told = escape(", ".join(topics))
        console.print(f"{severity} alarms{place} tell {told}", soft_wrap=True)


def _print_omitted(console: Console, omitted: dict[str, str]) -> None:
    if not omitted:
        return
    table = Table(title="\nLeft out", title_justify="left", title_style="bold", box=None)
    table.add_column("Alarm", overflow="fold")
    table.add_column("Why")
    for address, reason in omitted.items():
        table.add_row(escape(address), escape(reason))
    console.print(table)


def _print_grids(console: Console, grids: dict[str, list[PlacedWidget]]) -> None:
    for name, widgets in grids.items():
        title = f"\nDashboard {escape(name)}: {len(widgets)} widgets on 24 columns"
        table = Table(title=title, title_justify="left", title_style="bold", box=None)
        table.add_column("Row", justify="right")
        table.add_column("Widgets (columns x rows)")
        for row, beside in groupby(widgets, key=lambda widget: widget.y):
            cells = (f"{escape(w.title)} [dim]{w.type} {w.width}x{w.height}[/]" for w in beside)
            table.add_row(str(row), " | ".join(cells))
        console.print(table)


def _print_cost(console: Console, cost: Cost) -> None:
    if not cost.known:
        console.print(f"\nCost: no prices on file for {cost.region}\n")
        return
    table = Table(
        title=f"\nCost a month in {cost.region} (USD, list prices, before any free tier)",
        title_justify="left",
        title_style="bold",
        box=None,
    )
    table.add_column("What")
    for heading in ("Count", "Each", "Total"):
        table.add_column(heading, justify="right")
    for line in cost.lines:
        table.add_row(line.what, str(line.count), f"{line.unit_price:.2f}", f"{line.total:.2f}")
    table.add_row("[bold]all[/]", "", "", f"[bold]{cost.total:.2f}[/]")
    console.print(table)
    console.print("The metrics and logs that the application itself sends come on top.\n")
