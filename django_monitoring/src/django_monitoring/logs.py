"""Log lines as JSON: one event each, whatever is in it, and the id of its request."""

import json
import logging
import re
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any, Final
from uuid import UUID

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import Promise

DEFAULT_MAX_BYTES: Final = 16 * 1024 - 1
"""Bytes of a line without its newline; log drivers other than awslogs cut longer ones in pieces.

https://github.com/moby/moby/blob/master/daemon/logger/copier.go
https://github.com/aws/shim-loggers-for-containerd/blob/main/logger/common.go (Fargate)
"""

MOST_MAX_BYTES: Final = 256 * 1024 - 26
"""Bytes of an event beyond which the awslogs driver splits it.

https://github.com/moby/moby/blob/master/daemon/logger/awslogs/cloudwatchlogs.go
https://github.com/aws/shim-loggers-for-containerd/blob/main/logger/awslogs/logger.go (Fargate)
"""

_LEAST_MAX_BYTES: Final = 8 * 1024

# The least that is left of a text, as a part of the whole line, and the order of shortening.
_LEFT_AT_LEAST: Final = {"stack": 1 / 8, "exception": 1 / 4, "message": 1 / 8}
_CUT: Final = " [...] "
_NAME_CHARACTERS: Final = 128
_ITEMS: Final = 50
_DEPTH: Final = 4

_SHOWN_AS_TEXT: Final = (
    *(str, Promise, UUID, PurePath, Decimal, float),
    *(datetime, date, time, timedelta, Enum),
)
_LARGEST_NUMBER: Final = 2**63
_OWN: Final = frozenset(
    {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "request_id"}
)

# An id comes from outside: nothing but what ids are made of, and not too much of it.
_REQUEST_ID: Final = re.compile(r"[\x21-\x7e]{1,200}")
_ID_HEADERS: Final = ("HTTP_X_REQUEST_ID", "HTTP_X_AMZN_TRACE_ID")
_request_id: ContextVar[str | None] = ContextVar("django_monitoring_request_id", default=None)


class JsonFormatter(logging.Formatter):
    """Writes each record as one line of JSON, with these fields.

    ``time`` (UTC), ``level``, ``logger`` and ``message`` always; ``exception`` (the whole
    traceback, with the class name) where there is one; ``stack`` with ``stack_info=True``;
    ``request_id`` where it is known; ``extra`` with what the call to the logger added.

    Lines are ASCII, so that no locale and no character in a message can break one. What is too
    long is shortened in the middle (a traceback says the most at its end), and the line then
    has ``"shortened": true``. Objects in ``extra`` are named by their class: asked for its
    text, a queryset would query the database. Formatting never raises.

    Args:
        max_bytes: of a line, from 8,192 to 262,118.

    Raises:
        ValueError: when it is made, for another ``max_bytes``.
    """

    def __init__(self, *, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        super().__init__()
        if not _LEAST_MAX_BYTES <= max_bytes <= MOST_MAX_BYTES:
            raise ValueError(
                f"max_bytes is {max_bytes!r}: write bytes from {_LEAST_MAX_BYTES} to "
                f"{MOST_MAX_BYTES}, where the awslogs driver splits events"
            )
        self._max_bytes = max_bytes

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, without a newline."""
        event: dict[str, Any] = {
            "time": _time(record),
            "level": str(record.levelname)[:_NAME_CHARACTERS],
            "logger": str(record.name)[:_NAME_CHARACTERS],
            "message": self._text(_message(record)),
        }
        if request_id := _id_of(record):
            event["request_id"] = request_id
        if exception := self._exception(record):
            event["exception"] = self._text(exception)
        if record.stack_info:
            event["stack"] = self._text(str(record.stack_info))
        if extra := {key: value for key, value in vars(record).items() if key not in _OWN}:
            event["extra"] = _plain(extra, _DEPTH)
        return self._fitted(event)

    def _exception(self, record: logging.LogRecord) -> str | None:
        if record.exc_info is None:
            return record.exc_text
        # What exc_info=True gives where nothing was raised.
        if not record.exc_info or record.exc_info[0] is None:
            return None
        try:
            return self.formatException(record.exc_info)
        except Exception:
            return f"{record.exc_info[0].__name__} (its traceback cannot be shown)"

    def _text(self, text: str) -> str:
        # No character takes less than a byte: what is cut here could not have stayed.
        return _shortened(text, self._max_bytes)

    def _fitted(self, event: dict[str, Any]) -> str:
        line = json.dumps(event)
        if len(line) <= self._max_bytes:
            return line
        event.pop("extra", None)
        event["shortened"] = True
        for name, part in _LEFT_AT_LEAST.items():
            line = json.dumps(event)
            if len(line) > self._max_bytes and name in event:
                excess = len(line) - self._max_bytes
                least = int(self._max_bytes * part)
                room = max(least, len(json.dumps(event[name])) - excess)
                event[name] = _fitting(event[name], room)
        return json.dumps(event)


class RequestIdMiddleware:
    """Puts the request's id on every line that is logged while it is answered.

    The id is the ``X-Request-ID`` header or, as from a load balancer of AWS,
    ``X-Amzn-Trace-Id``. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html
    """

    sync_capable = True
    async_capable = True

    def __init__(
        self,
        get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]],
    ) -> None:
        self._get_response: Any = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Pass the request on, with its id in the context."""
        if self._is_async:
            return self._asynchronously(request)
        token = _request_id.set(_id_in(request.META))
        try:
            response: HttpResponseBase = self._get_response(request)
            return response
        finally:
            _request_id.reset(token)

    async def _asynchronously(self, request: HttpRequest) -> HttpResponseBase:
        token = _request_id.set(_id_in(request.META))
        try:
            response: HttpResponseBase = await self._get_response(request)
            return response
        finally:
            _request_id.reset(token)


def _id_of(record: logging.LogRecord) -> str | None:
    given = getattr(record, "request_id", None)
    if given is not None and _REQUEST_ID.fullmatch(str(given)):
        return str(given)
    # Django itself logs with the request at hand, partly after the middleware has done.
    meta = getattr(getattr(record, "request", None), "META", None)
    return _request_id.get() or (_id_in(meta) if isinstance(meta, dict) else None)


def _id_in(meta: Mapping[str, Any]) -> str | None:
    values = (str(meta.get(header, "")) for header in _ID_HEADERS)
    return next((value for value in values if _REQUEST_ID.fullmatch(value)), None)


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(record: logging.LogRecord) -> str:
    try:
        return str(record.getMessage())
    except Exception:
        # Arguments that do not fit the message: say so with the event, not instead of it.
        return f"{_plain(record.msg, 1)} (with arguments that do not fit: {_plain(record.args, 2)})"


def _plain(value: Any, depth: int) -> Any:
    """What JSON has for a value; a text that names its class where it has nothing."""
    # Not isinstance: it asks a lazy object, such as request.user, what it is, and so loads it.
    kind = type(value)
    if value is None or kind is bool:
        return value
    if issubclass(kind, int) and abs(value) < _LARGEST_NUMBER:
        return int(value)
    if issubclass(kind, float) and abs(value) < float("inf"):
        return float(value)
    if issubclass(kind, dict) and depth > 0:
        items = list(value.items())[:_ITEMS]
        return {str(_plain(key, 0)): _plain(item, depth - 1) for key, item in items}
    if issubclass(kind, (list, tuple, set, frozenset)) and depth > 0:
        return [_plain(item, depth - 1) for item in list(value)[:_ITEMS]]
    try:
        if issubclass(kind, HttpRequest):
            return f"{value.method} {value.path}"
        if issubclass(kind, BaseException):
            return repr(value)
        if issubclass(kind, _SHOWN_AS_TEXT):
            return str(value)
    except Exception:
        return _class_name(value)
    return _class_name(value)


def _class_name(value: Any) -> str:
    return f"<{type(value).__module__}.{type(value).__qualname__}>"


def _shortened(text: str, characters: int) -> str:
    """A text with at most so many characters of it left: a third its start, the rest its end."""
    if len(text) <= characters:
        return text
    start = characters // 3
    return f"{text[:start]}{_CUT}{text[len(text) - (characters - start) :]}"


def _fitting(text: str, room: int) -> str:
    """As much of a text as takes at most ``room`` bytes of JSON, quotes included."""
    characters = bisect_right(
        range(len(text)), room, key=lambda left: len(json.dumps(_shortened(text, left)))
    )
    return _shortened(text, max(0, characters - 1))
