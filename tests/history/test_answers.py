"""What GetMetricData answers: statistics put together, pages, and what is not all there.

Pages are as in
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataResult.html ; the
emulator has no pages and no status but Complete.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from history.answers import FetchAnswer, ask
from history.plan import Request
from history.retry import GaveUpError, Retry
from history.wanted import WantedMetric
from replay.history import MetricHistory
from tests.history.recorded import PATIENT, RecordedCloudWatch, Samples, archived, key, refusal
from tests.times import at

START = at("2026-02-28")
CPU = WantedMetric(metric=archived())
SLOW = WantedMetric(metric=archived("Latency"), percentiles=("p90",))
Page = dict[str, Any]


@pytest.fixture
def cloudwatch() -> RecordedCloudWatch:
    return RecordedCloudWatch(
        samples={
            key(): Samples.of(
                (START, 5), (START + 20, 1), (START + 59, 3), (START + 180, 4), (START + 600, 2)
            ),
            key("Latency"): Samples.of(*((START + second, second) for second in range(1, 11))),
        }
    )


def asked(cloudwatch: RecordedCloudWatch, *metrics: WantedMetric, **changes: Any) -> FetchAnswer:
    retry = changes.pop("retry", PATIENT)
    call = Request(
        **{"start": START, "end": START + 600, "period": 60, "metrics": metrics, **changes}
    )
    return ask(cloudwatch, call, retry)


def records(answer: FetchAnswer, metric: WantedMetric = CPU) -> MetricHistory:
    assert answer.failures == {}
    return answer.records[metric]


def test_statistics_become_records(cloudwatch: RecordedCloudWatch) -> None:
    found = records(asked(cloudwatch, CPU))
    assert found.times.tolist() == [START, START + 180]
    assert found.resolutions.tolist() == [60, 60]
    assert found.counts.tolist() == [3, 1]
    assert found.totals.tolist() == [9, 4]
    assert found.minimums.tolist() == [1, 4]
    assert found.maximums.tolist() == [5, 4]
    assert found.percentiles == {}


def test_what_is_asked(cloudwatch: RecordedCloudWatch) -> None:
    asked(cloudwatch, CPU, period=300)
    (request,) = cloudwatch.requests
    assert request["ScanBy"] == "TimestampAscending"
    assert request["StartTime"].isoformat() == "2026-02-28T00:00:00+00:00"
    assert request["EndTime"].isoformat() == "2026-02-28T00:10:00+00:00"
    pairs = [{"Name": "Service", "Value": "web"}]
    metric = {"Namespace": "AWS/ECS", "MetricName": "CPUUtilization", "Dimensions": pairs}
    assert [query["MetricStat"] for query in request["MetricDataQueries"]] == [
        {"Metric": metric, "Period": 300, "Stat": stat}
        for stat in ("SampleCount", "Sum", "Minimum", "Maximum")
    ]
    # "The first character must be a lowercase letter."
    assert all(query["Id"][0].islower() for query in request["MetricDataQueries"])


def test_percentiles(cloudwatch: RecordedCloudWatch) -> None:
    """Of 1 to 10, nine tenths do not exceed 9. Statistic sets have none, so some may be missing."""

    def without_percentile(page: Page) -> Page:
        *_, last = page["MetricDataResults"]
        last["Timestamps"], last["Values"] = [], []
        return page

    found = records(asked(cloudwatch, SLOW), SLOW)
    assert found.percentiles["p90"].tolist() == [9]
    cloudwatch.change = without_percentile
    found = records(asked(cloudwatch, SLOW), SLOW)
    assert found.totals.tolist() == [55]
    assert np.isnan(found.percentiles["p90"]).tolist() == [True]


def test_no_data(cloudwatch: RecordedCloudWatch) -> None:
    other = WantedMetric(metric=archived("Other"), percentiles=("p50",))
    found = records(asked(cloudwatch, other), other)
    assert len(found) == 0
    assert list(found.percentiles) == ["p50"]


@pytest.mark.parametrize("page", [1, 2, 3, 5, 100])
def test_pages_of_any_size(page: int, cloudwatch: RecordedCloudWatch) -> None:
    whole = asked(cloudwatch, CPU, SLOW)
    cloudwatch.page = page
    found = asked(cloudwatch, CPU, SLOW)
    for metric in (CPU, SLOW):
        assert records(found, metric).totals.tolist() == records(whole, metric).totals.tolist()
        assert records(found, metric).counts.tolist() == records(whole, metric).counts.tolist()


def test_a_datapoint_on_two_pages_counts_once(cloudwatch: RecordedCloudWatch) -> None:
    cloudwatch.change = lambda page: {
        **page,
        "MetricDataResults": page["MetricDataResults"] + page["MetricDataResults"],
    }
    assert records(asked(cloudwatch, CPU)).totals.tolist() == [9, 4]


def test_a_minute_that_only_some_statistics_have_is_left_for_later(
    cloudwatch: RecordedCloudWatch,
) -> None:
    def with_one_more(page: Page) -> Page:
        minimum = page["MetricDataResults"][2]
        minimum["Timestamps"], minimum["Values"] = minimum["Timestamps"][:1], minimum["Values"][:1]
        return page

    cloudwatch.change = with_one_more
    assert records(asked(cloudwatch, CPU)).times.tolist() == [START]


def first_pages(count: int, change: Callable[[Page], Page]) -> Callable[[Page], Page]:
    """Change only the first pages."""
    left = iter(range(count))
    return lambda page: page if next(left, None) is None else change(page)


def with_status(status: str, *, of: str, message: str = "") -> Callable[[Page], Page]:
    """Statistics of one metric of the call fail."""

    def change(page: Page) -> Page:
        for result in page["MetricDataResults"]:
            if result["Id"].startswith(of):
                result |= {"StatusCode": status, "Timestamps": [], "Values": []}
                result["Messages"] = [{"Code": "Odd", "Value": message}] if message else []
        return page

    return change


def test_an_internal_error_is_asked_again_for_its_metric_alone(
    cloudwatch: RecordedCloudWatch,
) -> None:
    waits: list[float] = []
    cloudwatch.change = first_pages(2, with_status("InternalError", of="m0"))
    answer = asked(cloudwatch, SLOW, CPU, retry=Retry(sleep=waits.append, jitter=lambda: 1.0))
    assert records(answer, CPU).totals.tolist() == [9, 4]
    assert records(answer, SLOW).totals.tolist() == [55]
    asked_for = [len(request["MetricDataQueries"]) for request in cloudwatch.requests]
    # Both metrics; then five statistics of the one, twice.
    assert asked_for == [9, 5, 5]
    assert waits == [1, 2]


def test_an_error_on_one_of_several_pages(cloudwatch: RecordedCloudWatch) -> None:
    """What the page with the error left out, the last page does not bring."""
    cloudwatch.page = 3
    cloudwatch.change = first_pages(1, with_status("InternalError", of="m0"))
    assert records(asked(cloudwatch, CPU)).totals.tolist() == [9, 4]


def test_partial_data_to_the_end_is_a_failure_in_the_end(cloudwatch: RecordedCloudWatch) -> None:
    cloudwatch.change = with_status("PartialData", of="m0", message="could not")
    answer = asked(cloudwatch, CPU, SLOW)
    assert list(answer.records) == [SLOW]
    assert answer.failures == {CPU: "PartialData: Odd: could not"}
    assert len(cloudwatch.requests) == PATIENT.attempts


def test_what_is_forbidden_is_not_asked_again(cloudwatch: RecordedCloudWatch) -> None:
    cloudwatch.change = with_status("Forbidden", of="m0", message="not this account")
    answer = asked(cloudwatch, CPU)
    assert answer.failures == {CPU: "Forbidden: Odd: not this account"}
    assert len(cloudwatch.requests) == 1


def test_results_that_are_left_out(cloudwatch: RecordedCloudWatch) -> None:
    """AWS: "If there is a message, as much of the operation as possible is still executed"."""

    def change(page: Page) -> Page:
        message = {"Code": "MaxMetricsExceeded", "Value": "too many metrics"}
        return {**page, "MetricDataResults": page["MetricDataResults"][:5], "Messages": [message]}

    cloudwatch.change = change
    answer = asked(cloudwatch, SLOW, CPU)
    # Asked for alone, it is answered.
    assert answer.failures == {}
    assert answer.records[CPU].totals.tolist() == [9, 4]
    cloudwatch.change = lambda page: change({**page, "MetricDataResults": []})
    answer = asked(cloudwatch, CPU)
    assert answer.failures == {CPU: "no result: MaxMetricsExceeded: too many metrics"}


@pytest.mark.parametrize("status", ["as it is", "Complete"])
def test_a_token_that_has_expired(status: str, cloudwatch: RecordedCloudWatch) -> None:
    """Whatever the first page says of itself, the others are missing."""

    def expire(number: int) -> None:
        if number == 2:
            raise refusal("InvalidNextToken")

    def complete(page: Page) -> Page:
        for result in page["MetricDataResults"]:
            result["StatusCode"] = "Complete"
        return page

    cloudwatch.page = 3
    cloudwatch.before_call = expire
    if status == "Complete":
        cloudwatch.change = complete
    assert records(asked(cloudwatch, CPU)).totals.tolist() == [9, 4]
    assert "NextToken" in cloudwatch.requests[1]
    assert "NextToken" not in cloudwatch.requests[2]


def test_throttled_between_pages(cloudwatch: RecordedCloudWatch) -> None:
    def throttle(number: int) -> None:
        if number % 2 == 0:
            raise refusal("Throttling")

    cloudwatch.page = 3
    cloudwatch.before_call = throttle
    assert records(asked(cloudwatch, CPU)).totals.tolist() == [9, 4]


def test_throttled_for_good(cloudwatch: RecordedCloudWatch) -> None:
    def throttle(_number: int) -> None:
        raise refusal("Throttling")

    cloudwatch.before_call = throttle
    with pytest.raises(GaveUpError):
        asked(cloudwatch, CPU)
    assert len(cloudwatch.requests) == PATIENT.attempts


def test_refused(cloudwatch: RecordedCloudWatch) -> None:
    def refuse(_number: int) -> None:
        raise refusal("AccessDenied", 403)

    cloudwatch.before_call = refuse
    with pytest.raises(ClientError, match="AccessDenied"):
        asked(cloudwatch, CPU)
    assert len(cloudwatch.requests) == 1
