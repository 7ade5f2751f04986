"""Range and delay are found again in alarms that were recorded under others than the defaults."""

import random
from dataclasses import replace

import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.evaluation import Series, timeline
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from ecs_monitoring.cloudwatch.timing import Timing
from replay.calibrate import FEWEST, Estimate, Recorded, Transition, estimate, tried
from replay.history import MetricHistory
from tests.evaluation.alarms import KEY, OK, START, alarm, minutes, timing

HOURS = 48


def errors(**fields: object) -> AlarmDefinition:
    """A count that has data only where something goes wrong."""
    return alarm(
        "Sum",
        comparison=Comparison.AT_LEAST,
        threshold=2.0,
        treat_missing_data=MissingData.NOT_BREACHING,
        **fields,
    )


def recorded(
    definition: AlarmDefinition,
    truth: Timing,
    seed: int,
    *,
    sparse: bool = True,
    hours: int = HOURS,
) -> Recorded:
    """What CloudWatch would record: transitions at some second of an evaluation's minute."""
    rng = random.Random(seed)
    values: list[float | None] = [
        float(rng.randint(1, 3)) if rng.random() < 0.15 else (None if sparse else 0.0)
        for _ in range(60 * hours)
    ]
    series = {KEY: minutes(values)}
    end = START + 3600 * hours
    found = timeline(replace(definition, known_timing=truth), series, START + 3600, end, state=OK)
    known = [(START + 60 * at, value) for at, value in enumerate(values) if value is not None]
    history = MetricHistory.of_values([t for t, _ in known], [v for _, v in known], resolution=60)
    return Recorded(
        definition=definition,
        histories={KEY: history},
        start=START + 3600,
        end=end,
        before=OK,
        transitions=tuple(
            Transition(time=e.time + rng.randrange(60), state=e.state) for e in found if e.changed
        ),
    )


def estimated(alarms: list[Recorded]) -> Estimate | None:
    return estimate([tried(one) for one in alarms])


@pytest.mark.parametrize(
    ("extra", "delay"), [(2, 0), (4, 0), (2, 180), (4, 120), (1, 300), (3, 60)]
)
@pytest.mark.parametrize("period", [60, 300])
def test_what_it_was_recorded_with_is_found_again(extra: int, delay: int, period: int) -> None:
    found = estimated(
        [recorded(errors(period=period), timing(extra, delay), seed) for seed in (1, 2)]
    )
    assert found is not None
    assert (found.extra_periods.value, found.delay.value) == (extra, delay)
    assert found.extra_periods.is_sure
    assert found.delay.is_sure
    assert found.agreement == 1.0
    assert (found.default_agreement == 1.0) is ((extra, delay) == (2, 0))


def test_alarms_that_are_evaluated_every_ten_seconds() -> None:
    rng = random.Random(5)
    definition = errors(period=10)
    values = [(START + 10 * at, 2.0) for at in range(6 * 360) if rng.random() < 0.05]
    truth = replace(definition, known_timing=timing(4, 60))
    end = START + 6 * 3600
    found = timeline(truth, {KEY: Series.of(values)}, START, end, state=OK)
    times, numbers = zip(*values, strict=True)
    history = MetricHistory.of_values(list(times), list(numbers), resolution=10)
    one = Recorded(
        definition=definition,
        histories={KEY: history},
        start=START,
        end=end,
        before=OK,
        transitions=tuple(
            Transition(time=e.time + rng.randrange(10), state=e.state) for e in found if e.changed
        ),
    )
    estimate_ = estimated([one])
    assert estimate_ is not None
    assert (estimate_.extra_periods.value, estimate_.delay.value) == (4, 60)
    assert estimate_.agreement == 1.0


def test_where_there_is_always_data_the_range_stays_open_and_the_delay_does_not() -> None:
    definition = errors(evaluation_periods=2)
    found = estimated([recorded(definition, timing(4, 120), 1, sparse=False)])
    assert found is not None
    assert found.delay.value == 120
    assert found.delay.is_sure
    assert not found.extra_periods.is_sure
    assert (found.extra_periods.lowest, found.extra_periods.highest) == (0, 6)


def test_transitions_that_are_a_minute_off_or_missing_make_it_less_sure_not_wrong() -> None:
    one = recorded(errors(), timing(4, 120), 3)
    rng = random.Random(4)
    moved = tuple(
        replace(t, time=t.time + rng.choice([0, 0, 0, 60, -60]))
        for t in one.transitions
        if rng.random() < 0.9
    )
    found = estimated([replace(one, transitions=moved)])
    assert found is not None
    assert (found.extra_periods.value, found.delay.value) == (4, 120)
    assert 0.4 < found.agreement < 0.8


def test_few_transitions_say_nothing() -> None:
    one = recorded(errors(), timing(4, 120), 1)
    assert estimated([replace(one, transitions=one.transitions[: FEWEST - 1])]) is None
    assert estimated([]) is None


def test_what_somebody_set_is_left_out() -> None:
    one = recorded(errors(), timing(4, 120), 1)
    first, last = one.transitions[9].time, one.transitions[30].time
    # Twenty transitions at minutes that no replay has.
    wrong = tuple(
        replace(t, time=t.time + 7 * 60) if first <= t.time <= last else t for t in one.transitions
    )
    left_out = ((first - 60, last + 8 * 60),)
    found = estimated([replace(one, transitions=wrong, left_out=left_out)])
    assert found is not None
    assert found.agreement == 1.0
    assert found.transitions < len(one.transitions)


def test_the_longest_delay_is_that_of_19_in_20_firings() -> None:
    one = recorded(errors(), timing(2, 60), 1)
    on = [t for t in one.transitions if t.state is not OK]
    late = {t.time: 180 if index % 10 == 0 else 60 for index, t in enumerate(on)}
    transitions = tuple(
        replace(t, decided_on=t.evaluated(60) - late[t.time]) if t.time in late else t
        for t in one.transitions
    )
    found = estimated([replace(one, transitions=transitions)])
    assert found is not None
    assert (found.delay.value, found.longest_delay) == (60, 180)
