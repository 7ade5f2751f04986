"""Arguments, confirmation, exit codes."""

import io
from collections.abc import Callable

import pytest

from account.account import Account, Region
from stack.config import StackConfigError
from tests.account.emulated import HOME, Deployment, Emulated, with_methods
from tests.drill.conftest import Drill


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """What somebody types when asked."""
    return lambda text: monkeypatch.setattr("sys.stdin", Terminal(text))


@pytest.fixture
def one_alarm(deployment: Deployment) -> Deployment:
    deployment.alarm("ecs.cpu-high@web", "critical", [deployment.topic("critical")])
    return deployment


def test_without_a_terminal_or_yes_nothing_is_touched(
    one_alarm: Deployment, drill: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    emulated = Emulated()
    drilled = drill(emulated=emulated)
    assert drilled.code == 2
    assert "there is no terminal to ask in: give --yes" in drilled.err
    assert "Nothing was touched." in drilled.err
    # What it would do is shown all the same.
    assert "1 alarm to set off in ap-northeast-1" in drilled.out
    assert emulated.cloudwatch[HOME].changes == []


@pytest.mark.parametrize("answer", ["n\n", "\n", "", "yess\n"])
def test_only_a_yes_is_one(
    answer: str, one_alarm: Deployment, drill: Drill, typed: Callable[[str], None]
) -> None:
    typed(answer)
    emulated = Emulated()
    drilled = drill(emulated=emulated)
    assert drilled.code == 2
    assert "Set 1 alarm to ALARM for a moment, 10 at a time? [y/N]" in drilled.out
    assert "not confirmed" in drilled.err
    assert emulated.cloudwatch[HOME].changes == []


@pytest.mark.parametrize("answer", ["y\n", "YES\n"])
def test_a_yes(
    answer: str, one_alarm: Deployment, drill: Drill, typed: Callable[[str], None]
) -> None:
    typed(answer)
    assert drill().code == 0


def test_ctrl_c_at_the_question(
    one_alarm: Deployment, drill: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt() -> str:
        raise KeyboardInterrupt

    terminal = Terminal()
    monkeypatch.setattr(terminal, "readline", interrupt)
    monkeypatch.setattr("sys.stdin", terminal)
    drilled = drill()
    assert drilled.code == 130
    assert "interrupted; nothing was touched" in drilled.out


def test_json_is_all_that_the_standard_output_has(one_alarm: Deployment, drill: Drill) -> None:
    drilled = drill("--yes", "--json")
    assert drilled.json["exit_code"] == 0
    assert "delivered      ecs.cpu-high@web" in drilled.err


def test_a_stack_that_is_not_deployed(deployment: Deployment, drill: Drill) -> None:
    drilled = drill("--yes")
    assert drilled.code == 2
    assert "has no alarm django-ecs-monitoring-prod-… in ap-northeast-1, us-east-1" in drilled.err


def test_an_alarm_that_the_stack_does_not_have(one_alarm: Deployment, drill: Drill) -> None:
    drilled = drill("--yes", "--alarm", "ecs.cpu-hgih")
    assert drilled.code == 2
    assert 'did you mean "ecs.cpu-high"?' in drilled.err
    assert "Traceback" not in drilled.err


def test_a_stack_without_settings(drill: Drill) -> None:
    with pytest.raises(StackConfigError, match="there is no Pulumi"):
        drill("--yes", stack="prd")


@pytest.mark.parametrize(
    "words",
    [
        ["--timeout", "0"],
        ["--timeout", "1.5"],
        ["--timeout", "901"],
        ["--severity", "x"],
        ["--endpoint-url", "localhost:5000"],
    ],
)
def test_wrong_arguments(words: list[str], drill: Drill) -> None:
    with pytest.raises(SystemExit) as stopped:
        drill(*words)
    assert stopped.value.code == 2


def test_an_unknown_profile(credentials: None, drill: Drill) -> None:
    drilled = drill("--yes", "--profile", "nobody", emulated=Account.opened)
    assert drilled.code == 2
    assert "nobody" in drilled.err
    assert "Nothing was touched." in drilled.err


def test_no_credentials(credentials: None, drill: Drill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    drilled = drill("--yes", emulated=Account.opened)
    assert drilled.code == 2
    assert "credentials" in drilled.err.lower()


def test_an_alarm_that_is_on_is_told_and_not_drilled(one_alarm: Deployment, drill: Drill) -> None:
    name = one_alarm.alarm(
        "ecs.tasks-low@web", "critical", [one_alarm.topic("critical")], state="ALARM"
    )
    emulated = Emulated()
    drilled = drill("--yes", "--json", emulated=emulated)
    assert drilled.code == 1
    assert drilled.results == {
        "ecs.tasks-low@web": "not-drilled",
        "ecs.cpu-high@web": "delivered",
    }
    assert name not in {change[0] for change in emulated.cloudwatch[HOME].changes}


def test_nothing_to_drill_asks_nothing_and_makes_no_queue(
    deployment: Deployment, drill: Drill
) -> None:
    gone = f"arn:aws:sns:{HOME}:123456789012:django-app-alerts-django-ecs-monitoring-prod-critical"
    deployment.alarm("ecs.cpu-high@web", "critical", [gone])
    topic = deployment.topic("warning")
    deployment.alarm("ecs.tasks-low@web", "warning", [topic], ActionsEnabled=False)
    drilled = drill("--json")
    assert drilled.code == 1
    assert drilled.obstacles == {
        "topic-gone": ["ecs.cpu-high@web"],
        "actions-disabled": ["ecs.tasks-low@web"],
    }
    assert set(drilled.results.values()) == {"not-drilled"}


def test_other_alarms_with_the_prefix_are_left_alone(one_alarm: Deployment, drill: Drill) -> None:
    topic = one_alarm.topic("critical")
    other = Deployment(stack="prod-eu").alarm("ecs.cpu-high@web", "critical", [topic])
    emulated = Emulated()
    drilled = drill("--yes", "--json", emulated=emulated)
    assert drilled.code == 0
    assert drilled.json["notes"] == [
        f"not of this stack's program by their tags, and left alone: {other}"
    ]
    assert other not in {change[0] for change in emulated.cloudwatch[HOME].changes}


def test_alarms_are_chosen(one_alarm: Deployment, drill: Drill) -> None:
    topic = one_alarm.topic("warning")
    one_alarm.alarm("rds.cpu-high@main", "warning", [topic])
    one_alarm.alarm("ecs.memory-high@web", "warning", [topic])
    yes = ("--yes", "--json")
    assert set(drill(*yes).results) == {
        "ecs.cpu-high@web",
        "rds.cpu-high@main",
        "ecs.memory-high@web",
    }
    assert list(drill(*yes, "--severity", "critical").results) == ["ecs.cpu-high@web"]
    chosen = drill(*yes, "--alarm", "ecs.memory-high", "--alarm", "ecs.cpu-high@web")
    assert list(chosen.results) == ["ecs.cpu-high@web", "ecs.memory-high@web"]


def test_a_region_that_may_not_be_looked_at_is_a_note(one_alarm: Deployment, drill: Drill) -> None:
    def change(region: Region) -> Region:
        def paginator(_operation: str) -> object:
            raise region.sqs.exceptions.ClientError(
                {"Error": {"Code": "AccessDenied", "Message": "explicit deny"}}, "DescribeAlarms"
            )

        if region.name == HOME:
            return region
        return with_methods(region, "cloudwatch", get_paginator=paginator)

    drilled = drill("--yes", "--json", emulated=Emulated(change))
    assert drilled.code == 0
    (note,) = drilled.json["notes"]
    assert note.startswith("us-east-1 (outside checks) could not be looked at")
