"""Load balancers: the ways to name one and its target groups."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from ecs_monitoring.rules import ALB

ARN = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:"

# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
# "the final portion of the load balancer ARN": app/load-balancer-name/1234567890123456


@pytest.mark.parametrize(
    ("written", "suffix"),
    [
        ("app/django-alb/1234567890", "app/django-alb/1234567890"),
        (f"{ARN}loadbalancer/app/django-alb/50dc6c495c0c9188", "app/django-alb/50dc6c495c0c9188"),
        (
            "arn:aws-cn:elasticloadbalancing:cn-north-1:123456789012:loadbalancer/app/a/1",
            "app/a/1",
        ),
        (
            "arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:123456789012:loadbalancer/app/a/1",
            "app/a/1",
        ),
    ],
)
def test_a_load_balancer_is_its_suffix_or_its_arn(
    written: str, suffix: str, target_of: Callable[..., Any]
) -> None:
    target = target_of(ALB, load_balancer=written)
    assert target.dimensions() == {"LoadBalancer": suffix}


@pytest.mark.parametrize(
    "written",
    [
        "django-alb",
        "app/django-alb",
        "app/django-alb/",
        "app//1234567890",
        "app/django-alb/1/2",
        # A network load balancer has other metrics.
        "net/django-nlb/1234567890",
        f"{ARN}loadbalancer/net/django-nlb/1234567890",
        f"{ARN}targetgroup/django-tg/0123456789abcdef",
        f"{ARN}listener/app/django-alb/50dc6c495c0c9188/0467ef3c8400ae65",
        "arn:aws:ecs:ap-northeast-1:123456789012:loadbalancer/app/a/1",
        "arn:aws:elasticloadbalancing:ap-northeast-1:1234:loadbalancer/app/a/1",
        "",
        " app/django-alb/1234567890",
    ],
)
def test_anything_else_is_no_load_balancer(written: str, target_of: Callable[..., Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        target_of(ALB, load_balancer=written)
    assert [error["loc"] for error in caught.value.errors()] == [("load_balancer",)]


@pytest.mark.parametrize(
    ("written", "groups"),
    [
        ({"web": "targetgroup/tg/1"}, {"web": "targetgroup/tg/1"}),
        ({"web": f"{ARN}targetgroup/tg/1"}, {"web": "targetgroup/tg/1"}),
        (
            ["targetgroup/blue/1", f"{ARN}targetgroup/green/2"],
            {"blue": "targetgroup/blue/1", "green": "targetgroup/green/2"},
        ),
        ([], {}),
    ],
)
def test_target_groups_are_named_or_a_list_that_names_itself(
    written: Any, groups: dict[str, str], target_of: Callable[..., Any]
) -> None:
    assert target_of(ALB, target_groups=written).target_groups == groups


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (["targetgroup/tg/1", f"{ARN}targetgroup/tg/2"], "two target groups share a name"),
        (["app/django-alb/1"], "is no target group"),
        ({"web": "django-tg"}, "is no target group"),
        ({"web": "targetgroup/tg"}, "is no target group"),
        ({"web": f"{ARN}loadbalancer/app/a/1"}, "is no target group"),
        ({"we.b": "targetgroup/tg/1"}, "letters, digits, _ and single hyphens"),
        ({"a--b": "targetgroup/tg/1"}, "letters, digits, _ and single hyphens"),
        ("targetgroup/tg/1", "dictionary"),
        ([1], "dictionary"),
    ],
)
def test_anything_else_is_no_target_group(
    written: Any, words: str, target_of: Callable[..., Any]
) -> None:
    with pytest.raises(ValidationError, match=words):
        target_of(ALB, target_groups=written)


def test_a_group_has_both_dimensions(target_of: Callable[..., Any]) -> None:
    # Hosts are counted by target group and load balancer, never by load balancer alone.
    assert target_of(ALB).dimensions("blue") == {
        "TargetGroup": "targetgroup/django-tg/0123456789abcdef",
        "LoadBalancer": "app/django-alb/1234567890",
    }
