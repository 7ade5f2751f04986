"""The alarms that the program registers, as rows for tools that show or count them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.rule import Comparison
from ecs_monitoring.cloudwatch.units import Unit, format_quantity
from ecs_monitoring.rules.units import UNIT_TAG
from stack.program import ProgramRun, Registration

ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"


@dataclass(frozen=True, kw_only=True)
class AlarmPreview:
    """One alarm in words.

    Attributes:
        address: as in the stack's exports.
        name: the alarm's name in CloudWatch.
        kind: the first part of the key.
        dimensions: of the metric; of each distinct metric, for metric math.
        condition: what must hold, such as ``CPUUtilization Average >= 80 %``.
        threshold: the number, in the metric's unit; ``None`` where it is not known yet.
        schedule: M of N and the period, such as ``3 of 5 x 60 s``.
        missing_data: how missing data counts.
        severity: ``critical`` or ``warning``.
        topics: names of the topics that are notified of it.
        metrics: how many metrics it reads (what CloudWatch bills).
        period: seconds.
        region: the alarm's own region, empty for the provider's.
        description: as CloudWatch shows it.
    """

    address: AlarmAddress
    name: str
    kind: str
    dimensions: tuple[str, ...]
    condition: str
    threshold: float | None
    schedule: str
    missing_data: str
    severity: str
    topics: tuple[str, ...]
    metrics: int
    period: int
    region: str
    description: str

    def as_json(self) -> dict[str, Any]:
        """The row for scripts."""
        return asdict(self)


def alarm_previews(run: ProgramRun, kinds: tuple[str, ...]) -> list[AlarmPreview]:
    """Every alarm of a run, by kind in the order given, then by address."""
    order = {kind: place for place, kind in enumerate(kinds)}
    previews = [_preview(registration) for registration in run.of_type(ALARM)]
    return sorted(previews, key=lambda alarm: (order.get(alarm.kind, len(order)), alarm.address))


def series_of(registration: Registration) -> set[tuple[str, str, str]]:
    """The metrics that an alarm reads: namespace, name, and dimensions in words."""
    return {
        (metric["namespace"], metric["metricName"], _dimensions(metric))
        for metric in _metrics(registration.inputs)
    }


def _metrics(inputs: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The metrics of an alarm; the alarm itself where it has one alone."""
    queries = [query for query in inputs.get("metricQueries", []) if query.get("metric")]
    return [query["metric"] for query in queries] or [inputs]


def _preview(registration: Registration) -> AlarmPreview:
    inputs = registration.inputs
    tags = inputs.get("tags", {})
    address = AlarmAddress.from_tags(tags)
    metrics = _metrics(inputs)
    period = int(metrics[0]["period"])
    is_known = isinstance(inputs["threshold"], int | float)
    return AlarmPreview(
        address=address,
        name=inputs["name"],
        kind=address.kind,
        dimensions=tuple(dict.fromkeys(_dimensions(metric) for metric in metrics)),
        condition=_condition(inputs),
        threshold=float(inputs["threshold"]) if is_known else None,
        schedule=(
            f"{inputs['datapointsToAlarm']:g} of {inputs['evaluationPeriods']:g} x {period} s"
        ),
        missing_data=inputs["treatMissingData"],
        severity=tags.get("Severity", ""),
        topics=tuple(str(arn).rpartition(":")[2] for arn in inputs["alarmActions"]),
        metrics=len(metrics),
        period=period,
        region=inputs.get("region", ""),
        description=str(inputs["alarmDescription"]),
    )


def _dimensions(metric: Mapping[str, Any]) -> str:
    dimensions = metric.get("dimensions")
    if not isinstance(dimensions, Mapping):
        return "" if dimensions is None else "(known after deployment)"
    return ", ".join(f"{name}={value}" for name, value in sorted(dimensions.items()))


def _condition(inputs: Mapping[str, Any]) -> str:
    watched = next((q for q in inputs.get("metricQueries", []) if q.get("returnData")), None)
    if watched:
        label = watched.get("label") or watched["expression"]
    else:
        statistic = inputs.get("statistic") or inputs["extendedStatistic"]
        label = f"{inputs['metricName']} {statistic}"
    threshold, quantity = inputs["threshold"], "(known after deployment)"
    if isinstance(threshold, int | float):
        quantity = format_quantity(threshold, Unit(inputs["tags"][UNIT_TAG]))
    return f"{label} {Comparison(inputs['comparisonOperator']).sign} {quantity}"
