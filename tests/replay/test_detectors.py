"""The alarms that are tried on a metric are those that a stack's settings make of them."""

from dataclasses import replace

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, definition_of
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.recent import is_filled, recent_rule
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.detectors import DetectorKind, WatchedMetric
from replay.history import MetricHistory
from replay.outcome import replay
from tests.cloudwatch.test_override import RULE
from tests.replay.generated import DAY, START


@pytest.mark.parametrize("period", [60, 300])
@pytest.mark.parametrize("comparison", [Comparison.AT_LEAST, Comparison.BELOW])
@pytest.mark.parametrize(
    ("statistic", "treatment"),
    [("Average", MissingData.MISSING), ("Sum", MissingData.NOT_BREACHING)],
)
def test_what_is_suggested_beside_an_alarm_is_what_its_override_makes(
    period: int, comparison: Comparison, statistic: str, treatment: MissingData
) -> None:
    metric = Metric(namespace="AWS/ECS", name="CPUUtilization", statistic=statistic)
    rule = replace(
        RULE,
        signal=metric,
        comparison=comparison,
        period=period,
        treat_missing_data=treatment,
        recent=7.0,
    )
    beside = recent_rule(rule)
    assert beside is not None
    of_settings = definition_of(beside)
    (key,) = of_settings.metrics
    random = np.random.default_rng(3)
    kept = random.random(2 * DAY // 60) < 0.7
    times = START + 60 * np.flatnonzero(kept)
    history = MetricHistory.of_values(times, 20 + random.normal(0, 4, len(times)))
    suggested = watched(key, statistic, period, treatment).definition(
        DetectorKind.RECENT,
        Comparison.AT_LEAST if comparison.is_upward else Comparison.AT_MOST,
        7.0 if comparison.is_upward else -7.0,
    )

    def changes(definition: AlarmDefinition) -> list[int]:
        found = replay(definition, {key: history}, START + DAY // 2, START + 2 * DAY)
        return [change.time for change in found.changes]

    assert changes(of_settings) == changes(suggested)
    assert len(changes(of_settings)) > 4


def watched(key: MetricKey, statistic: str, period: int, treatment: MissingData) -> WatchedMetric:
    is_sparse = is_filled(statistic, treatment)
    return WatchedMetric(metric=key, statistic=statistic, period=period, is_sparse=is_sparse)
