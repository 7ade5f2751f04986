"""Alarms that nobody would hear."""

from datetime import UTC, datetime
from typing import Any

from account.alarms import LiveAlarm
from account.coverage.finding import Finding, FindingKind, Gravity
from account.coverage.muted import muted, unchecked
from account.mute_rules import MuteRule
from account.topics import Topic
from tests.account.coverage.values import ECS, HOME, TOPIC, in_ecs, only, own, view
from tests.ops.drill.values import subscription, topic

CPU = own("ecs.cpu-high@web", ECS, in_ecs())


def found(*alarms: LiveAlarm, told: Topic | None = None, **parts: Any) -> list[Finding]:
    topics = {TOPIC: told or topic(TOPIC)}
    return list(muted(view(alarms=alarms or (CPU,), topics=topics, **parts)))


def test_everybody_hears() -> None:
    assert found() == []


def test_a_topic_that_nobody_hears() -> None:
    one = only(found(told=topic(TOPIC, subscriptions=())))
    assert one.kind is FindingKind.MUTED
    assert one.gravity is Gravity.HIGH
    assert one.id == f"muted:{HOME}:no-subscribers:{TOPIC}"
    assert "has no confirmed subscriber: nobody is notified." in one.words
    assert one.alarms == ("ecs.cpu-high@web",)


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
    one = only(found(told=topic(TOPIC, subscriptions=(subscription(), *pending))))
    assert one.gravity is Gravity.MEDIUM
    assert "a@example.com" in one.words
    assert "b@example.com" in one.words


def test_actions_that_are_disabled_are_said_once() -> None:
    alarms = [
        own(f"ecs.{rule}@web", ECS, in_ecs(), ActionsEnabled=False)
        for rule in ("cpu-high", "memory-high")
    ]
    one = only(found(*alarms))
    assert one.words == (
        "ecs.cpu-high@web, ecs.memory-high@web: the actions are disabled, and nobody is told."
    )
    assert one.fix == (
        f"aws cloudwatch enable-alarm-actions --alarm-names {alarms[0].name} {alarms[1].name}"
    )
    assert one.id == f"muted:{HOME}:actions-disabled"


def test_no_actions() -> None:
    one = only(found(own("ecs.cpu-high@web", ECS, in_ecs(), AlarmActions=[])))
    assert one.words == "ecs.cpu-high@web: no topic is told when the alarm goes off."
    assert one.gravity is Gravity.HIGH


def test_what_could_not_be_looked_at_is_no_finding() -> None:
    unread = topic(TOPIC, unread=("its key could not be read: AccessDenied",))
    assert found(told=unread) == []
    notes = unchecked(view(alarms=(CPU,), topics={TOPIC: unread}))
    assert notes == [
        f"{HOME}: topic django-app-alerts-django-ecs-monitoring-prod-critical: "
        "its key could not be read: AccessDenied"
    ]


def test_a_mute_rule() -> None:
    rule = MuteRule(
        name="nights",
        alarms=frozenset({CPU.name, "another"}),
        schedule="cron(0 2 * * *)",
        duration="PT4H",
        expires=datetime(2027, 1, 31, tzinfo=UTC),
    )
    one = only(found(mute_rules=(rule,)))
    assert one.gravity is Gravity.MEDIUM
    assert one.words == (
        "Alarm mute rule nights keeps ecs.cpu-high@web silent at the moment: cron(0 2 * * *), "
        "for PT4H each time, until 2027-01-31."
    )


def test_a_mute_rule_for_others() -> None:
    rule = MuteRule(
        name="x", alarms=frozenset({"another"}), schedule="at(2026-11-25T00:00)", duration="P1D"
    )
    assert found(mute_rules=(rule,)) == []
