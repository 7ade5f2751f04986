"""Which metrics are behind a stack's alarms, and which of their statistics are read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat
from ecs_monitoring.cloudwatch.evaluation.statistics import percentile_of
from ecs_monitoring.words import MINUTE
from history.archive import account_of
from history.metric import ArchivedMetric

BASE_STATISTICS: Final = ("SampleCount", "Sum", "Minimum", "Maximum")
"""What is fetched of every metric: the average follows from them."""


@dataclass(frozen=True, kw_only=True)
class WantedMetric:
    """A metric that some alarm reads.

    Attributes:
        metric: which.
        percentiles: those that any alarm reads, such as ``p99``, in alphabetical order.
        is_short: whether an alarm reads it at a period below a minute.
        alarms: the addresses of the alarms that read it, in alphabetical order.
    """

    metric: ArchivedMetric
    percentiles: tuple[str, ...] = ()
    is_short: bool = False
    alarms: tuple[str, ...] = ()

    @property
    def statistics(self) -> tuple[str, ...]:
        """Everything that is fetched."""
        return (*BASE_STATISTICS, *self.percentiles)


def wanted_metrics(alarms: Iterable[LiveAlarm]) -> tuple[list[WantedMetric], list[str]]:
    """The metrics behind some alarms, each once, and in words which cannot be known."""
    wanted: dict[ArchivedMetric, WantedMetric] = {}
    notes = []
    for alarm in alarms:
        if alarm.is_composite:
            continue
        others = _other_accounts(alarm)
        if others:
            notes.append(
                f"{alarm.address} reads metrics of account {', '.join(others)}: only those of "
                "the alarm's own account can be fetched"
            )
            continue
        if alarm.definition is None:
            notes.append(f"its metrics are not fetched: {alarm.problem}")
            continue
        for metric in _metrics(alarm, alarm.definition):
            already = wanted.get(metric.metric)
            wanted[metric.metric] = _together(already, metric) if already else metric
    return list(wanted.values()), notes


def _metrics(alarm: LiveAlarm, definition: AlarmDefinition) -> Iterable[WantedMetric]:
    sources = [query.source for query in definition.queries if isinstance(query.source, MetricStat)]
    for key in definition.metrics:
        statistics = {stat.statistic for stat in sources if stat.metric == key}
        yield WantedMetric(
            metric=ArchivedMetric(account=account_of(alarm), region=alarm.region, key=key),
            percentiles=tuple(
                sorted(name for name in statistics if percentile_of(name) is not None)
            ),
            is_short=definition.period < MINUTE,
            alarms=(alarm.address,),
        )


def _together(metric: WantedMetric, other: WantedMetric) -> WantedMetric:
    return WantedMetric(
        metric=metric.metric,
        percentiles=tuple(sorted({*metric.percentiles, *other.percentiles})),
        is_short=metric.is_short or other.is_short,
        alarms=tuple(sorted({*metric.alarms, *other.alarms})),
    )


def _other_accounts(alarm: LiveAlarm) -> list[str]:
    """Accounts that an alarm of a monitoring account reads from (``AccountId`` of a query)."""
    named = {query.get("AccountId") for query in alarm.raw.get("Metrics") or ()}
    return sorted(named - {None, account_of(alarm)})
