"""ARNs: Amazon Resource Names, taken apart.

The form: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

import re
from dataclasses import dataclass
from typing import Final

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
