"""From when to when evaluations may see enough breaching records, given which they are."""

from typing import Any, Final

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.rule import MissingData
from replay.breaching import enough
from replay.history import MetricHistory
from tests.evaluation.alarms import START, alarm, timing
from tests.replay.alarms import history, statistic_sets


def stretches(definition: AlarmDefinition, of: MetricHistory, rows: list[int]) -> list[Any]:
    """From when to when, in minutes."""
    begins, ends = enough(definition, of, np.array(rows, dtype=np.int64))
    pairs = zip((begins - START) // 60, (ends - START) // 60, strict=True)
    return [(int(first), int(last)) for first, last in pairs]


WHOLE: Final = history([0.0] * 100)


@pytest.mark.parametrize(
    ("m", "n", "rows", "expected"),
    [
        # An evaluation sees a minute for as long as N + 2 minutes reach back to its start.
        (1, 1, [], []),
        (1, 1, [50, 60], [(50, 53), (60, 63)]),
        (1, 3, [50], [(50, 55)]),
        # The second of two that lie within three minutes, until the first is out of sight.
        (2, 3, [50], []),
        (2, 3, [50, 51], [(51, 55)]),
        (2, 3, [50, 52], [(52, 55)]),
        (2, 3, [50, 53], []),
        (2, 3, [50, 52, 54, 60, 61], [(52, 55), (54, 57), (61, 65)]),
        (3, 3, [50, 51, 52], [(52, 55)]),
        (3, 5, [50, 51, 54, 56], [(54, 57)]),
    ],
)
def test_evaluations_that_see_enough_breaching_minutes(
    m: int, n: int, rows: list[int], expected: list[Any]
) -> None:
    definition = alarm(
        datapoints_to_alarm=m, evaluation_periods=n, treat_missing_data=MissingData.NOT_BREACHING
    )
    assert stretches(definition, WHOLE, rows) == expected


def test_longer_windows_hold_more_records() -> None:
    # 2 of 3 of five minutes each, of the five that an evaluation looks at: 15 records on from the
    # first one is too far, and 25 minutes from its start on it is out of sight.
    definition = alarm(
        period=300,
        datapoints_to_alarm=2,
        evaluation_periods=3,
        treat_missing_data=MissingData.NOT_BREACHING,
    )
    assert stretches(definition, WHOLE, [50, 64]) == [(64, 75)]
    assert stretches(definition, WHOLE, [50, 65]) == []
    # Records that share a time may be any number; those within 25 minutes count.
    shared = statistic_sets([(60 * minute, 1, 0, 0, 0) for minute in (0, *range(40))])
    assert stretches(definition, shared, [1, 26]) == [(25, 25)]
    assert stretches(definition, shared, [1, 27]) == []


def test_late_data_are_seen_later() -> None:
    definition = alarm(treat_missing_data=MissingData.BREACHING, known_timing=timing(2, 120))
    # Two minutes late, and three are looked at.
    assert stretches(definition, WHOLE, [50]) == [(50, 55)]
    assert stretches(alarm(evaluation_periods=2, known_timing=timing(2, 120)), WHOLE, [50, 51]) == [
        (51, 56)
    ]


@pytest.mark.parametrize(
    ("missing", "rows", "two", "alone"),
    [
        # 2 of 3 minutes must breach. Of a range of five minutes that holds one datapoint, that
        # one decides: minute 50 is alone from 49 to the sixth minute on.
        ({51, 52, 53}, [50], [], []),
        ({51, 52, 53, 54}, [50], [], [(50, 55)]),
        ({48, 49, 51, 52}, [50], [], [(50, 55)]),
        ({48, 49, 51}, [50], [], []),
        # Two datapoints are enough anyway, unless they are too far apart.
        ({52, 53, 54, 55}, [50, 51], [(51, 55)], [(51, 56)]),
        # Minute 50 goes out of sight when 55 comes: at minute 55 either may be there.
        ({51, 52, 53, 54}, [50, 55], [(55, 55)], [(50, 55), (55, 60)]),
        ({51, 52, 53, 54, 55}, [50, 56], [], [(50, 55), (56, 61)]),
    ],
)
def test_one_breaching_minute_is_enough_where_there_is_no_other(
    missing: set[int], rows: list[int], two: list[Any], alone: list[Any]
) -> None:
    of = history([None if minute in missing else 0.0 for minute in range(100)])
    places = [row - sum(gone < row for gone in missing) for row in rows]
    fields: dict[str, Any] = {"datapoints_to_alarm": 2, "evaluation_periods": 3}
    for treatment in (MissingData.MISSING, MissingData.IGNORE):
        definition = alarm(treat_missing_data=treatment, **fields)
        assert stretches(definition, of, places) == two + alone
    # Otherwise missing data count as well, and one is one of two.
    for treatment in (MissingData.BREACHING, MissingData.NOT_BREACHING):
        definition = alarm(treat_missing_data=treatment, **fields)
        assert stretches(definition, of, places) == two


@pytest.mark.parametrize(
    ("m", "n", "rows", "expected"),
    [
        # The first record may be alone, and the last one; with M = 3 the last two may be all.
        (2, 3, [0], [(0, 5)]),
        (2, 3, [1], []),
        (2, 3, [99], [(99, 104)]),
        (2, 3, [98], []),
        (3, 3, [98], [(98, 103)]),
        (3, 3, [98, 99], [(98, 103), (99, 104)]),
        (3, 3, [97], []),
        # One that breaches is enough anyway.
        (1, 3, [0], [(0, 5)]),
    ],
)
def test_at_the_ends_of_a_history_there_are_few_datapoints(
    m: int, n: int, rows: list[int], expected: list[Any]
) -> None:
    definition = alarm(datapoints_to_alarm=m, evaluation_periods=n)
    assert stretches(definition, WHOLE, rows) == expected


def test_all_that_breach_may_be_alone_where_any_number_share_a_time() -> None:
    shared = statistic_sets([(60 * minute, 1, 0, 0, 0) for minute in (0, *range(40))])
    definition = alarm("Average", datapoints_to_alarm=2, evaluation_periods=3)
    assert stretches(definition, shared, [20]) == [(19, 24)]


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        # Of 2 of 2 windows of two minutes, four are looked at: eight minutes, which must lie
        # between the newest record before the oldest window and the second one after its record.
        # They are minutes 48 and 52 where no minute is missing.
        (range(0), []),
        (range(51, 55), []),
        (range(51, 56), [(50, 58)]),
        (range(52, 56), []),
        (range(52, 57), [(50, 58)]),
        (range(45, 49), []),
        (range(44, 49), [(50, 58)]),
    ],
)
def test_the_oldest_window_may_begin_with_another_record(
    missing: range, expected: list[Any]
) -> None:
    of = history([None if minute in missing else 0.0 for minute in range(100)])
    place = 50 - sum(gone < 50 for gone in missing)
    definition = alarm("Average", period=120, datapoints_to_alarm=2, evaluation_periods=2)
    assert stretches(definition, of, [place]) == expected
