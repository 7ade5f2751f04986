"""ECS and load balancers: pages, batches, and what is left out."""

from datetime import UTC, datetime
from typing import Any

from account.account import Attempts
from account.coverage.alb_reader import read_load_balancers
from account.coverage.ecs_reader import read_ecs
from account.coverage.inventory import EcsService, TargetGroup
from tests.account.coverage.answers import ARN, Answers, answering
from tests.account.coverage.values import HOME


def ecs_arn(kind: str, name: str) -> str:
    return ARN.format(service="ecs", rest=f"{kind}/{name}")


def cluster(name: str, insights: str = "disabled", status: str = "ACTIVE") -> dict[str, Any]:
    return {
        "clusterArn": ecs_arn("cluster", name),
        "clusterName": name,
        "status": status,
        "settings": [{"name": "containerInsights", "value": insights}],
    }


def ecs_service(name: str, status: str = "ACTIVE", definition: str = "app:1") -> dict[str, Any]:
    found = {"serviceName": name, "status": status, "desiredCount": 2}
    return found | (
        {"taskDefinition": ecs_arn("task-definition", definition)} if definition else {}
    )


def container(driver: str, **options: str) -> dict[str, Any]:
    named = {f"awslogs-{name}": value for name, value in options.items()}
    return {"logConfiguration": {"logDriver": driver, "options": named}}


def test_clusters_and_services() -> None:
    """Two pages each, ten services a call, and only what is active."""
    names = [f"s{number:02}" for number in range(11)]
    arns = [ecs_arn("service", f"main/{name}") for name in names]
    main, old = ecs_arn("cluster", "main"), ecs_arn("cluster", "old")
    listed = {"clusters": [main, old], "include": ["SETTINGS"]}
    ten = [ecs_service(name, definition="" if name == "s00" else "app:1") for name in names[:10]]
    definition = {
        "containerDefinitions": [
            container("awslogs", group="/ecs/app", region=HOME),
            container("awslogs", group="/ecs/app", region=HOME),
            container("awslogs", group="/ecs/far", region="us-east-1"),
            container("awsfirelens", group="/ecs/fire"),
            {"name": "silent"},
        ]
    }
    answers: Answers = [
        ("list_clusters", {}, {"clusterArns": [main], "nextToken": "more"}),
        ("list_clusters", {"nextToken": "more"}, {"clusterArns": [old]}),
        (
            "describe_clusters",
            listed,
            {"clusters": [cluster("main", "enhanced"), cluster("old", status="INACTIVE")]},
        ),
        ("list_services", {"cluster": main}, {"serviceArns": arns[:6], "nextToken": "2"}),
        ("list_services", {"cluster": main, "nextToken": "2"}, {"serviceArns": arns[6:]}),
        ("describe_services", {"cluster": main, "services": arns[:10]}, {"services": ten}),
        (
            "describe_services",
            {"cluster": main, "services": arns[10:]},
            {"services": [ecs_service("s10", "DRAINING")]},
        ),
        (
            "describe_task_definition",
            {"taskDefinition": ecs_arn("task-definition", "app:1")},
            {"taskDefinition": definition},
        ),
    ]
    scaling = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}
    target = {
        **scaling,
        "MaxCapacity": 9,
        "RoleARN": ARN.format(service="iam", rest="role/x"),
        "CreationTime": datetime(2026, 1, 1, tzinfo=UTC),
    }
    targets: Answers = [
        (
            "describe_scalable_targets",
            scaling,
            {
                "ScalableTargets": [{**target, "ResourceId": "service/x/s01", "MinCapacity": 7}],
                "NextToken": "n",
            },
        ),
        (
            "describe_scalable_targets",
            {**scaling, "NextToken": "n"},
            {"ScalableTargets": [{**target, "ResourceId": "service/main/s01", "MinCapacity": 1}]},
        ),
    ]
    attempts = Attempts(HOME)
    with (
        answering("ecs", answers) as ecs,
        answering("application-autoscaling", targets) as autoscaling,
    ):
        clusters, services = read_ecs(ecs, autoscaling, attempts)
    assert attempts.notes == []
    assert clusters == ("main",)
    assert services is not None
    assert [service.name for service in services] == names[:10]
    assert services[0].log_groups == ()
    assert services[1] == EcsService(
        cluster="main",
        name="s01",
        desired=2,
        least=1,
        container_insights=True,
        log_groups=("/ecs/app",),
    )
    assert services[2].least is None


def test_load_balancers_and_target_groups() -> None:
    """Application load balancers alone, and groups of theirs or of none."""
    arn = ARN.format(service="elasticloadbalancing", rest="{}")
    app, net = arn.format("loadbalancer/app/shop/1"), arn.format("loadbalancer/net/raw/2")

    def group(name: str, *balancers: str, **changes: Any) -> dict[str, Any]:
        return {
            "TargetGroupArn": arn.format(f"targetgroup/{name}/3"),
            "LoadBalancerArns": list(balancers),
            "HealthCheckEnabled": True,
            **changes,
        }

    web = group("web", app)
    answers: Answers = [
        (
            "describe_load_balancers",
            {},
            {"LoadBalancers": [{"LoadBalancerArn": net, "Type": "network"}], "NextMarker": "m"},
        ),
        (
            "describe_load_balancers",
            {"Marker": "m"},
            {"LoadBalancers": [{"LoadBalancerArn": app, "Type": "application"}]},
        ),
        ("describe_target_groups", {}, {"TargetGroups": [web], "NextMarker": "g"}),
        (
            "describe_target_groups",
            {"Marker": "g"},
            {
                "TargetGroups": [
                    group("raw", net),
                    group("spare"),
                    group("fn", app, HealthCheckEnabled=False),
                ]
            },
        ),
        (
            "describe_target_health",
            {"TargetGroupArn": web["TargetGroupArn"]},
            {"TargetHealthDescriptions": [{"Target": {"Id": "a"}}, {"Target": {"Id": "b"}}]},
        ),
    ]
    attempts = Attempts(HOME)
    with answering("elbv2", answers) as elbv2:
        balancers, groups = read_load_balancers(elbv2, attempts)
    assert attempts.notes == []
    assert balancers == ("app/shop/1",)
    assert groups == (
        TargetGroup(suffix="targetgroup/web/3", load_balancer="app/shop/1", targets=2),
        TargetGroup(suffix="targetgroup/spare/3", load_balancer=""),
        TargetGroup(suffix="targetgroup/fn/3", load_balancer="app/shop/1", is_checked=False),
    )
