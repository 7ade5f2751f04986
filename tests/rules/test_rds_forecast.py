"""Days until a database's storage is full, as the dashboard's metric math has it."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.evaluation import Frame, MathProgram
from ecs_monitoring.cloudwatch.graph import Graph
from ecs_monitoring.cloudwatch.units import GIBIBYTE
from ecs_monitoring.cloudwatch.widget import widgets
from ecs_monitoring.rules import RDS
from ecs_monitoring.rules.row import Scope

HOURS = 14 * 24


def forecast(target_of: Callable[..., Any], **fields: Any) -> Graph:
    target = target_of(RDS, **fields)
    part = RDS.dashboard(Scope(project="p", stack="s", component="rds"), {"main": target}, ())
    (found,) = (
        panel
        for section in part.sections
        for panel in section.widgets
        if isinstance(panel, Graph) and panel.title.startswith("RDS days until")
    )
    return found


def days_left(graph: Graph, free_gib: Sequence[float]) -> float | None:
    """The newest value of the line over hours of free storage."""
    frame = Frame(tuple(hour * 3600 for hour in range(len(free_gib))), 3600)
    program = MathProgram(("m",), {"e": graph.lines[0].formula.format(id="m")}, "e")
    return program.evaluate(frame, {"m": [gib * GIBIBYTE for gib in free_gib]})[-1]


@pytest.mark.parametrize(
    ("fields", "start", "end", "days"),
    [
        # Half a GiB an hour, 12 GiB a day: 48 GiB last four days.
        ({"allocated_storage_gib": 400}, 48 + (HOURS - 1) / 2, 48, 4),
        # RDS may add 480 GiB: 528 GiB last 44 days.
        (
            {"allocated_storage_gib": 400, "max_allocated_storage_gib": 880},
            48 + (HOURS - 1) / 2,
            48,
            44,
        ),
        # Storage that becomes more, or stays, is never full.
        ({"allocated_storage_gib": 400}, 48, 60, None),
        ({"allocated_storage_gib": 400}, 48, 48, None),
    ],
)
def test_the_pace_of_two_weeks(
    target_of: Callable[..., Any], fields: Any, start: float, end: float, days: float | None
) -> None:
    free = [start + (end - start) * hour / (HOURS - 1) for hour in range(HOURS)]
    found = days_left(forecast(target_of, **fields), free)
    assert found == (None if days is None else pytest.approx(days))


def test_the_widget_looks_back_two_weeks_by_itself(target_of: Callable[..., Any]) -> None:
    (widget,) = widgets(forecast(target_of))
    assert widget.properties["start"] == "-P14D"
    # A fortnight of hours; a minute's minimum is in them.
    assert widget.properties["period"] == 3600
    (hidden, drawn) = widget.properties["metrics"]
    assert hidden[:2] == ["AWS/RDS", "FreeStorageSpace"]
    assert re.fullmatch(r"IF\(AVG\(RATE\(m0\)\) < 0, .*\)", drawn[0]["expression"])
