"""The OTLP sink against an endpoint: nothing lost that could be kept, nothing counted twice."""

import logging
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from django_monitoring.aggregate import Aggregate
from django_monitoring.emitter import Emitter
from django_monitoring.otlp import OtlpSink
from django_monitoring.otlp.sink import RejectedError
from django_monitoring.records import Record
from django_monitoring.several_sinks import SeveralSinks
from django_monitoring.sinks import LostRecordsError
from tests.metrics.keeping import KeepingSink, total
from tests.otlp.collector import Collector, collector

REQUESTS = 130


@pytest.fixture
def endpoint() -> Iterator[Collector]:
    with collector() as found:
        yield found


def records(requests: int = REQUESTS) -> tuple[Record, ...]:
    aggregate = Aggregate("shop", max_keys=500)
    for number in range(requests):
        aggregate.add(("GET", f"page-{number % 13}/", 200 if number % 10 else 500, 0.1))
    return tuple(aggregate.take(1_700_000_000.0))


def test_everything_arrives(endpoint: Collector) -> None:
    sink = OtlpSink(endpoint.address, {"X-Team": "shop"})
    assert sink.send_all(records(), 5) == len(records())
    sink.close()
    assert endpoint.total("Requests") == REQUESTS
    assert endpoint.total("Status_5xx") == REQUESTS / 10
    assert endpoint.total("StatusCode_5xx") == REQUESTS / 10
    histograms = [point for name, _, point in endpoint.points if name == "ResponseTime"]
    assert sum(point.count for point in histograms) == REQUESTS
    assert endpoint.headers[0]["X-Team"] == "shop"
    resource = endpoint.requests[0].resource_metrics[0].resource
    attributes = {pair.key: pair.value.string_value for pair in resource.attributes}
    assert attributes["service.name"] == "shop"
    assert socket.gethostname() in attributes["service.instance.id"]


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_what_may_come_again_comes_again(endpoint: Collector, status: int) -> None:
    endpoint.statuses.append(status)
    sink = OtlpSink(endpoint.address, {})
    assert sink.send_all(records(), 5) == 0
    assert sink.send_all(records(), 5) == len(records())
    sink.close()
    assert endpoint.total("Requests") == REQUESTS


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_what_is_refused_for_good_is_lost(endpoint: Collector, status: int) -> None:
    endpoint.statuses.append(status)
    sink = OtlpSink(endpoint.address, {})
    with pytest.raises(RejectedError, match=str(status)):
        sink.send_all(records(), 5)
    sink.close()


def test_an_endpoint_that_is_not_there_loses_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    sink = OtlpSink(f"http://127.0.0.1:{port}/v1/metrics", {})
    assert sink.send_all(records(), 5) == 0


def test_what_may_have_arrived_does_not_come_again(endpoint: Collector) -> None:
    endpoint.seconds = 2.0
    sink = OtlpSink(endpoint.address, {})
    with pytest.raises(TimeoutError):
        sink.send_all(records(), 0.3)


REJECTING = b'{"partialSuccess": {"rejectedDataPoints": "3", "errorMessage": "some error"}}'


def test_points_that_are_rejected_are_lost_and_the_others_are_not(endpoint: Collector) -> None:
    endpoint.answer = REJECTING
    sink = OtlpSink(endpoint.address, {})
    with pytest.raises(LostRecordsError, match="has rejected 3 data points: some error") as lost:
        sink.send_all(records(), 5)
    sink.close()
    assert lost.value.measurements == 3
    assert endpoint.total("Requests") == REQUESTS


@pytest.mark.parametrize(
    ("answer", "dropped"),
    [
        # As text, as protobuf's JSON has it, and as a number.
        (REJECTING, 3),
        (b'{"partialSuccess": {"rejectedDataPoints": 2}}', 2),
        # More than were sent: the request's time, its count, its status by route and by service.
        (b'{"partialSuccess": {"rejectedDataPoints": 1000000}}', 4),
        # Taken, with a word of advice.
        (b'{"partialSuccess": {"rejectedDataPoints": "0", "errorMessage": "slow down"}}', 0),
        (b'{"partialSuccess": {}}', 0),
        (b'{"partialSuccess": null}', 0),
        (b'{"partialSuccess": {"rejectedDataPoints": "many"}}', 0),
        (b"[]", 0),
        (b"ok", 0),
        (b"", 0),
    ],
)
def test_rejected_points_count_as_dropped(
    endpoint: Collector, caplog: pytest.LogCaptureFixture, answer: bytes, dropped: int
) -> None:
    endpoint.answer = answer
    running = Emitter(Aggregate("shop", 500), lambda: OtlpSink(endpoint.address, {}), 60.0)
    running.start()
    for _ in range(2):
        running.add(("GET", "a/", 200, 0.1))
        running.flush(10)
    endpoint.answer = b"{}"
    assert running.stop(10)
    # What the first time has lost is told the second time, and that then at the end.
    lost = [point.as_double for name, _, point in endpoint.points if name == "SamplesDropped"]
    assert lost == ([] if dropped == 0 else [dropped, dropped + (answer.count(b"1000000"))])
    assert len(caplog.messages) == min(dropped, 1)
    assert all("metrics are dropped, and counted as SamplesDropped" in m for m in caplog.messages)


@pytest.mark.parametrize(("pause", "told"), [(900.0, 1), (0.0, 2)])
def test_why_is_told_now_and_then(
    endpoint: Collector,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    pause: float,
    told: int,
) -> None:
    monkeypatch.setattr("django_monitoring.emitter._WARN_EVERY", pause)
    endpoint.answer = REJECTING
    running = Emitter(Aggregate("shop", 500), lambda: OtlpSink(endpoint.address, {}), 60.0)
    running.start()
    for _ in range(2):
        running.add(("GET", "a/", 200, 0.1))
        running.flush(10)
    endpoint.answer = b"{}"
    assert running.stop(10)
    assert (
        caplog.messages
        == [
            "metrics are dropped, and counted as SamplesDropped: RejectedErr_or in the emitter: "
            "the endpoint has rejected 3 data points: some err_or"
        ]
        * told
    )


def test_the_emitter_gives_it_the_time_that_it_needs(endpoint: Collector) -> None:
    # Longer than the quarter of a second that standard output gets.
    endpoint.seconds = 0.6
    running = Emitter(Aggregate("shop", 500), lambda: OtlpSink(endpoint.address, {}), 60.0)
    running.start()
    running.add(("GET", "a/", 200, 0.1))
    assert running.stop(10)
    assert endpoint.total("Requests") == 1


def test_cloudwatch_is_signed_for_and_others_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    endpoint = "https://monitoring.ap-northeast-1.amazonaws.com/v1/metrics"
    signed = OtlpSink(endpoint, {})._all_headers(b"", 1)
    assert "/ap-northeast-1/monitoring/aws4_request" in signed["Authorization"]
    bearer = OtlpSink(endpoint, {"authorization": "Bearer token"})._all_headers(b"", 1)
    assert bearer["authorization"] == "Bearer token"
    assert "Authorization" not in bearer
    assert "Authorization" not in OtlpSink("http://localhost:4318", {})._all_headers(b"", 1)


@pytest.mark.parametrize(
    ("variables", "endpoint"),
    [
        ({}, "http://localhost:4318/v1/metrics"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel:4318/"}, "http://otel:4318/v1/metrics"),
        (
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel:4318",
                "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "https://other/metrics",
            },
            "https://other/metrics",
        ),
    ],
)
def test_the_environment_says_where(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], endpoint: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer%20x,team=shop")
    sink = OtlpSink()
    assert sink._endpoint == endpoint
    assert sink._headers == {"Authorization": "Bearer x", "team": "shop"}


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"):
        OtlpSink("otel:4318")


class Full:
    """Takes nothing until it is told to."""

    def __init__(self) -> None:
        self.is_open = False
        self.records: list[Record] = []

    def send_all(self, records: tuple[Record, ...], timeout: float) -> int:
        if not self.is_open:
            return 0
        self.records += records
        return len(records)

    def close(self) -> None:
        return


def test_both_places_get_everything(endpoint: Collector) -> None:
    lines = KeepingSink()
    both = SeveralSinks([lambda: lines, lambda: OtlpSink(endpoint.address, {})])
    running = Emitter(Aggregate("shop", 500), lambda: both, 60.0)
    running.start()
    for _ in range(REQUESTS):
        running.add(("GET", "a/", 200, 0.1))
    assert running.stop(10)
    counted = [{metric.name: metric.value for metric in record.metrics} for record in lines.records]
    assert total(counted, "Requests") == REQUESTS
    assert endpoint.total("Requests") == REQUESTS


def test_a_place_that_is_full_holds_up_no_other() -> None:
    lines, full = KeepingSink(), Full()
    both = SeveralSinks([lambda: full, lambda: lines])  # type: ignore[list-item, return-value]
    assert both.send_all(records(), 1) == len(records())
    assert len(lines.records) == len(records())
    full.is_open = True
    assert both.send_all((), 1) == 0
    assert len(full.records) == len(lines.records) == len(records())


def test_a_place_that_fails_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    logging.disable(logging.NOTSET)
    lines = KeepingSink()

    class Failing:
        def send_all(self, records: object, timeout: float) -> int:
            raise OSError("no space")

    both = SeveralSinks([Failing, lambda: lines])  # type: ignore[list-item]
    with pytest.raises(LostRecordsError, match="no space") as raised:
        both.send_all(records(), 1)
    assert len(lines.records) == len(records())
    assert raised.value.measurements == sum(record.measurements for record in records())


def test_a_simple_place_loses_no_more_than_what_it_cannot_take() -> None:
    lines, taken = KeepingSink(), []

    class Choosy:
        def send(self, record: Record, timeout: float) -> None:
            if len(taken) == 1 and not hasattr(self, "refused"):
                self.refused = record
                raise ValueError("a line is too long")
            taken.append(record)

    three = [replace(record, measurements=7) for record in (*records(), *records(), *records())][:3]
    both = SeveralSinks([Choosy, lambda: lines])
    with pytest.raises(LostRecordsError, match="too long") as raised:
        both.send_all(three, 1)
    assert (len(taken), len(lines.records)) == (2, 3)
    assert raised.value.measurements == 7


def test_what_one_place_has_not_taken_at_the_end_is_not_published() -> None:
    lines, full = KeepingSink(), Full()
    both = SeveralSinks([lambda: full, lambda: lines])  # type: ignore[list-item, return-value]
    running = Emitter(Aggregate("shop", 500), lambda: both, 60.0)
    running.start()
    running.add(("GET", "a/", 200, 0.1))
    assert not running.stop(10)
    assert lines.records
