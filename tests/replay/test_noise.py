"""How high noise goes, by hand and by what must hold for any history."""

from dataclasses import replace
from math import inf
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.budget import allowed_firings
from replay.curve import Curve
from replay.history import Floats
from replay.noise import FEWEST_DAYS, HourlyMaxima, Noise, noise_of, quiet_threshold
from tests.replay.alarms import curve, hourly
from tests.replay.generated import BACKGROUNDS

BUDGET: Final = 2.0


def hours(levels: Floats | list[float]) -> HourlyMaxima:
    return HourlyMaxima.of(hourly(levels))


def known(levels: Floats | list[float], budget: float = BUDGET) -> Noise:
    noise = noise_of(hours(levels), budget)
    assert noise is not None
    return noise


def test_hours_by_hand() -> None:
    # Every half an hour; what is known at the full hour belongs to the hour before.
    half_hourly = curve([1, 9, 2, 3, inf, 4, -inf, -inf, inf, -inf, 5], interval=1800)
    found = HourlyMaxima.of(half_hourly)
    assert found.maxima.tolist() == [9, 3, 4, -inf, -inf, 5]
    assert found.days == 4 / 24


def test_what_is_left_out_is_not_in_the_hours() -> None:
    half_hourly = curve([1, 9, 2, 3], interval=1800)
    without = np.array([False, True, True, True])
    assert HourlyMaxima.of(half_hourly, without).maxima.tolist() == [1, -inf]


def test_no_hours() -> None:
    assert (hours([]).days, len(hours([]).peaks())) == (0, 0)


def test_peaks_by_hand() -> None:
    levels = np.zeros(72)
    # The second is too near to the first, the fourth to the third.
    levels[[5, 10, 30, 45, 66]] = [7, 6, 8, 7.5, 3]
    assert hours(levels).peaks().tolist() == [8, 7, 3]


def test_of_equal_levels_side_by_side_one_is_a_peak() -> None:
    levels = np.zeros(100)
    levels[[20, 21, 22, 60, 61]] = 4
    # The peaks at 20 and 60 take what is within 19 hours of them: 1 to 39 and 41 to 79. Left are
    # hour 0, hour 40 and those from 80 on, of which the first takes the rest.
    assert hours(levels).peaks().tolist() == [4, 4, 0, 0, 0]
    # Of a hundred equal hours every twentieth.
    assert hours(np.full(100, 3.0)).peaks().tolist() == [3] * 5


@pytest.mark.parametrize(
    ("shape", "level"),
    [
        # A quarter of two pages a month is one in 60 days: 1 + 60/30 = 3 times as rare as the
        # top, which is ln 3 = 1.0986 spreads beyond it where the tail is exponential.
        (0.0, 10 + 2 * 1.0986),
        # And (3^0.5 - 1) / 0.5 = 1.4641 spreads where it is heavier.
        (0.5, 10 + 2 * 1.4641),
    ],
)
def test_a_level_beyond_the_noise_by_hand(shape: float, level: float) -> None:
    noise = Noise(top=10.0, spread=2.0, shape=shape, days=30)
    assert noise.beyond(2.0) == pytest.approx(level, abs=1e-3)
    assert noise.margin(level) == pytest.approx((level - 10) / 2)
    assert noise.margin(9.0) == -0.5


# Twenty days, each with an hour at 11 or 12 and all the others at 10.
DAYS: Final = np.full(480, 10.0)
DAYS[12::24] = [12.0 if day % 5 in (1, 3) else 11.0 for day in range(20)]


def test_a_tail_by_hand() -> None:
    noise = known(DAYS)
    assert (noise.top, noise.days) == (12.0, 20.0)
    # The twenty highest hours are 1 (twelve times) and 2 (eight times) above the next one, so
    # their median is 1 and their upper quartile 2, as for an exponential tail: a shape of 0.
    # Half of the shape is still the 0.1 assumed before: 0.05. Twice as rare as the median are
    # (2^0.05 - 1) / 0.05 = 0.7053 spreads, so that a spread is 1 / 0.7053.
    assert noise.shape == pytest.approx(0.05)
    assert noise.spread == pytest.approx(1.41784, abs=1e-4)
    # Four times as rare: (4^0.05 - 1) / 0.05 = 1.43547 spreads.
    assert noise.beyond(BUDGET) == pytest.approx(12 + 1.41784 * 1.43547, abs=1e-3)


def test_no_tail_is_heavier_than_one_of_infinite_variance() -> None:
    # An hour of each day: 1 above the others on twelve days and 17 on eight. The upper quartile is
    # 17 times the median, which a shape of log2(17 - 1) = 4 has; half of that and of 0.1 is more
    # than 0.5.
    levels = np.full(480, 10.0)
    levels[12::24] = [11.0 if day % 5 < 3 else 27.0 for day in range(20)]
    noise = known(levels)
    assert (noise.top, noise.shape) == (27.0, 0.5)
    # Between days the quartiles are 16 apart.
    assert noise.spread == pytest.approx(16 / 1.57253, rel=1e-5)


def test_where_days_differ_by_more_than_hours_that_is_the_spread() -> None:
    # Two hours of each day: at 100 on twelve days, at 10 on eight. The twenty highest hours are
    # all 100, as the next ones are, and say nothing of the spread. The days do: a Gumbel
    # distribution of scale 1 has its quartiles ln(ln 4 / ln(4/3)) = 1.57253 apart.
    levels = np.zeros(480)
    levels[12::24] = levels[13::24] = [100.0 if day % 5 < 3 else 10.0 for day in range(20)]
    noise = known(levels)
    assert noise == Noise(top=100.0, spread=noise.spread, shape=noise.shape, days=20.0)
    assert noise.spread == pytest.approx(90 / 1.57253, rel=1e-5)
    assert noise.shape == pytest.approx(0.05)


@pytest.mark.parametrize("few", [10.0, 100.0])
def test_each_day_counts_where_days_differ(few: float) -> None:
    # Five hours of each day, at one level on five days and at another on fifteen. Where the five
    # are the lower ones, the lower quartile of the peaks is three quarters of the way from the
    # fifth to the sixth, 77.5, and 22.5 below the upper one; else it is the other way round.
    levels = np.zeros(480)
    for hour in range(12, 17):
        levels[hour::24] = [few if day % 4 == 0 else 110.0 - few for day in range(20)]
    assert known(levels).spread == pytest.approx(22.5 / 1.57253, rel=1e-5)


def test_odd_peaks_are_left_out_as_far_as_the_budget_pays_for_them() -> None:
    odd = DAYS.copy()
    odd[[100, 300]] = [100.0, 90.0]
    # In 20 days, 2 pages a month pay for one, and 4 for three.
    assert known(odd, 2.0).top == 90.0
    noise = known(odd, 4.0)
    assert noise.top == 12.0
    # One hour a day of the 478 others are 19: eleven of them 1 above the next one, eight 2 above.
    # The shape is 20 parts of 39 the 0.1 assumed before, and (2^s - 1) / s = 0.705615.
    assert noise.shape == pytest.approx(0.1 * 20 / 39)
    assert noise.spread == pytest.approx(1 / 0.705615, rel=1e-5)


def test_a_peak_every_night_is_noise() -> None:
    nightly = np.tile([10.0, 11.0, 12.0], 8 * 14)
    nightly[2::24] = 60.0 + np.arange(14) % 4
    noise = known(nightly)
    assert noise.top == 63.0
    assert noise.beyond(BUDGET) > 63.0


@pytest.mark.parametrize(("length", "is_enough"), [(0, False), (1, False), (47, False), (48, True)])
def test_two_days_are_enough_for_some_answer(length: int, is_enough: bool) -> None:
    assert FEWEST_DAYS == 2
    assert (noise_of(hours([5.0] * length), BUDGET) is not None) is is_enough


def test_hours_without_data_do_not_count() -> None:
    assert noise_of(hours([5.0, -inf] * 47), BUDGET) is None
    assert noise_of(hours([5.0, -inf] * 48), BUDGET) is not None


@pytest.mark.parametrize(
    ("level", "spread"),
    # Whole numbers are counts, which vary by 1 at least; others by a tenth.
    [(0.0, 1.0), (3.0, 1.0), (-3.0, 1.0), (500.0, 50.0), (0.3, 0.03), (-0.3, 0.03)],
)
def test_what_never_varied_may_vary(level: float, spread: float) -> None:
    assert known([level] * 100).spread == pytest.approx(spread)


def test_rounding_is_no_variation() -> None:
    # 0.1 + 0.2 is not 0.3, but not more than that either.
    assert known([0.3, 0.1 + 0.2] * 100).spread == pytest.approx(0.03)
    assert known([0.3, 0.1 + 0.2, 0.301] * 100).spread == pytest.approx(0.001, rel=0.5)


@st.composite
def noisy_hours(draw: st.DrawFn, days: int = 3) -> Floats:
    """Hours of several sorts of noise, in whole numbers; some days to a month of them."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.integers(24 * days, 720))
    kind = draw(st.sampled_from(["even", "heavy", "rare", "nightly"]))
    if kind == "even":
        return random.integers(0, 60, size).astype(np.float64)
    if kind == "heavy":
        return np.floor(random.lognormal(3, 1, size))
    if kind == "rare":
        return random.poisson(0.2, size).astype(np.float64)
    return np.where(np.arange(size) % 24 == 2, 60, 5) + random.integers(0, 9, size)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    levels=noisy_hours(),
    scale=st.sampled_from([0.125, 1.0, 4.0, 1024.0]),
    shift=st.integers(-500, 500),
)
def test_in_other_units_it_is_the_same_threshold(levels: Floats, scale: float, shift: int) -> None:
    # For levels that never vary this does not hold: there the unit says what varies at least.
    there = known(scale * (levels + shift)).beyond(BUDGET)
    assert there / scale - shift == pytest.approx(known(levels).beyond(BUDGET), rel=1e-9)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(levels=noisy_hours(days=10), place=st.integers(0, 239))
def test_how_high_a_single_spike_is_does_not_matter(levels: Floats, place: int) -> None:
    found = []
    for spike in (1e6, 1e12):
        column = levels.copy()
        column[place] = spike
        found.append(known(column))
    assert found[0] == found[1]
    assert found[0].top <= levels.max()


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    levels=noisy_hours(), budgets=st.tuples(st.floats(0.05, 30), st.floats(0.05, 30)).map(sorted)
)
def test_a_greater_budget_never_asks_for_a_higher_level(
    levels: Floats, budgets: list[float]
) -> None:
    less, more = (known(levels, budget).beyond(budget) for budget in budgets)
    assert more <= less * (1 + 1e-12)


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_more_of_the_same_history_never_asks_for_much_more(background: str) -> None:
    at = np.arange(14 * 288) / 288
    values = BACKGROUNDS[background](np.random.default_rng(5), at)
    once = HourlyMaxima.of(curve(values, interval=300))
    for times in (2, 6):
        more = HourlyMaxima(np.tile(once.maxima, times))
        first, later = (noise_of(found, BUDGET) for found in (once, more))
        assert first is not None
        assert later is not None
        # It is sooner less: that nothing higher came in so much more time is evidence.
        needed = first.beyond(BUDGET) - first.top
        assert later.beyond(BUDGET) - first.top <= 1.25 * needed


# Ten days of 10 and 11, then twelve peaks side by side, each two evaluations after the other.
JAGGED: Final = np.tile([10.0, 11.0], 1440)
JAGGED[1440:1464:2] = 100.0 + np.arange(12)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("is_strict", [True, False])
def test_a_jagged_peak_raises_the_threshold_until_the_budget_is_kept(
    sign: int, is_strict: bool
) -> None:
    jagged = curve(JAGGED, interval=300, sign=sign, is_strict=is_strict)
    noise = noise_of(HourlyMaxima.of(jagged), BUDGET)
    assert noise is not None
    # In ten days, 36 pages a month allow all twelve firings.
    assert sign * quiet_threshold(jagged, noise, 36.0) == pytest.approx(noise.beyond(36.0))
    # Two pages a month allow one: between the two highest of the peaks.
    found = quiet_threshold(jagged, noise, BUDGET)
    assert sign * found == 110.5
    assert jagged.firings([found]).tolist() == [1]


def test_an_alarm_that_is_on_for_lack_of_data_has_a_threshold_all_the_same() -> None:
    levels = np.tile([10.0, 11.0], 1440)
    levels[::50] = inf
    endless = curve(levels, interval=300)
    noise = noise_of(HourlyMaxima.of(endless), BUDGET)
    assert noise is not None
    # No threshold keeps to the budget, and no level is above the one beyond the noise: it is as
    # good as any, and said with a spread to spare.
    found = quiet_threshold(endless, noise, BUDGET)
    assert found == pytest.approx(noise.beyond(BUDGET) + noise.spread)


@settings(max_examples=100, deadline=None)
@given(
    levels=noisy_hours(),
    budgets=st.tuples(st.floats(0.05, 30), st.floats(0.05, 30)).map(sorted),
    sign=st.sampled_from([1, -1]),
    is_strict=st.booleans(),
)
def test_the_budget_is_kept_and_a_greater_one_hears_no_less(
    levels: Floats, budgets: list[float], sign: int, is_strict: bool
) -> None:
    one: Curve = curve(levels, interval=3600, sign=sign, is_strict=is_strict)
    heard = []
    for budget in budgets:
        threshold = quiet_threshold(one, known(levels, budget), budget)
        allowed = allowed_firings(budget, len(levels) / 720)
        assert one.firings([threshold])[0] <= allowed
        heard.append(int(one.seconds([threshold])[0]))
    assert heard[0] <= heard[1]


def test_a_rising_history_has_a_peak_a_day_too() -> None:
    # The highest hour is the last one; greedily from there, every 20 hours: 99, 79, 59, 39, 19.
    assert hours([float(hour) for hour in range(100)]).peaks().tolist() == [99, 79, 59, 39, 19]


def test_days_without_errors_are_days_of_history() -> None:
    # Two hours with errors in two days; where no data means that all is well, all of it is known.
    levels = np.full(48, -inf)
    levels[[5, 30]] = 3.0
    quiet = replace(hourly(levels), is_quiet_without_data=True)
    assert HourlyMaxima.of(quiet).days == 2
    assert HourlyMaxima.of(hourly(levels)).days == 2 / 24


def test_a_handful_of_hours_says_nothing_of_a_tail() -> None:
    for count, is_enough in ((10, False), (11, True)):
        levels = np.full(30 * 24, -inf)
        levels[np.arange(count) * 60] = 3.0
        quiet = HourlyMaxima.of(replace(hourly(levels), is_quiet_without_data=True))
        assert (noise_of(quiet, BUDGET) is not None) is is_enough
