"""Names as AWS's services write them into their metrics, from the shapes in which people have them.

A dimension with anything else in it, such as the ARN that Pulumi gives as ``cluster.id``, is taken
by CloudWatch and never has data. An ARN becomes the name that it holds. What holds it not, or not
for certain, is refused with what to write.
"""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field, ValidationInfo

from ecs_monitoring.rules.arn import arn_resource
from ecs_monitoring.rules.target import UNKNOWN_FIELDS, DimensionValue

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
_ECS_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,255}")

# "Must contain from 1 to 63 letters, numbers, or hyphens", begins with a letter, neither ends with
# a hyphen nor has two in a row; "stored as a lowercase string":
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
_RDS_IDENTIFIER: Final = re.compile(r"[a-z](-?[a-z0-9])*")
_RDS_LENGTH: Final = 63

# DbiResourceId: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html
_RDS_RESOURCE_ID: Final = re.compile(r"db-[A-Z0-9]{26}")
_CLUSTER_RESOURCE_ID: Final = re.compile(r"cluster-[A-Z0-9]{26}")

# <identifier>.<account's own part>.<region>.rds.amazonaws.com, and .cn in China:
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CommonTasks.Connect.html
_RDS_ENDPOINT: Final = re.compile(
    r"(?P<name>[^.]+)\.(?P<own>[^.]+)\.[a-z0-9-]+\.rds\.amazonaws\.com(\.cn)?(:\d+)?", re.IGNORECASE
)

# Shape LogGroupName of the CloudWatch Logs service model.
_LOG_GROUP: Final = re.compile(r"[A-Za-z0-9_/.#-]+")
_LOG_GROUP_LENGTH: Final = 512


def _cluster(value: str) -> str:
    name = value
    if value.startswith("arn:"):
        kind, _, name = (arn_resource(value, "ecs") or "").partition("/")
        if kind != "cluster":
            raise ValueError(
                "is no ARN of an ECS cluster: write the cluster's name (in a Pulumi program: "
                "cluster.name) or arn:aws:ecs:<region>:<account>:cluster/<name>"
            )
    if not _ECS_NAME.fullmatch(name):
        raise ValueError(
            "is no name of an ECS cluster: write up to 255 letters, digits, - and _ (in a Pulumi "
            "program: cluster.name)"
        )
    return name


def _service(value: str, info: ValidationInfo) -> str:
    if value.startswith("arn:"):
        return _service_of_arn(value, info)
    _, slash, name = value.rpartition("/")
    if slash and _ECS_NAME.fullmatch(name):
        raise ValueError(
            f"holds the cluster too: write {name} as the service, and the cluster in cluster"
            " (in a Pulumi program: service.name and cluster.name)"
        )
    if not _ECS_NAME.fullmatch(value):
        raise ValueError(
            "is no name of an ECS service: write up to 255 letters, digits, - and _ (in a Pulumi "
            "program: service.name)"
        )
    return value


def _service_of_arn(value: str, info: ValidationInfo) -> str:
    """The service of an ARN, whose long form holds its cluster.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-arn-timeline
    """
    kind, *names = (arn_resource(value, "ecs") or "").split("/")
    if kind != "service" or len(names) not in (1, 2) or not all(map(_ECS_NAME.fullmatch, names)):
        raise ValueError(
            "is no ARN of an ECS service: write the service's name (in a Pulumi program: "
            "service.name) or arn:aws:ecs:<region>:<account>:service/<cluster>/<name>"
        )
    *cluster, name = names
    configured = info.data.get("cluster")
    unknown = "cluster" in (info.context or {}).get(UNKNOWN_FIELDS, ())
    if cluster and configured and not unknown and cluster != [configured]:
        raise ValueError(
            f"is a service of the cluster {cluster[0]}, and cluster says {configured}: write "
            f"cluster: {cluster[0]}, or a service of {configured}"
        )
    return name


def _instance(value: str) -> str:
    name = _out_of_rds_arn(value, "db", "instance")
    if _RDS_RESOURCE_ID.fullmatch(name):
        raise ValueError(_resource_id_fix("instance", "metric", "db.identifier"))
    if endpoint := _RDS_ENDPOINT.fullmatch(name):
        raise ValueError(_endpoint_fix(endpoint["name"].lower(), endpoint["own"].lower()))
    return _rds_identifier(name, "instance", "db.identifier")


def _db_cluster(value: str) -> str:
    name = _out_of_rds_arn(value, "cluster", "cluster")
    if _CLUSTER_RESOURCE_ID.fullmatch(name):
        raise ValueError(_resource_id_fix("cluster", "event", "cluster.cluster_identifier"))
    return _rds_identifier(name, "cluster", "cluster.cluster_identifier")


def _resource_id_fix(what: str, named_by: str, output: str) -> str:
    return (
        f"is the {what}'s resource id, which no {named_by} has: write its identifier (in a Pulumi "
        f"program: {output})"
    )


def _out_of_rds_arn(value: str, kind: str, what: str) -> str:
    """What an ARN of a kind of resource names; any other value as it is."""
    if not value.startswith("arn:"):
        return value
    sort, _, name = (arn_resource(value, "rds") or "").partition(":")
    if sort != kind:
        raise ValueError(
            f"is no ARN of a database {what}: write the {what}'s identifier, or "
            f"arn:aws:rds:<region>:<account>:{kind}:<identifier>"
        )
    return name


def _rds_identifier(name: str, what: str, output: str) -> str:
    """An identifier as RDS stores it; ``output`` is where a Pulumi program has it."""
    name = name.lower()
    if not _RDS_IDENTIFIER.fullmatch(name) or len(name) > _RDS_LENGTH:
        raise ValueError(
            f"is no identifier of a database {what}: write up to {_RDS_LENGTH} letters, digits "
            f"and single hyphens, a letter first (in a Pulumi program: {output})"
        )
    return name


def _endpoint_fix(name: str, own: str) -> str:
    # Aurora's endpoints of a whole cluster: cluster-…, cluster-ro-…, cluster-custom-….
    # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.Endpoints.html
    for cluster, whose in (("cluster-", "a cluster's"), ("proxy-", "a proxy's")):
        if own.startswith(cluster):
            return (
                f"is {whose} endpoint: write the identifier of the instance to watch, one target "
                "for each instance"
            )
    return (
        f"is the instance's endpoint: write its identifier, {name} (in a Pulumi program: "
        "db.identifier)"
    )


def _log_group(value: str) -> str:
    name = value
    if value.startswith("arn:"):
        kind, _, name = (arn_resource(value, "logs") or "").partition(":")
        name = name.removesuffix(":*")
        if kind != "log-group":
            raise ValueError(
                "is no ARN of a log group: write the group's name, or "
                "arn:aws:logs:<region>:<account>:log-group:<name>"
            )
    elif value.endswith(":*"):
        raise ValueError(f"ends as an ARN: write the group's name alone, {value[:-2]}")
    if not _LOG_GROUP.fullmatch(name):
        raise ValueError("is no log group: write letters, digits and _ - / . # only")
    if len(name) > _LOG_GROUP_LENGTH:
        raise ValueError(f"write at most {_LOG_GROUP_LENGTH} characters")
    return name


EcsCluster = Annotated[DimensionValue, AfterValidator(_cluster)]
"""The name of an ECS cluster, out of its ARN too."""

EcsService = Annotated[DimensionValue, AfterValidator(_service)]
"""The name of an ECS service, out of its ARN too; one that names another cluster is refused."""

RdsInstance = Annotated[DimensionValue, AfterValidator(_instance)]
"""The identifier of a database instance in lower case, as RDS stores it; out of its ARN too."""

RdsCluster = Annotated[DimensionValue, AfterValidator(_db_cluster)]
"""The identifier of a database cluster in lower case; out of its ARN too."""

LogGroupName = Annotated[str, Field(min_length=1), AfterValidator(_log_group)]
"""The name of a log group, out of its ARN too."""
