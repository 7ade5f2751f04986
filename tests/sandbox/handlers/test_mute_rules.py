"""Alarm mute rules, from their creation to their end: the sandbox keeps them itself."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from sandbox.outcome import DeploymentError, ResourceAction
from tests.sandbox.handlers.conftest import REGION, Bench


def _alarm() -> aws.cloudwatch.MetricAlarm:
    return aws.cloudwatch.MetricAlarm(
        "alarm",
        name="cpu",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        metric_name="CPUUtilization",
        namespace="AWS/EC2",
        period=60,
        statistic="Average",
        threshold=80,
    )


def _rule(**changes: Any) -> Callable[[], Any]:
    def program() -> Any:
        arguments = {
            "name": "nightly",
            "description": "backup",
            "rule": {"schedule": {"expression": "cron(0 2 * * *)", "duration": "PT2H"}},
            "mute_targets": {"alarm_names": ["cpu"]},
            "tags": {"Team": "web"},
        }
        return aws.cloudwatch.AlarmMuteRule(
            "rule",
            **{**arguments, **changes},
            opts=pulumi.ResourceOptions(depends_on=[_alarm()]),
        )

    return program


def test_a_rule_is_created_changed_renamed_and_deleted(bench: Bench) -> None:
    cloudwatch = bench.client("cloudwatch")
    assert bench.done(_rule()) == [(ResourceAction.CREATE, ()), (ResourceAction.CREATE, ())]
    found = cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName="nightly")
    arn = f"arn:aws:cloudwatch:{REGION}:123456789012:alarm-mute-rule:nightly"
    assert found["AlarmMuteRuleArn"] == arn
    assert found["Rule"]["Schedule"] == {"Expression": "cron(0 2 * * *)", "Duration": "PT2H"}
    assert found["MuteTargets"] == {"AlarmNames": ["cpu"]}
    assert (found["MuteType"], found["Description"]) == ("RECURRING", "backup")
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [
        {"Key": "Team", "Value": "web"}
    ]
    assert set(bench.refreshed()) == {ResourceAction.SAME}
    # UTC is what AWS takes where none is given: no difference.
    with_zone = {"expression": "cron(0 2 * * *)", "duration": "PT2H", "timezone": "UTC"}
    assert bench.done(_rule(rule={"schedule": with_zone})) == []
    changes = {
        "rule": {"schedule": {**with_zone, "timezone": "Asia/Tokyo", "duration": "PT1H"}},
        "tags": {"Owner": "ops"},
    }
    ((action, properties),) = bench.done(_rule(**changes))
    assert action is ResourceAction.UPDATE
    assert properties[-4:] == ("tags.Owner", "tags.Team", "tagsAll.Owner", "tagsAll.Team")
    found = cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName="nightly")
    assert found["Rule"]["Schedule"]["Timezone"] == "Asia/Tokyo"
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [
        {"Key": "Owner", "Value": "ops"}
    ]
    renamed = _rule(**changes, name="weekly")
    assert bench.done(renamed) == [(ResourceAction.REPLACE, ("name",))]
    (left,) = cloudwatch.list_alarm_mute_rules()["AlarmMuteRuleSummaries"]
    assert left["AlarmMuteRuleArn"].endswith(":weekly")
    assert bench.done(lambda: _alarm()) == [(ResourceAction.DELETE, ())]
    assert cloudwatch.list_alarm_mute_rules()["AlarmMuteRuleSummaries"] == []


def test_a_rule_deleted_by_hand_is_missed(bench: Bench) -> None:
    bench.deploy(_rule())
    bench.client("cloudwatch").delete_alarm_mute_rule(AlarmMuteRuleName="nightly")
    assert sorted(bench.refreshed()) == [ResourceAction.DELETE, ResourceAction.SAME]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mute_targets": {"alarm_names": ["gone"]}}, "there are no alarms gone"),
        (
            {"rule": {"schedule": {"expression": "cron(0 2 ? * SUN *)", "duration": "PT2H"}}},
            "mutes have five",
        ),
        ({"mute_targets": {"alarm_names": ["cpu"] * 101}}, "it must have at most 100"),
    ],
)
def test_what_aws_would_refuse_is_refused(
    bench: Bench, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(DeploymentError, match=words.replace("(", r"\(")):
        bench.deploy(_rule(**changes))


def test_rules_are_found_by_alarm_and_status_page_by_page(bench: Bench) -> None:
    cloudwatch = bench.client("cloudwatch")
    bench.deploy(_alarm)
    for name, expression in (("now", "cron(0 * * * *)"), ("past", "at(2020-01-01T00:00)")):
        cloudwatch.put_alarm_mute_rule(
            Name=name,
            Rule={"Schedule": {"Expression": expression, "Duration": "PT59M"}},
            MuteTargets={"AlarmNames": ["cpu"]},
        )
    first = cloudwatch.list_alarm_mute_rules(AlarmName="cpu", MaxRecords=1)
    rest = cloudwatch.list_alarm_mute_rules(
        AlarmName="cpu", MaxRecords=1, NextToken=first["NextToken"]
    )
    pages = (*first["AlarmMuteRuleSummaries"], *rest["AlarmMuteRuleSummaries"])
    assert [one["AlarmMuteRuleArn"].rpartition(":")[2] for one in pages] == ["now", "past"]
    assert "NextToken" not in rest
    (expired,) = cloudwatch.list_alarm_mute_rules(Statuses=["EXPIRED"])["AlarmMuteRuleSummaries"]
    assert (expired["Status"], expired["MuteType"]) == ("EXPIRED", "ONE_TIME")
    assert cloudwatch.list_alarm_mute_rules(AlarmName="other")["AlarmMuteRuleSummaries"] == []
