"""A queue message is an alarm's notification, or it is not."""

import json

import pytest

from drill.inbox import Notification

# The shape that SNS documents for a queue without raw delivery, around CloudWatch's own.
MESSAGE = {
    "AlarmName": "cpu",
    "NewStateValue": "ALARM",
    "NewStateReason": "DRILL 1a2b3c4d",
    "StateChangeTime": "2026-03-03T09:00:00.000+0000",
    "Region": "Asia Pacific (Tokyo)",
    "AlarmArn": "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:cpu",
    "OldStateValue": "OK",
}
ENVELOPE = {
    "Type": "Notification",
    "MessageId": "63a3f6b6-d533-4a47-aef9-fcf5cf758c76",
    "TopicArn": "arn:aws:sns:ap-northeast-1:123456789012:alerts",
    "Subject": 'ALARM: "cpu" in Asia Pacific (Tokyo)',
    "Message": json.dumps(MESSAGE),
}


def test_a_notification() -> None:
    assert Notification.parsed(json.dumps(ENVELOPE)) == Notification(
        topic="arn:aws:sns:ap-northeast-1:123456789012:alerts",
        alarm="arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:cpu",
        reason="DRILL 1a2b3c4d",
    )


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hello",
        "[]",
        "7",
        json.dumps({"Type": "SubscriptionConfirmation", "TopicArn": "arn", "Message": "confirm"}),
        json.dumps(ENVELOPE | {"Message": "Hello world!"}),
        json.dumps(ENVELOPE | {"Message": "[1]"}),
        json.dumps(MESSAGE),
    ],
)
def test_anything_else(body: str) -> None:
    assert Notification.parsed(body) is None
