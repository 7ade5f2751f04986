"""Fetches the alarms' changes of state: once for many alarms, where there are many.

CloudWatch keeps them 30 days:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from account.account import AWS_ERRORS, Region
from account.alarms import LiveAlarm
from account.tags import MANY
from ecs_monitoring.words import HOUR
from history.archive import Archive
from history.kept import Failure, Kept
from history.past import STATE_UPDATE
from history.retry import GaveUpError, Retry

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html
_ITEMS: Final = 100

_OVERLAP: Final = HOUR
"""Seconds before what is known that are asked for again: a choice, for what came late."""

_TYPES: Final = {False: "MetricAlarm", True: "CompositeAlarm"}


def most_requests(alarms: int) -> int:
    """How many requests the pasts of so many alarms take, unless some changed very often."""
    return alarms if alarms <= MANY else 2 * alarms


def fetch_pasts(
    region: Region, alarms: Sequence[LiveAlarm], archive: Archive, retry: Retry
) -> Iterator[Kept]:
    """Fetch the changes of state, a request a step.

    Without a name, DescribeAlarmHistory answers for all alarms of the account, oldest change
    first. So each page is kept at once, together with how far they reach, and a run that was
    interrupted or throttled goes on there. Where the account has so many others that this would
    take more requests than there are alarms, and where AWS refuses it, they are asked for alarm
    by alarm.

    Raises:
        OSError: the archive cannot be written.
    """
    for is_composite in (False, True):
        chosen = [alarm for alarm in alarms if alarm.is_composite is is_composite]
        if len(chosen) > MANY:
            yield from _Together(region, chosen, archive, retry).steps()
        else:
            yield from _singly(region, chosen, archive, retry)


class _Together:
    """All alarms of one type in one stream."""

    def __init__(
        self, region: Region, alarms: Sequence[LiveAlarm], archive: Archive, retry: Retry
    ) -> None:
        self._region = region
        self._alarms = alarms
        self._archive = archive
        self._retry = retry
        self._type = _TYPES[alarms[0].is_composite]
        self._by_name = {alarm.name: alarm for alarm in alarms}

    def steps(self) -> Iterator[Kept]:
        request: dict[str, Any] = {
            "AlarmTypes": [self._type],
            "HistoryItemType": STATE_UPDATE,
            "ScanBy": "TimestampAscending",
            "MaxRecords": _ITEMS,
        }
        account, name = self._region.caller.account, self._region.name
        until = self._archive.pasts_until(account, name, self._type)
        if until is not None and all(map(self._archive.has_alarm_history, self._alarms)):
            request["StartDate"] = datetime.fromtimestamp(until - _OVERLAP, UTC)
        describe = self._region.cloudwatch.describe_alarm_history
        for _ in range(len(self._alarms)):
            try:
                page = self._retry.run(lambda: describe(**request), "DescribeAlarmHistory")
            except GaveUpError as error:
                what = f"the past of {', '.join(alarm.address for alarm in self._alarms)}"
                yield Kept(failures=(Failure(what=what, reason=str(error)),))
                return
            except AWS_ERRORS:
                break
            yield self._keep(page["AlarmHistoryItems"])
            if not page.get("NextToken"):
                yield self._finish()
                return
            request["NextToken"] = page["NextToken"]
        yield from _singly(self._region, self._alarms, self._archive, self._retry)

    def _keep(self, items: Sequence[dict[str, Any]]) -> Kept:
        by_name: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for item in items:
            if item["AlarmName"] in self._by_name:
                by_name[item["AlarmName"]].append(item)
        changes = 0
        bad = []
        for name, of in by_name.items():
            new, damaged = self._archive.keep_alarm_history(self._by_name[name], of)
            changes += new
            bad += damaged
        if items:
            self._reached(int(items[-1]["Timestamp"].timestamp()))
        return Kept(changes=changes, bad=tuple(bad))

    def _finish(self) -> Kept:
        """Note of each alarm without changes that it was asked for."""
        for alarm in self._alarms:
            if not self._archive.has_alarm_history(alarm):
                self._archive.keep_alarm_history(alarm, ())
        return Kept()

    def _reached(self, time: int) -> None:
        account = self._region.caller.account
        self._archive.keep_pasts_until(account, self._region.name, self._type, time)


def _singly(
    region: Region, alarms: Sequence[LiveAlarm], archive: Archive, retry: Retry
) -> Iterator[Kept]:
    for index, alarm in enumerate(alarms):
        try:
            items = list(_past(region, alarm, retry))
        except GaveUpError as error:
            left = ", ".join(alarm.address for alarm in alarms[index:])
            yield Kept(failures=(Failure(what=f"the past of {left}", reason=str(error)),))
            return
        except AWS_ERRORS as error:
            what = f"the past of {alarm.address}"
            yield Kept(failures=(Failure(what=what, reason=str(error)),))
            continue
        changes, bad = archive.keep_alarm_history(alarm, items)
        yield Kept(changes=changes, bad=tuple(bad))


def _past(region: Region, alarm: LiveAlarm, retry: Retry) -> Iterator[dict[str, Any]]:
    request: dict[str, Any] = {
        "AlarmName": alarm.name,
        "AlarmTypes": [_TYPES[alarm.is_composite]],
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
