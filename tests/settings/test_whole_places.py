"""What is in another Region, partition or account than the stack, whole: where, what, the fix."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from tests.settings.refusal import aws_config, problems_of

WEB: Final = {"cluster": "shop", "service": "checkout"}
SITE: Final = {"url": "https://www.shop.jp/readyz"}
HOME: Final = {"region": "ap-northeast-1"}
LOAD_BALANCER: Final = "arn:aws:elasticloadbalancing:{}:{}:loadbalancer/app/shop/0123456789abcdef"


def placed(aws: Mapping[str, Any], **sections: Any) -> list[tuple[str, str, str]]:
    return problems_of(aws_config(sections, aws))


def balanced(region: str, account: str = "1" * 12) -> dict[str, Any]:
    return {"main": {"load_balancer": LOAD_BALANCER.format(region, account)}}


def test_a_region_is_one_of_awss() -> None:
    newer = {"region": "ap-northeast-9"}
    assert placed(newer) == [
        (
            "aws:region",
            '"ap-northeast-9"',
            'is no region of AWS; did you mean "ap-northeast-3"? write its code, such as '
            "ap-northeast-1 (for a region that is newer than this program, set "
            "aws:skipRegionValidation to true)",
        )
    ]
    ((_, value, fix),) = placed({"region": "xyzzy"})
    assert (value, fix[:32]) == ('"xyzzy"', "is no region of AWS; write its c")
    assert placed({**newer, "skipRegionValidation": "true"}) == []
    assert len(placed({**newer, "skipRegionValidation": "false"})) == 1
    assert placed(HOME) == placed({}) == []


def test_outside_checks_are_in_another_partition_than_a_stack_in_china() -> None:
    china, government = {"region": "cn-north-1"}, {"region": "us-gov-west-1"}
    health = {"site": SITE}
    assert [p for p, *_ in placed(HOME, health=health)] == []
    assert [p for p, *_ in placed({}, health=health)] == []
    assert placed(china, ecs={"web": WEB}) == []
    for place, partition in ((china, "aws-cn"), (government, "aws-us-gov")):
        assert placed(place, health=health) == [
            (
                "health.site",
                "",
                f"has its alarms in us-east-1, which no account of the partition {partition} "
                "reaches: leave it out, or check from a stack of another partition",
            )
        ]


@pytest.mark.parametrize(
    ("allowed", "account", "instead"),
    [
        (["1" * 12, "2" * 12], "2" * 12, ""),
        (["1" * 12], "2" * 12, "1" * 12),
        # Numbers, as somebody might write them.
        ([111111111111], "2" * 12, "1" * 12),
        # What names no accounts says nothing; then the first target does.
        ([], "2" * 12, ""),
        ("no json", "2" * 12, ""),
        ({"a": 1}, "2" * 12, ""),
        (None, "2" * 12, ""),
    ],
)
def test_the_accounts_that_a_provider_may_work_in(allowed: Any, account: str, instead: str) -> None:
    aws = {**HOME, **({} if allowed is None else {"allowedAccountIds": allowed})}
    found = placed(aws, alb=balanced("ap-northeast-1", account))
    assert [path for path, *_ in found] == (["alb.main.load_balancer"] if instead else [])
    assert all(f"write one of {instead}" in fix for *_, fix in found)


def test_arns_of_another_region() -> None:
    assert [p for p, *_ in placed(HOME, alb=balanced("us-west-2"))] == ["alb.main.load_balancer"]
    # The Region is whoever's who deploys it.
    assert placed({}, alb=balanced("us-west-2")) == []


BOUNDARY: Final = "arn:{}:iam::123456789012:policy/boundary"


@pytest.mark.parametrize(
    ("region", "partition", "problem"),
    [
        ("ap-northeast-1", "aws", None),
        ("cn-north-1", "aws-cn", None),
        (None, "aws-cn", None),
        (
            "cn-north-1",
            "aws",
            "is in the partition aws, and cn-north-1 in aws-cn: write arn:aws-cn:iam::…",
        ),
    ],
)
def test_the_partition_of_a_boundary(
    region: str | None, partition: str, problem: str | None
) -> None:
    arn = BOUNDARY.format(partition)
    aws = {"region": region} if region else {}
    found = placed(aws, permissions_boundary=arn)
    assert found == ([("permissions_boundary", f'"{arn}"', problem)] if problem else [])


def test_queues_and_topics_of_another_partition() -> None:
    arns = {
        "queues": {"warning": ["arn:aws-cn:sqs:cn-north-1:123456789012:q"]},
        "topics": {"warning": ["arn:aws-cn:sns:cn-north-1:123456789012:t"]},
    }
    web = {"alarms": ["ecs"], **arns}
    found = placed(HOME, ecs={"web": WEB}, alerts={**arns, "routes": {"web": web}})
    distant = [path for path, _, fix in found if "is in the partition aws-cn" in fix]
    assert sorted(distant) == [
        "alerts.queues.warning[0]",
        "alerts.routes.web.queues.warning[0]",
        "alerts.routes.web.topics.warning[0]",
        "alerts.topics.warning[0]",
    ]
    assert placed({"region": "cn-north-1"}, ecs={"web": WEB}, alerts=arns) == []


@pytest.mark.parametrize(
    ("region", "topic", "reached"),
    [
        ("ap-northeast-1", "ap-northeast-1", True),
        ("ap-northeast-1", "eu-west-1", False),
        (None, "eu-west-1", True),
    ],
)
def test_topics_of_another_region(region: str | None, topic: str, reached: bool) -> None:
    arn = f"arn:aws:sns:{topic}:123456789012:t"
    aws = {"region": region} if region else {}
    alerts = {"topics": {"critical": [arn]}}
    fix = f"an alarm reaches only topics of its own region: write one in {region}"
    problem = ("alerts.topics.critical[0]", f'"{arn}"', fix)
    assert placed(aws, ecs={"web": WEB}, alerts=alerts) == ([] if reached else [problem])
    # Where there is an outside check, its alarms reach topics in its own Region.
    outside = {"topics": {"critical": ["arn:aws:sns:us-east-1:123456789012:t"]}}
    assert placed(HOME, health={"site": SITE}, alerts=outside) == []
    assert len(placed(HOME, ecs={"web": WEB}, alerts=outside)) == 1
