"""Thresholds as lines on graphs."""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.graph import Line, graphs
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, MissingData, NoThreshold, Severity
from ecs_monitoring.cloudwatch.units import Unit
from tests.cloudwatch.written import written

GIB = 2**30


def rule(**changes: Any) -> AlarmRule:
    target = changes.get("target", "main")
    fields: dict[str, Any] = {
        "key": "rds.memory-low",
        "target": target,
        "title": "Memory low",
        "meaning": f"{target} has little memory left.",
        "severity": Severity.WARNING,
        "signal": Metric(
            namespace="AWS/RDS",
            name="FreeableMemory",
            dimensions={"DBInstanceIdentifier": target},
            statistic="Average",
        ),
        "comparison": Comparison.BELOW,
        "threshold": 2 * GIB,
        "unit": Unit.BYTES,
        "period": 60,
        "evaluation_periods": 15,
        "treat_missing_data": MissingData.MISSING,
    }
    return AlarmRule(**{**fields, **changes})


def threshold_annotations(rules: list[AlarmRule], scale: float = 1.0) -> list[dict[str, Any]]:
    line = Line(metric=Metric(namespace="AWS/RDS", name="FreeableMemory", statistic="Average"))
    (widget,) = written(graphs("Memory", [line], rules=rules, scale=scale))
    found: list[dict[str, Any]] = widget.properties["annotations"]["horizontal"]
    return found


def labels(*rules: AlarmRule, scale: float = GIB) -> list[str]:
    return [annotation["label"] for annotation in threshold_annotations([*rules], scale)]


def test_a_threshold_is_one_line_in_the_unit_of_the_axis() -> None:
    assert threshold_annotations([rule()], GIB) == [
        {"label": "rds.memory-low < 2 (15 of 15 x 60 s)", "value": 2, "color": "#ff7f0e"}
    ]


def test_without_a_scale_a_threshold_is_drawn_as_it_is() -> None:
    (annotation,) = threshold_annotations([rule(threshold=0.02)])
    assert annotation["value"] == 0.02


def test_critical_and_warning_lines_differ_in_colour() -> None:
    both = [rule(severity=severity) for severity in Severity]
    colours = {annotation["color"] for annotation in threshold_annotations(both)}
    assert len(colours) == 2


def test_targets_that_agree_share_a_line() -> None:
    assert labels(rule(target="a"), rule(target="b")) == ["rds.memory-low < 2 (15 of 15 x 60 s)"]


def test_parts_of_one_target_share_a_line() -> None:
    assert len(labels(rule(part="blue"), rule(part="green"))) == 1


def test_where_targets_differ_the_line_names_its_targets() -> None:
    rules = [
        rule(target="a"),
        rule(target="b", threshold=4 * GIB),
        rule(target="c"),
    ]
    assert labels(*rules) == [
        "rds.memory-low a, c < 2 (15 of 15 x 60 s)",
        "rds.memory-low b < 4 (15 of 15 x 60 s)",
    ]


@pytest.mark.parametrize(
    "difference",
    [
        {"period": 300},
        {"evaluation_periods": 5},
        {"datapoints_to_alarm": 3},
        {"comparison": Comparison.AT_MOST},
        {"severity": Severity.CRITICAL},
    ],
)
def test_lines_of_different_meaning_are_not_merged(difference: dict[str, Any]) -> None:
    first, second = labels(rule(target="a"), rule(target="b", **difference))
    assert " a " in first
    assert " b " in second


def test_different_rules_do_not_name_their_targets() -> None:
    assert labels(rule(), rule(key="rds.memory-lower", threshold=GIB)) == [
        "rds.memory-low < 2 (15 of 15 x 60 s)",
        "rds.memory-lower < 1 (15 of 15 x 60 s)",
    ]


def test_a_threshold_that_is_not_known_is_not_drawn() -> None:
    unknown = NoThreshold("instance_class", "db.x9.huge", "unknown")
    assert labels(rule(threshold=unknown), rule(target="b")) == [
        "rds.memory-low < 2 (15 of 15 x 60 s)"
    ]


@pytest.mark.parametrize(
    ("rules", "annotated"), [([], False), ([rule()], True)], ids=["none", "one"]
)
def test_a_graph_has_annotations_only_where_there_are_rules(
    rules: list[AlarmRule], annotated: bool
) -> None:
    line = Line(metric=Metric(namespace="AWS/RDS", name="FreeableMemory", statistic="Average"))
    (widget,) = written(graphs("Memory", [line], rules=rules, scale=GIB))
    horizontal = widget.properties.get("annotations", {}).get("horizontal", [])
    assert [annotation["value"] for annotation in horizontal] == ([2] if annotated else [])


def test_every_graph_of_many_lines_has_the_annotations() -> None:
    metric = Metric(namespace="AWS/RDS", name="FreeableMemory", statistic="Average")
    made = written(graphs("Memory", [Line(metric=metric)] * 501, rules=[rule()], scale=GIB))
    assert len(made) > 1
    assert all(len(widget.properties["annotations"]["horizontal"]) == 1 for widget in made)


def test_a_graph_has_the_period_of_its_alarm() -> None:
    watched = rule().metrics[0]
    other = Metric(namespace="AWS/RDS", name="CPUUtilization", statistic="Average")
    lines = [Line(metric=watched), Line(metric=other)]

    def periods(*rules: AlarmRule) -> tuple[int, list[int | None]]:
        (widget,) = written(graphs("Memory", lines, rules=rules))
        own = [
            row[-1].get("period") if isinstance(row[-1], dict) else None
            for row in widget.properties["metrics"]
        ]
        return widget.properties["period"], own

    assert periods() == (300, [None, None])
    assert periods(rule(period=60)) == (60, [None, None])
    # Each line that an alarm watches has that alarm's period.
    slow = rule(key="rds.cpu-high", signal=other, period=900)
    assert periods(rule(period=60), slow) == (60, [None, 900])
