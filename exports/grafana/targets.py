"""What Grafana asks CloudWatch: the queries of panels and of alert rules.

https://grafana.com/docs/grafana/latest/datasources/aws-cloudwatch/query-editor/
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ecs_monitoring.cloudwatch.expression import MetricMath
from ecs_monitoring.cloudwatch.graph import GRAPH_PERIOD, Graph, Line, LogTable, Search, SearchGraph
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.widget import search_expression

Target = dict[str, Any]
"""One query, as JSON."""

# metricQueryType and metricEditorMode of the data source.
_SEARCH: Final = 0
_BUILDER: Final = 0
_CODE: Final = 1


def metric_target(
    metric: Metric, *, id_: str, region: str, period: int, label: str = "", hidden: bool = False
) -> Target:
    """A query of one statistic of one metric.

    Args:
        metric: what is read.
        id_: by which expressions refer to it.
        region: an AWS Region, or a variable of the dashboard.
        period: seconds.
        label: what the legend calls it; CloudWatch's own if empty.
        hidden: whether only expressions use it.
    """
    return {
        **_query(id_, region, period, label, metric.statistic, hidden=hidden),
        "metricEditorMode": _BUILDER,
        "namespace": metric.namespace,
        "metricName": metric.name,
        "dimensions": dict(metric.dimensions),
        # Otherwise metrics with further dimensions are found too, and an alert has several series.
        "matchExact": True,
    }


def expression_target(
    expression: str, *, id_: str, region: str, period: int, statistic: str, label: str = ""
) -> Target:
    """A query of metric math over other queries of the same panel, or of a search.

    Args:
        expression: in CloudWatch's language.
        id_: by which other expressions refer to it.
        region: an AWS Region, or a variable of the dashboard.
        period: seconds.
        statistic: of its metrics. The data source refuses a query without one: "query must have
            either statistic or statistics field",
            https://github.com/grafana/grafana/blob/main/pkg/tsdb/cloudwatch/models/cloudwatch_query.go
        label: what the legend calls it; CloudWatch's own if empty.
    """
    return {
        **_query(id_, region, period, label, statistic, hidden=False),
        "metricEditorMode": _CODE,
        "namespace": "",
        "expression": expression,
    }


def _query(
    id_: str, region: str, period: int, label: str, statistic: str, *, hidden: bool
) -> Target:
    return {
        "queryMode": "Metrics",
        "metricQueryType": _SEARCH,
        "id": id_,
        "region": region,
        "period": str(period),
        "statistic": statistic,
        **({"label": label} if label else {}),
        **({"hide": True} if hidden else {}),
    }


def with_ref_ids(targets: list[Target]) -> list[Target]:
    """The queries of a panel with the letters by which Grafana tells them apart."""
    return [{"refId": ref_id(number), **target} for number, target in enumerate(targets)]


def ref_id(number: int) -> str:
    """The name of a panel's query by its place: A to Z, AA, AB and so on."""
    letter = chr(ord("A") + number % 26)
    return letter if number < 26 else ref_id(number // 26 - 1) + letter


def graph_targets(graph: Graph, region: str) -> list[Target]:
    """The queries of a graph, in the order of its lines."""
    targets = [
        target
        for number, line in enumerate(graph.lines)
        for target in _line_targets(line, number, graph.period, region)
    ]
    return with_ref_ids(targets)


def _line_targets(line: Line, number: int, period: int, region: str) -> Iterator[Target]:
    seconds = line.period or period
    if not line.formula:
        yield metric_target(
            line.metric, id_=f"m{number}", region=region, period=seconds, label=line.label
        )
        return
    ids = {"id": f"m{number}", **{name: f"{name}{number}" for name in line.others}}
    for name, metric in {"id": line.metric, **line.others}.items():
        yield metric_target(metric, id_=ids[name], region=region, period=seconds, hidden=True)
    yield expression_target(
        line.formula.format(**ids),
        id_=f"e{number}",
        region=region,
        period=seconds,
        statistic=line.metric.statistic,
        label=line.label or line.metric.name,
    )


def signal_targets(signal: Metric | MetricMath, period: int, region: str) -> list[Target]:
    """The queries of what an alarm watches; of metric math, all but the watched one are hidden."""
    if isinstance(signal, Metric):
        return with_ref_ids([metric_target(signal, id_="m0", region=region, period=period)])
    statistic = signal.metrics[0].statistic
    targets = []
    for query in signal.queries:
        hidden = query.id != signal.returned
        if isinstance(query.source, Metric):
            target = metric_target(
                query.source, id_=query.id, region=region, period=period, hidden=hidden
            )
        else:
            target = expression_target(
                query.source,
                id_=query.id,
                region=region,
                period=period,
                statistic=statistic,
                label=query.label,
            )
            if hidden:
                target["hide"] = True
        targets.append(target)
    return with_ref_ids(targets)


def search_targets(graph: SearchGraph, region: str) -> list[Target]:
    """The queries of a graph whose lines are found when it is opened."""
    return with_ref_ids(
        [
            expression_target(
                search_expression(search),
                id_=f"s{number}",
                region=region,
                period=GRAPH_PERIOD,
                statistic=search.statistic,
                label=_search_label(search),
            )
            for number, search in enumerate(graph.searches)
        ]
    )


def _search_label(search: Search) -> str:
    """The values of the dimensions that the search leaves open, as CloudWatch fills them in.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html
    """
    open_ = [name for name in search.dimensions if name not in search.where]
    return " ".join(f"${{PROP('Dim.{name}')}}" for name in open_)


def log_target(table: LogTable, region: str) -> Target:
    """The query of a table of log lines."""
    return {
        "refId": "A",
        "queryMode": "Logs",
        "id": "",
        "region": region,
        "expression": table.query,
        # An ARN holds the account, which a log group's name does not.
        "logGroupNames": list(table.groups),
        "statsGroups": [],
    }


def metrics_asked_for(targets: list[Target]) -> int:
    """How many metrics a panel's queries ask GetMetricData for; searches count as one each."""
    return sum(target["queryMode"] == "Metrics" and _is_read(target) for target in targets)


def _is_read(target: Mapping[str, Any]) -> bool:
    return target["metricEditorMode"] == _BUILDER or "SEARCH(" in target["expression"]
