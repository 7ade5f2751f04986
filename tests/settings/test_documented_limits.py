"""The limits that the property tests hold alarms against can be broken, each of them."""

from typing import Any

import pytest

from stack.program import ProgramRun
from tests.components.registered import ALARM, by_key
from tests.settings.documented_limits import alarm_breaches

TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:t"


def test_no_shipped_alarm_breaches_a_limit(stack: ProgramRun) -> None:
    assert {a.name: alarm_breaches(a.inputs) for a in stack.of_type(ALARM)} == {
        a.name: [] for a in stack.of_type(ALARM)
    }


@pytest.mark.parametrize(
    ("change", "breach"),
    [
        ({"name": ""}, "AlarmName"),
        ({"name": "n" * 256}, "AlarmName"),
        ({"alarmDescription": "d" * 1025}, "AlarmDescription"),
        ({"alarmActions": [TOPIC] * 6}, "ResourceList"),
        ({"alarmActions": []}, "nobody would hear"),
        ({"alarmActions": ["pager"]}, "is no topic"),
        ({"okActions": ["arn:aws:sns:ap-northeast-1::t"]}, "is no topic"),
        ({"tags": {f"t{n}": "" for n in range(51)}}, "51 tags"),
        ({"tags": {"k" * 129: ""}}, "TagKey"),
        ({"tags": {"k": "v" * 257}}, "TagValue"),
        ({"tags": {"Aws:k": ""}}, "AWS's own"),
        ({"evaluationPeriods": 0}, "EvaluationPeriods"),
        ({"datapointsToAlarm": 0}, "DatapointsToAlarm"),
        ({"evaluationPeriods": 3, "datapointsToAlarm": 4}, "4 of 3 datapoints"),
        ({"threshold": float("inf")}, "threshold"),
        ({"comparisonOperator": "AtLeast"}, "ComparisonOperator"),
        ({"comparisonOperator": "LessThanLowerThreshold"}, "needs a model"),
        ({"treatMissingData": "notbreaching"}, "missing data"),
        ({"period": 0}, "Period"),
        ({"period": 30}, "period 30"),
        ({"period": 90}, "period 90"),
        ({"period": 86_460}, "more than a day"),
        ({"period": 60, "evaluationPeriods": 1441}, "window of 86460"),
        ({"period": 3600, "evaluationPeriods": 169}, "window of 608400"),
        ({"namespace": ":AWS/ECS"}, "Namespace"),
        ({"namespace": "n" * 256}, "Namespace"),
        ({"metricName": ""}, "MetricName"),
        ({"dimensions": {f"d{n}": "v" for n in range(31)}}, "Dimensions"),
        ({"dimensions": {"d" * 256: "v"}}, "DimensionName"),
        ({"dimensions": {"d": "v" * 1025}}, "DimensionValue"),
        ({"dimensions": {"d": " "}}, "dimension d"),
        ({"dimensions": {"d": "日本"}}, "dimension d"),
        ({"statistic": "p99"}, "Statistic"),
        ({"extendedStatistic": "p99"}, "not both"),
        ({"evaluateLowSampleCountPercentiles": "ignore"}, "low sample count"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_breach_of_a_plain_alarm_is_found(
    prod: ProgramRun, change: dict[str, Any], breach: str
) -> None:
    alarm = {**by_key(prod)["ecs.cpu-high"].inputs, **change}
    assert any(breach in found for found in alarm_breaches(alarm)), alarm_breaches(alarm)


@pytest.mark.parametrize(
    ("query", "change", "breach"),
    [
        (0, {"id": "Errors"}, "id 'Errors'"),
        (0, {"id": "requests"}, "ids"),
        (0, {"returnData": True}, "not exactly one"),
        (2, {"returnData": False}, "not exactly one"),
        (2, {"expression": "e" * 2049}, "MetricExpression"),
        (2, {"expression": "100 * faults"}, "uses {'faults'}"),
        (2, {"metric": {}, "expression": "1"}, "not both"),
    ],
)
def test_a_breach_of_metric_math_is_found(
    prod: ProgramRun, query: int, change: dict[str, Any], breach: str
) -> None:
    alarm = dict(by_key(prod)["alb.target-5xx-rate"].inputs)
    queries = [dict(found) for found in alarm["metricQueries"]]
    period = {**queries[0]["metric"]}
    queries[query] |= {key: value or period for key, value in change.items()} | {
        key: value for key, value in change.items() if value is False
    }
    broken = {**alarm, "metricQueries": queries}
    assert any(breach in found for found in alarm_breaches(broken)), alarm_breaches(broken)


def test_metric_math_reads_all_its_metrics_at_one_period(prod: ProgramRun) -> None:
    alarm = dict(by_key(prod)["alb.target-5xx-rate"].inputs)
    first, *rest = alarm["metricQueries"]
    other = {**first, "metric": {**first["metric"], "period": 300}}
    assert any(
        "periods" in found for found in alarm_breaches({**alarm, "metricQueries": [other, *rest]})
    )
    assert any("beside" in found for found in alarm_breaches({**alarm, "period": 60}))
