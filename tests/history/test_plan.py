"""Which calls are made: resolutions by age, what is left out, how much goes into one call.

Periods and limits: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

from typing import Any

import numpy as np
import pytest

from history.day import ArchivedDay
from history.plan import KnownDay, Request, plan
from history.retention import finest_period, is_available
from history.wanted import WantedMetric
from tests.history.recorded import NOW, archived, history
from tests.times import at

DAY = 86_400
TODAY = at("2026-03-01")
CPU = WantedMetric(metric=archived())


def day(start: int, **changes: Any) -> KnownDay:
    """A settled day at full resolution."""
    archived_day = ArchivedDay(
        **{
            "metric": CPU.metric,
            "start": start,
            "period": 60,
            "until": start + DAY,
            "asked": start + 4 * DAY,
            "records": history(),
            **changes,
        }
    )
    return KnownDay.of(archived_day)


def spans(calls: list[Request]) -> list[tuple[int, int, int]]:
    """First day and last day, counted back from today, and period."""
    return [((TODAY - c.start) // DAY, (TODAY - c.days[-1]) // DAY, c.period) for c in calls]


@pytest.mark.parametrize(
    ("age", "period"),
    # Counted in days back from 10:30; what is gone within the hour counts as gone.
    [(0, 60), (14, 60), (15, 300), (62, 300), (63, 3600), (454, 3600), (455, None)],
)
def test_the_finest_period_of_a_day(age: int, period: int | None) -> None:
    assert finest_period(TODAY - age * DAY, NOW) == period


def test_half_past_eleven_at_night_the_oldest_day_is_too_close_to_the_edge() -> None:
    late = TODAY + DAY - 1800
    assert finest_period(TODAY - 14 * DAY, late) == 300
    assert finest_period(TODAY - 454 * DAY, late) is None


@pytest.mark.parametrize(
    ("period", "seconds"), [(10, 3 * 3600), (60, 15 * DAY), (300, 63 * DAY), (3600, 455 * DAY)]
)
def test_what_is_available(period: int, seconds: int) -> None:
    assert is_available(period, NOW - seconds, NOW)
    assert not is_available(period, NOW - seconds - 1, NOW)


def test_everything_of_a_metric_finest_and_oldest_first() -> None:
    """4 statistics: 17 days of minutes, 87 of 5 minutes, 1,050 of hours fit into a call."""
    calls = plan({CPU: {}}, NOW, 455)
    assert spans(calls) == [(14, 0, 60), (62, 15, 300), (454, 63, 3600)]
    # Today until the last whole minute.
    assert calls[0].end == at("2026-03-01 10:30")
    assert calls[1].end == calls[0].start
    assert calls[2].end == calls[1].start


def test_only_so_many_days() -> None:
    assert spans(plan({CPU: {}}, NOW, 1)) == [(0, 0, 60)]
    assert spans(plan({CPU: {}}, NOW, 16)) == [(14, 0, 60), (15, 15, 300)]


def test_today_has_not_begun() -> None:
    assert spans(plan({CPU: {}}, TODAY + 59, 2)) == [(1, 1, 60)]


def test_settled_days_are_not_fetched_again() -> None:
    known = {TODAY - age * DAY: day(TODAY - age * DAY) for age in range(455)}
    # Asked for 4 days after they began: at 4 days' age that was just now.
    for age in range(4):
        known[TODAY - age * DAY] = day(TODAY - age * DAY, asked=NOW - 3600)
    assert spans(plan({CPU: known}, NOW, 455)) == [(3, 0, 60)]


def test_a_gap_is_fetched() -> None:
    known = {TODAY - age * DAY: day(TODAY - age * DAY) for age in range(455) if age not in (8, 30)}
    assert spans(plan({CPU: known}, NOW, 455)) == [(8, 8, 60), (30, 30, 300)]


def test_a_coarser_day_is_fetched_at_the_resolution_that_is_there() -> None:
    known = {TODAY - age * DAY: day(TODAY - age * DAY) for age in range(455)}
    known[TODAY - 10 * DAY] = day(TODAY - 10 * DAY, period=300)
    known[TODAY - 20 * DAY] = day(TODAY - 20 * DAY, period=300)
    known[TODAY - 70 * DAY] = day(TODAY - 70 * DAY, period=3600)
    assert spans(plan({CPU: known}, NOW, 455)) == [(10, 10, 60)]


def test_a_day_that_was_cut_off_is_completed_even_if_coarser() -> None:
    known = {TODAY - age * DAY: day(TODAY - age * DAY) for age in range(455)}
    begun = TODAY - 20 * DAY
    known[begun] = day(begun, until=begun + 3600, asked=begun + 3600)
    assert spans(plan({CPU: known}, NOW, 455)) == [(20, 20, 300)]


def test_a_percentile_that_is_new() -> None:
    slow = WantedMetric(metric=archived(), percentiles=("p99",))
    known = {TODAY - age * DAY: day(TODAY - age * DAY) for age in range(20)}
    assert spans(plan({slow: known}, NOW, 20)) == [(14, 1, 60), (0, 0, 60), (19, 15, 300)]
    with_p99 = history(percentiles={"p99": []})
    asked = {start: day(start, records=with_p99) for start in known}
    assert plan({slow: asked}, NOW, 20) == []


def test_five_statistics_of_fourteen_days_are_one_call() -> None:
    """5 × 1,440 × 14 = 100,800."""
    slow = WantedMetric(metric=archived(), percentiles=("p99",))
    assert spans(plan({slow: {}}, NOW, 15)) == [(14, 1, 60), (0, 0, 60)]


def test_short_calls_have_many_metrics() -> None:
    """Today until 10:30 are 630 minutes: 100,800 // (4 × 630) = 40 metrics."""
    metrics = [WantedMetric(metric=archived(f"Metric{number:03}")) for number in range(90)]
    calls = plan({metric: {} for metric in metrics}, NOW, 1)
    assert [len(call.metrics) for call in calls] == [40, 40, 10]
    assert [metric for call in calls for metric in call.metrics] == metrics
    assert calls[0].queries == 160


def test_no_more_than_500_queries() -> None:
    """A minute of each of 200 metrics is few datapoints, and 800 queries."""
    metrics = [WantedMetric(metric=archived(f"Metric{number:03}")) for number in range(200)]
    calls = plan({metric: {} for metric in metrics}, TODAY + 60, 1)
    assert [call.queries for call in calls] == [500, 300]


@pytest.mark.slow
def test_no_call_is_larger_than_one_may_be() -> None:
    metrics = [
        WantedMetric(metric=archived(f"Metric{n:03}"), percentiles=("p50", "p90", "p99")[: n % 4])
        for n in range(23)
    ]
    calls = plan({metric: {} for metric in metrics}, NOW, 455)
    for call in calls:
        assert call.queries * -(-(call.end - call.start) // call.period) <= 100_800
        assert call.queries <= 500
    for metric in metrics:
        covered = np.zeros(455 * 1440, dtype=int)
        for call in calls:
            if metric in call.metrics:
                origin = TODAY - 454 * DAY
                covered[(call.start - origin) // 60 : (call.end - origin) // 60] += 1
        minutes = 454 * 1440 + 630
        assert set(covered[:minutes]) == {1}
        assert set(covered[minutes:]) == {0}


def test_seconds_come_last_and_reach_back_two_of_three_hours() -> None:
    """Three are kept, and one of them may be gone until they are asked for."""
    burst = WantedMetric(metric=archived(), is_short=True)
    *_, last = plan({burst: {}}, NOW, 3)
    assert (last.start, last.end) == (at("2026-03-01 08:30"), at("2026-03-01 10:30"))
    assert last.period == 10


def test_what_matters_of_a_day() -> None:
    records = history((TODAY, 60, 1.0), percentiles={"p99": [2.0]})
    assert KnownDay.of(
        ArchivedDay(
            metric=CPU.metric,
            start=TODAY,
            period=300,
            until=TODAY + DAY,
            # When it was over for three days.
            asked=TODAY + 4 * DAY,
            records=records,
        )
    ) == KnownDay(period=300, is_settled=True, percentiles=frozenset({"p99"}), has_data=True)
    assert day(TODAY, asked=TODAY + 4 * DAY - 1) == KnownDay(
        period=60, is_settled=False, percentiles=frozenset(), has_data=False
    )
