"""Looks before anything is fetched: alarms, their metrics, what the archive has, the calls."""

from dataclasses import dataclass

from account.account import Account, Caller, Region
from account.alarms import LiveAlarm
from account.reading import FoundAlarms
from account.stack import StackPlace, find_alarms, refuse_none
from history.archive import Archive
from history.cost import FetchCost
from history.day import BadFile
from history.fetch_pasts import most_requests
from history.plan import KnownDay, Request, plan
from history.wanted import WantedMetric, wanted_metrics


@dataclass(frozen=True, kw_only=True)
class PreparedRegion:
    """What is to be fetched in one region.

    Attributes:
        region: the region.
        alarms: the stack's alarms there.
        metrics: those behind them.
        with_data: those of which the archive has a record.
        calls: what to ask for, in this order.
    """

    region: Region
    alarms: tuple[LiveAlarm, ...]
    metrics: tuple[WantedMetric, ...]
    with_data: frozenset[WantedMetric]
    calls: tuple[Request, ...]


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """What a fetch will do.

    Attributes:
        place: the stack.
        caller: whose credentials are used.
        now: up to when, in seconds since 1970 UTC.
        regions: those that were looked at.
        bad: files of the archive that cannot be used; they are set aside and fetched again.
        alarms_by_region: the stack's alarms by region, also where there are none.
        unseen: what could not be looked at when they were, in words.
        notes: everything else that is worth knowing too, in words.
    """

    place: StackPlace
    caller: Caller
    now: int
    regions: tuple[PreparedRegion, ...]
    bad: tuple[BadFile, ...]
    alarms_by_region: tuple[tuple[Region, FoundAlarms], ...]
    unseen: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def cost(self) -> FetchCost:
        """What it costs at most."""
        return FetchCost.of(call for region in self.regions for call in region.calls)

    @property
    def requests(self) -> int:
        """How many requests it takes at most, as long as no answer has further pages."""
        return sum(len(region.calls) + most_requests(len(region.alarms)) for region in self.regions)


def prepare(
    account: Account,
    place: StackPlace,
    archive: Archive,
    *,
    now: int,
    days: int,
) -> Preparation:
    """Find out what to fetch; only reads.

    Args:
        account: where the stack is.
        place: the stack.
        archive: what there is already.
        now: seconds since 1970 UTC.
        days: how many days to go back, today included.

    Raises:
        NoSuchAlarmError: the stack has no alarms there.
        botocore.exceptions.ClientError: AWS refuses to tell.
        botocore.exceptions.BotoCoreError: AWS cannot be reached.
    """
    caller = account.caller(place.first_region)
    alarms_by_region, unseen = find_alarms(account, caller, place)
    notes = list(unseen)
    refuse_none(caller, place, alarms_by_region)
    regions = []
    bad: list[BadFile] = []
    for region, of in alarms_by_region:
        metrics, unknown = wanted_metrics(of.alarms)
        notes += unknown
        archived: dict[WantedMetric, dict[int, KnownDay]] = {}
        for metric in metrics:
            days_known, unreadable = archive.days(metric.metric)
            archived[metric] = {start: KnownDay.of(day) for start, day in days_known.items()}
            bad += unreadable
        regions.append(
            PreparedRegion(
                region=region,
                alarms=of.alarms,
                metrics=tuple(metrics),
                with_data=frozenset(
                    metric
                    for metric, archived_days in archived.items()
                    if any(day.has_data for day in archived_days.values())
                ),
                calls=tuple(plan(archived, now, days)),
            )
        )
    return Preparation(
        place=place,
        caller=caller,
        now=now,
        regions=tuple(regions),
        bad=tuple(bad),
        alarms_by_region=tuple(alarms_by_region),
        unseen=tuple(unseen),
        notes=tuple(notes),
    )
