"""Metrics: what CloudWatch and its provider take, and what they refuse."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.metric import Metric


def metric(**changes: Any) -> Metric:
    fields = {"namespace": "Django/API", "name": "Requests", "statistic": "Sum"}
    return Metric(**{**fields, **changes})


@pytest.mark.parametrize(
    "statistic",
    # Valid values of Statistic and ExtendedStatistic:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
    [
        *("SampleCount", "Average", "Sum", "Minimum", "Maximum"),
        *("p50", "p99", "p99.9", "p99.99", "p100", "p0", "tm90", "wm98", "tc90", "ts90", "IQM"),
        *("TM(10%:90%)", "WM(5%:95%)", "TC(2%:98%)", "TS(80%:)", "TM(:99.5%)"),
        *("PR(100:2000)", "PR(:300)", "TM(150:1000)"),
    ],
)
def test_statistics_that_cloudwatch_and_the_provider_take(statistic: str) -> None:
    assert metric(statistic=statistic).statistic == statistic


@pytest.mark.parametrize(
    "statistic",
    [
        *("", "average", "AVG", "Median", "p", "P99", "p101", "p99.999", "p.5", "p-1", " p99"),
        *("p99 ", "p99\n", "iqm", "TM90", "TM(10%)", "tm(10%:90%)", "TM(10%:90%", "PR(a:b)"),
        # Digits of other scripts are digits to Python alone.
        "p\N{FULLWIDTH DIGIT NINE}\N{FULLWIDTH DIGIT NINE}",
    ],
)
def test_other_statistics_are_refused(statistic: str) -> None:
    with pytest.raises(InvalidValueError, match="statistic"):
        metric(statistic=statistic)


# The provider's own check, in internal/service/cloudwatch/metric_alarm.go of
# https://github.com/hashicorp/terraform-provider-aws (Go's digits are ASCII).
PROVIDER = re.compile(
    r"^((p|(tm)|(wm)|(tc)|(ts))((\d{1,2}(\.\d{1,2})?)|(100))|(IQM)"
    r"|(((TM)|(WM)|(PR)|(TC)|(TS)))\((\d+(\.\d+)?%?)?:(\d+(\.\d+)?%?)?\))\Z",
    re.ASCII,
)


@given(
    st.from_regex(r"(p|tm|TM|PR|IQM|WM)\(?\d{0,3}(\.\d{0,3})?%?:?\d{0,3}%?\)?", fullmatch=True)
    | st.from_regex(PROVIDER, fullmatch=True)
)
def test_extended_statistics_are_the_providers_less_empty_ranges(statistic: str) -> None:
    refusal = ""
    try:
        accepted = metric(statistic=statistic).is_extended
    except InvalidValueError as error:
        accepted, refusal = False, str(error)
    empty = re.search("boundar|nothing is between", refusal)
    assert (accepted or bool(empty)) == bool(PROVIDER.match(statistic))


@pytest.mark.parametrize(
    ("statistic", "message"),
    [
        ("TM(98%:2%)", r"nothing is between 98% and 2%; write TM\(2%:98%\)"),
        ("PR(300:100)", r"write PR\(100:300\)"),
        ("TC(5:5)", "nothing is between 5 and 5"),
        ("TM(:0%)", "nothing is between 0 and 0%"),
        ("TS(:)", "no boundary"),
        ("WM(10%:90)", "both boundaries with %"),
        ("TM(10%:190%)", "from 0% to 100%"),
        ("TM(101%:)", "from 0% to 100%"),
    ],
)
def test_a_range_that_holds_nothing_is_refused(statistic: str, message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        metric(statistic=statistic)


@pytest.mark.parametrize(
    ("statistic", "extended"), [("p99", True), ("IQM", True), ("Average", False), ("Sum", False)]
)
def test_percentiles_are_extended_statistics(statistic: str, extended: bool) -> None:
    assert metric(statistic=statistic).is_extended is extended


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"namespace": ""}, "namespace"),
        ({"namespace": "n" * 256}, "256"),
        ({"namespace": ":Django"}, "namespace"),
        ({"namespace": "Djang\N{LATIN SMALL LETTER O WITH DIAERESIS}"}, "namespace"),
        ({"namespace": "\N{LATIN SMALL LETTER O WITH DIAERESIS}"}, "namespace"),
        ({"namespace": "\N{SNAKE}"}, "namespace"),
        ({"namespace": "*"}, "namespace"),
        ({"namespace": "Django\n"}, "namespace"),
        # "It must contain at least one non-whitespace character":
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStreamFilter.html
        ({"namespace": "  "}, "namespace"),
        ({"name": ""}, "metric name"),
        ({"name": "n" * 256}, "256"),
        ({"dimensions": {"": "web"}}, "dimension"),
        ({"dimensions": {"Service": ""}}, "Service"),
        ({"dimensions": {"n" * 256: "web"}}, "256"),
        ({"dimensions": {"Service": "v" * 1025}}, "1025"),
        ({"dimensions": {":Service": "web"}}, "colon"),
        ({"dimensions": {"Service": "  "}}, "blanks"),
        ({"dimensions": {" ": "web"}}, "blanks"),
        ({"dimensions": {"Service": "caf\N{LATIN SMALL LETTER E WITH ACUTE}"}}, "ASCII"),
        ({"dimensions": {"Service": "we\tb"}}, "printable"),
        ({"dimensions": {"Service": "we\x7fb"}}, "printable"),
        ({"dimensions": {f"D{n}": "v" for n in range(31)}}, "31 dimensions"),
        ({"namespace": "AWS/ECS", "high_resolution": True}, "high resolution"),
        ({"namespace": "ECS/ContainerInsights", "high_resolution": True}, "high resolution"),
    ],
)
def test_what_cloudwatch_refuses_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        metric(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"namespace": "n" * 255, "name": "n" * 255},
        {"namespace": "Django API_2#eu:x"},
        {"dimensions": {"n" * 255: "v" * 1024}},
        {"dimensions": {"Service": ":web"}},
        {"dimensions": {"Path": "/a b?c=(d)\\'\"%"}},
        {"dimensions": {f"D{n}": "v" for n in range(30)}},
        {"high_resolution": True},
    ],
)
def test_what_cloudwatch_takes_is_kept(changes: dict[str, Any]) -> None:
    made = metric(**changes)
    assert {name: getattr(made, name) for name in changes} == changes


@pytest.mark.parametrize(
    ("namespace", "is_aws"),
    [("AWS/RDS", True), ("ECS/ContainerInsights", True), ("Django/API", False), ("AWSome", False)],
)
def test_namespaces_of_aws_are_known(namespace: str, is_aws: bool) -> None:
    assert metric(namespace=namespace).is_aws is is_aws


def test_the_label_is_name_and_statistic() -> None:
    assert metric(name="ResponseTime", statistic="p95").label == "ResponseTime p95"


def test_two_metrics_without_dimensions_share_nothing() -> None:
    assert metric().dimensions is not metric().dimensions
