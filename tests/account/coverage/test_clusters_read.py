"""ECS services, load balancers and metrics as they are read: batches, forms, what is left out."""

from typing import Any

import pytest

from account.account import Attempts
from account.coverage.alb_reader import read_load_balancers
from account.coverage.ecs_reader import read_ecs
from account.coverage.inventory import EcsService, TargetGroup
from account.coverage.known_metrics import nearest_in_words, shown, with_data
from ecs_monitoring.cloudwatch.definition import MetricKey
from tests.account.coverage.values import HOME
from tests.account.recorded import Answer, Recorded, refused

ARN = "arn:aws:elasticloadbalancing:x:1:"


def cluster(name: str, **changes: Any) -> dict[str, Any]:
    return {"clusterArn": f"arn/{name}", "clusterName": name, "status": "ACTIVE", **changes}


def service(name: str, **changes: Any) -> dict[str, Any]:
    return {"serviceName": name, "status": "ACTIVE", "desiredCount": 2, **changes}


def read(**answers: Answer) -> tuple[Any, list[str], list[tuple[str, dict[str, Any]]]]:
    usual: dict[str, Answer] = {
        "list_clusters": {"clusterArns": ["arn/main"]},
        "describe_clusters": {"clusters": [cluster("main")]},
        "list_services": {"serviceArns": ["s"]},
        "describe_services": {"services": [service("web")]},
        "describe_scalable_targets": {"ScalableTargets": []},
    }
    client, attempts = Recorded(**{**usual, **answers}), Attempts(HOME)
    return read_ecs(client, client, attempts), attempts.notes, client.asked


@pytest.mark.parametrize(
    ("settings", "is_on"),
    [
        ([{"name": "containerInsights", "value": "enabled"}], True),
        ([{"name": "containerInsights", "value": "enhanced"}], True),
        ([{"name": "containerInsights", "value": "disabled"}], False),
        ([{"name": "other", "value": "enabled"}], False),
        ([], False),
        (None, False),
    ],
)
def test_container_insights_by_the_clusters_settings(settings: Any, is_on: bool) -> None:
    of_cluster = {} if settings is None else {"settings": settings}
    (_, services), _, _ = read(describe_clusters={"clusters": [cluster("main", **of_cluster)]})
    assert services == (
        EcsService(cluster="main", name="web", desired=2, container_insights=is_on),
    )


def test_clusters_are_described_by_the_hundred_and_services_by_ten() -> None:
    def clusters(clusters: list[str], include: list[str]) -> dict[str, Any]:
        assert include == ["SETTINGS"]
        # One cluster alone, so that its services are asked for once.
        return {"clusters": [cluster("main")] if "arn/0" in clusters else []}

    _, _, asked = read(
        list_clusters={"clusterArns": [f"arn/{number}" for number in range(101)]},
        describe_clusters=clusters,
        list_services={"serviceArns": [f"s{number}" for number in range(11)]},
    )
    assert [len(of["clusters"]) for what, of in asked if what == "describe_clusters"] == [100, 1]
    services = [of for what, of in asked if what == "describe_services"]
    assert [len(of["services"]) for of in services] == [10, 1]
    assert {of["cluster"] for of in services} == {"arn/main"}
    assert [of for what, of in asked if what == "list_services"] == [{"cluster": "arn/main"}]


def test_what_is_not_active_is_left_out() -> None:
    (clusters, services), _, asked = read(
        describe_clusters={"clusters": [cluster("old", status="INACTIVE"), cluster("main")]},
        describe_services={"services": [service("a", status="DRAINING"), service("b")]},
    )
    assert clusters == ("main",)
    assert services == (EcsService(cluster="main", name="b", desired=2),)
    assert [of for what, of in asked if what == "list_services"] == [{"cluster": "arn/main"}]


def test_where_there_are_no_services_nobody_asks_how_they_scale() -> None:
    (clusters, services), notes, asked = read(describe_services={"services": []})
    assert (clusters, services, notes) == (("main",), (), [])
    assert [what for what, _ in asked][-1] == "describe_services"


def test_how_far_services_scale_in() -> None:
    targets = [
        {"ResourceId": "service/main/web", "MinCapacity": 0},
        {"ResourceId": "service/other/api", "MinCapacity": 5},
    ]
    (_, services), _, asked = read(
        describe_services={"services": [service("web"), service("api")]},
        describe_scalable_targets={"ScalableTargets": targets},
    )
    assert [one.least for one in services] == [0, None]
    assert (
        "describe_scalable_targets",
        {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"},
    ) in asked


def container(**options: str) -> dict[str, Any]:
    of_logs = {f"awslogs-{name}": value for name, value in options.items()}
    return {"logConfiguration": {"logDriver": "awslogs", "options": of_logs}}


def test_the_log_groups_of_services() -> None:
    def definition(taskDefinition: str) -> dict[str, Any]:  # noqa: N803
        containers = {
            "a": [
                container(group="/ecs/a"),
                container(group="/ecs/b", region=HOME),
                container(group="/ecs/a"),
                container(group="/ecs/far", region="us-east-1"),
                # Made by the driver itself, with a name that nobody knows.
                container(region=HOME),
                {"logConfiguration": {"logDriver": "splunk", "options": {"awslogs-group": "x"}}},
                {"logConfiguration": {"logDriver": "awslogs"}},
                {"name": "silent"},
            ],
            "b": [container(group="/ecs/b")],
        }
        return {"taskDefinition": {"containerDefinitions": containers[taskDefinition]}}

    (_, services), _, asked = read(
        describe_services={
            "services": [
                service("one", taskDefinition="a"),
                service("two", taskDefinition="b"),
                service("three", taskDefinition="a"),
                # Of an external deployment controller.
                service("four"),
            ]
        },
        describe_task_definition=definition,
    )
    assert [one.log_groups for one in services] == [
        ("/ecs/a", "/ecs/b"),
        ("/ecs/b",),
        ("/ecs/a", "/ecs/b"),
        (),
    ]
    # Each once.
    definitions = [of for what, of in asked if what == "describe_task_definition"]
    assert definitions == [{"taskDefinition": "a"}, {"taskDefinition": "b"}]


def balancers(**answers: Answer) -> tuple[Any, list[str], Recorded]:
    usual: dict[str, Answer] = {
        "describe_load_balancers": {
            "LoadBalancers": [
                {"LoadBalancerArn": f"{ARN}loadbalancer/{name}", "Type": type_}
                for name, type_ in (("app/a/1", "application"), ("net/n/2", "network"))
            ]
        },
        "describe_target_groups": {"TargetGroups": []},
        "describe_target_health": {"TargetHealthDescriptions": [{}, {}, {}]},
    }
    client, attempts = Recorded(**{**usual, **answers}), Attempts(HOME)
    return read_load_balancers(client, attempts), attempts.notes, client


def target_group(name: str, *of: str, **changes: Any) -> dict[str, Any]:
    arns = [f"{ARN}loadbalancer/{one}" for one in of]
    return {"TargetGroupArn": f"{ARN}targetgroup/{name}/3", "LoadBalancerArns": arns, **changes}


def test_target_groups() -> None:
    groups = [
        target_group("web", "app/a/1"),
        target_group("spare"),
        target_group("net", "net/n/2"),
        target_group("both", "app/a/1", "net/n/2"),
        target_group("off", "app/a/1", HealthCheckEnabled=False),
    ]
    (found, groups_found), notes, client = balancers(
        describe_target_groups={"TargetGroups": groups}
    )
    assert (found, notes) == (("app/a/1",), [])
    assert groups_found == (
        TargetGroup(suffix="targetgroup/web/3", load_balancer="app/a/1", targets=3),
        TargetGroup(suffix="targetgroup/spare/3", load_balancer=""),
        TargetGroup(suffix="targetgroup/off/3", load_balancer="app/a/1", is_checked=False),
    )
    # Targets are counted where a group is in use and checked.
    counted = [of for what, of in client.asked if what == "describe_target_health"]
    assert counted == [{"TargetGroupArn": f"{ARN}targetgroup/web/3"}]


def test_load_balancers_that_are_refused() -> None:
    (found, groups), notes, _ = balancers(describe_load_balancers=refused())
    assert (found, groups) == (None, ())
    assert [note.partition(" could")[0] for note in notes] == [f"{HOME}: load balancers"]


CPU = MetricKey(namespace="Shop", name="CPU", dimensions=frozenset({("Service", "web")}))


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({}, ""),
        ({("Shop", "Memory"): frozenset({CPU.dimensions})}, ""),
        (
            {("Shop", "CPU"): frozenset({frozenset({("Service", "webs"), ("Az", "a")})})},
            "; there is some for (Az a, Service webs)",
        ),
        # Of as alike ones those that come first by their words.
        (
            {
                ("Shop", "CPU"): frozenset(
                    frozenset({("Service", value)}) for value in ("d", "c", "a", "xyz")
                )
            },
            "; there is some for (Service a), (Service c), (Service d)",
        ),
        (
            {("Shop", "CPU"): frozenset({frozenset[tuple[str, str]]()})},
            "; there is some for (no dimensions)",
        ),
    ],
)
def test_what_has_data_beside_a_metric_without(known: Any, words: str) -> None:
    assert nearest_in_words(CPU, known) == words
    assert with_data(known, CPU) == known.get(("Shop", "CPU"), frozenset())


def test_dimensions_in_words() -> None:
    assert shown(frozenset({("b", "1"), ("a", "2")})) == "a 2, b 1"
    assert shown(frozenset()) == "no dimensions"
