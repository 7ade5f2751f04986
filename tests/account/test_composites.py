"""The composite alarms above an alarm, and who reads the topics that it tells."""

from typing import Any

import pytest

from account.composites import Composites, children_of
from account.topics import Subscription, Topic


def composite(name: str, rule: str, suppressor: str = "") -> dict[str, Any]:
    held = {"ActionsSuppressor": suppressor} if suppressor else {}
    return {"AlarmName": name, "AlarmRule": rule, **held}


@pytest.mark.parametrize(
    ("rule", "children"),
    [
        ('ALARM("a") OR OK(arn:aws:cloudwatch:x:1:alarm:b)', frozenset("ab")),
        ("TRUE", frozenset()),
        ("ALARM(", None),
    ],
)
def test_the_children_of_a_rule(rule: str, children: frozenset[str] | None) -> None:
    assert children_of(composite("x", rule)) == children


def names_above(name: str, *described: dict[str, Any]) -> list[str]:
    return [str(above["AlarmName"]) for above in Composites(described).above(name)]


def test_what_stands_above_an_alarm_is_found_once() -> None:
    """Though two ways lead up to the top, and one of them in a circle."""
    tree = (
        composite("top", "ALARM(left) OR ALARM(right)"),
        composite("left", "ALARM(cpu)"),
        composite("right", "ALARM(cpu) AND NOT ALARM(top)"),
        composite("other", "ALARM(memory)"),
    )
    assert sorted(names_above("cpu", *tree)) == ["left", "right", "top"]
    assert names_above("left", *tree) == ["top", "right"]
    assert names_above("other", *tree) == []


def test_a_rule_that_cannot_be_read_stands_above_what_its_text_names() -> None:
    assert names_above("cpu", composite("x", "ALARM(cpu"), composite("y", "ALARM(disk")) == ["x"]
    # A rule that can be read names whole names.
    assert names_above("cpu", composite("x", "ALARM(cpu-high)")) == []


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("none", set()),
        ("unheard-of", set()),
        # What holds it back, what that is a rule over, and what holds that back in turn.
        ("service", {"causes", "database", "network", "maintenance"}),
        ("network", {"maintenance"}),
        ("itself", {"itself"}),
    ],
)
def test_what_holds_a_composite_alarm_back(name: str, names: set[str]) -> None:
    composites = Composites(
        [
            composite("service", "ALARM(tasks)", "arn:aws:cloudwatch:x:1:alarm:causes"),
            composite("causes", "ALARM(database) OR ALARM(network)"),
            composite("network", "ALARM(", "maintenance"),
            composite("none", "ALARM(tasks)"),
            composite("itself", "ALARM(itself)", "itself"),
        ]
    )
    assert composites.waited_for(name) == names


@pytest.mark.parametrize(
    ("protocol", "endpoint", "arn", "pending", "chat", "notified", "shown"),
    [
        ("email", "a@b.jp", "arn:1", False, False, True, "email a@b.jp"),
        ("email", "a@b.jp", "PendingConfirmation", True, False, False, "email a@b.jp"),
        ("email", "a@b.jp", "Deleted", False, False, False, "email a@b.jp"),
        ("sqs", "arn:aws:sqs:x:1:pager", "arn:1", False, False, True, "sqs pager"),
        # A drill's own queue; of another protocol it would be somebody.
        ("sqs", "arn:x:alarm-drill-1", "arn:1", False, False, False, "sqs alarm-drill-1"),
        ("lambda", "arn:x:alarm-drill-1", "arn:1", False, False, True, "lambda alarm-drill-1"),
        ("sqs", "arn:x:my-alarm-drill-1", "arn:1", False, False, True, "sqs my-alarm-drill-1"),
        ("sms", "+4915112345678", "arn:1", False, False, True, "sms …5678"),
        ("http", "http://u:p@x.jp:80/k", "arn:1", False, False, True, "http x.jp/…"),
        ("https", "https://x.jp/k?s", "arn:1", False, False, True, "https x.jp/…"),
        (
            "https",
            "https://global.sns-api.chatbot.amazonaws.com",
            "arn:1",
            False,
            True,
            True,
            "chat channels by Amazon Q Developer",
        ),
        (
            "http",
            "http://global.sns-api.chatbot.amazonaws.com",
            "arn:1",
            False,
            False,
            True,
            "http global.sns-api.chatbot.amazonaws.com/…",
        ),
        (
            "https",
            "https://chatbot.amazonaws.com.x.jp/",
            "arn:1",
            False,
            False,
            True,
            "https chatbot.amazonaws.com.x.jp/…",
        ),
    ],
)
def test_who_is_notified(
    protocol: str,
    endpoint: str,
    arn: str,
    pending: bool,
    chat: bool,
    notified: bool,
    shown: str,
) -> None:
    found = Subscription(arn=arn, protocol=protocol, endpoint=endpoint)
    assert (found.is_pending, found.is_chat, found.is_notified, found.shown) == (
        pending,
        chat,
        notified,
        shown,
    )


def test_a_topic_that_nothing_is_known_of() -> None:
    unknown = Topic(arn="arn:aws:sns:x:1:shop")
    assert unknown.name == "shop"
    assert unknown == Topic(
        arn="arn:aws:sns:x:1:shop",
        exists=True,
        policy=None,
        key=None,
        subscriptions=(),
        unread=(),
    )
