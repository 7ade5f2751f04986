"""Metrics of RDS and Aurora instances."""

from functools import partial
from typing import Final

from ecs_monitoring.catalog.metrics.sheet import Fact, MetricSheet, Published, Usual
from ecs_monitoring.cloudwatch.units import GIBIBYTE, MEBIBYTE, Unit

NAMESPACE: Final = "AWS/RDS"

DIMENSIONS: Final = ("DBInstanceIdentifier",)

TRANSACTION_IDS: Final = 2**31
"""Transaction ids of PostgreSQL's 32-bit space of which half lie in the past.

https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND
"""

VOLUMES: Final = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html"
"""What the volumes of instances can do."""

_AURORA: Final = (
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
    "Aurora.AuroraMonitoring.Metrics.html"
)

_metric = partial(
    MetricSheet,
    namespace=NAMESPACE,
    dimensions=DIMENSIONS,
    published=Published.ALWAYS,
    samples=1,
    silence="the instance is stopped, renamed or deleted",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html",
)
_balance = partial(
    _metric,
    unit=Unit.PERCENT,
    highest=100,
    needs="an instance class with EBS burst credits",
    usual=Usual(99, noise=0.3),
)

DATABASE_CONNECTIONS: Final = _metric(
    name="DatabaseConnections",
    unit=Unit.COUNT,
    highest=Fact.MAX_CONNECTIONS,
    whole=True,
    usual=Usual(40, clear_of=3, noise=3),
)
CPU_UTILIZATION: Final = _metric(
    name="CPUUtilization", unit=Unit.PERCENT, highest=100, usual=Usual(25, noise=4)
)
FREEABLE_MEMORY: Final = _metric(
    name="FreeableMemory",
    unit=Unit.BYTES,
    highest=Fact.MEMORY,
    reached=False,
    usual=Usual(700 * MEBIBYTE, clear_of=3, noise=10_000_000),
)
FREE_STORAGE_SPACE: Final = _metric(
    name="FreeStorageSpace",
    unit=Unit.BYTES,
    highest=Fact.ALLOCATED_STORAGE,
    reached=False,
    needs="storage of the instance's own: Aurora has none",
    usual=Usual(60 * GIBIBYTE, clear_of=6, noise=20_000_000),
)
FREE_LOCAL_STORAGE: Final = _metric(
    name="FreeLocalStorage",
    unit=Unit.BYTES,
    highest=Fact.LOCAL_STORAGE,
    reached=False,
    needs="Aurora",
    usual=Usual(25 * GIBIBYTE, clear_of=6, noise=20_000_000),
    source=_AURORA,
)
ACU_UTILIZATION: Final = _metric(
    name="ACUUtilization",
    unit=Unit.PERCENT,
    highest=100,
    needs="Aurora Serverless v2 (db.serverless)",
    usual=Usual(40, noise=4),
    source=_AURORA,
)
BURST_BALANCE: Final = _balance(
    name="BurstBalance",
    needs="a gp2 volume",
    source="https://repost.aws/knowledge-center/rds-low-burst-balance",
)
# "Count/Second" and "Bytes/Second" at CloudWatch: an Average is a rate over its period.
_io = partial(_metric, endless="what the volume can do, which the alarms on it divide by")
READ_IOPS: Final = _io(name="ReadIOPS", unit=Unit.COUNT, usual=Usual(150, noise=30))
WRITE_IOPS: Final = _io(name="WriteIOPS", unit=Unit.COUNT, usual=Usual(250, noise=40))
READ_THROUGHPUT: Final = _io(
    name="ReadThroughput", unit=Unit.BYTES, usual=Usual(4 * MEBIBYTE, noise=MEBIBYTE)
)
WRITE_THROUGHPUT: Final = _io(
    name="WriteThroughput", unit=Unit.BYTES, usual=Usual(6 * MEBIBYTE, noise=MEBIBYTE)
)
_latency = partial(
    _metric, unit=Unit.SECONDS, endless="an operation waits as long as the volume's queue is"
)
READ_LATENCY: Final = _latency(name="ReadLatency", usual=Usual(0.002, noise=0.0005))
WRITE_LATENCY: Final = _latency(name="WriteLatency", usual=Usual(0.003, noise=0.0005))
EBS_IO_BALANCE: Final = _balance(name="EBSIOBalance%")
EBS_BYTE_BALANCE: Final = _balance(name="EBSByteBalance%")
CPU_CREDIT_BALANCE: Final = _metric(
    name="CPUCreditBalance",
    unit=Unit.COUNT,
    highest=Fact.CPU_CREDITS,
    published=Published.EVERY_FIVE_MINUTES,
    needs="a burstable instance class (db.t)",
    usual=Usual(288, clear_of=14, noise=2),
)
DB_LOAD: Final = _metric(
    name="DBLoad",
    unit=Unit.COUNT,
    highest=Fact.SESSIONS,
    needs="Performance Insights",
    usual=Usual(0.4, clear_of=5, noise=0.1),
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Cloudwatch.html",
)
MAXIMUM_USED_TRANSACTION_IDS: Final = _metric(
    name="MaximumUsedTransactionIDs",
    unit=Unit.COUNT,
    highest=TRANSACTION_IDS,
    whole=True,
    needs="PostgreSQL",
    usual=Usual(200_000_000, noise=1000),
)
REPLICA_LAG: Final = _metric(
    name="ReplicaLag",
    unit=Unit.SECONDS,
    endless="a replica can fall behind for ever",
    sentinels={-1: "replication does not run"},
    needs="a read replica",
    usual=Usual(0.5, noise=0.1),
)
AURORA_REPLICA_LAG: Final = _metric(
    name="AuroraReplicaLag",
    unit=Unit.MILLISECONDS,
    endless="a replica can fall behind for ever",
    needs="an Aurora replica",
    usual=Usual(20, noise=3),
    source=_AURORA,
)
