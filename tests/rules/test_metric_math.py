"""What the rules' metric math computes, on numbers worked out by hand."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.expression import MetricMath
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "IF": lambda condition, then, otherwise: then if condition else otherwise,
    "FILL": lambda series, filling: filling if series is None else series,
}


def computed(rule: AlarmRule, **datapoints: float | None) -> float:
    """The watched series in a period with these datapoints, by metric name; ``None`` is none."""
    assert isinstance(rule.signal, MetricMath)
    values: dict[str, Any] = {}
    for query in rule.signal.queries:
        if isinstance(query.source, str):
            values[query.id] = eval(query.source, dict(FUNCTIONS), values)
        else:
            values[query.id] = datapoints[query.source.name]
    return float(values[rule.signal.returned])


def breaches(rule: AlarmRule, value: float) -> bool:
    assert isinstance(rule.threshold, int | float)
    return {
        Comparison.AT_LEAST: value >= rule.threshold,
        Comparison.ABOVE: value > rule.threshold,
        Comparison.BELOW: value < rule.threshold,
        Comparison.AT_MOST: value <= rule.threshold,
    }[rule.comparison]


@pytest.mark.parametrize(
    ("requests", "errors", "rate", "breaching"),
    [
        # Under 20 requests in the minute a rate says nothing.
        (19, 19, 0, False),
        (1, 1, 0, False),
        (20, 1, 5, True),
        (20, 0, 0, False),
        (20, 20, 100, True),
        (1000, 49, 4.9, False),
        (1000, 50, 5, True),
        # No 5xx count at all means no errors.
        (500, None, 0, False),
    ],
)
def test_the_error_rate_has_a_minimum_volume(
    requests: float,
    errors: float | None,
    rate: float,
    breaching: bool,
    rule_of: Callable[..., AlarmRule],
) -> None:
    rule = rule_of("alb.target-5xx-rate")
    value = computed(rule, RequestCount=requests, HTTPCode_Target_5XX_Count=errors)
    assert value == pytest.approx(rate)
    assert breaches(rule, value) is breaching


@pytest.mark.parametrize(
    ("desired", "running", "missing", "breaching"),
    [
        (4, 4, 0, False),
        (4, 3, 1, True),
        (4, 0, 4, True),
        # Scaled down on purpose, but below the floor of two.
        (1, 1, 1, True),
        (0, 0, 2, True),
        (2, 2, 0, False),
        # More than desired, during a deployment.
        (4, 8, -4, False),
    ],
)
def test_tasks_are_missing_below_the_desired_count_and_below_the_floor(
    desired: float,
    running: float,
    missing: float,
    breaching: bool,
    rule_of: Callable[..., AlarmRule],
) -> None:
    rule = rule_of("ecs.tasks-low", min_running_tasks=2)
    value = computed(rule, DesiredTaskCount=desired, RunningTaskCount=running)
    assert value == missing
    assert breaches(rule, value) is breaching


@pytest.mark.parametrize(
    ("hits", "misses", "rate", "breaching"),
    [
        (90, 10, 90, False),
        (50, 50, 50, False),
        (49, 51, 49, True),
        (None, 8, 0, True),
        (8, None, 100, False),
    ],
)
def test_the_cache_hit_rate_counts_missing_hits_as_none(
    hits: float | None,
    misses: float | None,
    rate: float,
    breaching: bool,
    rule_of: Callable[..., AlarmRule],
) -> None:
    on = {"app.cache-hit-rate-low": AlarmOverride(enabled=True)}
    rule = rule_of("app.cache-hit-rate-low", overrides=on)
    value = computed(rule, CacheHits=hits, CacheMisses=misses)
    assert value == pytest.approx(rate)
    assert breaches(rule, value) is breaching


@pytest.mark.parametrize(
    ("milliseconds", "seconds", "breaching"),
    [(60_000, 60, False), (60_001, 60.001, True), (20, 0.02, False)],
)
def test_auroras_replica_lag_is_in_seconds(
    milliseconds: float, seconds: float, breaching: bool, rule_of: Callable[..., AlarmRule]
) -> None:
    # "AuroraReplicaLag … Milliseconds":
    # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
    rule = rule_of("rds.replica-lag", engine="aurora-postgresql")
    value = computed(rule, AuroraReplicaLag=milliseconds)
    assert value == pytest.approx(seconds)
    assert breaches(rule, value) is breaching
    assert rule.condition == "AuroraReplicaLag Maximum > 60 s"


@pytest.mark.parametrize("key", ["alb.target-5xx-rate", "ecs.tasks-low", "app.cache-hit-rate-low"])
def test_the_metrics_of_one_formula_share_their_statistic(
    key: str, rule_of: Callable[..., AlarmRule]
) -> None:
    rule = rule_of(key, overrides={key: AlarmOverride(enabled=True)})
    statistics = {metric.statistic for metric in rule.metrics}
    assert statistics == {"Average" if key == "ecs.tasks-low" else "Sum"}


@pytest.mark.parametrize(
    ("key", "condition"),
    [
        ("alb.target-5xx-rate", "5xx rate (>= 20 requests) >= 5 %"),
        ("ecs.tasks-low", "tasks missing of desired (at least 2) > 0"),
    ],
)
def test_formulas_read_in_words(
    key: str, condition: str, rule_of: Callable[..., AlarmRule]
) -> None:
    assert rule_of(key).condition == condition


@pytest.mark.parametrize("floor", [1, 3])
def test_without_container_insights_cpu_samples_count_the_tasks(
    floor: int, rule_of: Callable[..., AlarmRule]
) -> None:
    # "The value displayed in the graph indicates the number of RUNNING tasks in the service":
    # https://github.com/awsdocs/amazon-ecs-developer-guide/blob/master/doc_source/cloudwatch-metrics.md
    rule = rule_of("ecs.tasks-low", container_insights=False, min_running_tasks=floor)
    assert rule.condition == f"tasks missing of {floor} > 0"
    assert f" runs fewer than {floor} tasks (min_running_tasks); look first" in rule.description
    (metric,) = rule.metrics
    assert (metric.namespace, metric.name, metric.statistic) == (
        *("AWS/ECS", "CPUUtilization", "SampleCount"),
    )
    assert (rule.period, rule.evaluation_periods, rule.treat_missing_data) == (60, 5, "breaching")
