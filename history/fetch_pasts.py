"""Fetches the alarms' changes of state: once for many alarms, where there are many.

CloudWatch keeps them 30 days:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
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
        pages = _pages(self._region, self._retry, {"AlarmTypes": [self._type], **self._since()})
        try:
            for page in islice(pages, len(self._alarms)):
                yield self._keep(page["AlarmHistoryItems"])
                if not page.get("NextToken"):
                    yield self._finish()
                    return
        except GaveUpError as error:
            yield _gave_up(self._alarms, error)
            return
        except AWS_ERRORS:
            pass
        yield from _singly(self._region, self._alarms, self._archive, self._retry)

    def _since(self) -> dict[str, datetime]:
        """From when on they are asked for, where their earlier changes are all kept."""
        account, name = self._region.caller.account, self._region.name
        until = self._archive.pasts_until(account, name, self._type)
        if until is None or not all(map(self._archive.has_alarm_history, self._alarms)):
            return {}
        return {"StartDate": datetime.fromtimestamp(until - _OVERLAP, UTC)}

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
            self._archive.keep_pasts_until(
                self._region.caller.account,
                self._region.name,
                self._type,
                int(items[-1]["Timestamp"].timestamp()),
            )
        return Kept(changes=changes, bad=tuple(bad))

    def _finish(self) -> Kept:
        """Note of each alarm without changes that it was asked for."""
        for alarm in self._alarms:
            if not self._archive.has_alarm_history(alarm):
                self._archive.keep_alarm_history(alarm, ())
        return Kept()


def _singly(
    region: Region, alarms: Sequence[LiveAlarm], archive: Archive, retry: Retry
) -> Iterator[Kept]:
    for index, alarm in enumerate(alarms):
        about = {"AlarmName": alarm.name, "AlarmTypes": [_TYPES[alarm.is_composite]]}
        try:
            pages = _pages(region, retry, about)
            items = [item for page in pages for item in page["AlarmHistoryItems"]]
        except GaveUpError as error:
            yield _gave_up(alarms[index:], error)
            return
        except AWS_ERRORS as error:
            what = f"the past of {alarm.address}"
            yield Kept(failures=(Failure(what=what, reason=str(error)),))
            continue
        changes, bad = archive.keep_alarm_history(alarm, items)
        yield Kept(changes=changes, bad=tuple(bad))


def _gave_up(alarms: Sequence[LiveAlarm], error: GaveUpError) -> Kept:
    left = ", ".join(alarm.address for alarm in alarms)
    return Kept(failures=(Failure(what=f"the past of {left}", reason=str(error)),))


def _pages(
    region: Region, retry: Retry, about: Mapping[str, object]
) -> Iterator[Mapping[str, Any]]:
    """The answers to one question of DescribeAlarmHistory, oldest changes first."""
    request = {
        **about,
        "HistoryItemType": STATE_UPDATE,
        "ScanBy": "TimestampAscending",
        "MaxRecords": _ITEMS,
    }
    return retry.pages(region.cloudwatch.describe_alarm_history, request, "DescribeAlarmHistory")
