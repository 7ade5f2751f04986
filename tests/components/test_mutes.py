"""Windows in the components' own arguments, from Python and from other languages."""

from typing import Any

import pulumi
import pytest

import ecs_monitoring as watch
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
