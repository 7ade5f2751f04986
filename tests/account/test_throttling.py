"""A throttled call is tried again, however many there are, by every client of an account."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.awsrequest import AWSResponse  # type: ignore[import-untyped]
from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from moto import mock_aws

from account.account import Account, Caller, CommandLine, Region
from account.reading import read_alarms
from account.throttling import MOST_ATTEMPTS, is_throttled
from stack.placeholder_aws import ACCOUNT

HOME = "ap-northeast-1"


class Throttle:
    """Turns requests away as CloudWatch does, before they reach the emulator.

    Attributes:
        seen: attempts by what was asked.
        refusing: how many attempts at each call are turned away.
        code: the error's code.
    """

    def __init__(self, client: Any) -> None:
        self.seen: Counter[str] = Counter()
        self.refusing = 0
        self.code = "Throttling"
        client.meta.events.register_first("before-send", self._answer)

    def _answer(self, request: Any, **_: Any) -> AWSResponse | None:
        self.seen[str(request.body)] += 1
        if self.seen[str(request.body)] > self.refusing:
            return None
        body = json.dumps({"__type": self.code, "message": "Rate exceeded"})

        class Raw:
            def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
                yield body.encode()

        return AWSResponse(request.url, 400, {}, Raw())


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were slept, of which none are."""
    found: list[float] = []
    monkeypatch.setattr(time, "sleep", found.append)
    return found


@pytest.fixture
def region(waits: list[float]) -> Iterator[Region]:
    with mock_aws():
        session = boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing")
        account = Account(session, CommandLine(profile=None, endpoint_url=None))
        yield account.region(HOME, Caller(arn="arn", account=ACCOUNT, partition="aws"))


def alarms(region: Region, number: int) -> None:
    for n in range(number):
        region.cloudwatch.put_metric_alarm(
            AlarmName=f"shop-prod-ecs-s{n}-cpu-high",
            Namespace="AWS/ECS",
            MetricName="CPUUtilization",
            Statistic="Average",
            Period=60,
            EvaluationPeriods=1,
            Threshold=80,
            ComparisonOperator="GreaterThanThreshold",
            Tags=[
                {"Key": "AlarmKey", "Value": "ecs.cpu-high"},
                {"Key": "Target", "Value": f"s{n}"},
                {"Key": "Severity", "Value": "warning"},
            ],
        )


@pytest.mark.slow
def test_every_alarm_is_read_through_throttling(region: Region, waits: list[float]) -> None:
    alarms(region, 40)
    throttle = Throttle(region.cloudwatch)
    throttle.refusing = 6
    found = read_alarms(region, "shop-prod-")
    assert len(found.alarms) == 40
    # botocore alone gives up after the fourth attempt.
    assert max(throttle.seen.values()) == 7
    assert waits
    assert max(waits) <= 20


def test_a_call_that_is_always_throttled_ends(region: Region, waits: list[float]) -> None:
    throttle = Throttle(region.cloudwatch)
    throttle.refusing = 10_000
    with pytest.raises(ClientError, match="Throttling"):
        read_alarms(region, "shop-prod-")
    assert max(throttle.seen.values()) == MOST_ATTEMPTS
    assert sum(waits) <= 150


def test_a_refusal_is_not_asked_again(region: Region, waits: list[float]) -> None:
    throttle = Throttle(region.cloudwatch)
    throttle.refusing, throttle.code = 10_000, "AccessDenied"
    with pytest.raises(ClientError, match="AccessDenied"):
        read_alarms(region, "shop-prod-")
    assert max(throttle.seen.values()) == 1
    assert waits == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("Throttling", True),
        ("ThrottlingException", True),
        ("RequestThrottled", True),
        ("TooManyRequestsException", True),
        ("RequestLimitExceeded", True),
        ("SlowDown", True),
        # A quota, which waiting does not enlarge.
        ("LimitExceeded", False),
        ("AccessDenied", False),
        ("", False),
    ],
)
def test_what_counts_as_throttling(code: str, expected: bool) -> None:
    assert is_throttled(code) is expected


@pytest.mark.slow
def test_a_throttled_question_for_many_tags_is_not_made_many_questions(region: Region) -> None:
    """The answer for a hundred alarms at a time is worth waiting for."""
    # The emulator pages by tags, and these fit on one page.
    alarms(region, 20)
    asked = Throttle(region.cloudwatch)
    throttle = Throttle(region.tagging)
    throttle.refusing = 6
    assert len(read_alarms(region, "shop-prod-").alarms) == 20
    assert max(throttle.seen.values()) == 7
    # The alarms themselves, and then their tags, a page each.
    assert sum(asked.seen.values()) == 1
    assert len(throttle.seen) == 1
