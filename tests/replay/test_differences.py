"""A series less one number: which expressions are one, and what is known of its alarms at once."""

import random
from dataclasses import replace
from math import nan
from typing import Any, Final

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import Query
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.differences import Difference
from replay.ranges import Ranges, ranges_of
from tests.evaluation.alarms import START, timing
from tests.replay.alarms import histories
from tests.replay.test_whole_range import watching

Values = list[float | None]

# Minute 0 of the history is minute 0 of an hour.
ALSO: Final = {
    "e2": "2*(MINUTE(m1)<4) + 4*(MINUTE(m1)>=4)",
    "e3": "m1 * 10",
    "e4": "AVG(m1)",
    "e5": "MINUTE(m1)",
    "e6": "MINUTE(m1) + 0.5",
}


def ranges(
    expression: str, values: Values, *, first: int, last: int, step: int = 60, **fields: Any
) -> Ranges:
    """What an alarm looks at that is evaluated at some minutes; of one minute and two more."""
    definition = watching(expression, **fields)
    also = tuple(Query(id=id_, source=source) for id_, source in ALSO.items())
    definition = replace(definition, queries=(*definition.queries[:2], *also))
    of = histories(values, step=step)
    return ranges_of(definition, of, START + 60 * first, START + 60 * last)


def difference(expression: str, values: Values, **fields: Any) -> Difference | None:
    return ranges(expression, values, **({"first": 3, "last": 6} | fields)).plain


@pytest.mark.parametrize(
    ("expression", "less"),
    [
        # The minutes 0 to 2, 1 to 3, 2 to 4 and 3 to 5.
        ("m1 - AVG(m1)", [3, 4, 4.5, 3]),
        ("m1 - SUM(m1)", [9, 8, 9, 3]),
        ("m1 - MAX(m1)", [6, 6, 6, 3]),
        ("m1 - MIN(m1)", [1, 2, 3, 3]),
        ("m1 - 7", [7, 7, 7, 7]),
        ("m1 - (2 * AVG(m1) - MIN(m1))", [5, 6, 6, 3]),
        ("m1 - (AVG(m1) + MIN(m1))", [4, 6, 7.5, 6]),
        ("m1 - e4", [3, 4, 4.5, 3]),
        ("m1 - e4 * 2", [6, 8, 9, 6]),
        ("m1 - AVG(e3)", [30, 40, 45, 30]),
        # What is more than a number can be is none.
        ("m1 - MAX(m1) * 1e154 * 1e154", [nan, nan, nan, nan]),
    ],
)
def test_the_number_of_each_evaluation_by_hand(expression: str, less: list[float]) -> None:
    found = difference(expression, [1.0, 2.0, 6.0, None, 3.0, None])
    assert found is not None
    np.testing.assert_array_equal(found.less, less)
    # From the first evaluation's oldest minute on.
    np.testing.assert_array_equal(found.series, [1.0, 2.0, 6.0, nan, 3.0, nan])
    assert (found.newest, found.thresholds) == (None, None)


def test_where_there_are_no_data_there_is_no_number() -> None:
    for function in ("AVG", "SUM", "MAX", "MIN"):
        found = difference(f"m1 - {function}(m1)", [None] * 3 + [5.0])
        assert found is not None
        np.testing.assert_array_equal(found.less, [nan, 5.0, 5.0, 5.0])


def test_sums_are_rounded_once() -> None:
    # Ten times 0.1 is 1, but not when they are added one after the other.
    found = difference("m1 - SUM(m1)", [0.1] * 10, first=10, last=10, evaluation_periods=8)
    assert found is not None
    assert found.less.tolist() == [1.0]


@pytest.mark.parametrize(
    ("delay", "series"),
    [
        # Each minute's number, ten times the values, and the clock.
        (0, [10, 20, 60, nan, 30, nan]),
        # An evaluation two minutes later looks at the same.
        (120, [10, 20, 60, nan, 30, nan]),
    ],
)
def test_a_series_may_be_an_expression_of_each_period(delay: int, series: list[float]) -> None:
    values = [1.0, 2.0, 6.0, None, 3.0, None]
    late = {"first": 3 + delay // 60, "last": 6 + delay // 60, "known_timing": timing(2, delay)}
    found = difference("e3 - AVG(m1)", values, **late)
    assert found is not None
    np.testing.assert_array_equal(found.series, series)
    assert found.less.tolist() == [3, 4, 4.5, 3]
    by_the_clock = difference("e5 - AVG(m1)", [1.0] * 6, **late)
    assert by_the_clock is not None
    assert by_the_clock.series.tolist() == [0, 1, 2, 3, 4, 5]


NEWEST: Final = "(m1 - AVG(m1)) * (EPOCH(m1) > MAX(EPOCH(m1)) - {})"


@pytest.mark.parametrize(
    ("seconds", "period", "newest"),
    [
        (120, 60, 2),
        (121, 60, 3),
        (90, 60, 2),
        (60, 60, 1),
        (1, 60, 1),
        (300, 300, 1),
        (301, 300, 2),
    ],
)
def test_how_many_of_the_newest_periods_count(seconds: int, period: int, newest: int) -> None:
    found = difference(NEWEST.format(seconds), [1.0] * 40, period=period, first=20, last=21)
    assert found is not None
    assert (found.newest, found.thresholds) == (newest, None)


@pytest.mark.parametrize(
    ("id_", "thresholds"),
    [("e2", [2, 2, 2, 2, 4, 4]), ("e6", [0.5, 1.5, 2.5, 3.5, 4.5, 5.5])],
)
def test_the_threshold_of_each_period(id_: str, thresholds: list[float]) -> None:
    found = difference(f"{NEWEST.format(120)} / {id_}", [1.0] * 6)
    assert found is not None
    assert found.newest == 2
    assert found.thresholds is not None
    assert found.thresholds.tolist() == thresholds


@pytest.mark.parametrize(
    "expression",
    [
        "m1 + AVG(m1)",
        "AVG(m1) - m1",
        "m1 * 2 - AVG(m1)",
        "m1 - e3",
        "m1 - AVG(m1) / 2",
        "m1 - DATAPOINT_COUNT(m1)",
        "m1 - AVG([m1, e3])",
        # Thresholds of each period's own count for the newest periods alone, and are above 0.
        "(m1 - AVG(m1)) / e2",
        f"{NEWEST.format(120)} / e5",
        f"{NEWEST.format(120)} / 2",
        # What is none of the newest periods.
        "(m1 - AVG(m1)) * (EPOCH(m1) >= MAX(EPOCH(m1)) - 120)",
        "(m1 - AVG(m1)) * (EPOCH(m1) > MAX(EPOCH(m1)) + 120)",
        "(m1 - AVG(m1)) * (EPOCH(m1) > MAX(EPOCH(m1)))",
        "(m1 - AVG(m1)) * (EPOCH(m1) > MIN(EPOCH(m1)) - 120)",
        "(m1 - AVG(m1)) * (EPOCH(m1) > MAX(EPOCH(e3)) - 120)",
        "(m1 - AVG(m1)) * (MINUTE(m1) > MAX(MINUTE(m1)) - 120)",
        "(m1 - AVG(m1)) * (m1 > MAX(m1) - 120)",
        "(m1 - AVG(m1)) * (EPOCH(m1) > MAX(EPOCH(m1)) - AVG(m1))",
        "(m1 - AVG(m1)) * (EPOCH(m1) > MAX(EPOCH(m1)) - 0)",
        "(m1 - AVG(m1)) * 2",
    ],
)
def test_other_expressions_are_laid_out(expression: str) -> None:
    assert difference(expression, [1.0] * 6) is None


VALUES: Final[Values] = [5.0, 1.0, 4.0, 2.0, 8.0, 3.0]
GAP: Final[Values] = [5.0, 1.0, None, 2.0, 8.0, 3.0]
LOW: Final[Values] = [5.0, 1.0, 4.0, 0.0, 0.5, -2.0]
ONE: Final[Values] = [5.0, 1.0, 4.0, None, 8.0, 3.0]
OF_TWO: Final = "(m1 - 1) * (EPOCH(m1) > MAX(EPOCH(m1)) - 120)"
OLD: Final[Values] = [3.0, None, None, None, None, None]


# Three minutes count of the five that are looked at, at minute 5 and at minute 6.
@pytest.mark.parametrize(
    ("expression", "values", "m", "fields", "expected"),
    [
        # 4, 2 and 8, then 2, 8 and 3.
        ("m1 - 1", VALUES, 1, {}, [7, 7]),
        ("m1 - 1", VALUES, 2, {}, [3, 2]),
        ("m1 - 1", VALUES, 3, {}, [1, 1]),
        # The value that is low enough, negated.
        ("m1 - 1", VALUES, 1, {"comparison": Comparison.AT_MOST}, [-1, -1]),
        ("m1 - 1", VALUES, 2, {"comparison": Comparison.BELOW}, [-3, -2]),
        ("m1 - AVG(m1)", VALUES, 1, {}, [4, 8 - 3.6]),
        # Older datapoints stand in for missing ones: 1, 2 and 8. Where more than one has to
        # breach, that is looked at evaluation by evaluation.
        ("m1 - 1", GAP, 1, {}, [7, 7]),
        ("m1 - 1", GAP[:4], 1, {}, [4, 1]),
        ("m1 - 1", GAP, 2, {}, [None, None]),
        ("m1 - 1", [None, *GAP[1:5], 1.0], 2, {}, [None, None]),
        ("m1 - 1", [None, *VALUES[1:]], 2, {}, [None, 2]),
        ("m1 - 1", GAP, 1, {"treat_missing_data": MissingData.BREACHING}, [None, None]),
        ("m1 - 1", OLD, 1, {}, [2, None]),
        ("m1 - AVG(m1)", OLD, 1, {}, [0, None]),
        # Of the newest two minutes 2 and 8, then 8 and 3; the third one counts as 0.
        (OF_TWO, VALUES, 1, {}, [7, 7]),
        (OF_TWO, VALUES, 2, {}, [1, 2]),
        (OF_TWO, VALUES, 3, {}, [None, None]),
        # All of two have to breach, of which none is 0.
        (OF_TWO, VALUES, 2, {"evaluation_periods": 2}, [1, 2]),
        (OF_TWO, VALUES, 1, {"evaluation_periods": 1}, [7, 2]),
        (OF_TWO, VALUES, 1, {"comparison": Comparison.AT_MOST}, [0, 0]),
        # 0 and 0.5, then 0.5 and -2, which are less than 1: the 0 is the highest.
        (OF_TWO, LOW, 1, {}, [0, 0]),
        (OF_TWO, LOW, 2, {}, [None, None]),
        (OF_TWO, LOW, 2, {"evaluation_periods": 2}, [-1, -3]),
        (OF_TWO, LOW, 1, {"comparison": Comparison.AT_MOST}, [1, 3]),
        (OF_TWO, LOW, 2, {"comparison": Comparison.AT_MOST}, [0.5, 0.5]),
        # Of one minute nothing is known, which is a 0 too.
        (OF_TWO, ONE, 1, {}, [7, 7]),
        (OF_TWO, ONE, 2, {}, [0, 2]),
        (OF_TWO, ONE, 2, {"evaluation_periods": 2}, [None, 2]),
        (OF_TWO, [*ONE[:4], 0.5, 3.0], 1, {"evaluation_periods": 2}, [0, 2]),
        # In distances of 2 until minute 4 and of 4 from then on.
        (f"{OF_TWO} / e2", VALUES, 1, {}, [7 / 4, 7 / 4]),
        (f"{OF_TWO} / e2", VALUES, 2, {}, [1 / 2, 2 / 4]),
        (f"{OF_TWO} / e2", [5.0, 1.0, 4.0, 5.0, 8.0, 9.0], 2, {}, [7 / 4, 7 / 4]),
        (f"{OF_TWO} / e2", LOW, 1, {"comparison": Comparison.AT_MOST}, [1 / 2, 3 / 4]),
    ],
)
def test_the_highest_threshold_by_hand(
    expression: str, values: Values, m: int, fields: dict[str, Any], expected: list[float | None]
) -> None:
    given: dict[str, Any] = {"evaluation_periods": 3, "datapoints_to_alarm": m}
    given |= {"treat_missing_data": MissingData.NOT_BREACHING} | fields
    extra = timing(5 - given["evaluation_periods"], 0)
    one = ranges(expression, values, first=5, last=6, known_timing=extra, **given)
    assert one.plain is not None
    ranked, holds = one.plain.ranked(one.definition, one.frame)
    found = [float(level) if known else None for level, known in zip(ranked, holds, strict=True)]
    assert found == expected


def test_more_than_all_that_count_never_breach() -> None:
    one = ranges(OF_TWO, VALUES, first=5, last=6, evaluation_periods=3, datapoints_to_alarm=3)
    ranked, holds = one.ranked()
    np.testing.assert_array_equal(ranked, [nan, nan])
    assert holds.tolist() == [False, False]


def made(seed: int) -> tuple[Values, dict[str, Any]]:
    """A history of an hour, with or without gaps, and what an alarm on it looks at."""
    rng = random.Random(seed)
    some: Values = [0.0, 0.1, 0.2, 0.3, 0.7, 3.0]
    often = rng.choice([0, 0, 1, 6])
    values = [rng.choice(some + [None] * often) for _ in range(150)]
    n = rng.randint(1, 5)
    return values, {
        "period": rng.choice([60, 60, 120]),
        "comparison": rng.choice(list(Comparison)),
        "threshold": rng.choice([-0.1, 0.0, 0.1, 0.3]),
        "evaluation_periods": n,
        "datapoints_to_alarm": rng.randint(1, n),
        "treat_missing_data": rng.choice(list(MissingData)),
        "known_timing": timing(rng.randint(0, 3), rng.choice([0, 0, 120])),
    }


@pytest.mark.parametrize(
    "expression",
    [
        "m1 - AVG(m1)",
        "m1 - (2 * AVG(m1) - MIN(m1))",
        "e3 - MAX(m1)",
        NEWEST.format(120),
        NEWEST.format(240),
        f"{NEWEST.format(180)} / e2",
    ],
)
def test_what_is_known_at_once_is_what_laying_out_finds(expression: str) -> None:
    for seed in range(4):
        values, fields = made(seed)
        one = ranges(expression, values, first=20, last=150, **fields)
        assert one.plain is not None
        laid_out = replace(one, plain=None)
        np.testing.assert_array_equal(one.levels(), laid_out.levels())
        before = AlarmState.INSUFFICIENT_DATA
        np.testing.assert_array_equal(one.states(before), laid_out.states(before))


@pytest.mark.parametrize("expression", ["m1 - AVG(m1)", f"{NEWEST.format(1800)} / e2"])
def test_alarms_over_more_than_a_day_are_evaluated_once_an_hour(expression: str) -> None:
    rng = random.Random(1)
    values: Values = [rng.choice([0.1, 0.3, 0.7]) for _ in range(120)]
    # 97 quarters of an hour; an hour is four of them.
    fields = {"period": 900, "evaluation_periods": 97, "datapoints_to_alarm": 1}
    one = ranges(expression, values, first=60 * 26, last=60 * 30, step=900, **fields)
    assert (one.plain is not None, one.frame.every, len(one)) == (True, 4, 5)
    _, holds = one.ranked()
    assert holds.all()
    assert one.levels().tolist() == replace(one, plain=None).levels().tolist()
