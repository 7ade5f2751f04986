"""What alarms on RDS instances watch that is metric math."""

from typing import Final

from ecs_monitoring.catalog.metrics import MetricSheet
from ecs_monitoring.catalog.metrics import rds as metrics
from ecs_monitoring.cloudwatch.units import MEBIBYTE, Unit
from ecs_monitoring.rules.rds_target import RdsTarget
from ecs_monitoring.rules.row import Math, Subject
from ecs_monitoring.words import DAY

_STOPPED: Final = 10 * 365 * DAY
"""Seconds that replication counts as behind while it does not run: more than any threshold."""


def replica_lag(subject: Subject[RdsTarget]) -> Math:
    """Seconds that a replica is behind."""
    if not subject.target.is_aurora:
        # -1 stands for replication that does not run. It must not pass for less than no lag.
        return Math(
            reads={"lag": metrics.REPLICA_LAG.maximum},
            expression=f"IF(lag < 0, {_STOPPED}, lag)",
            returns="behind",
            label="ReplicaLag Maximum, without end while replication is stopped",
            unit=Unit.SECONDS,
            highest=_STOPPED,
        )
    # Aurora publishes its lag under another name, in milliseconds.
    return Math(
        reads={"lag": metrics.AURORA_REPLICA_LAG.maximum},
        expression="lag / 1000",
        returns="seconds",
        label="AuroraReplicaLag Maximum",
        unit=Unit.SECONDS,
    )


def volume_iops(subject: Subject[RdsTarget]) -> Math:
    """Reads and writes a second, of what the volume can do."""
    return _share(metrics.READ_IOPS, metrics.WRITE_IOPS, subject.target.volume.iops or 0)


def volume_throughput(subject: Subject[RdsTarget]) -> Math:
    """Bytes a second, of what the volume can move."""
    limit = (subject.target.volume.throughput_mibps or 0) * MEBIBYTE
    return _share(metrics.READ_THROUGHPUT, metrics.WRITE_THROUGHPUT, limit)


def _share(reads: MetricSheet, writes: MetricSheet, limit: int) -> Math:
    """What is read and written of what the volume can do, in percent."""
    return Math(
        reads={"reads": reads.average, "writes": writes.average},
        expression=f"100 * (reads + writes) / {limit}",
        returns="share",
        label=f"{reads.name} + {writes.name}, share of the volume's",
        unit=Unit.PERCENT,
        highest=100,
    )
