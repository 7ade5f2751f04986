"""Stacks, providers and regions beside one another in one account."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from sandbox.outcome import DeploymentError, ResourceAction
from stack.config import StackConfig
from tests.sandbox.engine.small import ECS_AND_LOGS, ECS_ONLY

_SMALL = StackConfig(
    project="django-ecs-monitoring",
    stack="small",
    values={"aws:region": "ap-northeast-1"},
    secret_keys=frozenset(),
    region="ap-northeast-1",
)


def _names(emulator: Any, region: str = "ap-northeast-1") -> set[str]:
    found = emulator.client("cloudwatch", region).describe_alarms()["MetricAlarms"]
    return {alarm["AlarmName"] for alarm in found}


def test_staging_is_deployed_beside_prod_without_a_clash(new_stack: Any, emulator: Any) -> None:
    prod, staging = (new_stack(name, *ECS_AND_LOGS) for name in ("prod", "staging"))
    prod.up()
    of_prod = _names(emulator)
    assert {change.action for change in staging.up().changes} == {ResourceAction.CREATE}
    assert prod.preview(expect_no_changes=True).is_unchanged
    assert prod.refresh().is_unchanged
    assert of_prod < _names(emulator)
    staging.destroy()
    assert _names(emulator) == of_prod
    assert prod.refresh().is_unchanged


def test_outside_checks_have_their_alarms_and_topics_in_their_own_region(
    new_stack: Any, emulator: Any
) -> None:
    stack = new_stack("prod", *ECS_ONLY, "health.site={url: 'https://www.example.com/health/'}")
    stack.up()
    far = _names(emulator, "us-east-1")
    # And those that watch the topics there.
    watched = {name for name in far if "-delivery-outside." not in name}
    assert watched == {"django-ecs-monitoring-prod-health-site-endpoint-down"}
    alarms = emulator.client("cloudwatch", "us-east-1").describe_alarms()["MetricAlarms"]
    actions = [action for alarm in alarms for action in alarm["AlarmActions"]]
    assert {action.split(":")[3] for action in actions} == {"us-east-1"}
    assert stack.preview(expect_no_changes=True).is_unchanged


def test_a_provider_for_another_region_and_a_resources_own_region_are_kept_apart(
    deployer: Any, emulator: Any
) -> None:
    def program() -> None:
        far = aws.Provider("far", region="eu-west-1")
        aws.sns.Topic("here", name="here")
        aws.sns.Topic("there", name="there", opts=pulumi.ResourceOptions(provider=far))
        own = aws.sns.Topic(
            "own", name="own", region="us-east-1", opts=pulumi.ResourceOptions(provider=far)
        )
        asked = aws.get_region_output(opts=pulumi.InvokeOptions(provider=far))
        pulumi.export("regions", [own.region, asked.region])

    stack = deployer.stack(_SMALL, program=program)
    assert stack.up().exports["regions"] == ["us-east-1", "eu-west-1"]
    for region, name in (("ap-northeast-1", "here"), ("eu-west-1", "there"), ("us-east-1", "own")):
        (topic,) = emulator.client("sns", region).list_topics()["Topics"]
        assert topic["TopicArn"] == f"arn:aws:sns:{region}:123456789012:{name}"
    assert stack.up().is_unchanged


def test_a_resource_that_moves_to_another_region_is_replaced(deployer: Any, emulator: Any) -> None:
    region = "us-east-1"

    def program() -> None:
        aws.sns.Topic("moving", name="moving", region=region)

    stack = deployer.stack(_SMALL, program=program)
    stack.up()
    region = "eu-west-1"
    (change,) = [c for c in stack.up().changes if c.action is not ResourceAction.SAME]
    assert (change.action, change.properties) == (ResourceAction.REPLACE, ("region",))
    assert not emulator.client("sns", "us-east-1").list_topics()["Topics"]


def test_a_resource_type_that_the_sandbox_has_not_is_an_error_that_names_it(deployer: Any) -> None:
    stack = deployer.stack(
        _SMALL,
        program=lambda: (
            aws.sns.PlatformApplication("b", name="b", platform="GCM", platform_credential="c")
            and None
        ),
    )
    with pytest.raises(DeploymentError, match="no resource type aws:sns/platformApplication:Plat"):
        stack.preview()


def test_a_data_source_that_the_sandbox_has_not_is_an_error_that_names_it(deployer: Any) -> None:
    def program() -> None:
        pulumi.export("zones", aws.get_availability_zones_output().names)

    with pytest.raises(DeploymentError, match="no data source aws:index/getAvailabilityZones"):
        deployer.stack(_SMALL, program=program).up()


def test_a_property_that_the_sandbox_does_not_know_is_an_error_that_names_it(deployer: Any) -> None:
    stack = deployer.stack(
        _SMALL, program=lambda: aws.sns.Topic("t", name="t", fifo_topic=True) and None
    )
    with pytest.raises(DeploymentError, match="does not know the property fifoTopic"):
        stack.preview()


def test_a_name_that_the_program_leaves_out_is_made_up_and_stays(
    deployer: Any, emulator: Any
) -> None:
    stack = deployer.stack(_SMALL, program=lambda: aws.sns.Topic("alerts") and None)
    stack.up()
    (topic,) = emulator.client("sns", "ap-northeast-1").list_topics()["Topics"]
    assert topic["TopicArn"].rpartition(":")[2].startswith("alerts-")
    assert stack.up().is_unchanged
