"""Rules and graphs as plain JSON follow their published schema, and say what is registered."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from exports.plain.document import document_schema
from exports.plain.writer import RULES, SCHEMA, SYSTEM
from stack.config import PROJECT
from stack.definitions import ALARM
from stack.program import ProgramRun
from tests.exports.stacks import monitoring

PUBLISHED = PROJECT / "docs" / "exported-rules.schema.json"
VALIDATOR = Draft202012Validator(document_schema())

OTHERS = (
    *("health.site.url=https://example.com/health", "alarms.app.cache-hit-rate-low.enabled=true"),
    "ecs.web.minimum_healthy_percent=50",
)


def written(*changes: str, stack: str = "prod") -> dict[str, Any]:
    export = SYSTEM.export(monitoring(*changes, stack=stack), {})
    found: dict[str, Any] = json.loads(export.files[RULES])
    return found


def mistakes(document: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(document)]


def test_the_schema_is_one_and_stands_beside_the_rules_and_in_the_docs() -> None:
    Draft202012Validator.check_schema(document_schema())
    text = SYSTEM.export(monitoring(), {}).files[SCHEMA]
    assert json.loads(text) == document_schema()
    assert PUBLISHED.read_text(encoding="utf-8") == text
    assert written()["$schema"] == SCHEMA


@pytest.mark.slow
@pytest.mark.parametrize("stack", ["prod", "staging"])
@pytest.mark.parametrize("changes", [(), OTHERS])
def test_what_is_written_follows_the_schema(stack: str, changes: tuple[str, ...]) -> None:
    assert mistakes(written(*changes, stack=stack)) == []


@pytest.mark.parametrize(
    ("place", "value", "word"),
    [
        (("rules", 0, "severity"), "urgent", "urgent"),
        (("rules", 0, "threshold"), "80", "threshold"),
        (("rules", 0, "treshold"), 80, "treshold"),
        (("rules", 0, "signal"), {"type": "metric"}, "signal"),
        (("graphs", 0, "lines", 0, "metric", "statistic"), 5, "statistic"),
        (("version",), 2, "version"),
    ],
)
def test_the_schema_refuses_what_is_wrong(
    place: tuple[str | int, ...], value: Any, word: str
) -> None:
    document: Any = written()
    inner = document
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    assert word in " ".join(mistakes(document))


def test_each_field_is_explained() -> None:
    for name, model in document_schema()["$defs"].items():
        assert model["description"], name
        for field, schema in model.get("properties", {}).items():
            assert schema.get("description"), f"{name}.{field}"


def test_each_alarm_says_what_it_is_registered_with(stack: ProgramRun) -> None:
    name = "prod" if len(stack.of_type(ALARM)) == len(monitoring().rules) else "staging"
    rules = {rule["name"]: rule for rule in written(stack=name)["rules"]}
    alarms = stack.of_type(ALARM)
    assert len(rules) == len(alarms)
    for alarm in alarms:
        rule, inputs = rules[alarm.inputs["name"]], alarm.inputs
        assert rule["threshold"] == inputs["threshold"]
        assert rule["comparison"] == inputs["comparisonOperator"]
        assert rule["datapoints_to_alarm"] == inputs["datapointsToAlarm"]
        assert rule["evaluation_periods"] == inputs["evaluationPeriods"]
        assert rule["treat_missing_data"] == inputs["treatMissingData"]
        assert rule["unit"] == inputs["tags"]["Unit"]
        signal = rule["signal"]
        if signal["type"] == "metric":
            assert signal["metric"]["dimensions"] == (inputs.get("dimensions") or {})
            assert signal["metric"]["name"] == inputs["metricName"]
            assert rule["period_seconds"] == inputs["period"]
        else:
            assert signal["returned"] == next(
                query["id"] for query in inputs["metricQueries"] if query.get("returnData")
            )
            assert len(signal["queries"]) == len(inputs["metricQueries"])


def test_a_graphs_thresholds_name_their_rules() -> None:
    document = written()
    addresses = {rule["address"] for rule in document["rules"]}
    graphs = {graph["title"]: graph for graph in document["graphs"]}
    (high,) = graphs["ECS CPU Utilization"]["thresholds"]
    assert high == {
        "addresses": ["ecs.cpu-high@web"],
        "comparison": "GreaterThanOrEqualToThreshold",
        "value": 80,
        "severity": "warning",
    }
    for graph in graphs.values():
        for threshold in graph.get("thresholds", []):
            assert threshold["addresses"]
            assert set(threshold["addresses"]) <= addresses


@pytest.mark.slow
def test_parts_of_a_target_with_limits_of_their_own_have_lines_of_their_own() -> None:
    found = written(
        "alb.main.target_groups.api=targetgroup/api/0123456789abcdef",
        "alarms={'alb.unhealthy-hosts@main/api': {threshold: 2}}",
    )
    graphs = {graph["title"]: graph for graph in found["graphs"]}
    lines = {t["value"]: t["addresses"] for t in graphs["ALB Unhealthy Hosts"]["thresholds"]}
    assert lines == {
        1: ["alb.unhealthy-hosts@main/web"],
        2: ["alb.unhealthy-hosts@main/api"],
    }
