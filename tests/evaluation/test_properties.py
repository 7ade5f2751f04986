"""What holds for every alarm and every history."""

from collections.abc import Sequence
from typing import Any, Final

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.evaluation import (
    Sample,
    Series,
    decide,
    summary,
    timeline,
)
from ecs_monitoring.cloudwatch.rule import Comparison, LowSamples, MissingData
from tests.evaluation.alarms import ALARM, KEY, NO_DATA, START, alarm, evaluated, states

VALUES: Final = st.integers(0, 20).map(float)
FULL: Final = st.lists(VALUES, min_size=1, max_size=40)
GAPPY: Final = st.lists(st.none() | VALUES, min_size=1, max_size=40)
PERIODS: Final = st.sampled_from([60, 120, 300])
STATISTICS: Final = st.sampled_from(["Average", "Sum", "Minimum", "Maximum", "SampleCount", "p90"])
STATES: Final = st.sampled_from(list(AlarmState))


@st.composite
def m_of_n(draw: st.DrawFn) -> dict[str, Any]:
    """M and N as fields of an alarm."""
    n = draw(st.integers(1, 5))
    return {"evaluation_periods": n, "datapoints_to_alarm": draw(st.integers(1, n))}


@st.composite
def alarms(draw: st.DrawFn, treatments: Sequence[MissingData] = tuple(MissingData)) -> Any:
    """Any alarm on one metric that treats missing data in one of these ways."""
    fields: dict[str, Any] = {
        "statistic": draw(STATISTICS),
        "period": draw(PERIODS),
        "threshold": draw(st.integers(0, 40)) / 2,
        "comparison": draw(st.sampled_from(list(Comparison))),
        "treat_missing_data": draw(st.sampled_from(treatments)),
        "low_samples": draw(st.sampled_from(list(LowSamples))),
        **draw(m_of_n()),
    }
    return alarm(**fields)


@given(values=FULL, needed=m_of_n(), period=PERIODS, low=VALUES, data=st.data())
def test_raising_the_threshold_never_adds_minutes_in_alarm(
    values: list[float], needed: dict[str, Any], period: int, low: float, data: st.DataObject
) -> None:
    statistic = data.draw(STATISTICS)
    fields = needed | {"period": period, "statistic": statistic}
    # The evaluation range has data as a whole, and then what is drawn.
    first = alarm(**fields).lookback // 60
    values = [0.0] * first + values
    peak = max(e.value for e in evaluated(alarm(**fields), values) if e.value is not None)
    # The higher threshold is below what is reached, so that the alarm may be on at both.
    high = data.draw(st.floats(0, peak))
    lower, higher = (
        states(alarm(threshold=threshold, **fields), values, first=first)
        for threshold in (min(low, high), high)
    )
    pairs = list(zip(lower, higher, strict=True))
    event(f"on at the higher threshold: {ALARM in higher}")
    assert [above for below, above in pairs if above is ALARM and below is not ALARM] == []


@given(values=FULL, needed=m_of_n(), threshold=VALUES)
def test_without_gaps_the_mth_largest_of_n_decides(
    values: list[float], needed: dict[str, Any], threshold: float
) -> None:
    n, m = needed["evaluation_periods"], needed["datapoints_to_alarm"]
    found = states(alarm(threshold=threshold, **needed), values, first=n)
    expected = [
        sorted(values[end - n : end], reverse=True)[m - 1] > threshold
        for end in range(n, len(values) + 1)
    ]
    assert [state is ALARM for state in found] == expected


@given(definition=alarms([MissingData.IGNORE]), state=STATES)
def test_ignore_never_leaves_a_state_without_data(definition: Any, state: Any) -> None:
    found = list(timeline(definition, {}, START, START + 3600, state=state))
    assert all(not evaluation.changed for evaluation in found)


@given(definition=alarms([MissingData.NOT_BREACHING]), state=STATES)
def test_not_breaching_never_fires_on_no_data(definition: Any, state: Any) -> None:
    assert all(
        evaluation.state == "OK"
        for evaluation in timeline(definition, {}, START, START + 3600, state=state)
    )


@pytest.mark.slow
@given(definition=alarms([MissingData.MISSING]), values=GAPPY)
def test_insufficient_data_means_none_in_the_range(
    definition: Any, values: list[float | None]
) -> None:
    for evaluation in evaluated(definition, values):
        has_data = any(point is not None for point in evaluation.datapoints)
        if has_data and evaluation.changed:
            assert evaluation.state is not NO_DATA
        if not has_data:
            assert evaluation.state is NO_DATA


@given(
    datapoints=st.lists(st.sampled_from([True, False, None]), min_size=7, max_size=7),
    needed=m_of_n(),
    treatment=st.sampled_from(list(MissingData)),
    previous=STATES,
)
def test_alarm_has_a_reason_to_fire(
    datapoints: list[bool | None], needed: dict[str, Any], treatment: MissingData, previous: Any
) -> None:
    found = decide(datapoints, treat_missing_data=treatment, previous=previous, **needed)
    if found.state is not ALARM or previous is ALARM:
        return
    breaching = sum(datapoints[index] is True for index in found.used)
    enough = breaching >= needed["datapoints_to_alarm"]
    if treatment is MissingData.NOT_BREACHING or treatment is MissingData.IGNORE:
        assert enough
    elif treatment is MissingData.BREACHING:
        assert enough or breaching + found.filled >= needed["datapoints_to_alarm"]
    else:
        # Only the rule for old breaches fires on fewer than M.
        assert enough or (breaching and False not in datapoints)


@given(
    datapoints=st.lists(st.booleans(), min_size=7, max_size=7),
    needed=m_of_n(),
    treatment=st.sampled_from(list(MissingData)),
    previous=STATES,
)
def test_m_of_n_never_fires_on_fewer_than_m_breaches(
    datapoints: list[bool], needed: dict[str, Any], treatment: MissingData, previous: Any
) -> None:
    found = decide(datapoints, treat_missing_data=treatment, previous=previous, **needed)
    newest = datapoints[-needed["evaluation_periods"] :]
    assert (found.state is ALARM) == (sum(newest) >= needed["datapoints_to_alarm"])


@given(definition=alarms(), values=GAPPY, shift=st.integers(1, 10**6))
def test_shifting_time_shifts_the_timeline(
    definition: Any, values: list[float | None], shift: int
) -> None:
    here = evaluated(definition, values)
    there = evaluated(definition, values, start=START + 60 * shift)
    assert [(e.time + 60 * shift, e.state, e.value) for e in here] == [
        (e.time, e.state, e.value) for e in there
    ]


@pytest.mark.slow
@given(definition=alarms(), values=GAPPY)
def test_states_follow_one_another_and_have_reasons(
    definition: Any, values: list[float | None]
) -> None:
    found = evaluated(definition, values)
    assert [e.previous for e in found] == [NO_DATA, *(e.state for e in found[:-1])]
    assert all(e.reason.endswith(".") for e in found)
    told = summary(found)
    assert told is not None
    assert told.changes == tuple(e for e in found if e.changed)
    assert told.seconds_in_alarm == 60 * sum(e.state is ALARM for e in found)


@pytest.mark.slow
@given(definition=alarms(), values=GAPPY, cut=st.integers(1, 39))
def test_timeline_may_be_cut_anywhere(
    definition: Any, values: list[float | None], cut: int
) -> None:
    whole = evaluated(definition, values)
    cut = min(cut, len(values))
    rest = evaluated(definition, values, first=cut, state=whole[cut - 1].previous)
    assert [e.state for e in rest] == [e.state for e in whole[cut - 1 :]]


@pytest.mark.slow
@given(
    counted=st.lists(st.tuples(VALUES, st.integers(1, 30)), min_size=1, max_size=15),
    definition=alarms(),
)
def test_counted_values_are_that_many_values(
    counted: list[tuple[float, int]], definition: Any
) -> None:
    together = [Sample.of(START + 60 * at, *pair) for at, pair in enumerate(counted)]
    one_by_one = [Sample.of(s.time, s.minimum) for s in together for _ in range(int(s.count))]
    ends = START, START + 60 * len(counted)
    found = [
        list(timeline(definition, {KEY: Series(samples)}, *ends))
        for samples in (together, one_by_one)
    ]
    assert found[0] == found[1]
