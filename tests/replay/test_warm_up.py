"""A new alarm's first periods: replayed as the evaluator has them."""

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.evaluation import Sample, Series, timeline
from ecs_monitoring.cloudwatch.rule import MissingData, WarmUp
from replay.history import MetricHistory
from replay.outcome import replay
from tests.evaluation.alarms import KEY, START, alarm
from tests.replay.alarms import history_of

NEW = AlarmState.INSUFFICIENT_DATA


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("is_whole", [False, True])
def test_state_for_state(seed: int, is_whole: bool) -> None:
    random = np.random.default_rng(seed)
    definition = alarm(
        threshold=6.0,
        evaluation_periods=int(random.integers(1, 5)),
        treat_missing_data=random.choice(list(MissingData)),
        warm_up=WarmUp(60 * int(random.integers(1, 40)), is_whole=is_whole),
    )
    first = int(random.integers(0, 30))
    minutes = [m for m in range(first, 60) if random.random() < 0.9]
    samples = [Sample.of(START + 60 * m, float(random.integers(0, 10))) for m in minutes]
    created = START + 60 * int(random.integers(-10, 10))
    end = START + 60 * int(random.integers(5, 60))
    expected = timeline(definition, {KEY: Series(samples)}, START, end, state=NEW, created=created)
    changes = [(e.time, e.state, e.previous) for e in expected if e.changed]
    history = history_of(samples, resolution=60)
    outcome = replay(definition, {KEY: history}, START, end, before=NEW, created=created)
    assert [tuple(change) for change in outcome.changes] == changes
    assert outcome.evaluations == (end - START) // 60 + 1
    assert (outcome.start, outcome.end) == (START, end)


def test_a_new_alarm_waits_and_an_old_one_does_not() -> None:
    definition = alarm(
        threshold=6.0, treat_missing_data=MissingData.BREACHING, warm_up=WarmUp(600, is_whole=True)
    )
    # No data for an hour, and then 0 a minute.
    history = {KEY: MetricHistory.of_values(START + 3600 + 60 * np.arange(60), np.zeros(60))}
    for created, firings in ((None, (START,)), (START, (START + 600,)), (START + 3060, ())):
        outcome = replay(definition, history, START, START + 7200, before=NEW, created=created)
        assert outcome.firings == firings
