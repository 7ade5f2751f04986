"""A stack at moto as the components register it, and a CloudWatch that carries out actions."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from account.account import Account, Caller, CommandLine, Region
from ecs_monitoring.aws_identity import AwsIdentity
from ecs_monitoring.policies import key_policy, topic_policy
from stack.placeholder_aws import ACCOUNT

HOME = "ap-northeast-1"
PROJECT = "django-ecs-monitoring"

_ACTIONS = {
    "ALARM": "AlarmActions",
    "OK": "OKActions",
    "INSUFFICIENT_DATA": "InsufficientDataActions",
}


class Session:
    """One for all tests: making a client takes longer than most of them."""

    def __init__(self) -> None:
        self._real = boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing")
        self._clients: dict[tuple[str, ...], Any] = {}

    def client(
        self, service: str, *, region_name: str, endpoint_url: str | None, config: Any = None
    ) -> Any:
        place = (service, region_name, endpoint_url or "", str(id(config)))
        if place not in self._clients:
            self._clients[place] = self._real.client(
                service, region_name=region_name, endpoint_url=endpoint_url, config=config
            )
        return self._clients[place]

    def get_partition_for_region(self, region: str) -> str:
        return str(self._real.get_partition_for_region(region))


@cache
def session() -> Session:
    return Session()


def identity(region: str = HOME) -> AwsIdentity:
    return AwsIdentity(account=ACCOUNT, partition="aws", region=region)


@dataclass
class Deployment:
    """Puts topics and alarms of a stack into one region of the emulator."""

    region: str = HOME
    stack: str = "prod"
    endpoint_url: str | None = None

    def client(self, service: str) -> Any:
        return session().client(service, region_name=self.region, endpoint_url=self.endpoint_url)

    def key(self, policy: str | None = None) -> str:
        """A customer-managed key; with the components' policy unless another is given."""
        answer = self.client("kms").create_key(Policy=policy or key_policy(identity(self.region)))
        return str(answer["KeyMetadata"]["Arn"])

    def topic(
        self,
        severity: str,
        *,
        emails: Sequence[str] = ("oncall@example.com",),
        policy: str | None = None,
        key: str | None = None,
    ) -> str:
        sns = self.client("sns")
        attributes = {"KmsMasterKeyId": key} if key else {}
        name = f"django-app-alerts-django-ecs-monitoring-{self.stack}-{severity}"
        arn = str(sns.create_topic(Name=name, Attributes=attributes)["TopicArn"])
        sns.set_topic_attributes(
            TopicArn=arn,
            AttributeName="Policy",
            AttributeValue=policy or topic_policy(identity(self.region), arn),
        )
        for email in emails:
            sns.subscribe(TopicArn=arn, Protocol="email", Endpoint=email)
        return arn

    def alarm(
        self,
        address: str,
        severity: str,
        topics: Sequence[str],
        *,
        state: str = "OK",
        **changes: Any,
    ) -> str:
        """An alarm; returns its name."""
        key, target = address.split("@")
        kind, rule = key.split(".")
        name = f"{PROJECT}-{self.stack}-{kind}-{target.replace('/', '.')}-{rule}"
        tags = {"AlarmKey": key, "Target": target, "Severity": severity}
        cloudwatch = self.client("cloudwatch")
        cloudwatch.put_metric_alarm(
            **{
                "AlarmName": name,
                "Namespace": "AWS/ECS",
                "MetricName": "CPUUtilization",
                "Statistic": "Average",
                "Period": 60,
                "EvaluationPeriods": 1,
                "Threshold": 80,
                "ComparisonOperator": "GreaterThanOrEqualToThreshold",
                "AlarmActions": list(topics),
                "Tags": [{"Key": tag, "Value": value} for tag, value in tags.items()],
                **changes,
            }
        )
        cloudwatch.set_alarm_state(
            AlarmName=name, StateValue=state, StateReason="as the metric has it"
        )
        return name

    def states(self) -> dict[str, str]:
        pages = self.client("cloudwatch").get_paginator("describe_alarms").paginate()
        return {a["AlarmName"]: a["StateValue"] for page in pages for a in page["MetricAlarms"]}

    def queues(self) -> list[str]:
        return list(self.client("sqs").list_queues().get("QueueUrls", []))

    def subscriptions(self) -> list[tuple[str, str]]:
        found = self.client("sns").list_subscriptions()["Subscriptions"]
        return [(one["Protocol"], one["Endpoint"]) for one in found]


class Double:
    """A boto3 client of which some methods are replaced."""

    def __init__(self, real: Any, **methods: Callable[..., Any]) -> None:
        self._real = real
        self.__dict__.update(methods)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def answering(**methods: Callable[..., Any]) -> Region:
    """The home region where AWS answers by these methods, and by no others."""
    client = Double(object(), **methods)
    return Region(
        name=HOME,
        caller=Caller(arn="arn:aws:iam::1:user/alice", account=ACCOUNT, partition="aws"),
        command_line=CommandLine(profile=None, endpoint_url=None),
        cloudwatch=client,
        sns=client,
        sqs=client,
        kms=client,
    )


def refusing(code: str) -> Callable[..., Any]:
    """A method that AWS refuses."""

    def refuse(**_call: object) -> Any:
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, "Operation")

    return refuse


def with_methods(region: Region, service: str, **methods: Callable[..., Any]) -> Region:
    """The region with some methods of one service's client replaced."""
    changed: dict[str, Any] = {service: Double(getattr(region, service), **methods)}
    return replace(region, **changed)


class ActingCloudWatch(Double):
    """Carries out the actions of ``SetAlarmState`` as CloudWatch does, and the emulator does not.

    Attributes:
        changes: every call: name, new state, reason.
        failing: topics that CloudWatch cannot tell, with the error that the history then has.
    """

    def __init__(self, real: Any, sns: Any) -> None:
        super().__init__(real)
        self._sns = sns
        self.changes: list[tuple[str, str, str]] = []
        self.failing: dict[str, str] = {}

    def set_alarm_state(self, **call: str) -> None:
        name, state = call["AlarmName"], call["StateValue"]
        found = self._real.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        self._real.set_alarm_state(**call)
        self.changes.append((name, state, call["StateReason"]))
        alarm = found[0]
        if not alarm["ActionsEnabled"] or alarm["StateValue"] == state:
            return
        for topic in alarm[_ACTIONS[state]]:
            if topic not in self.failing:
                message = notification(alarm, state, call["StateReason"])
                self._sns.publish(TopicArn=topic, Subject=f'{state}: "{name}"', Message=message)

    def describe_alarm_history(self, **call: Any) -> dict[str, Any]:
        found = self._real.describe_alarms(AlarmNames=[call["AlarmName"]])["MetricAlarms"]
        return {
            "AlarmHistoryItems": [
                {
                    "HistorySummary": f"Failed to execute action {topic}",
                    "HistoryData": json.dumps({"error": self.failing[topic]}),
                }
                for topic in found[0]["AlarmActions"]
                if topic in self.failing
            ]
        }

    def list_alarm_mute_rules(self, **_call: Any) -> dict[str, Any]:
        return {"AlarmMuteRuleSummaries": []}


def notification(alarm: dict[str, Any], state: str, reason: str) -> str:
    """CloudWatch's message, as its users get it."""
    return json.dumps(
        {
            "AlarmName": alarm["AlarmName"],
            "AlarmDescription": None,
            "AWSAccountId": ACCOUNT,
            "NewStateValue": state,
            "NewStateReason": reason,
            "StateChangeTime": datetime.now(UTC).isoformat(),
            "Region": "Asia Pacific (Tokyo)",
            "AlarmArn": alarm["AlarmArn"],
            "OldStateValue": alarm["StateValue"],
            "Trigger": {"MetricName": "CPUUtilization", "Namespace": "AWS/ECS"},
        }
    )


@dataclass
class Emulated:
    """Opens the account at the emulator; what stands between may be changed.

    Attributes:
        change: changes a region's clients.
        cloudwatch: the acting CloudWatch by region, once opened.
        failing: topics that CloudWatch cannot tell, and why.
    """

    change: Callable[[Region], Region] = lambda region: region
    cloudwatch: dict[str, ActingCloudWatch] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)

    def __call__(self, profile: str | None, endpoint_url: str | None) -> Account:
        emulated = self

        class Acting(Account):
            def region(self, name: str, caller: Caller) -> Region:
                real = super().region(name, caller)
                acting = ActingCloudWatch(real.cloudwatch, real.sns)
                acting.failing = emulated.failing
                emulated.cloudwatch[name] = acting
                return emulated.change(replace(real, cloudwatch=acting))

        return Acting(session(), CommandLine(profile=profile, endpoint_url=endpoint_url))


def failing(service: str, method: str, error: Callable[[Region], BaseException]) -> Emulated:
    """The account with one method that raises instead of asking AWS."""

    def change(region: Region) -> Region:
        def fail(**_call: object) -> object:
            raise error(region)

        return with_methods(region, service, **{method: fail})

    return Emulated(change)
