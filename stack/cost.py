"""What a stack's monitoring costs a month, from what the program registers."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from ecs_monitoring.catalog import Prices, prices_for
from ecs_monitoring.catalog.prices import metric_update_price
from ecs_monitoring.cloudwatch.limits import STANDARD_PERIOD
from stack.definitions import ALARM, AlarmPreview, series_of
from stack.incidents import COMPOSITE
from stack.program import ProgramRun
from stack.resource_types import DASHBOARD, HEALTH_CHECK, KEY, LOG_FILTER, METRIC_STREAM

# Of a metric that is published every minute, in a month of 730 hours as AWS's own prices have it:
# https://aws.amazon.com/cloudwatch/pricing/
_UPDATES_A_MONTH: Final = 730 * 60


@dataclass(frozen=True)
class CostLine:
    """One kind of thing that AWS bills.

    Attributes:
        what: what is billed.
        count: how many of it.
        unit_price: USD a month for one.
    """

    what: str
    count: int
    unit_price: Decimal

    @property
    def total(self) -> Decimal:
        """USD a month for all of them."""
        return self.count * self.unit_price

    def as_json(self) -> dict[str, Any]:
        """The line for scripts; money as text, so that nothing is rounded."""
        return {
            "what": self.what,
            "count": self.count,
            "unit_price": str(self.unit_price),
            "total": str(self.total),
        }


@dataclass(frozen=True)
class Cost:
    """The bill of a stack.

    Attributes:
        region: whose list prices these are.
        lines: what is billed; empty where no prices are on file for the region.
        known: whether prices are on file.
    """

    region: str
    lines: tuple[CostLine, ...]
    known: bool

    @property
    def total(self) -> Decimal:
        """USD a month, before any free tier."""
        return sum((line.total for line in self.lines), Decimal(0))

    def as_json(self) -> dict[str, Any]:
        """The bill for scripts."""
        return {
            "currency": "USD",
            "region": self.region,
            "known": self.known,
            "lines": [line.as_json() for line in self.lines],
            "total": str(self.total) if self.known else None,
        }


def monthly_cost(run: ProgramRun, alarms: list[AlarmPreview], region: str) -> Cost:
    """List prices of everything that a run registers and AWS bills by the month.

    What the application itself publishes (its custom metrics and log volume) is not part of
    the stack and comes on top. A schedule is billed by the times that it comes, about a dollar
    a million, and rules for events of AWS's own services are free
    (https://aws.amazon.com/eventbridge/pricing/): neither is a line. Of a metric stream
    only what the alarms watch is counted: what else in the account has metrics of these names is
    streamed, too. Firehose bills its few megabytes by the gigabyte.
    """
    prices = prices_for(region)
    if prices is None:
        return Cost(region, (), known=False)
    lines = _lines(run, alarms, prices)
    return Cost(region, tuple(line for line in lines if line.count), known=True)


def _lines(run: ProgramRun, alarms: list[AlarmPreview], prices: Prices) -> list[CostLine]:
    standard = sum(a.metrics for a in alarms if a.period >= STANDARD_PERIOD)
    fast = sum(a.metrics for a in alarms if a.period < STANDARD_PERIOD)
    checks = run.of_type(HEALTH_CHECK)
    https = [check for check in checks if check.inputs["type"].startswith("HTTPS")]
    return [
        CostLine("alarm metrics, standard resolution", standard, prices.standard_alarm_metric),
        CostLine("alarm metrics, high resolution", fast, prices.high_resolution_alarm_metric),
        CostLine("composite alarms", len(run.of_type(COMPOSITE)), prices.composite_alarm),
        CostLine("dashboards", len(run.of_type(DASHBOARD)), prices.dashboard),
        CostLine(
            "custom metrics from log filters", len(run.of_type(LOG_FILTER)), prices.custom_metric
        ),
        CostLine("KMS keys (first year)", len(run.of_type(KEY)), prices.kms_key),
        CostLine("Route 53 health checks outside AWS", len(checks), prices.health_check),
        CostLine("health check options (HTTPS)", len(https), prices.health_check_option),
        CostLine(
            "metrics streamed (those of the alarms, each minute)",
            _streamed(run, prices.region),
            _UPDATES_A_MONTH * metric_update_price(),
        ),
    ]


def _streamed(run: ProgramRun, home: str) -> int:
    """How many updates a minute the streams send of what the alarms watch."""
    sent, sent_again = set(), set()
    for stream in run.of_type(METRIC_STREAM):
        region = stream.inputs.get("region") or home
        for chosen in stream.inputs["includeFilters"]:
            sent |= {(region, chosen["namespace"], name) for name in chosen["metricNames"]}
        for chosen in stream.inputs.get("statisticsConfigurations") or ():
            # More than five percentiles of one metric, which no rule has, would be more updates.
            sent_again |= {
                (region, metric["namespace"], metric["metricName"])
                for metric in chosen["includeMetrics"]
            }
    watched = {
        ((alarm.inputs.get("region") or home, namespace, name), dimensions)
        for alarm in run.of_type(ALARM)
        for namespace, name, dimensions in series_of(alarm)
    }
    return sum((metric in sent) + (metric in sent_again) for metric, _ in watched)
