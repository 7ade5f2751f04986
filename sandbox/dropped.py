"""Keeps what the emulator takes of an alarm and forgets, so that reading it back tells it."""

import threading
from collections.abc import Mapping
from typing import Any, Final

from sandbox.answering import remember_requests, request_of

DROPPED: Final = ("WarmUpConfiguration",)
"""PutMetricAlarm's fields that moto accepts and DescribeAlarms of it does not return."""

_REFUSED: Final = 300


class DroppedFields:
    """The fields of every alarm that one emulator has dropped, by region and name."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], dict[str, Any]] = {}

    def watch(self, client: Any) -> None:
        """Keep them from the calls of a CloudWatch client, and add them to its answers."""
        region = client.meta.region_name
        events = client.meta.events

        def put(context: Mapping[str, Any], http_response: Any, **_: Any) -> None:
            if http_response.status_code < _REFUSED:
                self._put(region, request_of(context))

        def described(parsed: dict[str, Any], **_: Any) -> None:
            for alarm in parsed.get("MetricAlarms", ()):
                alarm |= self._of(region, alarm["AlarmName"])

        def deleted(context: Mapping[str, Any], http_response: Any, **_: Any) -> None:
            if http_response.status_code < _REFUSED:
                self._delete(region, request_of(context)["AlarmNames"])

        remember_requests(client)
        events.register("after-call.cloudwatch.PutMetricAlarm", put)
        events.register("after-call.cloudwatch.DeleteAlarms", deleted)
        events.register("after-call.cloudwatch.DescribeAlarms", described)

    def _put(self, region: str, request: Mapping[str, Any]) -> None:
        fields = {name: request[name] for name in DROPPED if name in request}
        with self._lock:
            self._kept[region, request["AlarmName"]] = fields

    def _of(self, region: str, name: str) -> dict[str, Any]:
        with self._lock:
            return dict(self._kept.get((region, name), {}))

    def _delete(self, region: str, names: list[str]) -> None:
        with self._lock:
            for name in names:
                self._kept.pop((region, name), None)
