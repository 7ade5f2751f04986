"""Thresholds that say what is wrong, which no history moves, and those of whole numbers."""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.rule import Comparison
from replay.choices import Wish
from replay.incidents import Incident
from replay.suggestion import ThresholdVerdict
from tests.replay.generated import START
from tests.replay.test_suggest import STEP, choice, quiet, suggested, with_incidents


def test_a_limit_is_not_raised() -> None:
    # Ten at a time: no look is long enough for 11, and 13.4 would be beyond the noise.
    values = quiet(pattern=(10,) * 10 + (12,) * 10)
    assert choice(suggested(11.0, values)) == (13.4, 1, 1)
    found = suggested(11.0, values, Wish(limit=11.0))
    assert (found.verdict, choice(found)) == (ThresholdVerdict.NONE_FITS, (11.0, 1, 1))
    assert "no threshold up to 11 keeps to 2 pages a month" in found.reasons[0]


def test_a_limit_of_a_falling_alarm_is_not_lowered() -> None:
    values = 20 - quiet()
    falling: dict[str, Any] = {"comparison": Comparison.AT_MOST}
    assert suggested(9.0, values, **falling).threshold < 9
    found = suggested(9.0, values, Wish(limit=9.0), **falling)
    assert (found.verdict, found.threshold) == (ThresholdVerdict.NONE_FITS, 9.0)
    assert "no threshold down to 9 keeps to 2" in found.reasons[0]


def test_a_limit_may_be_looked_at_for_longer() -> None:
    found = suggested(12.0, quiet(), Wish(limit=12.0))
    assert (found.verdict, choice(found)) == (ThresholdVerdict.CHANGE, (12.0, 5, 5))


def test_a_limit_that_catches_the_incidents_when_it_lasts_longer_stays() -> None:
    values, incidents = with_incidents()
    found = suggested(12.0, values, Wish(incidents=incidents, limit=12.0))
    assert choice(found) == (12.0, 5, 5)
    assert found.reasons[0] == "it would have caught the same 3 of 3 incidents"
    # The options are held to the limit too; halfway from 12 to the incidents' 40 is beyond it.
    assert [option.threshold for option in found.options] == [12.0]
    free = suggested(12.0, values, Wish(incidents=incidents))
    assert 26.0 in [option.threshold for option in free.options]


def test_a_limit_is_looked_at_no_longer_than_the_noise_asks_for() -> None:
    # Two in a row are 10 while nothing is wrong, as five are: with two the alarm is on sooner.
    values = quiet(pattern=(10, 10, 10, 12))
    values[3000:3006] = 40.0
    outage = Incident(START + STEP * 3000, START + STEP * 3006)
    found = suggested(12.0, values, Wish(incidents=(outage,), limit=12.0))
    assert choice(found) == (12.0, 2, 2)


def test_incidents_may_make_a_limit_more_sensitive() -> None:
    values, incidents = with_incidents()
    found = suggested(50.0, values, Wish(incidents=incidents, limit=50.0))
    assert choice(found) == (25.0, 5, 5)


@pytest.mark.parametrize(
    ("comparison", "threshold", "wanted"),
    [
        # Each hour goes up to 1 and never varies, so that its spread is 1, and the threshold
        # 1 + 1.1231 (see test_suggest): from 3 on, or above 2.
        (Comparison.AT_LEAST, 1.0, 3.0),
        (Comparison.ABOVE, 0.0, 2.0),
    ],
)
def test_thresholds_of_counts_are_whole(
    comparison: Comparison, threshold: float, wanted: float
) -> None:
    values = quiet(pattern=(0,) * 10 + (1,) * 10)
    found = suggested(threshold, values, Wish(is_whole=True), comparison=comparison)
    assert (found.verdict, choice(found)) == (ThresholdVerdict.CHANGE, (wanted, 1, 1))


def test_above_nothing_is_one_or_more() -> None:
    values = quiet(pattern=(0, 1, 0, 0))
    # Two in a row are always 0. With 8 pages a month, 15 days between two by noise are half of
    # the 30 of the history: beyond is (1.5^0.04 - 1) / 0.04 = 0.41, which 0 is not, and 1 is.
    wish = Wish(pages_per_month=8.0, limit=0.0, is_whole=True)
    found = suggested(0.0, values, wish, comparison=Comparison.ABOVE)
    assert (found.verdict, choice(found)) == (ThresholdVerdict.CHANGE, (0.0, 2, 2))
    assert "has to last longer" in found.reasons[1]
    assert found.validation is not None
    assert found.validation.firings == ()


@pytest.mark.parametrize(
    ("threshold", "sign", "is_strict", "wanted"),
    [
        (1.6, 1, False, 2.0),
        (1.6, 1, True, 1.0),
        (1.5, -1, False, 1.0),
        (1.5, -1, True, 2.0),
        (2.0, 1, True, 2.0),
        (2.0, -1, False, 2.0),
    ],
)
def test_the_whole_number_that_does_the_same(
    threshold: float, sign: int, is_strict: bool, wanted: float
) -> None:
    assert Wish(is_whole=True).whole(threshold, sign, is_strict=is_strict) == wanted
    assert Wish().whole(threshold, sign, is_strict=is_strict) == threshold
