"""What ``ops history`` says on the terminal."""

import contextlib
from collections.abc import Callable, Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ecs_monitoring.words import counted
from history.day import day_name
from history.inventory import MetricInventory, iso_or_none
from history.prepare import Preparation
from ops.history.report import FetchReport
from ops.terminal import Terminal, table


class FetchScreen(Terminal):
    """Prints for people.

    Args:
        is_json: whether the standard output is kept for JSON; people read the standard error.
    """

    def __init__(self, *, is_json: bool) -> None:
        super().__init__(is_json=is_json)
        self._errors = Console(stderr=True, highlight=False)
        self._is_quiet = is_json or not self._errors.is_terminal

    @contextlib.contextmanager
    def busy(self, what: str) -> Iterator[None]:
        """Show that something takes a while, on a terminal."""
        if self._is_quiet:
            yield
            return
        with self._errors.status(what):
            yield

    @contextlib.contextmanager
    def progress(self, what: str, total: int | None) -> Iterator[Callable[[], None]]:
        """A progress bar on the standard error of a terminal; gives what advances it."""
        columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self._errors, disable=self._is_quiet) as progress:
            task = progress.add_task(what, total=total)
            yield lambda: progress.advance(task)

    def plan(self, preparation: Preparation, archive: str) -> None:
        """Show what will be fetched, and its cost."""
        place, caller = preparation.place, preparation.caller
        title = f"History of {place.project}/{place.stack}"
        self.heading(title, caller.account, caller.arn, f", into {archive}")
        for of_region in preparation.regions:
            if not of_region.alarms:
                continue
            self.say(
                f"  {of_region.region.name}: {counted(len(of_region.alarms), 'alarm')} on "
                f"{counted(len(of_region.metrics), 'metric')}, to be fetched in "
                f"{counted(len(of_region.calls), 'call')} of GetMetricData"
            )
        cost = preparation.cost
        self.say(
            f"It costs {cost.words}: {cost.requests:,} statistics of metrics are asked for. "
            f"It takes about {counted(preparation.requests, 'request')} at most."
        )
        for note in preparation.notes:
            self.say(f"note: {note}")

    def summary(self, report: FetchReport) -> None:
        """How it went."""
        for bad in report.bad:
            self.say(f"set aside as .corrupt: {bad}", style="yellow")
        for metric in report.without_data:
            self.say(
                f"no data at all: {metric.metric.words}, which {', '.join(metric.alarms)} reads: "
                "are its dimensions right?",
                style="yellow",
            )
        for reason, whats in report.reasons.items():
            self.say(f"not fetched: {'; '.join(whats)}\n  because: {reason}", style="red")
        if report.interrupted:
            self.say(
                "Interrupted. What was fetched until then is kept; the next run goes on there."
            )
        self.say(
            f"Kept {report.records:,} records of metrics in {counted(report.days, 'file')} of a "
            f"day each, and {counted(report.changes, 'new change')} of alarms' states.",
            style="bold",
        )

    def inventory(self, metrics: Sequence[MetricInventory]) -> None:
        """A table of what is archived, and what is wrong with it."""
        headings = ("Metric", "Read by", "From (UTC)", "To (UTC)", "Resolution", "Gaps")
        rows = table(*headings, is_framed=False, padding=(0, 2, 0, 0))
        for inventory in metrics:
            shares = (f"{share:.0%} {name}" for name, share in _shares(inventory))
            rows.add_row(
                escape(f"{inventory.metric.region} {inventory.metric.words}"),
                escape(", ".join(inventory.alarms)) or "-",
                iso_or_none(inventory.first) or "no data",
                iso_or_none(inventory.last) or "",
                ", ".join(shares) or "-",
                ", ".join(_span(*gap) for gap in inventory.gaps) or "none",
            )
        self._console.print(rows)
        for inventory in metrics:
            for bad in inventory.bad:
                self.say(f"cannot be read: {bad}; fetching sets it aside", style="red")
            if inventory.is_without_data:
                self.say(
                    f"no data in {counted(inventory.days, 'day')}: {inventory.metric.words}: are "
                    "its dimensions right?",
                    style="yellow",
                )


def _shares(inventory: MetricInventory) -> Iterator[tuple[str, float]]:
    for period, share in inventory.shares.items():
        yield (f"{period} s" if period < 60 else f"{period // 60} min"), share


def _span(first: int, last: int) -> str:
    return day_name(first) if first == last else f"{day_name(first)} to {day_name(last)}"
