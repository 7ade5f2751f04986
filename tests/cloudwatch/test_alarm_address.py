"""An alarm's address and its parts."""

import json

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ecs.cpu-high@web", ("ecs", "cpu-high", "web", "")),
        ("alb.unhealthy-hosts@main/api", ("alb", "unhealthy-hosts", "main", "api")),
        ("logs.out-of-stock@app", ("logs", "out-of-stock", "app", "")),
    ],
)
def test_an_address_that_was_read_has_the_parts_that_make_it(
    text: str, parts: tuple[str, str, str, str]
) -> None:
    address = AlarmAddress(text)
    kind, rule, target, part = parts
    assert (address.kind, address.rule, address.target, address.part) == parts
    assert AlarmAddress.of(f"{kind}.{rule}", target, part) == text
    assert AlarmAddress.from_tags(address.tags) == text


def test_the_tags_are_those_that_deployed_alarms_carry() -> None:
    tags = {"AlarmKey": "alb.unhealthy-hosts", "Target": "main/api"}
    assert AlarmAddress("alb.unhealthy-hosts@main/api").tags == tags


def test_an_alarm_may_be_named_by_address_target_or_key() -> None:
    assert AlarmAddress("alb.unhealthy-hosts@main/api").forms == (
        "alb.unhealthy-hosts@main/api",
        "alb.unhealthy-hosts@main",
        "alb.unhealthy-hosts",
    )


def test_a_key_alone_has_no_target() -> None:
    key = AlarmAddress("ecs.cpu-high")
    assert (key.key, key.target, key.watched) == ("ecs.cpu-high", "", "")


def test_json_takes_an_address_as_it_is() -> None:
    address = AlarmAddress("ecs.cpu-high@web")
    assert json.dumps({address: [address]}) == '{"ecs.cpu-high@web": ["ecs.cpu-high@web"]}'
