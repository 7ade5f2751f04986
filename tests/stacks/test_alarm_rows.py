"""Alarms, events and dashboards of a run as rows."""

from dataclasses import replace
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from stack.definitions import AlarmPreview, alarm_previews, series_of
from stack.events import EVENT_RULE, EVENT_TARGET, EventPreview, event_previews
from stack.grid import PlacedWidget, dashboard_grids
from stack.program import Registration
from tests.registrations import (
    dashboard,
    error_rate,
    metric_alarm,
    registered,
    run_of,
    topic_arn,
)

UNKNOWN = object()
"""Stands for what only a deployment can know."""

CRITICAL = topic_arn("shop-critical")
CPU = metric_alarm("ecs.cpu-high@web", "critical", CRITICAL)
CPU_ROW = AlarmPreview(
    address=AlarmAddress("ecs.cpu-high@web"),
    name="shop-prod-ecs.cpu-high@web",
    kind="ecs",
    dimensions=("ClusterName=main, ServiceName=web",),
    condition="CPUUtilization Average >= 80 %",
    threshold=80.0,
    schedule="3 of 5 x 60 s",
    missing_data="missing",
    severity="critical",
    topics=("shop-critical",),
    metrics=1,
    period=60,
    region="",
    description="CPU",
)


RATE_ROW = AlarmPreview(
    address=AlarmAddress("app.error-rate@web"),
    name="shop-prod-app.error-rate@web",
    kind="app",
    dimensions=("Service=web", "Queue=x"),
    condition="share of errors >= 80 %",
    threshold=80.0,
    schedule="3 of 5 x 300 s",
    missing_data="missing",
    severity="warning",
    topics=(),
    metrics=3,
    period=300,
    region="",
    description="CPU",
)


@pytest.mark.parametrize(
    ("made", "row"),
    [
        (CPU, CPU_ROW),
        (error_rate(label="share of errors"), RATE_ROW),
        (error_rate(), replace(RATE_ROW, condition="bad / all >= 80 %")),
        (
            metric_alarm(
                "ecs.cpu-high@web",
                "critical",
                CRITICAL,
                threshold=UNKNOWN,
                dimensions=UNKNOWN,
                region="us-east-1",
                statistic=None,
                extendedStatistic="p99",
            ),
            replace(
                CPU_ROW,
                threshold=None,
                dimensions=("(known after deployment)",),
                condition="CPUUtilization p99 >= (known after deployment)",
                region="us-east-1",
            ),
        ),
        (
            metric_alarm("ecs.cpu-high@web", "critical", CRITICAL, dimensions=None),
            replace(CPU_ROW, dimensions=("",)),
        ),
    ],
    ids=["metric", "math with label", "math", "unknown", "no dimensions"],
)
def test_an_alarm_in_words(made: Registration, row: AlarmPreview) -> None:
    assert alarm_previews(run_of(made), ()) == [row]


def test_the_row_of_an_alarm_for_scripts() -> None:
    assert CPU_ROW.as_json() == {
        "address": "ecs.cpu-high@web",
        "name": "shop-prod-ecs.cpu-high@web",
        "kind": "ecs",
        "dimensions": ("ClusterName=main, ServiceName=web",),
        "condition": "CPUUtilization Average >= 80 %",
        "threshold": 80.0,
        "schedule": "3 of 5 x 60 s",
        "missing_data": "missing",
        "severity": "critical",
        "topics": ("shop-critical",),
        "metrics": 1,
        "period": 60,
        "region": "",
        "description": "CPU",
    }


def test_alarms_by_kind_in_the_order_given_and_by_address_those_of_no_kind_last() -> None:
    addresses = ("a.x@b", "rds.up@a", "ecs.z@b", "ecs.a@c", "delivery.y@b")
    run = run_of(*(metric_alarm(address) for address in addresses))
    assert [row.address for row in alarm_previews(run, ("rds", "ecs"))] == [
        "rds.up@a",
        "ecs.a@c",
        "ecs.z@b",
        "a.x@b",
        "delivery.y@b",
    ]


def test_the_metrics_that_an_alarm_reads() -> None:
    assert series_of(CPU) == {("AWS/ECS", "CPUUtilization", "ClusterName=main, ServiceName=web")}
    assert series_of(error_rate()) == {
        ("Shop", "All", "Service=web"),
        ("Shop", "Bad", "Service=web"),
        ("Shop", "Late", "Queue=x"),
    }


def event(
    name: str, key: str, region: str = "", pattern: object = '{"source": ["aws.ecs"]}'
) -> Any:
    inputs = {
        "name": name,
        "description": f"Tells of: {name} of web",
        "eventPattern": pattern,
        "tags": {"EventKey": key, "Severity": "warning"},
    }
    return registered(EVENT_RULE, name, {**inputs, **({"region": region} if region else {})})


def target(rule: str, arn: str, region: str = "") -> Registration:
    inputs = {"rule": rule, "arn": arn, **({"region": region} if region else {})}
    return registered(EVENT_TARGET, rule, inputs)


def test_events_in_the_order_of_the_settings_with_the_topics_of_their_own_region() -> None:
    run = run_of(
        event("unheard", "shop.unheard-of", pattern=UNKNOWN),
        event("z", "ecs.start-impaired"),
        event("a", "ecs.start-impaired", "us-east-1"),
        event("failed", "ecs.out-of-memory"),
        target("z", CRITICAL),
        target("z", topic_arn("elsewhere", "us-east-1"), "us-east-1"),
        target("a", topic_arn("outside", "us-east-1"), "us-east-1"),
        target("failed", topic_arn("first")),
        target("failed", topic_arn("second")),
    )
    impaired = EventPreview(
        key="ecs.start-impaired",
        name="z",
        title="ECS tasks keep failing to start",
        about="z of web",
        severity="warning",
        topics=("shop-critical",),
        pattern={"source": ["aws.ecs"]},
        only_sent="",
        region="",
    )
    rows = event_previews(run)
    assert rows == [
        replace(impaired, name="a", about="a of web", topics=("outside",), region="us-east-1"),
        impaired,
        EventPreview(
            key="ecs.out-of-memory",
            name="failed",
            title="ECS task killed for memory",
            about="failed of web",
            severity="warning",
            topics=("first", "second"),
            pattern={"source": ["aws.ecs"]},
            only_sent="where the container's first process is killed; of a killed worker, the "
            "gunicorn alarm on the log tells",
            region="",
        ),
        replace(
            impaired,
            key="shop.unheard-of",
            name="unheard",
            title="shop.unheard-of",
            about="unheard of web",
            topics=(),
            pattern=None,
        ),
    ]
    assert rows[1].as_json() == {
        "key": "ecs.start-impaired",
        "name": "z",
        "title": "ECS tasks keep failing to start",
        "about": "z of web",
        "severity": "warning",
        "topics": ("shop-critical",),
        "pattern": {"source": ["aws.ecs"]},
        "only_sent": "",
        "region": "",
    }


BODY = """{"widgets": [
  {"x": 12, "y": 6, "width": 4, "height": 3, "type": "metric", "properties": {"title": "CPU"}},
  {"x": 0, "y": 6, "width": 12, "height": 3, "type": "alarm", "properties": {}},
  {"x": 20, "y": 0, "width": 24, "height": 1, "type": "text",
   "properties": {"markdown": "## Shop # 1\\nand more"}}
]}"""


def test_a_dashboards_widgets_from_top_to_bottom_and_left_to_right() -> None:
    grids = dashboard_grids(run_of(dashboard("shop", BODY), dashboard("later", UNKNOWN)))
    assert grids == {
        "shop": [
            PlacedWidget(x=20, y=0, width=24, height=1, type="text", title="Shop # 1"),
            PlacedWidget(x=0, y=6, width=12, height=3, type="alarm", title=""),
            PlacedWidget(x=12, y=6, width=4, height=3, type="metric", title="CPU"),
        ],
        "later": [],
    }
    # A placeholder in place of a body.
    assert dashboard_grids(run_of(dashboard("x", "unknown"))) == {"x": []}
    assert grids["shop"][2].as_json() == {
        "x": 12,
        "y": 6,
        "width": 4,
        "height": 3,
        "type": "metric",
        "title": "CPU",
    }
