"""The application's own metrics: the contract of their dimensions."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.widget import Widget
from ecs_monitoring.rules import APP
from ecs_monitoring.rules.app_target import AppTarget
from ecs_monitoring.rules.plan import Plan
from tests.cloudwatch.written import all_panels, written

SEARCH = re.compile(
    r"SEARCH\('\{(?P<schema>[^}]+)\} MetricName=\"(?P<metric>\w+)\" "
    r"Service=\"(?P<service>(?:[^\"\\]|\\.)+)\"', '(?P<statistic>\w+)', (?P<period>\d+)\)"
)


def widgets(targets: Mapping[str, AppTarget], scope: Any) -> list[Widget]:
    part = APP.dashboard(scope, targets, ())
    assert part.overview == ()
    return [widget for widget in written(all_panels(part)) if widget.type == "metric"]


def searches(targets: Mapping[str, AppTarget], scope: Any) -> list[re.Match[str]]:
    found = []
    for widget in widgets(targets, scope):
        for entry in widget.properties["metrics"]:
            # Metric math over metrics of the graph is no search.
            if "expression" in entry[-1] and "FILL" not in entry[-1]["expression"]:
                match = SEARCH.fullmatch(entry[-1]["expression"])
                assert match, entry
                found.append(match)
    return found


def test_alarms_read_the_metrics_rolled_up_by_service(plan_of: Callable[..., Plan]) -> None:
    on = {key: AlarmOverride(enabled=True) for key in APP.keys}
    metrics = [metric for rule in plan_of(APP, overrides=on).rules for metric in rule.metrics]
    assert {metric.name for metric in metrics} >= {"StatusCode_5xx", "ResponseTime"}
    assert all(metric.namespace == "Django/API" for metric in metrics)
    assert all(metric.dimensions == {"Service": "django-app-service"} for metric in metrics)


def test_the_dashboard_searches_by_route_what_the_middleware_publishes_so(
    target_of: Callable[..., Any], scope_of: Callable[..., Any]
) -> None:
    found = {
        match["metric"]: (match["schema"], match["statistic"], match["service"])
        for match in searches({"web": target_of(APP)}, scope_of(APP))
    }
    service = "django-app-service"
    assert found == {
        "Requests": ("Django/API,Service,Method,Route", "Sum", service),
        "ResponseTime": ("Django/API,Service,Method,Route", "p95", service),
        "Actions": ("Django/API,Service,Action", "Sum", service),
        "Failures": ("Django/API,Service,Type", "Sum", service),
    }


def test_the_dashboard_draws_status_classes_and_latency_over_all_routes(
    target_of: Callable[..., Any], scope_of: Callable[..., Any]
) -> None:
    drawn = {
        entry[1]
        for widget in widgets({"web": target_of(APP)}, scope_of(APP))
        for entry in widget.properties["metrics"]
        if len(entry) > 1
    }
    assert {f"StatusCode_{name}" for name in ("2xx", "3xx", "4xx", "5xx")} <= drawn
    assert {"ResponseTime", "CacheHits", "CacheMisses"} <= drawn


def test_the_cache_hit_rate_is_drawn_with_its_threshold(
    target_of: Callable[..., Any], scope_of: Callable[..., Any], plan_of: Callable[..., Plan]
) -> None:
    # The monitoring guide's fifth custom metric; 50 % is the alarm's default.
    on = {"app.cache-hit-rate-low": AlarmOverride(enabled=True)}
    rules = plan_of(APP, overrides=on).rules
    part = APP.dashboard(scope_of(APP), {"web": target_of(APP)}, rules)
    (graph,) = (
        widget
        for widget in written(all_panels(part))
        if widget.properties["title"] == "Cache hit rate"
    )
    hits, misses, rate = graph.properties["metrics"]
    assert (hits[1], hits[-1]["visible"]) == ("CacheHits", False)
    assert (misses[1], misses[-1]["visible"]) == ("CacheMisses", False)
    assert rate[0]["expression"] == "100 * FILL(m0, 0) / (FILL(m0, 0) + FILL(misses0, 0))"
    assert (hits[-1]["id"], misses[-1]["id"]) == ("m0", "misses0")
    assert [line["value"] for line in graph.properties["annotations"]["horizontal"]] == [50]


# "When you perform an exact match search, the following characters must be escaped with a
# backslash: " \ ( )":
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
@pytest.mark.parametrize(
    ("service", "escaped"),
    [
        ("billing", "billing"),
        ("billing (eu)", r"billing \(eu\)"),
        (r"a\b", r"a\\b"),
        ('the "big" one', r"the \"big\" one"),
    ],
)
def test_a_services_name_is_escaped_in_searches(
    service: str,
    escaped: str,
    target_of: Callable[..., Any],
    scope_of: Callable[..., Any],
) -> None:
    found = searches({"web": target_of(APP, service=service)}, scope_of(APP))
    assert {match["service"] for match in found} == {escaped}


# "The maximum search expression query size is 1024 characters. You can have as many as 100 search
# expressions on one graph." (same page)
def test_searches_keep_to_cloudwatchs_limits(
    target_of: Callable[..., Any], scope_of: Callable[..., Any]
) -> None:
    many = {f"t{n}": target_of(APP, service=f"{n:03}" + "s" * 252) for n in range(101)}
    for widget in widgets(many, scope_of(APP)):
        drawn = [e[-1]["expression"] for e in widget.properties["metrics"] if len(e) == 1]
        expressions = [expression for expression in drawn if "SEARCH" in expression]
        assert len(expressions) <= 100
        assert all(len(expression) <= 1024 for expression in expressions)
    assert len(searches(many, scope_of(APP))) == 4 * 101


@pytest.mark.parametrize(
    "service", ["", " web", "w" * 1025, "caf\N{LATIN SMALL LETTER E WITH ACUTE}"]
)
def test_a_service_that_no_metric_can_have(service: str, target_of: Callable[..., Any]) -> None:
    with pytest.raises(ValidationError):
        target_of(APP, service=service)
