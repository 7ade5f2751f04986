"""Composite alarms as composite monitors, in Terraform since only Datadog gives ids."""

import dataclasses
import json
import re
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.rule import Severity
from exports.datadog.composites import CompositeQuery, composite_query
from exports.datadog.writer import SYSTEM
from exports.monitoring import ExportedComposite
from exports.result import NotCarriedError
from tests.exports.stacks import monitoring

IDS = {"a": "1", "b": "2", "c": "3"}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ('ALARM("a")', "1"),
        ('ALARM("a") AND ALARM("b")', "1 && 2"),
        ('ALARM("a") OR ALARM("b") AND NOT ALARM("c")', "1 || (2 && !3)"),
        ('NOT (ALARM("a") OR ALARM("b"))', "!(1 || 2)"),
        ('(ALARM("a") OR ALARM("b")) AND ALARM("c")', "(1 || 2) && 3"),
        ('ALARM("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a")', "1"),
        # A composite monitor takes no other: what it says is written out.
        ('ALARM("both") OR ALARM("c")', "(1 && 2) || 3"),
    ],
)
def test_rules_are_written_over_ids(rule: str, expected: str) -> None:
    both = {"both": 'ALARM("a") AND ALARM("b")'}
    assert composite_query(rule, IDS, both) == CompositeQuery(expected, ())


def test_one_of_several_may_be_missing_and_that_is_told() -> None:
    found = composite_query('ALARM("a") OR ALARM("x") OR ALARM("y")', IDS, {})
    assert found == CompositeQuery("1", ("x", "y"))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ('ALARM("x")', "no monitor: x"),
        ('ALARM("a") AND ALARM("x")', "no monitor: x"),
        ('ALARM("a") AND NOT ALARM("x")', "no monitor: x"),
        # What must not be on would be on less often: more would notify.
        ('ALARM("a") AND NOT (ALARM("b") OR ALARM("x"))', "no monitor: x"),
        ('OK("a")', "more than which alarms are on"),
        ('INSUFFICIENT_DATA("a")', "more than which alarms are on"),
        ("TRUE", "more than which alarms are on"),
        ('ALARM("a") OR OR', "cannot be read"),
    ],
)
def test_what_is_no_composite_monitor(rule: str, words: str) -> None:
    with pytest.raises(NotCarriedError, match=words):
        composite_query(rule, IDS, {})


def test_no_more_than_ten_monitors() -> None:
    """https://docs.datadoghq.com/monitors/types/composite/."""
    ids = {f"a{n}": str(n) for n in range(11)}
    ten = " OR ".join(f'ALARM("a{n}")' for n in range(10))
    assert composite_query(ten, ids, {}).text.count("||") == 9
    with pytest.raises(NotCarriedError, match="11 alarms"):
        composite_query(f'{ten} OR ALARM("a10")', ids, {})


def composite(condition: str, **changes: Any) -> ExportedComposite:
    usual = {
        "name": "both",
        "address": AlarmAddress("incident.both@web"),
        "condition": condition,
        "description": "Both ${HOME} and @web.",
        "severity": Severity.CRITICAL,
        "region": "ap-northeast-1",
    }
    return ExportedComposite(**{**usual, **changes})


def test_a_composite_alarm_is_a_resource_over_the_monitors_of_the_files() -> None:
    names = {one.rule.address: one.rule.name for one in monitoring().rules}
    cpu, memory = (names[AlarmAddress(f"ecs.{one}-high@web")] for one in ("cpu", "memory"))
    found = dataclasses.replace(
        monitoring(), composites=(composite(f'ALARM("{cpu}") AND NOT ALARM("{memory}")'),)
    )
    export = SYSTEM.export(found, {"critical": "@pagerduty-shop"})
    document = json.loads(export.files["incident.both@web.tf.json"])
    (resource,) = document["resource"]["datadog_monitor"].values()
    assert resource["type"] == "composite"
    assert resource["query"] == (
        '${datadog_monitor_json.monitor["monitors/ecs.cpu-high@web.json"].id} && '
        '!${datadog_monitor_json.monitor["monitors/ecs.memory-high@web.json"].id}'
    )
    assert resource["priority"] == 1
    # No template of Terraform's, and nobody's handle but the one that was asked for.
    assert "Both $${HOME} and (at) web." in resource["message"]
    assert resource["message"].endswith("\n\n@pagerduty-shop")


def test_each_id_is_of_a_file_that_is_there() -> None:
    export = SYSTEM.export(monitoring(), {})
    asked = {
        name
        for file, text in export.files.items()
        if file.endswith(".tf.json")
        for name in re.findall(r'monitor\[\\"(.+?)\\"\]', text)
    }
    assert asked
    assert asked <= set(export.files)
    terraform = json.loads(export.files["main.tf.json"])
    made = terraform["resource"]["datadog_monitor_json"]["monitor"]
    assert made["for_each"] == '${fileset(path.module, "monitors/*.json")}'


def test_what_a_monitor_judges_besides_is_told() -> None:
    """Datadog takes a warning for an alert in a composite monitor."""
    (mild,) = (one for one in monitoring().rules if one.rule.address == "rds.cpu-high@main")
    grave = dataclasses.replace(
        mild,
        rule=dataclasses.replace(
            mild.rule,
            key="rds.cpu-full",
            name="cpu-full",
            severity=Severity.CRITICAL,
            threshold=98.0,
        ),
    )
    both = dataclasses.replace(
        monitoring(), rules=(mild, grave), composites=(composite('ALARM("cpu-full")'),)
    )
    (carried,) = (
        one for one in SYSTEM.export(both, {}).carried if one.item.name == "incident.both@web"
    )
    assert carried.differences == (
        "A warning sets it off, too, of the monitors that judge two alarms: rds.cpu-high@main.",
    )
