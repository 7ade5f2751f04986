"""The volumes of RDS instances: what each type can do."""

from typing import Final, Literal, NamedTuple

StorageType = Literal["gp2", "gp3", "io1", "io2", "standard"]


class VolumeLimits(NamedTuple):
    """What a volume can do; ``None`` for what is not known of it."""

    iops: int | None
    throughput_mibps: int | None


# What a gp3 volume has without more being bought: 3,000 IOPS and 125 MiB/s; from a size on that
# RDS stripes over four volumes, 12,000 and 500. SQL Server's are never striped.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
# https://github.com/hashicorp/terraform-provider-aws/issues/28382
GP3: Final = VolumeLimits(iops=3000, throughput_mibps=125)
_GP3_STRIPED: Final = VolumeLimits(iops=12_000, throughput_mibps=500)
_STRIPED_FROM_GIB: Final = 400
_ORACLE_STRIPED_FROM_GIB: Final = 200

# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#USER_PIOPS
LEAST_IOPS: Final = 1000
MOST_IOPS: Final = 256_000
MOST_THROUGHPUT_MIBPS: Final = 4000

PROVISIONED: Final = {
    "iops": ("gp3", "io1", "io2"),
    "storage_throughput_mibps": ("gp3",),
}
"""Which types of volumes each number is bought for."""


def gp3_limits(engine: str, size: int | None, ceiling: int | None) -> VolumeLimits | None:
    """What a gp3 volume can do for which nothing more was bought; ``None`` where that may change.

    Args:
        engine: as the RDS API names it.
        size: of the volume in GiB; ``None`` where it is not known.
        ceiling: of storage autoscaling in GiB; ``None`` without it.
    """
    if "sqlserver" in engine:
        return GP3
    striped_from = _ORACLE_STRIPED_FROM_GIB if "oracle" in engine else _STRIPED_FROM_GIB
    # A volume that RDS enlarges passes from the one to the other by itself.
    if size is None or size < striped_from <= (ceiling or 0):
        return None
    return _GP3_STRIPED if size >= striped_from else GP3
