"""What AWS says of a notification that did not arrive."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from account.account import Region
from drill.causes import causes
from stack.placeholder_aws import ACCOUNT
from tests.account.emulated import (
    HOME,
    Deployment,
    Emulated,
    answering,
    failing,
    refusing,
    with_methods,
)
from tests.account.values import READ, alarm
from tests.drill.conftest import Drill

RULE = f"arn:aws:cloudwatch:{HOME}:{ACCOUNT}:alarm-mute-rule:weekend"


def history(*items: dict[str, str]) -> Callable[..., Any]:
    return lambda **_call: {"AlarmHistoryItems": list(items)}


def mute_rules(*arns: str) -> Callable[..., Any]:
    return lambda **_call: {"AlarmMuteRuleSummaries": [{"AlarmMuteRuleArn": arn} for arn in arns]}


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
    region = answering(
        describe_alarm_history=refusing("AccessDenied"),
        list_alarm_mute_rules=refusing("AccessDenied"),
    )
    assert causes(region, alarm(), READ) == []


def test_an_older_boto3_knows_no_mute_rules() -> None:
    assert causes(answering(describe_alarm_history=history()), alarm(), READ) == []


def test_what_is_muted_now_is_told_before_anything_is_set_off(
    deployment: Deployment, drill: Drill
) -> None:
    name = deployment.alarm("ecs.cpu-high@web", "critical", [deployment.topic("critical")])
    rule = {
        "Rule": {"Schedule": {"Expression": "cron(0 2 * * *)", "Duration": "PT1H"}},
        "MuteTargets": {"AlarmNames": [name]},
    }
    arn = f"arn:aws:cloudwatch:{HOME}:123456789012:alarm-mute-rule:nights"

    def change(region: Region) -> Region:
        return with_methods(
            region,
            "cloudwatch",
            list_alarm_mute_rules=mute_rules(arn),
            get_alarm_mute_rule=lambda **_call: rule,
        )

    assert drill("--yes", "--json", "--timeout", "1", emulated=Emulated(change)).json["notes"] == [
        "muted at the moment by nights, so that nothing will arrive: ecs.cpu-high@web"
    ]


def test_whoever_may_not_see_mute_rules_drills_all_the_same(
    deployment: Deployment, drill: Drill
) -> None:
    deployment.alarm("ecs.cpu-high@web", "critical", [deployment.topic("critical")])

    def refused(region: Region) -> Exception:
        answer = {"Error": {"Code": "AccessDenied", "Message": "you may not"}}
        found: Exception = region.sqs.exceptions.ClientError(answer, "ListAlarmMuteRules")
        return found

    emulated = failing("cloudwatch", "list_alarm_mute_rules", refused)
    assert drill("--yes", "--json", "--timeout", "1", emulated=emulated).code == 0
