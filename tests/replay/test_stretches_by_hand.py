"""From where to where a history is replayed: worked out by hand, in minutes after the start."""

import random
from typing import Any, Final
from unittest.mock import patch

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, WallClock
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from ecs_monitoring.cloudwatch.timing import Timing
from replay.history import MetricHistory
from replay.outcome import replay
from replay.stretches import Stretches, stretches_of
from tests.evaluation.alarms import KEY, START, alarm

HALF_A_DAY: Final = 720


def two_of_three(delay: int = 0, **fields: Any) -> AlarmDefinition:
    """Above 10 in 2 of 3 minutes, of the five that are looked at."""
    timing = Timing(extra_periods=2, delay=delay, longest_delay=delay, source="")
    given: dict[str, Any] = {"evaluation_periods": 3, "datapoints_to_alarm": 2}
    given["known_timing"] = timing
    return alarm(**(given | fields))


def recorded(
    breaching: Any = (), *, but: Any = (), first: int = 0, late: int = 0, step: int = 1
) -> MetricHistory:
    """Half a day of ones, but for minutes with 11 and minutes without a record."""
    minutes = [at for at in range(first, HALF_A_DAY, step) if at not in set(but)]
    values = [11.0 if at in set(breaching) else 1.0 for at in minutes]
    times = [START + 60 * at + late for at in minutes]
    return MetricHistory.of_values(times, values, resolution=60 * step)


def found(
    definition: AlarmDefinition, history: MetricHistory, *, start: int = 0
) -> list[tuple[float, float]] | None:
    """From which evaluation to which each stretch goes."""
    times = range(START + 60 * start, START + 60 * HALF_A_DAY + 1, 60)
    stretches = stretches_of(definition, history, times)
    if stretches is None:
        return None
    return [
        ((begin - START) / 60, (begin + length - START) / 60)
        for begin, length in zip(stretches.starts.tolist(), stretches.lengths.tolist(), strict=True)
    ]


@pytest.mark.parametrize(
    ("treatment", "delay", "history", "expected"),
    [
        ("notBreaching", 0, recorded(), []),
        # From when both are there until the first is out of sight, and one that decides OK.
        ("notBreaching", 0, recorded([300, 302]), [(302, 306)]),
        ("notBreaching", 60, recorded([300, 302]), [(302, 307)]),
        ("notBreaching", 0, recorded([300, 302], late=30), [(302, 307)]),
        # The next stretch looks back on five minutes: from minute 306 on they are one.
        ("notBreaching", 0, recorded([300, 301, 310, 311]), [(301, 316)]),
        ("notBreaching", 0, recorded([300, 301, 311, 312]), [(301, 306), (312, 317)]),
        # No farther than the evaluations go.
        ("notBreaching", 0, recorded([718, 719]), [(719, 720)]),
        ("notBreaching", 0, recorded([-3, -1], first=-9), [(0, 3)]),
        ("notBreaching", 0, recorded([-5, -4], first=-9), [(0, 1)]),
        ("notBreaching", 0, recorded([-6, -5], first=-9), []),
        # A fifth of the 720 minutes, with the five before.
        ("notBreaching", 0, recorded(range(300, 436)), [(301, 440)]),
        ("notBreaching", 0, recorded(range(300, 437)), None),
        # What begins later is unknown before. Without a gap longer than that nothing is missing.
        ("missing", 0, recorded(), [(0, 1)]),
        ("missing", 0, recorded(first=50), [(0, 51)]),
        ("missing", 0, recorded(first=-1), []),
        ("missing", 60, recorded(first=-1), [(0, 1)]),
        ("missing", 60, recorded(first=-2), []),
        ("missing", 0, recorded(first=-9, but=range(100, 104)), []),
        ("missing", 0, recorded(first=-9, but=range(100, 105)), [(104, 106)]),
        ("ignore", 0, recorded(first=-9, but=range(100, 120)), [(104, 121)]),
        ("ignore", 60, recorded(first=-9, but=range(100, 120)), [(105, 122)]),
        ("missing", 0, recorded(first=-9, but=range(710, HALF_A_DAY)), [(714, 720)]),
        # Each minute that is missing counts as long as it is looked at.
        ("breaching", 0, recorded(but=[100]), [(0, 6), (99, 107), (719, 720)]),
        ("breaching", 0, recorded(first=-3), [(0, 3), (719, 720)]),
        ("breaching", 0, recorded(first=-9), [(719, 720)]),
        # Of these five minutes no part is known for each.
        ("breaching", 0, recorded(step=5), None),
        ("missing", 0, recorded(step=10), None),
    ],
)  # fmt: skip
def test_stretches(
    treatment: str, delay: int, history: MetricHistory, expected: list[tuple[int, int]] | None
) -> None:
    definition = two_of_three(delay, treat_missing_data=MissingData(treatment))
    assert found(definition, history) == expected


@pytest.mark.parametrize(
    ("period", "delay", "expected"),
    [
        # Records of five minutes are whole in each of these windows, or there is none that is.
        (300, 0, [(300, 326)]),
        (600, 0, [(300, 351)]),
        (120, 0, None),
        (300, 60, None),
        (300, 300, [(300, 331)]),
    ],
)
def test_records_of_five_minutes(
    period: int, delay: int, expected: list[tuple[int, int]] | None
) -> None:
    definition = two_of_three(
        delay,
        period=period,
        datapoints_to_alarm=1,
        treat_missing_data=MissingData.NOT_BREACHING,
    )
    assert found(definition, recorded([300], step=5)) == expected


def test_what_has_no_stretches() -> None:
    definition = two_of_three(treat_missing_data=MissingData.NOT_BREACHING)
    assert stretches_of(definition, recorded(), range(START, START, 60)) is None
    assert stretches_of(definition, MetricHistory.empty(), range(START, START + 61, 60)) is None
    by_clock = two_of_three(
        period=3600,
        wall_clock=WallClock("UTC"),
        treat_missing_data=MissingData.NOT_BREACHING,
    )
    assert found(by_clock, recorded()) is None


def test_stretches_are_moved_together() -> None:
    definition = two_of_three(treat_missing_data=MissingData.NOT_BREACHING)
    times = range(START, START + 60 * HALF_A_DAY + 1, 60)
    stretches = stretches_of(definition, recorded([300, 301, 400, 401]), times)
    assert stretches is not None
    # From minute 301 to 306 and from 401 to 406, each with the five minutes before it: the second
    # one begins where the first one is over and five minutes have passed.
    assert (stretches.moved - START).tolist() == [60 * 301, 60 * 311]
    assert (stretches.start, stretches.end) == (START + 60 * 301, START + 60 * 316)
    assert stretches.between.tolist() == [False] * 6 + [True] * 4 + [False] * 6
    inside = np.flatnonzero(~stretches.between)
    assert ((stretches.times(inside) - START) // 60).tolist() == [
        *range(301, 307),
        *range(401, 407),
    ]
    # What is looked at: from minute 296 to 305, and from 396 to 405.
    history = stretches.history
    assert ((history.times - START) // 60).tolist() == list(range(296, 316))
    ones = [1.0] * 3
    assert history.totals.tolist() == ([1.0, *ones, 11.0, 11.0, 1.0, *ones]) * 2


def test_stretches_of_several_lengths() -> None:
    starts, moved, lengths = np.array([[600, 6000], [600, 1020], [120, 60]], dtype=np.int64)
    stretches = Stretches(MetricHistory.empty(), starts, moved, lengths, 60)
    assert (len(stretches), stretches.start, stretches.end) == (2, 600, 1080)
    is_inside = (~stretches.between).tolist()
    assert is_inside == [True] * 3 + [False] * 4 + [True] * 2
    assert stretches.times(np.array([0, 2, 7, 8])).tolist() == [600, 720, 6000, 6060]


TIMINGS: Final = [(60, 1, 1, 0), (60, 3, 2, 0), (120, 2, 1, 0), (300, 3, 2, 0), (120, 2, 2, 60)]


@pytest.mark.parametrize("treatment", list(MissingData))
def test_nobody_can_tell_what_is_left_out(treatment: MissingData) -> None:
    randomly = random.Random(7)
    befores, changes = list(AlarmState), 0
    for number, (period, n, m, delay) in enumerate(TIMINGS):
        values: list[tuple[int, float]] = []
        time = START
        while time < START + 60 * 150:
            time += 60 * randomly.choice([1] * 30 + [2, 3, 9])
            values.append((time, randomly.choice([1.0] * 20 + [11.0] * 3)))
        history = MetricHistory.of_values([t for t, _ in values], [v for _, v in values])
        statistic = ["Average", "Sum", "Maximum", "Minimum", "SampleCount"][number]
        definition = alarm(
            statistic,
            period=period,
            evaluation_periods=n,
            datapoints_to_alarm=m,
            comparison=[Comparison.ABOVE, Comparison.AT_LEAST][number % 2],
            threshold=4.0,
            treat_missing_data=treatment,
            known_timing=Timing(extra_periods=2, delay=delay, longest_delay=delay, source=""),
        )
        of, end = {KEY: history}, START + 60 * 170
        outcomes = []
        for most in (1e9, -1.0):
            with patch("replay.stretches.MOST", most):
                before = befores[number % 3]
                outcomes.append(replay(definition, of, START + 600, end, before=before))
        assert outcomes[0] == outcomes[1]
        changes += len(outcomes[0].changes)
    assert changes > 9
