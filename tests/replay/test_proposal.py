"""What is proposed for a metric that nobody watches, on a history that anybody can see through."""

from functools import cache
from typing import Any, Final
from unittest.mock import patch

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from ecs_monitoring.cloudwatch.units import Unit
from replay.adaptive_alarm import AdaptiveAlarm
from replay.bounds import Bounds, Distinct
from replay.choices import Wish
from replay.detectors import DetectorKind, WatchedMetric
from replay.history import Floats, MetricHistory
from replay.incidents import Incident
from replay.proposal import Side, propose
from replay.suggestion import Suggestion, Validation
from tests.evaluation.alarms import KEY
from tests.replay.alarms import DAY, HOUR, MINUTE
from tests.replay.generated import START

STEP: Final = 300
A_DAY: Final = DAY // STEP


def five_minutes(days: int, *bursts: tuple[int, int], gone: int | None = None) -> MetricHistory:
    """10, 11, 12, 11 again and again, but for half an hour of 100 from some hour of some days on,
    and one day without data.
    """
    values: Floats = np.tile([10.0, 11.0, 12.0, 11.0], days * A_DAY // 4)
    for day, hour in bursts:
        values[day * A_DAY + hour * 12 :][:6] = 100.0
    times = START + STEP * np.arange(len(values))
    kept = np.ones(len(values), dtype=np.bool_)
    if gone is not None:
        kept[gone * A_DAY : (gone + 1) * A_DAY] = False
    return MetricHistory.of_values(times[kept], values[kept], resolution=STEP)


def at(day: int, hour: int = 0, minute: int = 0) -> int:
    return START + day * DAY + hour * HOUR + minute * MINUTE


def watched(**fields: Any) -> WatchedMetric:
    return WatchedMetric(metric=KEY, statistic="Average", period=STEP, **fields)


WRONG: Final = Incident(at(12, 12), at(12, 12, 30))
"""The first of two bursts; of the second nobody says that it was an incident."""


OBSERVED: Final = 14 * DAY + 10 * MINUTE
"""Of 15 days one has no data: from 00:16 on, when of the five datapoints that are looked at only
one is left, to 00:05 of the next day, before there are two again.
"""


@cache
def two_of_three() -> dict[str, Suggestion]:
    """The fixed thresholds, with 2 of 3, from six o'clock of the first day on."""
    history = five_minutes(17, (12, 12), (14, 12), gone=8)
    early = Incident(at(1, 3), at(1, 4))
    wish = Wish(incidents=(early, WRONG), unit=Unit.COUNT)
    bounds = Bounds.of(history, "Average", Unit.COUNT)
    return propose(watched(m_of_n=(2, 3)), history, bounds, wish, at(0, 6), at(17))


def test_what_would_have_come_of_it_day_by_day() -> None:
    # The first threshold is made when two days are known. Two datapoints of the three that end at
    # 12:06 have the record of 12:00 or of 12:05, and of those that end at 12:35 that of 12:25.
    walk = two_of_three()["high"].validation
    assert walk is not None
    assert walk == Validation(
        start=at(2),
        end=at(17),
        thresholds=walk.thresholds,
        firings=(at(12, 12, 6), at(14, 12, 6)),
        true_firings=1,
        caught=1,
        incidents=1,
        observed=OBSERVED,
        bands=((at(12, 12, 6), at(12, 12, 36)), (at(14, 12, 6), at(14, 12, 36))),
    )
    assert [time for time, _ in walk.thresholds] == [at(day) for day in range(2, 17)]
    thresholds = [threshold for _, threshold in walk.thresholds]
    # Farther from the noise, which goes up to 11 in two of three, the less of it is known.
    assert thresholds == sorted(thresholds, key=lambda value: -(value or 0.0))
    assert 12 <= (thresholds[-1] or 0.0) < (thresholds[0] or 0.0) < 20


def test_what_is_suggested_for_high_values() -> None:
    found = two_of_three()["high"]
    (alarm,) = found.alarms
    definition = alarm.definition
    assert (found.verdict.value, found.datapoints_to_alarm, found.evaluation_periods) == (
        "change",
        2,
        3,
    )
    assert (definition.breaching_datapoints, definition.evaluation_periods) == (2, 3)
    assert definition.comparison is Comparison.AT_LEAST
    assert found.threshold == definition.threshold
    assert (alarm.kind, alarm.table) == ("level", None)
    # Two firings in 14 days; at 95 % no more than 6.2958 where two were seen.
    expected = "4.3 pages a month, at most 13.5 at 95 %; 1 of 1 incidents caught"
    assert found.reasons == (
        f">= {found.threshold:g}, held for 15 minutes: the highest value of a usual day is 11",
        f"what to expect, from 14 days that the thresholds had not seen: {expected}",
    )
    assert found.most_pages_per_month == pytest.approx(6.2958 * 30 * DAY / OBSERVED, abs=1e-3)
    (option,) = found.options
    assert (option.datapoints_to_alarm, option.evaluation_periods) == (2, 3)
    assert option.threshold == found.threshold
    assert option.pages_per_month == pytest.approx(2 * 30 * DAY / OBSERVED)
    assert (option.caught, option.incidents, option.delay) == (1, 1, 360.0)
    # The second burst's thirty minutes, of 15 days but for the 46 from 12:00 to 12:45, which are
    # the incident and the fifteen minutes that the alarm looks back.
    assert option.share_on == pytest.approx(30 / (15 * 1440 - 46))


def test_what_is_suggested_for_low_values() -> None:
    found = two_of_three()["low"]
    (alarm,) = found.alarms
    assert alarm.definition.comparison is Comparison.AT_MOST
    assert alarm.definition.treat_missing_data is MissingData.NOT_BREACHING
    assert 0 < found.threshold == alarm.definition.threshold == found.options[0].threshold < 10
    # Nothing in 14 days; at 95 % no more than 2.9957.
    expected = "0.0 pages a month, at most 6.4 at 95 %; 0 of 1 incidents caught"
    assert found.reasons == (
        f"<= {found.threshold:g}, held for 15 minutes: the lowest value of a usual day is 11",
        f"what to expect, from 14 days that the thresholds had not seen: {expected}",
    )
    (option,) = found.options
    assert (option.pages_per_month, option.caught, option.incidents) == (0.0, 0, 1)
    assert (option.delay, option.share_on) == (None, 0.0)
    walk = found.validation
    assert walk is not None
    assert (walk.firings, walk.bands, walk.others) == ((), (), {})
    assert (walk.start, walk.end, walk.observed) == (at(2), at(17), OBSERVED)
    assert all(0 < (threshold or 0.0) < 10 for _, threshold in walk.thresholds)


@cache
def both() -> dict[str, Suggestion]:
    history = five_minutes(5, (3, 12))
    bounds = Bounds.of(history, "Average", Unit.COUNT)
    return propose(watched(), history, bounds, Wish(), at(0, 0, 1), at(5))


def test_two_alarms_walk_together() -> None:
    found = both()["high"]
    level, recent = found.alarms
    assert (level.kind, recent.kind) == ("level", "recent")
    assert found.threshold == level.definition.threshold
    # The threshold of the recent past follows the hours: what is watched is how many times it is.
    assert level.table is None
    assert recent.table is not None
    assert recent.definition.threshold == 1.0
    lowest = min(min(hours) for hours in recent.table)
    assert [option.threshold for option in found.options] == [level.definition.threshold, lowest]
    assert found.reasons[0] == (
        "5.0 days of history, and a suggestion needs 14, so that every day of the week has been "
        "seen twice: what follows is what there is so far"
    )
    assert found.reasons[1:3] == (level.why, recent.why)
    assert found.reasons[3].startswith("what to expect, from 3 days")
    assert len(found.reasons) == 4
    assert found.verdict.value == "not enough history"
    walk = found.validation
    assert walk is not None
    # One minute after the first record of 100 both are on, which is one page.
    assert (walk.start, walk.end, walk.observed) == (at(2), at(5), 3 * DAY)
    assert (walk.firings, walk.true_firings, walk.incidents) == ((at(3, 12, 1),), 0, 0)
    assert walk.bands == ()
    (others,) = walk.others.items()
    assert others[0] == "recent"
    assert [time for time, _ in others[1]] == [time for time, _ in walk.thresholds]
    assert [time for time, _ in walk.thresholds] == [at(2), at(3), at(4)]
    assert all(threshold is not None and threshold > 0 for _, threshold in others[1])
    low = both()["low"].validation
    assert low is not None
    assert all(threshold is not None and threshold < 0 for _, threshold in low.others["recent"])


def test_alarms_on_the_recent_past_expect_the_echo_of_the_other_direction() -> None:
    history, heard = five_minutes(1), []

    def listen(alarm: AdaptiveAlarm, opposite: AdaptiveAlarm, echo: float) -> None:
        heard.append((alarm, opposite, echo))

    bounds = Bounds.of(history, "Average", Unit.COUNT)
    with patch.object(AdaptiveAlarm, "listen", listen):
        propose(watched(), history, bounds, Wish(), at(0, 6), at(1))
    # Each of the two to the other one, and no fixed threshold to anything.
    (one, other, share), back = heard
    assert (one.kind, other.kind) == (DetectorKind.RECENT, DetectorKind.RECENT)
    assert one is not other
    assert back == (other, one, share)
    assert share == watched().newest_share


def side(
    history: MetricHistory,
    sign: int,
    *,
    of: WatchedMetric | None = None,
    unit: Unit = Unit.COUNT,
    days: int = 15,
    judged: bool = True,
) -> Suggestion:
    one = Side(
        sign,
        of or watched(m_of_n=(2, 3)),
        history,
        Distinct.of(history),
        Bounds.of(history, "Average", unit),
        Wish(unit=unit),
        at(0, 0, 1),
        at(days),
    )
    assert one.days == days
    assert one.recent is None
    for day in range(1, days if judged else 1):
        one.judge(day)
    return one.suggestion(None)


@pytest.mark.parametrize(
    ("sign", "values", "unit", "limit"),
    [
        (1, (99.0, 100.0), Unit.PERCENT, " below 100 %, the end of what it can be,"),
        (-1, (0.0, 1.0), Unit.COUNT, " above 0, the end of what it can be,"),
    ],
)
def test_nothing_fits_at_the_end_of_what_a_metric_can_be(
    sign: int, values: tuple[float, float], unit: Unit, limit: str
) -> None:
    column = np.tile(values, 15 * A_DAY // 2)
    times = START + STEP * np.arange(len(column))
    found = side(MetricHistory.of_values(times, column, resolution=STEP), sign, unit=unit)
    assert found == Suggestion(
        verdict=found.verdict,
        threshold=0.0,
        datapoints_to_alarm=2,
        evaluation_periods=3,
        reasons=(f"no threshold{limit} is beyond what is usual and pages less than once a day",),
    )
    assert found.verdict.value == "none fits"


def test_a_history_that_says_nothing() -> None:
    times = START + STEP * np.arange(15 * A_DAY)
    history = MetricHistory.of_values(times, np.full(len(times), 7.0), resolution=STEP)
    found = side(history, 1)
    assert found.verdict.value == "not enough history"
    assert found.reasons[0] == Distinct.of(history).says_nothing != ""


def test_of_one_day_nothing_is_suggested() -> None:
    found = side(five_minutes(1), 1, days=1)
    assert found.reasons == (
        "1.0 days of history, and a suggestion needs 14, so that every day of the week has been "
        "seen twice",
    )
    assert (found.options, found.alarms, found.validation) == ((), (), None)
    assert found.most_pages_per_month is None


def test_a_plan_of_which_nothing_has_come_yet() -> None:
    found = side(five_minutes(3), 1, days=3, judged=False)
    assert len(found.alarms) == 1
    assert found.validation is None
    (option,) = found.options
    assert (option.pages_per_month, option.share_on, option.caught) == (0.0, 0.0, 0)


def test_of_errors_that_are_seldom_no_data_is_as_well_known() -> None:
    # One error every six hours for four days.
    times = START + 6 * HOUR * np.arange(16)
    history = MetricHistory.of_values(times, np.ones(16), resolution=MINUTE)
    sparse = WatchedMetric(metric=KEY, statistic="Sum", period=STEP, is_sparse=True, m_of_n=(1, 1))
    found = side(history, 1, of=sparse, days=4)
    walk = found.validation
    assert walk is not None
    assert walk.observed == walk.end - walk.start
