"""Composite alarms, from their creation to their end, and what AWS refuses of them."""

from collections import Counter
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from sandbox.account import prepare_account
from sandbox.clients import AwsError
from sandbox.deploy import DeploymentMode, open_deployer
from sandbox.emulator import Emulator
from sandbox.outcome import DeploymentError, ResourceAction
from stack.config import read_stack_config
from tests.sandbox.handlers.conftest import REGION, Bench

_TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:t"


def _metric(name: str) -> aws.cloudwatch.MetricAlarm:
    return aws.cloudwatch.MetricAlarm(
        name,
        name=name,
        comparison_operator="GreaterThanOrEqualToThreshold",
        evaluation_periods=1,
        namespace="AWS/ECS",
        metric_name="CPUUtilization",
        statistic="Average",
        period=60,
        threshold=80,
    )


def _over(
    *children: str,
    name: str = "incident",
    after: list[aws.cloudwatch.MetricAlarm],
    **changes: Any,
) -> aws.cloudwatch.CompositeAlarm:
    arguments: dict[str, Any] = {
        "alarm_name": name,
        "alarm_description": "any of them",
        "alarm_rule": " OR ".join(f'ALARM("{child}")' for child in children),
        "alarm_actions": [_TOPIC],
        "ok_actions": [_TOPIC],
        "tags": {"Severity": "critical"},
        **changes,
    }
    options = pulumi.ResourceOptions(depends_on=after)
    return aws.cloudwatch.CompositeAlarm("over", **arguments, opts=options)


def _suppressor(alarm: str, wait: int = 60) -> Any:
    return aws.cloudwatch.CompositeAlarmActionsSuppressorArgs(
        alarm=alarm, wait_period=wait, extension_period=120
    )


def _program(*children: str, **changes: Any) -> Any:
    def program() -> None:
        _over(*children, after=[_metric(name) for name in ("a", "b", "c")], **changes)

    return program


def _live(bench: Bench, name: str = "incident") -> dict[str, Any]:
    (alarm,) = bench.client("cloudwatch").describe_alarms(
        AlarmNames=[name], AlarmTypes=["CompositeAlarm"]
    )["CompositeAlarms"]
    return dict(alarm)


def test_its_life(bench: Bench) -> None:
    bench.deploy(_program("a", "b", actions_suppressor=_suppressor("c")))
    live = _live(bench)
    assert live["AlarmRule"] == 'ALARM("a") OR ALARM("b")'
    assert live["StateValue"] == "INSUFFICIENT_DATA"
    assert (live["ActionsSuppressor"], live["ActionsSuppressorWaitPeriod"]) == ("c", 60)
    assert live["ActionsSuppressorExtensionPeriod"] == 120
    assert bench.done(_program("a", "b", actions_suppressor=_suppressor("c"))) == []
    assert set(bench.refreshed()) == {ResourceAction.SAME}
    # Rule, suppressor and tags change in place.
    changed = bench.done(_program("a", actions_suppressor=_suppressor("c", 180), tags={"A": "1"}))
    assert [action for action, _ in changed] == [ResourceAction.UPDATE]
    assert _live(bench)["ActionsSuppressorWaitPeriod"] == 180
    assert bench.done(_program("a", tags={"A": "1"})) == [
        (ResourceAction.UPDATE, ("actionsSuppressor",))
    ]
    assert "ActionsSuppressor" not in _live(bench)


def test_a_new_name_is_a_new_one(bench: Bench) -> None:
    bench.deploy(_program("a"))
    assert [a for a, _ in bench.done(_program("a", name="other"))] == [ResourceAction.REPLACE]
    assert _live(bench, "other")["AlarmRule"] == 'ALARM("a")'
    assert not bench.client("cloudwatch").describe_alarms(
        AlarmNames=["incident"], AlarmTypes=["CompositeAlarm"]
    )["CompositeAlarms"]


def test_a_changed_one_keeps_its_state(bench: Bench) -> None:
    bench.deploy(_program("a"))
    bench.client("cloudwatch").set_alarm_state(
        AlarmName="incident", StateValue="ALARM", StateReason="a test"
    )
    bench.deploy(_program("a", "b"))
    assert _live(bench)["StateValue"] == "ALARM"


def test_a_rule_that_names_nothing_that_is_there_is_refused(bench: Bench) -> None:
    with pytest.raises(DeploymentError, match=r"alarms \[gone\] in the alarm rule do not exist"):
        bench.deploy(_program("a", "gone"))
    with pytest.raises(DeploymentError, match="ActionsSuppressor gone does not exist"):
        bench.deploy(_program("a", actions_suppressor=_suppressor("gone")))


def test_what_a_rule_names_cannot_be_deleted(bench: Bench) -> None:
    bench.deploy(_program("a", actions_suppressor=_suppressor("c")))
    for name in ("a", "c"):
        with pytest.raises(AwsError, match=f"Cannot delete {name} as there are composite"):
            bench.client("cloudwatch").delete_alarms(AlarmNames=[name])
    bench.client("cloudwatch").delete_alarms(AlarmNames=["b"])


def test_only_metric_alarms_are_told_unless_the_others_are_asked_for(bench: Bench) -> None:
    bench.deploy(_program("a"))
    cloudwatch = bench.client("cloudwatch")
    assert cloudwatch.describe_alarms()["CompositeAlarms"] == []
    assert len(cloudwatch.describe_alarms()["MetricAlarms"]) == 3
    both = cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    assert (len(both["MetricAlarms"]), len(both["CompositeAlarms"])) == (3, 1)
    (parent,) = cloudwatch.describe_alarms(ParentsOfAlarmName="a", AlarmTypes=["CompositeAlarm"])[
        "CompositeAlarms"
    ]
    assert parent["AlarmName"] == "incident"


def test_incidents_come_and_go_and_replace_no_alarm(emulator: Emulator) -> None:
    """A stack that is there already turns them on, and off again."""
    alone = read_stack_config("prod", settings=["alerts.paging=alarm"])
    together = read_stack_config("prod")
    prepare_account(emulator, alone)
    with open_deployer(emulator, DeploymentMode.PROCESS, say=lambda line: None) as deployer:
        stack = deployer.stack(alone)
        stack.up()
        stack.configure(together)
        on = stack.up()
        stack.configure(alone)
        off = stack.up()
    for outcome, action, number in (
        (on, ResourceAction.CREATE, 7),
        (off, ResourceAction.DELETE, 7),
    ):
        of = {
            kind: [c for c in outcome.changes if c.type.endswith(kind)]
            for kind in (":MetricAlarm", ":CompositeAlarm")
        }
        assert Counter(c.action for c in of[":CompositeAlarm"]) == {action: number}
        metric = Counter(c.action for c in of[":MetricAlarm"])
        # The critical ones tell others than before: eleven, and five of the warning topic's losses.
        assert metric.keys() == {ResourceAction.UPDATE, ResourceAction.SAME}
        assert metric[ResourceAction.UPDATE] == 11 + 5
        touched = {p for c in of[":MetricAlarm"] for p in c.properties}
        assert touched == {"alarmActions", "okActions"}
    left = emulator.client("cloudwatch", REGION).describe_alarms(AlarmTypes=["CompositeAlarm"])
    assert left["CompositeAlarms"] == []
