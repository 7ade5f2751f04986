"""Windows in which alarms tell nobody: which alarms, and what their rules are called."""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.rules.mute import (
    BY_HAND,
    Mute,
    Muted,
    mute_rule_name,
    mute_rule_prefix,
    mute_rule_tags,
)

CPU = AlarmAddress("rds.cpu-high@main")
INCIDENT = AlarmAddress("incident.rds@main/foreseen")


@pytest.mark.parametrize(
    ("chosen", "words", "cpu", "incident"),
    [
        ({}, "alarms", True, True),
        ({"severity": "warning"}, "warning alarms", True, False),
        ({"severity": "critical"}, "critical alarms", False, True),
        ({"kind": "rds"}, "rds alarms", True, True),
        ({"kind": "ecs"}, "ecs alarms", False, False),
        ({"target": "main"}, "alarms of target main", True, True),
        ({"target": "web"}, "alarms of target web", False, False),
        (
            {"severity": "warning", "kind": "rds", "target": "main"},
            "warning rds alarms of target main",
            True,
            False,
        ),
        (
            {"severity": "warning", "kind": "rds", "target": "web"},
            "warning rds alarms of target web",
            False,
            False,
        ),
    ],
)
def test_which_alarms_are_muted(
    chosen: dict[str, Any], words: str, cpu: bool, incident: bool
) -> None:
    muted = Muted.model_validate(chosen)
    assert str(muted) == words
    assert (muted.takes(CPU, "warning"), muted.takes(INCIDENT, "critical")) == (cpu, incident)


def test_what_the_rules_of_a_stack_are_called() -> None:
    assert mute_rule_prefix("shop", "prod") == "shop-prod-mute-"
    assert mute_rule_name("shop", "prod", "nightly", "rds") == "shop-prod-mute-nightly--rds"
    assert mute_rule_name("shop", "prod", BY_HAND, "7f") == "shop-prod-mute-by-hand--7f"
    assert mute_rule_tags("shop", "prod", "nightly") == {
        "Mute": "nightly",
        "MuteOf": "shop/prod",
    }


def test_a_window_is_kept_as_aws_writes_it() -> None:
    mute = Mute(schedule="cron(0 2 * * SUN)", duration="1d12h")
    assert mute.model_dump() == {
        "severity": None,
        "kind": None,
        "target": None,
        "schedule": "cron(0 2 * * SUN)",
        # "P" and the days, "T" and the hours: ISO 8601, as the API has it.
        "duration": "P1DT12H",
        "timezone": "UTC",
        "description": "",
    }
    assert mute.when.timezone == "UTC"
    assert Mute(schedule="cron(0 2 * * SUN)", duration="90m", timezone="Asia/Tokyo").when == (
        Mute(schedule="cron(0 2 * * SUN)", duration="PT1H30M", timezone="Asia/Tokyo").when
    )
