"""Region, partition and account of what a stack names, beside the stack's own."""

from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest

from ecs_monitoring.catalog.regions import console_url, known_regions, partition_of
from stack.config import read_stack_config
from stack.program import run_program
from tests.components.registered import DASHBOARD, TOPIC_POLICY, by_key
from tests.settings.refusal import (
    ANY,
    NOTHING,
    Mistake,
    mistakes,
    problem_at,
    refused,
    run_changed,
    warned,
)

ELB = "arn:aws:elasticloadbalancing:{}:123456789012:loadbalancer/app/django-alb/1234567890"
CLUSTER = "arn:aws:ecs:ap-northeast-1:{}:cluster/django-ecs-cluster"


@mistakes(
    {
        "a load balancer of another region": Mistake(
            f"alb.main.load_balancer={ELB.format('us-west-2')}",
            "alb.main.load_balancer",
            ANY,
            "is in the region us-west-2, and an alarm sees only metrics of its own: write one of "
            "ap-northeast-1",
        ),
        "a cluster of another partition": Mistake(
            "ecs.web.cluster=arn:aws-cn:ecs:cn-north-1:123456789012:cluster/shop",
            "ecs.web.cluster",
            "arn:aws-cn:ecs:cn-north-1:123456789012:cluster/shop",
            "is in the partition aws-cn, and ap-northeast-1 in aws: write one of aws",
        ),
        "a partition that is not the region's": Mistake(
            "rds.main.instance=arn:aws-cn:rds:ap-northeast-1:123456789012:db:shop",
            "rds.main.instance",
            "arn:aws-cn:rds:ap-northeast-1:123456789012:db:shop",
            "ap-northeast-1 is in the partition aws: write arn:aws:…",
        ),
        "an outside check from another partition": Mistake(
            "health={site: {url: https://www.shop.jp/readyz}}",
            "health.site",
            NOTHING,
            "has its alarms in us-east-1, which no account of the partition aws-us-gov reaches",
            besides=("aws:region=us-gov-west-1", "alerts.slack={}"),
        ),
        "a queue of another partition": Mistake(
            "alerts.queues.critical=['arn:aws-cn:sqs:cn-north-1:123456789012:incidents']",
            "alerts.queues.critical[0]",
            "arn:aws-cn:sqs:cn-north-1:123456789012:incidents",
            "is in the partition aws-cn",
        ),
    }
)
def test_an_arn_from_elsewhere_is_refused(mistake: Mistake) -> None:
    mistake.check()


def test_two_accounts_among_the_targets_are_one_too_many() -> None:
    error = refused(
        f"ecs.web.cluster={CLUSTER.format('111111111111')}",
        "rds.main.instance=arn:aws:rds:ap-northeast-1:222222222222:db:shop",
        f"alb.main.load_balancer={ELB.format('ap-northeast-1').replace('123456789012', '1' * 12)}",
        "alb.main.target_groups={}",
    )
    problem = problem_at(error, "rds.main.instance")
    assert len(error.problems) == 1
    assert "is in the account 222222222222" in problem.fix
    assert "write one of 111111111111" in problem.fix


def test_the_provider_s_allowed_accounts_are_the_stack_s() -> None:
    error = refused(
        f"ecs.web.cluster={CLUSTER.format('111111111111')}",
        "aws:allowedAccountIds=['123456789012']",
    )
    assert "write one of 123456789012" in problem_at(error, "ecs.web.cluster").fix


LOG_GROUP = "arn:aws:logs:ap-northeast-1:111111111111:log-group:/ecs/django-app"


@pytest.mark.slow
def test_an_account_that_nothing_says_is_warned_of_once() -> None:
    arns = f"ecs.web.cluster={CLUSTER.format('111111111111')}", f"logs.app.group={LOG_GROUP}"
    (warning,) = (w for w in warned(*arns) if "of an ARN" in w)
    assert "ecs.web.cluster (cluster django-ecs-cluster), " in warning
    assert "logs.app.group (log group /ecs/django-app): of an ARN the name is taken" in warning
    assert warning.endswith('write aws:allowedAccountIds: ["111111111111"], or the name alone')
    # What it offers ends it, and has an ARN of another account refused.
    said = 'aws:allowedAccountIds=["111111111111"]'
    assert not [w for w in warned(*arns, said) if "of an ARN" in w]
    other = f"ecs.web.cluster={CLUSTER.format('222222222222')}"
    assert "write one of 111111111111" in problem_at(refused(other, said), "ecs.web.cluster").fix
    assert not [w for w in warned("ecs.web.cluster=shop") if "of an ARN" in w]


@pytest.mark.slow
def test_a_queue_may_be_in_another_region_and_account() -> None:
    # https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html
    run_changed("alerts.queues.critical=['arn:aws:sqs:us-west-2:999999999999:incidents']")


@pytest.mark.parametrize("region", ["ap-northeast-9", "tokyo", "ap-northeast-1a", ""])
def test_a_region_that_aws_has_not_is_refused_with_the_nearest(region: str) -> None:
    error = refused(f"aws:region={region}", "alb={}", "health={}")
    (problem,) = [one for one in error.problems if one.path == "aws:region"]
    assert "is no region of AWS" in problem.fix
    if region.startswith("ap"):
        assert 'did you mean "ap-northeast-' in problem.fix


@pytest.mark.slow
def test_a_region_newer_than_the_program_may_be_used() -> None:
    run_changed("aws:region=ap-northeast-9", "aws:skipRegionValidation=true", "alb={}", "health={}")


def test_the_regions_are_the_sdk_s() -> None:
    partitions = boto3.Session()._session.get_data("endpoints")["partitions"]
    own = {partition_of(region) for region in known_regions()}
    theirs = {one["partition"]: one for one in partitions}
    assert {one.name for one in own} <= set(theirs)
    for one in own:
        assert set(one.regions) == set(theirs[one.name]["regions"])
        assert one.domain == theirs[one.name]["dnsSuffix"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("region", "partition", "console"),
    [
        ("cn-north-1", "aws-cn", "https://cn-north-1.console.amazonaws.cn"),
        ("us-gov-west-1", "aws-us-gov", "https://console.amazonaws-us-gov.com"),
        ("eu-west-1", "aws", "https://eu-west-1.console.aws.amazon.com"),
    ],
)
def test_partition_and_console_follow_the_region(region: str, partition: str, console: str) -> None:
    settings: Any = [
        "alb={}",
        "health={}",
        f"aws:region={region}",
        "alerts.topics={}",
        "alerts.slack={}",
    ]
    run = run_program(read_stack_config("prod", settings=settings))
    assert console_url(region) == console
    (policy, *_) = run.of_type(TOPIC_POLICY)
    assert f"arn:{partition}:cloudwatch:{region}:" in policy.inputs["policy"]
    assert all(console in one.inputs["dashboardBody"] for one in run.of_type(DASHBOARD))
    assert str(run.exports["dashboard_url"]).startswith(console)
    assert by_key(run)["ecs.cpu-high"].arn.startswith(f"arn:{partition}:cloudwatch:{region}:")
