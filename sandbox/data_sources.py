"""What a program may ask about the account, by the data source's token."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from sandbox.handlers.base import Place, from_api
from sandbox.wire import Properties

_HEALTH_CHECK: Final = {
    "healthyThreshold": "HealthyThresholdCount",
    "unhealthyThreshold": "UnhealthyThresholdCount",
    "interval": "HealthCheckIntervalSeconds",
    "timeout": "HealthCheckTimeoutSeconds",
    "protocol": "HealthCheckProtocol",
    "port": "HealthCheckPort",
    "path": "HealthCheckPath",
    "enabled": "HealthCheckEnabled",
}
_TARGET_GROUP: Final = {
    "arn": "TargetGroupArn",
    "id": "TargetGroupArn",
    "name": "TargetGroupName",
    "port": "Port",
    "protocol": "Protocol",
    "protocolVersion": "ProtocolVersion",
    "targetType": "TargetType",
    "vpcId": "VpcId",
    "loadBalancerArns": "LoadBalancerArns",
}


def _caller_identity(aws: Place, args: Properties) -> Properties:
    answer = aws.client("sts").get_caller_identity()
    account = answer["Account"]
    return {
        "id": account,
        "accountId": account,
        "arn": answer["Arn"],
        "userId": answer["UserId"],
    }


def _partition(aws: Place, args: Properties) -> Properties:
    partition = aws.clients.partition(aws.region)
    return {"id": partition, "partition": partition}


def _region(aws: Place, args: Properties) -> Properties:
    aws.clients.partition(aws.region)
    return {"id": aws.region, "name": aws.region, "region": aws.region}


def _target_group(aws: Place, args: Properties) -> Properties:
    by = {"TargetGroupArns": [args["arn"]]} if args.get("arn") else {"Names": [args["name"]]}
    groups = aws.client("elbv2").describe_target_groups(**by)["TargetGroups"]
    if not groups:
        raise LookupError(f"there is no target group {args.get('arn') or args['name']}")
    group = groups[0]
    check = from_api(_HEALTH_CHECK, group)
    matcher = group.get("Matcher", {})
    check["matcher"] = matcher.get("HttpCode") or matcher.get("GrpcCode") or ""
    return {**from_api(_TARGET_GROUP, group), "healthCheck": check}


DATA_SOURCES: Final[Mapping[str, Callable[[Place, Properties], Properties]]] = MappingProxyType(
    {
        "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
        "aws:index/getPartition:getPartition": _partition,
        "aws:index/getRegion:getRegion": _region,
        "aws:lb/getTargetGroup:getTargetGroup": _target_group,
    }
)
"""Every data source that can be asked here."""
