"""Windows in the components' own arguments, from Python and from other languages."""

from collections.abc import Iterable, Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

import ecs_monitoring as watch
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.mutes import MutableAlarm, mute_rules
from tests.components.registered import alarms
from tests.components.small import RunComponents, ecs_args

MUTE_RULE = "aws:cloudwatch/alarmMuteRule:AlarmMuteRule"
NIGHTLY = watch.MuteArgs(schedule="cron(0 2 * * *)", duration="90m")


def test_a_window_mutes_the_components_alarms_and_has_its_tags(
    run_components: RunComponents,
) -> None:
    def program() -> None:
        args = ecs_args(mutes={"nightly": NIGHTLY}, tags={"Team": "shop"})
        ecs = watch.EcsMonitoring("payments.ecs", args)
        pulumi.export("mute_rules", ecs.mute_rules)

    run = run_components(program)
    (rule,) = run.of_type(MUTE_RULE)
    names = [alarm.inputs["name"] for alarm in alarms(run).values()]
    # Registrations come in no order of their own; the names stand in that of the rules.
    assert sorted(rule.inputs["muteTargets"]["alarmNames"]) == sorted(names)
    assert rule.inputs["rule"]["schedule"] == {
        "expression": "cron(0 2 * * *)",
        "duration": "PT1H30M",
        "timezone": "UTC",
    }
    assert rule.inputs["name"] == "django-ecs-monitoring-test-mute-nightly--payments.ecs"
    assert rule.inputs["tags"] == {
        "Team": "shop",
        "Mute": "nightly",
        "MuteOf": "django-ecs-monitoring/test",
    }
    assert run.exports["mute_rules"] == {rule.inputs["name"]: rule.arn}


def test_a_mapping_does_as_well(run_components: RunComponents) -> None:
    """As a program in another language hands it over."""

    def program() -> None:
        window: Any = {
            "schedule": "at(2027-01-31T22:00)",
            "duration": "PT1H",
            "severity": "warning",
        }
        watch.EcsMonitoring("ecs", ecs_args(mutes={"move": window}))

    run = run_components(program)
    (rule,) = run.of_type(MUTE_RULE)
    warnings = {
        alarm.inputs["name"]
        for alarm in alarms(run).values()
        if alarm.inputs["tags"]["Severity"] == "warning"
    }
    assert set(rule.inputs["muteTargets"]["alarmNames"]) == warnings
    assert 0 < len(warnings) < len(alarms(run))


def test_a_window_of_another_kind_is_none_of_its_business(run_components: RunComponents) -> None:
    def program() -> None:
        window = watch.MuteArgs(schedule="cron(0 2 * * *)", duration="1h", kind="rds")
        watch.EcsMonitoring("ecs", ecs_args(mutes={"nightly": window}))

    assert run_components(program).of_type(MUTE_RULE) == []


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("nightly", {"schedule": "cron(0 2 ? * SUN *)"}, r"mutes\.nightly\.schedule: .*write cron"),
        ("nightly", {"duration": "16d"}, r"mutes\.nightly\.duration: .*write 1m to 15d"),
        ("nightly", {"kind": "rdss"}, r'mutes\.nightly\.kind: .*did you mean "rds"'),
        ("nightly", {"duration": "1d"}, r"mutes\.nightly: .*write a shorter duration"),
        ("nightly", {"severity": "major"}, r"mutes\.nightly\.severity: 'major'.*critical, warning"),
        ("nightly", {"until": "06:00"}, r'mutes\.nightly: unknown field "until"'),
        ("night--ly", {}, "write letters, digits, _ and single hyphens"),
        ("by-hand", {}, "and not by-hand"),
    ],
)
def test_what_cannot_be_is_refused_with_its_path(
    run_components: RunComponents, name: str, changes: dict[str, Any], message: str
) -> None:
    def program() -> None:
        window: Any = {"schedule": "cron(0 2 * * *)", "duration": "1h", **changes}
        watch.EcsMonitoring("ecs", ecs_args(mutes={name: window}))

    with pytest.raises(watch.InvalidArgsError, match=f"EcsMonitoring 'ecs'.*{message}"):
        run_components(program)


def test_a_schedule_that_is_known_later_is_too_late(run_components: RunComponents) -> None:
    def program() -> None:
        window: Any = {"schedule": pulumi.Output.from_input("cron(0 2 * * *)"), "duration": "1h"}
        watch.EcsMonitoring("ecs", ecs_args(mutes={"nightly": window}))

    with pytest.raises(watch.InvalidArgsError, match=r"mutes\.nightly\.schedule decides"):
        run_components(program)


@pytest.mark.parametrize(
    ("count", "rules"),
    [
        (100, {"mute-nightly": range(100)}),
        (101, {"mute-nightly": range(100), "mute-nightly-2": range(100, 101)}),
        (
            201,
            {
                "mute-nightly": range(100),
                "mute-nightly-2": range(100, 200),
                "mute-nightly-3": range(200, 201),
            },
        ),
    ],
)
def test_a_rule_names_at_most_a_hundred_alarms(
    run_components: RunComponents,
    requests: dict[str, Any],
    count: int,
    rules: Mapping[str, Iterable[int]],
) -> None:
    """Those of one window begin and end together, and each comes after its alarms."""
    own = aws.cloudwatch.MetricAlarm
    watched: Any = {"comparison_operator": "GreaterThanThreshold", "evaluation_periods": 1}

    def program() -> None:
        parent = pulumi.ComponentResource("test:index:Group", "ecs")
        first, last = (own(name, **watched) for name in ("first", "last"))
        muted = [
            MutableAlarm(
                address=AlarmAddress(f"ecs.cpu-high@t{number}"),
                severity="warning",
                name=f"a{number}",
                resource=first if number < 100 else last,
            )
            for number in range(count)
        ]
        window = {"nightly": NIGHTLY}
        arns = mute_rules(parent, "ecs", window, muted, path="Ecs", tags=None, region="eu-west-1")
        pulumi.export("names", list(arns))

    run = run_components(program)
    found = {rule.name.removeprefix("ecs."): rule.inputs for rule in run.of_type(MUTE_RULE)}
    names = {
        rule: f"django-ecs-monitoring-test-mute-nightly--ecs{rule.removeprefix('mute-nightly')}"
        for rule in rules
    }
    assert {rule: inputs["muteTargets"]["alarmNames"] for rule, inputs in found.items()} == {
        rule: [f"a{number}" for number in numbers] for rule, numbers in rules.items()
    }
    assert {rule: inputs["name"] for rule, inputs in found.items()} == names
    assert run.exports["names"] == list(names.values())
    assert {inputs["region"] for inputs in found.values()} == {"eu-west-1"}
    assert len({str(inputs["rule"]) for inputs in found.values()}) == 1
    for rule in rules:
        after = {
            urn.rpartition("::")[2] for urn in requests[f"{MUTE_RULE}/ecs.{rule}"].dependencies
        }
        assert after == {"first" if rule == "mute-nightly" else "last"}
