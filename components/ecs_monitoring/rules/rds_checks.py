"""Settings of an RDS instance that contradict each other."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ecs_monitoring.rules.rds_facts import SERVERLESS
from ecs_monitoring.rules.rds_volume import GP3, PROVISIONED

# "You must set the maximum storage threshold to at least 10% more than the current allocated
# storage", and RDS enlarges by 10 GiB or 10 % at least. A volume that it has enlarged may have come
# nearer, so that this is no mistake:
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
_LEAST_CEILING: Final = 110
_OF_A_VOLUME: Final = ("allocated_storage_gib", "max_allocated_storage_gib", "storage_type")

if TYPE_CHECKING:
    from ecs_monitoring.rules.rds_target import RdsTarget


def check_instance(target: "RdsTarget") -> None:
    """Hold an instance's settings against each other.

    Raises:
        ValueError: no instance is so; the message says what to write.
    """
    _check_capacity(target)
    grows = target.max_allocated_storage_gib
    if grows is not None and grows <= (target.allocated_storage_gib or 0):
        raise ValueError(
            f"max_allocated_storage_gib {grows} leaves no room above allocated_storage_gib "
            f"{target.allocated_storage_gib}: write the ceiling of storage autoscaling, or leave "
            "it out"
        )
    _check_volume(target)


def instance_doubts(target: "RdsTarget") -> Iterator[tuple[str, str]]:
    """Fields that change nothing, or would soon, with what to write instead."""
    for name in _OF_A_VOLUME:
        if target.is_aurora and getattr(target, name) is not None:
            yield name, "Aurora has no volume of which this could be: leave it out"
    size, ceiling = target.allocated_storage_gib, target.max_allocated_storage_gib
    if size and ceiling and not target.is_aurora and 100 * ceiling < _LEAST_CEILING * size:
        least = -(-_LEAST_CEILING * size // 100)
        yield (
            "max_allocated_storage_gib",
            f"{ceiling} is less than 10 % above allocated_storage_gib {size}, so that RDS enlarges "
            f"the volume no more: raise the ceiling to {least} or more",
        )


def _check_capacity(target: "RdsTarget") -> None:
    for name, acu in (("min_acu", target.min_acu), ("max_acu", target.max_acu)):
        if acu is not None and not target.is_serverless:
            raise ValueError(
                f"{name} is the capacity of {SERVERLESS}, and instance_class is "
                f"{target.instance_class}: leave it out"
            )
    if target.is_serverless and not target.is_aurora:
        raise ValueError(
            f"instance_class {SERVERLESS} is Aurora's, and engine is {target.engine}: write "
            f"aurora-{target.engine} or another class"
            if target.engine in ("postgres", "postgresql", "mysql")
            else f"instance_class {SERVERLESS} is Aurora's: write another class"
        )
    low, high = target.min_acu, target.max_acu
    if low is not None and high is not None and low > high:
        raise ValueError(
            f"min_acu {low:g} is more than max_acu {high:g}: write the cluster's range"
        )


def _check_volume(target: "RdsTarget") -> None:
    for name, types in PROVISIONED.items():
        if getattr(target, name) is None:
            continue
        if target.is_aurora:
            raise ValueError(f"{name} is a volume's, and Aurora has none: leave it out")
        if target.storage_type not in (None, *types):
            raise ValueError(
                f"{name} is provisioned for {' and '.join(types)} volumes, and storage_type "
                f"is {target.storage_type}: leave it out"
            )
    least = GP3.iops or 0
    if target.storage_type == "gp3" and target.iops is not None and target.iops < least:
        raise ValueError(
            f"iops {target.iops} is less than any gp3 volume has: write {least} or more"
        )
