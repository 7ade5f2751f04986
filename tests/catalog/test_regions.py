"""Partitions of AWS, by the names of their regions, and where their consoles begin."""

import pytest

from ecs_monitoring.catalog.regions import console_url, known_regions, partition_of


@pytest.mark.parametrize(
    ("region", "partition", "domain", "console"),
    [
        ("eu-west-1", "aws", "amazonaws.com", "eu-west-1.console.aws.amazon.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn", "cn-north-1.console.amazonaws.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com", "console.amazonaws-us-gov.com"),
        (
            "eusc-de-east-1",
            "aws-eusc",
            "amazonaws.eu",
            "eusc-de-east-1.console.amazonaws-eusc.eu",
        ),
        # Regions that are newer than the table.
        ("us-east-9", "aws", "amazonaws.com", "us-east-9.console.aws.amazon.com"),
        ("cn-south-1", "aws-cn", "amazonaws.com.cn", "cn-south-1.console.amazonaws.cn"),
    ],
)
def test_a_partition_and_its_console(
    region: str, partition: str, domain: str, console: str
) -> None:
    found = partition_of(region)
    assert (found.name, found.domain) == (partition, domain)
    assert console_url(region) == f"https://{console}"


def test_each_region_is_known_once_in_the_partition_that_its_name_says() -> None:
    known = list(known_regions())
    assert len(set(known)) == len(known)
    assert {"us-east-1", "cn-north-1", "us-gov-east-1", "eusc-de-east-1"} <= set(known)
    assert all(region in partition_of(region).regions for region in known)
