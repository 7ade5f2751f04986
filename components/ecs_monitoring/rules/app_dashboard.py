"""Graphs of Django services."""

from collections.abc import Mapping

from ecs_monitoring.catalog.metrics import MetricSheet, Reading
from ecs_monitoring.catalog.metrics import app as metrics
from ecs_monitoring.cloudwatch.graph import (
    DashboardPart,
    Graph,
    Line,
    LogTable,
    Search,
    SearchGraph,
    Section,
    graphs,
)
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.rules.app_target import HIT_RATE, AppTarget
from ecs_monitoring.rules.drawing import drawn_on, line_label, metric_graphs
from ecs_monitoring.rules.row import Scope
from ecs_monitoring.words import quoted


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
            formula=HIT_RATE,
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
                title="Application in progress",
                widgets=(
                    *graph(
                        "Requests in progress",
                        {metrics.REQUESTS_IN_PROGRESS.maximum: "most in a process"},
                    ),
                    *graph("Oldest request", {metrics.OLDEST_REQUEST_AGE.maximum: "age"}),
                    *graph("Busy threads", {metrics.THREADS_BUSY.average: "busy"}),
                    *graph(
                        "Given up and broken off",
                        {
                            metrics.DISCONNECTS.sum: "disconnects",
                            metrics.STREAMS_BROKEN.sum: "broken streams",
                        },
                    ),
                    *graph("Dropped measurements", {metrics.SAMPLES_DROPPED.sum: "dropped"}),
                ),
            ),
            *_tasks(targets, rules),
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
                    *_status_by_route(targets),
                ),
            ),
        )
    )


def _tasks(targets: Mapping[str, AppTarget], rules: tuple[AlarmRule, ...]) -> tuple[Section, ...]:
    """Graphs of the targets that run background tasks; no section where none does."""
    running = {name: target for name, target in targets.items() if target.background_tasks}
    if not running:
        return ()

    def graph(title: str, readings: Mapping[Reading, str]) -> tuple[Graph, ...]:
        return metric_graphs(title, running, readings, rules)

    return (
        Section(
            title="Background tasks",
            widgets=(
                *graph(
                    "Tasks",
                    {
                        metrics.TASKS.sum: "runs",
                        metrics.TASK_FAILURES.sum: "failures",
                        metrics.TASK_RETRIES.sum: "retries",
                    },
                ),
                *graph(
                    "Time of tasks (p95)",
                    {
                        metrics.TASK_TIME.percentile(95): "run",
                        metrics.TASK_WAIT.percentile(95): "in the queue",
                    },
                ),
                *graph("Tasks in progress", {metrics.TASKS_IN_PROGRESS.maximum: "in a process"}),
                *graph("Oldest task", {metrics.OLDEST_TASK_AGE.maximum: "age"}),
                *graph("Tasks in a queue", {metrics.QUEUE_LENGTH.maximum: "tasks"}),
                *graph("Age of the oldest task in a queue", {metrics.QUEUE_AGE.maximum: "age"}),
            ),
        ),
    )


def _status_by_route(targets: Mapping[str, AppTarget]) -> tuple[LogTable, ...]:
    """A table out of the lines of each route, which say more than is paid for as metrics.

    Nothing is asked, and nothing to pay, until somebody opens the dashboard.
    """
    read = [target for target in targets.values() if target.log_group]
    if not read:
        return ()
    services = ", ".join(quoted(name) for name in dict.fromkeys(t.service for t in read))
    sums = ", ".join(f"sum({name}) as {title}" for title, name in metrics.ROUTE_PROPERTIES.items())
    query = (
        f"filter ispresent(Route) and Service in [{services}] "
        f"| stats {sums} by Service, Method, Route "
        "| sort answered_5xx desc, requests desc | limit 50"
    )
    groups = dict.fromkeys(str(target.log_group) for target in read)
    return (LogTable(title="Status by route", query=query, groups=tuple(groups)),)


def _search(
    title: str,
    targets: Mapping[str, AppTarget],
    sheet: MetricSheet,
    statistic: str,
    dimensions: tuple[str, ...] = (),
) -> tuple[SearchGraph, ...]:
    searches = tuple(
        Search(
            namespace=sheet.namespace,
            dimensions=dimensions or sheet.dimensions,
            metric=sheet.name,
            where={"Service": target.service},
            statistic=statistic,
        )
        for target in targets.values()
    )
    return (SearchGraph(title=title, searches=searches),)
