"""The operator's policy, held against every call of the commands that it is for."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.client import BaseClient  # type: ignore[import-untyped]
from moto import mock_aws

from account.iam.operator import READS, operator_policy
from account.iam.resources import StackOwner
from ops.__main__ import main
from sandbox.chatbot import ENDPOINT
from sandbox.mute_rules import MuteRules
from stack.config import read_stack_config
from stack.placeholder_aws import ACCOUNT, PlaceholderAws
from stack.program import run_program
from tests.account.coverage.emulated import Shop
from tests.account.emulated import HOME, Deployment, notification, session
from tests.account.fixtures import credentials

__all__ = ["credentials"]

OWNER = StackOwner(project="django-ecs-monitoring", stack="prod", account=ACCOUNT, partition="aws")
PREFIXES = {"monitoring": "cloudwatch", "tagging": "tag"}
# https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
NEEDS_NONE = {"sts:GetCallerIdentity"}
# Needed where a rule is put with tags, which is no call of its own:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html
WITH_TAGS = {"cloudwatch:TagResource"}

# What names the resource in a request, and the resource's ARN.
IN = f"{HOME}:{ACCOUNT}"
NAMED = {
    "cloudwatch:SetAlarmState": ("AlarmName", f"arn:aws:cloudwatch:{IN}:alarm:{{}}"),
    "cloudwatch:PutAlarmMuteRule": ("Name", f"arn:aws:cloudwatch:{IN}:alarm-mute-rule:{{}}"),
    "cloudwatch:DeleteAlarmMuteRule": (
        "AlarmMuteRuleName",
        f"arn:aws:cloudwatch:{IN}:alarm-mute-rule:{{}}",
    ),
    "sns:Subscribe": ("TopicArn", "{}"),
    "sqs:CreateQueue": ("QueueName", f"arn:aws:sqs:{IN}:{{}}"),
    "sqs:DeleteQueue": ("QueueUrl", f"arn:aws:sqs:{IN}:{{}}"),
    "sqs:ReceiveMessage": ("QueueUrl", f"arn:aws:sqs:{IN}:{{}}"),
    "logs:GetLogEvents": ("logGroupName", f"arn:aws:logs:{IN}:log-group:{{}}"),
    "logs:DescribeLogStreams": ("logGroupName", f"arn:aws:logs:{IN}:log-group:{{}}"),
}

Statements = list[dict[str, Any]]


@pytest.fixture(scope="module")
def statements() -> Statements:
    """What the operators of the example's production stack may do."""
    run = run_program(read_stack_config("prod"), mocks=PlaceholderAws(HOME, account=ACCOUNT))
    found: Statements = operator_policy(run, OWNER)["Statement"]
    return found


def allowing(action: str, statements: Statements) -> list[str]:
    return [
        arn
        for statement in statements
        if action in statement["Action"]
        for arn in statement["Resource"]
    ]


class Aws:
    """Notes every call, and answers those that the emulator cannot.

    Attributes:
        made: action and parameters of each call.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[tuple[str, dict[str, Any]]] = []
        self._rules = MuteRules(ACCOUNT)
        self._real = BaseClient._make_api_call
        self._is_inside = False
        aws = self

        def call(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
            return aws._call(client, operation, parameters)

        monkeypatch.setattr(BaseClient, "_make_api_call", call)

    def _call(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        if self._is_inside:
            return self._real(client, operation, parameters)
        service = client.meta.service_model.signing_name
        self.made.append((f"{PREFIXES.get(service, service)}:{operation}", parameters))
        self._is_inside = True
        try:
            return self._answer(client, operation, parameters)
        finally:
            self._is_inside = False

    def _answer(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        if "AlarmMuteRule" in operation:
            answer = self._rules.ask(operation, client, parameters)
            assert answer is not None
            return answer[1]
        if client.meta.service_model.signing_name == "chatbot":
            lists = client.meta.service_model.operation_model(operation).output_shape.members
            return {name: [] for name in lists if name != "NextToken"}
        if operation == "DescribeAlarmHistory":
            return {"AlarmHistoryItems": []}
        if operation == "SetAlarmState":
            return self._set(client, parameters)
        return self._real(client, operation, parameters)

    def _set(self, client: Any, parameters: dict[str, Any]) -> Any:
        """CloudWatch carries out the actions of a state that is set; the emulator does not."""
        (alarm,) = client.describe_alarms(AlarmNames=[parameters["AlarmName"]])["MetricAlarms"]
        state = parameters["StateValue"]
        answer = self._real(client, "SetAlarmState", parameters)
        if state == "ALARM" != alarm["StateValue"]:
            sns = session().client("sns", region_name=HOME, endpoint_url=None)
            for topic in alarm["AlarmActions"]:
                message = notification(alarm, state, parameters["StateReason"])
                sns.publish(TopicArn=topic, Subject="ALARM", Message=message)
        return answer


@pytest.fixture
def account(credentials: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    """The example's production stack, in parts: what runs, alarms, topics, a chat channel."""
    with mock_aws():
        deployment = Deployment()
        critical = deployment.topic("critical", key=deployment.key())
        warning = deployment.topic("warning")
        deployment.client("sns").subscribe(TopicArn=critical, Protocol="https", Endpoint=ENDPOINT)
        for rule in ("cpu-high", "memory-high", "tasks-low"):
            deployment.alarm(f"ecs.{rule}@web", "critical", [critical])
        # More than ten, so that their tags are asked for together.
        for number in range(10):
            deployment.alarm(f"rds.rule-{number}@main", "warning", [warning])
        shop = Shop()
        shop.log_group("/ecs/django-app")
        shop.cluster("django-ecs-cluster")
        shop.service("django-ecs-cluster", "django-app-service", groups=["/ecs/django-app"])
        shop.group("django-tg", shop.balancer("django-alb"))
        shop.database_cluster("orders")
        shop.database("django-db", "aurora-postgresql", DBClusterIdentifier="orders")
        logs = deployment.client("logs")
        logs.create_log_stream(logGroupName="/ecs/django-app", logStreamName="web")
        deployment.client("sqs").create_queue(QueueName="pager")
        yield deployment


def left_behind(deployment: Deployment) -> None:
    """An alarm and a queue of a drill that was killed."""
    deployment.client("cloudwatch").set_alarm_state(
        AlarmName="django-ecs-monitoring-prod-ecs-web-cpu-high",
        StateValue="ALARM",
        StateReason="DRILL 1a2b3c4d, no incident; it was OK and is set back right away",
    )
    deployment.client("sqs").create_queue(QueueName="alarm-drill-1a2b3c4d")


def actions(aws: Aws) -> set[str]:
    return {action for action, _ in aws.made} - NEEDS_NONE


def test_the_calls_of_every_command_are_allowed_and_nothing_else(
    account: Deployment,
    statements: Statements,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(boto3, "Session", lambda **_: session())
    archive = ("--archive", str(tmp_path / "archive"))
    region = ("--region", HOME)
    commands: dict[str, list[list[str]]] = {
        "preview --verify": [["preview", "prod", "--verify", *region]],
        "drill": [
            ["drill", "prod", *region, "--alarm", "ecs.tasks-low", "--yes", "--timeout", "5"],
            ["drill", "prod", *region, "--recover", "--yes"],
        ],
        "mute": [
            ["mute", "prod", *region, "--for", "1h", "--reason", "test", "--yes"],
            ["mute", "prod", *region, "--list"],
        ],
        "history fetch": [["history", "fetch", "prod", *region, *archive, "--days", "1", "--yes"]],
        "review": [
            [*("review", "prod", *region, *archive, "--days", "1", "--yes"),
             *("--report", str(tmp_path / "review.html"))]
        ],
    }  # fmt: skip
    assert set(commands) == set(READS)
    allowed = {action for statement in statements for action in statement["Action"]}
    every: set[str] = set()
    aws = Aws(monkeypatch)
    for name, lines in commands.items():
        aws.made.clear()
        for words in lines:
            if "--recover" in words:
                left_behind(account)
            main(words)
        if name == "mute":
            (rule,) = (p["Name"] for action, p in aws.made if action.endswith("PutAlarmMuteRule"))
            main(["mute", "prod", *region, "--end", rule.partition("by-hand--")[2], "--yes"])
        made = actions(aws)
        assert made <= allowed, (name, made - allowed)
        held_against_names(aws, statements)
        every |= made
    assert every | WITH_TAGS == allowed


def held_against_names(aws: Aws, statements: Statements) -> None:
    for action, parameters in aws.made:
        if action in NAMED:
            field, form = NAMED[action]
            name = str(parameters[field])
            arn = form.format(name.rpartition("/")[2] if field == "QueueUrl" else name)
            patterns = allowing(action, statements)
            assert any(fnmatchcase(arn, pattern) for pattern in patterns), (action, arn)
