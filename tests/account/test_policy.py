"""Which policy documents let a CloudWatch alarm in."""

import json
from typing import Any

import pytest

from account.policy import lets_alarm_in
from ecs_monitoring.policies import key_policy, topic_policy
from stack.placeholder_aws import ACCOUNT
from tests.account.emulated import HOME, identity

TOPIC = f"arn:aws:sns:{HOME}:{ACCOUNT}:django-app-alerts-django-ecs-monitoring-prod-critical"
ALARM = f"arn:aws:cloudwatch:{HOME}:{ACCOUNT}:alarm:django-ecs-monitoring-prod-ecs-web-cpu-high"
SERVICE = {"Service": "cloudwatch.amazonaws.com"}
ANYONE = {"AWS": "*"}
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def statement(effect: str = "Allow", principal: Any = SERVICE, **more: Any) -> dict[str, Any]:
    return {
        "Effect": effect,
        "Principal": principal,
        "Action": "sns:Publish",
        "Resource": TOPIC,
    } | more


def publishes(*statements: dict[str, Any]) -> bool:
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return lets_alarm_in(policy, action="sns:Publish", resource=TOPIC, alarm=ALARM)


def under(**conditions: Any) -> bool:
    """Whether a statement for CloudWatch applies under conditions: operator to key and value."""
    return publishes(statement(Condition=conditions))


def test_the_policies_that_the_components_write() -> None:
    policy = topic_policy(identity(), TOPIC)
    assert lets_alarm_in(policy, action="sns:Publish", resource=TOPIC, alarm=ALARM)
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        assert lets_alarm_in(key_policy(identity()), action=action, resource="any", alarm=ALARM)
    assert not lets_alarm_in(policy, action="sns:DeleteTopic", resource=TOPIC, alarm=ALARM)


def test_an_alarm_of_another_account_or_region_is_kept_out() -> None:
    policy = topic_policy(identity(), TOPIC)
    for other in (ALARM.replace(ACCOUNT, "999999999999"), ALARM.replace(HOME, "us-east-1")):
        assert not lets_alarm_in(policy, action="sns:Publish", resource=TOPIC, alarm=other)


def test_the_policy_that_sns_gives_a_new_topic() -> None:
    # https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
    owner = {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}
    assert publishes(statement(principal=ANYONE, Action=["SNS:Publish"], Condition=owner))
    other = {"StringEquals": {"AWS:SourceOwner": "999999999999"}}
    assert not publishes(statement(principal=ANYONE, Condition=other))


@pytest.mark.parametrize(
    ("principal", "let_in"),
    [
        ("*", True),
        (ANYONE, True),
        (SERVICE, True),
        ({"Service": ["events.amazonaws.com", "cloudwatch.amazonaws.com"]}, True),
        ({"Service": "events.amazonaws.com"}, False),
        (ROOT, False),
        ({"AWS": [ACCOUNT]}, False),
    ],
)
def test_principals(principal: Any, let_in: bool) -> None:
    assert publishes(statement(principal=principal)) is let_in


@pytest.mark.parametrize(
    ("change", "let_in"),
    [
        ({"Action": "*"}, True),
        ({"Action": "SNS:*"}, True),
        ({"Action": ["sns:Subscribe", "sns:Publish"]}, True),
        ({"Action": "sns:Subscribe"}, False),
        ({"Resource": "*"}, True),
        (
            {"Resource": "arn:aws:sns:*:*:django-app-alerts-django-ecs-monitoring-????-critical"},
            True,
        ),
        ({"Resource": f"{TOPIC}s"}, False),
    ],
)
def test_actions_and_resources(change: dict[str, Any], let_in: bool) -> None:
    assert publishes(statement(**change)) is let_in


def test_the_elements_that_exclude() -> None:
    allowed = statement()
    all_but_publish = {key: value for key, value in allowed.items() if key != "Action"}
    assert not publishes(all_but_publish | {"NotAction": "sns:Publish"})
    assert publishes(all_but_publish | {"NotAction": "sns:DeleteTopic"})
    others = {"Effect": "Deny", "NotPrincipal": ROOT, "Action": "*", "Resource": "*"}
    assert not publishes(allowed, others)
    assert publishes(allowed, others | {"NotPrincipal": SERVICE})


def test_a_deny_wins() -> None:
    assert not publishes(statement(), statement("Deny", "*"))
    assert publishes(statement(), statement("Deny", "*", Action="sns:DeleteTopic"))


def test_a_deny_of_plain_http_does_not_concern_alarms() -> None:
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    assert publishes(statement(), statement("Deny", "*", Condition=insecure))
    assert publishes(
        statement(), statement("Deny", "*", Condition={"Bool": {"aws:SecureTransport": False}})
    )


def test_a_deny_outside_the_organization_hits_services_unless_they_are_excepted() -> None:
    outside = {"StringNotEquals": {"aws:PrincipalOrgID": "o-example"}}
    assert not publishes(statement(), statement("Deny", "*", Condition=outside))
    excepting = outside | {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
    assert publishes(statement(), statement("Deny", "*", Condition=excepting))


@pytest.mark.parametrize(
    ("conditions", "let_in"),
    [
        ({"StringEquals": {"aws:SourceAccount": ACCOUNT}}, True),
        ({"StringEquals": {"AWS:sourceaccount": ["1", ACCOUNT]}}, True),
        ({"StringEquals": {"aws:SourceAccount": "999999999999"}}, False),
        ({"StringNotEquals": {"aws:SourceAccount": "999999999999"}}, True),
        ({"StringNotEquals": {"aws:SourceAccount": ["1", ACCOUNT]}}, False),
        ({"StringEqualsIgnoreCase": {"aws:SourceArn": ALARM.upper()}}, True),
        ({"StringLike": {"aws:SourceArn": "*:alarm:django-*"}}, True),
        ({"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{ACCOUNT}:alarm:*"}}, True),
        ({"ArnEquals": {"aws:SourceArn": ALARM}}, True),
        ({"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{ACCOUNT}:*:*"}}, True),
        ({"ArnLike": {"aws:SourceArn": "*"}}, True),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:cloud*:alarm:*"}}, False),
        ({"ArnNotLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:*:alarm:*"}}, False),
        ({"StringEquals": {"aws:username": "alice"}}, False),
        ({"StringEqualsIfExists": {"aws:username": "alice"}}, True),
        ({"StringNotEquals": {"aws:username": "alice"}}, True),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": "team"}}, True),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}}, False),
        ({"ForAnyValue:StringNotEquals": {"aws:TagKeys": "team"}}, False),
        ({"Null": {"aws:SourceArn": "false"}}, True),
        ({"Null": {"aws:SourceArn": True}}, False),
        ({"Null": {"aws:username": "true"}}, True),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
        ({"NumericEquals": {"aws:SourceAccount": ACCOUNT}}, False),
        # Known to AWS alone: the drill shows.
        ({"StringEquals": {"aws:SourceOrgID": "o-example"}}, True),
        ({"StringEquals": {"kms:ViaService": f"sns.{HOME}.amazonaws.com"}}, True),
    ],
)
def test_conditions(conditions: dict[str, Any], let_in: bool) -> None:
    assert under(**conditions) is let_in


def test_all_conditions_must_hold() -> None:
    right, wrong = {"aws:SourceAccount": ACCOUNT}, {"aws:SourceArn": "arn:aws:s3:::bucket"}
    assert not under(StringEquals=right, ArnLike=wrong)
    assert not under(StringEquals=right | wrong)


def test_a_single_statement_needs_no_list() -> None:
    policy = json.dumps({"Statement": statement()})
    assert lets_alarm_in(policy, action="sns:Publish", resource=TOPIC, alarm=ALARM)
