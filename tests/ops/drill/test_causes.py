"""What AWS says of a notification that did not arrive."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from account.account import Caller, CommandLine, Region
from ops.drill.causes import causes
from stack.program import ACCOUNT
from tests.ops.drill.emulated import HOME, Double
from tests.ops.drill.values import READ, alarm

RULE = f"arn:aws:cloudwatch:{HOME}:{ACCOUNT}:alarm-mute-rule:weekend"


def answering(**methods: Callable[..., Any]) -> Region:
    return Region(
        name=HOME,
        caller=Caller(arn="arn:aws:iam::1:user/alice", account=ACCOUNT, partition="aws"),
        command_line=CommandLine(profile=None, endpoint_url=None),
        cloudwatch=Double(object(), **methods),
        sns=None,
        sqs=None,
        kms=None,
    )


def history(*items: dict[str, str]) -> Callable[..., Any]:
    return lambda **_call: {"AlarmHistoryItems": list(items)}


def mute_rules(*arns: str) -> Callable[..., Any]:
    return lambda **_call: {"AlarmMuteRuleSummaries": [{"AlarmMuteRuleArn": arn} for arn in arns]}


def refuse(**_call: Any) -> Any:
    raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "Operation")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"HistoryData": json.dumps({"error": "not authorized"})}, "Failed (not authorized)"),
        ({"HistoryData": json.dumps({"error": "Failed"})}, "Failed"),
        ({"HistoryData": json.dumps({"actionState": "Failed"})}, "Failed"),
        ({"HistoryData": "cut off {"}, "Failed"),
        ({}, "Failed"),
    ],
)
def test_the_history(data: dict[str, str], words: str) -> None:
    item = {"HistorySummary": "Failed", **data}
    region = answering(
        describe_alarm_history=history(item, item), list_alarm_mute_rules=mute_rules()
    )
    assert causes(region, alarm(), READ) == [f"CloudWatch: {words}"]


def test_the_history_since_the_alarm_was_set_off() -> None:
    asked: dict[str, Any] = {}

    def since(**call: Any) -> Any:
        asked.update(call)
        return {"AlarmHistoryItems": []}

    region = answering(describe_alarm_history=since, list_alarm_mute_rules=mute_rules())
    assert causes(region, alarm(), READ) == []
    assert asked["AlarmName"] == alarm().name
    assert asked["HistoryItemType"] == "Action"
    # Clocks differ.
    assert 0 < (READ - asked["StartDate"]).total_seconds() <= 60


def test_a_mute_rule() -> None:
    region = answering(describe_alarm_history=history(), list_alarm_mute_rules=mute_rules(RULE))
    assert causes(region, alarm(), READ) == ["it is muted by weekend"]


def test_what_aws_does_not_tell_is_left_out() -> None:
    region = answering(describe_alarm_history=refuse, list_alarm_mute_rules=refuse)
    assert causes(region, alarm(), READ) == []


def test_an_older_boto3_knows_no_mute_rules() -> None:
    assert causes(answering(describe_alarm_history=history()), alarm(), READ) == []
