"""Fetches what was prepared, and puts each answer into the archive before asking on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from account.account import AWS_ERRORS, Region
from account.alarms import LiveAlarm
from ecs_monitoring.words import DAY, MINUTE
from history.answers import ask
from history.archive import Archive
from history.day import ArchivedDay, BadFile
from history.past import STATE_UPDATE
from history.plan import Call
from history.prepare import PreparedRegion
from history.retention import is_available
from history.retry import GaveUpError, Retry
from history.wanted import WantedMetric
from replay.history import MetricHistory

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html
_ITEMS: Final = 100


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Something that could not be fetched.

    Attributes:
        what: the metrics or alarms, in words.
        reason: why not.
    """

    what: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What one step brought into the archive.

    Attributes:
        days: files of metrics' days that were written.
        answered: each metric that was answered in full, and by how many records.
        changes: how many changes of alarms' states are new.
        failures: what could not be fetched.
        bad: damaged files that were found and set aside on the way.
    """

    days: int = 0
    answered: Mapping[WantedMetric, int] = field(default_factory=dict)
    changes: int = 0
    failures: tuple[Failure, ...] = ()
    bad: tuple[BadFile, ...] = ()


class Fetch:
    """Fetches for one region of a stack.

    Args:
        prepared: what to fetch.
        archive: where to put it.
        now: seconds since 1970 UTC, the time of the preparation.
        retry: how patient to be.
        clock: seconds since 1970 UTC at this moment.
    """

    def __init__(
        self,
        prepared: PreparedRegion,
        archive: Archive,
        *,
        now: int,
        retry: Retry,
        clock: Callable[[], float],
    ) -> None:
        self._prepared = prepared
        self._archive = archive
        self._now = now
        self._retry = retry
        self._clock = clock

    def alarms(self) -> None:
        """Keep how the alarms are deployed.

        Raises:
            OSError: the archive cannot be written.
        """
        region = self._prepared.region
        taken = datetime.fromtimestamp(self._now, UTC)
        self._archive.keep_alarms(region.caller.account, region.name, self._prepared.alarms, taken)

    def pasts(self) -> Iterator[Kept]:
        """Fetch the alarms' changes of state, an alarm a step.

        CloudWatch keeps them 30 days:
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html

        Raises:
            OSError: the archive cannot be written.
        """
        region = self._prepared.region
        alarms = self._prepared.alarms
        for index, alarm in enumerate(alarms):
            try:
                items = list(_past(region, alarm, self._retry))
            except GaveUpError as error:
                left = ", ".join(one.address for one in alarms[index:])
                yield Kept(failures=(Failure(what=f"the past of {left}", reason=str(error)),))
                return
            except AWS_ERRORS as error:
                what = f"the past of {alarm.address}"
                yield Kept(failures=(Failure(what=what, reason=str(error)),))
                continue
            changes, bad = self._archive.keep_alarm_history(alarm, items)
            yield Kept(changes=changes, bad=tuple(bad))

    def metrics(self) -> Iterator[Kept]:
        """Fetch the metrics, a call a step.

        Raises:
            OSError: the archive cannot be written.
        """
        calls = self._prepared.calls
        for index, call in enumerate(calls):
            if not is_available(call.period, call.start, int(self._clock())):
                reason = (
                    f"CloudWatch has forgotten its {call.period} s datapoints meanwhile: run the "
                    "command again for what is left of them"
                )
                yield Kept(failures=(_failure(call.metrics, reason),))
                continue
            try:
                answer = ask(self._prepared.region.cloudwatch, call, self._retry)
            except GaveUpError as error:
                left = dict.fromkeys(metric for one in calls[index:] for metric in one.metrics)
                yield Kept(failures=(_failure(tuple(left), str(error)),))
                return
            except AWS_ERRORS as error:
                yield Kept(failures=(_failure(call.metrics, str(error)),))
                continue
            days = sum(self._keep(call, metric, of) for metric, of in answer.records.items())
            yield Kept(
                days=days,
                answered={metric: len(of) for metric, of in answer.records.items()},
                failures=tuple(_failure((one,), why) for one, why in answer.failures.items()),
            )

    def _keep(self, call: Call, metric: WantedMetric, records: MetricHistory) -> int:
        """Put a metric's records into its days; returns how many were written."""
        written = 0
        for start in call.days:
            part = records.between(start, start + DAY)
            if call.period < MINUTE:
                written += self._archive.refine(metric.metric, start, part)
                continue
            self._archive.add(
                ArchivedDay(
                    metric=metric.metric,
                    start=start,
                    period=call.period,
                    until=min(start + DAY, call.end),
                    asked=self._now,
                    records=part,
                )
            )
            written += 1
        return written


def _past(region: Region, alarm: LiveAlarm, retry: Retry) -> Iterator[dict[str, Any]]:
    request: dict[str, Any] = {
        "AlarmName": alarm.name,
        "AlarmTypes": ["CompositeAlarm" if alarm.is_composite else "MetricAlarm"],
        "HistoryItemType": STATE_UPDATE,
        "ScanBy": "TimestampAscending",
        "MaxRecords": _ITEMS,
    }
    describe = region.cloudwatch.describe_alarm_history
    while True:
        page = retry.run(lambda: describe(**request), "DescribeAlarmHistory")
        yield from page["AlarmHistoryItems"]
        if not page.get("NextToken"):
            return
        request["NextToken"] = page["NextToken"]


def _failure(metrics: tuple[WantedMetric, ...], reason: str) -> Failure:
    return Failure(what=", ".join(metric.metric.words for metric in metrics), reason=reason)
