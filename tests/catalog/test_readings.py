"""One statistic of a metric: its unit, what it can be, and the metric of a target."""

import math
from dataclasses import replace
from typing import Any, Final

import pytest

from ecs_monitoring.catalog.metrics import SHEETS, Fact, MetricSheet, Published, Reading, Usual
from ecs_monitoring.cloudwatch.interval import Interval
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.units import Unit

SHEET: Final = MetricSheet(
    namespace="Shop",
    name="Wait",
    dimensions=("Service", "Cluster"),
    narrowed_by=("Route",),
    unit=Unit.SECONDS,
    lowest=2,
    highest=9,
    published=Published.ALWAYS,
    silence="nobody waits",
    usual=Usual(3),
    source="https://shop.jp",
)


def test_the_statistics_of_a_metric() -> None:
    statistics = {
        "Average": SHEET.average,
        "Sum": SHEET.sum,
        "Minimum": SHEET.minimum,
        "Maximum": SHEET.maximum,
        "SampleCount": SHEET.sample_count,
        "p99": SHEET.percentile(99),
    }
    assert statistics == {name: Reading(SHEET, name) for name in statistics}
    units = {name: reading.unit for name, reading in statistics.items()}
    # Samples are counted, whatever they measure.
    assert units == {**dict.fromkeys(statistics, Unit.SECONDS), "SampleCount": Unit.COUNT}


@pytest.mark.parametrize(
    ("published", "seconds"),
    [
        (Published.ALWAYS, 60),
        (Published.EVERY_FIVE_MINUTES, 300),
        (Published.NOT_ZERO, 60),
        (Published.IN_USE, 60),
    ],
)
def test_how_often_it_is_published(published: Published, seconds: int) -> None:
    sheet = replace(SHEET, published=published)
    assert sheet.every == sheet.average.every == seconds


NOTHING: Final = {"highest": None, "endless": "as long as it takes"}


@pytest.mark.parametrize(
    ("changes", "statistic", "values"),
    [
        ({}, "Average", (2, 9)),
        ({}, "p99", (2, 9)),
        # Several samples add up to more than the highest of them.
        ({}, "Sum", (2, math.inf)),
        (NOTHING, "Average", (2, math.inf)),
        ({"highest": Fact.MEMORY}, "Average", (2, 700)),
        ({"highest": Fact.SESSIONS}, "Average", (2, math.inf)),
        ({"highest": 0, "lowest": 0}, "Average", (0, 0)),
        ({}, "SampleCount", (1, math.inf)),
        ({"samples": 5}, "SampleCount", (1, 5)),
        # A count that is published where it is not zero is 1 at least; a share may be less.
        ({"published": Published.NOT_ZERO, "lowest": 0, "whole": True}, "Maximum", (1, 9)),
        ({"published": Published.NOT_ZERO, "lowest": 0}, "Maximum", (0, 9)),
        ({"published": Published.NOT_ZERO, "lowest": -3, "whole": True}, "Maximum", (-3, 9)),
        ({"published": Published.NOT_ZERO, "whole": True}, "Maximum", (2, 9)),
        ({"published": Published.IN_USE, "lowest": 0, "whole": True}, "Maximum", (0, 9)),
    ],
)
def test_what_a_statistic_can_be(
    changes: dict[str, Any], statistic: str, values: tuple[float, float]
) -> None:
    reading = Reading(replace(SHEET, **changes), statistic)
    assert reading.values({Fact.MEMORY: 700}.get) == Interval(*values)


@pytest.mark.parametrize(
    ("reached", "statistic", "reaches"),
    [
        (True, "Average", True),
        (False, "Average", False),
        (False, "p99", False),
        (False, "Sum", True),
        (False, "SampleCount", True),
    ],
)
def test_whether_it_has_its_highest_value(reached: bool, statistic: str, reaches: bool) -> None:
    assert Reading(replace(SHEET, reached=reached), statistic).reaches_highest is reaches


@pytest.mark.parametrize(
    ("given", "dimensions"),
    [
        ({"Cluster": "c", "Service": "s", "Zone": "z"}, [("Service", "s"), ("Cluster", "c")]),
        (
            {"Cluster": "c", "Service": "s", "Route": "r"},
            [("Route", "r"), ("Service", "s"), ("Cluster", "c")],
        ),
    ],
)
def test_the_metric_of_a_target(given: dict[str, str], dimensions: list[tuple[str, str]]) -> None:
    """Dimensions come in the sheet's order, the narrower ones first."""
    metric = SHEET.maximum.of(given)
    assert metric == Metric(
        namespace="Shop", name="Wait", dimensions=dict(dimensions), statistic="Maximum"
    )
    assert list(metric.dimensions.items()) == dimensions


def test_a_sheet_under_another_name_is_the_same_in_all_else() -> None:
    called = SHEET.called("Logs", "errors")
    assert vars(called) == {**vars(SHEET), "namespace": "Logs", "name": "errors"}
    assert SHEET.called("Logs", "errors") is called


def test_all_sheets_can_be_looked_up_by_namespace_and_name() -> None:
    assert all(key == (sheet.namespace, sheet.name) for key, sheet in SHEETS.items())
    assert SHEETS["Django/API", "StatusCode_5xx"].dimensions == ("Service",)
