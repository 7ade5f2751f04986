"""Metric math: several metrics and expressions of which exactly one is watched."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError, InvalidValueError
from ecs_monitoring.cloudwatch.interval import ANY
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.metric_math import bounds, check, has_gaps, reads_metrics
from ecs_monitoring.cloudwatch.metric_math.syntax import Call, nodes, parse

# Shape MetricId's documented rule: starts with a lower-case letter; letters, digits, underscore.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
_ID: Final = re.compile(r"[a-z][a-zA-Z0-9_]*")


@dataclass(frozen=True, kw_only=True)
class MetricQuery:
    """A metric or an expression, under the id by which expressions refer to it.

    Attributes:
        id: lower-case first letter; letters, digits and underscores.
        source: a metric, or an expression over other ids.
        label: what a graph or table calls the series.

    Raises:
        InvalidValueError: an id or expression that CloudWatch would refuse.
    """

    id: str
    source: Metric | str
    label: str = ""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id) or len(self.id) > limits.METRIC_ID_LENGTH:
            raise InvalidValueError(
                f"metric id {self.id!r}: start with a lower-case letter, then letters, "
                "digits and underscores"
            )
        if isinstance(self.source, str) and not (
            1 <= len(self.source) <= limits.EXPRESSION_LENGTH and self.source.strip()
        ):
            raise InvalidValueError(
                f"expression {self.id}: write 1 to {limits.EXPRESSION_LENGTH} characters"
            )
        if isinstance(self.source, str):
            try:
                tree = parse(self.source)
            except CannotEvaluateError as error:
                raise InvalidValueError(f"metric query {self.id}: {error}") from None
            # "You can't create an alarm based on a SEARCH expression":
            # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-search-expressions.html
            if any(isinstance(n, Call) and n.function.upper() == "SEARCH" for n in nodes(tree)):
                raise InvalidValueError(
                    f"expression {self.id}: CloudWatch allows no alarm on SEARCH; name the metrics"
                )


@dataclass(frozen=True, kw_only=True)
class MetricMath:
    """Metric math over which an alarm watches one series.

    Attributes:
        queries: metrics first, expressions after them by convention.
        returned: the id of the one query that the alarm watches (``ReturnData``).

    Raises:
        InvalidValueError: duplicate ids, more queries than an alarm may hold, no metric at all,
            what the evaluator of metric math refuses (an unknown function or id, expressions that
            refer to each other in a circle, a wrong argument, no single series as the result), or
            a result that has never a value, always the same one, or none that a metric decides.
    """

    queries: tuple[MetricQuery, ...]
    returned: str

    def __post_init__(self) -> None:
        ids = [query.id for query in self.queries]
        if len(ids) > limits.METRIC_QUERIES_PER_ALARM:
            raise InvalidValueError(
                f"{len(ids)} metric queries: an alarm holds at most "
                f"{limits.METRIC_QUERIES_PER_ALARM}"
            )
        if duplicates := {id_ for id_ in ids if ids.count(id_) > 1}:
            raise InvalidValueError(f"metric id {min(duplicates)!r} is used twice: rename one")
        if self.returned not in ids:
            raise InvalidValueError(
                f"returned series {self.returned!r} is none of the ids {', '.join(ids)}: "
                "exactly one query must be returned"
            )
        if not self.metrics:
            raise InvalidValueError("metric math without any metric: add at least one")
        if len(self.metrics) > limits.METRICS_PER_ALARM:
            raise InvalidValueError(
                f"{len(self.metrics)} metrics: metric math of an alarm reads at most "
                f"{limits.METRICS_PER_ALARM}"
            )
        metrics = tuple(query.id for query in self.queries if isinstance(query.source, Metric))
        expressions = tuple((q.id, q.source) for q in self.queries if isinstance(q.source, str))
        _refuse_useless(metrics, expressions, self.returned)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics that the expressions are computed from."""
        return tuple(query.source for query in self.queries if isinstance(query.source, Metric))

    @property
    def label(self) -> str:
        """The watched series in words: its label, or its expression."""
        watched = next(query for query in self.queries if query.id == self.returned)
        if watched.label:
            return watched.label
        return watched.source.label if isinstance(watched.source, Metric) else watched.source


# The same rule of a hundred targets has the same expressions: what they are is looked at once.
@cache
def _refuse_useless(
    metrics: tuple[str, ...], expressions: tuple[tuple[str, str], ...], returned: str
) -> None:
    by_id = dict(expressions)
    try:
        check(metrics, by_id, returned)
    except CannotEvaluateError as error:
        raise InvalidValueError(str(error)) from None
    if returned in by_id:
        _refuse_what_never_changes(metrics, by_id, returned)


def _refuse_what_never_changes(
    metrics: Sequence[str], expressions: Mapping[str, str], returned: str
) -> None:
    values = bounds(returned, expressions, dict.fromkeys(metrics, ANY))
    name = f"expression {returned} ({expressions[returned]})"
    if values.is_empty:
        raise InvalidValueError(
            f"{name} has never a value, whatever its metrics are: a division by zero, for "
            "example, drops the datapoint"
        )
    if values.is_point and not has_gaps(returned, expressions):
        raise InvalidValueError(
            f"{name} is always {values.low:g}, whatever its metrics are: no threshold has two sides"
        )
    if not reads_metrics(returned, expressions):
        raise InvalidValueError(
            f"{name} depends on no metric, only on the time: name one outside PERIOD, HOUR and "
            "the like"
        )
