"""The document that ``rules`` writes: its model is its schema."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ecs_monitoring.cloudwatch.rule import Comparison, LowSamples, MissingData, Severity
from ecs_monitoring.cloudwatch.units import Unit


class _Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, serialize_by_alias=True
    )


class Metric(_Model):
    """A statistic of a CloudWatch metric."""

    namespace: str
    """Such as AWS/ECS."""

    name: str
    """Such as CPUUtilization."""

    dimensions: dict[str, str]
    """Name to value: all dimensions of the metric, none of them optional."""

    statistic: str
    """Average, Sum, Minimum, Maximum, SampleCount, or one such as p99."""


class MetricQuery(_Model):
    """A metric under the id that expressions refer to it by."""

    id: str
    """Such as m1."""

    metric: Metric
    """What it stands for."""


class Expression(_Model):
    """An expression of CloudWatch's metric math under its id."""

    id: str
    """Such as e1."""

    expression: str
    """In CloudWatch's language, over other ids."""

    label: str
    """What the result is called; empty for no name of its own."""


class MetricSignal(_Model):
    """A rule that watches one metric."""

    type: Literal["metric"] = "metric"
    """Always metric."""

    metric: Metric
    """What is compared with the threshold."""


class MathSignal(_Model):
    """A rule that watches metric math."""

    type: Literal["math"] = "math"
    """Always math."""

    queries: list[MetricQuery | Expression]
    """Metrics and expressions."""

    returned: str
    """The id of the one query that is compared with the threshold."""


class Rule(_Model):
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

    signal: Annotated[MetricSignal | MathSignal, Field(discriminator="type")]
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


class Composite(_Model):
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


class LogFilter(_Model):
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


class Line(_Model):
    """One line of a graph."""

    label: str
    """What the legend calls it; empty for the metric's own name."""

    metric: Metric
    """What is drawn, or what the formula is computed from."""

    formula: str
    """In CloudWatch's metric math, {id} for the metric; empty where the metric itself is drawn."""

    others: dict[str, Metric]
    """Further metrics of the formula, by the names that it has for them in braces."""

    period_seconds: int
    """What one datapoint covers."""


class Threshold(_Model):
    """Where rules begin to breach, as a horizontal line."""

    addresses: list[str]
    """The rules."""

    comparison: Comparison
    """As the rules'."""

    value: float
    """In the graph's unit."""

    severity: Severity
    """As the rules'."""


class Graph(_Model):
    """Lines over time, with the thresholds of the rules that watch them."""

    type: Literal["graph"] = "graph"
    """Always graph."""

    section: str
    """The part of the dashboard that it stands in."""

    title: str
    """What it is called."""

    unit: str
    """Of lines and thresholds; empty where the metrics' own units say it."""

    region: str
    """AWS Region of the metrics."""

    lines: list[Line]
    """At least one."""

    thresholds: list[Threshold]
    """Horizontal lines."""


class Search(_Model):
    """All metrics of a name with some dimensions, found when the graph is opened."""

    namespace: str
    """Of the metrics."""

    metric: str
    """Their name."""

    dimensions: list[str]
    """Names of all dimensions that they have."""

    where: dict[str, str]
    """Values that some of the dimensions must have."""

    statistic: str
    """What is drawn."""

    expression: str
    """The same in CloudWatch's language."""


class SearchGraph(_Model):
    """A graph whose lines are found when it is opened."""

    type: Literal["search"] = "search"
    """Always search."""

    section: str
    """The part of the dashboard that it stands in."""

    title: str
    """What it is called."""

    searches: list[Search]
    """What is drawn."""


class LogTable(_Model):
    """A Logs Insights query as a table."""

    type: Literal["logs"] = "logs"
    """Always logs."""

    section: str
    """The part of the dashboard that it stands in."""

    title: str
    """What it is called."""

    query: str
    """In the language of CloudWatch Logs Insights."""

    groups: list[str]
    """The log groups."""


AnyGraph = Annotated[Graph | SearchGraph | LogTable, Field(discriminator="type")]


class Document(_Model):
    """Alarms and graphs of a monitoring stack on AWS CloudWatch."""

    schema_: str = Field(alias="$schema")
    """The schema's file, beside the document."""

    version: Literal[1] = 1
    """The format's version. Fields may be added within one; none changes its meaning."""

    project: str
    """The Pulumi project."""

    stack: str
    """The Pulumi stack."""

    region: str
    """AWS Region of everything that names no other."""

    rules: list[Rule]
    """Alarms on metrics."""

    composites: list[Composite]
    """Alarms on the states of other alarms."""

    log_filters: list[LogFilter]
    """What makes metrics of log lines."""

    graphs: list[AnyGraph]
    """In the dashboard's order: those of the overview first."""


def document_schema() -> dict[str, Any]:
    """The JSON schema of the document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_prose(Document.model_json_schema()),
    }


def _prose(schema: Any) -> Any:
    """The schema without generated titles, its descriptions on one line."""
    if isinstance(schema, list):
        return [_prose(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _prose(value)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))
    }
    if isinstance(text := kept.get("description"), str):
        kept["description"] = " ".join(text.split())
    return kept
