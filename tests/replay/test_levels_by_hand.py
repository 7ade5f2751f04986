"""The highest threshold at which an alarm is on, worked out by hand."""

from math import inf
from typing import Any, Final

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from ecs_monitoring.cloudwatch.timing import Timing
from replay.levels import Decisions, decisions_of, is_rising, is_strict, levels_of, remembered
from replay.signal import signal_of
from tests.evaluation.alarms import START, alarm
from tests.replay.alarms import histories

VALUES: Final = [3.0, 9.0, None, 5.0, None, None, None, None, 4.0, 6.0]


def of(minute: int, **fields: Any) -> tuple[list[float], list[float], list[float]]:
    """What the evaluations from some minute to the tenth decide, and the levels after them."""
    timing = Timing(extra_periods=1, delay=0, longest_delay=0, source="")
    definition = alarm(
        "Average",
        evaluation_periods=3,
        known_timing=timing,
        **fields,
    )
    signal = signal_of(definition, histories(VALUES), START + 60 * minute, START + 600)
    decisions = decisions_of(definition, signal)
    levels = levels_of(definition, signal)
    return decisions.on.tolist(), decisions.kept.tolist(), levels.tolist()


NOWHERE: Final = [-inf] * 7


@pytest.mark.parametrize(
    ("treatment", "needed", "on", "kept"),
    [
        # Four minutes are looked at, oldest first: (3 9 - 5), (9 - 5 -), (- 5 - -), (5 - - -),
        # none, (- - - 4), (- - 4 6). Three datapoints count, and two of them are to breach.
        (MissingData.NOT_BREACHING, 2, [5, 5, -inf, -inf, -inf, -inf, 4], NOWHERE),
        # Of the three that count one or two are missing, or all, and are beyond any threshold.
        (MissingData.BREACHING, 2, [5, 9, inf, inf, inf, inf, 6], NOWHERE),
        # A single datapoint fires once it is two minutes old; without any the state is another.
        (MissingData.MISSING, 2, [5, 5, 5, 5, -inf, -inf, 4], NOWHERE),
        # Or leaves it as it is up to itself.
        (
            MissingData.IGNORE,
            2,
            [5, 5, -inf, -inf, -inf, -inf, 4],
            [-inf, -inf, 5, 5, inf, 4, -inf],
        ),
        (MissingData.MISSING, 1, [9, 9, 5, 5, -inf, 4, 6], NOWHERE),
        (MissingData.IGNORE, 1, [9, 9, 5, 5, -inf, 4, 6], [-inf] * 4 + [inf, -inf, -inf]),
        # All three: two that are old enough.
        (MissingData.MISSING, 3, [3, 5, 5, 5, -inf, -inf, -inf], NOWHERE),
    ],
)  # fmt: skip
def test_what_each_evaluation_decides(
    treatment: MissingData, needed: int, on: list[float], kept: list[float]
) -> None:
    fields = {"treat_missing_data": treatment, "datapoints_to_alarm": needed}
    found = of(4, comparison=Comparison.AT_LEAST, **fields)
    assert found[:2] == (on, kept)
    if kept == NOWHERE:
        assert found[2] == on


def test_a_falling_alarm_has_its_levels_negated() -> None:
    found = of(
        4,
        comparison=Comparison.BELOW,
        treat_missing_data=MissingData.NOT_BREACHING,
        datapoints_to_alarm=2,
    )
    # The second lowest of 3, 9 and 5; of 9 and 5; of 4 and 6.
    assert found[0] == [-5, -9, -inf, -inf, -inf, -inf, -6]


def test_the_state_stays_up_to_the_level_before() -> None:
    on = [-inf, 5.0, -inf, 3.0, -inf, 2.0, -inf, -inf]
    kept = [inf, -inf, inf, 4.0, 10.0, -inf, 1.0, inf]
    # At first it is off. 5 stays; of it 4 stays, which 10 keeps; of 2 1 stays.
    expected = [-inf, 5.0, 5.0, 4.0, 4.0, 2.0, 1.0, 1.0]
    assert remembered(Decisions(np.array(on), np.array(kept))).tolist() == expected
    # What an evaluation decides by itself is the least that it is, at first too.
    two = Decisions(np.array([1.0, 3.0]), np.array([7.0, 9.0]))
    assert remembered(two).tolist() == [1.0, 3.0]
    assert remembered(Decisions(np.empty(0), np.empty(0))).tolist() == []


def test_comparisons() -> None:
    assert {each: (is_rising(each), is_strict(each)) for each in Comparison} == {
        Comparison.AT_LEAST: (True, False),
        Comparison.ABOVE: (True, True),
        Comparison.BELOW: (False, True),
        Comparison.AT_MOST: (False, False),
    }
