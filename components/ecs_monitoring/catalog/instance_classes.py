"""Memory and vCPUs of the Amazon RDS DB instance classes.

The figures are in ``instance_classes.json`` beside this file, with their sources:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
and the EC2 DescribeInstanceTypes output, read on 2026-11-24.
"""

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from ecs_monitoring.words import nearest_known

_DATA = Path(__file__).with_name("instance_classes.json")
_BYTES_PER_MIB = 1024**2


class UnknownInstanceClass(ValueError):
    """A DB instance class that is not in the catalog."""


@dataclass(frozen=True, slots=True)
class InstanceClass:
    """Hardware of one DB instance class.

    Attributes:
        name: The class as the RDS API names it, for example ``db.t4g.small``.
        memory_bytes: Nominal memory in bytes. RDS keeps a part of it for itself: see
            :func:`ecs_monitoring.catalog.estimated_class_memory`.
        vcpus: Number of virtual CPUs by default.
    """

    name: str
    memory_bytes: int
    vcpus: int


class _Hardware(TypedDict):
    memory_mib: int
    vcpus: int


@functools.cache
def _hardware() -> dict[str, _Hardware]:
    classes: dict[str, _Hardware] = json.loads(_DATA.read_bytes())["classes"]
    return classes


def instance_class(name: str) -> InstanceClass:
    """Return the hardware of the DB instance class ``name``, for example ``db.m7g.large``.

    Raises:
        UnknownInstanceClass: ``name`` is not in the catalog; the message gives the nearest names
            that are.
    """
    hardware = _hardware().get(name)
    if hardware is None:
        raise UnknownInstanceClass(
            f"unknown RDS instance class {name!r}{nearest_known(name, _hardware())}"
        )
    return InstanceClass(name, hardware["memory_mib"] * _BYTES_PER_MIB, hardware["vcpus"])
