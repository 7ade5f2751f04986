"""Leaving a section out leaves that part of the monitoring out, and nothing else."""

import json
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from stack.config import StackConfig, read_stack_config
from stack.program import ProgramRun, run_program
from tests.components.registered import DASHBOARD, SUBSCRIPTION, TOPIC, only, targets_alarms
from tests.settings.refusal import PROJECT_NAME, RecordingAws, stack_config

COMPONENTS = {
    "ecs": "EcsMonitoring",
    "alb": "AlbMonitoring",
    "rds": "RdsMonitoring",
    "logs": "LogMonitoring",
    "app": "ApplicationMonitoring",
    "health": "HealthCheck",
}


def everything() -> StackConfig:
    """The production stack with an outside check, which it has not by itself."""
    return read_stack_config("prod", settings=["health.site.url=https://www.example.com/"])


def without(config: StackConfig, section: str, empty: str | None) -> StackConfig:
    """The config less a section: left out altogether, or there and empty."""
    key = f"{PROJECT_NAME}:{section}"
    rest = {name: value for name, value in config.values.items() if name != key}
    return replace(config, values=rest if empty is None else {**rest, key: empty})


def alarms(run: ProgramRun) -> dict[str, Any]:
    """Those of the sections by name."""
    return {alarm.inputs["name"]: dict(alarm.inputs) for alarm in targets_alarms(run)}


@pytest.mark.parametrize("empty", [None, "{}", "null"], ids=["left out", "empty", "null"])
@pytest.mark.parametrize("section", COMPONENTS)
def test_a_section_left_out_leaves_its_part_out(section: str, empty: str | None) -> None:
    whole = run_program(everything())
    rest = run_program(without(everything(), section, empty))
    component = f"django-ecs-monitoring:index:{COMPONENTS[section]}"
    assert len(whole.of_type(component)) == 1
    assert rest.of_type(component) == []
    assert any(a["tags"]["AlarmKey"].startswith(f"{section}.") for a in alarms(whole).values())
    assert alarms(rest) == {
        name: inputs
        for name, inputs in alarms(whole).items()
        if not inputs["tags"]["AlarmKey"].startswith(f"{section}.")
    }


@pytest.mark.parametrize("section", COMPONENTS)
def test_a_section_may_stand_alone(section: str) -> None:
    config = everything()
    for other in {*COMPONENTS, "alarms"} - {section}:
        config = without(config, other, None)
    keys = {inputs["tags"]["AlarmKey"] for inputs in alarms(run_program(config)).values()}
    assert keys
    assert all(key.startswith(f"{section}.") for key in keys)


def test_without_alerts_there_are_topics_that_nobody_hears() -> None:
    run = run_program(without(read_stack_config("prod"), "alerts", None))
    assert run.of_type(SUBSCRIPTION) == []
    assert {topic.inputs["name"] for topic in run.of_type(TOPIC)} == {
        "django-app-alerts-django-ecs-monitoring-prod-critical",
        "django-app-alerts-django-ecs-monitoring-prod-warning",
    }


def test_without_overrides_the_rules_are_the_defaults() -> None:
    staging = read_stack_config("staging")
    prod = read_stack_config("prod")
    # Of ECS's rules, those by default: 80 % and 85 %, and a critical floor of tasks.
    found = alarms(run_program(without(staging, "alarms", None)))
    thresholds = {a["tags"]["AlarmKey"]: a["threshold"] for a in found.values()}
    assert (thresholds["ecs.cpu-high"], thresholds["ecs.memory-high"]) == (80, 85)
    severities = {a["tags"]["AlarmKey"]: a["tags"]["Severity"] for a in found.values()}
    in_prod = {
        a["tags"]["AlarmKey"]: a["tags"]["Severity"] for a in alarms(run_program(prod)).values()
    }
    assert severities.items() <= in_prod.items()


def test_without_tags_alarms_keep_those_by_which_tools_know_them() -> None:
    found = alarms(run_program(without(everything(), "tags", None)))
    assert {frozenset(inputs["tags"]) for inputs in found.values()} == {
        frozenset({"AlarmKey", "Target", "Severity", "Unit"})
    }


@pytest.mark.parametrize("page", [None, "", "https://wiki.example.jp/runbooks"])
def test_descriptions_link_to_the_page_of_runbooks(page: str | None) -> None:
    config = without(everything(), "runbooks", page)
    for inputs in alarms(run_program(config)).values():
        anchor = inputs["tags"]["AlarmKey"].replace(".", "")
        link = f"{page or 'docs/runbooks.md'}#{anchor}"
        assert inputs["alarmDescription"].endswith(f" Runbook: {link}")


EMPTY: dict[str, dict[str, Any]] = {
    "nothing at all": {},
    "empty sections": {section: {} for section in (*COMPONENTS, "alerts", "alarms", "tags")},
    "alerts without alarms": {"alerts": {"encryption": True, "emails": {"critical": ["a@b.jp"]}}},
}


@pytest.mark.parametrize("settings", EMPTY.values(), ids=EMPTY)
def test_an_empty_stack_has_a_dashboard_with_a_header(settings: dict[str, Any]) -> None:
    run = run_program(stack_config(settings))
    assert [r.type for r in run.registrations if r.custom] == [DASHBOARD]
    body = json.loads(only(run.of_type(DASHBOARD)).inputs["dashboardBody"])
    assert [widget["type"] for widget in body["widgets"]] == ["text"]
    assert (
        "# Django-App-Overview-django-ecs-monitoring-prod"
        in body["widgets"][0]["properties"]["markdown"]
    )
    assert run.exports["alarms"] == {}
    assert run.exports["omitted_alarms"] == {}
    assert run.exports["topics"] == {}
    assert [warning for warning in run.warnings if "nobody is notified" in warning] == []
    assert [warning for warning in run.warnings if "the stack watches nothing" in warning]


def test_an_empty_stack_and_one_of_no_region_are_said_before_anything_is_registered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = stack_config({})
    aws = RecordingAws(config.region)
    said: dict[str, list[str]] = {}
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_: said.update({text: [*aws.asked]}))
    run_program(config, mocks=aws)
    for words in ("the stack watches nothing: add a target to", "aws:region is not set"):
        (before,) = [asked for text, asked in said.items() if text.startswith(words)]
        assert before == []
    assert aws.asked != []


@pytest.mark.parametrize("kind", ["ecs", "app"])
def test_a_kind_all_of_whose_alarms_are_off_still_works(kind: str) -> None:
    keys = {
        "ecs": ("ecs.cpu-high", "ecs.memory-high", "ecs.tasks-low"),
        "app": ("app.server-errors", "app.latency-p95"),
    }[kind]
    off = {key: {"enabled": False} for key in keys}
    config = read_stack_config("prod", settings=[f"alarms={json.dumps(off)}"])
    run = run_program(config)
    assert not any(a["tags"]["AlarmKey"] in keys for a in alarms(run).values())
    assert {key.partition("@")[0] for key in run.exports["omitted_alarms"]} >= set(keys)
