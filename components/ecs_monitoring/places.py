"""Refuses what is in another Region, partition or account than the alarms that would watch it."""

from collections.abc import Mapping
from typing import Any

from ecs_monitoring.args import InvalidArgsError
from ecs_monitoring.aws_identity import AwsIdentity
from ecs_monitoring.rules.arn import arns_in, place_fault


def refuse_distant(fields: Mapping[str, Any], at: AwsIdentity, path: str) -> None:
    """Fields of a target, once they are known, beside where the component's provider works.

    Args:
        fields: values by field; names say nothing of where they are, and pass.
        at: where the provider works.
        path: the target's, for messages.

    Raises:
        InvalidArgsError: an ARN of another Region, partition or account.
    """
    for keys, text, arn in arns_in(fields):
        fault = place_fault(
            arn,
            at.region,
            [at.account],
            region_of="the provider's region",
            account_of="the provider's account",
        )
        if fault:
            where = ".".join([path, *map(str, keys)])
            raise InvalidArgsError.at(where, f"{text} {fault}")
