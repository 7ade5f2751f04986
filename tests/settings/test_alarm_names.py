"""Alarm names: never too long, never two alike, whatever the targets are called."""

import json
from dataclasses import replace
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.rules.plan import Kind, Scope
from stack.config import read_stack_config
from stack.program import ProgramRun, run_program
from tests.components.registered import ALARM, LOG_FILTER
from tests.settings.refusal import problem_at, refused, refused_config, stack_config

SERVICE = {"cluster": "c", "service": "s"}
BALANCER = {"load_balancer": "app/django-alb/1234567890"}
GROUP = "targetgroup/django-tg/0123456789abcdef"
DATABASE = {
    "instance": "d",
    "engine": "postgres",
    "instance_class": "db.t4g.small",
    "allocated_storage_gib": 20,
}
TARGETS: dict[str, dict[str, Any]] = {
    "ecs": SERVICE,
    "alb": BALANCER,
    "rds": DATABASE,
    "logs": {"group": "/ecs/django-app"},
    "app": {"service": "s"},
    "health": {"url": "https://www.example.com/"},
}

# The longest name that Pulumi gives a stack. "django-ecs-monitoring-<stack>-ecs-" then has 127
# characters, "-memory-high", the longest of the ECS rules, 12: of the alarm name's 255 characters
# 116 are left for the target's name.
LONG_STACK = "s" * 100
LONGEST_IN_IT = 116


def alarm_names(run: ProgramRun) -> list[str]:
    return [alarm.inputs["name"] for alarm in run.of_type(ALARM)]


def test_the_longest_alarm_name_has_255_characters() -> None:
    settings = {"ecs": {"w" * LONGEST_IN_IT: SERVICE}}
    names = alarm_names(run_program(stack_config(settings, stack=LONG_STACK)))
    assert max(map(len, names)) == 255


def test_an_alarm_name_of_256_characters_is_refused() -> None:
    name = "w" * (LONGEST_IN_IT + 1)
    error = refused_config(stack_config({"ecs": {name: SERVICE}}, stack=LONG_STACK))
    problem = problem_at(error, f"ecs.{name}")
    assert "the alarm's name has 256 characters" in problem.fix
    assert "shorten the target's name until it has at most 255" in problem.fix


@pytest.mark.parametrize("section", TARGETS)
def test_a_target_s_name_has_128_characters_at_most(section: str) -> None:
    longest = {section: {"w" * 128: TARGETS[section]}}
    assert max(map(len, alarm_names(run_program(stack_config(longest))))) <= 255
    for length in (129, 1000):
        name = "w" * length
        error = refused_config(stack_config({section: {name: TARGETS[section]}}))
        assert f"has {length} characters" in problem_at(error, f"{section}.{name}").fix


@pytest.mark.parametrize("length", [240, 300, 1000])
def test_a_pattern_s_name_is_not_too_long(length: int) -> None:
    name = "p" * length
    error = refused(f"logs.app.patterns={json.dumps({name: {'pattern': 'x'}})}")
    assert len(error.problems) == 1
    assert error.problems[0].path.startswith("django-ecs-monitoring:logs.app")


@pytest.mark.parametrize("length", [240, 300, 1000])
def test_a_target_group_s_name_is_not_too_long(length: int) -> None:
    name = "g" * length
    error = refused(f"alb.main.target_groups={json.dumps({name: GROUP})}")
    assert error.problems
    assert all(p.path.startswith("django-ecs-monitoring:alb.main") for p in error.problems)


def test_two_alarms_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def same(kind: Kind[Any], scope: Scope, rule: AlarmRule) -> str:
        return f"{kind.key}-{rule.key}"

    monkeypatch.setattr(Kind, "alarm_name", same)
    changes = ["ecs.api={cluster: one, service: name}", "ecs.web.service=one-name"]
    # A stack of no other test: plans are kept, with the names that they were made with.
    config = replace(read_stack_config("prod", settings=changes), stack="two-of-one-name")
    error = refused_config(config)
    fixes = {problem.fix for problem in error.problems}
    assert fixes == {
        f"{key}@api and {key}@web would have the same alarm name: rename one of the targets"
        for key in ("ecs.cpu-high", "ecs.memory-high", "ecs.tasks-low")
    }
    assert {problem.path for problem in error.problems} == {"django-ecs-monitoring:ecs.api"}


# Names that would collide if target and rule were joined by a hyphen and nothing else: "web" with
# "database-errors" and "web-database" with "errors"; names that are, or end like, a rule's.
TRAPS: dict[str, dict[str, Any]] = {
    "logs whose names end like a rule": {
        "logs": {
            name: {"group": f"/ecs/{name}"}
            for name in ("web", "web-database", "web-database-errors", "database", "errors")
        }
    },
    "patterns that end like a rule": {
        "logs": {
            "web": {
                "group": "/ecs/web",
                "patterns": {
                    name: {"pattern": "x"}
                    for name in ("database", "x-errors", "x-database-errors", "a-b", "b")
                },
            },
            "web-x": {"group": "/ecs/x", "patterns": {"database": {"pattern": "x"}}},
            "web-x-database": {"group": "/ecs/y"},
            "web-a": {"group": "/ecs/a", "patterns": {"b": {"pattern": "x"}}},
        }
    },
    "load balancers whose names end like a rule": {
        "alb": dict.fromkeys(
            ("web", "web-target-5xx", "web-target", "target-5xx", "web-elb", "elb-5xx"), BALANCER
        )
    },
    "target groups with hyphens": {
        "alb": {
            "web": {
                **BALANCER,
                "target_groups": dict.fromkeys(
                    ("blue", "blue-green", "no-healthy", "unhealthy-hosts"), GROUP
                ),
            },
            "web-blue": {**BALANCER, "target_groups": {"green": GROUP, "hosts": GROUP}},
        }
    },
    "one name in every section": {
        "ecs": {"web": SERVICE},
        "alb": {"web": BALANCER},
        "logs": {"web": {"group": "/ecs/web"}},
        "app": {"web": {"service": "s"}},
        "rds": {"web": DATABASE},
    },
}

# Alarms by hand, rules x targets: 4 patterns a log and the log's own ones; 6 rules a load balancer
# and 2 a target group; 3 + 6 + 4 + 2 and the database's 10 (neither a replica nor with
# Performance Insights) where every section has the name.
ALARMS = {
    "logs whose names end like a rule": 5 * 4,
    "patterns that end like a rule": 4 * 4 + 7,
    "load balancers whose names end like a rule": 6 * 6,
    "target groups with hyphens": 2 * 6 + 6 * 2,
    "one name in every section": 3 + 6 + 4 + 2 + 10,
}


@pytest.mark.slow
@pytest.mark.parametrize("trap", TRAPS)
def test_alarm_names_differ_whatever_the_targets_are_called(trap: str) -> None:
    run = run_program(stack_config(TRAPS[trap]))
    names = alarm_names(run)
    assert len(names) >= ALARMS[trap]
    assert len(set(names)) == len(names)
    assert len({alarm.urn for alarm in run.of_type(ALARM)}) == len(names)


@pytest.mark.slow
@pytest.mark.parametrize("trap", [trap for trap, settings in TRAPS.items() if "logs" in settings])
def test_each_log_alarm_has_a_metric_of_its_own(trap: str) -> None:
    run = run_program(stack_config(TRAPS[trap]))
    watched = [
        (alarm.inputs["namespace"], alarm.inputs["metricName"])
        for alarm in run.of_type(ALARM)
        if alarm.inputs["tags"]["AlarmKey"].startswith("logs.")
    ]
    fed = [
        (transformation["namespace"], transformation["name"])
        for found in run.of_type(LOG_FILTER)
        for transformation in [found.inputs["metricTransformation"]]
    ]
    assert sorted(watched) == sorted(fed)
    assert len(set(fed)) == len(fed)
