"""ARNs taken apart, and why an alarm could not see what they name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

import pytest

from ecs_monitoring.rules.arn import (
    Arn,
    arn_resource,
    arns_in,
    parse_arn,
    partition_fault,
    place_fault,
)

TEXT = "arn:aws:rds:eu-west-1:123456789012:db:shop"
ARN = Arn("aws", "rds", "eu-west-1", "123456789012", "db:shop")
CHINA = Arn("aws-cn", "ecs", "cn-north-1", "123456789012", "cluster/shop")


@pytest.mark.parametrize(
    ("text", "arn"),
    [
        (TEXT, ARN),
        ("arn:aws-cn:ecs:cn-north-1:123456789012:cluster/shop", CHINA),
        # Of a bucket or of a role: in no region, or in no account.
        ("arn:aws:s3:::bucket", None),
        ("arn:aws:iam::123456789012:role/r", None),
        ("arn:aws:rds:eu-west-1:12345678901:db:shop", None),
        ("arn:aws:rds:eu-west-1:1234567890123:db:shop", None),
        ("arn:gcp:rds:eu-west-1:123456789012:db:shop", None),
        (f"{TEXT} ", None),
        (f" {TEXT}", None),
        ("arn:aws:rds:eu-west-1:123456789012:", None),
        ("shop", None),
    ],
)
def test_the_parts_of_an_arn(text: str, arn: Arn | None) -> None:
    assert parse_arn(text) == arn


def test_the_resource_of_a_service() -> None:
    assert arn_resource(TEXT, "rds") == "db:shop"
    assert arn_resource(TEXT, "ecs") is None
    assert arn_resource("db:shop", "rds") is None


def test_arns_are_found_wherever_they_stand() -> None:
    value = {"main": {"instance": TEXT, "size": 3}, "more": ["shop", (TEXT,)], "none": None}
    assert list(arns_in(value)) == [
        (("main", "instance"), TEXT, ARN),
        (("more", 1, 0), TEXT, ARN),
    ]
    assert list(arns_in(TEXT)) == [((), TEXT, ARN)]


@pytest.mark.parametrize(
    ("arn", "region", "fault"),
    [
        (ARN, "eu-west-1", ""),
        (ARN, "us-east-1", ""),
        (ARN, None, ""),
        (CHINA, "cn-northwest-1", ""),
        (CHINA, None, ""),
        (
            CHINA,
            "eu-west-1",
            "is in the partition aws-cn, and eu-west-1 in aws: write one of aws",
        ),
        (
            Arn("aws", "ecs", "cn-north-1", "123456789012", "cluster/shop"),
            None,
            "cn-north-1 is in the partition aws-cn: write arn:aws-cn:…",
        ),
    ],
)
def test_a_partition_is_that_of_its_region(arn: Arn, region: str | None, fault: str) -> None:
    assert partition_fault(arn, region) == fault


ELSEWHERE = "is in the region eu-west-1, and an alarm sees only metrics of its own: write one of "


@pytest.mark.parametrize(
    ("arn", "region", "accounts", "fault"),
    [
        (ARN, "eu-west-1", ["123456789012"], ""),
        (ARN, None, ["210987654321", "123456789012"], ""),
        (ARN, "us-east-1", ["123456789012"], f"{ELSEWHERE}us-east-1, the stack's region"),
        (
            ARN,
            "eu-west-1",
            ["210987654321", "111111111111"],
            "is in the account 123456789012, and an alarm sees only metrics of its own: write one "
            "of 210987654321 or 111111111111, the stack's accounts",
        ),
        # The partition is said first, and the region before the account.
        (ARN, "us-east-1", [], f"{ELSEWHERE}us-east-1, the stack's region"),
        (
            CHINA,
            "eu-west-1",
            [],
            "is in the partition aws-cn, and eu-west-1 in aws: write one of aws",
        ),
    ],
)
def test_what_an_alarm_cannot_see(
    arn: Arn, region: str | None, accounts: list[str], fault: str
) -> None:
    said = {"region_of": "the stack's region", "account_of": "the stack's accounts"}
    assert place_fault(arn, region, accounts, **said) == fault
