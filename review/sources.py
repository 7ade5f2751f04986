"""Where a review has its alarms and their history from: the archive, files, the program."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat
from ecs_monitoring.words import DAY, did_you_mean
from history.archive import Archive, account_of
from history.calibration import read_calibration
from history.files import SeriesError, SeriesOption, read_series
from history.metric import ArchivedMetric
from replay.changes import Change
from replay.history import MetricHistory
from replay.outcome import Outcome
from review.case import Histories, Stretch
from review.incidents import stack_composites
from review.program import program_alarms
from stack.config import StackConfig

PAST_DAYS: Final = 30
"""How long CloudWatch keeps an alarm's history:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

_KEPT_METRICS: Final = 16
"""How many metrics' histories are kept for the alarms that come next: more than one alarm reads,
and in a quarter of minutes about 120 MB."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """One alarm and where its history is.

    Attributes:
        alarm: the alarm, with what the archive's calibration knows of its range and delay.
        files: the alarm's metrics that come from files.
    """

    alarm: LiveAlarm
    files: Mapping[MetricKey, MetricHistory]


@dataclass(frozen=True, kw_only=True)
class SourceHistory:
    """What is known of an alarm's metrics.

    Attributes:
        histories: one a metric.
        since: from when on no record means no data, in seconds since 1970 UTC; ``None`` where
            that is so since the first record.
        until: up to when that is so; ``None`` where it is so to the end.
        unread: what cannot be read.
    """

    histories: Histories
    since: int | None
    until: int | None
    unread: tuple[str, ...] = ()


class Sources:
    """The alarms of a stack with their history.

    Args:
        config: the stack's settings.
        archive: what was fetched; empty without any.
        series: files that stand for metrics of alarms.

    Attributes:
        is_deployed: whether the alarms are as they were read from AWS; else they are as the
            program would deploy them.
        composites: the composite alarms.
        all: the metric alarms, by address.

    Raises:
        SeriesError: a file cannot be used, or is for no alarm of the stack.
        BadFileError: the archive's list of alarms, or its calibration, is damaged.
        pulumi.RunError: the settings are wrong.
    """

    def __init__(
        self, config: StackConfig, archive: Archive, series: Sequence[SeriesOption]
    ) -> None:
        self._archive = archive
        self._read = lru_cache(_KEPT_METRICS)(archive.read)
        self._calibration = read_calibration(archive.root)
        deployed = archive.alarms()
        self.is_deployed = bool(deployed)
        alarms = deployed or program_alarms(config)
        self.composites = stack_composites(alarms)
        metric_alarms = sorted(
            (self.calibrated(alarm) for alarm in alarms if not alarm.is_composite),
            key=lambda alarm: alarm.address,
        )
        files = _files(series, {alarm.address: alarm for alarm in metric_alarms})
        self.all = tuple(
            Source(alarm=alarm, files=files.get(alarm.address, {})) for alarm in metric_alarms
        )

    def calibrated(self, alarm: LiveAlarm) -> LiveAlarm:
        """An alarm with what the archive's calibration knows of its range and delay."""
        if alarm.definition is None:
            return alarm
        return replace(alarm, definition=self._calibration.applied(alarm.definition))

    def history(self, source: Source, start: int, end: int) -> SourceHistory:
        """What is known of an alarm's metrics.

        Args:
            source: the alarm.
            start: seconds since 1970 UTC.
            end: seconds since 1970 UTC.
        """
        histories: dict[MetricKey, MetricHistory] = dict(source.files)
        firsts: list[int | None] = []
        lasts = [_end_of_files(source)]
        unread: list[str] = []
        for metric in self._archived(source):
            histories[metric.key], bad = self._read(metric, start, end)
            unread += [
                f"{bad_file}; its day is a gap until it is fetched again" for bad_file in bad
            ]
            firsts.append(self._archive.first_day(metric))
            lasts.append(self._archive.known_until(metric))
        return SourceHistory(
            histories=histories,
            since=max((first for first in firsts if first is not None), default=None),
            until=min((last for last in lasts if last is not None), default=None),
            unread=tuple(unread),
        )

    def happened(self, source: Source, stretch: Stretch) -> tuple[Outcome | None, list[str]]:
        """What CloudWatch recorded that an alarm did, and what cannot be read of it."""
        if not (self.is_deployed and self._archive.has_alarm_history(source.alarm)):
            return None, []
        changes, bad = self._archive.alarm_history(source.alarm)
        inside = [
            Change(change.time, change.state, change.previous)
            for change in changes
            if stretch.start <= change.time <= stretch.end
        ]
        since = min((inside[0].time if inside else stretch.end), stretch.end - PAST_DAYS * DAY)
        outcome = Outcome(
            start=max(stretch.start, since),
            end=stretch.end,
            changes=tuple(inside),
            state=inside[0].previous if inside else source.alarm.state,
        )
        return outcome, [str(bad_file) for bad_file in bad]

    def known_until(self) -> int | None:
        """Up to when the alarms' history is known, in seconds since 1970 UTC."""
        ends = [_end(file) for source in self.all for file in source.files.values() if len(file)]
        metrics = {metric for source in self.all for metric in self._archived(source)}
        ends += filter(None, map(self._archive.known_until, metrics))
        return max(ends, default=None)

    def _archived(self, source: Source) -> list[ArchivedMetric]:
        """The metrics of an alarm as the archive calls them."""
        alarm = source.alarm
        if not self.is_deployed or alarm.definition is None:
            return []
        return [
            ArchivedMetric(account=account_of(alarm), region=alarm.region, key=key)
            for key in alarm.definition.metrics
            if key not in source.files
        ]


def _end(history: MetricHistory) -> int:
    return int(history.times[-1] + history.resolutions[-1])


def _end_of_files(source: Source) -> int | None:
    """When the files of an alarm end, after which nothing is known; ``None`` without files.

    What a file does not reach is neither trouble, where missing data breaches, nor a quiet time.
    """
    return max((_end(history) for history in source.files.values() if len(history)), default=None)


def _files(
    series: Iterable[SeriesOption], alarms: Mapping[AlarmAddress, LiveAlarm]
) -> dict[str, dict[MetricKey, MetricHistory]]:
    """The histories that files give, by address and metric."""
    by_address: dict[str, dict[MetricKey, MetricHistory]] = {}
    for option in series:
        alarm = alarms.get(AlarmAddress(option.address))
        if alarm is None:
            hint = did_you_mean(option.address, alarms)
            raise SeriesError(f"--series {option.address}: the stack has no such alarm{hint}")
        if alarm.definition is None:
            raise SeriesError(f"--series {option.address}: {alarm.problem}")
        key, statistics = _metric(option, alarm.definition)
        history = read_series(
            option.path,
            are_counts=statistics == {"SampleCount"},
            statistic=next(iter(statistics)) if len(statistics) == 1 else "",
        )
        by_address.setdefault(option.address, {})[key] = history
    return by_address


def _metric(option: SeriesOption, definition: AlarmDefinition) -> tuple[MetricKey, set[str]]:
    """The metric that a file is for, and the statistics that the alarm reads of it."""
    stats = {q.id: q.source for q in definition.queries if isinstance(q.source, MetricStat)}
    wanted = {
        stat.metric
        for id_, stat in stats.items()
        if option.metric in (id_, stat.metric.name) or not option.metric
    }
    if len(wanted) != 1:
        metrics = ", ".join(f"{id_} ({stat.metric.name})" for id_, stat in stats.items())
        raise SeriesError(
            f"--series {option.address}{f':{option.metric}' if option.metric else ''}: write "
            f"{option.address}:METRIC=FILE with a query id or metric name of {metrics}"
        )
    (key,) = wanted
    return key, {stat.statistic for stat in stats.values() if stat.metric == key}
