"""Reads ECS: clusters, services, how far they scale in, and where their tasks write logs.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from account.account import Attempts, every_item, in_batches
from account.coverage.inventory import EcsService

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeClusters.html
_CLUSTERS_A_CALL: Final = 100
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
_SERVICES_A_CALL: Final = 10

_ACTIVE: Final = "ACTIVE"

# "enhanced" is Container Insights with enhanced observability:
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ClusterSetting.html
_INSIGHTS: Final = ("enabled", "enhanced")


def read_ecs(
    ecs: Any, autoscaling: Any, attempts: Attempts
) -> tuple[tuple[str, ...] | None, tuple[EcsService, ...] | None]:
    """Names of the active clusters, and the active services.

    Args:
        ecs: boto3 client.
        autoscaling: boto3 client of ``application-autoscaling``.
        attempts: takes note of what could not be looked at.
    """
    clusters = attempts.of("ECS clusters", lambda: _clusters(ecs))
    if clusters is None:
        return None, None
    names = tuple(cluster["clusterName"] for cluster in clusters)
    described = attempts.of(
        "ECS services",
        lambda: [fields for c in clusters for fields in _services(ecs, c)],
    )
    if described is None:
        return names, None
    services = _scaled(
        [_service(cluster, fields) for cluster, fields in described],
        autoscaling,
        attempts,
    )
    written = _log_groups(ecs, [fields for _, fields in described], attempts)
    return names, tuple(
        replace(service, log_groups=written.get(fields.get("taskDefinition", ""), ()))
        for service, (_, fields) in zip(services, described, strict=True)
    )


def _clusters(ecs: Any) -> list[dict[str, Any]]:
    arns = list(every_item(ecs, "list_clusters", "clusterArns"))
    return [
        cluster
        for some in in_batches(arns, _CLUSTERS_A_CALL)
        for cluster in ecs.describe_clusters(clusters=some, include=["SETTINGS"])["clusters"]
        if cluster["status"] == _ACTIVE
    ]


def _services(ecs: Any, cluster: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    arn = cluster["clusterArn"]
    arns = list(every_item(ecs, "list_services", "serviceArns", cluster=arn))
    return [
        (cluster, service)
        for some in in_batches(arns, _SERVICES_A_CALL)
        for service in ecs.describe_services(cluster=arn, services=some)["services"]
        if service["status"] == _ACTIVE
    ]


def _service(cluster: Mapping[str, Any], service: Mapping[str, Any]) -> EcsService:
    settings = {setting["name"]: setting["value"] for setting in cluster.get("settings", ())}
    return EcsService(
        cluster=cluster["clusterName"],
        name=service["serviceName"],
        desired=service["desiredCount"],
        container_insights=settings.get("containerInsights") in _INSIGHTS,
    )


def _scaled(
    services: Sequence[EcsService], autoscaling: Any, attempts: Attempts
) -> list[EcsService]:
    """The services with the number of tasks that they keep at least.

    https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html
    """
    if not services:
        return []
    least = attempts.of("how far ECS services scale in", lambda: _least(autoscaling)) or {}
    return [
        replace(service, least=least.get(f"service/{service.cluster}/{service.name}"))
        for service in services
    ]


def _least(autoscaling: Any) -> dict[str, int]:
    targets = every_item(
        autoscaling,
        "describe_scalable_targets",
        "ScalableTargets",
        ServiceNamespace="ecs",
        ScalableDimension="ecs:service:DesiredCount",
    )
    return {target["ResourceId"]: target["MinCapacity"] for target in targets}


def _log_groups(
    ecs: Any, services: Iterable[Mapping[str, Any]], attempts: Attempts
) -> dict[str, tuple[str, ...]]:
    """Task definition to the log groups that it writes to."""
    # A service of an external deployment controller has its task definitions elsewhere.
    arns = dict.fromkeys(arn for service in services if (arn := service.get("taskDefinition")))

    def ask() -> dict[str, tuple[str, ...]]:
        return {
            arn: tuple(
                dict.fromkeys(
                    _groups(
                        ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"],
                        attempts.region,
                    )
                )
            )
            for arn in arns
        }

    return attempts.of("task definitions, for the log groups of ECS services,", ask) or {}


def _groups(definition: Mapping[str, Any], region: str) -> Iterator[str]:
    """The log groups of the region that its containers write to.

    The ``awslogs`` driver may write to another region:
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html
    """
    for container in definition["containerDefinitions"]:
        logging = container.get("logConfiguration", {})
        options = logging.get("options", {})
        if (
            logging.get("logDriver") == "awslogs"
            and options.get("awslogs-region", region) == region
            and "awslogs-group" in options
        ):
            yield options["awslogs-group"]
