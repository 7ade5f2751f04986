"""How a rule reads: condition, schedule, description, address, quantities."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, MissingData, NoThreshold, Severity
from ecs_monitoring.cloudwatch.units import Unit, format_number, format_quantity

LATENCY = Metric(namespace="AWS/ApplicationELB", name="TargetResponseTime", statistic="p99")
MATH = MetricMath(
    queries=(
        MetricQuery(id="m", source=LATENCY),
        MetricQuery(id="twice", source="m * 2", label="twice the latency"),
    ),
    returned="twice",
)


def rule(**changes: Any) -> AlarmRule:
    fields: dict[str, Any] = {
        "key": "alb.latency-p99",
        "target": "main",
        "title": "Slow",
        "meaning": "main answers slowly.",
        "severity": Severity.WARNING,
        "signal": LATENCY,
        "comparison": Comparison.AT_LEAST,
        "threshold": 5,
        "unit": Unit.SECONDS,
        "period": 60,
        "evaluation_periods": 5,
        "treat_missing_data": MissingData.NOT_BREACHING,
    }
    return AlarmRule(**{**fields, **changes})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "TargetResponseTime p99 >= 5 s"),
        ({"comparison": Comparison.ABOVE}, "TargetResponseTime p99 > 5 s"),
        ({"comparison": Comparison.BELOW}, "TargetResponseTime p99 < 5 s"),
        ({"comparison": Comparison.AT_MOST}, "TargetResponseTime p99 <= 5 s"),
        ({"threshold": 0.02}, "TargetResponseTime p99 >= 0.02 s"),
        ({"signal": MATH}, "twice the latency >= 5 s"),
        ({"threshold": NoThreshold("f", "v", "r")}, "TargetResponseTime p99 >= ?"),
    ],
)
def test_the_condition_reads_like_a_formula(changes: dict[str, Any], words: str) -> None:
    assert rule(**changes).condition == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "5 of 5 x 60 s"),
        ({"datapoints_to_alarm": 3}, "3 of 5 x 60 s"),
        ({"evaluation_periods": 1, "period": 300}, "1 of 1 x 300 s"),
    ],
)
def test_the_schedule_is_m_of_n(changes: dict[str, Any], words: str) -> None:
    assert rule(**changes).schedule == words


def test_the_description_is_title_meaning_runbook() -> None:
    described = rule(runbook="docs/runbooks.md#alblatency-p99").description
    assert described == "Slow: main answers slowly. Runbook: docs/runbooks.md#alblatency-p99"


def test_the_description_says_where_a_threshold_comes_from_before_the_runbook() -> None:
    described = rule(basis="The threshold is a guess.", runbook="page").description
    assert described == "Slow: main answers slowly. The threshold is a guess. Runbook: page"


@pytest.mark.parametrize(
    ("part", "address"),
    [("", "alb.latency-p99@main"), ("api", "alb.latency-p99@main/api")],
)
def test_the_address_names_rule_target_and_part(part: str, address: str) -> None:
    assert rule(part=part).address == address


@pytest.mark.parametrize(
    ("signal", "metrics"), [(LATENCY, (LATENCY,)), (MATH, (LATENCY,))], ids=["metric", "math"]
)
def test_the_metrics_are_those_that_are_read(
    signal: Metric | MetricMath, metrics: tuple[Metric, ...]
) -> None:
    assert rule(signal=signal).metrics == metrics


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (80, "80"),
        (80.0, "80"),
        (0, "0"),
        (0.02, "0.02"),
        (145.6, "145.6"),
        (100, "100"),
        (1e9, "1,000,000,000"),
        (-1.5, "-1.5"),
        (1e-6, "0.000001"),
    ],
)
def test_numbers_have_neither_exponents_nor_trailing_zeros(value: float, words: str) -> None:
    assert format_number(value) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (80, Unit.PERCENT, "80 %"),
        (2, Unit.SECONDS, "2 s"),
        (5, Unit.COUNT, "5"),
        # 10 % of 16 GiB, of 100 GiB, of 2 GiB.
        (1_717_986_918.4, Unit.BYTES, "1.6 GiB"),
        (10_737_418_240, Unit.BYTES, "10 GiB"),
        (214_748_364.8, Unit.BYTES, "204.8 MiB"),
        (1_073_741_824, Unit.BYTES, "1 GiB"),
        (536_870_912, Unit.BYTES, "512 MiB"),
    ],
)
def test_quantities_read_as_a_person_writes_them(value: float, unit: Unit, words: str) -> None:
    assert format_quantity(value, unit) == words


@given(st.floats(min_value=1, max_value=2**50) | st.integers(1, 2**50))
def test_bytes_never_read_as_nothing(value: float) -> None:
    # A threshold written in the wrong unit must be seen as such.
    assert not format_quantity(value, Unit.BYTES).startswith("0 ")


@given(st.integers(0, 10**15), st.integers(0, 6))
def test_a_number_in_words_is_the_number(whole: int, places: int) -> None:
    value = whole / 10**places
    assert float(format_number(value).replace(",", "")) == pytest.approx(value, abs=1e-9)
