"""``python -m ops history firings``: what CloudWatch recorded, for people to say what was real."""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator
from typing import Final

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.words import iso
from history.archive import Archive
from history.day import BadFileError
from history.past import StateChange
from history.place import opened_archive
from ops.terminal import ExitCode, complain

_HEADER: Final = ("start", "end", "note", "alarm", "real")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    archive = opened_archive(arguments.stack, arguments.archive, "history firings")
    if archive is None:
        return ExitCode.REFUSED
    try:
        alarms = archive.alarms()
    except BadFileError as error:
        complain(f"history firings: {error}: fetching writes it anew")
        return ExitCode.ATTENTION
    rows = [row for alarm in alarms for row in _rows(archive, alarm)]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_HEADER)
    writer.writerows(sorted(rows))
    return ExitCode.DONE


def firings(changes: Iterable[StateChange]) -> Iterator[tuple[StateChange, StateChange]]:
    """Each change to ALARM with the change that ended it; one that is still on is left out."""
    began: StateChange | None = None
    for change in changes:
        if change.state is AlarmState.ALARM:
            began = began or change
        elif began is not None:
            yield began, change
            began = None


def _rows(archive: Archive, alarm: LiveAlarm) -> Iterator[tuple[str, ...]]:
    changes, bad = archive.alarm_history(alarm)
    for unreadable in bad:
        complain(f"history firings: {unreadable}; these lines are missing")
    for began, ended in firings(changes):
        # A row is a line, whatever the reason is like.
        note = " ".join(began.reason.split())
        yield iso(began.time), iso(ended.time), note, alarm.address, ""
