"""Sends records to an OTLP endpoint over HTTP."""

import gzip
import http.client
import json
import os
import re
import socket
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import unquote, urlsplit

from .. import contract
from ..records import Record
from ..sinks import LostRecordsError
from .credentials import CredentialChain
from .encoding import requests
from .sigv4 import signed_headers

ENDPOINT_VARIABLES: Final = ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
"""The first one names the whole address; the second one that of a collector, without the path.

https://opentelemetry.io/docs/specs/otel/protocol/exporter/
"""

HEADERS_VARIABLE: Final = "OTEL_EXPORTER_OTLP_HEADERS"
"""``name=value`` pairs with commas between, percent-encoded; such as a bearer token."""

DEFAULT_ENDPOINT: Final = "http://localhost:4318/v1/metrics"

TIMEOUT: Final = 5.0
"""Seconds that one request may take."""

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-OTLPEndpoint.html
_CLOUDWATCH: Final = re.compile(r"monitoring\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?\Z")
_SIGNED_AS: Final = "monitoring"

_AGAIN: Final = frozenset({408, 429, 502, 503, 504})
"""Statuses after which the same request may be sent again.

https://opentelemetry.io/docs/specs/otlp/#failures-1
"""


class RejectedError(Exception):
    """The endpoint does not take metrics, and would not take them later."""


class OtlpSink:
    """Sends an interval's records as OTLP metrics, in JSON, to a collector or to CloudWatch.

    Requests to CloudWatch's own endpoint (``https://monitoring.REGION.amazonaws.com/v1/metrics``)
    are signed with the task's role, unless a header ``Authorization`` is given.

    A request without an answer in time may have arrived. It counts as lost, because metrics that
    are sent twice count twice; one that has not reached the endpoint comes again later.

    Args:
        endpoint: the whole address; left out, that of OpenTelemetry's environment variables, or
            a collector beside the application.
        headers: sent with each request; left out, those of the environment variable.

    Raises:
        ValueError: the address is none.
    """

    timeout = TIMEOUT

    def __init__(
        self, endpoint: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        self._endpoint = endpoint or _endpoint_of_environment()
        self._headers = dict(headers) if headers is not None else _headers_of_environment()
        self._parts = urlsplit(self._endpoint)
        if self._parts.scheme not in ("http", "https") or not self._parts.hostname:
            raise ValueError(
                f"{self._endpoint!r} is no address: write one such as {DEFAULT_ENDPOINT} into "
                f"{ENDPOINT_VARIABLES[0]}"
            )
        self._region = _region(self._parts.hostname)
        self._credentials = CredentialChain()
        self._connection: http.client.HTTPConnection | None = None
        self._since = int(time.time() * 1000)

    def send_all(self, records: Sequence[Record], timeout: float) -> int:
        """Send the records; see ``Sink``.

        Raises:
            RejectedError: the endpoint does not take them.
            LostRecordsError: the endpoint has taken them but for some data points.
            TimeoutError: there is no answer.
            NoCredentialsError: CloudWatch is to take them, and there is nobody to sign.
        """
        if not records:
            return 0
        deadline = time.monotonic() + timeout
        service = records[0].dimensions[contract.SERVICE]
        resource = {
            "service.name": service,
            # Sums of several processes would be one series otherwise, and the last one win.
            "service.instance.id": f"{socket.gethostname()}:{os.getpid()}",
        }
        rejected, reason = 0, ""
        for number, (body, points) in enumerate(requests(records, self._since, resource)):
            seconds = max(deadline - time.monotonic(), 0.1)
            answer = self._post(body, seconds)
            # Of what has been sent in part nothing may come again.
            if answer is None:
                if number == 0:
                    return 0
                raise RejectedError("the endpoint took the first part of an interval alone")
            count, message = _partial_success(answer)
            rejected += min(count, points)
            reason = reason or message
        self._since = max(record.timestamp for record in records)
        if rejected:
            # Nothing says which ones, so each counts as one measurement.
            raise LostRecordsError(
                rejected,
                RejectedError(f"the endpoint has rejected {rejected} data points: {reason}"),
            )
        return len(records)

    def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _post(self, body: bytes, seconds: float) -> bytes | None:
        """The answer, or ``None`` where the endpoint has not taken it, and it may come again."""
        body = gzip.compress(body, compresslevel=5)
        headers = self._all_headers(body, seconds)
        try:
            connection = self._connected(seconds)
        except OSError:
            return None
        try:
            connection.request("POST", self._parts.path or "/v1/metrics", body, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if answer.status in _AGAIN:
            return None
        if answer.status >= 300:
            raise RejectedError(f"the endpoint answers with {answer.status}")
        return content

    def _connected(self, seconds: float) -> http.client.HTTPConnection:
        # One connection an interval: an idle one may have been closed at the other end, which
        # is only seen when a request has been lost.
        self.close()
        secure = self._parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(str(self._parts.hostname), self._parts.port, timeout=seconds)
        connection.connect()
        self._connection = connection
        return connection

    def _all_headers(self, body: bytes, seconds: float) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
            **self._headers,
        }
        if self._region is None or any(name.lower() == "authorization" for name in headers):
            return headers
        return signed_headers(
            self._endpoint,
            headers,
            body,
            self._credentials.get(seconds),
            region=self._region,
            service=_SIGNED_AS,
            now=datetime.now(UTC),
        )


def _partial_success(answer: bytes) -> tuple[int, str]:
    """How many data points the endpoint has rejected, and why.

    https://opentelemetry.io/docs/specs/otlp/#partial-success-1
    """
    try:
        partial = json.loads(answer or b"{}").get("partialSuccess") or {}
        # Numbers of 64 bits are text in Protobuf's JSON.
        return max(int(partial.get("rejectedDataPoints", 0)), 0), str(partial.get("errorMessage"))
    # It has taken them, and answers something else.
    except (ValueError, TypeError, AttributeError):
        return 0, ""


def _endpoint_of_environment() -> str:
    whole, base = (os.environ.get(name) for name in ENDPOINT_VARIABLES)
    if whole:
        return whole
    return f"{base.rstrip('/')}/v1/metrics" if base else DEFAULT_ENDPOINT


def _headers_of_environment() -> dict[str, str]:
    pairs = os.environ.get(HEADERS_VARIABLE, "").split(",")
    headers = (pair.partition("=") for pair in pairs if "=" in pair)
    return {unquote(name.strip()): unquote(value.strip()) for name, _, value in headers}


def _region(host: str) -> str | None:
    match = _CLOUDWATCH.match(host)
    return match["region"] if match else None
