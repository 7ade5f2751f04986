"""Runs ``python -m ops calibrate``: reads the archive, estimates, shows, keeps."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime

from rich.markup import escape

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.timing import timing_of
from history.archive import Archive
from history.calibration import (
    FILE,
    Calibrated,
    Calibration,
    calibrated,
    recorded_alarms,
    write_calibration,
)
from history.day import BadFileError
from history.place import opened_archive
from ops.history.screen import FetchScreen
from ops.terminal import ExitCode, complain, opened_console, print_json, table
from replay.calibrate import FEWEST, Belief, tried


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    archive = opened_archive(arguments.stack, arguments.archive, "calibrate")
    if archive is None:
        return ExitCode.REFUSED
    screen = FetchScreen(is_json=arguments.json)
    try:
        calibration = _calibrated(archive, screen)
        if not arguments.dry_run:
            write_calibration(archive.root, calibration)
    except BadFileError as error:
        complain(f"calibrate: {error}: fetching writes it anew")
        return ExitCode.REFUSED
    except OSError as error:
        complain(f"calibrate: {error}")
        return ExitCode.REFUSED
    if arguments.json:
        made = calibration.made.isoformat() if calibration.made else None
        groups = [group.as_json() | {"used": _used(group)} for group in calibration.groups]
        print_json({"made": made, "groups": groups})
    else:
        _show(calibration)
        if not arguments.dry_run:
            screen.say(f"Kept in {archive.root / FILE}; reviews of this archive use what is sure.")
    is_sure_of_any = any(group.is_sure for group in calibration.groups)
    return ExitCode.DONE if is_sure_of_any else ExitCode.ATTENTION


def _calibrated(archive: Archive, screen: FetchScreen) -> Calibration:
    with screen.busy("reading the archive"):
        recorded = recorded_alarms(archive, archive.alarms())
    groups = []
    with screen.progress("comparing", sum(map(len, recorded.values()))) as advance:
        for group, alarms in sorted(recorded.items()):
            compared = []
            for alarm in alarms:
                try:
                    compared.append(tried(alarm))
                except CannotEvaluateError as error:
                    screen.say(f"{alarm.definition.name}: {error}", style="yellow")
                advance()
            groups.append(calibrated(group, compared))
    return Calibration(made=datetime.now(UTC), groups=tuple(groups))


def _used(group: Calibrated) -> dict[str, int]:
    """Range and delay that are used from now on."""
    timing = group.timing(timing_of([group.namespace], group.period, 1))
    return {
        "extra_periods": timing.extra_periods,
        "delay": timing.delay,
        "longest_delay": timing.longest_delay,
    }


def _show(calibration: Calibration) -> None:
    console = opened_console()
    headings = ("Namespace", "Period", "Changes", "Range", "Delay", "Agreement", "Used")
    rows = table(*headings, title="Evaluation range and delay")
    for group in calibration.groups:
        rows.add_row(escape(group.namespace), f"{group.period} s", *_cells(group))
    if calibration.groups:
        console.print(rows)
    else:
        console.print(
            "No alarm of the archive has both recorded changes of state and its metrics at its "
            "own period: fetch again after some alarms have changed."
        )


def _cells(group: Calibrated) -> tuple[str, ...]:
    estimate, used = group.estimate, _used(group)
    if estimate is None:
        few = f"fewer than {FEWEST} that say something"
        return str(group.transitions), few, "", "", f"N + {used['extra_periods']}, the default"
    return (
        str(estimate.transitions),
        _words(estimate.extra_periods, lambda value: f"N + {value}"),
        _words(estimate.delay, lambda value: f"{value // 60} min"),
        f"{estimate.agreement:.0%} (by default {estimate.default_agreement:.0%})",
        f"N + {used['extra_periods']}, {used['delay'] // 60} to {used['longest_delay'] // 60} min",
    )


def _words(belief: Belief, said: Callable[[int], str]) -> str:
    sure = f"{belief.probability:.0%} sure"
    if belief.is_sure:
        return f"{said(belief.value)} ({sure})"
    return f"{said(belief.lowest)} to {said(belief.highest)}: not sure enough ({sure})"
