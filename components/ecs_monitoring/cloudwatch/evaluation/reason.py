"""Why an alarm is in its state, in the words of CloudWatch's StateReason and StateReasonData.

The wording is that of the examples on these pages, and of published DescribeAlarms answers:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
https://docs.aws.amazon.com/cli/latest/reference/cloudwatch/describe-alarm-history.html
Alarms with DatapointsToAlarm say "out of the last", those without do not. For a state that is
kept CloudWatch keeps the old reason too; the sentences for it here are the project's own.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat
from ecs_monitoring.cloudwatch.evaluation.decision import Basis, Decision
from ecs_monitoring.cloudwatch.evaluation.signal import Datapoint
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData

_SHOWN: Final = 5
"""From this number on, CloudWatch shows the most recent datapoints instead of all."""

_COMPARED: Final = {
    Comparison.AT_LEAST: "greater than or equal to",
    Comparison.ABOVE: "greater than",
    Comparison.BELOW: "less than",
    Comparison.AT_MOST: "less than or equal to",
}


def text(
    definition: AlarmDefinition, datapoints: Sequence[Datapoint | None], decision: Decision
) -> str:
    """The reason as a sentence.

    Args:
        definition: the alarm.
        datapoints: the evaluation range, oldest first.
        decision: what followed from it.
    """
    if decision.basis is Basis.FEW_SAMPLES:
        return "State kept: too few samples for the percentile to be statistically significant."
    if decision.basis is Basis.WARM_UP:
        return "Insufficient Data: the alarm is in its warm-up period."
    if decision.basis is Basis.NOTHING and decision.state is AlarmState.INSUFFICIENT_DATA:
        return f"Insufficient Data: {_were(decision.filled, 'datapoint')} unknown."
    ignores = definition.treat_missing_data is MissingData.IGNORE
    if ignores and decision.basis in (Basis.NOTHING, Basis.SETTLED, Basis.UNSETTLED):
        return f"State kept: {_were(decision.filled, 'datapoint')} missing and ignored."
    return f"Threshold Crossed: {_crossed(definition, datapoints, decision)}."


def data(
    definition: AlarmDefinition,
    time: int,
    datapoints: Sequence[Datapoint | None],
    decision: Decision,
    starts: Sequence[int],
) -> dict[str, Any]:
    """The reason for programs: the fields that CloudWatch has had since version 1.0.

    ``evaluatedDatapoints`` are the newest datapoints that decided: M of those that breach for
    ALARM, N - M + 1 of those that do not for OK, and the periods without any for
    INSUFFICIENT_DATA; so in every published answer that was found, such as these:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-alarms-partial-data.html

    Args:
        definition: the alarm.
        time: of the evaluation, in seconds since 1970 UTC.
        datapoints: the evaluation range, oldest first.
        decision: what followed from it.
        starts: when each period of the range starts.
    """
    used = _used(datapoints, decision)
    fields: dict[str, Any] = {"version": "1.0", "queryDate": _iso(time)}
    if used:
        fields["startDate"] = _iso(used[0].start)
    if definition.unit:
        fields["unit"] = definition.unit
    if isinstance(definition.signal, MetricStat):
        fields["statistic"] = definition.signal.statistic
    return fields | {
        "period": definition.period,
        "recentDatapoints": [point.value for point in used],
        "threshold": definition.threshold,
        "evaluatedDatapoints": _evaluated(definition, used, decision, starts),
    }


def _evaluated(
    definition: AlarmDefinition,
    used: Sequence[Datapoint],
    decision: Decision,
    starts: Sequence[int],
) -> list[dict[str, Any]]:
    """The datapoints that decided, newest first."""
    needed = definition.breaching_datapoints
    fires = decision.state is AlarmState.ALARM
    if not fires:
        needed = definition.evaluation_periods - needed + 1
    telling = [p for p in reversed(used) if definition.breaches(p.value) is fires]
    if not telling:
        newest = reversed(starts[-definition.evaluation_periods :])
        return [{"timestamp": _iso(start)} for start in newest]
    return [
        {"timestamp": _iso(point.start)}
        | ({} if point.samples is None else {"sampleCount": float(point.samples)})
        | {"value": point.value}
        for point in telling[:needed]
    ]


def format_number(value: float) -> str:
    """A number as CloudWatch, a Java program, writes it: ``85.0``, ``2.68435456E8``.

    https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Double.html#toString(double)
    """
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(float(value))
    digits, _, exponent = f"{Decimal(repr(value)).normalize():E}".partition("E")
    return f"{digits if '.' in digits else digits + '.0'}E{int(exponent)}"


def _crossed(
    definition: AlarmDefinition, datapoints: Sequence[Datapoint | None], decision: Decision
) -> str:
    """What crossed the threshold, or did not, and what became of the missing datapoints."""
    fires = decision.state is AlarmState.ALARM
    used = _used(datapoints, decision)
    # CloudWatch names the datapoints that speak for the state, the newest first.
    telling = [p for p in reversed(used) if definition.breaches(p.value) is fires]
    if telling:
        said = _told(definition, telling, fires)
    else:
        periods = _number(definition.evaluation_periods, "period")
        said = f"{_were(len(used), 'datapoint')} received for {periods}"
    if decision.filled:
        said += f" and {_missing(definition, decision.filled)}"
    if not telling or definition.datapoints_to_alarm is None or decision.basis is Basis.SETTLED:
        return said
    needed, change = definition.breaching_datapoints, "OK -> ALARM"
    if not fires:
        needed, change = definition.evaluation_periods - needed + 1, "ALARM -> OK"
    return f"{said} (minimum {_number(needed, 'datapoint')} for {change} transition)"


def _told(definition: AlarmDefinition, telling: Sequence[Datapoint], fires: bool) -> str:
    count = len(telling)
    if definition.datapoints_to_alarm is None:
        subject = _number(count, "datapoint")
    else:
        subject = f"{count} out of the last {definition.evaluation_periods} datapoints"
    listed = ", ".join(
        f"{format_number(point.value)} ({_stamp(point.start)})" for point in telling[:_SHOWN]
    )
    verb = ("was" if count == 1 else "were") + ("" if fires else " not")
    compared = _COMPARED[definition.comparison]
    condition = f"{verb} {compared} the threshold ({format_number(definition.threshold)})"
    if count < _SHOWN:
        return f"{subject} [{listed}] {condition}"
    which = " which crossed the threshold" if fires else ""
    return f"{subject} {condition}. The most recent datapoints{which}: [{listed}]"


def _missing(definition: AlarmDefinition, count: int) -> str:
    if definition.treat_missing_data is MissingData.BREACHING:
        return f"{_were(count, 'missing datapoint')} treated as [Breaching]"
    if definition.treat_missing_data is MissingData.NOT_BREACHING:
        return f"{_were(count, 'missing datapoint')} treated as [NonBreaching]"
    return f"{_were(count, 'datapoint')} unknown"


def _used(datapoints: Sequence[Datapoint | None], decision: Decision) -> list[Datapoint]:
    chosen = (datapoints[index] for index in decision.used)
    return [point for point in chosen if point is not None]


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _were(count: int, noun: str) -> str:
    if count == 0:
        return f"no {noun}s were"
    return f"{_number(count, noun)} {'was' if count == 1 else 'were'}"


def _stamp(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%d/%m/%y %H:%M:%S")


def _iso(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
