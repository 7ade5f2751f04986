"""Compares rules for events, schedules and their roles with what the API returns."""

import json
from collections.abc import Mapping
from typing import Any, Final

from sandbox.readback.account_reader import AccountReader, Compare, Compared, nothing
from sandbox.tags import EVENTS, from_pairs


def _role(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    role = account.client("iam", inputs).get_role(RoleName=inputs["name"])["Role"]
    registered = {
        "assumeRolePolicy": json.loads(inputs["assumeRolePolicy"]),
    }
    return registered, {
        "assumeRolePolicy": role["AssumeRolePolicyDocument"],
        "tags": from_pairs(role.get("Tags", [])),
    }


def _role_policy(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    live = account.client("iam", inputs).get_role_policy(
        RoleName=inputs["role"], PolicyName=inputs["name"]
    )
    return {"policy": json.loads(inputs["policy"])}, {"policy": live["PolicyDocument"]}


def _schedule(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    live = account.client("scheduler", inputs).get_schedule(
        GroupName=inputs["groupName"], Name=inputs["name"]
    )
    target, retries = inputs["target"], inputs["target"]["retryPolicy"]
    registered = {
        "scheduleExpression": inputs["scheduleExpression"],
        "scheduleExpressionTimezone": inputs["scheduleExpressionTimezone"],
        "flexibleTimeWindow": {"Mode": inputs["flexibleTimeWindow"]["mode"]},
        "state": inputs.get("state", "ENABLED"),
        "target": {
            "Arn": target["arn"],
            "RoleArn": target["roleArn"],
            "Input": target["input"],
            "RetryPolicy": {
                "MaximumEventAgeInSeconds": retries["maximumEventAgeInSeconds"],
                "MaximumRetryAttempts": retries["maximumRetryAttempts"],
            },
        },
    }
    return registered, {name: live[f"{name[0].upper()}{name[1:]}"] for name in registered}


def _event_rule(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    events = account.client("events", inputs)
    live = events.describe_rule(Name=inputs["name"])
    registered = {
        "eventPattern": json.loads(inputs["eventPattern"]),
        "description": inputs["description"],
        "state": inputs.get("state", "ENABLED"),
    }
    return registered, {
        "eventPattern": json.loads(live["EventPattern"]),
        "description": live["Description"],
        "state": live["State"],
        "tags": EVENTS.of(events, live["Arn"]),
    }


def _event_target(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    targets = account.client("events", inputs).list_targets_by_rule(Rule=inputs["rule"])["Targets"]
    named = [target for target in targets if target["Id"] == inputs["targetId"]]
    (live,) = named or nothing("target", inputs["targetId"])
    transformer, retries = inputs["inputTransformer"], inputs["retryPolicy"]
    registered = {
        "arn": inputs["arn"],
        "paths": transformer["inputPaths"],
        "template": transformer["inputTemplate"],
        "deadLetters": inputs["deadLetterConfig"]["arn"],
        "retries": (retries["maximumEventAgeInSeconds"], retries["maximumRetryAttempts"]),
    }
    live_retries = live["RetryPolicy"]
    return registered, {
        "arn": live["Arn"],
        "paths": live["InputTransformer"]["InputPathsMap"],
        "template": live["InputTransformer"]["InputTemplate"],
        "deadLetters": live["DeadLetterConfig"]["Arn"],
        "retries": (live_retries["MaximumEventAgeInSeconds"], live_retries["MaximumRetryAttempts"]),
    }


COMPARE: Final[Mapping[str, Compare]] = {
    "aws:cloudwatch/eventRule:EventRule": _event_rule,
    "aws:cloudwatch/eventTarget:EventTarget": _event_target,
    "aws:iam/role:Role": _role,
    "aws:iam/rolePolicy:RolePolicy": _role_policy,
    "aws:scheduler/schedule:Schedule": _schedule,
}
"""How resources of each type are compared."""
