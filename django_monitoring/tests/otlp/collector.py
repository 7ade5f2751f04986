"""An OTLP endpoint on loopback, which keeps what it gets and answers as it is told."""

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from google.protobuf.json_format import Parse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)


@dataclass
class Collector:
    """What has arrived."""

    address: str
    statuses: list[int] = field(default_factory=list)
    """Of the next answers; 200 after them."""

    seconds: float = 0.0
    """That an answer takes."""

    answer: bytes = b"{}"
    headers: list[dict[str, str]] = field(default_factory=list)
    requests: list[ExportMetricsServiceRequest] = field(default_factory=list)

    @property
    def points(self) -> list[tuple[str, dict[str, str], Any]]:
        """Name, attributes and data point of everything that has arrived."""
        found = []
        for request in self.requests:
            for metric in request.resource_metrics[0].scope_metrics[0].metrics:
                kind = metric.WhichOneof("data")
                assert kind is not None
                for point in getattr(metric, kind).data_points:
                    attributes = {pair.key: pair.value.string_value for pair in point.attributes}
                    found.append((metric.name, attributes, point))
        return found

    def total(self, name: str) -> float:
        """The sum of a count."""
        return sum(point.as_double for metric, _, point in self.points if metric == name)


def parsed(body: bytes) -> ExportMetricsServiceRequest:
    """The request, by OpenTelemetry's own schema; a field that it does not know is refused."""
    return Parse(body, ExportMetricsServiceRequest())


@contextmanager
def collector() -> Iterator[Collector]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = gzip.decompress(self.rfile.read(int(self.headers["Content-Length"])))
            time.sleep(found.seconds)
            status = found.statuses.pop(0) if found.statuses else 200
            if status == 200:
                found.headers.append(dict(self.headers))
                found.requests.append(parsed(body))
            self.send_response(status)
            self.send_header("Content-Length", str(len(found.answer)))
            self.end_headers()
            self.wfile.write(found.answer)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Collector(f"http://127.0.0.1:{server.server_port}/v1/metrics")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
