"""The choices for one alarm, on levels that anybody can see through."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pytest

from replay.choices import MOfN, Wish
from replay.curve import Curve
from replay.history import Floats
from replay.incidents import Incident
from replay.search_space import SearchSpace
from replay.suggestion import Option
from tests.evaluation.alarms import START, alarm
from tests.replay.alarms import HOUR, hourly
from tests.replay.test_budget import option

QUIET: Final = np.tile([10.0, 11.0, 12.0, 11.0], 180)
"""Thirty days of an hour each.

The highest 30 hours are all 12, so that nothing is known of the spread but the least difference,
1, and nothing of the shape: three fifths of 0 and two fifths of the 0.1 assumed before are 0.04.
Noise is to take a quarter of two pages a month, one in 60 days, which is 3 times as rare as the
top: (3^0.04 - 1) / 0.04 = 1.1231 beyond it, or 13.1231.
"""


def with_levels(levels: Mapping[int, float], base: Floats = QUIET) -> Floats:
    """The same with other levels in some hours."""
    changed = base.copy()
    changed[list(levels)] = list(levels.values())
    return changed


def turned(levels: Floats, sign: int, *, is_strict: bool = False) -> Curve:
    return replace(hourly(levels), sign=sign, is_strict=is_strict)


def space(
    levels: Floats | Mapping[MOfN, Floats] = QUIET,
    *,
    sign: int = 1,
    is_strict: bool = False,
    **wished: Any,
) -> SearchSpace:
    of = levels if isinstance(levels, Mapping) else {(1, 1): levels}
    curves = {key: turned(column, sign, is_strict=is_strict) for key, column in of.items()}
    return SearchSpace(alarm(period=HOUR), curves, Wish(**wished))


def hour(number: int) -> Incident:
    """What was wrong at the end of one hour."""
    return Incident(START + HOUR * (number + 1), START + HOUR * (number + 1))


def test_what_is_known_of_an_alarm() -> None:
    incidents = (hour(5), Incident(START - 900, START - 600))
    one = space({(2, 3): QUIET, (1, 1): QUIET[:240]}, incidents=incidents, sign=-1)
    assert (one.keys, one.own, one.sign) == (((2, 3), (1, 1)), (2, 3), -1)
    assert (one.months, one.days, one.has_incidents) == (1.0, 30.0, True)
    assert not space(incidents=incidents[1:]).has_incidents


def test_what_a_threshold_would_have_done() -> None:
    # Every fourth hour is at 12, hour 6 among them: what is on in hour 5 goes on in it.
    levels = with_levels({5: 40.0, 718: 13.0})
    one = space({(2, 3): levels}, incidents=(hour(5), hour(718)))
    assert one.option((2, 3), 12.0) == Option(
        datapoints_to_alarm=2,
        evaluation_periods=3,
        threshold=12.0,
        pages_per_month=180.0,
        caught=2,
        incidents=2,
        delay=0.0,
        # The highest of what is noise is 12.
        margin=0.0,
        # The three hours after each incident belong to it, of which only 719 is left of the month.
        share_on=178 / 714,
    )


def thresholds(options: Sequence[Option | None]) -> list[float | None]:
    return [None if option is None else option.threshold for option in options]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("wished", "expected"),
    [
        # Tenths of the spread are the last digit that means anything.
        ({}, 13.2),
        ({"most": 100.0}, 13.2),
        # There must be room for as much again as the noise's spread, 1.
        ({"most": 14.13}, 13.2),
        ({"most": 14.12}, None),
        ({"limit": 13.2}, 13.2),
        # With as few digits as keep to the limit.
        ({"limit": 13.19}, 13.13),
        ({"limit": 13.129}, 13.124),
        ({"limit": 13.12}, None),
        # The limit lies in the fifth digit: as it is.
        ({"limit": 13.12312}, 13.1231),
        # Counts: from 14 on the alarm is on.
        ({"is_whole": True}, 14.0),
        ({"is_whole": True, "limit": 13.9}, None),
    ],
)
def test_the_threshold_beyond_the_noise(
    sign: int, wished: dict[str, Any], expected: float | None
) -> None:
    of_sign = {key: sign * value for key, value in wished.items() if key != "is_whole"}
    one = space(sign=sign, **(wished | of_sign))
    found = one.beyond_noise((1, 1))
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert found.threshold == pytest.approx(sign * expected, abs=1e-4)
        assert one.within_budget() == [found]
        assert found == one.option((1, 1), found.threshold)


def test_counts_that_must_exceed_a_threshold() -> None:
    # Above 13 is 14 and more.
    one = space(is_strict=True, is_whole=True)
    found = one.beyond_noise((1, 1))
    assert found is not None
    assert found.threshold == 13.0


@pytest.mark.parametrize(
    ("is_strict", "is_whole", "threshold", "expected"),
    [
        (False, False, 13.13, True),
        (False, False, 13.12, False),
        (True, False, 13.13, True),
        (True, False, 13.12, False),
        # Above 13 is 14 and more; from 13 on it is 13.
        (True, True, 13.0, True),
        (False, True, 13.0, False),
        (True, True, 12.9, False),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_what_is_beyond_the_noise(
    is_strict: bool, is_whole: bool, threshold: float, expected: bool, sign: int
) -> None:
    one = space(is_strict=is_strict, is_whole=is_whole, sign=sign)
    assert one.is_beyond_noise((1, 1), sign * threshold) is expected


def test_nothing_is_beyond_the_noise_of_a_short_history() -> None:
    short = space(QUIET[:40])
    assert short.beyond_noise((1, 1)) is None
    assert not short.is_beyond_noise((1, 1), 1e9)
    assert short.within_budget() == []


JAGGED: Final = {100 + at: level for at, level in enumerate([50.0, 10.0, 60.0, 10.0, 70.0])}


def test_what_keeps_to_the_budget_at_once_comes_first() -> None:
    # A jagged peak fires three times, and the budget allows two: between 50 and 60.
    found = space({(1, 1): with_levels(JAGGED), (2, 2): QUIET}).within_budget()
    assert [(o.datapoints_to_alarm, o.threshold, o.pages_per_month) for o in found] == [
        (2, 13.2, 0.0),
        (1, 55.0, 2.0),
    ]
    # Beyond 58 the metric cannot go with a spread to spare, and beyond 52 not at all.
    assert thresholds(space(with_levels(JAGGED), most=58.0).within_budget()) == [55.0]
    assert thresholds(space(with_levels(JAGGED), most=54.0).within_budget()) == []


@pytest.mark.parametrize("sign", [1, -1])
def test_thresholds_against_incidents(sign: int) -> None:
    levels = with_levels({100: 40.0, 300: 30.0})
    incidents = (hour(100), hour(300))
    one = space({(1, 1): levels, (2, 2): QUIET}, incidents=incidents, sign=sign)
    # The middle of 40 and 30, of 30 and 12. With two of two, two more hours belong to each
    # incident, which go up to 12 like every fourth hour: between that and 11.
    assert thresholds(one.against_incidents()) == [sign * each for each in (35.0, 21.0, 11.5)]
    # The limit is weighed for each of them, and what is beyond it is not.
    limited = SearchSpace(
        alarm(period=HOUR),
        {(1, 1): turned(levels, sign), (2, 2): turned(QUIET, sign)},
        replace(one.wish, limit=sign * 22.0),
    )
    found = thresholds(limited.against_incidents())
    assert found == [sign * each for each in (21.0, 11.5, 22.0, 22.0)]
    assert thresholds(
        space(levels, incidents=incidents, sign=sign, most=sign * 30.0).against_incidents()
    ) == [sign * 21.0]


def test_the_best_keeps_to_the_budget_and_catches_something() -> None:
    # A month: two pages are allowed beside those that incidents are worth.
    one = space()
    good, costly = option(caught=1, pages_per_month=3.0), option(caught=2, pages_per_month=5.0)
    assert one.best([costly, good]) == good
    assert one.keeps_to_budget(good)
    assert not one.keeps_to_budget(costly)
    assert one.best([costly]) is None
    assert one.best([option(caught=0)]) is None
    assert one.best([]) is None
