"""What is said of a metric and of metric math, in full; units, streams and endpoints whole."""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.endpoint import Endpoint, EndpointKind, endpoints
from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.metric import Metric, check_dimensions
from ecs_monitoring.cloudwatch.metric_stream import (
    StreamedMetric,
    is_percentile,
    streamed_metrics,
)
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.cloudwatch.units import Unit, format_number, format_quantity
from tests.cloudwatch.test_expression import REQUESTS, math
from tests.cloudwatch.test_metric import metric

ACCENT = "\N{LATIN SMALL LETTER E WITH ACUTE}"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"namespace": ""}, "namespace '': has 0 characters, write 1 to 255"),
        ({"namespace": "n" * 256}, f"namespace '{'n' * 256}': has 256 characters, write 1 to 255"),
        ({"namespace": "*"}, "namespace '*': write ASCII letters, digits and . - _ / # only"),
        ({"name": ""}, "metric name '': has 0 characters, write 1 to 255"),
        ({"name": "n" * 256}, f"metric name '{'n' * 256}': has 256 characters, write 1 to 255"),
        (
            {"statistic": "Median"},
            "statistic 'Median': write one of Average, Sum, Minimum, Maximum, SampleCount or an "
            "extended statistic such as p99",
        ),
        (
            {"statistic": "TS(:)"},
            "statistic 'TS(:)': has no boundary; write one or both, as TS(10%:90%)",
        ),
        *(
            (
                {"statistic": statistic},
                f"statistic '{statistic}': write both boundaries with % or both without",
            )
            for statistic in ("WM(10%:90)", "WM(10:90%)")
        ),
        *(
            ({"statistic": statistic}, f"statistic '{statistic}': write boundaries from 0% to 100%")
            for statistic in ("TM(10%:100.5%)", "TM(101%:)", "TM(:101%)", "TM(200%:101%)")
        ),
        (
            {"statistic": "TM(98%:2%)"},
            "statistic 'TM(98%:2%)': nothing is between 98% and 2%; write TM(2%:98%)",
        ),
        (
            {"statistic": "PR(300:100)"},
            "statistic 'PR(300:100)': nothing is between 300 and 100; write PR(100:300)",
        ),
        (
            {"statistic": "TC(5:5)"},
            "statistic 'TC(5:5)': nothing is between 5 and 5; write the lower boundary first",
        ),
        (
            {"statistic": "TM(:0%)"},
            "statistic 'TM(:0%)': nothing is between 0 and 0%; write the lower boundary first",
        ),
        (
            {"namespace": "AWS/ECS", "high_resolution": True},
            "AWS/ECS: metrics of AWS services are never of high resolution",
        ),
        ({"dimensions": {f"D{n}": "v" for n in range(31)}}, "31 dimensions: write at most 30"),
        ({"dimensions": {"": "v"}}, "dimension name '': has 0 characters, write 1 to 255"),
        ({"dimensions": {"D": ""}}, "dimension D '': has 0 characters, write 1 to 1024"),
        ({"dimensions": {":D": "v"}}, "dimension name ':D': must not start with a colon"),
        *(
            (
                {"dimensions": {name: value}},
                f"dimension {name}={value!r}: write printable ASCII characters, not only blanks",
            )
            for name, value in (("D", "  "), (" ", "v"), ("D", f"caf{ACCENT}"), ("D\t", "v"))
        ),
    ],
)
def test_what_is_said_of_a_metric(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValueError) as error:
        metric(**changes)
    assert str(error.value) == words


@pytest.mark.parametrize(
    "statistic", ["TM(0%:100%)", "TM(:100%)", "TM(99%:)", "PR(:1000)", "PR(100:)", "PR(101:1000)"]
)
def test_ranges_that_hold_something_are_taken(statistic: str) -> None:
    assert metric(statistic=statistic).is_extended


def test_dimensions_are_checked_by_themselves_too() -> None:
    check_dimensions({f"D{n}": "v" for n in range(30)})
    with pytest.raises(InvalidValueError, match="must not start with a colon"):
        check_dimensions({":D": "v"})


@pytest.mark.parametrize(
    ("id_", "source", "words"),
    [
        (
            "M1",
            REQUESTS,
            "metric id 'M1': start with a lower-case letter, then letters, digits and underscores",
        ),
        ("e", " ", "expression e: write 1 to 1024 characters"),
        ("e", "m" * 1025, "expression e: write 1 to 1024 characters"),
        (
            "e",
            "m +",
            "metric query e: expression 'm +': a number, an id or a function must stand where 'the "
            "end' stands",
        ),
        (
            "e",
            "1 + MAX(Search('x'))",
            "expression e: CloudWatch allows no alarm on SEARCH; name the metrics",
        ),
    ],
)
def test_what_is_said_of_a_query(id_: str, source: Metric | str, words: str) -> None:
    with pytest.raises(InvalidValueError) as error:
        MetricQuery(id=id_, source=source)
    assert str(error.value) == words


@pytest.mark.parametrize(
    ("queries", "returned", "words"),
    [
        (
            {"m": None, **{f"e{n}": "m" for n in range(20)}},
            "m",
            "21 metric queries: an alarm holds at most 20",
        ),
        (
            {"m": None, "n": "m"},
            "e",
            "returned series 'e' is none of the ids m, n: exactly one query must be returned",
        ),
        ({"e": "1"}, "e", "metric math without any metric: add at least one"),
        (
            {**{f"m{n}": None for n in range(11)}, "e": "SUM(METRICS())"},
            "e",
            "11 metrics: metric math of an alarm reads at most 10",
        ),
        ({"m": None, "e": "n"}, "e", "expression e: n is no id here: write one of m, e"),
        (
            {"m": None, "e": "m / 0"},
            "e",
            "expression e (m / 0) has never a value, whatever its metrics are: a division by zero, "
            "for example, drops the datapoint",
        ),
        (
            {"m": None, "e": "m * 0 + 2.5"},
            "e",
            "expression e (m * 0 + 2.5) is always 2.5, whatever its metrics are: no threshold has "
            "two sides",
        ),
        (
            {"m": None, "e": "HOUR(m)"},
            "e",
            "expression e (HOUR(m)) depends on no metric, only on the time: name one outside "
            "PERIOD, HOUR and the like",
        ),
    ],
)
def test_what_is_said_of_metric_math(
    queries: dict[str, str | None], returned: str, words: str
) -> None:
    with pytest.raises(InvalidValueError) as error:
        math(queries, returned)
    assert str(error.value) == words


def test_of_ids_that_are_used_twice_the_first_by_name_is_told() -> None:
    twice = tuple(MetricQuery(id=id_, source=REQUESTS) for id_ in ("b", "a", "c", "b", "a"))
    with pytest.raises(InvalidValueError) as error:
        MetricMath(queries=twice, returned="c")
    assert str(error.value) == "metric id 'a' is used twice: rename one"


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (1_073_741_823, Unit.BYTES, "1,024 MiB"),
        (-2 * 1024**3, Unit.BYTES, "-2 GiB"),
        (1_325_545_155, Unit.BYTES, "1.23 GiB"),
        (1024**2, Unit.BYTES, "1 MiB"),
        (-(1024**2), Unit.BYTES, "-1 MiB"),
        (1_048_575, Unit.BYTES, "1,048,575 bytes"),
        # 5,000,000 of 1,048,576 each are 4.768.
        (5_000_000, Unit.BYTES, "4.77 MiB"),
        (0, Unit.BYTES, "0 bytes"),
        (1500, Unit.MILLISECONDS, "1,500 ms"),
    ],
)
def test_quantities_at_the_edges_of_their_units(value: float, unit: Unit, words: str) -> None:
    assert format_quantity(value, unit) == words


def test_a_number_has_ten_decimals_at_most() -> None:
    assert [format_number(value) for value in (1e-10, 1.00000000004, 100.0)] == [
        *("0.0000000001", "1", "100")
    ]
    assert {unit: unit.symbol for unit in Unit} == {
        Unit.PERCENT: "%",
        Unit.SECONDS: "s",
        Unit.MILLISECONDS: "ms",
        Unit.BYTES: "bytes",
        Unit.COUNT: "",
    }


def test_a_stream_sends_each_metric_once_with_its_percentiles() -> None:
    wanted = [
        metric(name="Time", statistic=statistic)
        for statistic in ("p99.9", "p100", "Sum", "p9", "p99.9", "PR(1:2)")
    ]
    others = [metric(namespace="AWS/RDS", name=name) for name in ("b", "a", "b")]
    assert streamed_metrics([*wanted, *others]) == (
        StreamedMetric(namespace="AWS/RDS", name="a", percentiles=()),
        StreamedMetric(namespace="AWS/RDS", name="b", percentiles=()),
        # By number, and not by spelling.
        StreamedMetric(namespace="Django/API", name="Time", percentiles=("p9", "p99.9", "p100")),
    )
    assert [is_percentile(name) for name in ("p50", "PR(1:2)", "Sum", "")] == [
        *(True, False, False, False)
    ]


def test_endpoints_come_by_kind_and_secret_ones_last() -> None:
    found = endpoints(
        "critical",
        emails={"critical": ["a@shop.jp", "b@shop.jp"]},
        secret_emails={"critical": {"pager": "secret@shop.jp"}, "warning": {"no": "no@shop.jp"}},
        webhooks={"critical": {"hook": "https://hooks.shop.jp/1"}},
        queues={"critical": ["arn:queue"]},
        topics={"critical": ["arn:topic"], "warning": ["arn:other"]},
        slack={"critical": ["T1/C1"]},
        teams={"critical": ["t/c"]},
    )
    kinds = [
        (EndpointKind.EMAIL, "a@shop.jp", "a@shop.jp", False),
        (EndpointKind.EMAIL, "b@shop.jp", "b@shop.jp", False),
        (EndpointKind.QUEUE, "arn:queue", "arn:queue", False),
        (EndpointKind.TOPIC, "arn:topic", "arn:topic", False),
        (EndpointKind.SLACK, "T1/C1", "T1/C1", False),
        (EndpointKind.TEAMS, "t/c", "t/c", False),
        (EndpointKind.EMAIL, "pager", "secret@shop.jp", True),
        (EndpointKind.WEBHOOK, "hook", "https://hooks.shop.jp/1", True),
    ]
    assert found == tuple(
        Endpoint(
            kind=kind,
            severity=Severity.CRITICAL,
            name=name,
            address=address,
            is_secret=is_secret,
        )
        for kind, name, address, is_secret in kinds
    )


def test_an_address_is_one_already_or_without_its_parts() -> None:
    address = AlarmAddress("alb.slow@main/api")
    assert AlarmAddress(address) is address
    assert (address.key, address.watched, address.of_target) == (
        "alb.slow",
        "main/api",
        "alb.slow@main",
    )
    assert AlarmAddress() == ""
    assert AlarmAddress.from_tags({}) == "@"
    assert AlarmAddress.from_tags({"AlarmKey": "alb.slow"}) == "alb.slow@"
