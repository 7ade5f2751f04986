"""What our middleware is measured against: aws-embedded-metrics', and the monitoring guide's.

The guide's calls PutMetricData; here is a server, too, that answers it the same at once.
"""

import multiprocessing
import socket
import time
from collections.abc import Callable
from typing import Any, Final

import boto3  # type: ignore[import-untyped]
from aws_embedded_metrics.metric_scope import metric_scope
from django.conf import settings
from django.http import HttpRequest, HttpResponse

Respond = Callable[[HttpRequest], HttpResponse]


def embedded_metrics(get_response: Respond) -> Respond:
    """A middleware with aws-embedded-metrics, whose lines go where ``print`` does."""

    @metric_scope  # type: ignore[untyped-decorator, unused-ignore]
    def respond(request: HttpRequest, metrics: Any = None) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        metrics.set_namespace("Django/API")
        metrics.set_dimensions(
            {"Service": "shop"},
            {
                "Service": "shop",
                "Method": request.method,
                "Route": match.route if match else "none",
            },
        )
        metrics.put_metric("ResponseTime", time.perf_counter() - started, "Seconds")
        metrics.put_metric(f"StatusCode_{response.status_code // 100}xx", 1, "Count")
        return response

    return respond  # type: ignore[no-any-return, unused-ignore]


def two_calls(get_response: Respond) -> Respond:
    """The monitoring guide's middleware."""
    cloudwatch = boto3.client(
        "cloudwatch",
        endpoint_url=settings.CLOUDWATCH,
        region_name="ap-northeast-1",
        aws_access_key_id="none",
        aws_secret_access_key="none",
    )

    def put(name: str, value: float, unit: Any, request: HttpRequest) -> None:
        cloudwatch.put_metric_data(
            Namespace="Django/API",
            MetricData=[
                {
                    "MetricName": name,
                    "Dimensions": [{"Name": "Path", "Value": request.path}],
                    "Value": value,
                    "Unit": unit,
                }
            ],
        )

    def respond(request: HttpRequest) -> HttpResponse:
        started = time.time()
        response = get_response(request)
        duration = time.time() - started
        if not request.path.startswith("/health/"):
            put("ResponseTime", duration, "Seconds", request)
            put(f"StatusCode_{str(response.status_code)[0]}xx", 1, "Count", request)
        return response

    return respond


def fixed_replies() -> tuple[multiprocessing.Process, int]:
    """A process that answers every request on a connection at once, and its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    process = multiprocessing.Process(target=_answer, args=(listener,), daemon=True)
    process.start()
    port = int(listener.getsockname()[1])
    listener.close()
    return process, port


# An empty answer in each of the protocols that boto3 may speak with CloudWatch.
_REPLIES: Final = {
    b"cbor": (b"smithy-protocol: rpc-v2-cbor\r\ncontent-type: application/cbor", b"\xa0"),
    b"json": (b"content-type: application/x-amz-json-1.0", b"{}"),
    b"form": (b"content-type: text/xml", b"<PutMetricDataResponse/>"),
}


def _answer(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as incoming:
            while (headers := _headers(incoming)) is not None:
                incoming.read(int(headers[b"content-length"]))
                kind = headers[b"content-type"]
                line, body = next(reply for word, reply in _REPLIES.items() if word in kind)
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\n%b\r\ncontent-length: %d\r\n\r\n%b"
                    % (line, len(body), body)
                )


def _headers(incoming: Any) -> dict[bytes, bytes] | None:
    """The headers of the next request on a connection, or none where it was closed."""
    if not incoming.readline():
        return None
    headers = {}
    while (line := incoming.readline().strip()) != b"":
        name, _, value = line.partition(b":")
        headers[name.lower()] = value.strip()
    return headers
