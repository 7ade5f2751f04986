"""What the dashboard shows below the overview: in sane units, by route, with recent errors."""

import json
import re

import pytest

from stack.program import ProgramRun
from tests.components.bodies import body_widgets, thresholds, titled
from tests.components.small import RunWith


@pytest.mark.parametrize(
    ("title", "metric"),
    [("RDS Freeable Memory", "FreeableMemory"), ("RDS Free Storage", "FreeStorageSpace")],
)
def test_bytes_are_shown_in_gib(prod: ProgramRun, title: str, metric: str) -> None:
    """1 GiB = 1,073,741,824 bytes; the bytes themselves are hidden."""
    properties = titled(prod, title)["properties"]
    (source, drawn) = properties["metrics"]
    assert source[:2] == ["AWS/RDS", metric]
    assert source[-1]["visible"] is False
    assert drawn[0]["expression"] == f"{source[-1]['id']} / 1073741824"
    assert properties["yAxis"]["left"] == {"label": "GiB", "showUnits": False, "min": 0}


@pytest.mark.parametrize("title", ["RDS Read Latency (p90)", "RDS Write Latency (p90)"])
def test_latencies_are_shown_in_seconds(prod: ProgramRun, title: str) -> None:
    properties = titled(prod, title)["properties"]
    assert properties["yAxis"]["left"]["label"] == "seconds"
    assert properties["stat"] == "p90"


@pytest.mark.slow
def test_ids_are_distinct_within_a_graph(run_with: RunWith) -> None:
    run = run_with(
        "rds.b={instance: b, engine: mysql, instance_class: db.m7g.large,"
        " allocated_storage_gib: 50}",
        "app.api={service: api}",
    )
    for widget in body_widgets(run):
        rows = widget["properties"].get("metrics", [])
        ids = [
            cell["id"] for row in rows for cell in row if isinstance(cell, dict) and "id" in cell
        ]
        assert len(ids) == len(set(ids)), widget["properties"]["title"]
        assert all(re.fullmatch("[a-z][a-zA-Z0-9_]*", id_) for id_ in ids)


def test_running_and_desired_tasks(prod: ProgramRun) -> None:
    rows = titled(prod, "ECS Running Tasks")["properties"]["metrics"]
    assert [(row[0], row[1], row[-1]) for row in rows] == [
        ("ECS/ContainerInsights", "RunningTaskCount", {"label": "running"}),
        ("ECS/ContainerInsights", "DesiredTaskCount", {"label": "desired"}),
    ]


@pytest.mark.slow
def test_tasks_are_counted_by_their_samples_without_container_insights(run_with: RunWith) -> None:
    """Monitoring guide: SampleCount of CPUUtilization over one minute counts the tasks."""
    run = run_with("ecs.web.container_insights=false")
    properties = titled(run, "ECS Running Tasks")["properties"]
    (row,) = properties["metrics"]
    assert row[:2] == ["AWS/ECS", "CPUUtilization"]
    assert properties["stat"] == "SampleCount"
    assert row[-1]["period"] == 60


def test_percentiles_of_the_response_time(prod: ProgramRun) -> None:
    properties = titled(prod, "ALB Response Time Percentiles")["properties"]
    statistics = [row[-1].get("stat", properties["stat"]) for row in properties["metrics"]]
    assert statistics == ["p50", "p90", "p99"]


def test_hosts_are_shown_as_they_alarm(prod: ProgramRun) -> None:
    """An average would hide the one unhealthy task."""
    assert titled(prod, "ALB Healthy Hosts")["properties"]["stat"] == "Minimum"
    assert titled(prod, "ALB Unhealthy Hosts")["properties"]["stat"] == "Maximum"


def test_log_patterns_are_drawn_from_their_filters_metrics(stack: ProgramRun) -> None:
    rows = titled(stack, "Log events by pattern")["properties"]["metrics"]
    name = stack.exports["dashboard_name"].removeprefix(
        "Django-App-Overview-django-ecs-monitoring-"
    )
    assert [row[:2] for row in rows] == [
        [f"django-ecs-monitoring/{name}", f"logs.app.{pattern}"]
        for pattern in ("errors", "exceptions", "database-errors", "security", "workers-killed")
    ]


def test_recent_errors_are_a_table(prod: ProgramRun) -> None:
    """Logs Insights; SOURCE names the group, as the dashboard body's structure has it."""
    table = titled(prod, "Recent errors")
    assert table["type"] == "log"
    assert table["width"] == 24
    properties = table["properties"]
    assert properties["view"] == "table"
    source, *steps = properties["query"].split(" | ")
    assert source == "SOURCE '/ecs/django-app'"
    assert [step.split(" ")[0] for step in steps] == ["fields", "filter", "sort", "limit"]
    assert "sort @timestamp desc" in steps


@pytest.mark.slow
def test_recent_errors_of_several_groups(run_with: RunWith) -> None:
    run = run_with("logs.worker={group: /ecs/worker}", "logs.again={group: /ecs/worker}")
    query = titled(run, "Recent errors")["properties"]["query"]
    assert query.startswith("SOURCE '/ecs/django-app' | SOURCE '/ecs/worker' | fields ")
    assert query.count("SOURCE") == 2


def test_the_status_by_route_is_a_table_out_of_the_log(stack: ProgramRun) -> None:
    """Plain properties of each route's line (docs/django.md), in Logs Insights' own words."""
    table = titled(stack, "Status by route")
    assert (table["type"], table["width"]) == ("log", 24)
    assert table["properties"]["view"] == "table"
    assert table["properties"]["query"] == (
        "SOURCE '/ecs/django-app' "
        '| filter ispresent(Route) and Service in ["django-app-service"] '
        "| stats sum(Requests) as requests, sum(Status_2xx) as answered_2xx, "
        "sum(Status_3xx) as answered_3xx, sum(Status_4xx) as answered_4xx, "
        "sum(Status_5xx) as answered_5xx, sum(Status_disconnected) as disconnected, "
        "sum(Status_broken) as broken by Service, Method, Route "
        "| sort answered_5xx desc, requests desc | limit 50"
    )


def test_the_status_by_route_of_several_services(run_with: RunWith) -> None:
    run = run_with(
        "app.api={service: api, log_group: /ecs/api}",
        "app.again={service: again, log_group: /ecs/api}",
        "app.silent={service: silent}",
    )
    query = titled(run, "Status by route")["properties"]["query"]
    assert query.startswith("SOURCE '/ecs/django-app' | SOURCE '/ecs/api' | filter ispresent(")
    assert 'Service in ["django-app-service", "api", "again"] |' in query


def test_without_a_log_group_there_is_no_status_by_route(run_with: RunWith) -> None:
    drawn = json.dumps(body_widgets(run_with("app={web: {service: a}}")))
    assert "Requests by route" in drawn
    assert "Status by route" not in drawn


@pytest.mark.parametrize(
    ("title", "metric", "dimensions", "statistic"),
    [
        ("Requests by route", "Requests", "Service,Method,Route", "Sum"),
        ("Response time by route (p95)", "ResponseTime", "Service,Method,Route", "p95"),
        ("User actions", "Actions", "Service,Action", "Sum"),
        ("Failures by type", "Failures", "Service,Type", "Sum"),
    ],
)
def test_the_applications_metrics_are_searched(
    prod: ProgramRun, title: str, metric: str, dimensions: str, statistic: str
) -> None:
    """Monitoring guide, custom metrics: by endpoint, by action, by type of error.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
    """
    (row,) = titled(prod, title)["properties"]["metrics"]
    assert row[0]["expression"] == (
        f"SEARCH('{{Django/API,{dimensions}}} "
        f'MetricName="{metric}" Service="django-app-service"\', \'{statistic}\', 300)'
    )


@pytest.mark.slow
def test_every_application_is_searched_by_itself(run_with: RunWith) -> None:
    run = run_with("app.api={service: api}")
    rows = titled(run, "Requests by route")["properties"]["metrics"]
    services = [re.findall('Service="([^"]+)"', row[0]["expression"]) for row in rows]
    assert services == [["django-app-service"], ["api"]]


def test_status_classes_over_all_routes(prod: ProgramRun) -> None:
    """Monitoring guide, custom metrics: StatusCode_2xx to StatusCode_5xx."""
    rows = titled(prod, "Status classes")["properties"]["metrics"]
    assert [row[:4] for row in rows] == [
        ["Django/API", f"StatusCode_{n}xx", "Service", "django-app-service"] for n in (2, 3, 4, 5)
    ]


@pytest.mark.slow
def test_the_cache_hit_rate_in_percent(prod: ProgramRun, run_with: RunWith) -> None:
    """Monitoring guide, custom metrics: cache hit rate; its two counts are hidden."""
    properties = titled(prod, "Cache hit rate")["properties"]
    *counts, (rate,) = properties["metrics"]
    assert [row[:4] for row in counts] == [
        ["Django/API", name, "Service", "django-app-service"]
        for name in ("CacheHits", "CacheMisses")
    ]
    assert [row[-1]["visible"] for row in counts] == [False, False]
    hits, misses = (row[-1]["id"] for row in counts)
    assert rate["expression"] == (f"100 * FILL({hits}, 0) / (FILL({hits}, 0) + FILL({misses}, 0))")
    assert properties["yAxis"]["left"]["label"] == "%"
    alarmed = run_with("alarms={app.cache-hit-rate-low: {enabled: true}}")
    assert thresholds(titled(prod, "Cache hit rate")) == {}
    assert thresholds(titled(alarmed, "Cache hit rate")) == {"app.cache-hit-rate-low": 50}


def test_what_is_not_watched_is_not_drawn(run_with: RunWith) -> None:
    run = run_with("rds={}", "logs={}", "app={web: {service: django-app-service}}")
    drawn = json.dumps(body_widgets(run))
    assert "AWS/RDS" not in drawn
    assert "SOURCE" not in drawn
    assert "AWS/ECS" in drawn
