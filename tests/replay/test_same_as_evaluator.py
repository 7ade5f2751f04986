"""The fast path and the evaluator agree on the state after every single evaluation."""

import os
from collections.abc import Mapping
from typing import Any, Final
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat, Query
from ecs_monitoring.cloudwatch.evaluation import Sample, Series, timeline
from ecs_monitoring.cloudwatch.rule import Comparison, LowSamples, MissingData
from ecs_monitoring.cloudwatch.timing import Timing
from replay.outcome import replay
from replay.signal import signal_of
from replay.states import CODES, states_of
from tests.replay.alarms import history_of

START: Final = 1_732_442_400
CASES: Final = int(os.environ.get("REPLAY_CASES", "400"))
"""How many random alarms and histories each property is tried on; by night, many more."""

KEYS: Final = {
    name: MetricKey(namespace="Shop", name=name) for name in ("orders", "errors", "visits")
}
STATISTICS: Final = ("Average", "Sum", "Minimum", "Maximum", "SampleCount", "p0", "p50", "p99.9")

# A few values that meet thresholds exactly, sums that differ by their order, and great ranges.
VALUES: Final = st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.7, 1.0, 1.1, 2.0, 3.0, 1e9, 1e16]) | (
    st.integers(0, 8).map(float)
)
SIGNED: Final = VALUES | VALUES.map(lambda value: -value)
THRESHOLDS: Final = st.sampled_from([0.0, 0.1, 0.3, 0.6, 0.15, 1.0, 1.5, 2.0, 3.0, 6.0, 1e9])


@st.composite
def samples(draw: st.DrawFn, step: int, seconds: int) -> list[Sample]:
    """Samples of one metric: gaps, several at a time, between the minutes, statistic sets."""
    how_full = draw(st.sampled_from([0.0, 0.3, 0.8, 0.97, 1.0]))
    random = draw(st.randoms(use_true_random=False))
    values = draw(st.sampled_from([VALUES, SIGNED]))
    times = [time for time in range(0, seconds, step) if random.random() < how_full]
    if draw(st.booleans()):
        times += [time + random.randrange(step) for time in times if random.random() < 0.1]
    found = []
    for time in sorted(times):
        value = draw(values)
        count = draw(st.sampled_from([1, 1, 1, 2, 20, 0.5]))
        if draw(st.integers(0, 9)):
            found.append(Sample.of(START + time, value, count))
        else:
            found.append(Sample(START + time, 2, value + 1.0, min(value, 1.0), max(value, 1.0)))
    return found


def timings() -> st.SearchStrategy[Timing | None]:
    """The default, or any range and any delay of the data."""
    return st.none() | st.builds(
        lambda extra, late: Timing(
            extra_periods=extra, delay=60 * late, longest_delay=60 * late, source=""
        ),
        st.integers(0, 4),
        st.integers(0, 10),
    )


@st.composite
def conditions(draw: st.DrawFn, periods: tuple[int, ...], longest: int) -> dict[str, Any]:
    """Everything of an alarm but what it watches."""
    n = draw(st.integers(1, longest))
    return {
        "name": "orders",
        "period": draw(st.sampled_from(periods)),
        "comparison": draw(st.sampled_from(list(Comparison))),
        "threshold": draw(THRESHOLDS),
        "evaluation_periods": n,
        "datapoints_to_alarm": draw(st.none() | st.integers(1, n)),
        "treat_missing_data": draw(st.sampled_from(list(MissingData))),
        "low_samples": draw(st.sampled_from(list(LowSamples))),
        "known_timing": draw(timings()),
    }


def assert_same_states(
    definition: AlarmDefinition,
    published: Mapping[MetricKey, list[Sample]],
    start: int,
    end: int,
    before: AlarmState,
) -> None:
    expected = [
        evaluation.state
        for evaluation in timeline(
            definition,
            {key: Series(found) for key, found in published.items()},
            start,
            end,
            state=before,
        )
    ]
    histories = {key: history_of(found, resolution=1) for key, found in published.items()}
    signal = signal_of(definition, histories, start, end)
    found = states_of(definition, signal, before=before)
    assert found.tolist() == [CODES[state] for state in expected]
    assert len(signal.times) == len(expected)
    # However much of the history is left out where the alarm cannot be anything but OK.
    with patch("replay.stretches.MOST", 1e9):
        outcome = replay(definition, histories, start, end, before=before)
    evaluated = zip(signal.times, expected, [before, *expected], strict=False)
    changes = [(time, state) for time, state, previous in evaluated if state is not previous]
    assert [(change.time, change.state) for change in outcome.changes] == changes
    assert outcome.evaluations == len(expected)
    assert outcome.approximate == signal.approximate


@settings(max_examples=CASES, deadline=None)
@given(data=st.data())
def test_one_metric(data: st.DataObject) -> None:
    is_short = data.draw(st.integers(0, 4)) == 0
    periods = (10, 20, 30) if is_short else (60, 120, 300)
    fields = data.draw(conditions(periods, 6))
    stat = MetricStat(metric=KEYS["orders"], statistic=data.draw(st.sampled_from(STATISTICS)))
    definition = AlarmDefinition(queries=(Query(id="m1", source=stat),), watched="m1", **fields)
    step = 10 if is_short else 60
    length = step * data.draw(st.integers(1, 40))
    published = data.draw(samples(step, length))
    start = START + data.draw(st.sampled_from([-7 * step, 0, step, 90]))
    end = START + length + data.draw(st.sampled_from([0, 3 * step, 1800]))
    before = data.draw(st.sampled_from(list(AlarmState)))
    assert_same_states(definition, {KEYS["orders"]: published}, start, end, before)


EXPRESSIONS: Final = (
    "100 * errors / orders",
    "IF(orders >= 2, 100 * errors / orders, 0)",
    "IF(orders > 1, errors)",
    "IF(errors, orders, visits)",
    "IF(errors > 0, 1, visits)",
    "FILL(orders, 0) - FILL(errors, visits)",
    "SUM([orders, errors, visits])",
    "AVG([orders, errors])",
    "MAX(METRICS()) - MIN([orders, visits])",
    "SUM(METRICS('r') * 2)".replace("'", '"'),
    "ABS(-orders) + CEIL(errors) * FLOOR(visits / 2)",
    "orders ^ 0.5 / PERIOD(orders)",
    "LOG(orders) + LOG10(errors)",
    "(orders AND errors) OR (visits == 1) OR visits != errors",
    "orders <= errors AND visits < 2",
    "MINUTE(orders) * HOUR(orders) / 60",
    "TIME_SERIES(1) + FIRST([orders, errors]) - LAST([errors, visits]) / METRIC_COUNT(METRICS())",
)


@settings(max_examples=CASES, deadline=None)
@given(data=st.data())
def test_metric_math(data: st.DataObject) -> None:
    fields = data.draw(conditions((60, 120), 4))
    statistics = st.sampled_from(["Average", "Sum", "Maximum", "SampleCount"])
    queries = [
        Query(id=name, source=MetricStat(metric=key, statistic=data.draw(statistics)))
        for name, key in KEYS.items()
    ]
    inner, outer = (data.draw(st.sampled_from(EXPRESSIONS)) for _ in range(2))
    queries += [Query(id="e1", source=inner), Query(id="e2", source=f"FILL(e1, 1) + ({outer})")]
    watched = data.draw(st.sampled_from(["e1", "e2"]))
    definition = AlarmDefinition(queries=tuple(queries), watched=watched, **fields)
    length = 60 * data.draw(st.integers(1, 12))
    published = {key: data.draw(samples(60, length)) for key in KEYS.values()}
    assert_same_states(
        definition, published, START, START + length + 300, AlarmState.INSUFFICIENT_DATA
    )


@pytest.mark.parametrize("period", [60, 300, 5400, 86400])
@pytest.mark.parametrize("treatment", list(MissingData))
def test_alarms_over_several_days_are_evaluated_once_an_hour(
    period: int, treatment: MissingData
) -> None:
    # Just beyond a day, so that the evaluation interval is an hour; 5,400 s is no multiple of it.
    periods = 86_400 // period + 1
    stat = MetricStat(metric=KEYS["orders"], statistic="Average")
    definition = AlarmDefinition(
        name="orders",
        queries=(Query(id="m1", source=stat),),
        watched="m1",
        period=period,
        comparison=Comparison.ABOVE,
        threshold=5.0,
        evaluation_periods=periods,
        datapoints_to_alarm=max(1, periods // 3),
        treat_missing_data=treatment,
    )
    hours = [9.0, 1.0, 8.0, None, 2.0, 7.0, 7.0, None, None, 3.0, 6.5, 5.0] * 8
    published = [
        Sample.of(START + 3600 * at, value) for at, value in enumerate(hours) if value is not None
    ]
    assert_same_states(
        definition,
        {KEYS["orders"]: published},
        START + 1800,
        START + 3600 * 130,
        AlarmState.OK,
    )
