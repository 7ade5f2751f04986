"""Alarms as plain values: a metric's statistic, a rule, a composite alarm, a log filter.

Their fields and docstrings are the published schema (``exports.plain.document``).
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ecs_monitoring.cloudwatch.rule import Comparison, LowSamples, MissingData, Severity
from ecs_monitoring.cloudwatch.units import Unit


class PlainModel(BaseModel):
    """What every part of the document has in common."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, serialize_by_alias=True
    )


class PlainMetric(PlainModel):
    """A statistic of a CloudWatch metric."""

    namespace: str
    """Such as AWS/ECS."""

    name: str
    """Such as CPUUtilization."""

    dimensions: dict[str, str]
    """Name to value: all dimensions of the metric, none of them optional."""

    statistic: str
    """Average, Sum, Minimum, Maximum, SampleCount, or one such as p99."""


class PlainMetricQuery(PlainModel):
    """A metric under the id that expressions refer to it by."""

    id: str
    """Such as m1."""

    metric: PlainMetric
    """What it stands for."""


class PlainExpression(PlainModel):
    """An expression of CloudWatch's metric math under its id."""

    id: str
    """Such as e1."""

    expression: str
    """In CloudWatch's language, over other ids."""

    label: str
    """What the result is called; empty for no name of its own."""


class PlainMetricSignal(PlainModel):
    """A rule that watches one metric."""

    type: Literal["metric"] = "metric"
    """Always metric."""

    metric: PlainMetric
    """What is compared with the threshold."""


class PlainMathSignal(PlainModel):
    """A rule that watches metric math."""

    type: Literal["math"] = "math"
    """Always math."""

    queries: list[PlainMetricQuery | PlainExpression]
    """Metrics and expressions."""

    returned: str
    """The id of the one query that is compared with the threshold."""


class PlainRule(PlainModel):
    """One alarm: it is on while M of the last N datapoints are beyond the threshold."""

    address: str
    """The rule's key and its target, such as ecs.cpu-high@web: stable, and unique in the stack."""

    name: str
    """The alarm's name in CloudWatch."""

    title: str
    """A few words, for people."""

    meaning: str
    """What it means and where to look first."""

    severity: Severity
    """critical: wake someone. warning: look today."""

    runbook: str
    """Link or text that says what to do."""

    region: str
    """AWS Region of the alarm and its metrics."""

    console_url: str
    """Where the alarm opens in the AWS console."""

    signal: Annotated[PlainMetricSignal | PlainMathSignal, Field(discriminator="type")]
    """What is compared with the threshold."""

    unit: Unit
    """What signal and threshold are measured in; of metric math, what its result is."""

    comparison: Comparison
    """A datapoint breaches while (signal comparison threshold) holds."""

    threshold: float
    """In the unit."""

    condition: str
    """The condition in words."""

    period_seconds: int
    """What one datapoint covers."""

    evaluation_periods: int
    """N: the most recent datapoints that are looked at."""

    datapoints_to_alarm: int
    """M: how many of them must breach."""

    treat_missing_data: MissingData
    """What a period without data counts as."""

    low_samples: LowSamples
    """Whether a percentile of too few samples is ignored."""

    warm_up_minutes: int
    """How long a new alarm waits for its first datapoints; 0 for not at all."""

    warm_up_ends_early: bool
    """Whether a new alarm waits no longer once it has as many datapoints as it looks at."""


class PlainComposite(PlainModel):
    """An alarm on the states of other alarms."""

    name: str
    """The alarm's name in CloudWatch."""

    address: str
    """As a rule's; empty where it has none."""

    condition: str
    """In CloudWatch's language of composite alarms, over the names of alarms."""

    description: str
    """As CloudWatch shows it."""

    severity: Severity | None
    """As a rule's; null where the alarm tells nobody."""

    suppressor: str
    """Name of the alarm while which it tells nobody; empty for none."""

    wait_period_seconds: int
    """How long it waits for the suppressor to be on, before it tells anybody."""

    extension_period_seconds: int
    """How long it stays silent after the suppressor was on."""

    region: str
    """AWS Region of the alarm."""

    console_url: str
    """Where the alarm opens in the AWS console."""


class PlainLogFilter(PlainModel):
    """A filter that makes a metric of a log group's lines."""

    name: str
    """In CloudWatch Logs."""

    group: str
    """The log group."""

    pattern: str
    """Which lines it counts, in CloudWatch's filter language."""

    namespace: str
    """The metric's namespace."""

    metric: str
    """The metric's name; it has no dimensions."""

    value: str
    """What each matching line counts as."""

    default: float | None
    """The value of a minute with lines of which none matches; null for none."""
