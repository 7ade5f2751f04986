"""Overrides that reach no rule, or ask of one what cannot be, whole: where, what, and the fix."""

from typing import Any, Final

import pytest

from tests.settings.refusal import problems_of, stack_config

WEB: Final = {"cluster": "shop", "service": "checkout"}
ID: Final = "0123456789abcdef"
BALANCER: Final = {
    "load_balancer": f"app/shop/{ID}",
    "target_groups": {"web": f"targetgroup/web/{ID}", "api": f"targetgroup/api/{ID}"},
}
FIELDS: Final = (
    "threshold, period, evaluation_periods, datapoints_to_alarm, treat_missing_data, recent, "
    "recent_by_hour, severity, enabled, runbook"
)
# A service and a load balancer of one name; a log group with a pattern of its own, and one without.
SECTIONS: Final = {
    "ecs": {"main": WEB},
    "alb": {"main": BALANCER},
    "logs": {
        "app": {"group": "/ecs/shop", "patterns": {"pay": {"pattern": "?PaymentFailed"}}},
        "api": {"group": "/ecs/api"},
    },
}


def said(alarms: dict[str, Any], **sections: Any) -> list[tuple[str, str, str]]:
    return problems_of(stack_config({**SECTIONS, **sections, "alarms": alarms}))


@pytest.mark.parametrize(
    ("address", "fix"),
    [
        ("ecs.cpu-high", ""),
        ("ecs.cpu-high@main", ""),
        ("alb.unhealthy-hosts@main", ""),
        ("alb.unhealthy-hosts@main/web", ""),
        ("logs.pay", ""),
        ("logs.pay@app", ""),
        ("delivery.dead-letters@critical", ""),
        # Of a kind without a target, for when it has one.
        ("rds.cpu-high", ""),
        (
            "ecs.cpu-high@mian",
            'unknown target "mian"; did you mean "main"? write one of: main',
        ),
        (
            "rds.cpu-high@main",
            'unknown target "main": leave out @main, or add it to the section rds',
        ),
        (
            "alb.unhealthy-hosts@main/wbe",
            'unknown target group "wbe"; did you mean "web"? write one of: web, api',
        ),
        (
            "alb.elb-5xx@main/web",
            "alb.elb-5xx@main is one alarm, without parts: write alb.elb-5xx@main",
        ),
        ("logs.pay@api", 'target "api" has no pattern pay: add it to its patterns'),
        (
            "delivery.dead-letters@critcal",
            'unknown target "critcal"; did you mean "critical"? write one of: critical, warning',
        ),
    ],
)
def test_the_address_of_an_override(address: str, fix: str) -> None:
    found = said({address: {"severity": "critical"}})
    assert found == ([(f'alarms["{address}"]', "", fix)] if fix else [])


def test_topics_of_teams_and_of_the_outside_have_overrides_too() -> None:
    team = {"alarms": ["ecs"], "emails": {"warning": ["a@shop.jp"]}}
    site = {"url": "https://www.shop.jp/readyz"}
    keys = [
        f"delivery.dead-letters@{way}"
        for way in ("pay-warning", "critical-outside", "pay-critical-outside")
    ]
    alarms = {key: {"severity": "critical"} for key in keys}
    both = {"alerts": {"routes": {"pay": team}}, "health": {"site": site}}
    assert said(alarms, **both) == []
    assert [path for path, *_ in said(alarms)] == [f'alarms["{key}"]' for key in keys]


def test_an_override_of_nothing() -> None:
    fix = f"changes nothing: write one of {FIELDS}"
    assert said({"ecs.cpu-high": {}}) == [('alarms["ecs.cpu-high"]', "", fix)]


def test_a_threshold_that_no_alarm_can_have_is_told_of_each_target() -> None:
    two = {"ecs": {"main": WEB, "api": {**WEB, "service": "api"}}}
    path = 'alarms["ecs.cpu-high"].threshold'
    fix = (
        "alarm ecs.cpu-high@{}: the alarm could never fire, since CPUUtilization Average is at "
        "most 100 %: write 100 % or less"
    )
    assert said({"ecs.cpu-high": {"threshold": 101}}, **two) == [
        (path, "101.0", fix.format("main")),
        (path, "101.0", fix.format("api")),
    ]
    # The nearer one says it.
    nearer = {"ecs.cpu-high": {"threshold": 90}, "ecs.cpu-high@api": {"threshold": 101}}
    assert said(nearer, **two) == [
        ('alarms["ecs.cpu-high@api"].threshold', "101.0", fix.format("api"))
    ]


def test_what_all_parts_of_a_target_have_is_one_mistake() -> None:
    ((path, value, fix),) = said({"alb.unhealthy-hosts": {"period": 90}})
    assert (path, value) == ('alarms["alb.unhealthy-hosts"].period', "90")
    parts = "alb.unhealthy-hosts@main/web, alb.unhealthy-hosts@main/api"
    assert fix.startswith(f"alarms {parts}: write a multiple of 60")


def test_a_threshold_of_a_kind_without_a_target_is_tried_on_its_example() -> None:
    ((path, value, fix),) = said({"rds.cpu-high": {"threshold": 101}})
    assert (path, value) == ('alarms["rds.cpu-high"].threshold', "101.0")
    assert fix.startswith("alarm rds.cpu-high: the alarm could never fire")
