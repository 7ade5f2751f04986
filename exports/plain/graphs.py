"""Graphs as plain values: lines, thresholds, searches, tables of log lines.

Their fields and docstrings are the published schema (``exports.plain.document``).
"""

from typing import Annotated, Literal

from pydantic import Field

from ecs_monitoring.cloudwatch.rule import Comparison, Severity
from exports.plain.alarms import PlainMetric, PlainModel


class PlainLine(PlainModel):
    """One line of a graph."""

    label: str
    """What the legend calls it; empty for the metric's own name."""

    metric: PlainMetric
    """What is drawn, or what the formula is computed from."""

    formula: str
    """In CloudWatch's metric math, {id} for the metric; empty where the metric itself is drawn."""

    others: dict[str, PlainMetric]
    """Further metrics of the formula, by the names that it has for them in braces."""

    period_seconds: int
    """What one datapoint covers."""


class PlainThreshold(PlainModel):
    """Where rules begin to breach, as a horizontal line."""

    addresses: list[str]
    """The rules."""

    comparison: Comparison
    """As the rules'."""

    value: float
    """In the graph's unit."""

    severity: Severity
    """As the rules'."""


class PlainGraph(PlainModel):
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

    lines: list[PlainLine]
    """At least one."""

    thresholds: list[PlainThreshold]
    """Horizontal lines."""


class PlainSearch(PlainModel):
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


class PlainSearchGraph(PlainModel):
    """A graph whose lines are found when it is opened."""

    type: Literal["search"] = "search"
    """Always search."""

    section: str
    """The part of the dashboard that it stands in."""

    title: str
    """What it is called."""

    searches: list[PlainSearch]
    """What is drawn."""


class PlainLogTable(PlainModel):
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


AnyGraph = Annotated[PlainGraph | PlainSearchGraph | PlainLogTable, Field(discriminator="type")]
