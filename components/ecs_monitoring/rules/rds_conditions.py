"""What of the rules on RDS instances follows from the instance: which it has, and from when on."""

from ecs_monitoring.rules.rds_target import CONNECTIONS_SHARE, RdsTarget


def is_aurora(target: RdsTarget) -> bool:
    """It has no volume of its own, and other metrics than RDS."""
    return target.is_aurora


def is_not_aurora(target: RdsTarget) -> bool:
    """Its storage is a volume."""
    return not target.is_aurora


def is_not_serverless(target: RdsTarget) -> bool:
    """Its capacity is that of its class."""
    return not target.is_serverless


def is_serverless(target: RdsTarget) -> bool:
    """Its capacity is the cluster's range."""
    return target.is_serverless


def has_steady_bandwidth(target: RdsTarget) -> bool:
    """Its class has no credits of EBS bandwidth."""
    return not target.bursts_on_ebs


def has_no_gp2_bursts(target: RdsTarget) -> bool:
    """Its volume has no burst credits."""
    return not target.bursts_on_gp2


def has_unknown_iops(target: RdsTarget) -> bool:
    """Nobody has said how many reads and writes its volume can do."""
    return not target.is_aurora and target.volume.iops is None


def has_unknown_throughput(target: RdsTarget) -> bool:
    """Nobody has said how much its volume can move."""
    return not target.is_aurora and target.volume.throughput_mibps is None


def pauses(target: RdsTarget) -> bool:
    """It may be down because nobody is connected."""
    return target.pauses


def is_not_burstable(target: RdsTarget) -> bool:
    """Its class has no CPU credits."""
    return not target.is_burstable


def is_no_replica(target: RdsTarget) -> bool:
    """It follows no other instance."""
    return not target.read_replica


def no_performance_insights(target: RdsTarget) -> bool:
    """Nobody counts its active sessions."""
    return not target.performance_insights


def is_not_postgresql(target: RdsTarget) -> bool:
    """It has no transaction ids that wrap around."""
    return not target.is_postgresql


def storage_held(target: RdsTarget) -> str:
    """For how long storage has to be low, before RDS will enlarge the volume no more."""
    # RDS enlarges the volume after five minutes at 10 % or less, unless it cannot: the ceiling is
    # reached, or the last enlargement is not over.
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
    return "30 of 30 x 60 s" if target.max_allocated_storage_gib else "5 of 5 x 60 s"


def storage_basis(target: RdsTarget) -> str:
    """Why that is so long."""
    if not target.max_allocated_storage_gib:
        return ""
    return (
        "RDS had half an hour to enlarge the volume and did not: its ceiling "
        f"({target.max_allocated_storage_gib} GiB) is reached, or the last enlargement is not over."
    )


def connections_basis(target: RdsTarget) -> str:
    """What the threshold is a share of, and how that is known."""
    share = f"The threshold is {CONNECTIONS_SHARE} % of max_connections"
    if target.max_connections is not None:
        return f"{share} ({target.max_connections})."
    return (
        f"{share}, which is estimated on the safe side for {target.engine} on "
        f"{target.instance_class}: set max_connections to what SHOW max_connections answers."
    )


def iops_basis(target: RdsTarget) -> str:
    """What the volume can do."""
    return f"The volume has {target.volume.iops:,} IOPS."


def throughput_basis(target: RdsTarget) -> str:
    """What the volume can move."""
    return f"The volume has {target.volume.throughput_mibps:,} MiB/s."
