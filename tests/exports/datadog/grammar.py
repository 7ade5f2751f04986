"""Queries of monitors and widgets, read back: the official client takes any text for one.

The form is that of https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor::

    monitor = time "(last_" minutes "m):" series comparison number
    series  = operand *(("+" / "-" / "*" / "/") operand)
    operand = number / "(" series ")" / clamp "(" series "," number ")" / metric
    metric  = space ":" name "{" tag *("," tag) "}" [".as_count()"] [".rollup(avg, " seconds ")"]
"""

import re
from dataclasses import dataclass
from typing import Final

_MONITOR: Final = re.compile(
    r"(?P<time>avg|sum|min|max)\(last_(?P<minutes>\d+)m\):(?P<series>.+) "
    r"(?P<comparison>>=|<=|>|<) (?P<threshold>-?\d+(?:\.\d+)?)"
)
_METRIC: Final = re.compile(
    r"(?P<space>avg|sum|min|max):(?P<name>[a-z][a-z0-9_.]*)\{(?P<tags>[^{}]+)\}"
    r"(?P<count>\.as_count\(\))?(?:\.rollup\(avg, (?P<rollup>\d+)\))?"
)
_TAG: Final = re.compile(r"[a-z]+:[^,{}\s]+")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class MetricQuery:
    """One metric of a query."""

    space: str
    name: str
    tags: dict[str, str]
    is_count: bool
    rollup: int


@dataclass(frozen=True)
class MonitorQuery:
    """A monitor's query."""

    time: str
    minutes: int
    metrics: tuple[MetricQuery, ...]
    comparison: str
    threshold: float


def read_monitor(text: str) -> MonitorQuery:
    """A monitor's query.

    Raises:
        AssertionError: it is none.
    """
    match = _MONITOR.fullmatch(text)
    assert match is not None, f"no query of a monitor: {text}"
    return MonitorQuery(
        match["time"],
        int(match["minutes"]),
        read_series(match["series"]),
        match["comparison"],
        float(match["threshold"]),
    )


def read_series(text: str) -> tuple[MetricQuery, ...]:
    """The metrics of a series.

    Raises:
        AssertionError: it is none.
    """
    metrics: list[MetricQuery] = []
    rest = _series(text, metrics)
    assert rest == "", f"no series from here: {rest}"
    return tuple(metrics)


def _series(text: str, metrics: list[MetricQuery]) -> str:
    rest = _operand(text, metrics)
    while rest[:3] in (" + ", " - ", " * ", " / "):
        rest = _operand(rest[3:], metrics)
    return rest


def _operand(text: str, metrics: list[MetricQuery]) -> str:
    if number := _NUMBER.match(text):
        return text[number.end() :]
    if text.startswith("("):
        return _after(_series(text[1:], metrics), ")")
    for function in ("clamp_min(", "clamp_max("):
        if text.startswith(function):
            rest = _after(_series(text.removeprefix(function), metrics), ", ")
            limit = _NUMBER.match(rest)
            assert limit is not None, f"no number: {rest}"
            return _after(rest[limit.end() :], ")")
    match = _METRIC.match(text)
    assert match is not None, f"no metric: {text}"
    tags = match["tags"].split(",")
    assert all(_TAG.fullmatch(tag) for tag in tags), f"no tags: {tags}"
    pairs = dict(tag.split(":", 1) for tag in tags)
    assert len(pairs) == len(tags), f"a tag twice: {tags}"
    metrics.append(
        MetricQuery(
            match["space"], match["name"], pairs, bool(match["count"]), int(match["rollup"] or 0)
        )
    )
    return text[match.end() :]


def _after(text: str, mark: str) -> str:
    assert text.startswith(mark), f"{mark} expected: {text}"
    return text.removeprefix(mark)
