"""What a drill says of each endpoint."""

import pytest

from account.topics import Subscription, Topic
from drill.outcome import AlarmOutcome, Heard, Result, endpoint_outcomes, without_delivery
from tests.account.emulated import HOME, Deployment
from tests.account.values import CRITICAL, WARNING, alarm, subscription, topic
from tests.drill.conftest import Drill

PENDING = subscription("new@example.com", arn="PendingConfirmation")
CHAT = subscription("https://global.sns-api.chatbot.amazonaws.com", protocol="https")
HOOK = subscription("https://hooks.example.com/secret-key", protocol="https")
OWN = subscription(f"arn:aws:sqs:{HOME}:123456789012:alarm-drill-1a2b3c4d", protocol="sqs")


def outcome(seconds: float | None) -> AlarmOutcome:
    result = Result.NOT_DELIVERED if seconds is None else Result.DELIVERED
    return AlarmOutcome(alarm=alarm(), result=result, latencies={CRITICAL: seconds})


def told(*outcomes: AlarmOutcome, of: tuple[Subscription, ...]) -> dict[str, tuple[Heard, str]]:
    topics: list[Topic] = [topic(subscriptions=of)]
    heard = endpoint_outcomes(HOME, topics, outcomes)
    return {one.endpoint: (one.result, one.reason) for one in heard}


def test_what_came_out_of_the_topic_was_sent_to_whoever_has_confirmed() -> None:
    heard = told(outcome(0.4), outcome(None), of=(subscription(), HOOK, PENDING, OWN))
    assert heard == {
        "email oncall@example.com": (Heard.SENT, ""),
        # What is secret in a webhook's address is not shown.
        "https hooks.example.com/…": (Heard.SENT, ""),
        "email new@example.com": (
            Heard.NOT_HEARD,
            "its subscription waits for its confirmation",
        ),
    }


def test_of_a_chat_channel_only_its_readers_know() -> None:
    heard = told(outcome(0.4), of=(CHAT,))
    (result, reason) = heard["chat channels by Amazon Q Developer"]
    assert result is Heard.SENT
    assert reason.startswith("look into the channel")


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((outcome(None),), (Heard.NOT_HEARD, "nothing came out of its topic")),
        (
            (without_delivery(alarm(), Result.NOT_DRILLED, "in ALARM already"),),
            (Heard.NOT_TRIED, "no alarm was set off that tells its topic"),
        ),
        ((), (Heard.NOT_TRIED, "no alarm was set off that tells its topic")),
    ],
)
def test_what_was_not_told(outcomes: tuple[AlarmOutcome, ...], expected: tuple[Heard, str]) -> None:
    assert told(*outcomes, of=(subscription(),)) == {"email oncall@example.com": expected}


def test_topics_of_other_alarms_are_not_those_of_this_one() -> None:
    found = list(endpoint_outcomes(HOME, [topic(WARNING)], [outcome(0.4)]))
    assert [one.result for one in found] == [Heard.NOT_TRIED]


@pytest.mark.slow
def test_a_drill_says_it_of_each_endpoint(deployment: Deployment, drill: Drill) -> None:
    deployment.alarm("ecs.cpu-high@web", "critical", [deployment.topic("critical")])
    ran = drill("--yes", "--json", "--timeout", "1")
    (found,) = ran.json["endpoints"]
    assert (found["endpoint"], found["result"]) == ("email oncall@example.com", "sent")
    assert found["topic"].endswith("-critical")
    assert "sent to   email oncall@example.com" in ran.err
