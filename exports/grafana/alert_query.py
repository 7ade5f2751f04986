"""What an alert rule asks CloudWatch: one query, whatever the alarm reads."""

from typing import Final

from ecs_monitoring.cloudwatch.expression import MetricMath
from ecs_monitoring.cloudwatch.graph import Search
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.metric_math.syntax import inlined
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.cloudwatch.widget import search_expression
from exports.grafana.targets import Target, expression_target, metric_target
from exports.result import NotCarriedError

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
_EXPRESSION_LENGTH: Final = 2048
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
_SEARCH_LENGTH: Final = 1024


def alert_target(rule: AlarmRule, region: str) -> Target:
    """The one query of an alert rule.

    Metric math becomes one expression: "If you use the expression field to reference another
    query, such as queryA * 2, you can't create an alert rule based on that query"
    (https://grafana.com/docs/grafana/latest/datasources/aws-cloudwatch/query-editor/).

    Raises:
        NotCarriedError: it cannot be one expression.
    """
    signal = rule.signal
    if isinstance(signal, Metric):
        return {"refId": "A", **metric_target(signal, id_="m0", region=region, period=rule.period)}
    return {
        "refId": "A",
        **expression_target(
            _one_expression(signal, rule.period),
            id_="e0",
            region=region,
            period=rule.period,
            statistic=signal.metrics[0].statistic,
        ),
    }


def _one_expression(signal: MetricMath, period: int) -> str:
    sources: dict[str, str] = {}
    for query in signal.queries:
        if isinstance(query.source, str):
            sources[query.id] = query.source
            continue
        metric = query.source
        search = Search(
            namespace=metric.namespace,
            dimensions=tuple(metric.dimensions),
            metric=metric.name,
            where=metric.dimensions,
            statistic=metric.statistic,
        )
        if not metric.dimensions:
            raise NotCarriedError(
                f"its metric math reads {metric.name}, which has no dimensions and so cannot be "
                "searched for"
            )
        text = search_expression(search, period)
        if len(text) > _SEARCH_LENGTH:
            raise NotCarriedError(f"a search for {metric.name} is longer than CloudWatch takes")
        sources[query.id] = f"SUM({text})"
    expression = inlined(signal.returned, sources)
    if len(expression) > _EXPRESSION_LENGTH:
        raise NotCarriedError("its metric math as one expression is longer than CloudWatch takes")
    return expression
