"""States and levels after every pattern of a few periods, held against the evaluator's."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from typing import Any, Final
from unittest.mock import patch

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.evaluation import Sample, Series, timeline
from ecs_monitoring.cloudwatch.rule import Comparison, LowSamples, MissingData
from ecs_monitoring.cloudwatch.timing import Timing
from replay.history import MetricHistory
from replay.levels import is_rising, is_strict, levels_of
from replay.ranges import ranges_of
from replay.signal import signal_of
from replay.states import CODES, states_of
from tests.evaluation.alarms import ALARM, KEY, OK, START, alarm
from tests.replay.alarms import history, history_of
from tests.replay.test_whole_range import EXPRESSIONS, watching

LOW, HIGH = 5.0, 10.0


def every_word(symbols: list[Any], length: int) -> list[Any]:
    """A row in which each word of so many symbols comes once (de Bruijn), by the greedy rule: the
    last symbol that makes a word which has not been there yet.
    """
    row, seen = [symbols[0]] * length, {(symbols[0],) * length}
    while True:
        for symbol in reversed(symbols):
            word = (*row[len(row) - length + 1 :], symbol)
            if word not in seen:
                seen.add(word)
                row.append(symbol)
                break
        else:
            return row


PATTERNS: Final = every_word([None, LOW, HIGH], 4)

TIMINGS: Final = [
    # Period, N, M, periods beyond N, delay: plain ones first.
    (60, 1, 1, 0, 0),
    (60, 1, 1, 2, 0),
    (60, 2, 2, 2, 0),
    (60, 2, 1, 1, 0),
    (60, 3, 2, 1, 0),
    (60, 3, 3, 2, 0),
    (60, 3, 1, 2, 0),
    (60, 4, 2, 0, 0),
    # The window slides.
    (120, 2, 1, 1, 0),
    (180, 2, 2, 1, 0),
    # Of the newest period a part has arrived; whole periods that have not are passed over.
    (120, 1, 1, 1, 60),
    (120, 2, 1, 1, 60),
    (120, 2, 2, 1, 60),
    (120, 3, 2, 0, 180),
    (180, 2, 2, 1, 120),
    (60, 2, 2, 1, 120),
]

COMPARISONS: Final = [
    (Comparison.AT_LEAST, HIGH),
    (Comparison.ABOVE, LOW),
    (Comparison.BELOW, HIGH),
    (Comparison.AT_MOST, LOW),
]


def fields(period: int, n: int, m: int, extra: int, delay: int) -> dict[str, Any]:
    timing = Timing(extra_periods=extra, delay=delay, longest_delay=delay, source="")
    return {
        "period": period,
        "evaluation_periods": n,
        "datapoints_to_alarm": m,
        "known_timing": timing,
    }


def definitions(treatment: MissingData, statistic: str = "Average") -> Iterator[AlarmDefinition]:
    for number, timing in enumerate(TIMINGS):
        comparison, threshold = COMPARISONS[number % 4]
        yield alarm(
            statistic,
            comparison=comparison,
            threshold=threshold,
            treat_missing_data=treatment,
            **fields(*timing),
        )


def assert_levels(definition: AlarmDefinition, of: MetricHistory, start: int, end: int) -> None:
    """Levels say of every threshold whether the alarm is on."""
    signal = signal_of(definition, {KEY: of}, start, end)
    levels = levels_of(definition, signal)
    sign = 1 if is_rising(definition.comparison) else -1
    compare = np.greater if is_strict(definition.comparison) else np.greater_equal
    for threshold in (4.0, LOW, 7.5, 9.0, HIGH, 11.0):
        other = replace(definition, threshold=threshold)
        on = states_of(other, signal, before=OK) == CODES[ALARM]
        assert compare(levels, sign * threshold).tolist() == on.tolist(), other


def assert_the_evaluators(
    definition: AlarmDefinition, of: MetricHistory, start: int, end: int, before: AlarmState
) -> None:
    series = {KEY: Series(of.samples())}
    expected = [
        CODES[evaluation.state]
        for evaluation in timeline(definition, series, start, end, state=before)
    ]
    signal = signal_of(definition, {KEY: of}, start, end)
    assert states_of(definition, signal, before=before).tolist() == expected, definition


@pytest.mark.parametrize("treatment", list(MissingData))
def test_states_and_levels_after_every_word_of_four_periods(treatment: MissingData) -> None:
    of, end = history(PATTERNS), START + 60 * len(PATTERNS) + 360
    befores = cycle(AlarmState)
    for definition in definitions(treatment):
        assert_the_evaluators(definition, of, START, end, next(befores))
        assert_levels(definition, of, START, end)


@pytest.mark.parametrize("treatment", list(MissingData))
def test_percentiles_of_few_samples_leave_the_state(treatment: MissingData) -> None:
    # Fewer than 10 / (1 - 0.9) = 100 samples are few for p90.
    symbols = [None, (LOW, 60), (LOW, 100), (HIGH, 60), (HIGH, 100)]
    samples = [
        Sample.of(START + 60 * at, *symbol)
        for at, symbol in enumerate(every_word(symbols, 2) * 2)
        if symbol is not None
    ]
    of, end = history_of(samples, resolution=60), START + 60 * 50 + 360
    befores = cycle(AlarmState)
    for definition in definitions(treatment, "p90"):
        heedful = replace(definition, low_samples=LowSamples.IGNORE)
        assert_the_evaluators(heedful, of, START, end, next(befores))
        assert_levels(heedful, of, START, end)


@pytest.mark.parametrize("treatment", list(MissingData))
def test_parts_of_a_history_are_as_the_whole(treatment: MissingData) -> None:
    of, end = history(PATTERNS), START + 60 * len(PATTERNS) + 360
    some = list(definitions(treatment))[::3]
    with patch("replay.states._PART", 31):
        for definition in some:
            assert_the_evaluators(definition, of, START, end, OK)
    signals = [signal_of(definition, {KEY: of}, START, end) for definition in some]
    whole = [levels_of(*pair).tolist() for pair in zip(some, signals, strict=True)]
    # Laid out by so few values that a part has two rows.
    with patch("replay.windows._LAID_OUT", 12):
        assert [levels_of(*pair).tolist() for pair in zip(some, signals, strict=True)] == whole


@pytest.mark.parametrize("treatment", list(MissingData))
def test_other_intervals_between_evaluations(treatment: MissingData) -> None:
    """Every ten seconds, and on the hour where N periods are more than a day."""
    days = alarm(
        "Average",
        treat_missing_data=treatment,
        comparison=Comparison.AT_LEAST,
        # 17 times an hour and a half are a day, an hour and a half: windows of a step of half an
        # hour, of which the alarm looks at every other one.
        **fields(5400, 17, 9, 1, 0),
    )
    thrice = [value for value in PATTERNS for _ in range(3)]
    of, end = history(thrice, step=1800), START + 1800 * len(thrice)
    assert_the_evaluators(days, of, START + 1800, end, OK)
    assert_levels(days, of, START + 1800, end)
    seconds = replace(days, **fields(30, 2, 1, 1, 0))
    of, end = history(PATTERNS, step=10), START + 10 * len(PATTERNS)
    assert_the_evaluators(seconds, of, START + 5, end, OK)
    assert_levels(seconds, of, START + 5, end)


def test_expressions_of_the_whole_range_after_every_word_of_three_periods() -> None:
    # With gaps, and then without.
    values = [*every_word([None, 1.0, 3.0], 3), *every_word([1.0, 3.0, 0.1], 2)]
    of, end = history(values), START + 60 * len(values)
    treatments, befores, kinds = cycle(MissingData), cycle(AlarmState), cycle(Comparison)
    for expression, timing in zip(EXPRESSIONS, cycle(TIMINGS), strict=False):
        definition = watching(
            expression,
            threshold=1.0,
            comparison=next(kinds),
            treat_missing_data=next(treatments),
            **fields(*timing),
        )
        assert_ranges(definition, of, end, next(befores))
    # Over more than a day, on the hour: every second half hour.
    halves = history(values, step=1800)
    for expression in ("FILL(m1, REPEAT) - HOUR(m1) / 9", "m1 - AVG(m1)"):
        days = watching(expression, threshold=0.5, **fields(5400, 17, 4, 1, 0))
        assert_ranges(days, halves, START + 1800 * len(values), OK)


def assert_ranges(
    definition: AlarmDefinition, of: MetricHistory, end: int, before: AlarmState
) -> None:
    """States and levels of ranges as rows are the evaluator's."""
    series = {KEY: Series(of.samples())}
    expected = timeline(definition, series, START, end, state=before)
    ranges = ranges_of(definition, {KEY: of}, START, end)
    found = ranges.states(before).tolist()
    assert found == [CODES[evaluation.state] for evaluation in expected], definition
    compare = np.greater if is_strict(definition.comparison) else np.greater_equal
    sign = 1 if is_rising(definition.comparison) else -1
    levels = ranges.levels()
    for threshold in (-1.0, 0.0, 1.0, 2.0):
        at = replace(ranges, definition=replace(definition, threshold=threshold))
        on = at.states(OK) == CODES[ALARM]
        assert compare(levels, sign * threshold).tolist() == on.tolist(), at.definition
