"""Grafana's judgement of an alert rule, as its sources have it, over datapoints of a test's own.

The steps math, reduce and threshold alone, in the forms that are written:
https://github.com/grafana/grafana/blob/main/pkg/expr/mathexp/exp.go (operators on a series, a point
at a time), .../mathexp/reduce.go (dropNN leaves out what is no number; a sum of nothing is 0, the
last or mean of nothing is no number), .../threshold.go.
"""

import math
import operator
from collections.abc import Mapping, Sequence
from typing import Any, Final

COMPARISONS: Final = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


def judged(rule: Mapping[str, Any], datapoints: Sequence[float | None]) -> str:
    """``Alerting``, ``Normal``, or what the rule says of no data.

    Args:
        rule: an alert rule as it was written.
        datapoints: of the N periods that the query asks for, the oldest first; ``None`` for a
            period without data.
    """
    _, marks, reduced, condition = (step["model"] for step in rule["data"])
    assert [marks["type"], reduced["type"], condition["type"]] == ["math", "reduce", "threshold"]
    assert reduced["settings"] == {"mode": "dropNN"}
    assert rule["condition"] == condition["refId"]
    assert (reduced["expression"], condition["expression"]) == (marks["refId"], reduced["refId"])
    source, sign, number = marks["expression"].split(" ")
    assert source == "$A"
    ones = [float(COMPARISONS[sign](v, float(number))) for v in datapoints if v is not None]
    value = _reduced(reduced["reducer"], ones)
    if math.isnan(value):
        return str(rule["noDataState"])
    (evaluator,) = (found["evaluator"] for found in condition["conditions"])
    (limit,) = evaluator["params"]
    holds = {"gt": operator.gt, "lt": operator.lt}[evaluator["type"]](value, limit)
    return "Alerting" if holds else "Normal"


def _reduced(reducer: str, values: Sequence[float]) -> float:
    if reducer == "sum":
        return sum(values)
    if not values:
        return math.nan
    return {"last": values[-1], "mean": sum(values) / len(values)}[reducer]


def periods_asked_for(rule: Mapping[str, Any], period: int, second: int) -> list[int]:
    """Beginnings of the periods that CloudWatch answers with, in seconds of the same minute.

    The beginning is rounded down to the whole minute, the end is exclusive:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
    Before it asks, Grafana moves the end on to the next whole minute, from a whole one as well.

    Args:
        rule: an alert rule as it was written.
        period: seconds.
        second: of the minute in which the rule is evaluated.
    """
    time = rule["data"][0]["relativeTimeRange"]
    start = (second - time["from"]) // 60 * 60
    end = (second - time["to"]) // 60 * 60 + 60
    return list(range(start, end, period))
