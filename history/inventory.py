"""What the archive has of each metric: from when to when, how fine, what is missing."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ecs_monitoring.words import DAY, iso
from history.archive import Archive
from history.day import BadFile, day_name
from history.merge import joined
from history.metric import ArchivedMetric


@dataclass(frozen=True, kw_only=True)
class MetricInventory:
    """What is archived of one metric.

    Attributes:
        metric: which.
        alarms: addresses of the alarms that read it; none where they are gone.
        days: how many days are archived.
        empty_days: how many of them have no record.
        first: when the first record begins, in seconds since 1970 UTC; ``None`` without any.
        last: when the last one ends, likewise.
        shares: resolution in seconds to its share of the time that records stand for, 0 to 1,
            finest first.
        gaps: first and last of consecutive days that are missing between archived ones, by the
            days' beginnings.
        bad: files that cannot be used; their days are missing.
    """

    metric: ArchivedMetric
    alarms: tuple[str, ...]
    days: int
    empty_days: int
    first: int | None
    last: int | None
    shares: Mapping[int, float]
    gaps: tuple[tuple[int, int], ...]
    bad: tuple[BadFile, ...]

    @property
    def is_without_data(self) -> bool:
        """Whether CloudWatch was asked for it and never had any: a wrong dimension, usually."""
        return self.days > 0 and self.empty_days == self.days

    def as_json(self) -> dict[str, Any]:
        """Everything for scripts; times in UTC."""
        return {
            **self.metric.as_json(),
            "alarms": list(self.alarms),
            "days": self.days,
            "empty_days": self.empty_days,
            "first": iso_or_none(self.first),
            "last": iso_or_none(self.last),
            "shares": {str(period): share for period, share in self.shares.items()},
            "gaps": [[day_name(first), day_name(last)] for first, last in self.gaps],
            "unreadable": [{"path": str(file.path), "reason": file.reason} for file in self.bad],
        }


def take_inventory(
    archive: Archive, metric: ArchivedMetric, alarms: Iterable[str] = ()
) -> MetricInventory:
    """Look through everything that is archived of a metric."""
    days, bad = archive.days(metric)
    records = joined([day.records for day in days.values()])
    covered: dict[int, float] = {}
    for period in np.unique(records.resolutions):
        seconds = records.resolutions[records.resolutions == period].sum()
        covered[int(period)] = float(seconds / records.resolutions.sum())
    return MetricInventory(
        metric=metric,
        alarms=tuple(sorted(alarms)),
        days=len(days),
        empty_days=sum(not len(day.records) for day in days.values()),
        first=int(records.times[0]) if len(records) else None,
        last=int(records.times[-1] + records.resolutions[-1]) if len(records) else None,
        shares=covered,
        gaps=_gaps(sorted(days)),
        bad=bad,
    )


def iso_or_none(time: int | None) -> str | None:
    """``2026-03-01T10:00:00Z``."""
    return None if time is None else iso(time)


def _gaps(starts: Sequence[int]) -> tuple[tuple[int, int], ...]:
    return tuple(
        (before + DAY, after - DAY)
        for before, after in itertools.pairwise(starts)
        if after - before > DAY
    )
