"""Findings of alarms that nobody would hear, as they are printed."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from account.coverage.finding import Finding, FindingKind, Gravity
from account.coverage.muted import muted, unchecked
from account.mute_rules import MuteRule
from account.topics import EncryptionKey, Topic
from tests.account.coverage.values import ECS, HOME, NOW, TOPIC, in_ecs, own, view
from tests.account.values import WARNING, subscription, topic

CPU = own("ecs.cpu-high@web", ECS, in_ecs())
MEMORY = own("ecs.memory-high@web", ("AWS/ECS", "MemoryUtilization"), in_ecs(), severity="warning")
NAME = TOPIC.rpartition(":")[2]
NOBODY = '{"Statement": []}'
FILE = "Pulumi.prod.yaml"


def found(told: Topic, *alarms: Any, **parts: Any) -> list[Finding]:
    return list(muted(view(alarms=alarms or (CPU,), topics={TOPIC: told}, **parts)))


def of_topic(kind: str, words: str, fix: str, subject: str = TOPIC) -> Finding:
    return Finding(
        kind=FindingKind.MUTED,
        gravity=Gravity.HIGH,
        region=HOME,
        key=f"{kind}:{subject}",
        subject=subject.rpartition(":")[2],
        words=words,
        fix=fix,
        alarms=("ecs.cpu-high@web",),
    )


def pending(address: str) -> Any:
    return subscription(address, arn="PendingConfirmation")


def unconfirmed(address: str) -> str:
    return (
        f"Topic {NAME}: email {address} has not confirmed its subscription and is not notified; "
        "SNS drops it after 48 hours."
    )


@pytest.mark.parametrize(
    ("told", "finding"),
    [
        (
            topic(TOPIC, subscriptions=(subscription(), pending("a@x.jp"), pending("b@x.jp"))),
            replace(
                of_topic(
                    "subscription-pending",
                    f"{unconfirmed('a@x.jp')} {unconfirmed('b@x.jp')}",
                    "Confirm it by the link in the mail; where SNS has dropped it, deploy the "
                    "stack to have another one sent.",
                ),
                gravity=Gravity.MEDIUM,
            ),
        ),
        (
            topic(TOPIC, subscriptions=()),
            of_topic(
                "no-subscribers",
                f"Topic {NAME} has no confirmed subscriber: nobody is notified.",
                f"Name a subscriber under alerts in {FILE}, and deploy the stack.",
            ),
        ),
        (
            Topic(arn=TOPIC, exists=False),
            of_topic(
                "topic-gone",
                f"Topic {NAME} does not exist: deploy the stack, or take it out of the alarms' "
                "actions.",
                "Deploy the stack, which makes the topic again.",
            ),
        ),
        (
            topic(TOPIC, policy=NOBODY),
            of_topic(
                "topic-policy",
                f"Topic {NAME}: its policy does not let cloudwatch.amazonaws.com publish "
                "(sns:Publish) for these alarms.",
                "Deploy the stack, or let CloudWatch in by the topic's policy.",
            ),
        ),
        (
            topic(TOPIC, key=EncryptionKey(id="alias/aws/sns", is_aws_managed=True)),
            of_topic(
                "key-managed-by-aws",
                f"Topic {NAME}: it is encrypted with alias/aws/sns, whose policy keeps CloudWatch "
                "out and cannot be changed: use a customer-managed key, or none.",
                f"Have encryption: true under alerts in {FILE}, or give the topic a "
                "customer-managed key.",
                "alias/aws/sns",
            ),
        ),
        (
            topic(TOPIC, key=EncryptionKey(id="arn:key/1", state="Disabled")),
            of_topic(
                "key-state",
                f"Topic {NAME}: its key arn:key/1 is Disabled.",
                "Enable the key, or cancel its deletion.",
                "arn:key/1",
            ),
        ),
        (
            topic(TOPIC, key=EncryptionKey(id="k", arn="k", state="Enabled", policy=NOBODY)),
            of_topic(
                "key-policy",
                f"Topic {NAME}: the policy of its key k does not let cloudwatch.amazonaws.com use "
                "it (kms:Decrypt, kms:GenerateDataKey) for these alarms.",
                "Deploy the stack, or let CloudWatch in by the key's policy.",
                "k",
            ),
        ),
    ],
)
def test_what_is_in_a_topics_way(told: Topic, finding: Finding) -> None:
    assert found(told) == [finding]


def test_what_is_the_same_of_several_alarms_is_said_once() -> None:
    alarms = [replace(one, actions_enabled=False) for one in (CPU, MEMORY)]
    off, wrong = found(topic(TOPIC), *alarms)
    assert off == Finding(
        kind=FindingKind.MUTED,
        gravity=Gravity.HIGH,
        region=HOME,
        key="actions-disabled",
        subject="ecs.cpu-high@web, ecs.memory-high@web",
        words="ecs.cpu-high@web, ecs.memory-high@web: the actions are disabled, and nobody is "
        "told.",
        fix=f"aws cloudwatch enable-alarm-actions --alarm-names {CPU.name} {MEMORY.name}",
        alarms=("ecs.cpu-high@web", "ecs.memory-high@web"),
    )
    # A warning on the topic of pages.
    assert wrong == Finding(
        kind=FindingKind.MUTED,
        gravity=Gravity.MEDIUM,
        region=HOME,
        key=f"severity:{MEMORY.arn}",
        subject=MEMORY.name,
        words=f"ecs.memory-high@web: it is warning, but tells {NAME} and no topic …-warning.",
        fix="Deploy the stack, which has each alarm tell its severity's topic.",
        alarms=("ecs.memory-high@web",),
    )


def test_for_warnings_alone_it_is_less_grave() -> None:
    quiet = own("ecs.memory-high@web", ECS, in_ecs(), severity="warning", AlarmActions=[])
    (finding,) = found(topic(TOPIC), quiet, CPU)
    assert finding == Finding(
        kind=FindingKind.MUTED,
        gravity=Gravity.MEDIUM,
        region=HOME,
        key="no-actions",
        subject="ecs.memory-high@web",
        words="ecs.memory-high@web: no topic is told when the alarm goes off.",
        fix="Deploy the stack.",
        alarms=("ecs.memory-high@web",),
    )


def test_what_could_not_be_looked_at_is_said_once() -> None:
    unread = topic(TOPIC, unread=("no rights",))
    region = view(
        alarms=(CPU, own("ecs.tasks-low@web", ECS, in_ecs())),
        topics={TOPIC: unread, WARNING: topic(WARNING, unread=("x",), subscriptions=())},
    )
    # Nobody tells the second topic.
    assert unchecked(region) == [f"{HOME}: topic {NAME}: no rights"]


def muting(name: str, **changes: Any) -> MuteRule:
    rule = {
        "alarms": frozenset({CPU.name}),
        # From noon on, when it is looked at.
        "schedule": "at(2026-11-25T12:00)",
        "duration": "PT2H",
    }
    return MuteRule(**{"name": name, **rule, **changes})


BEGINS = "Alarm mute rule freeze keeps ecs.cpu-high@web silent at the moment,"
MUTE = Finding(
    kind=FindingKind.MUTED,
    gravity=Gravity.MEDIUM,
    region=HOME,
    key="mute-rule:freeze",
    subject="alarm mute rule freeze",
    words=f"{BEGINS} until 2026-11-25T14:00:00Z.",
    fix="Delete the rule in CloudWatch, or shorten it, unless the silence is meant.",
    alarms=("ecs.cpu-high@web",),
)
DAILY = "cron(0 12 * * *)"
JANUARY = datetime.fromisoformat("2027-01-31T00:00+00:00")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, MUTE.words),
        # What comes once ends by itself.
        ({"expires": JANUARY}, MUTE.words),
        ({"schedule": DAILY}, f"{MUTE.words[:-1]}, each time {DAILY} comes."),
        (
            {"schedule": DAILY, "expires": JANUARY},
            f"{MUTE.words[:-1]}, each time {DAILY} comes, until 2027-01-31.",
        ),
        (
            {"schedule": "cron(0 12 * * 1)"},
            f"{BEGINS} cron(0 12 * * 1), for PT2H, each time cron(0 12 * * 1) comes.",
        ),
    ],
)
def test_a_mute_rule_that_the_settings_do_not_know(changes: dict[str, Any], words: str) -> None:
    assert datetime.fromisoformat("2026-11-25T12:00+00:00") == NOW
    assert found(topic(TOPIC), mute_rules=(muting("freeze", **changes),)) == [
        replace(MUTE, words=words)
    ]


def test_a_mute_by_hand() -> None:
    name = "django-ecs-monitoring-prod-mute-by-hand--20261125T1159-1a2b"
    assert found(topic(TOPIC), mute_rules=(muting(name),)) == [
        replace(
            MUTE,
            key=f"mute-rule:{name}",
            subject=f"alarm mute rule {name}",
            words=MUTE.words.replace("freeze", name),
            fix="python -m ops mute prod --end 20261125T1159-1a2b, unless the silence is meant.",
        )
    ]
