"""What is said of an alarm, word for word, on levels that anybody can see through."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.units import Unit
from replay.choices import MOfN, Wish
from replay.history import Floats
from replay.suggest import suggest
from replay.suggestion import Suggestion
from tests.evaluation.alarms import alarm
from tests.replay.alarms import HOUR
from tests.replay.test_search_space import JAGGED, QUIET, hour, turned, with_levels

INCIDENTS: Final = {100: 40.0, 300: 40.0, 500: 40.0}
KNOWN: Final = tuple(map(hour, INCIDENTS))


def suggested(
    threshold: float, curves: Mapping[MOfN, Floats], sign: int = 1, **wished: Any
) -> Suggestion:
    m, n = next(iter(curves))
    definition = alarm(
        period=HOUR, threshold=threshold, datapoints_to_alarm=m, evaluation_periods=n
    )
    of = {key: turned(levels, sign) for key, levels in curves.items()}
    return suggest(definition, of, Wish(**wished))


def said(*args: Any, **wished: Any) -> tuple[str, float, int, int, list[str], list[float]]:
    found = suggested(*args, **wished)
    return (
        found.verdict.value,
        found.threshold,
        found.datapoints_to_alarm,
        found.evaluation_periods,
        list(found.reasons),
        [option.threshold for option in found.options],
    )


def test_an_alarm_that_does_no_harm() -> None:
    own: dict[MOfN, Floats] = {(1, 1): QUIET}
    assert said(50.0, own, unit=Unit.PERCENT) == (
        "keep",
        50.0,
        1,
        1,
        [
            "it never fired, and no incident says that it should be more sensitive",
            "a threshold of 13.2 % would be beyond what is usual too",
        ],
        [13.2],
    )
    # What would be beyond what is usual is no farther away.
    assert said(13.2, own)[4] == [
        "it never fired, and no incident says that it should be more sensitive"
    ]
    assert said(-50.0, own, -1)[4][1] == "a threshold of -13.2 would be beyond what is usual too"
    # Twice in a month are within the budget.
    assert said(30.0, {(1, 1): with_levels({100: 40.0, 300: 40.0})})[4][0] == (
        "it fired 2.0 times a month, within the page budget, and no incident says that it should "
        "be more sensitive"
    )


def test_an_alarm_that_fires_too_often() -> None:
    # At 12 it fires every fourth hour. With two of two it goes up to 11 alone.
    own, longer = QUIET, np.minimum(QUIET, 11.0)
    assert said(12.0, {(1, 1): own}) == (
        "change",
        13.2,
        1,
        1,
        [
            "0.0 pages a month instead of 180.0",
            "13.2 in 1 of 1 is beyond what is usual, so far that noise alone should hardly reach "
            "it",
        ],
        [13.2],
    )
    # The highest 30 hours are 11, of 540: 11 and a spread of 1, as before.
    assert said(12.5, {(1, 1): with_levels(JAGGED), (2, 2): longer}) == (
        "change",
        12.5,
        2,
        2,
        [
            "0.0 pages a month instead of 3.0",
            "the same threshold is beyond what is usual when it has to last longer",
        ],
        [12.2, 55.0],
    )
    # At 11 it is on three hours of four.
    assert said(11.0, {(1, 1): own})[4][0] == (
        "0.0 pages a month instead of 180.0 and being on 75% of the time"
    )


@pytest.mark.parametrize(
    ("sign", "threshold", "wished", "expected"),
    [
        (1, 12.0, {"most": 12.5}, "fires 180.0 times a month, and no threshold below 12.5 % keeps"),
        (
            -1,
            -12.0,
            {"most": -12.5},
            "fires 180.0 times a month, and no threshold above -12.5 % keeps",
        ),
        (
            1,
            12.0,
            {"limit": 12.5},
            "fires 180.0 times a month, and no threshold up to 12.5 % keeps",
        ),
        (
            -1,
            -12.0,
            {"limit": -12.5, "most": -99.0},
            "fires 180.0 times a month, and no threshold down to -12.5 % keeps",
        ),
        (1, 11.0, {"limit": 12.5}, "is on 75% of the time, and no threshold up to 12.5 % keeps"),
    ],
)
def test_nothing_fits(sign: int, threshold: float, wished: dict[str, Any], expected: str) -> None:
    found = said(threshold, {(1, 1): QUIET}, sign, unit=Unit.PERCENT, pages_per_month=0.5, **wished)
    why = f"it {expected} to 0.5 pages a month: look at what it watches"
    assert found == ("none fits", threshold, 1, 1, [why], [])


def test_known_incidents() -> None:
    levels = {(1, 1): with_levels(INCIDENTS)}
    # Below the middle of 40 and 12 it catches all of them and nothing else.
    assert said(50.0, levels, incidents=KNOWN) == (
        "change",
        26.0,
        1,
        1,
        [
            "it would have caught 3 of 3 incidents instead of 0",
            "3.0 pages a month instead of 0.0",
        ],
        [50.0, 26.0],
    )
    assert said(30.0, levels, incidents=KNOWN) == (
        "keep",
        30.0,
        1,
        1,
        ["it caught 3 of 3 incidents within the page budget; nothing caught more"],
        # As good as 26, and farther from the noise.
        [30.0],
    )


def test_an_alarm_that_is_on_most_of_the_time_is_no_choice() -> None:
    # At 10.5 it is on three hours of four, but for the incidents, each of which joins two of its
    # 180 firings.
    assert said(10.5, {(1, 1): with_levels(INCIDENTS)}, incidents=KNOWN) == (
        "change",
        26.0,
        1,
        1,
        [
            "it would have caught the same 3 of 3 incidents",
            "3.0 pages a month instead of 177.0 and being on 75% of the time",
        ],
        [26.0],
    )


def test_what_an_alarm_caught_is_said_where_nothing_fits() -> None:
    assert said(12.0, {(1, 1): QUIET}, incidents=(USUAL,), most=12.5) == (
        "none fits",
        12.0,
        1,
        1,
        [
            "it caught 1 of 1 incidents, fires 180.0 times a month, and no threshold below 12.5 "
            "keeps to 2 pages a month: look at what it watches"
        ],
        [],
    )


def test_of_equally_long_looks_the_one_farther_from_the_noise() -> None:
    # Two of three go up to 11 and three of three up to 10, and a longer look to less.
    curves = {
        (1, 1): with_levels(JAGGED),
        (2, 3): np.minimum(QUIET, 11.0),
        (3, 3): np.minimum(QUIET, 10.0),
        (5, 5): np.minimum(QUIET, 5.0),
    }
    assert said(12.5, curves)[:4] == ("change", 12.5, 3, 3)
    del curves[3, 3]
    assert said(12.5, curves)[:4] == ("change", 12.5, 2, 3)


def test_what_pages_less_and_catches_as_much_is_said() -> None:
    levels = {(1, 1): with_levels(INCIDENTS | {200: 35.0})}
    assert said(30.0, levels, incidents=KNOWN) == (
        "keep",
        30.0,
        1,
        1,
        [
            "it caught 3 of 3 incidents within the page budget; nothing caught more",
            "37.5 in 1 of 1 would have caught as many with 3.0 pages a month instead of 4.0",
        ],
        [37.5],
    )


# An hour at 12, as every fourth is.
USUAL: Final = hour(602)


def test_what_more_pages_would_have_caught_is_said() -> None:
    levels = {(1, 1): with_levels(INCIDENTS)}
    assert said(50.0, levels, incidents=(*KNOWN, USUAL)) == (
        "change",
        26.0,
        1,
        1,
        [
            "it would have caught 3 of 4 incidents instead of 0",
            "3.0 pages a month instead of 0.0",
            "183.0 pages a month would have caught 4 of 4 incidents",
        ],
        [50.0, 26.0, 11.5],
    )


@pytest.mark.parametrize(
    ("incidents", "quieter", "options"),
    [
        ((*KNOWN, USUAL), "26 in 1 of 1 would page 3.0 times a month and have caught 3", [26, 12]),
        # Of the usual one alone nothing within the budget is known but what noise does not reach:
        # 1.12 beyond 40, in tenths.
        ((USUAL,), "41.2 in 1 of 1 would page 0.0 times a month and have caught 0", [41.2]),
    ],
)
def test_known_incidents_are_not_traded(
    incidents: tuple[Any, ...], quieter: str, options: list[float]
) -> None:
    found = said(12.0, {(1, 1): with_levels(INCIDENTS)}, incidents=incidents)
    count = len(incidents)
    assert found == (
        "keep",
        12.0,
        1,
        1,
        [
            f"it caught {count} of {count} incidents and fires 183.0 times a month, beyond the "
            "page budget; no choice within it catches as many",
            f"yours to decide: {quieter}",
        ],
        options,
    )


def test_incidents_like_any_other_hour() -> None:
    # An hour at 11 and the next one at 10: on at 10.5 is on three hours of four.
    assert said(50.0, {(1, 1): QUIET}, incidents=(hour(603),)) == (
        "keep",
        50.0,
        1,
        1,
        ["it caught 0 of 1 incidents; no threshold tells them from the noise"],
        [50.0],
    )


def test_the_same_threshold_for_longer_catches_the_same() -> None:
    jagged, longer = with_levels(INCIDENTS | JAGGED_LATER), with_levels(INCIDENTS)
    found = said(30.0, {(1, 1): jagged, (2, 2): longer}, incidents=KNOWN)
    assert found[:5] == (
        "change",
        30.0,
        2,
        2,
        [
            "it would have caught the same 3 of 3 incidents",
            "3.0 pages a month instead of 6.0",
        ],
    )


JAGGED_LATER: Final = {level + 100: height for level, height in JAGGED.items()}


def test_a_short_history() -> None:
    # Thirteen highest hours of 312 weigh 13/33 against the 0.1 assumed before: 0.0606. 60 days in
    # 13 are 5.615 times as rare: (5.615^0.0606 - 1) / 0.0606 = 1.819 beyond 12, in tenths.
    needed = "a suggestion needs 14, so that every day of the week has been seen twice"
    assert said(12.0, {(1, 1): QUIET[:312]}) == (
        "not enough history",
        12.0,
        1,
        1,
        [f"13.0 days of history, and {needed}; what there is would say 13.9"],
        [13.9],
    )
    assert said(12.0, {(1, 1): QUIET[:36]})[4:] == ([f"1.5 days of history, and {needed}"], [])


def test_how_often_it_may_page_at_most() -> None:
    # None in 30 days: at 95 % fewer than -ln(0.05) = 2.996. Of what was learnt from the history
    # only the days count that it was not learnt from: the first midnight UTC after 14 days comes
    # 350 hours after the start at 10:00, and leaves 370.
    kept, changed = suggested(50.0, {(1, 1): QUIET}), suggested(12.0, {(1, 1): QUIET})
    assert kept.most_pages_per_month == pytest.approx(2.996, abs=1e-3)
    assert changed.validation is not None
    assert changed.validation.firings == ()
    assert changed.most_pages_per_month == pytest.approx(2.996 * 720 / 370, abs=1e-2)
    # Nothing is known of any time.
    nothing = suggested(12.0, {(1, 1): np.full(720, -np.inf)})
    assert (nothing.most_pages_per_month, nothing.validation) == (None, None)
