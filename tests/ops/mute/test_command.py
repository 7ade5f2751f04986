"""``python -m ops mute``: what is put, listed and ended, and what is refused."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.account.emulated import Deployment
from tests.ops.mute.conftest import NOW, Mute, Muting

PREFIX = "django-ecs-monitoring-prod-"
FOR = ("--for", "1h", "--reason", "release 4.2", "--yes")


def rules(muting: Muting) -> dict[str, dict[str, Any]]:
    """The rules that were put, by name."""
    calls = muting.cloudwatch["ap-northeast-1"].calls
    return {put["Name"]: put for operation, put in calls if operation == "PutAlarmMuteRule"}


def soon() -> float:
    """A moment that is not over when AWS, whose clock is the machine's, says what is active."""
    return datetime.now(UTC).timestamp()


def test_the_whole_stack_from_the_next_minute_on(mute: Mute, muting: Muting) -> None:
    ran = mute(*FOR, "--json")
    assert ran.code == 0
    ((name, rule),) = rules(muting).items()
    assert name == f"{PREFIX}mute-by-hand--{ran.json['name']}"
    assert ran.json["name"].startswith("20261126T2030-")
    # Ten seconds to put it before a minute begins.
    assert rule["Rule"]["Schedule"] == {
        "Expression": "at(2026-11-26T20:31)",
        "Duration": "PT1H",
        "Timezone": "UTC",
    }
    assert (ran.json["start"], ran.json["end"]) == ("2026-11-26T20:31:00Z", "2026-11-26T21:31:00Z")
    assert sorted(rule["MuteTargets"]["AlarmNames"]) == [
        f"{PREFIX}ecs-web-cpu-high",
        f"{PREFIX}ecs-web-tasks-low",
        f"{PREFIX}rds-main-cpu-high",
    ]
    assert rule["Description"].startswith("release 4.2 (python -m ops mute, arn:aws:")
    tags = {tag["Key"]: tag["Value"] for tag in rule["Tags"]}
    assert (tags["Mute"], tags["MuteOf"]) == ("by-hand", "django-ecs-monitoring/prod")
    assert tags["MutedBy"].startswith("arn:aws:")


def test_what_would_be_muted_and_when_is_shown_before(mute: Mute) -> None:
    ran = mute(*FOR)
    assert "ecs.tasks-low@web" in ran.out
    assert "2026-11-26T20:31:00Z to 2026-11-26T21:31:00Z: they tell nobody." in ran.out
    assert "is still on at the end notifies then" in ran.out
    assert "python -m ops mute prod --end 20261126T2030-" in ran.out


def test_a_minute_that_is_about_to_begin_is_not_taken(mute: Mute) -> None:
    ran = mute(*FOR, "--json", now=NOW + 10)
    assert ran.json["start"] == "2026-11-26T20:32:00Z"


def test_a_window_later_in_a_time_zone(mute: Mute, muting: Muting) -> None:
    later = ("--at", "2026-11-27T05:45", "--timezone", "Asia/Tokyo")
    ran = mute(*FOR, *later, "--json")
    assert ran.json["start"] == "2026-11-26T20:45:00Z"
    (rule,) = rules(muting).values()
    assert rule["Rule"]["Schedule"]["Timezone"] == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("words", "alarms"),
    [
        (("--kind", "rds"), ["rds.cpu-high@main"]),
        (("--severity", "critical"), ["ecs.tasks-low@web"]),
        (("--target", "web"), ["ecs.cpu-high@web", "ecs.tasks-low@web"]),
        (("--target", "web", "--severity", "warning"), ["ecs.cpu-high@web"]),
        (("--alarm", "ecs.tasks-low"), ["ecs.tasks-low@web"]),
    ],
)
def test_some_alarms(mute: Mute, words: tuple[str, ...], alarms: list[str]) -> None:
    assert sorted(mute(*FOR, *words, "--json").json["alarms"]) == alarms


def test_alarms_of_another_stack_are_left_alone(mute: Mute, deployment: Deployment) -> None:
    other = Deployment(stack="prod-eu")
    other.alarm("ecs.cpu-high@web", "warning", [])
    assert len(mute(*FOR, "--json").json["alarms"]) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--for", "1h", "--yes"), "--reason is missing"),
        (("--for", "1h", "--reason", " ", "--yes"), "--reason is missing"),
        (("--for", "16d", "--reason", "r", "--yes"), "write 1m to 15d"),
        (("--for", "1h", "--reason", "r", "--yes", "--target", "api"), "no alarms of target api"),
        (("--for", "1h", "--reason", "r", "--yes", "--alarm", "ecs.cpu"), "did you mean"),
        (("--for", "1h", "--reason", "r"), "give --yes to go on without asking"),
        (("--list", "--kind", "rds"), "--kind: only with --for"),
        (("--end", "nothing", "--yes"), "nothing is muted by hand"),
        (
            ("--for", "1h", "--reason", "r", "--yes", "--at", "2026-11-26T20:30"),
            "2026-11-26T20:30 UTC has begun: write a time after 2026-11-26T20:30",
        ),
        (
            ("--for", "1h", "--reason", "r", "--yes", "--at", "tomorrow"),
            "write at(<yyyy-MM-ddThh:mm>)",
        ),
        (
            (
                "--for",
                "1h",
                "--reason",
                "r",
                "--yes",
                "--at",
                "2026-12-01T10:00",
                "--timezone",
                "X",
            ),
            "is no time zone",
        ),
    ],
)
def test_what_is_refused_changes_nothing(
    mute: Mute, muting: Muting, words: tuple[str, ...], said: str
) -> None:
    ran = mute(*words)
    assert ran.code == 2
    assert said in ran.err
    assert ran.err.endswith("Nothing was changed.\n")
    assert not muting.cloudwatch or not rules(muting)


def test_a_mute_is_listed_and_ended(mute: Mute) -> None:
    name = mute(*FOR, "--json", now=soon()).json["name"]
    (listed,) = mute("--list", "--json", now=soon()).json
    assert (listed["name"], listed["origin"]) == (name, "by hand")
    assert listed["status"] == "SCHEDULED"
    assert sorted(listed["alarms"])[0] == "ecs.cpu-high@web"
    # It begins with the next minute: ending it before, nothing fires.
    assert mute("--end", name, "--yes", "--json", now=soon()).json == {
        "ended": [listed["rule"]],
        "in_alarm": [],
        "failed": [],
    }
    assert mute("--list", "--json", now=soon()).json == []
    assert "Nothing mutes django-ecs-monitoring/prod" in mute("--list", now=soon()).out


def test_ending_an_active_mute_says_what_notifies_at_once(mute: Mute) -> None:
    name = mute(*FOR, "--json", now=soon()).json["name"]
    ran = mute("--end", name, "--yes", now=soon() + 120)
    assert "In ALARM now: ecs.tasks-low@web. Those that went off while muted notify" in ran.out


def test_the_stacks_own_windows_and_other_rules_are_listed_and_not_ended(
    mute: Mute, muting: Muting, deployment: Deployment
) -> None:
    mute("--list")
    cloudwatch = muting.cloudwatch["ap-northeast-1"]
    own = f"{PREFIX}mute-nightly--ecs"
    for name in (own, "somebodys"):
        cloudwatch.put_alarm_mute_rule(
            Name=name,
            Rule={"Schedule": {"Expression": "cron(0 2 * * *)", "Duration": "PT1H"}},
            MuteTargets={"AlarmNames": [f"{PREFIX}ecs-web-cpu-high"]},
        )
    listed = mute("--list", "--json").json
    assert {one["name"]: one["origin"] for one in listed} == {
        own: "settings: alerts.mutes.nightly",
        "somebodys": "not of this program",
    }
    for name in (own, "somebodys"):
        ran = mute("--end", name, "--yes")
        assert ran.code == 2
        assert "was not made by hand" in ran.err


def test_more_alarms_than_one_rule_names(
    mute: Mute, muting: Muting, deployment: Deployment
) -> None:
    for number in range(100):
        deployment.alarm(f"ecs.cpu-high@s{number}", "warning", [])
    ran = mute(*FOR, "--json", now=soon())
    sizes = [len(rule["MuteTargets"]["AlarmNames"]) for rule in rules(muting).values()]
    assert sizes == [100, 3]
    assert [one["name"][-2:] for one in ran.json["rules"]][1] == "-2"
    # One name ends them all.
    ended = mute("--end", ran.json["name"], "--yes", "--json", now=soon()).json["ended"]
    assert ended == [one["name"] for one in ran.json["rules"]]


def test_a_mute_that_cannot_be_made_whole_is_not_made_at_all(
    mute: Mute, muting: Muting, deployment: Deployment
) -> None:
    for number in range(100):
        deployment.alarm(f"ecs.cpu-high@s{number}", "warning", [])
    muting.refused.add("-2")
    ran = mute(*FOR)
    assert ran.code == 1
    assert "could not be made" in ran.err
    assert "delete by hand" not in ran.err
    assert json.loads(mute("--list", "--json").out) == []
