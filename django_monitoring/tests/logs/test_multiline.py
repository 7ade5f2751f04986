"""The log driver's options that join lines, against metric lines among log lines."""

import json
import logging
from collections.abc import Mapping

import pytest

from django_monitoring.emf import encode_line
from django_monitoring.logs import JsonFormatter
from django_monitoring.records import MetricDatum, Record
from tests.docs import block
from tests.logs.awslogs import events

DATE = {"awslogs-datetime-format": "%Y-%m-%d %H:%M:%S"}
ISO_DATE = {"awslogs-datetime-format": "%Y-%m-%dT%H:%M:%S"}


def documented() -> Mapping[str, str]:
    shown = block("json", '"awslogs-multiline-pattern"')
    found: Mapping[str, str] = json.loads(f"{{{shown}}}")
    return found


def metric_line() -> str:
    record = Record(
        timestamp=1_700_000_000_000,
        dimensions={"Service": "shop"},
        dimension_sets=(("Service",),),
        metrics=(MetricDatum("Requests", "Count", 3),),
        measurements=3,
    )
    return encode_line(record).decode().rstrip("\n")


def logged(formatter: logging.Formatter) -> list[str]:
    """The lines of an entry, an exception with its traceback, and an entry."""
    try:
        raise ValueError("bad")
    except ValueError as error:
        failure = (ValueError, error, error.__traceback__)
    fields = {"name": "shop", "levelno": 20, "levelname": "INFO", "created": 1_700_000_000.0}
    records = [{"msg": "paid"}, {"msg": "bad", "exc_info": failure}, {"msg": "sent"}]
    texts = [formatter.format(logging.makeLogRecord({**fields, **record})) for record in records]
    return [line for text in texts for line in text.splitlines()]


TEXT = logged(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
JSON = logged(JsonFormatter())


def metrics(found: list[str]) -> int:
    """Events of which CloudWatch makes metrics: those that are JSON as a whole."""
    count = 0
    for event in found:
        try:
            count += "_aws" in json.loads(event)
        except ValueError:
            continue
    return count


@pytest.mark.parametrize("log", [TEXT, JSON], ids=["text", "JSON"])
def test_without_the_options_each_metric_line_is_an_event(log: list[str]) -> None:
    lines = [*log, metric_line(), *log, metric_line()]
    assert events(lines, {}) == lines
    assert metrics(events(lines, {})) == 2


@pytest.mark.parametrize(("log", "options"), [(TEXT, DATE), (JSON, ISO_DATE)], ids=["text", "JSON"])
def test_a_date_glues_metric_lines_to_the_line_before(
    log: list[str], options: Mapping[str, str]
) -> None:
    found = events([*log, metric_line(), *log], options)
    assert len(found) == 6
    assert metrics(found) == 0
    assert '"_aws"' in found[2]


def test_the_documented_pattern_keeps_metric_lines_and_joins_tracebacks() -> None:
    lines = [metric_line(), *TEXT, metric_line(), metric_line(), *TEXT]
    found = events(lines, documented())
    assert metrics(found) == 3
    assert len(found) == 9
    (first, second) = (event for event in found if "Traceback" in event)
    assert first == second
    assert first.rstrip().endswith("ValueError: bad")


def test_a_line_that_begins_neither_way_spoils_the_metric_line_before_it() -> None:
    found = events([metric_line(), "printed", metric_line()], documented())
    assert metrics(found) == 1


def test_the_documented_pattern_is_the_same_in_go() -> None:
    # RE2 has no look-around, no back-references and no possessive quantifiers.
    pattern = documented()["awslogs-multiline-pattern"]
    assert set(pattern) <= set('^()|\\d{}-_aws"42')
