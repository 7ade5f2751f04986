"""CPU credits of the burstable DB instance classes.

AWS's credit table, of which RDS has the sizes from micro on (read on 2026-11-27):
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ecs_monitoring.catalog.instance_classes import InstanceClass

_NEWER: Final[Mapping[str, float]] = MappingProxyType(
    {"micro": 12, "small": 24, "medium": 24, "large": 36, "xlarge": 96, "2xlarge": 192}
)
_EARNED_AN_HOUR: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        "t2": MappingProxyType(
            {"micro": 6, "small": 12, "medium": 24, "large": 36, "xlarge": 54, "2xlarge": 81.6}
        ),
        "t3": _NEWER,
        "t4g": _NEWER,
    }
)

# "The number of credits that can be accrued is equivalent to the number of credits that can be
# earned in a 24-hour period."
_HOURS: Final = 24

# T2 alone gets them at each start, a vCPU, and they "do not count towards the limit":
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-standard-mode-concepts.html
_LAUNCH_CREDITS: Final = 30


def most_cpu_credits(instance: InstanceClass) -> float | None:
    """The highest balance of CPU credits that an instance can have; ``None`` if none is on file."""
    _, family, size = instance.name.split(".")
    sizes = _EARNED_AN_HOUR.get(family)
    earned = sizes.get(size) if sizes else None
    if earned is None:
        return None
    return earned * _HOURS + (_LAUNCH_CREDITS * instance.vcpus if family == "t2" else 0)
