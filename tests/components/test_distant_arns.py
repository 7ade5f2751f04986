"""ARNs of another Region, partition or account than the provider's: their metrics are there."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

import ecs_monitoring as watch
from tests.components.registered import alarms
from tests.components.small import ROUTING, RunComponents
from tests.components.test_outputs import later

# What stands in for the provider is in ap-northeast-1, in AWS's example account.
HERE = "arn:aws:ecs:ap-northeast-1:123456789012"

KNOWN = [pytest.param(str, id="at once"), pytest.param(later, id="later")]
DISTANT = [
    pytest.param(
        "arn:aws:ecs:us-west-2:123456789012",
        "is in the region us-west-2, .* write one of ap-northeast-1, the provider's region",
        id="region",
    ),
    pytest.param(
        "arn:aws:ecs:ap-northeast-1:210987654321",
        "is in the account 210987654321, .* write one of 123456789012, the provider's account",
        id="account",
    ),
    pytest.param(
        "arn:aws-cn:ecs:cn-north-1:123456789012",
        "is in the partition aws-cn, and ap-northeast-1 in aws: write one of aws",
        id="partition",
    ),
    pytest.param(
        "arn:aws-cn:ecs:ap-northeast-1:123456789012",
        "ap-northeast-1 is in the partition aws: write arn:aws:",
        id="partition of another region",
    ),
]


def watched(cluster: Any, **options: Any) -> None:
    service = watch.EcsTargetArgs(cluster=cluster, service="web")
    args = watch.EcsMonitoringArgs(targets={"web": service}, routing=ROUTING)
    pulumi.export("alarms", watch.EcsMonitoring("ecs", args, **options).alarms)


@pytest.mark.parametrize("known_at", KNOWN)
def test_an_arn_of_the_providers_own_place_is_taken(
    run_components: RunComponents, known_at: Any
) -> None:
    run = run_components(lambda: watched(known_at(f"{HERE}:cluster/shop")))
    dimensions = alarms(run)["ecs.cpu-high@web"].inputs["dimensions"]
    assert dimensions == {"ClusterName": "shop", "ServiceName": "web"}


@pytest.mark.parametrize("known_at", KNOWN)
@pytest.mark.parametrize(("place", "says"), DISTANT)
def test_another_one_is_refused_by_its_field(
    run_components: RunComponents, known_at: Any, place: str, says: str
) -> None:
    with pytest.raises(watch.InvalidArgsError, match=says) as caught:
        run_components(lambda: watched(known_at(f"{place}:cluster/shop")))
    assert caught.value.field == "targets.web.cluster"


@pytest.mark.parametrize("known_at", KNOWN)
def test_a_nested_one_is_refused_by_its_place(run_components: RunComponents, known_at: Any) -> None:
    group = "arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/web/0123456789abcdef"

    def program() -> None:
        balancer = watch.AlbTargetArgs(
            load_balancer="app/shop/0123456789abcdef", target_groups={"web": known_at(group)}
        )
        watch.AlbMonitoring(
            "alb", watch.AlbMonitoringArgs(targets={"main": balancer}, routing=ROUTING)
        )

    with pytest.raises(watch.InvalidArgsError, match="is in the region us-west-2") as caught:
        run_components(program)
    assert caught.value.field == "targets.main.target_groups.web"


def test_events_are_of_the_providers_place_too(run_components: RunComponents) -> None:
    def program() -> None:
        service = watch.EcsTargetArgs(
            cluster=later("arn:aws:ecs:us-west-2:123456789012:cluster/shop"), service="web"
        )
        topics: Any = {"critical": ["arn"], "warning": ["arn"]}
        watch.EventMonitoring(
            "events", watch.EventMonitoringArgs(topics=topics, ecs={"web": service})
        )

    with pytest.raises(watch.InvalidArgsError, match="is in the region us-west-2") as caught:
        run_components(program)
    assert caught.value.field == "ecs.web.cluster"


def test_a_provider_of_its_own_says_where_it_is(run_components: RunComponents) -> None:
    def program() -> None:
        oregon = aws.Provider("oregon", region="us-west-2")
        cluster = later("arn:aws:ecs:us-west-2:123456789012:cluster/shop")
        watched(cluster, opts=pulumi.ResourceOptions(providers={"aws": oregon}))

    assert "ecs.cpu-high@web" in alarms(run_components(program))
