"""Rules of EventBridge and their targets, from their creation to their end."""

import json
from typing import Any

import pulumi_aws as aws

from sandbox.outcome import ResourceAction
from tests.sandbox.handlers.conftest import REGION, Bench

_TOPIC = f"arn:aws:sns:{REGION}:123456789012:alerts"
_QUEUE = f"arn:aws:sqs:{REGION}:123456789012:dead"
_PATTERN = {"source": ["aws.ecs"], "detail": {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]}}


def _rule(**changes: Any) -> aws.cloudwatch.EventRule:
    arguments = {
        "name": "failed",
        "description": "a deployment failed",
        "event_pattern": json.dumps(_PATTERN),
        "tags": {"Team": "web"},
    }
    return aws.cloudwatch.EventRule("rule", **{**arguments, **changes})


def _target(**changes: Any) -> None:
    rule = _rule()
    arguments = {
        "rule": rule.name,
        "target_id": "topic-1",
        "arn": _TOPIC,
        "input_transformer": {
            "input_paths": {"reason": "$.detail.reason"},
            "input_template": '{"why": <reason>}',
        },
        "dead_letter_config": {"arn": _QUEUE},
        "retry_policy": {"maximum_event_age_in_seconds": 3600, "maximum_retry_attempts": 185},
    }
    aws.cloudwatch.EventTarget("target", **{**arguments, **changes})


def test_a_rule_is_created_changed_and_deleted(bench: Bench) -> None:
    events = bench.client("events")
    assert bench.done(_rule) == [(ResourceAction.CREATE, ())]
    rule = events.describe_rule(Name="failed")
    assert json.loads(rule["EventPattern"]) == _PATTERN
    assert (rule["Description"], rule["State"]) == ("a deployment failed", "ENABLED")
    assert bench.refreshed() == [ResourceAction.SAME]
    other = {**_PATTERN, "detail-type": ["ECS Deployment State Change"]}
    assert bench.done(lambda: _rule(event_pattern=json.dumps(other))) == [
        (ResourceAction.UPDATE, ("eventPattern",))
    ]
    assert json.loads(events.describe_rule(Name="failed")["EventPattern"]) == other
    assert bench.refreshed() == [ResourceAction.SAME]
    assert bench.done(lambda: None) == [(ResourceAction.DELETE, ())]
    assert events.list_rules()["Rules"] == []


def test_a_target_is_created_changed_and_deleted(bench: Bench) -> None:
    events = bench.client("events")
    bench.done(_target)
    (target,) = events.list_targets_by_rule(Rule="failed")["Targets"]
    assert (target["Id"], target["Arn"]) == ("topic-1", _TOPIC)
    assert target["InputTransformer"]["InputTemplate"] == '{"why": <reason>}'
    assert target["DeadLetterConfig"] == {"Arn": _QUEUE}
    assert set(bench.refreshed()) == {ResourceAction.SAME}
    bench.done(lambda: _target(arn=f"{_TOPIC}-2"))
    (target,) = events.list_targets_by_rule(Rule="failed")["Targets"]
    assert target["Arn"] == f"{_TOPIC}-2"
    bench.done(_rule)
    assert events.list_targets_by_rule(Rule="failed")["Targets"] == []


def test_what_was_deleted_by_hand_is_missing(bench: Bench) -> None:
    bench.done(_target)
    events = bench.client("events")
    events.remove_targets(Rule="failed", Ids=["topic-1"])
    assert ResourceAction.DELETE in bench.refreshed()
