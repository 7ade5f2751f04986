"""Both deployment modes lead to the same account, and which one is taken is said."""

from typing import Any

import pytest

from sandbox import deploy
from sandbox.account import expected_log_groups, expected_queues, prepare_account
from sandbox.deploy import DeploymentMode, open_deployer
from sandbox.emulator import Emulator
from sandbox.engine import NoEngineError, PulumiEngine
from sandbox.outcome import Deployment, ResourceAction, ResourceChange
from stack.config import StackConfig, read_stack_config
from tests.sandbox.engine.small import small

_REGION = "ap-northeast-1"
_REMINDER = "django-ecs-monitoring-prod-review-reminder"


def _inventory(emulator: Emulator) -> dict[str, Any]:
    cloudwatch = emulator.client("cloudwatch", _REGION)
    sns = emulator.client("sns", _REGION)
    logs = emulator.client("logs", _REGION)
    topics = [topic["TopicArn"] for topic in sns.list_topics()["Topics"]]
    schedule = emulator.client("scheduler", _REGION).get_schedule(Name=_REMINDER)
    iam = emulator.client("iam", _REGION)
    return {
        "reminder": {
            key: value
            for key, value in schedule.items()
            if key not in ("CreationDate", "LastModificationDate", "ResponseMetadata")
        },
        "role": iam.get_role(RoleName=_REMINDER)["Role"]["AssumeRolePolicyDocument"],
        "rights": iam.get_role_policy(RoleName=_REMINDER, PolicyName=_REMINDER)["PolicyDocument"],
        "alarms": {
            alarm["AlarmName"]: {
                # State and times are the emulator's own.
                key: value
                for key, value in alarm.items()
                if not key.startswith("State") and not key.endswith("Timestamp")
            }
            for alarm in cloudwatch.describe_alarms()["MetricAlarms"]
        },
        "body": cloudwatch.get_dashboard(
            DashboardName="Django-App-Overview-django-ecs-monitoring-prod"
        )["DashboardBody"],
        "policies": {
            arn: sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"] for arn in topics
        },
        "channels": emulator.client("chatbot", _REGION).describe_slack_channel_configurations()[
            "SlackChannelConfigurations"
        ],
        "subscriptions": sorted(
            (s["Protocol"], s["Endpoint"], s["TopicArn"])
            for s in sns.list_subscriptions()["Subscriptions"]
        ),
        "filters": sorted(
            (f["filterName"], f["filterPattern"])
            for f in logs.describe_metric_filters(logGroupName="/ecs/django-app")["metricFilters"]
        ),
    }


def _deployed(emulator: Emulator, mode: DeploymentMode) -> tuple[Deployment, dict[str, Any]]:
    emulator.reset()
    config = read_stack_config("prod")
    prepare_account(emulator, config)
    with open_deployer(emulator, mode, say=lambda _: None) as opened:
        return opened.stack(config).up(), _inventory(emulator)


def test_both_modes_deploy_the_same(engine: PulumiEngine, emulator: Emulator) -> None:
    by_engine, there = _deployed(emulator, DeploymentMode.PULUMI)
    in_process, here = _deployed(emulator, DeploymentMode.PROCESS)
    assert there == here
    assert (by_engine.mode, in_process.mode) == ("pulumi", "process")
    assert by_engine.summary == in_process.summary

    def registered(outcome: Deployment) -> dict[tuple[str, str], Any]:
        # Keys and queues have ids and addresses of their own in each account.
        own = ("policy", "kmsMasterKeyId", "targetKeyId", "queueUrl")
        return {
            (found.type, found.name): {k: v for k, v in found.inputs.items() if k not in own}
            for found in outcome.registrations
        }

    assert registered(by_engine) == registered(in_process)
    assert by_engine.exports == in_process.exports


def test_progress_tells_each_resource_once_in_either_mode(
    engine: PulumiEngine, emulator: Emulator
) -> None:
    for mode in (DeploymentMode.PULUMI, DeploymentMode.PROCESS):
        emulator.reset()
        config = small(stack="staging")
        prepare_account(emulator, config)
        told: list[ResourceChange] = []
        with open_deployer(emulator, mode, say=lambda _: None) as opened:
            outcome = opened.stack(config, progress=told.append).up()
        assert tuple(told) == outcome.changes
        assert len({(c.type, c.name) for c in told}) == len(told)
        assert "created   MetricAlarm ecs.web-cpu-high" in map(str, told)


def test_the_mode_that_is_taken_is_said_with_the_way_to_the_other(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deploy, "find_engine", lambda: None)
    said: list[str] = []
    with open_deployer(emulator, say=said.append):
        pass
    with open_deployer(emulator, DeploymentMode.PROCESS, say=said.append):
        pass
    assert said == [
        "deploying in process, without the Pulumi engine "
        "(there is no Pulumi CLI; make engine gets one)",
        "deploying in process, without the Pulumi engine (ENGINE=pulumi takes it)",
    ]
    with (
        pytest.raises(NoEngineError, match="there is no Pulumi CLI: run make engine"),
        open_deployer(emulator, DeploymentMode.PULUMI, say=said.append),
    ):
        pass


def test_the_engine_is_taken_where_there_is_one(engine: PulumiEngine, emulator: Emulator) -> None:
    said: list[str] = []
    with open_deployer(emulator, say=said.append):
        pass
    (line,) = said
    assert line.startswith(f"deploying with the Pulumi engine {engine.version} (ENGINE=process")


def test_what_others_make_is_there_beforehand(emulator: Emulator) -> None:
    queue = "arn:aws:sqs:eu-west-1:123456789012:oncall"
    config = read_stack_config(
        "prod",
        settings=[
            "logs.own={group: /ecs/own, retention_days: 30}",
            f"alerts.queues={{critical: ['{queue}'], warning: ['{queue}']}}",
        ],
    )
    assert expected_log_groups(config) == ["/ecs/django-app"]
    assert expected_queues(config) == [queue]
    prepare_account(emulator, config)
    groups = emulator.client("logs", _REGION).describe_log_groups()["logGroups"]
    assert [group["logGroupName"] for group in groups] == ["/ecs/django-app"]
    assert emulator.client("sqs", "eu-west-1").list_queues()["QueueUrls"]


def test_settings_that_are_no_mappings_expect_nothing() -> None:
    config = StackConfig(
        project="p",
        stack="s",
        values={"p:logs": "not json", "p:alerts": "[]"},
        secret_keys=frozenset(),
        region=_REGION,
    )
    assert expected_log_groups(config) == []
    assert expected_queues(config) == []


def test_an_outcome_sums_up_what_a_provider_did() -> None:
    component = ResourceChange(
        action=ResourceAction.CREATE, type="own:index:Part", name="p", urn="", custom=False
    )
    alarm = ResourceChange(
        action=ResourceAction.UPDATE, type="aws:x:Alarm", name="a", urn="", properties=("t",)
    )
    outcome = Deployment(mode="process", operation="up", changes=(component, alarm), exports={})
    assert outcome.summary == "1 updated"
    assert str(alarm) == "updated   Alarm a (t)"
    assert Deployment(mode="process", operation="up", exports={}).summary == "nothing to do"
