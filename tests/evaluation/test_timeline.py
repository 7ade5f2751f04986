"""When alarms are evaluated, on which window, and how that differs from aligned windows.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

import pytest

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import Sample, Series, evaluation_interval, timeline
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from tests.evaluation.alarms import ALARM, KEY, NO_DATA, OK, START, alarm, evaluated, states


@pytest.mark.parametrize(
    ("period", "periods", "interval"),
    [
        (10, 1, 10),
        (20, 3, 10),
        (30, 1, 10),
        (60, 1, 60),
        (300, 288, 60),
        (3600, 24, 60),
        (86_400, 1, 60),
        (3600, 25, 3600),
        (86_400, 2, 3600),
        (604_800, 1, 3600),
    ],
)
def test_interval(period: int, periods: int, interval: int) -> None:
    assert evaluation_interval(alarm(period=period, evaluation_periods=periods)) == interval


def test_window_slides_by_a_minute() -> None:
    # AWS's example, 300 s and 1 period: minutes 1 to 5, then minutes 2 to 6.
    found = evaluated(alarm("Sum", period=300), [1, 2, 4, 8, 16, 32], first=5)
    assert [(e.value, e.datapoints[-1].start - START) for e in found if e.datapoints[-1]] == [
        (31.0, 0),
        (62.0, 60),
    ]


def test_evaluations_are_at_whole_minutes() -> None:
    found = list(timeline(alarm(), {}, START + 1, START + 179))
    assert [e.time - START for e in found] == [60, 120]


def test_high_resolution_alarm_is_evaluated_every_ten_seconds() -> None:
    series = {KEY: Series.of((START + second, float(second)) for second in range(0, 60, 5))}
    found = list(timeline(alarm("Average", period=30), series, START + 30, START + 60))
    assert [(e.time - START, e.value) for e in found] == [
        (30, 12.5),
        (40, 22.5),
        (50, 32.5),
        (60, 42.5),
    ]


class TestSlidingWindow:
    """Four slow minutes across a five-minute mark, and what five-minute windows make of them."""

    VALUES = (1.0, 1.0, 1.0, 4.0, 4.0, 4.0, 4.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)

    def test_fires_where_aligned_windows_would_not(self) -> None:
        slow = alarm("Average", period=300, comparison=Comparison.AT_LEAST, threshold=3.0)
        aligned = [sum(self.VALUES[at : at + 5]) / 5 for at in (0, 5, 10)]
        assert max(aligned) < 3.0
        # The windows that end after minutes 6 and 7 hold all four and one fast minute.
        found = evaluated(slow, self.VALUES, first=5)
        assert [e.value for e in found[:5]] == [2.2, 2.8, 3.4, 3.4, 2.8]
        assert [e.state for e in found[:5]] == [OK, OK, ALARM, ALARM, OK]
        assert all(e.state is OK for e in found[5:])

    def test_fires_twice_where_aligned_windows_fire_once(self) -> None:
        # Two bursts of a minute: each is in five windows, the pause between them in none.
        values = [0.0] * 5 + [50.0] + [0.0] * 5 + [50.0] + [0.0] * 8
        found = evaluated(alarm("Sum", period=300), values, first=5)
        assert sum(e.changed and e.state is ALARM for e in found) == 2
        aligned = [sum(values[at : at + 5]) > 10 for at in range(0, 20, 5)]
        assert aligned == [False, True, True, False]

    def test_datapoints_of_one_evaluation_do_not_overlap(self) -> None:
        (found,) = evaluated(
            alarm("Sum", period=120, evaluation_periods=2), [1, 2, 4, 8, 16, 32, 64], first=7
        )
        assert [point and point.value for point in found.datapoints] == [1.0, 6.0, 24.0, 96.0]


def test_multi_day_alarm_looks_up_to_the_top_of_the_hour() -> None:
    # AWS's example: a job every 3 days at 10:00 fails at 10:02; the alarm sees it at 11.
    job = alarm("Sum", period=86_400, evaluation_periods=3, threshold=0.0)
    failed = {KEY: Series.of([(START - 86_400, 0.0), (START + 120, 1.0)])}
    found = list(timeline(job, failed, START, START + 7200, state=OK))
    assert [(e.time - START, e.value) for e in found] == [(0, 0.0), (3600, 1.0), (7200, 1.0)]


def test_samples_before_the_start_count() -> None:
    found = evaluated(alarm(evaluation_periods=3), [20, 20, 20, 20], first=4)
    assert [e.state for e in found] == [ALARM]


def test_period_covers_its_start_and_not_its_end() -> None:
    series = {
        KEY: Series([Sample.of(START, 1), Sample.of(START + 59, 2), Sample.of(START + 60, 4)])
    }
    first, second = timeline(alarm("Sum"), series, START + 60, START + 120)
    assert (first.value, second.value) == (3.0, 4.0)


def test_m_of_n() -> None:
    values = [20, 1, 20, 1, 1, 20, 1, 20, 20, 1]
    found = states(alarm(evaluation_periods=3, datapoints_to_alarm=2), values, first=3)
    assert found == [ALARM, OK, OK, OK, OK, ALARM, ALARM, ALARM]


class TestMissingData:
    """Data for two minutes, the second one breaching, then silence: 2 of 2, range 4."""

    VALUES = (20.0, 20.0, None, None, None, None, None)

    def found(self, treatment: MissingData, values: tuple[float | None, ...]) -> list[str]:
        definition = alarm(evaluation_periods=2, treat_missing_data=treatment)
        return [state.value for state in states(definition, values, first=2)]

    def test_missing_waits_for_the_range_to_be_empty(self) -> None:
        found = self.found(MissingData.MISSING, self.VALUES)
        assert found == ["ALARM"] * 4 + ["INSUFFICIENT_DATA"] * 2

    def test_ignore_never_changes(self) -> None:
        assert self.found(MissingData.IGNORE, self.VALUES) == ["ALARM"] * 6

    def test_breaching_stays_on(self) -> None:
        assert self.found(MissingData.BREACHING, self.VALUES) == ["ALARM"] * 6

    def test_not_breaching_ends_once_fewer_than_m_are_real(self) -> None:
        assert self.found(MissingData.NOT_BREACHING, self.VALUES) == ["ALARM"] * 3 + ["OK"] * 3

    def test_breaching_fires_once_the_last_good_datapoint_has_left_the_range(self) -> None:
        # AWS on "0 - - - -": "the next time this alarm is evaluated, if the data is still
        # missing it will go to ALARM".
        found = self.found(MissingData.BREACHING, (1.0, 1.0, None, None, None, None, None))
        assert found == ["OK"] * 4 + ["ALARM"] * 2

    def test_missing_is_ok_while_a_good_datapoint_is_in_the_range(self) -> None:
        found = self.found(MissingData.MISSING, (1.0, 1.0, None, None, None, None, None))
        assert found == ["OK"] * 4 + ["INSUFFICIENT_DATA"] * 2

    def test_late_good_datapoint_ends_the_alarm(self) -> None:
        assert self.found(MissingData.MISSING, (20.0, 20.0, None, None, 1.0))[-1] == "OK"

    def test_lone_breach_fires_only_when_it_is_m_periods_old(self) -> None:
        found = self.found(MissingData.MISSING, (None, None, 20.0, None, None, None, None))
        assert found == ["INSUFFICIENT_DATA", "OK", *["ALARM"] * 3, "INSUFFICIENT_DATA"]


def test_new_alarm_has_no_data() -> None:
    (found,) = timeline(alarm(), {}, START, START)
    assert (found.previous, found.state, found.changed) == (NO_DATA, NO_DATA, False)
    assert found.value is None


def test_unknown_statistic_is_refused_before_the_first_evaluation() -> None:
    with pytest.raises(CannotEvaluateError, match="tm9x"):
        timeline(alarm("tm9x"), {}, START, START)
