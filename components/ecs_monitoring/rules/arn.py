"""ARNs: Amazon Resource Names, taken apart.

The form: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ecs_monitoring.catalog.regions import partition_of

_ARN: Final = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9-]+)"
    r":(?P<account>\d{12}):(?P<resource>\S+)"
)


@dataclass(frozen=True)
class Arn:
    """The parts of an ARN of something that is in a region and an account.

    Attributes:
        partition: ``aws``, ``aws-cn``, ``aws-us-gov``, …
        service: such as ``rds``.
        region: such as ``ap-northeast-1``.
        account: twelve digits.
        resource: what follows, such as ``db:django-db``.
    """

    partition: str
    service: str
    region: str
    account: str
    resource: str


def parse_arn(value: str) -> Arn | None:
    """The parts of an ARN; ``None`` where the value is none, or one without region or account."""
    match = _ARN.fullmatch(value)
    return Arn(**match.groupdict()) if match else None


def arn_resource(value: str, service: str) -> str | None:
    """The resource part of an ARN of a service; ``None`` where the value is no such ARN."""
    arn = parse_arn(value)
    return arn.resource if arn and arn.service == service else None


def arns_in(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, str, Arn]]:
    """Every ARN in a value, nested ones included.

    Yields:
        Where it stands (keys and places), its text, its parts.
    """
    if isinstance(value, str):
        if arn := parse_arn(value):
            yield path, value, arn
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from arns_in(item, (*path, key))
    elif isinstance(value, Sequence):
        for place, item in enumerate(value):
            yield from arns_in(item, (*path, place))


def partition_fault(arn: Arn, region: str | None) -> str:
    """What is wrong with an ARN's partition, beside its own region and another one; or nothing.

    Args:
        arn: of anything.
        region: of the stack; ``None`` where nobody knows it.
    """
    own = partition_of(arn.region).name
    if arn.partition != own:
        return f"{arn.region} is in the partition {own}: write arn:{own}:…"
    if region is not None and (wanted := partition_of(region).name) != own:
        return f"is in the partition {own}, and {region} in {wanted}: write one of {wanted}"
    return ""


def place_fault(
    arn: Arn, region: str | None, accounts: Sequence[str], *, region_of: str, account_of: str
) -> str:
    """Why no alarm could see the metrics of something, by its ARN; empty where one can.

    Args:
        arn: of what is watched.
        region: the alarms'; ``None`` where nobody knows it.
        accounts: those that the alarms may be in.
        region_of: whose region it is, in words.
        account_of: whose accounts these are, in words.
    """
    if fault := partition_fault(arn, region):
        return fault
    if region not in (None, arn.region):
        return (
            f"is in the region {arn.region}, and an alarm sees only metrics of its own: write one "
            f"of {region}, {region_of}"
        )
    if arn.account not in accounts:
        return (
            f"is in the account {arn.account}, and an alarm sees only metrics of its own: write "
            f"one of {' or '.join(accounts)}, {account_of}"
        )
    return ""
