"""What there is to export: a stack's alarms, log filters and graphs, as values."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ecs_monitoring.catalog.regions import console_url
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.dashboard import sections_in_order
from ecs_monitoring.cloudwatch.graph import DashboardPart, Graph, Panel, Text, Threshold
from ecs_monitoring.cloudwatch.rule import AlarmRule, NoThreshold, Severity

OVERVIEW: Final = "Overview"
"""The section of the graphs above all sections."""


class ItemKind(StrEnum):
    """What sort of thing is exported."""

    RULE = "rule"
    COMPOSITE = "composite alarm"
    LOG_FILTER = "log filter"
    GRAPH = "graph"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that an export carries over or leaves out.

    Attributes:
        kind: what sort of thing it is.
        name: an alarm's address or name, a log filter's name, or a graph's section and title.
    """

    kind: ItemKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, kw_only=True)
class ExportedRule:
    """An alarm on a metric or on metric math.

    Attributes:
        rule: the alarm as a value, read back from what the program registers: what it watches,
            condition, unit, severity, runbook. ``meaning`` holds the rule's basis, too.
        region: that it and its metrics are in.
    """

    rule: AlarmRule
    region: str

    @property
    def item(self) -> Item:
        """What reports call it."""
        return Item(kind=ItemKind.RULE, name=self.rule.address)

    @property
    def console(self) -> str:
        """Where the alarm opens in the AWS console."""
        return alarm_url(self.region, self.rule.name)


@dataclass(frozen=True, kw_only=True)
class ExportedComposite:
    """An alarm on the states of other alarms.

    Attributes:
        name: in CloudWatch.
        address: by which the project names it; empty where it has no tags.
        condition: its rule expression, such as ``ALARM("a") AND ALARM("b")``.
        description: as CloudWatch shows it.
        severity: ``None`` where it tells nobody.
        region: that it is in.
        suppressor: name of the alarm while which it tells nobody; empty for none.
        wait_period: seconds that it waits for the suppressor.
        extension_period: seconds that it stays silent after it.
    """

    name: str
    address: AlarmAddress
    condition: str
    description: str
    severity: Severity | None
    region: str
    suppressor: str = ""
    wait_period: int = 0
    extension_period: int = 0

    @property
    def item(self) -> Item:
        """What reports call it."""
        return Item(kind=ItemKind.COMPOSITE, name=self.address or self.name)

    @property
    def console(self) -> str:
        """Where the alarm opens in the AWS console."""
        return alarm_url(self.region, self.name)


@dataclass(frozen=True, kw_only=True)
class ExportedLogFilter:
    """A filter that makes a metric of a log group's lines.

    Attributes:
        name: in CloudWatch Logs.
        group: the log group.
        pattern: which lines it counts, in CloudWatch's filter language.
        namespace: of the metric.
        metric: its name.
        value: what each line counts as.
        default: the value of a minute with lines of which none matches; ``None`` for no value.
    """

    name: str
    group: str
    pattern: str
    namespace: str
    metric: str
    value: str
    default: float | None

    @property
    def item(self) -> Item:
        """What reports call it."""
        return Item(kind=ItemKind.LOG_FILTER, name=self.name)


@dataclass(frozen=True, kw_only=True)
class PlacedPanel:
    """A panel of the dashboard with the section that it stands in."""

    item: Item
    section: str
    panel: Panel


@dataclass(frozen=True, kw_only=True)
class StackMonitoring:
    """Everything that a stack watches and shows.

    Attributes:
        project: the Pulumi project.
        stack: the Pulumi stack.
        region: the AWS provider's region.
        rules: by kind in the program's order, then by address.
        composites: by name.
        log_filters: by name.
        parts: the graphs of each component, in reading order.
        unread: alarms that no value here can express, with the reason.
    """

    project: str
    stack: str
    region: str
    rules: tuple[ExportedRule, ...] = ()
    composites: tuple[ExportedComposite, ...] = ()
    log_filters: tuple[ExportedLogFilter, ...] = ()
    parts: tuple[DashboardPart, ...] = ()
    unread: tuple[tuple[Item, str], ...] = ()

    @property
    def name(self) -> str:
        """``<project>/<stack>``."""
        return f"{self.project}/{self.stack}"

    @property
    def panels(self) -> tuple[PlacedPanel, ...]:
        """Every panel that shows data: the overview's first, then section by section."""
        return tuple(self._placed())

    @property
    def items(self) -> tuple[Item, ...]:
        """Everything that an export has to carry over or to leave out with a reason."""
        return (
            *(rule.item for rule in self.rules),
            *(item for item, _ in self.unread),
            *(composite.item for composite in self.composites),
            *(log_filter.item for log_filter in self.log_filters),
            *(placed.item for placed in self.panels),
        )

    def rules_of(self, threshold: Threshold) -> tuple[ExportedRule, ...]:
        """The alarms whose threshold is drawn as a line."""
        return tuple(
            exported for exported in self.rules if exported.rule.address in threshold.addresses
        )

    @property
    def undrawn(self) -> tuple[ExportedRule, ...]:
        """The alarms whose threshold no graph shows."""
        graphs = (placed.panel for placed in self.panels)
        drawn = {
            address
            for graph in graphs
            if isinstance(graph, Graph)
            for threshold in graph.thresholds
            for address in threshold.addresses
        }
        return tuple(exported for exported in self.rules if exported.rule.address not in drawn)

    def _placed(self) -> Iterator[PlacedPanel]:
        times: Counter[str] = Counter()
        sections = [
            (OVERVIEW, tuple(panel for part in self.parts for panel in part.overview)),
            *((section.title, section.widgets) for section in sections_in_order(self.parts)),
        ]
        for section, panels in sections:
            for panel in panels:
                if isinstance(panel, Text):
                    continue
                name = f"{section} / {panel.title}"
                times[name] += 1
                again = f" ({times[name]})" if times[name] > 1 else ""
                item = Item(kind=ItemKind.GRAPH, name=f"{name}{again}")
                yield PlacedPanel(item=item, section=section, panel=panel)


def alarm_url(region: str, name: str) -> str:
    """Where an alarm opens in the AWS console."""
    return f"{console_url(region)}/cloudwatch/home?region={region}#alarmsV2:alarm/{name}"


def threshold_of(rule: AlarmRule) -> float:
    """The threshold of a rule that was read back: there is always one."""
    assert not isinstance(rule.threshold, NoThreshold), f"{rule.address} has no threshold"
    return rule.threshold
