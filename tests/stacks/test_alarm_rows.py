"""Alarms, events and dashboards of a run as rows, and what the run costs, worked out by hand."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from stack.cost import Cost, CostLine, monthly_cost
from stack.definitions import AlarmPreview, alarm_previews, series_of
from stack.events import EVENT_RULE, EVENT_TARGET, EventPreview, event_previews
from stack.grid import PlacedWidget, dashboard_grids
from stack.program import Registration
from stack.resource_types import DASHBOARD, HEALTH_CHECK, KEY, LOG_FILTER, METRIC_STREAM
from tests.registrations import composite_alarm, metric_alarm, registered, run_of, topic_arn

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


def queried(id_: str, name: str, dimensions: Any, **metric: Any) -> dict[str, Any]:
    read = {"namespace": "Shop", "metricName": name, "dimensions": dimensions, "period": 300.0}
    return {"id": id_, "metric": {**read, "stat": "Sum", **metric}}


def rate(**watched: Any) -> Registration:
    """Metric math over two metrics of the same dimensions and one of others."""
    made = metric_alarm(
        "app.error-rate@web",
        metricQueries=[
            queried("all", "All", {"Service": "web"}),
            queried("bad", "Bad", {"Service": "web"}),
            queried("late", "Late", {"Queue": "x"}),
            {"id": "rate", "expression": "bad / all", "returnData": True, **watched},
        ],
    )
    alone = ("namespace", "metricName", "dimensions", "statistic", "period")
    return replace(made, inputs={k: v for k, v in made.inputs.items() if k not in alone})


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
        (rate(label="share of errors"), RATE_ROW),
        (rate(), replace(RATE_ROW, condition="bad / all >= 80 %")),
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
    assert series_of(rate()) == {
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


def dashboard(name: str, body: object) -> Registration:
    return registered(DASHBOARD, name, {"dashboardName": name, "dashboardBody": body})


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


def check(name: str, type_: str) -> Registration:
    return registered(HEALTH_CHECK, name, {"type": type_})


def stream(region: str, names: list[str], again: tuple[str, ...] = ()) -> Registration:
    """A stream of some metrics, with percentiles of some of them."""
    percentiles = [
        {"includeMetrics": [{"namespace": "AWS/ECS", "metricName": name} for name in again]}
    ]
    inputs = {
        "includeFilters": [{"namespace": "AWS/ECS", "metricNames": names}],
        **({"statisticsConfigurations": percentiles} if again else {}),
        **({"region": region} if region else {}),
    }
    return registered(METRIC_STREAM, f"stream-{region}", inputs)


# https://aws.amazon.com/cloudwatch/pricing/ for ap-northeast-1, as catalog/prices.json has it.
LINES = (
    # One, three and one metric, at a period of a minute or more.
    CostLine("alarm metrics, standard resolution", 5, Decimal("0.10")),
    CostLine("alarm metrics, high resolution", 1, Decimal("0.30")),
    CostLine("composite alarms", 1, Decimal("0.50")),
    CostLine("dashboards", 2, Decimal("3.00")),
    CostLine("custom metrics from log filters", 1, Decimal("0.30")),
    CostLine("KMS keys (first year)", 1, Decimal("1.00")),
    CostLine("Route 53 health checks outside AWS", 3, Decimal("0.75")),
    CostLine("health check options (HTTPS)", 2, Decimal("2.00")),
    # Each minute of 730 hours at 0.003 USD for a thousand: CPU of web at home, of which a
    # percentile is sent as well, and of what is outside.
    CostLine("metrics streamed (those of the alarms, each minute)", 3, Decimal("0.1314")),
)
EVERYTHING = run_of(
    CPU,
    rate(),
    metric_alarm("app.fast@web", namespace="Shop", metricName="Fast", period=30.0),
    metric_alarm("ecs.outside@web", region="us-east-1", dimensions={"ClusterName": "x"}),
    composite_alarm("incident.rds@main", "critical", "FALSE"),
    dashboard("a", "{}"),
    dashboard("b", "{}"),
    registered(LOG_FILTER, "errors", {}),
    registered(KEY, "topics", {}),
    check("plain", "HTTP"),
    check("sure", "HTTPS"),
    check("text", "HTTPS_STR_MATCH"),
    stream("", ["CPUUtilization", "MemoryUtilization"], again=("CPUUtilization",)),
    stream("us-east-1", ["CPUUtilization"]),
)


def test_what_a_run_costs() -> None:
    cost = monthly_cost(EVERYTHING, alarm_previews(EVERYTHING, ()), "ap-northeast-1")
    assert cost == Cost("ap-northeast-1", LINES, known=True)
    # 0.50 + 0.30 + 0.50 + 6.00 + 0.30 + 1.00 + 2.25 + 4.00 + 0.3942
    assert cost.total == Decimal("15.2442")


def test_what_there_is_none_of_is_no_line() -> None:
    cost = monthly_cost(run_of(CPU), alarm_previews(run_of(CPU), ()), "us-east-1")
    assert [(line.what, line.count) for line in cost.lines] == [
        ("alarm metrics, standard resolution", 1)
    ]


def test_a_region_without_prices_on_file() -> None:
    cost = monthly_cost(EVERYTHING, alarm_previews(EVERYTHING, ()), "eu-south-2")
    assert cost == Cost("eu-south-2", (), known=False)
    assert cost.as_json() == {
        "currency": "USD",
        "region": "eu-south-2",
        "known": False,
        "lines": [],
        "total": None,
    }


def test_the_bill_for_scripts() -> None:
    lines = (CostLine("checks", 3, Decimal("0.75")), CostLine("keys", 2, Decimal("1.00")))
    assert Cost("eu-west-1", lines, known=True).as_json() == {
        "currency": "USD",
        "region": "eu-west-1",
        "known": True,
        "lines": [
            {"what": "checks", "count": 3, "unit_price": "0.75", "total": "2.25"},
            {"what": "keys", "count": 2, "unit_price": "1.00", "total": "2.00"},
        ],
        "total": "4.25",
    }
