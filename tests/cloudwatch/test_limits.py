"""Each limit against botocore's service model or, where that is silent, the AWS page."""

import gzip
import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from ecs_monitoring.cloudwatch import limits

CLOUDWATCH = "cloudwatch/2010-08-01"
LOGS = "logs/2014-03-28"

# Constant, service model, shape whose "max" it repeats.
SHAPES = [
    ("COMPOSITE_RULE_LENGTH", CLOUDWATCH, "AlarmRule"),
    ("ALARM_NAME_LENGTH", CLOUDWATCH, "AlarmName"),
    ("ALARM_DESCRIPTION_LENGTH", CLOUDWATCH, "AlarmDescription"),
    ("ACTIONS_PER_STATE", CLOUDWATCH, "ResourceList"),
    ("DIMENSIONS_PER_METRIC", CLOUDWATCH, "Dimensions"),
    ("DIMENSION_NAME_LENGTH", CLOUDWATCH, "DimensionName"),
    ("DIMENSION_VALUE_LENGTH", CLOUDWATCH, "DimensionValue"),
    ("METRIC_NAME_LENGTH", CLOUDWATCH, "MetricName"),
    ("NAMESPACE_LENGTH", CLOUDWATCH, "Namespace"),
    ("METRIC_ID_LENGTH", CLOUDWATCH, "MetricId"),
    ("ALARMS_PER_MUTE_RULE", CLOUDWATCH, "MuteTargetAlarmNameList"),
    ("MUTE_EXPRESSION_LENGTH", CLOUDWATCH, "Expression"),
    ("MUTE_RULE_NAME_LENGTH", CLOUDWATCH, "Name"),
]

_PUT_METRIC_ALARM = f"{CLOUDWATCH}#PutMetricAlarmInput"

# Constant, what the model's prose says of it, and where: "model#Shape.Member" or "model#Operation".
PROSE = [
    ("CHILDREN_OF_COMPOSITE", "as many as {} underlying alarms", f"{CLOUDWATCH}#PutCompositeAlarm"),
    ("COMPOSITES_ABOVE_ALARM", "as many as {} composite alarms", f"{CLOUDWATCH}#PutCompositeAlarm"),
    ("STANDARD_PERIOD", "and any multiple of {}", f"{_PUT_METRIC_ALARM}.Period"),
    (
        "FARTHEST_POWER",
        "Values must be in the range of -2^{0} to 2^{0}.",
        f"{CLOUDWATCH}#MetricDatum.Value",
    ),
    ("LONG_PERIOD", "a period of less than one hour ({} seconds)", f"{_PUT_METRIC_ALARM}.Period"),
    ("EVALUATION_WINDOW", "longer than one day ({} seconds)", f"{_PUT_METRIC_ALARM}.Period"),
    (
        "LONG_EVALUATION_WINDOW",
        "multiplied by EvaluationPeriods can't be more than {} seconds",
        f"{_PUT_METRIC_ALARM}.Period",
    ),
    (
        "METRIC_FILTERS_PER_LOG_GROUP",
        "metric filters that can be associated with a log group is {}.",
        f"{LOGS}#PutMetricFilter",
    ),
    (
        "REGEX_FILTERS_PER_LOG_GROUP",
        "a quota of {} regular expression patterns",
        f"{LOGS}#PutMetricFilter",
    ),
    ("LOG_GROUPS_PER_QUERY", "up to {} log groups", f"{LOGS}#StartQueryRequest.logGroupNames"),
    ("SHORTEST_MUTE_MINUTES", "a minimum of {} minute (PT1M)", f"{CLOUDWATCH}#Schedule.Duration"),
    ("LONGEST_MUTE_DAYS", "maximum of {} days (P15D)", f"{CLOUDWATCH}#Schedule.Duration"),
]

_BODY = (
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/"
    "CloudWatch-Dashboard-Body-Structure.html"
)
# The page as it was published in 2023; later editions list other quotas.
_QUOTAS = (
    "https://github.com/awsdocs/amazon-cloudwatch-user-guide/blob/"
    "011761933cd4cd49cfbe64fca4ad93c7eda2dbd6/doc_source/cloudwatch_limits.md"
)
_PROVIDER = (
    "https://github.com/hashicorp/terraform-provider-aws/blob/"
    "055611a654738da73e7b1e2b5d2b7672c6d4d531/internal/service/cloudwatch/metric_alarm.go"
)

# Constant, its number, the sentence with the number, and the page that has the sentence.
PAGES = [
    (
        "METRIC_QUERIES_PER_ALARM",
        20,
        "You may specify at most 20.",
        "https://www.pulumi.com/registry/packages/aws/api-docs/cloudwatch/metricalarm/",
    ),
    (
        "METRICS_PER_ALARM",
        10,
        "Alarms based on metric math expressions can reference a maximum of 10 metrics.",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html",
    ),
    (
        "LONGEST_PERIOD",
        86_400,
        "Maximum value is one day (86,400 seconds). This quota cannot be changed.",
        _QUOTAS,
    ),
    ("EXPRESSION_LENGTH", 1024, "ValidateFunc: validation.StringLenBetween(1, 1024),", _PROVIDER),
    ("DASHBOARD_COLUMNS", 24, "in grid units (in a 24-column grid)", _BODY),
    (
        "WIDGETS_PER_DASHBOARD",
        500,
        "It can include an array of between 0 and 500 widget objects",
        _BODY,
    ),
    (
        "METRICS_PER_WIDGET",
        500,
        "One metrics array can include 0–500 metrics and expressions.",
        _BODY,
    ),
    (
        "METRICS_PER_DASHBOARD",
        2500,
        "Up to 2500 metrics per dashboard, across all widgets.",
        _QUOTAS,
    ),
    (
        "SEARCHES_PER_WIDGET",
        100,
        "You can have as many as 100 search expressions on one graph.",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"
        "search-expression-syntax.html",
    ),
    ("ALARMS_PER_WIDGET", 100, "The array can have 1-100 ARNs.", _BODY),
]

# No AWS page was found that states it: a bound of the project's own.
UNDOCUMENTED = {"DASHBOARD_BODY_BYTES": 1_048_576}


@cache
def model(name: str) -> dict[str, Any]:
    packed = files("botocore").joinpath("data", name, "service-2.json.gz").read_bytes()
    found: dict[str, Any] = json.loads(gzip.decompress(packed))
    return found


def prose(place: str) -> str:
    """What the service model says at ``model#Shape.Member`` or ``model#Operation``."""
    name, _, path = place.partition("#")
    shape, _, member = path.partition(".")
    node = model(name)["shapes"][shape]["members"][member] if member else None
    html = (node or model(name)["operations"][shape])["documentation"]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def limit(name: str) -> int:
    value = getattr(limits, name)
    assert isinstance(value, int)
    return value


@pytest.mark.parametrize(("name", "service", "shape"), SHAPES)
def test_lengths_are_those_of_the_service_model(name: str, service: str, shape: str) -> None:
    assert limit(name) == model(service)["shapes"][shape]["max"]


@pytest.mark.parametrize(("name", "sentence", "place"), PROSE)
def test_numbers_are_those_of_the_models_prose(name: str, sentence: str, place: str) -> None:
    value = limit(name)
    said = prose(place)
    spellings = (f"{value:,}", str(value), *(["five"] if value == 5 else []))
    assert any(sentence.format(spelling) in said for spelling in spellings)


def test_high_resolution_periods_are_those_of_the_models_prose() -> None:
    listed = re.search(r"Valid values are ([\d, ]+), and any", prose(f"{_PUT_METRIC_ALARM}.Period"))
    assert listed is not None
    assert tuple(map(int, listed[1].split(", "))) == limits.HIGH_RESOLUTION_PERIODS


@pytest.mark.parametrize(("name", "number", "sentence", "page"), PAGES)
def test_numbers_are_those_of_the_quoted_page(
    name: str, number: int, sentence: str, page: str
) -> None:
    assert str(number) in re.findall(r"\d+", sentence.replace(",", ""))
    assert page.startswith("https://")
    assert limit(name) == number


def test_expressions_are_no_longer_than_cloudwatch_takes() -> None:
    assert limit("EXPRESSION_LENGTH") <= model(CLOUDWATCH)["shapes"]["MetricExpression"]["max"]


@pytest.mark.parametrize(("name", "number"), UNDOCUMENTED.items())
def test_bounds_without_a_source_stay_what_they_are(name: str, number: int) -> None:
    assert limit(name) == number


def test_every_limit_is_in_one_of_these_tables() -> None:
    tables = (*SHAPES, *PROSE, *PAGES)
    held = {row[0] for row in tables} | set(UNDOCUMENTED) | {"HIGH_RESOLUTION_PERIODS"}
    assert {name for name in vars(limits) if name.isupper()} == held
