"""AWS's regions and the partitions that they are in.

As in the AWS SDK's own table, botocore's ``endpoints.json``, against which a test holds this one:
https://github.com/boto/botocore/blob/develop/botocore/data/endpoints.json
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Partition:
    """A part of AWS with accounts, regions and addresses of its own.

    Attributes:
        name: as ARNs have it, such as ``aws-cn``.
        domain: what the names of its services' endpoints end with.
        console: the host of its console, with ``{region}`` where the region is part of it.
        prefix: what the names of its regions begin with; empty for all that no other one takes.
        regions: its regions by name.
    """

    name: str
    domain: str
    console: str
    prefix: str
    regions: tuple[str, ...]


_COMMERCIAL: Final = Partition(
    name="aws",
    domain="amazonaws.com",
    console="{region}.console.aws.amazon.com",
    prefix="",
    regions=(
        "af-south-1",
        *("ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"),
        *("ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3"),
        *("ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7"),
        *("ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1"),
        *("eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3"),
        *("il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1"),
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2"),
    ),
)

_OTHERS: Final = (
    # https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-Beijing.html
    Partition(
        name="aws-cn",
        domain="amazonaws.com.cn",
        console="{region}.console.amazonaws.cn",
        prefix="cn-",
        regions=("cn-north-1", "cn-northwest-1"),
    ),
    # https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/getting-started-sign-in.html
    Partition(
        name="aws-us-gov",
        domain="amazonaws.com",
        console="console.amazonaws-us-gov.com",
        prefix="us-gov-",
        regions=("us-gov-east-1", "us-gov-west-1"),
    ),
    # https://docs.aws.eu/esc/latest/userguide/introduction.html
    Partition(
        name="aws-eusc",
        domain="amazonaws.eu",
        console="{region}.console.amazonaws-eusc.eu",
        prefix="eusc-",
        regions=("eusc-de-east-1",),
    ),
)


@cache
def partition_of(region: str) -> Partition:
    """The partition of a region, by its name; one that AWS makes later has its neighbours'."""
    return next(
        (partition for partition in _OTHERS if region.startswith(partition.prefix)), _COMMERCIAL
    )


def known_regions() -> Iterator[str]:
    """Every region on file."""
    for partition in (_COMMERCIAL, *_OTHERS):
        yield from partition.regions


def console_url(region: str) -> str:
    """Where the console of a region begins."""
    return f"https://{partition_of(region).console.format(region=region)}"
