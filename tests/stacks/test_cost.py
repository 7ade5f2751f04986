"""What a run costs a month, worked out by hand."""

from decimal import Decimal

from stack.cost import Cost, CostLine, monthly_cost
from stack.definitions import alarm_previews
from stack.program import Registration
from stack.resource_types import HEALTH_CHECK, KEY, LOG_FILTER, METRIC_STREAM
from tests.registrations import (
    composite_alarm,
    dashboard,
    error_rate,
    metric_alarm,
    registered,
    run_of,
)

CPU = metric_alarm("ecs.cpu-high@web", "critical")


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
    error_rate(),
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
