"""Policies let in who must be let in, under the conditions that each really supports.

CloudWatch alarms carry aws:SourceAccount and aws:SourceArn:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html

EventBridge carries neither, and a statement with conditions would keep it out:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
"""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from ecs_monitoring.aws_identity import AwsIdentity
from ecs_monitoring.catalog.regions import partition_of
from ecs_monitoring.policies import publish_policy
from stack.config import read_stack_config
from stack.placeholder_aws import ACCOUNT
from stack.program import ProgramRun, run_program
from tests.components.policy import allows, statements
from tests.components.registered import KEY, TOPIC_POLICY
from tests.components.small import RunWith
from tests.settings.refusal import with_secret

ALARMS: Final = "cloudwatch.amazonaws.com"
EVENTS: Final = "events.amazonaws.com"
OWNER: Final = f"arn:aws:iam::{ACCOUNT}:root"

GOOD: Final = {
    "aws:SourceAccount": ACCOUNT,
    "aws:SourceArn": f"arn:aws:cloudwatch:ap-northeast-1:{ACCOUNT}:alarm:any",
}


def acted_upon(policy: Mapping[str, Any]) -> tuple[str, str]:
    """A publisher's action and the ARN that it acts on."""
    if "arn" in policy:
        return "SNS:Publish", policy["arn"]
    return "kms:GenerateDataKey", f"arn:aws:kms:ap-northeast-1:{ACCOUNT}:key/any"


@pytest.fixture(params=[TOPIC_POLICY, KEY], ids=["topic", "key"])
def policies(prod: ProgramRun, request: pytest.FixtureRequest) -> list[Mapping[str, Any]]:
    """The inputs of what has a policy for publishers: two topics and their one key."""
    found = [registration.inputs for registration in prod.of_type(request.param)]
    assert len(found) == (2 if request.param == TOPIC_POLICY else 1)
    return found


@pytest.mark.slow
def test_alarms_of_this_account_are_let_in(policies: list[Mapping[str, Any]]) -> None:
    for policy in policies:
        assert allows(policy["policy"], ALARMS, *acted_upon(policy), GOOD)


@pytest.mark.parametrize(
    "foreign",
    [
        pytest.param({**GOOD, "aws:SourceAccount": "999999999999"}, id="account"),
        pytest.param(
            {**GOOD, "aws:SourceArn": "arn:aws:cloudwatch:ap-northeast-1:999999999999:alarm:any"},
            id="account in the ARN",
        ),
        pytest.param(
            {**GOOD, "aws:SourceArn": f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT}:alarm:any"},
            id="region",
        ),
        pytest.param(
            {**GOOD, "aws:SourceArn": f"arn:aws:events:ap-northeast-1:{ACCOUNT}:rule/any"},
            id="service",
        ),
        pytest.param({}, id="nothing"),
    ],
)
def test_whatever_is_not_an_alarm_of_this_account_is_kept_out(
    policies: list[Mapping[str, Any]], foreign: dict[str, str]
) -> None:
    for policy in policies:
        assert not allows(policy["policy"], ALARMS, *acted_upon(policy), foreign)


def test_the_conditions_are_the_two_that_alarms_support(policies: list[Mapping[str, Any]]) -> None:
    for policy in policies:
        (alarms,) = (
            s for s in statements(policy["policy"]) if s["Principal"] == {"Service": ALARMS}
        )
        assert alarms["Condition"] == {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:ap-northeast-1:{ACCOUNT}:alarm:*"},
        }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param((), {"warning"}, id="warnings"),
        pytest.param(
            ("events={ecs: {all: {severity: critical}}, health: {all: {severity: critical}}}",),
            {"critical"},
            id="critical",
        ),
        pytest.param(("events.enabled=false",), set(), id="none"),
    ],
)
def test_eventbridge_is_let_in_without_conditions_where_a_rule_publishes(
    run_with: RunWith, changes: tuple[str, ...], told: set[str]
) -> None:
    run = run_with("rds={}", *changes)
    for registration in (*run.of_type(TOPIC_POLICY), *run.of_type(KEY)):
        policy = registration.inputs
        # The one key is both topics'.
        is_told = registration.name.removeprefix("alerts-") in told or (
            registration.type == KEY and bool(told)
        )
        assert allows(policy["policy"], EVENTS, *acted_upon(policy)) == is_told
        events = [s for s in statements(policy["policy"]) if s["Principal"] == {"Service": EVENTS}]
        assert len(events) == is_told
        assert all("Condition" not in statement for statement in events)


def test_nobody_else_is_let_in(policies: list[Mapping[str, Any]]) -> None:
    """An owner, at most two services; above all not everybody."""
    for policy in policies:
        principals = [statement["Principal"] for statement in statements(policy["policy"])]
        assert principals[:2] == [{"AWS": OWNER}, {"Service": ALARMS}]
        assert principals[2:] in ([], [{"Service": EVENTS}])


@pytest.mark.parametrize(
    "action",
    [
        "SNS:GetTopicAttributes",
        "SNS:SetTopicAttributes",
        "SNS:AddPermission",
        "SNS:RemovePermission",
        "SNS:DeleteTopic",
        "SNS:Subscribe",
        "SNS:ListSubscriptionsByTopic",
        "SNS:Publish",
    ],
)
def test_a_topics_owner_keeps_the_rights_of_the_default_policy(
    prod: ProgramRun, action: str
) -> None:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html."""
    for topic in prod.of_type(TOPIC_POLICY):
        assert allows(topic.inputs["policy"], OWNER, action, topic.inputs["arn"])


def test_publishers_cannot_manage_the_topic(prod: ProgramRun) -> None:
    for topic in prod.of_type(TOPIC_POLICY):
        for service in (ALARMS, EVENTS):
            assert not allows(
                topic.inputs["policy"], service, "SNS:Subscribe", topic.inputs["arn"], GOOD
            )


def test_the_owner_keeps_the_key(prod: ProgramRun) -> None:
    for key in prod.of_type(KEY):
        for action in ("kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:Decrypt"):
            assert allows(key.inputs["policy"], OWNER, action, key.arn)


@pytest.mark.slow
def test_an_outside_checks_policies_are_for_alarms_of_its_region(run_with: RunWith) -> None:
    """Route 53's alarms are in us-east-1, and so is their topic."""
    run = run_with("health.web={url: 'https://www.example.com/'}")
    outside = {**GOOD, "aws:SourceArn": f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:any"}
    found = [p.inputs for p in run.of_type(TOPIC_POLICY) if ":us-east-1:" in p.inputs["arn"]]
    assert len(found) == 2
    for policy in found:
        assert allows(policy["policy"], ALARMS, *acted_upon(policy), outside)
        assert not allows(policy["policy"], ALARMS, *acted_upon(policy), GOOD)


@pytest.mark.slow
@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_services_are_called_the_same_in_every_partition(run_with: RunWith, region: str) -> None:
    """Those that AWS's CDK knows to differ are EC2, CodeDeploy, CloudWatch Logs and Step Functions.

    https://github.com/aws/aws-cdk/blob/main/packages/%40aws-cdk/region-info/lib/default.ts
    """
    stream = "{datacenter: us, license_key: 0123456789abcdef0123456789abcdef0123NRAL}"
    changes = [f"aws:region={region}", "alerts.slack={}", f"new_relic={stream}"]
    config = with_secret(read_stack_config("prod", settings=changes), "new_relic")
    run = run_program(config)
    policies = [
        text
        for registration in run.registrations
        for field in ("policy", "assumeRolePolicy")
        if (text := registration.inputs.get(field))
    ]
    named_services = {
        service
        for policy in policies
        for statement in statements(policy)
        if isinstance(principal := statement.get("Principal"), Mapping)
        and (service := principal.get("Service"))
    }
    assert named_services == {
        "cloudwatch.amazonaws.com",
        "events.amazonaws.com",
        "firehose.amazonaws.com",
        "scheduler.amazonaws.com",
        "sns.amazonaws.com",
        "streams.metrics.cloudwatch.amazonaws.com",
    }
    assert not any(f"arn:aws:{service}" in text for text in policies for service in ("sns", "iam"))


@pytest.mark.parametrize(
    ("region", "via", "may"),
    [
        ("ap-northeast-1", "sns.ap-northeast-1.amazonaws.com", True),
        ("ap-northeast-1", "sns.ap-northeast-1.amazonaws.com.cn", False),
        ("us-gov-west-1", "sns.us-gov-west-1.amazonaws.com", True),
        ("cn-north-1", "sns.cn-north-1.amazonaws.com.cn", True),
        ("cn-north-1", "sns.cn-north-1.amazonaws.com", True),
        ("cn-north-1", "sns.cn-northwest-1.amazonaws.com.cn", False),
        ("cn-north-1", "s3.cn-north-1.amazonaws.com.cn", False),
    ],
)
def test_a_key_is_used_for_sns_alone_by_its_regions_name(region: str, via: str, may: bool) -> None:
    partition = partition_of(region).name
    identity = AwsIdentity(account=ACCOUNT, partition=partition, region=region)
    policy = publish_policy(identity, [f"arn:{partition}:sns:{region}:{ACCOUNT}:warning"])
    key = f"arn:{partition}:kms:{region}:{ACCOUNT}:key/0123"
    assert allows(policy, None, "kms:Decrypt", key, {"kms:ViaService": via}) is may
