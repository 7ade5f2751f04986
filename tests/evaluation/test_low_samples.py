"""Percentiles of too few samples.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
"""

from collections.abc import Sequence
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.evaluation import Basis, Evaluation, Sample, Series, timeline
from ecs_monitoring.cloudwatch.rule import LowSamples, MissingData
from tests.evaluation.alarms import ALARM, KEY, NO_DATA, OK, START, alarm


def evaluated(counts: Sequence[tuple[float, int]], **fields: Any) -> list[Evaluation]:
    """Evaluations of a p90 > 10, which needs 100 samples, on value and count of each minute."""
    series = Series(
        Sample.of(START + 60 * at, value, count)
        for at, (value, count) in enumerate(counts)
        if count
    )
    definition = alarm("p90", **({"low_samples": LowSamples.IGNORE} | fields))
    return list(timeline(definition, {KEY: series}, START + 60, START + 60 * len(counts)))


def test_state_is_kept_while_there_are_few() -> None:
    found = evaluated([(20, 99), (20, 100), (1, 99), (1, 100), (20, 1)])
    assert [e.state for e in found] == [NO_DATA, ALARM, ALARM, OK, OK]
    assert [e.decision.basis is Basis.FEW_SAMPLES for e in found] == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_evaluate_takes_any_number() -> None:
    found = evaluated([(20, 1), (1, 1)], low_samples=LowSamples.EVALUATE)
    assert [e.state for e in found] == [ALARM, OK]


def test_one_period_of_few_among_those_looked_at_keeps_the_state() -> None:
    found = evaluated([(1, 500), (1, 500), (20, 5), (20, 500), (20, 500)], evaluation_periods=2)
    # With the third minute in the window nothing changes; afterwards both are beyond 10.
    assert [e.state for e in found[1:]] == [OK, OK, OK, ALARM]


def test_few_samples_far_back_in_the_range_do_not_matter() -> None:
    found = evaluated([(1, 5), (20, 500), (20, 500)], evaluation_periods=2)
    assert found[-1].state is ALARM


@pytest.mark.parametrize(
    ("treatment", "expected"), [(MissingData.BREACHING, ALARM), (MissingData.NOT_BREACHING, OK)]
)
def test_no_samples_at_all_are_missing_data(treatment: MissingData, expected: str) -> None:
    (found,) = evaluated([(1, 0)], treat_missing_data=treatment)
    assert found.state == expected


def test_other_statistics_take_no_notice() -> None:
    definition = alarm("Average", low_samples=LowSamples.IGNORE)
    (found,) = timeline(definition, {KEY: Series.of([(START, 20.0)])}, START + 60, START + 60)
    assert found.state is ALARM
