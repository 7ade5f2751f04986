"""What a program may ask about its account."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from sandbox.outcome import DeploymentError
from tests.sandbox.handlers.conftest import Bench


def test_the_account_is_the_emulators_own(bench: Bench) -> None:
    def program() -> None:
        pulumi.export("account", aws.get_caller_identity_output().account_id)
        pulumi.export("partition", aws.get_partition_output().partition)
        pulumi.export("region", aws.get_region_output().region)
        pulumi.export("far", aws.get_region_output(region="eu-west-1").region)

    assert bench.deploy(program).exports == {
        "account": "123456789012",
        "partition": "aws",
        "region": "ap-northeast-1",
        "far": "eu-west-1",
    }


def test_a_target_group_is_read_from_the_emulator(bench: Bench) -> None:
    vpc = bench.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    (group,) = bench.client("elbv2").create_target_group(
        Name="web",
        Protocol="HTTP",
        Port=8000,
        VpcId=vpc,
        HealthCheckPath="/health/",
        HealthCheckIntervalSeconds=15,
        Matcher={"HttpCode": "200"},
    )["TargetGroups"]

    def program() -> None:
        found = aws.lb.get_target_group_output(arn=group["TargetGroupArn"])
        pulumi.export("path", found.health_check.path)
        pulumi.export("interval", found.health_check.interval)
        pulumi.export("matcher", found.health_check.matcher)
        pulumi.export("port", found.port)

    assert bench.deploy(program).exports == {
        "path": "/health/",
        "interval": 15,
        "matcher": "200",
        "port": 8000,
    }


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (lambda: aws.get_region_output(region="nowhere"), "no AWS region 'nowhere'"),
        (lambda: aws.get_availability_zones_output(), "no data source aws:index/getAvail"),
        (
            lambda: aws.lb.get_target_group_output(
                arn="arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/x/1"
            ),
            "TargetGroupNotFound",
        ),
    ],
)
def test_what_cannot_be_answered_is_an_error_that_says_so(
    bench: Bench, program: Any, message: str
) -> None:
    def ask() -> None:
        pulumi.export("answer", program())

    with pytest.raises(DeploymentError, match=message):
        bench.deploy(ask)
