"""The archive: a folder of files that any number of processes may read and write.

.. code-block:: text

    <root>/metrics/<account>/<region>/<namespace>/<name>-<hash>/<YYYY-MM-DD>.parquet
    <root>/alarms/<account>/<region>/deployed.json
    <root>/alarms/<account>/<region>/pasts.json
    <root>/alarms/<account>/<region>/<alarm>-<hash>.jsonl

Each file is written whole or not at all, so a process may die at any time. What is damaged all
the same (``BadFile``) is a gap to readers; ``set_aside`` renames it, so that it is fetched again.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from account.alarms import LiveAlarm
from ecs_monitoring.words import DAY
from history import past
from history.atomic import remove_leftovers, write_atomically
from history.day import (
    SUFFIX,
    ArchivedDay,
    BadFile,
    BadFileError,
    day_name,
    day_start,
    read_day,
    write_day,
)
from history.merge import joined, merged
from history.metric import ArchivedMetric, safe
from history.past import StateChange
from history.retention import floor_to
from history.snapshot import read_alarms_file, write_alarms
from replay.history import MetricHistory

_DEPLOYED: Final = "deployed.json"
_PASTS: Final = "pasts.json"


class Archive:
    """The history of one stack on disk.

    Args:
        root: the archive's folder; it is made when something is written.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(
        self, metric: ArchivedMetric, start: int, end: int
    ) -> tuple[MetricHistory, tuple[BadFile, ...]]:
        """What is archived of a metric in some time.

        Args:
            metric: which.
            start: seconds since 1970 UTC; records that begin from here on.
            end: likewise; and before this.

        Returns:
            The records, none twice, each marked with its resolution, and the files that could
            not be read, whose days are missing.
        """
        bad: list[BadFile] = []
        first, last = day_name(floor_to(start, DAY)), day_name(end - 1)
        paths = [
            path
            for path in self._day_files(metric)
            if first <= path.name.removesuffix(SUFFIX) <= last
        ]
        parts = [day.records for day in _readable(paths, bad, metric)]
        return joined(parts).between(start, end), tuple(bad)

    def days(self, metric: ArchivedMetric) -> tuple[dict[int, ArchivedDay], tuple[BadFile, ...]]:
        """Every archived day of a metric by its start, and the files that could not be read."""
        bad: list[BadFile] = []
        days = {day.start: day for day in _readable(self._day_files(metric), bad, metric)}
        return days, tuple(bad)

    def first_day(self, metric: ArchivedMetric) -> int | None:
        """When the first archived day of a metric begins; ``None`` without any.

        From then on a time without a record is one without data.
        """
        paths = self._day_files(metric)
        return day_start(paths[0].name.removesuffix(SUFFIX)) if paths else None

    def known_until(self, metric: ArchivedMetric) -> int | None:
        """Up to when a metric was asked for, in seconds since 1970 UTC; ``None`` if never."""
        newest_first = _readable(reversed(self._day_files(metric)), [], metric)
        return next((day.until for day in newest_first), None)

    def metrics(self) -> tuple[ArchivedMetric, ...]:
        """Every metric that has a readable day."""
        folders = sorted((self.root / "metrics").glob("*/*/*/*"))
        firsts = (next(_readable(_day_files(folder), []), None) for folder in folders)
        return tuple(day.metric for day in firsts if day)

    def add(self, fetched: ArchivedDay) -> None:
        """Add what was fetched of a day to what is there.

        Raises:
            OSError: the file cannot be written.
        """
        path = self._day_path(fetched.metric, fetched.start)
        before = self._known(path, fetched.metric)
        if before is None:
            write_day(path, fetched)
            return
        is_finer = before.period < fetched.period and before.until >= before.end
        write_day(
            path,
            replace(
                fetched,
                period=before.period if is_finer else fetched.period,
                until=max(before.until, fetched.until),
                asked=max(before.asked, fetched.asked),
                records=merged(before.records, fetched.records, known_until=before.until),
            ),
        )

    def refine(self, metric: ArchivedMetric, start: int, records: MetricHistory) -> bool:
        """Put finer records of some part of a day into the day that is archived.

        Args:
            metric: whose.
            start: when the day begins.
            records: of one resolution, finer than the day's.

        Returns:
            Whether there is such a day; without it, nothing is kept.

        Raises:
            OSError: the file cannot be written.
        """
        path = self._day_path(metric, start)
        before = self._known(path, metric)
        if before is None:
            return False
        together = merged(before.records, records, known_until=before.until)
        write_day(path, replace(before, records=together))
        return True

    def set_aside(self, bad: BadFile) -> Path:
        """Rename a file that cannot be used to ``<name>.corrupt``; returns the new path."""
        aside = bad.path.with_name(f"{bad.path.name}.corrupt")
        # Another process may be quicker.
        with suppress(FileNotFoundError):
            bad.path.replace(aside)
        return aside

    def remove_leftovers(self) -> None:
        """Delete what processes left behind that died while they wrote, a day ago or more."""
        remove_leftovers(self.root)

    def keep_alarms(
        self, account: str, region: str, alarms: Sequence[LiveAlarm], taken: datetime
    ) -> None:
        """Replace what is known of a region's deployed alarms.

        Raises:
            OSError: the file cannot be written.
        """
        write_alarms(self._alarm_folder(account, region) / _DEPLOYED, alarms, taken)

    def alarms(self) -> tuple[LiveAlarm, ...]:
        """The stack's alarms in all regions, as they were when they were fetched last.

        Raises:
            BadFileError: a file of them is damaged; fetching writes it anew.
        """
        files = sorted((self.root / "alarms").glob(f"*/*/{_DEPLOYED}"))
        return tuple(alarm for path in files for alarm in read_alarms_file(path))

    def keep_alarm_history(
        self, alarm: LiveAlarm, items: Sequence[Mapping[str, Any]]
    ) -> tuple[int, list[BadFile]]:
        """Add items of DescribeAlarmHistory to an alarm's past.

        Returns:
            How many were new, and a damaged file that was set aside.

        Raises:
            OSError: the file cannot be written.
        """
        kept = (past.kept_item(item) for item in items)
        return past.add_items(self._past_path(alarm), kept)

    def alarm_history(
        self, alarm: LiveAlarm
    ) -> tuple[tuple[StateChange, ...], tuple[BadFile, ...]]:
        """An alarm's changes of state in the order of time, and what could not be read of them."""
        items, bad = past.read_items(self._past_path(alarm))
        return tuple(StateChange.from_item(item) for item in items), tuple(bad)

    def has_alarm_history(self, alarm: LiveAlarm) -> bool:
        """Whether an alarm's past was ever fetched."""
        return self._past_path(alarm).exists()

    def pasts_until(self, account: str, region: str, alarm_type: str) -> int | None:
        """Up to when the changes of all alarms of a type were fetched together.

        Returns:
            Seconds since 1970 UTC; ``None`` where they never were, or nobody can tell.
        """
        try:
            until = json.loads((self._alarm_folder(account, region) / _PASTS).read_bytes())
            return int(until[alarm_type])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep_pasts_until(self, account: str, region: str, alarm_type: str, time: int) -> None:
        """Keep up to when they were.

        Raises:
            OSError: the file cannot be written.
        """
        path = self._alarm_folder(account, region) / _PASTS
        kept = {
            kind: until
            for kind in ("MetricAlarm", "CompositeAlarm")
            if (until := self.pasts_until(account, region, kind)) is not None
        }
        text = json.dumps(kept | {alarm_type: time})
        write_atomically(path, text.encode())

    def _known(self, path: Path, metric: ArchivedMetric) -> ArchivedDay | None:
        try:
            return read_day(path, metric)
        except FileNotFoundError:
            return None
        except BadFileError as error:
            self.set_aside(error.file)
            return None

    def _day_files(self, metric: ArchivedMetric) -> list[Path]:
        return _day_files(self.root / "metrics" / metric.folder)

    def _day_path(self, metric: ArchivedMetric, start: int) -> Path:
        return self.root / "metrics" / metric.folder / f"{day_name(start)}{SUFFIX}"

    def _alarm_folder(self, account: str, region: str) -> Path:
        return self.root / "alarms" / safe(account) / safe(region)

    def _past_path(self, alarm: LiveAlarm) -> Path:
        digest = hashlib.sha256(alarm.name.encode()).hexdigest()[:8]
        folder = self._alarm_folder(account_of(alarm), alarm.region)
        return folder / f"{safe(alarm.name)}-{digest}.jsonl"


def account_of(alarm: LiveAlarm) -> str:
    """The id of the account that an alarm is in: the fifth part of its ARN."""
    return alarm.arn.split(":")[4]


def _day_files(folder: Path) -> list[Path]:
    """In the order of days."""
    return sorted(folder.glob(f"[0-9]*{SUFFIX}"))


def _readable(
    paths: Iterable[Path], bad: list[BadFile], metric: ArchivedMetric | None = None
) -> Iterator[ArchivedDay]:
    """The days of some files, as they are asked for; what cannot be read is added to ``bad``."""
    for path in paths:
        try:
            yield read_day(path, metric)
        except BadFileError as error:
            bad.append(error.file)
        except FileNotFoundError:
            # Another process set it aside in this moment.
            continue
