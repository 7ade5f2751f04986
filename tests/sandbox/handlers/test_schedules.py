"""Schedules and the roles that they publish as, from their creation to their end."""

import json
from typing import Any

import pulumi_aws as aws
import pytest

import ecs_monitoring as watch
from sandbox.outcome import DeploymentError, ResourceAction
from tests.sandbox.handlers.conftest import REGION, Bench

_TRUST: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "scheduler.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
_RIGHTS: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"}],
}
_TOPIC = f"arn:aws:sns:{REGION}:123456789012:alerts"
_ROLE = "arn:aws:iam::123456789012:role/reminder"


def _role(**changes: Any) -> aws.iam.Role:
    arguments = {
        "name": "reminder",
        "assume_role_policy": json.dumps(_TRUST, indent=1),
        "description": "reminds",
        "tags": {"Team": "web"},
    }
    return aws.iam.Role("role", **{**arguments, **changes})


def test_a_role_is_created_changed_renamed_and_deleted(bench: Bench) -> None:
    iam = bench.client("iam")
    assert bench.done(_role) == [(ResourceAction.CREATE, ())]
    role = iam.get_role(RoleName="reminder")["Role"]
    assert role["AssumeRolePolicyDocument"] == _TRUST
    assert (role["Description"], role["Path"], role["MaxSessionDuration"]) == ("reminds", "/", 3600)
    assert role["Tags"] == [{"Key": "Team", "Value": "web"}]
    assert bench.refreshed() == [ResourceAction.SAME]
    changes = {
        "assume_role_policy": json.dumps({**_TRUST, "Id": "own"}),
        "description": None,
        "max_session_duration": 7200,
        "tags": {"Owner": "ops"},
    }
    assert bench.done(lambda: _role(**changes)) == [
        (
            ResourceAction.UPDATE,
            (
                *("assumeRolePolicy", "description", "maxSessionDuration"),
                *("tags.Owner", "tags.Team", "tagsAll.Owner", "tagsAll.Team"),
            ),
        )
    ]
    role = iam.get_role(RoleName="reminder")["Role"]
    assert role["AssumeRolePolicyDocument"]["Id"] == "own"
    assert (role.get("Description") or "", role["MaxSessionDuration"]) == ("", 7200)
    assert role["Tags"] == [{"Key": "Owner", "Value": "ops"}]
    assert bench.refreshed() == [ResourceAction.SAME]
    assert bench.done(lambda: _role(**changes, name=None)) == [(ResourceAction.REPLACE, ("name",))]
    (renamed,) = iam.list_roles()["Roles"]
    assert renamed["RoleName"].startswith("role-")
    assert bench.done(lambda: None) == [(ResourceAction.DELETE, ())]
    assert iam.list_roles()["Roles"] == []


def test_a_roles_boundary_is_set_changed_and_taken_off(bench: Bench) -> None:
    first, second = (f"arn:aws:iam::123456789012:policy/{name}" for name in ("one", "two"))

    def bound() -> str:
        role = bench.client("iam").get_role(RoleName="reminder")["Role"]
        return str(role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""))

    bench.done(lambda: _role(permissions_boundary=first))
    assert bound() == first
    assert bench.refreshed() == [ResourceAction.SAME]
    changed = [(ResourceAction.UPDATE, ("permissionsBoundary",))]
    assert bench.done(lambda: _role(permissions_boundary=second)) == changed
    assert bound() == second
    assert bench.done(_role) == changed
    assert bound() == ""


def test_a_role_of_somebody_elses_is_not_taken_over(bench: Bench) -> None:
    bench.client("iam").create_role(
        RoleName="reminder", AssumeRolePolicyDocument=json.dumps(_TRUST)
    )
    with pytest.raises(DeploymentError, match="already exists"):
        bench.deploy(_role)


def test_a_roles_policy_is_put_changed_renamed_and_taken_out(bench: Bench) -> None:
    iam = bench.client("iam")

    def program(name: str = "rights", policy: dict[str, Any] | None = None) -> None:
        role = _role()
        aws.iam.RolePolicy(
            "rights", name=name, role=role.name, policy=json.dumps(policy or _RIGHTS, indent=1)
        )

    def live(name: str = "rights") -> Any:
        return iam.get_role_policy(RoleName="reminder", PolicyName=name)["PolicyDocument"]

    bench.deploy(program)
    assert live() == _RIGHTS
    assert bench.refreshed() == [ResourceAction.SAME, ResourceAction.SAME]
    more = {**_RIGHTS, "Id": "own"}
    assert bench.done(lambda: program(policy=more)) == [(ResourceAction.UPDATE, ("policy",))]
    assert live() == more
    assert bench.done(lambda: program("other", more)) == [(ResourceAction.REPLACE, ("name",))]
    assert iam.list_role_policies(RoleName="reminder")["PolicyNames"] == ["other"]
    assert bench.done(_role) == [(ResourceAction.DELETE, ())]
    assert iam.list_role_policies(RoleName="reminder")["PolicyNames"] == []


def test_what_was_deleted_by_hand_is_gone(bench: Bench) -> None:
    def program() -> None:
        role = _role()
        aws.iam.RolePolicy("rights", name="rights", role=role.name, policy=json.dumps(_RIGHTS))
        _schedule()

    bench.deploy(program)
    iam = bench.client("iam")
    iam.delete_role_policy(RoleName="reminder", PolicyName="rights")
    iam.delete_role(RoleName="reminder")
    bench.client("scheduler").delete_schedule(Name="quarterly")
    assert bench.refreshed() == [ResourceAction.DELETE] * 3
    # What is gone already is no error to delete.
    bench.deploy(program)
    iam.delete_role_policy(RoleName="reminder", PolicyName="rights")
    iam.delete_role(RoleName="reminder")
    bench.client("scheduler").delete_schedule(Name="quarterly")
    assert {action for action, _ in bench.done(lambda: None)} == {ResourceAction.DELETE}


def _schedule(target: dict[str, Any] | None = None, **changes: Any) -> aws.scheduler.Schedule:
    arguments: dict[str, Any] = {
        "name": "quarterly",
        "schedule_expression": "cron(0 9 1 1,4,7,10 ? *)",
        "flexible_time_window": {"mode": "OFF"},
        "target": {"arn": _TOPIC, "role_arn": _ROLE, "input": "due", **(target or {})},
    }
    return aws.scheduler.Schedule("schedule", **{**arguments, **changes})


def test_a_schedule_is_created_changed_renamed_and_deleted(bench: Bench) -> None:
    scheduler = bench.client("scheduler")
    assert bench.done(_schedule) == [(ResourceAction.CREATE, ())]
    live = scheduler.get_schedule(Name="quarterly")
    assert live["ScheduleExpression"] == "cron(0 9 1 1,4,7,10 ? *)"
    assert (live["ScheduleExpressionTimezone"], live["State"]) == ("UTC", "ENABLED")
    assert live["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert live["Target"]["Arn"] == _TOPIC
    assert bench.refreshed() == [ResourceAction.SAME]
    assert bench.done(lambda: _schedule(group_name="default")) == []
    changes = {"schedule_expression_timezone": "Asia/Tokyo", "description": "reminds"}
    retries = {"retry_policy": {"maximum_retry_attempts": 5, "maximum_event_age_in_seconds": 60}}
    assert bench.done(lambda: _schedule({**retries, "input": "now"}, **changes)) == [
        (
            ResourceAction.UPDATE,
            (
                *("description", "scheduleExpressionTimezone"),
                *("target.input", "target.retryPolicy"),
            ),
        )
    ]
    live = scheduler.get_schedule(Name="quarterly")
    assert (live["ScheduleExpressionTimezone"], live["Description"]) == ("Asia/Tokyo", "reminds")
    assert live["Target"] == {
        "Arn": _TOPIC,
        "RoleArn": _ROLE,
        "Input": "now",
        "RetryPolicy": {"MaximumRetryAttempts": 5, "MaximumEventAgeInSeconds": 60},
    }
    assert bench.refreshed() == [ResourceAction.SAME]
    # What is left out again is what Scheduler does by itself.
    assert bench.done(_schedule) == [
        (
            ResourceAction.UPDATE,
            (
                *("description", "scheduleExpressionTimezone"),
                *("target.input", "target.retryPolicy"),
            ),
        )
    ]
    live = scheduler.get_schedule(Name="quarterly")
    assert (live["ScheduleExpressionTimezone"], live.get("Description")) == ("UTC", None)
    assert bench.refreshed() == [ResourceAction.SAME]
    assert bench.done(lambda: _schedule(name="monthly")) == [(ResourceAction.REPLACE, ("name",))]
    assert [one["Name"] for one in scheduler.list_schedules()["Schedules"]] == ["monthly"]
    assert bench.done(lambda: None) == [(ResourceAction.DELETE, ())]
    assert scheduler.list_schedules()["Schedules"] == []


def test_a_schedule_of_somebody_elses_is_not_taken_over(bench: Bench) -> None:
    bench.client("scheduler").create_schedule(
        Name="quarterly",
        ScheduleExpression="rate(1 days)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": _TOPIC, "RoleArn": _ROLE},
    )
    with pytest.raises(DeploymentError, match="already exists"):
        bench.deploy(_schedule)


def test_a_name_too_long_for_scheduler_is_refused_as_aws_would(bench: Bench) -> None:
    """64 characters: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html."""
    with pytest.raises(DeploymentError, match="at most 64"):
        bench.deploy(lambda: _schedule(name="q" * 65))


def test_a_schedule_edited_by_hand_is_put_back(bench: Bench) -> None:
    bench.deploy(_schedule)
    scheduler = bench.client("scheduler")
    live = scheduler.get_schedule(Name="quarterly")
    kept = {k: live[k] for k in ("Name", "ScheduleExpression", "FlexibleTimeWindow", "Target")}
    scheduler.update_schedule(**kept, State="DISABLED")
    assert bench.refreshed() == [ResourceAction.UPDATE]
    assert bench.done(_schedule) == [(ResourceAction.UPDATE, ("state",))]
    assert scheduler.get_schedule(Name="quarterly")["State"] == "ENABLED"


def test_what_a_reminder_asks_of_sns_reaches_who_is_subscribed(bench: Bench) -> None:
    """The emulator runs no schedule, so this does what Scheduler would: call Publish with it."""

    def program() -> None:
        topic = aws.sns.Topic("topic", name="alerts")
        queue = aws.sqs.Queue("queue", name="team")
        aws.sns.TopicSubscription(
            "subscription", topic=topic.arn, protocol="sqs", endpoint=queue.arn
        )
        watch.ReviewReminder("review-reminder", watch.ReviewReminderArgs(topics=[topic.arn]))

    bench.deploy(program)
    (found,) = bench.client("scheduler").list_schedules()["Schedules"]
    target = bench.client("scheduler").get_schedule(Name=found["Name"])["Target"]
    assert target["Arn"] == "arn:aws:scheduler:::aws-sdk:sns:publish"
    bench.client("sns").publish(**json.loads(target["Input"]))
    sqs = bench.client("sqs")
    url = sqs.get_queue_url(QueueName="team")["QueueUrl"]
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    notification = json.loads(message["Body"])
    assert notification["Subject"] == "Alarm review due: django-ecs-monitoring/test"
    assert "python -m ops review test" in notification["Message"]
