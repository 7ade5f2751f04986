"""Thresholds weighed against incidents, by hand and by what must hold for any of them."""

from collections.abc import Sequence
from math import inf
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.budget import keeps_to_budget
from replay.incidents import Incident
from replay.suggestion import Option
from replay.weighing import Weighed, best_within, pareto_front
from tests.evaluation.alarms import START
from tests.replay.alarms import curve, hourly
from tests.replay.test_budget import option


def after(minute: int) -> int:
    return START + 60 * minute


# A level after each minute; what was wrong is in the minutes 3 to 4, 7 and 9.
LEVELS: Final = [1.0, 2.0, 9.0, 8.0, 1.0, 4.0, 6.0, 1.0, 3.0, 2.0]
WRONG: Final = [
    Incident(after(9), after(9)),
    Incident(after(3), after(4)),
    Incident(after(7), after(7)),
]


def weighed(
    incidents: Sequence[Incident] = WRONG, levels: Sequence[float] = LEVELS, *, grace: int = 0
) -> Weighed:
    return Weighed.of((1, 1), curve(levels), incidents, grace, 2.0)


def test_what_is_quiet() -> None:
    assert (np.flatnonzero(~weighed().quiet) + 1).tolist() == [3, 4, 7, 9]


@pytest.mark.parametrize("sign", [1, -1])
def test_options_by_hand(sign: int) -> None:
    # Quiet levels are 1, 2, 4; the incidents reach 9, 6 and 3. One threshold lies in the middle
    # of 9 and 6, one of 6 and the 4 in a quiet minute, one of 3 and the 2 in a quiet minute.
    one = Weighed.of((1, 1), curve(LEVELS, sign=sign), WRONG, 0, 2.0)
    options = one.options()
    assert [found.threshold for found in options] == [sign * 7.5, sign * 5.0, sign * 2.5]
    assert [(found.caught, found.incidents) for found in options] == [(1, 3), (2, 3), (3, 3)]
    # At 2.5 the alarm is on in the minutes 3 to 4, 6 to 7, and 9.
    firings = [round(found.pages_per_month * 10 / 43_200) for found in options]
    assert firings == [1, 2, 3]
    # It is on in minute 6 of the six quiet ones alone.
    assert [found.share_on for found in options] == [0, 0, 1 / 6]


def test_time_of_which_nothing_is_known_makes_nothing_seem_quieter() -> None:
    # As long again without data in the middle: the same firings in the same known ten minutes.
    gap = [*LEVELS[:5], *[-inf] * 10, *LEVELS[5:]]
    later = [Incident(after(19), after(19)), WRONG[1], Incident(after(17), after(17))]
    whole, with_gap = weighed().option(2.5), weighed(later, gap).option(2.5)
    assert with_gap.pages_per_month == whole.pages_per_month == 3 / (10 / 43_200)
    assert with_gap.share_on == whole.share_on == 1 / 6
    assert with_gap.caught == whole.caught == 3


def test_without_any_data_nothing_is_said() -> None:
    nothing = weighed([], [-inf] * 10).option(2.5)
    assert (nothing.pages_per_month, nothing.share_on) == (0.0, 0.0)


def test_the_delay_is_the_median_of_those_that_are_caught() -> None:
    slow = Incident(after(2), after(4))
    late = Incident(after(5), after(7))
    one = weighed([slow, late])
    # On from minute 3, which is a minute late, and in minute 7, which is two minutes late.
    assert one.option(5.0).delay == 90
    assert one.option(7.0).delay == 60
    assert one.option(10.0).delay is None


def test_what_fires_within_the_grace_belongs_to_the_incident() -> None:
    early = [Incident(after(1), after(2))]
    assert weighed(early).option(5.0).caught == 0
    found = weighed(early, grace=60)
    assert found.option(5.0).caught == 1
    assert (np.flatnonzero(~found.quiet) + 1).tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    "incidents",
    [
        [],
        [Incident(START - 900, START - 600)],
        [Incident(after(11), after(20))],
        [Incident(after(5) + 1, after(5) + 59)],
    ],
)
def test_incidents_that_no_evaluation_saw(incidents: list[Incident]) -> None:
    found = weighed(incidents)
    assert (found.incidents, found.options()) == ((), [])
    assert found.quiet.all()
    assert (found.option(5.0).caught, found.option(5.0).incidents) == (0, 0)


def test_an_incident_without_data_is_caught_where_missing_data_breaches() -> None:
    levels = [1.0, 2.0, inf, inf, 1.0, 4.0, 6.0, 1.0, 3.0, 2.0]
    one = weighed(levels=levels)
    # At any threshold; so the thresholds to weigh are those of the other two.
    assert [found.threshold for found in one.options()] == [5.0, 2.5]
    assert [found.caught for found in one.options()] == [2, 3]
    silent = weighed(WRONG[1:2], levels)
    assert silent.options() == []
    assert (silent.option(1e9).caught, silent.option(1e9).incidents) == (1, 1)


def test_an_incident_without_data_is_none_where_it_does_not() -> None:
    levels = [1.0, 2.0, -inf, -inf, 1.0, 4.0, 6.0, 1.0, 3.0, 2.0]
    one = weighed(levels=levels)
    assert {found.incidents for found in one.options()} == {2}


def test_an_incident_below_everything_else() -> None:
    # The levels in it are lower than any other: a threshold there is on all the time.
    levels = [5.0, 6.0, 0.5, 0.5, 5.0, 6.0, 5.0, 6.0, 5.0, 6.0]
    (found,) = weighed(WRONG[1:2], levels).options()
    assert (found.threshold, found.caught, found.share_on) == (0.5, 1, 1.0)
    assert not keeps_to_budget(found, 2.0, 3.0)


def test_the_noise_is_that_of_the_quiet_hours() -> None:
    levels = [10.0, 11.0, 12.0] * 40
    levels[50] = 99.0
    wrong = Incident(START + 51 * 3600, START + 51 * 3600)
    one = Weighed.of((1, 1), hourly(levels), [wrong], 0, 2.0)
    assert one.noise is not None
    assert (one.noise.top, one.noise.days) == (12.0, 119 / 24)
    assert one.option(one.noise.top + 2 * one.noise.spread).margin == pytest.approx(2)
    assert one.beyond_noise() == one.noise.beyond(2.0)
    assert weighed().beyond_noise() is None
    assert weighed().within_budget() is None
    # With too little history nobody knows how far a threshold is from the noise.
    assert weighed().option(5.0).margin == 0


# Forty days of 10, 11, 12, and one day on which a peak goes up and down four times.
JAGGED: Final = [50.0, 10.0, 60.0, 10.0, 70.0, 10.0, 80.0]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_jagged_peak_raises_the_threshold_to_the_budget(sign: int) -> None:
    levels = [10.0, 11.0, 12.0] * 320
    levels[480:487] = JAGGED
    one = Weighed.of((1, 1), curve(levels, interval=3600, sign=sign), [], 0, 2.0)
    beyond, within = one.beyond_noise(), one.within_budget()
    assert beyond is not None
    assert 12 < sign * beyond < 50
    # 2 pages a month are 3 in 40 days; just beyond the noise the peak would have paged 4 times.
    # From 50 on, which only the first of the four does not exceed, it is 3: the middle to 60.
    assert [one.option(at).pages_per_month * 4 / 3 for at in (beyond, sign * 55.0)] == [4.0, 3.0]
    assert within == sign * 55.0


def test_a_threshold_that_keeps_to_the_budget_is_not_raised() -> None:
    levels = [10.0, 11.0, 12.0] * 320
    levels[480:485] = JAGGED[:5]
    one = Weighed.of((1, 1), hourly(levels), [], 0, 2.0)
    assert one.beyond_noise() is not None
    assert one.within_budget() == one.beyond_noise()


OPTIONS: Final = st.lists(
    st.builds(
        option,
        pages_per_month=st.sampled_from([0.0, 1.0, 2.0, 5.0, 30.0]),
        caught=st.integers(0, 3),
        delay=st.sampled_from([None, 0.0, 60.0, 300.0]),
        margin=st.sampled_from([-1.0, 0.0, 2.0]),
        datapoints_to_alarm=st.integers(1, 3),
        evaluation_periods=st.integers(3, 5),
    ),
    max_size=12,
)


def is_no_worse(one: Option, other: Option) -> bool:
    def slow(this: Option) -> float:
        return inf if this.delay is None else this.delay

    return (
        one.pages_per_month <= other.pages_per_month
        and one.caught >= other.caught
        and slow(one) <= slow(other)
    )


@settings(max_examples=200, deadline=None)
@given(OPTIONS)
def test_the_pareto_front_has_no_dominated_option_and_lacks_no_other(options: list[Option]) -> None:
    front = pareto_front(options)
    assert set(front) <= set(options)
    for one in front:
        assert not any(is_no_worse(other, one) for other in front if other is not one)
    # Whatever was left out has something in the front that is as good in every respect.
    assert all(any(is_no_worse(one, other) for one in front) for other in options)


def test_of_equal_options_the_front_has_the_one_with_the_widest_margin() -> None:
    narrow, wide = option(margin=1.0), option(margin=2.0)
    steadier = option(margin=2.0, datapoints_to_alarm=3, evaluation_periods=3)
    assert pareto_front([narrow, wide]) == (wide,)
    assert pareto_front([narrow, steadier, wide]) == (steadier,)


def test_the_front_by_hand() -> None:
    cheap = option(pages_per_month=1.0, caught=1, delay=300.0)
    worse = option(pages_per_month=2.0, caught=1, delay=300.0)
    sooner = option(pages_per_month=2.0, caught=1, delay=60.0)
    all_of_them = option(pages_per_month=9.0, caught=3, delay=600.0)
    assert pareto_front([all_of_them, worse, sooner, cheap]) == (cheap, sooner, all_of_them)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        # What is caught counts first, then the margin, then how steady it is, then the delay.
        ({"caught": 2}, {"caught": 1, "margin": 9.0, "delay": 0.0}),
        ({"margin": 2.0}, {"margin": 1.0, "datapoints_to_alarm": 3, "evaluation_periods": 3}),
        ({"datapoints_to_alarm": 3, "evaluation_periods": 5}, {"delay": 0.0}),
        # Margins are compared in steps of half a spread.
        ({"margin": 1.1, "datapoints_to_alarm": 2, "evaluation_periods": 3}, {"margin": 1.2}),
        ({"delay": 60.0}, {"delay": 120.0, "pages_per_month": 0.1}),
        ({"pages_per_month": 0.1}, {"pages_per_month": 0.2}),
    ],
)
def test_the_best_option(better: dict[str, Any], worse: dict[str, Any]) -> None:
    given: dict[str, Any] = {"caught": 1, "incidents": 3, "delay": 300.0, "pages_per_month": 0.3}
    one, other = option(**(given | better)), option(**(given | worse))
    assert best_within([one, other], 2.0, 3.0) == best_within([other, one], 2.0, 3.0) == one


def test_what_does_not_keep_to_the_budget_is_not_the_best() -> None:
    noisy = option(caught=3, pages_per_month=50.0)
    quiet = option(caught=1, pages_per_month=1.0)
    assert best_within([noisy, quiet], 2.0, 3.0) == quiet
    assert best_within([noisy], 2.0, 3.0) is None
    assert best_within([], 2.0, 3.0) is None


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10_000), budget=st.floats(0.1, 20))
def test_options_do_what_they_say(seed: int, budget: float) -> None:
    random = np.random.default_rng(seed)
    levels = np.round(random.normal(10, 3, 200), 1)
    starts = random.choice(190, 3, replace=False)
    incidents = [Incident(after(int(at)), after(int(at) + 5)) for at in starts]
    one = Weighed.of((1, 1), curve(levels), incidents, 60, budget)
    options = one.options()
    assert [o.caught for o in options] == sorted(o.caught for o in options)
    assert max(o.caught for o in options) == 3
    for found in options:
        assert round(found.pages_per_month * 200 / 43_200) == one.curve.firings([found.threshold])
        on = one.curve.is_on(found.threshold)
        assert found.share_on == np.count_nonzero(on & one.quiet) / np.count_nonzero(one.quiet)
