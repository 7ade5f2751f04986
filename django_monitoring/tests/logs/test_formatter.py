"""JsonFormatter: one line, valid, bounded, whatever is in the record."""

import datetime
import decimal
import io
import json
import logging
import logging.config
import uuid
from pathlib import PurePosixPath
from typing import Any, NoReturn

import pytest
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from django_monitoring.logs import DEFAULT_MAX_BYTES, MOST_MAX_BYTES, JsonFormatter


def line(message: Any = "order paid", *arguments: Any, **fields: Any) -> str:
    values = {"name": "shop", "levelname": "INFO", "levelno": 20, "created": 1_790_000_000.1234}
    return JsonFormatter().format(
        logging.makeLogRecord({**values, "msg": message, "args": arguments, **fields})
    )


def event(*arguments: Any, **fields: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(line(*arguments, **fields), parse_constant=_no_constant)
    return found


def _no_constant(name: str) -> NoReturn:
    raise AssertionError(f"{name} is no JSON")


def raised(error: BaseException) -> dict[str, Any]:
    try:
        raise error
    except BaseException as caught:
        return {"exc_info": (type(caught), caught, caught.__traceback__)}


def test_the_fields_of_a_plain_record() -> None:
    assert event("order %s paid by %s", 5, "card") == {
        "time": "2026-09-21T14:13:20.123Z",
        "level": "INFO",
        "logger": "shop",
        "message": "order 5 paid by card",
    }


def test_an_exception_is_one_field_with_its_traceback_and_class() -> None:
    found = event(**raised(ValueError("bad\nvalue")))["exception"]
    assert found.startswith("Traceback (most recent call last):\n")
    assert found.endswith("ValueError: bad\nvalue")
    assert "test_formatter.py" in found


def test_the_cause_of_an_exception() -> None:
    error = ValueError("outer")
    error.__cause__ = KeyError("inner")
    found = event(**raised(error))["exception"]
    assert "KeyError: 'inner'" in found
    assert "direct cause" in found


def test_nothing_raised_is_no_exception() -> None:
    assert "exception" not in event(exc_info=(None, None, None), exc_text="NoneType: None")


def test_a_traceback_that_another_formatter_has_left() -> None:
    assert event(exc_text="ValueError: bad")["exception"] == "ValueError: bad"


def test_a_stack() -> None:
    assert event(stack_info="Stack (most recent call last):\n …")["stack"].startswith("Stack")


def test_what_a_call_adds() -> None:
    added = {
        "order": 5,
        "total": decimal.Decimal("9.90"),
        "paid": True,
        "share": 0.5,
        "nothing": None,
        "when": datetime.date(2026, 9, 21),
        "id": uuid.UUID(int=1),
        "path": PurePosixPath("/srv"),
        "title": gettext_lazy("Order"),
        "tags": ["a", ("b", 1)],
        "nested": {"a": {"b": 1}},
        "error": ValueError("bad"),
    }
    assert event(**added)["extra"] == {
        "order": 5,
        "total": "9.90",
        "paid": True,
        "share": 0.5,
        "nothing": None,
        "when": "2026-09-21",
        "id": "00000000-0000-0000-0000-000000000001",
        "path": "/srv",
        "title": "Order",
        "tags": ["a", ["b", 1]],
        "nested": {"a": {"b": 1}},
        "error": "ValueError('bad')",
    }


def test_what_a_call_adds_cannot_pose_as_the_lines_own_fields() -> None:
    found = event(level="ERROR", logger="django.security", exception="DatabaseError", _aws={})
    assert (found["level"], found["logger"]) == ("INFO", "shop")
    assert "exception" not in found
    # CloudWatch would make metrics of it.
    assert "_aws" not in found


def test_a_request() -> None:
    request = HttpRequest()
    request.method, request.path = "GET", "/orders/"
    assert event(request=request, status_code=500)["extra"] == {
        "request": "GET /orders/",
        "status_code": 500,
    }


class Untouchable:
    """Something that must not be asked for its text: it would query a database."""

    def __repr__(self) -> NoReturn:
        raise AssertionError("asked")

    __str__ = __repr__


def _loaded() -> NoReturn:
    raise AssertionError("loaded")


def test_objects_are_named_and_left_alone() -> None:
    found = event(orders=Untouchable(), user=SimpleLazyObject(_loaded))["extra"]
    assert found["orders"].endswith(".Untouchable>")
    assert found["user"] == "<django.utils.functional.SimpleLazyObject>"


def test_what_json_does_not_have() -> None:
    endless: list[Any] = []
    endless.append(endless)
    deep: Any = "bottom"
    for _ in range(2000):
        deep = {"down": deep}
    added = {
        "nan": float("nan"),
        "inf": float("-inf"),
        "huge": 10**5000,
        "bytes": b"\xff",
        "set": {1},
        "keys": {1: "a", None: "b", (1, 2): "c"},
        "endless": endless,
        "deep": deep,
        "surrogate": "\ud800",
    }
    found = event(**added)["extra"]
    assert (found["nan"], found["inf"]) == ("nan", "-inf")
    assert (found["huge"], found["bytes"]) == ("<builtins.int>", "<builtins.bytes>")
    assert found["set"] == [1]
    assert found["keys"] == {"1": "a", "None": "b", "<builtins.tuple>": "c"}
    assert found["surrogate"] == "\ud800"


def test_arguments_that_do_not_fit() -> None:
    found = event("%d orders of %s", "many")["message"]
    assert found == "%d orders of %s (with arguments that do not fit: ['many'])"


def test_a_message_that_raises() -> None:
    assert "Untouchable" in event(Untouchable())["message"]


def test_an_exception_that_cannot_be_shown() -> None:
    class BadError(Exception):
        def __str__(self) -> NoReturn:
            raise RuntimeError

    assert "BadError" in event(**raised(BadError()))["exception"]
    assert event(exc_info=(ValueError, "no exception", 5))["exception"].startswith("ValueError (")


@pytest.mark.parametrize(
    "message", ["a\nb", "a\r\nb", "a\u2028b", "a\x85b", "a\x0cb", 'a"b\\', "日本語", "💥", "\x00"]
)
def test_one_line_of_ascii_whatever_is_said(message: str) -> None:
    written = line(message)
    assert written.isascii()
    assert len(written.splitlines()) == 1
    assert json.loads(written)["message"] == message


@pytest.mark.parametrize("character", ["x", "é", "💥", "\n"])
@pytest.mark.parametrize("max_bytes", [8 * 1024, DEFAULT_MAX_BYTES, MOST_MAX_BYTES])
def test_a_long_line_is_shortened_in_the_middle(character: str, max_bytes: int) -> None:
    long = f"start{character * 400_000}end"
    fields = {
        "msg": long,
        "name": long,
        "levelname": long,
        "stack_info": long,
        "extra_text": long,
        "request_id": "r" * 200,
        **raised(ValueError(long)),
    }
    written = JsonFormatter(max_bytes=max_bytes).format(logging.makeLogRecord(fields))
    assert max_bytes * 0.9 < len(written) <= max_bytes
    found = json.loads(written)
    assert found["shortened"] is True
    assert "extra" not in found
    assert found["message"].startswith("start")
    assert found["message"].endswith("end")
    assert found["exception"].startswith("Traceback (most recent call last)")
    assert found["exception"].endswith("end")


def test_extra_goes_first() -> None:
    message = "m" * 10_000
    found = event(message, text="t" * 10_000)
    assert found["message"] == message
    assert "extra" not in found
    assert found["shortened"] is True


def test_a_line_that_fits_is_left_as_it_is() -> None:
    overhead = len(line(""))
    message = "m" * (DEFAULT_MAX_BYTES - overhead)
    assert event(message)["message"] == message
    assert len(line(message)) == DEFAULT_MAX_BYTES
    assert "shortened" in event(f"{message}m")


@pytest.mark.parametrize("max_bytes", [0, 8 * 1024 - 1, 256 * 1024])
def test_bounds_that_make_no_sense(max_bytes: int) -> None:
    with pytest.raises(ValueError, match=f"max_bytes is {max_bytes}: write bytes from 8192 to "):
        JsonFormatter(max_bytes=max_bytes)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=10,
)


@given(message=ANYTHING, arguments=st.lists(ANYTHING).map(tuple), added=ANYTHING)
def test_any_record_becomes_one_line(message: Any, arguments: Any, added: Any) -> None:
    record = logging.makeLogRecord({"msg": message, "args": arguments, "added": added})
    written = JsonFormatter().format(record)
    assert len(written.splitlines()) == 1
    assert len(written) <= DEFAULT_MAX_BYTES
    assert {"time", "level", "logger", "message"} <= set(json.loads(written))


def test_as_a_project_configures_it() -> None:
    stream = io.StringIO()
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {"()": "django_monitoring.logs.JsonFormatter", "max_bytes": 9000}
            },
            "handlers": {
                "console": {"class": "logging.StreamHandler", "formatter": "json", "stream": stream}
            },
            "loggers": {"shop.orders": {"handlers": ["console"], "propagate": False}},
        }
    )
    logger = logging.getLogger("shop.orders")
    try:
        raise KeyError("id")
    except KeyError:
        logger.exception("order failed", extra={"order": 5})
    finally:
        logger.handlers.clear()
        logger.propagate = True
    found = json.loads(stream.getvalue())
    assert (found["level"], found["message"], found["extra"]) == (
        "ERROR",
        "order failed",
        {"order": 5},
    )
    assert found["exception"].endswith("KeyError: 'id'")
