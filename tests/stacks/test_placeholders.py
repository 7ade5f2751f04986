"""What stands in for AWS's answers in a run: names, ARNs and places; and a preview for scripts."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pulumi.runtime import MockCallArgs, MockResourceArgs

from stack.config import StackConfig
from stack.cost import Cost
from stack.definitions import alarm_previews
from stack.events import EVENT_RULE, event_previews
from stack.grid import PlacedWidget
from stack.incidents import incident_previews
from stack.placeholder_aws import PlaceholderAws
from stack.preview import Preview
from stack.program import SECRET, Registration
from stack.resource_types import (
    BUCKET,
    FIREHOSE,
    KEY,
    METRIC_STREAM,
    QUEUE,
    ROLE,
    SCHEDULE,
    SLACK_CHANNEL,
    TEAMS_CHANNEL,
    TOPIC,
)
from tests.registrations import composite_alarm, metric_alarm, registered, run_of, topic_arn

HERE = "eu-west-1:111122223333"


def made(
    aws: PlaceholderAws, type_: str, provider: str = "", **inputs: Any
) -> tuple[str | None, dict[str, Any]]:
    return aws.new_resource(
        MockResourceArgs(
            typ=type_, name="made", inputs=inputs, provider=provider, resource_id="", custom=True
        )
    )


def here() -> PlaceholderAws:
    return PlaceholderAws("eu-west-1", account="111122223333")


@pytest.mark.parametrize(
    ("type_", "inputs", "arn"),
    [
        (TOPIC, {"name": "t"}, f"sns:{HERE}:t"),
        # What has no name of its own has Pulumi's.
        (TOPIC, {}, f"sns:{HERE}:made"),
        (QUEUE, {"name": "q", "region": "us-east-1"}, "sqs:us-east-1:111122223333:q"),
        (KEY, {}, f"kms:{HERE}:key/made"),
        (ROLE, {"name": "r"}, "iam::111122223333:role/r"),
        (BUCKET, {"bucket": "b"}, "s3:::b"),
        (BUCKET, {}, "s3:::made"),
        (SCHEDULE, {"name": "s"}, f"scheduler:{HERE}:schedule/default/s"),
        (FIREHOSE, {"name": "f"}, f"firehose:{HERE}:deliverystream/f"),
        (METRIC_STREAM, {"name": "m"}, f"cloudwatch:{HERE}:metric-stream/m"),
        (EVENT_RULE, {"name": "e"}, f"events:{HERE}:rule/e"),
        (
            "aws:cloudwatch/compositeAlarm:CompositeAlarm",
            {"alarmName": "c"},
            f"cloudwatch:{HERE}:alarm:c",
        ),
        (
            SLACK_CHANNEL,
            {"configurationName": "ops"},
            "chatbot::111122223333:chat-configuration/slack-channel/ops",
        ),
        (
            TEAMS_CHANNEL,
            {"configurationName": "ops"},
            "chatbot::111122223333:chat-configuration/microsoft-teams-channel/ops",
        ),
    ],
)
def test_arns(type_: str, inputs: dict[str, Any], arn: str) -> None:
    assert made(here(), type_, **inputs) == (
        "made-id",
        {
            **inputs,
            "arn": f"arn:aws:{arn}",
            "chatConfigurationArn": f"arn:aws:{arn}",
            "url": "https://sqs.eu-west-1.amazonaws.com/111122223333/made",
            "keyId": "key-made",
        },
    )


def test_what_a_resource_says_itself_stays() -> None:
    given = {"arn": "a", "url": "u", "keyId": "k", "chatConfigurationArn": "c"}
    assert made(here(), TOPIC, **given) == ("made-id", given)


def test_what_is_not_of_aws_has_nothing_added() -> None:
    assert made(here(), "ecs_monitoring:index:Alerts", a=1) == ("made-id", {"a": 1})


def test_in_another_partition() -> None:
    _, queue = made(PlaceholderAws("cn-north-1"), QUEUE, name="q")
    assert queue["arn"] == "arn:aws-cn:sqs:cn-north-1:123456789012:q"
    assert queue["url"] == "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/made"


ROLE_THERE = '[{"roleArn": "arn:aws:iam::999988887777:role/r"}]'


@pytest.mark.parametrize(
    ("inputs", "region", "account"),
    [
        ({"region": "us-west-2"}, "us-west-2", "111122223333"),
        ({"assumeRoles": ROLE_THERE}, "eu-west-1", "999988887777"),
        ({"region": "us-west-2", "assumeRoles": ROLE_THERE}, "us-west-2", "999988887777"),
        ({"assumeRoles": "[]"}, "eu-west-1", "111122223333"),
        ({}, "eu-west-1", "111122223333"),
    ],
)
def test_a_provider_of_the_programs_own(inputs: dict[str, str], region: str, account: str) -> None:
    aws = here()
    assert made(aws, "pulumi:providers:aws", **inputs) == ("made-id", inputs)
    provider = "urn:pulumi:prod::shop::pulumi:providers:aws::made::made-id"
    _, topic = made(aws, TOPIC, provider=provider, name="t")
    assert topic["arn"] == f"arn:aws:sns:{region}:{account}:t"
    # What has no provider, or the default one, is where the stack is.
    for other in ("", provider.replace("::made::", "::default::")):
        _, topic = made(aws, TOPIC, provider=other, name="t")
        assert topic["arn"] == f"arn:aws:sns:{HERE}:t"
    answer, failures = aws.call(
        MockCallArgs(
            token="aws:index/getCallerIdentity:getCallerIdentity", args={}, provider=provider
        )
    )
    assert (answer, failures) == ({"accountId": account}, [])


@pytest.mark.parametrize(
    ("token", "answer"),
    [
        ("aws:index/getCallerIdentity:getCallerIdentity", {"accountId": "111122223333"}),
        ("aws:index/getPartition:getPartition", {"partition": "aws"}),
        ("aws:index/getRegion:getRegion", {"region": "eu-west-1"}),
    ],
)
def test_what_the_components_ask(token: str, answer: dict[str, str]) -> None:
    assert here().call(MockCallArgs(token=token, args={}, provider="")) == (answer, [])


def test_a_target_group_is_what_it_is_asked_by_with_a_health_check() -> None:
    token = "aws:lb/getTargetGroup:getTargetGroup"
    answer, _ = here().call(MockCallArgs(token=token, args={"arn": "a"}, provider=""))
    assert set(answer) == {"arn", "healthCheck"}
    assert answer["arn"] == "a"
    # As the provider's wire has them.
    assert {"healthyThreshold", "unhealthyThreshold", "interval"} <= set(answer["healthCheck"])


def test_another_question_has_no_answer() -> None:
    with pytest.raises(LookupError, match=r"^no answer for the data source aws:x:y$"):
        here().call(MockCallArgs(token="aws:x:y", args={}, provider=""))


def resource(type_: str, name: str, **changes: Any) -> Registration:
    return replace(registered(type_, name, {}), **changes)


def test_a_preview_for_scripts() -> None:
    critical = topic_arn("shop-critical")
    hook = resource(
        TOPIC,
        "pager",
        parent="urn of alerts",
        inputs={"url": "https://x.example.com/s3cret", "plain": 1},
        secret_inputs=frozenset({"url"}),
    )
    event = {"EventKey": "rds.failover", "Severity": "warning"}
    rule = {"name": "e", "description": "x: y", "eventPattern": "{}", "tags": event}
    run = replace(
        run_of(
            metric_alarm("ecs.cpu-high@web", "critical", critical),
            composite_alarm("incident.ecs@web", "critical", "FALSE", critical),
            registered(EVENT_RULE, "e", rule),
            hook,
            resource(TOPIC, "second"),
            resource("ecs_monitoring:index:Alerts", "alerts", custom=False),
        ),
        exports={"topics": [1]},
        warnings=("careful",),
    )
    grid = [PlacedWidget(x=0, y=0, width=1, height=2, type="text", title="t")]
    alarms, incidents, events = (
        alarm_previews(run, ()),
        incident_previews(run),
        event_previews(run),
    )
    preview = Preview(
        config=StackConfig(
            project="shop", stack="prod", values={}, secret_keys=frozenset(), region="eu-west-1"
        ),
        run=run,
        alarms=alarms,
        mutes=(),
        incidents=incidents,
        events=events,
        omitted={"ecs.x@y": "why"},
        grids={"shop": grid},
        cost=Cost("eu-west-1", (), known=True),
    )
    # Components are nothing in AWS; the most frequent first, then by name.
    counts = {"Topic": 2, "CompositeAlarm": 1, "EventRule": 1, "MetricAlarm": 1}
    assert list(preview.counts().items()) == list(counts.items())
    printed = preview.as_json()
    resources = printed.pop("resources")
    assert resources[3] == {
        "type": TOPIC,
        "name": "pager",
        "urn": hook.urn,
        "parent": "urn of alerts",
        "inputs": {"url": SECRET, "plain": 1},
    }
    assert [one["name"] for one in resources] == [one.name for one in run.registrations]
    assert printed == {
        "project": "shop",
        "stack": "prod",
        "region": "eu-west-1",
        "alarms": [alarms[0].as_json()],
        "mutes": [],
        "incidents": [incidents[0].as_json()],
        "events": [events[0].as_json()],
        "omitted": {"ecs.x@y": "why"},
        "dashboards": {"shop": [grid[0].as_json()]},
        "counts": counts,
        "cost": {
            "currency": "USD",
            "region": "eu-west-1",
            "known": True,
            "lines": [],
            "total": str(Decimal(0)),
        },
        "warnings": ["careful"],
        "exports": {"topics": [1]},
    }
