"""Alarms that nobody would hear."""

from datetime import UTC, datetime, timedelta
from typing import Any

from account.alarms import LiveAlarm
from account.coverage.finding import Finding, FindingKind, Gravity
from account.coverage.muted import muted, unchecked
from account.mute_rules import MuteRule
from account.topics import Topic
from tests.account.coverage.values import ECS, HOME, NOW, TOPIC, in_ecs, only, own, view
from tests.account.values import subscription, topic

CPU = own("ecs.cpu-high@web", ECS, in_ecs())


def found(*alarms: LiveAlarm, told: Topic | None = None, **parts: Any) -> list[Finding]:
    topics = {TOPIC: told or topic(TOPIC)}
    return list(muted(view(alarms=alarms or (CPU,), topics=topics, **parts)))


def test_everybody_hears() -> None:
    assert found() == []


def test_a_topic_that_nobody_hears() -> None:
    finding = only(found(told=topic(TOPIC, subscriptions=())))
    assert finding.kind is FindingKind.MUTED
    assert finding.gravity is Gravity.HIGH
    assert finding.id == f"muted:{HOME}:no-subscribers:{TOPIC}"
    assert "has no confirmed subscriber: nobody is notified." in finding.words
    assert finding.alarms == ("ecs.cpu-high@web",)


def test_for_warnings_it_is_less_grave() -> None:
    alarm = own("ecs.cpu-high@web", ECS, in_ecs(), severity="warning")
    by_key = {
        one.key.partition(":")[0]: one for one in found(alarm, told=topic(TOPIC, subscriptions=()))
    }
    assert by_key["no-subscribers"].gravity is Gravity.MEDIUM
    # Told to the topic of another severity, too.
    assert by_key["severity"].gravity is Gravity.MEDIUM


def test_two_who_have_not_confirmed_are_one_finding() -> None:
    pending = [subscription(f"{who}@example.com", arn="PendingConfirmation") for who in "ab"]
    finding = only(found(told=topic(TOPIC, subscriptions=(subscription(), *pending))))
    assert finding.gravity is Gravity.MEDIUM
    assert "a@example.com" in finding.words
    assert "b@example.com" in finding.words


def test_actions_that_are_disabled_are_said_once() -> None:
    alarms = [
        own(f"ecs.{rule}@web", ECS, in_ecs(), ActionsEnabled=False)
        for rule in ("cpu-high", "memory-high")
    ]
    finding = only(found(*alarms))
    assert finding.words == (
        "ecs.cpu-high@web, ecs.memory-high@web: the actions are disabled, and nobody is told."
    )
    assert finding.fix == (
        f"aws cloudwatch enable-alarm-actions --alarm-names {alarms[0].name} {alarms[1].name}"
    )
    assert finding.id == f"muted:{HOME}:actions-disabled"


def test_no_actions() -> None:
    finding = only(found(own("ecs.cpu-high@web", ECS, in_ecs(), AlarmActions=[])))
    assert finding.words == "ecs.cpu-high@web: no topic is told when the alarm goes off."
    assert finding.gravity is Gravity.HIGH


def test_what_could_not_be_looked_at_is_no_finding() -> None:
    unread = topic(TOPIC, unread=("its key could not be read: AccessDenied",))
    assert found(told=unread) == []
    notes = unchecked(view(alarms=(CPU,), topics={TOPIC: unread}))
    assert notes == [
        f"{HOME}: topic django-app-alerts-django-ecs-monitoring-prod-critical: "
        "its key could not be read: AccessDenied"
    ]


PREFIX = "django-ecs-monitoring-prod-mute-"
# The view's time is within a window of it.
DURING = {"schedule": f"at({NOW:%Y-%m-%dT%H:%M})", "duration": "PT4H"}
ENDS = (NOW.replace(second=0, microsecond=0) + timedelta(hours=4)).strftime("%Y-%m-%dT%H:%M:%SZ")


def rule(name: str = "nights", **changes: Any) -> MuteRule:
    alarms = frozenset({CPU.name, "another"})
    return MuteRule(**{"name": name, "alarms": alarms, **DURING, **changes})


def test_a_mute_rule() -> None:
    finding = only(found(mute_rules=(rule(),)))
    assert finding.gravity is Gravity.MEDIUM
    assert finding.words == (
        f"Alarm mute rule nights keeps ecs.cpu-high@web silent at the moment, until {ENDS}."
    )
    assert finding.fix.startswith("Delete the rule in CloudWatch")


def test_a_mute_rule_that_comes_again() -> None:
    again = rule(
        schedule=f"cron({NOW.minute} {NOW.hour} * * *)", expires=datetime(2027, 1, 31, tzinfo=UTC)
    )
    assert only(found(mute_rules=(again,))).words.endswith(
        f"until {ENDS}, each time {again.schedule} comes, until 2027-01-31."
    )


def test_a_mute_rule_that_this_program_does_not_read() -> None:
    numbers = rule(schedule="cron(0 2 * * 1)")
    assert "silent at the moment, cron(0 2 * * 1), for PT4H, each" in (
        only(found(mute_rules=(numbers,))).words
    )


def test_a_mute_by_hand_says_how_to_end_it() -> None:
    finding = only(found(mute_rules=(rule(f"{PREFIX}by-hand--20261126T2030-1f3a-2"),)))
    assert finding.fix.startswith("python -m ops mute prod --end 20261126T2030-1f3a,")


def test_a_window_of_the_settings_is_meant() -> None:
    assert found(mute_rules=(rule(f"{PREFIX}database-maintenance--rds"),)) == []


def test_a_mute_rule_for_others() -> None:
    assert found(mute_rules=(rule(alarms=frozenset({"another"})),)) == []
