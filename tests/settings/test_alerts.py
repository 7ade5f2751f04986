"""Whom alarms tell: addresses, ARNs and names that AWS would refuse or never reach."""

import json

import pytest

from tests.components.registered import ALARM, by_key
from tests.settings.refusal import ANY, Mistake, mistakes, problem_at, refused, run_changed

EMAIL = "is no email address: write name@example.com"
SNS = "write arn:aws:sns:<region>:<account>:<topic>"
SQS = "write arn:aws:sqs:<region>:<account>:<queue>"
DUPLICATE = "remove the duplicate"
SEVERITIES = "write one of: 'critical' or 'warning'"


def topics(count: int) -> list[str]:
    return [f"arn:aws:sns:ap-northeast-1:123456789012:team-{n}" for n in range(count)]


@pytest.mark.slow
def test_an_alarm_has_five_actions_of_which_one_is_the_stack_s_own_topic() -> None:
    run = run_changed(f"alerts.topics.warning={json.dumps(topics(4))}")
    actions = by_key(run)["ecs.cpu-high"].inputs["alarmActions"]
    assert len(actions) == 5
    assert set(topics(4)) < set(actions)


def test_a_sixth_action_is_refused() -> None:
    error = refused(f"alerts.topics.warning={json.dumps(topics(5))}")
    problem = problem_at(error, "alerts.topics.warning")
    assert "at most 5 actions" in problem.fix
    assert "write at most 4" in problem.fix


@pytest.mark.parametrize(
    "address",
    [
        *("oncall", "oncall@", "@example.jp", "oncall@example", "on call@example.jp"),
        *("a@b@example.jp", "oncall@example..jp", "oncall@.jp", "On Call <oncall@example.jp>"),
        *("a@example.jp,b@example.jp", ""),
    ],
)
def test_an_email_is_one_address(address: str) -> None:
    path = "alerts.emails.critical"
    Mistake(f"{path}={json.dumps([address])}", f"{path}[0]", address, EMAIL).check()


@pytest.mark.parametrize(
    "arn",
    [
        "pager",
        "arn:aws:sns",
        "arn:aws:sqs:ap-northeast-1:123456789012:pager",
        "arn:aws:sns:ap-northeast-1:12345:pager",
        "arn:aws:sns:ap-northeast-1::pager",
        "arn:aws:sns::123456789012:pager",
        "arn:aws:sns:ap-northeast-1:123456789012:",
        "arn:aws:sns:ap-northeast-1:123456789012:on call",
        # A subscription's ARN, and a FIFO topic, which no alarm can publish to.
        "arn:aws:sns:ap-northeast-1:123456789012:pager:0a1b2c3d-0000-1111-2222-333344445555",
        "arn:aws:sns:ap-northeast-1:123456789012:pager.fifo",
    ],
)
def test_a_topic_is_the_arn_of_a_standard_topic(arn: str) -> None:
    path = "alerts.topics.critical"
    Mistake(f"{path}={json.dumps([arn])}", f"{path}[0]", ANY, SNS).check()


@pytest.mark.parametrize(
    "arn",
    [
        "alerts",
        "arn:aws:sns:ap-northeast-1:123456789012:alerts",
        "arn:aws:sqs:ap-northeast-1:123456789012:alerts:more",
        "arn:aws:sqs:ap-northeast-1:12345:alerts",
        "arn:aws:sqs:ap-northeast-1::alerts",
        "arn:aws:sqs::123456789012:alerts",
        "arn:aws:sqs:ap-northeast-1:123456789012:alerts.fifo",
    ],
)
def test_a_queue_is_the_arn_of_a_standard_queue(arn: str) -> None:
    path = "alerts.queues.critical"
    Mistake(f"{path}={json.dumps([arn])}", f"{path}[0]", ANY, SQS).check()


@pytest.mark.parametrize(
    ("url", "arn"),
    [
        (
            "https://sqs.ap-northeast-1.amazonaws.com/123456789012/alerts",
            "arn:aws:sqs:ap-northeast-1:123456789012:alerts",
        ),
        (
            "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/alerts",
            "arn:aws-cn:sqs:cn-north-1:123456789012:alerts",
        ),
    ],
)
def test_a_queue_s_url_says_which_arn_to_write(url: str, arn: str) -> None:
    path = "alerts.queues.critical"
    fix = f"is a queue's URL: write its ARN, {arn}"
    Mistake(f"{path}={json.dumps([url])}", f"{path}[0]", url, fix).check()


# CloudWatch's answer to an action in another region: "Invalid region ca-central-1 specified. Only
# us-west-2 is supported." (https://github.com/cds-snc/notification-terraform/pull/128)
ELSEWHERE = "arn:aws:sns:us-west-2:123456789012:pager"


def test_a_topic_in_a_region_without_alarms_is_refused() -> None:
    problem = problem_at(
        refused(f"alerts.topics.critical={json.dumps([*topics(1), ELSEWHERE])}"),
        "alerts.topics.critical[1]",
    )
    assert problem.value == json.dumps(ELSEWHERE)
    assert "ap-northeast-1" in problem.fix


@pytest.mark.slow
def test_an_alarm_publishes_to_topics_of_its_own_region_alone() -> None:
    run = run_changed(
        f"alerts.topics.critical={json.dumps(topics(2))}",
        "health.site.url=https://www.example.com/",
    )
    # Route 53's alarms are in us-east-1, all others in the stack's region.
    regions = {
        alarm.inputs["name"]: (
            alarm.inputs.get("region", "ap-northeast-1"),
            {action.split(":")[3] for action in alarm.inputs["alarmActions"]},
        )
        for alarm in run.of_type(ALARM)
    }
    assert {own for own, _ in regions.values()} == {"ap-northeast-1", "us-east-1"}
    assert {name: found for name, found in regions.items() if found[1] != {found[0]}} == {}


@mistakes(
    {
        "emails of no severity": Mistake(
            "alerts.emails={urgent: [a@example.jp]}", "alerts.emails.urgent", "urgent", SEVERITIES
        ),
        "recovery of no severity": Mistake(
            "alerts.notify_on_recovery=[critical, urgent]",
            "alerts.notify_on_recovery[1]",
            "urgent",
            SEVERITIES,
        ),
        "an email, not a list": Mistake(
            "alerts.emails.critical=a@example.jp",
            "alerts.emails.critical",
            "a@example.jp",
            "write a list",
        ),
        "emails without severities": Mistake(
            "alerts.emails=[a@example.jp]",
            "alerts.emails",
            ["a@example.jp"],
            "write a mapping of keys to values",
        ),
        "one email twice": Mistake(
            "alerts.emails.critical=[a@example.jp, b@example.jp, a@example.jp]",
            "alerts.emails.critical",
            ["a@example.jp", "b@example.jp", "a@example.jp"],
            DUPLICATE,
        ),
        "one queue twice": Mistake(
            f"alerts.queues.critical={json.dumps(['arn:aws:sqs:us-east-1:123456789012:q'] * 2)}",
            "alerts.queues.critical",
            ANY,
            DUPLICATE,
        ),
        "one recovery twice": Mistake(
            "alerts.notify_on_recovery=[critical, critical]",
            "alerts.notify_on_recovery",
            ["critical", "critical"],
            DUPLICATE,
        ),
        "topic name with a blank": Mistake(
            "alerts.topic_name=django alerts",
            "alerts.topic_name",
            "django alerts",
            "write up to 128 letters, digits, - and _",
        ),
        "long topic name": Mistake(
            f"alerts.topic_name={'t' * 129}", "alerts.topic_name", ANY, "write up to 128 letters"
        ),
        "encryption by word": Mistake(
            "alerts.encryption='on'",
            "alerts.encryption",
            "on",
            "write true or false, without quotes",
        ),
    }
)
def test_a_mistake_in_the_alerts_is_answered(mistake: Mistake) -> None:
    mistake.check()
