"""Instance classes against the table that AWS publishes.

Hand-copied on 2026-11-24 from
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
"""

import dataclasses
import time

import pytest

import ecs_monitoring.catalog.instance_classes as module
from ecs_monitoring.catalog import InstanceClass, UnknownInstanceClass, instance_class

# vCPUs and memory in GiB of the largest class that is not metal of every family, and of a few
# small ones.
PUBLISHED = {
    "db.m8g.48xlarge": (192, 768),
    "db.m8gd.48xlarge": (192, 768),
    "db.m7i.48xlarge": (192, 768),
    "db.m7g.16xlarge": (64, 256),
    "db.m6g.16xlarge": (64, 256),
    "db.m6gd.16xlarge": (64, 256),
    "db.m6id.32xlarge": (128, 512),
    "db.m6idn.32xlarge": (128, 512),
    "db.m6in.32xlarge": (128, 512),
    "db.m6i.32xlarge": (128, 512),
    "db.m5d.24xlarge": (96, 384),
    "db.m5.24xlarge": (96, 384),
    "db.m5.large": (2, 8),
    "db.m4.10xlarge": (40, 160),
    "db.z1d.12xlarge": (48, 384),
    "db.x2g.16xlarge": (64, 1024),
    "db.x2g.large": (2, 32),
    "db.x2idn.32xlarge": (128, 2048),
    "db.x2iedn.32xlarge": (128, 4096),
    "db.x2iezn.12xlarge": (48, 1536),
    "db.x1e.32xlarge": (128, 3904),
    "db.x1.32xlarge": (128, 1952),
    "db.r8gd.48xlarge": (192, 1536),
    "db.r8g.48xlarge": (192, 1536),
    "db.r7i.48xlarge": (192, 1536),
    "db.r7g.16xlarge": (64, 512),
    "db.r6g.16xlarge": (64, 512),
    "db.r6gd.16xlarge": (64, 512),
    "db.r6id.32xlarge": (128, 1024),
    "db.r6idn.32xlarge": (128, 1024),
    "db.r6in.32xlarge": (128, 1024),
    "db.r6i.32xlarge": (128, 1024),
    "db.r5d.24xlarge": (96, 768),
    "db.r5b.24xlarge": (96, 768),
    "db.r5.24xlarge": (96, 768),
    "db.r5.large": (2, 16),
    "db.r4.large": (2, 15.25),
    "db.c6gd.medium": (1, 2),
    "db.t4g.2xlarge": (8, 32),
    "db.t4g.micro": (2, 1),
    "db.t3.2xlarge": (8, 32),
    "db.t3.small": (2, 2),
    "db.t2.micro": (1, 1),
}

# Sizes in steps of the published tables, smallest first.
_LARGE_TO_16 = ("large", "xlarge", *(f"{n}xlarge" for n in (2, 4, 8, 12, 16)))
OFFERED = {
    "t3": ("micro", "small", "medium", "large", "xlarge", "2xlarge"),
    "t4g": ("micro", "small", "medium", "large", "xlarge", "2xlarge"),
    "m5": (*_LARGE_TO_16, "24xlarge"),
    "m6g": _LARGE_TO_16,
    "m6i": (*_LARGE_TO_16, "24xlarge", "32xlarge"),
    "m7g": _LARGE_TO_16,
    "m7i": (*_LARGE_TO_16, "24xlarge", "48xlarge"),
    "m8g": (*_LARGE_TO_16, "24xlarge", "48xlarge"),
    "r5": (*_LARGE_TO_16, "24xlarge"),
    "r6g": _LARGE_TO_16,
    "r6i": (*_LARGE_TO_16, "24xlarge", "32xlarge"),
    "r7g": _LARGE_TO_16,
    "r7i": (*_LARGE_TO_16, "24xlarge", "48xlarge"),
    "r8g": (*_LARGE_TO_16, "24xlarge", "48xlarge"),
    "x2g": _LARGE_TO_16,
}

NOT_OFFERED = [
    "db.t3.nano",
    "db.t4g.nano",
    "db.m6g.medium",
    "db.r8g.medium",
    "db.x2g.medium",
    "db.m5.metal",
    "db.m7i.metal-24xl",
    "db.serverless",
]


@pytest.mark.parametrize(("name", "vcpus", "gib"), [(n, *v) for n, v in PUBLISHED.items()])
def test_hardware_is_what_aws_publishes(name: str, vcpus: int, gib: float) -> None:
    found = instance_class(name)
    assert found == InstanceClass(name=name, memory_bytes=int(gib * 2**30), vcpus=vcpus)


@pytest.mark.parametrize(("family", "sizes"), OFFERED.items())
def test_every_offered_size_of_a_family_is_known(family: str, sizes: tuple[str, ...]) -> None:
    memory = [instance_class(f"db.{family}.{size}").memory_bytes for size in sizes]
    assert memory == sorted(set(memory))


@pytest.mark.parametrize("name", NOT_OFFERED)
def test_what_rds_does_not_offer_is_unknown(name: str) -> None:
    with pytest.raises(UnknownInstanceClass):
        instance_class(name)


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [
        ("db.m5.lareg", "db.m5.large"),
        ("t4g.micro", "db.t4g.micro"),
        ("DB.R6G.XLARGE", "db.r6g.xlarge"),
    ],
)
def test_the_error_names_the_class_and_the_nearest_known(mistyped: str, meant: str) -> None:
    with pytest.raises(UnknownInstanceClass) as error:
        instance_class(mistyped)
    message = str(error.value)
    assert repr(mistyped) in message
    assert meant in message.partition("nearest known: ")[2].split(", ")


def test_the_error_for_a_name_like_no_class_suggests_none() -> None:
    with pytest.raises(UnknownInstanceClass) as error:
        instance_class("???")
    assert str(error.value) == "unknown RDS instance class '???'"


def test_an_instance_class_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        instance_class("db.m5.large").vcpus = 4  # type: ignore[misc]


def test_the_first_look_up_reads_the_file_within_two_milliseconds() -> None:
    def first_look_up() -> float:
        module._hardware.cache_clear()
        start = time.perf_counter()
        instance_class("db.m5.large")
        return time.perf_counter() - start

    # The best of many, for another process may take the processor during any single one.
    assert min(first_look_up() for _ in range(30)) < 0.002
