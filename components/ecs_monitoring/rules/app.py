"""The Django application's own metrics, as its middleware publishes them."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from ecs_monitoring.catalog.metrics import MetricSheet, Reading
from ecs_monitoring.catalog.metrics import app as metrics
from ecs_monitoring.cloudwatch.graph import (
    DashboardPart,
    Graph,
    Line,
    SearchGraph,
    Section,
    graphs,
    search,
    search_graphs,
)
from ecs_monitoring.cloudwatch.rule import AlarmRule, MissingData, Severity
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules.drawing import drawn_on, line_label, metric_graphs
from ecs_monitoring.rules.plan import Kind
from ecs_monitoring.rules.row import GUIDE, Math, Rule, Scope, at_least, below
from ecs_monitoring.rules.target import DimensionValue, Target

# A period with misses alone has no hits datapoint at all, and is a rate of 0.
_HIT_RATE: Final = "100 * FILL({id}, 0) / (FILL({id}, 0) + FILL({misses}, 0))"


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
    """The value of the ``Service`` dimension in the namespace ``Django/API``."""

    def where(self, part: str = "") -> str:
        """The service."""
        return f"Django service {self.service}"

    def dimensions(self, part: str = "") -> Mapping[str, str]:
        """Over all routes."""
        return {"Service": self.service}


# The application counts what happens: no data means that nothing happened.
_Rule = partial(
    Rule[AppTarget], missing=MissingData.NOT_BREACHING, source=f"{GUIDE}, custom metrics"
)

ROWS: Final[tuple[Rule[AppTarget], ...]] = (
    _Rule(
        "app.server-errors",
        Severity.WARNING,
        "Application server errors",
        on=metrics.STATUS_CODES["5xx"].sum,
        when=at_least(5),
        held="1 of 1 x 60 s",
        drawn_on="Status classes",
        means="{where} answers with 5xx; look first at which routes fail.",
    ),
    _Rule(
        "app.latency-p95",
        Severity.WARNING,
        "Application slow",
        on=metrics.RESPONSE_TIME.percentile(95),
        when=at_least(2),
        held="5 of 5 x 60 s",
        drawn_on="Response time (p95)",
        means="the slowest twentieth of the requests to {where} takes too long; look first at "
        "the slowest routes and their queries.",
    ),
    _Rule(
        "app.cache-hit-rate-low",
        Severity.WARNING,
        "Cache hit rate low",
        on=Math(
            reads={"hits": metrics.CACHE_HITS.sum, "misses": metrics.CACHE_MISSES.sum},
            expression=_HIT_RATE.format(id="hits", misses="misses"),
            returns="rate",
            label="cache hit rate",
            unit=Unit.PERCENT,
            highest=100,
        ),
        when=below(50),
        held="3 of 3 x 300 s",
        drawn_on="Cache hit rate",
        means="most cache reads of {where} miss; look first at evictions and at whether keys "
        "or timeouts changed.",
        # A cold or unused cache is normal for many applications.
        enabled=False,
    ),
)


def app_dashboard(
    scope: Scope, targets: Mapping[str, AppTarget], rules: tuple[AlarmRule, ...]
) -> DashboardPart:
    """The guide's five custom metrics, over all routes and by route."""

    def graph(title: str, readings: Mapping[Reading, str]) -> tuple[Graph, ...]:
        return metric_graphs(title, targets, readings, rules)

    hit_rate = [
        Line(
            metric=metrics.CACHE_HITS.sum.of(target.dimensions()),
            others={"misses": metrics.CACHE_MISSES.sum.of(target.dimensions())},
            formula=_HIT_RATE,
            label=line_label(targets, name, "hit rate"),
        )
        for name, target in targets.items()
    ]
    return DashboardPart(
        sections=(
            Section(
                title="Application",
                widgets=(
                    *graph(
                        "Status classes",
                        {sheet.sum: status for status, sheet in metrics.STATUS_CODES.items()},
                    ),
                    *graph("Response time (p95)", {metrics.RESPONSE_TIME.percentile(95): "p95"}),
                    *graphs(
                        "Cache hit rate",
                        hit_rate,
                        rules=drawn_on("Cache hit rate", rules),
                        axis="%",
                    ),
                    *_search("User actions", targets, metrics.ACTIONS, "Sum"),
                    *_search("Failures by type", targets, metrics.FAILURES, "Sum"),
                ),
            ),
            Section(
                title="Application by route",
                widgets=(
                    *_search("Requests by route", targets, metrics.REQUESTS, "Sum"),
                    *_search(
                        "Response time by route (p95)",
                        targets,
                        metrics.RESPONSE_TIME,
                        "p95",
                        metrics.ROUTE,
                    ),
                ),
            ),
        )
    )


def _search(
    title: str,
    targets: Mapping[str, AppTarget],
    sheet: MetricSheet,
    statistic: str,
    dimensions: tuple[str, ...] = (),
) -> tuple[SearchGraph, ...]:
    searches = [
        search(
            sheet.namespace,
            dimensions or sheet.dimensions,
            sheet.name,
            {"Service": target.service},
            statistic,
        )
        for target in targets.values()
    ]
    return search_graphs(title, searches)


APP: Final = Kind(
    key="app",
    title="Applications",
    describes="Django services that publish metrics of their own.",
    target=AppTarget,
    rows=ROWS,
    dashboard=app_dashboard,
)
