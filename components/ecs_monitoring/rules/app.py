"""The Django application's own metrics, in the namespace that its middleware publishes to.

Every metric exists rolled up by ``Service`` alone, which the alarms use, and by ``Service``,
``Method`` and ``Route``, which the dashboard searches.
"""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.graph import (
    DashboardPart,
    Line,
    SearchGraph,
    Section,
    graphs,
    search,
    search_graphs,
)
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, MissingData, Severity
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules.drawing import line_label, metric_graphs, with_key
from ecs_monitoring.rules.plan import Kind, Plan, Scope
from ecs_monitoring.rules.target import DimensionValue, Target

SERVER_ERRORS: Final = "app.server-errors"
LATENCY_P95: Final = "app.latency-p95"
CACHE_HIT_RATE_LOW: Final = "app.cache-hit-rate-low"

NAMESPACE: Final = "Django/API"

ROUTE_DIMENSIONS: Final = ("Service", "Method", "Route")

# A period with misses alone has no hits datapoint at all, and is a rate of 0.
_HIT_RATE: Final = "100 * FILL({id}, 0) / (FILL({id}, 0) + FILL({misses}, 0))"

STATUS_CLASSES: Final = ("2xx", "3xx", "4xx", "5xx")


def _searchable(value: str) -> str:
    # A SEARCH expression stands in single quotes, and AWS documents no way to write one in it.
    if "'" in value:
        raise ValueError("has a single quote, for which no metric can be searched: leave it out")
    return value


class AppTarget(Target):
    """A Django service that publishes its own metrics."""

    service: Annotated[
        DimensionValue, AfterValidator(_searchable), Field(examples=["django-app-service"])
    ]
    """The value of the Service dimension that the application publishes under."""

    def metric(self, name: str, statistic: str) -> Metric:
        """A metric of the application, over all its routes."""
        return Metric(
            namespace=NAMESPACE,
            name=name,
            dimensions={"Service": self.service},
            statistic=statistic,
        )


def app_rules(scope: Scope, name: str, target: AppTarget) -> Plan:
    """The default rules of an application."""
    where = f"Django service {target.service}"
    # The application counts what happens: no data means that nothing happened.
    rule = partial(
        AlarmRule,
        target=name,
        severity=Severity.WARNING,
        treat_missing_data=MissingData.NOT_BREACHING,
    )
    return Plan(
        (
            rule(
                key=SERVER_ERRORS,
                title="Application server errors",
                meaning=f"{where} answers with 5xx; look first at which routes fail.",
                signal=target.metric("StatusCode_5xx", "Sum"),
                comparison=Comparison.AT_LEAST,
                threshold=5,
                unit=Unit.COUNT,
                period=60,
                evaluation_periods=1,
            ),
            rule(
                key=LATENCY_P95,
                title="Application slow",
                meaning=(
                    f"the slowest twentieth of the requests to {where} takes too long; look "
                    "first at the slowest routes and their queries."
                ),
                signal=target.metric("ResponseTime", "p95"),
                comparison=Comparison.AT_LEAST,
                threshold=2,
                unit=Unit.SECONDS,
                period=60,
                evaluation_periods=5,
            ),
            rule(
                key=CACHE_HIT_RATE_LOW,
                title="Cache hit rate low",
                meaning=(
                    f"most cache reads of {where} miss; look first at evictions and at whether "
                    "keys or timeouts changed."
                ),
                signal=_hit_rate(target),
                comparison=Comparison.BELOW,
                threshold=50,
                unit=Unit.PERCENT,
                period=300,
                evaluation_periods=3,
                # A cold or unused cache is normal for many applications.
                enabled=False,
            ),
        )
    )


def _hit_rate(target: AppTarget) -> MetricMath:
    return MetricMath(
        queries=(
            MetricQuery(id="hits", source=target.metric("CacheHits", "Sum")),
            MetricQuery(id="misses", source=target.metric("CacheMisses", "Sum")),
            MetricQuery(
                id="rate",
                source=_HIT_RATE.format(id="hits", misses="misses"),
                label="cache hit rate",
            ),
        ),
        returned="rate",
    )


def app_dashboard(
    scope: Scope, targets: Mapping[str, AppTarget], rules: tuple[AlarmRule, ...]
) -> DashboardPart:
    """The guide's five custom metrics, over all routes and by route."""
    return DashboardPart(
        sections=(
            Section(
                title="Application",
                widgets=(
                    *metric_graphs(
                        "Status classes",
                        targets,
                        {f"StatusCode_{name}": name for name in STATUS_CLASSES},
                        "Sum",
                        with_key(rules, SERVER_ERRORS),
                    ),
                    *metric_graphs(
                        "Response time (p95)",
                        targets,
                        {"ResponseTime": "p95"},
                        "p95",
                        with_key(rules, LATENCY_P95),
                    ),
                    *graphs(
                        "Cache hit rate",
                        [
                            Line(
                                metric=target.metric("CacheHits", "Sum"),
                                others={"misses": target.metric("CacheMisses", "Sum")},
                                formula=_HIT_RATE,
                                label=line_label(targets, name, "hit rate"),
                            )
                            for name, target in targets.items()
                        ],
                        rules=with_key(rules, CACHE_HIT_RATE_LOW),
                        axis="%",
                    ),
                    *_search("User actions", targets, ("Service", "Action"), "Actions", "Sum"),
                    *_search("Failures by type", targets, ("Service", "Type"), "Failures", "Sum"),
                ),
            ),
            Section(
                title="Application by route",
                widgets=(
                    *_search("Requests by route", targets, ROUTE_DIMENSIONS, "Requests", "Sum"),
                    *_search(
                        "Response time by route (p95)",
                        targets,
                        ROUTE_DIMENSIONS,
                        "ResponseTime",
                        "p95",
                    ),
                ),
            ),
        )
    )


def _search(
    title: str,
    targets: Mapping[str, AppTarget],
    dimensions: tuple[str, ...],
    metric: str,
    statistic: str,
) -> tuple[SearchGraph, ...]:
    found = [
        search(NAMESPACE, dimensions, metric, {"Service": target.service}, statistic)
        for target in targets.values()
    ]
    return search_graphs(title, found)


APP: Final = Kind(
    key="app",
    title="Applications",
    target=AppTarget,
    keys=(SERVER_ERRORS, LATENCY_P95, CACHE_HIT_RATE_LOW),
    rules=app_rules,
    dashboard=app_dashboard,
)
