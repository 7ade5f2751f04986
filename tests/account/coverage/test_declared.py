"""What a stack's settings already say."""

import json

import pytest

from account.coverage.view import Declared
from stack.config import StackConfig, read_stack_config
from tests.account.coverage.values import BALANCER, PROJECT


def config(**sections: object) -> StackConfig:
    return StackConfig(
        project=PROJECT,
        stack="prod",
        values={
            f"{PROJECT}:{name}": value if isinstance(value, str) else json.dumps(value)
            for name, value in sections.items()
        },
        secret_keys=frozenset(),
        region="ap-northeast-1",
    )


def test_the_shipped_stack() -> None:
    declared = Declared.of(read_stack_config("prod"))
    assert declared.named("rds", {"instance": "django-db"}) == "main"
    assert declared.named(
        "ecs", {"cluster": "django-ecs-cluster", "service": "django-app-service"}
    ) == ("web")
    assert declared.named("logs", {"group": "/ecs/django-app"}) == "app"
    assert declared.named("logs", {"group": "/ecs/other"}) == ""
    assert declared.switched_off == frozenset()


def test_every_field_counts() -> None:
    declared = Declared.of(config(ecs={"web": {"cluster": "main", "service": "web"}}))
    assert declared.named("ecs", {"cluster": "main", "service": "web"}) == "web"
    assert declared.named("ecs", {"cluster": "batch", "service": "web"}) == ""


def test_only_an_arn_stands_for_its_end() -> None:
    arn = f"arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/{BALANCER}"
    declared = Declared.of(
        config(alb={"shop": {"load_balancer": arn}}, logs={"app": {"group": "/ecs/app"}})
    )
    assert declared.named("alb", {"load_balancer": BALANCER}) == "shop"
    assert declared.named("logs", {"group": "app"}) == ""


def test_rules_that_are_off() -> None:
    declared = Declared.of(
        config(
            alarms={
                "ecs.cpu-high": {"enabled": False},
                "rds.cpu-high@main": {"enabled": False},
                "ecs.memory-high": {"threshold": 90},
                "app.cache-hit-rate-low": {"enabled": True},
            }
        )
    )
    assert declared.switched_off == {"ecs.cpu-high", "rds.cpu-high@main"}
    assert declared.is_switched_off("ecs.cpu-high", "web")
    assert declared.is_switched_off("rds.cpu-high", "main")
    assert not declared.is_switched_off("rds.cpu-high", "other")


@pytest.mark.parametrize("value", ["not JSON", "[1]", "", {"web": "text"}, {"web": None}])
def test_what_has_not_the_form_of_settings(value: object) -> None:
    """Its mistakes are reported where settings are checked."""
    assert Declared.of(config(ecs=value)).targets["ecs"] == {}
