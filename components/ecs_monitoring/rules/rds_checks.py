"""Settings of an RDS instance that contradict each other."""

from typing import TYPE_CHECKING

from ecs_monitoring.rules.rds_facts import SERVERLESS
from ecs_monitoring.rules.rds_volume import GP3, PROVISIONED

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
