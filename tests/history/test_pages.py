"""Pages of GetMetricData put together: values, and why something is not all there.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataResult.html
"""

from datetime import UTC, datetime
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from history.answers import FetchAnswer, ask
from history.pages import MetricDataPages
from history.plan import Request
from history.retry import GaveUpError, Retry
from history.wanted import WantedMetric
from tests.history.recorded import PATIENT, archived, refusal
from tests.times import at

START: Final = at("2026-02-28")
CPU: Final = WantedMetric(metric=archived(), percentiles=("p90",))


def result(id_: str, *minutes: int, status: str | None = "Complete", **more: Any) -> dict[str, Any]:
    """Some minutes, each with ten times its number as a value."""
    return {
        "Id": id_,
        "Timestamps": [datetime.fromtimestamp(START + 60 * minute, UTC) for minute in minutes],
        "Values": [10.0 * minute for minute in minutes],
        **({} if status is None else {"StatusCode": status}),
        **more,
    }


def pages(*each: dict[str, Any]) -> MetricDataPages:
    found = MetricDataPages()
    for page in each:
        found.add(page)
    return found


def page(*results: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"MetricDataResults": list(results), **more}


def message(code: str, value: str) -> list[dict[str, str]]:
    return [{"Code": code, "Value": value}]


def test_values_of_all_pages_in_the_order_of_time() -> None:
    found = pages(page(result("a", 3, 1), result("b", 7)), {}, page(result("a", 0, 1)))
    times, values = found.columns("a")
    assert times.tolist() == [START, START + 60, START + 180]
    assert values.tolist() == [0, 10, 30]
    assert found.columns("c")[0].tolist() == found.columns("c")[1].tolist() == []


@pytest.mark.parametrize(
    ("given", "ids", "failure"),
    [
        ([page(result("a"))], ["a"], ""),
        ([page(result("a", status=None))], ["a"], ""),
        ([page(result("a", status="PartialData")), page(result("a"))], ["a"], ""),
        (
            [page(result("a")), page(result("a", status="PartialData"))],
            ["a"],
            "Complete, PartialData",
        ),
        (
            [page(result("a", status="InternalError")), page(result("a"))],
            ["a"],
            "InternalError, Complete",
        ),
        ([page(result("a", status="Forbidden"))], ["a"], "Forbidden"),
        ([page(result("a"))], ["b"], "no result"),
        ([page()], [], ""),
        # The first that is not all there; each word once, those of the result before others.
        ([page(result("a"), result("b", status="Forbidden"))], ["a", "b"], "Forbidden"),
        (
            [
                page(
                    result("a", status="PartialData", Messages=message("Odd", "half")),
                    Messages=message("Max", "too many"),
                ),
                page(
                    result("a", status="PartialData", Messages=message("Odd", "half")),
                    Messages=message("Max", "too many"),
                ),
            ],
            ["a"],
            "PartialData: Odd: half; Max: too many",
        ),
        # What is said of a whole answer is no failure.
        ([page(result("a"), Messages=message("Max", "too many"))], ["a"], ""),
        ([page(result("a", Messages=None), Messages=None)], ["a"], ""),
    ],
)
def test_why_something_is_not_all_there(
    given: list[dict[str, Any]], ids: list[str], failure: str
) -> None:
    assert pages(*given).failure(ids) == failure


def test_pages_that_are_cut_off() -> None:
    found = pages(page(result("a"), result("b", status="PartialData")))
    found.cut_off("the token has expired")
    assert found.failure(["a"]) == "Complete: the token has expired"
    assert found.failure(["b"]) == "PartialData: the token has expired"
    assert found.failure(["c"]) == "no result: the token has expired"


class Answering:
    """A client that gives some answers, one after the other; an error is raised."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[dict[str, Any]] = []

    def get_metric_data(self, **request: Any) -> Any:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


STATISTICS: Final = ("SampleCount", "Sum", "Minimum", "Maximum", "p90")


def call(*metrics: WantedMetric, minutes: int = 10) -> Request:
    return Request(start=START, end=START + 60 * minutes, period=60, metrics=metrics)


def asked(client: Answering, *metrics: WantedMetric, retry: Retry = PATIENT) -> FetchAnswer:
    return ask(client, call(*metrics), retry)


def whole(index: int = 0, *minutes: int) -> list[dict[str, Any]]:
    """All five statistics of a metric."""
    return [result(f"m{index}_{number}", *minutes) for number in range(5)]


def test_what_is_asked_for() -> None:
    client = Answering(page(*whole(0), *whole(1)))
    other = WantedMetric(metric=archived("Memory", Cluster="a", Service="b"), percentiles=("p90",))
    asked(client, CPU, other)

    def queries(index: int, name: str, *dimensions: tuple[str, str]) -> list[dict[str, Any]]:
        pairs = [{"Name": of, "Value": value} for of, value in dimensions]
        about = {"Namespace": "AWS/ECS", "MetricName": name, "Dimensions": pairs}
        return [
            {
                "Id": f"m{index}_{number}",
                "MetricStat": {"Metric": about, "Period": 60, "Stat": statistic},
            }
            for number, statistic in enumerate(STATISTICS)
        ]

    assert client.requests == [
        {
            "MetricDataQueries": [
                *queries(0, "CPUUtilization", ("Service", "web")),
                *queries(1, "Memory", ("Cluster", "a"), ("Service", "b")),
            ],
            "StartTime": datetime(2026, 2, 28, 0, 0, tzinfo=UTC),
            "EndTime": datetime(2026, 2, 28, 0, 10, tzinfo=UTC),
            "ScanBy": "TimestampAscending",
        }
    ]


def test_records_of_the_times_that_are_asked_for() -> None:
    # Before the beginning, at it, just before the end, and at the end.
    minutes = (-1, 1, 2, 9, 10)
    answer = page(
        result("m0_0", *minutes),
        # One without its sum, one without its maximum; a percentile is not always there.
        result("m0_1", -1, 1, 9, 10),
        result("m0_2", *minutes),
        result("m0_3", -1, 2, 9, 10),
        result("m0_4", 2),
    )
    found = asked(Answering(answer), CPU).records[CPU]
    assert found.times.tolist() == [START + 540]
    assert found.resolutions.tolist() == [60]
    for of in (found.counts, found.totals, found.minimums, found.maximums):
        assert of.tolist() == [90]
    assert str(found.percentiles["p90"].tolist()) == "[nan]"


def test_minutes_without_a_sample_are_no_records() -> None:
    # The count of minute 0 is 0.
    found = asked(Answering(page(*whole(0, 0, 1))), CPU).records[CPU]
    assert found.times.tolist() == [START + 60]


def test_what_failed_is_asked_for_again_until_it_is_answered() -> None:
    waits: list[float] = []
    retry = Retry(attempts=4, sleep=waits.append, jitter=lambda: 1.0)
    broken = [result(f"m0_{number}", status="InternalError") for number in range(5)]
    client = Answering(page(*broken), page(*broken), page(*whole(0, 1)))
    found = asked(client, CPU, retry=retry)
    assert (list(found.records), found.failures) == ([CPU], {})
    assert waits == [1, 2]


def test_it_is_asked_for_so_often_and_no_more() -> None:
    waits: list[float] = []
    retry = Retry(attempts=3, sleep=waits.append, jitter=lambda: 1.0)
    client = Answering(*[page()] * 9)
    assert asked(client, CPU, retry=retry) == FetchAnswer(records={}, failures={CPU: "no result"})
    assert (len(client.requests), waits) == (3, [1, 2])


def test_what_is_forbidden_is_asked_for_with_what_failed_otherwise() -> None:
    other = WantedMetric(metric=archived("Memory"), percentiles=("p90",))
    forbidden = [result(f"m0_{number}", status="Forbidden") for number in range(5)]
    client = Answering(page(*forbidden), page(*forbidden, *whole(1, 1)), page())
    found = asked(client, CPU, other)
    # The other one had no result; then nothing is left but what is forbidden.
    assert (list(found.records), found.failures) == ([other], {CPU: "Forbidden"})
    assert len(client.requests) == 2


@pytest.mark.parametrize("code", ["InvalidNextToken", "InvalidNextTokenException"])
def test_a_token_that_has_expired_begins_anew(code: str) -> None:
    client = Answering(page(*whole(0, 1), NextToken="x"), refusal(code), page(*whole(0, 1)))
    assert list(asked(client, CPU).records) == [CPU]
    assert [request.get("NextToken") for request in client.requests] == [None, "x", None]
    left = Answering(page(*whole(0, 1), NextToken="x"), refusal(code))
    found = asked(left, CPU, retry=Retry(attempts=1))
    assert found.failures == {
        CPU: f"Complete: An error occurred ({code}) when calling the GetMetricData operation: "
        f"says {code}"
    }


def test_other_refusals_are_raised() -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        asked(Answering(refusal("AccessDenied")), CPU)


def test_seven_attempts_within_a_minute_and_no_more() -> None:
    waits: list[float] = []
    client = Answering(*[refusal("Throttling")] * 9)
    with pytest.raises(GaveUpError) as gave_up:
        asked(client, CPU, retry=Retry(sleep=waits.append, jitter=lambda: 1.0))
    assert str(gave_up.value) == (
        "GetMetricData: 7 attempts failed, the last one with: An error occurred (Throttling) when "
        "calling the GetMetricData operation: says Throttling"
    )
    assert (len(client.requests), waits) == (7, [1, 2, 4, 8, 16, 30])


def test_of_an_error_of_many_lines_the_first_is_said() -> None:
    """Behind a proxy it may be a whole page."""
    error = refusal("Throttling")
    error.args = ("502 Bad Gateway\n<html>\n",)
    with pytest.raises(GaveUpError, match=r"with: 502 Bad Gateway$"):
        asked(Answering(error), CPU, retry=Retry(attempts=1))
