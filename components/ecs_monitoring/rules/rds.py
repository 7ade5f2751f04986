"""RDS instances: when connections, CPU, memory, storage, latency or replication is in trouble."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from ecs_monitoring.catalog.metrics import Fact
from ecs_monitoring.catalog.metrics import rds as metrics
from ecs_monitoring.cloudwatch.rule import MissingData, Severity, WarmUp
from ecs_monitoring.rules import rds_conditions as instance
from ecs_monitoring.rules.condition import Share, above, at_least, below
from ecs_monitoring.rules.layer import Layer
from ecs_monitoring.rules.plan import Kind
from ecs_monitoring.rules.rds_dashboard import rds_dashboard
from ecs_monitoring.rules.rds_events import RDS_EVENTS
from ecs_monitoring.rules.rds_signals import replica_lag, volume_iops, volume_throughput
from ecs_monitoring.rules.rds_target import CONNECTIONS_SHARE, RdsTarget
from ecs_monitoring.rules.row import AWS_RECOMMENDED, GUIDE, Rule
from ecs_monitoring.words import HOUR

# An instance that is stopped or renamed publishes nothing: that is no breach of a limit.
_Rule = partial(Rule[RdsTarget], missing=MissingData.MISSING, source=AWS_RECOMMENDED)

_NO_VOLUME: Final = "{engine} is not on EBS volumes"
_NO_EBS_BALANCE: Final[Mapping[Callable[[RdsTarget], bool], str]] = {
    instance.is_aurora: _NO_VOLUME,
    instance.has_steady_bandwidth: "{instance_class} has its full EBS bandwidth all the time, and "
    "no balance",
}

ROWS: Final[tuple[Rule[RdsTarget], ...]] = (
    _Rule(
        "rds.connections-high",
        Severity.CRITICAL,
        "Database connections running out",
        # Averaged, since a sum would count every connection once a sample.
        on=metrics.DATABASE_CONNECTIONS.average,
        when=at_least(Share(CONNECTIONS_SHARE, of=Fact.MAX_CONNECTIONS)),
        held="5 of 5 x 60 s",
        runs_out=True,
        drawn_on="RDS Connections",
        means="{where} will soon refuse connections; look first at idle connections and at "
        "how many tasks and workers hold them.",
        basis=instance.connections_basis,
        source=GUIDE,
    ),
    _Rule(
        "rds.cpu-high",
        Severity.WARNING,
        "Database CPU high",
        on=metrics.CPU_UTILIZATION.average,
        when=above(90),
        held="5 of 5 x 60 s",
        drawn_on="RDS CPU Utilization",
        means="{where} is short of CPU; look first at the queries with the most load.",
    ),
    _Rule(
        "rds.memory-low",
        Severity.WARNING,
        "Database memory low",
        on=metrics.FREEABLE_MEMORY.average,
        when=below(Share(10, of=Fact.MEMORY)),
        held="15 of 15 x 60 s",
        runs_out=True,
        drawn_on="RDS Freeable Memory",
        means="{where} has little memory left and will swap or restart; look first at the "
        "number of connections and at large sorts.",
    ),
    _Rule(
        "rds.storage-low",
        Severity.CRITICAL,
        "Database storage low",
        on=metrics.FREE_STORAGE_SPACE.minimum,
        when=below(Share(10, of=Fact.ALLOCATED_STORAGE)),
        held=instance.storage_held,
        runs_out=True,
        foresees=True,
        drawn_on="RDS Free Storage",
        unless={instance.is_aurora: "{engine} grows its storage by itself"},
        basis=instance.storage_basis,
        means="{where} stops accepting writes once its storage is full; look first at what "
        "grows (tables, logs, a replication slot), then enlarge the storage.",
    ),
    _Rule(
        "rds.local-storage-low",
        Severity.WARNING,
        "Database local storage low",
        on=metrics.FREE_LOCAL_STORAGE.average,
        when=below(Share(10, of=Fact.LOCAL_STORAGE)),
        held="5 of 5 x 60 s",
        runs_out=True,
        foresees=True,
        unless={
            instance.is_not_aurora: "only Aurora has local storage (FreeLocalStorage)",
            instance.is_serverless: "AWS does not publish the local storage of db.serverless "
            "(FreeLocalStorage)",
        },
        means="temporary files and logs fill the local storage of {where}, which does not grow: "
        "queries that sort on disk fail; look first at large sorts and at the logs' retention.",
    ),
    _Rule(
        "rds.acu-high",
        Severity.WARNING,
        "Database capacity at its maximum",
        on=metrics.ACU_UTILIZATION.average,
        when=above(90),
        held="10 of 10 x 60 s",
        runs_out=True,
        unless={instance.is_not_serverless: "{instance_class} has a fixed capacity"},
        means="{where} has grown to nearly max_acu and can grow no more; look first at the queries "
        "with the most load, then raise the cluster's maximum capacity.",
    ),
    _Rule(
        "rds.burst-balance",
        Severity.WARNING,
        "Database volume's burst credits low",
        on=metrics.BURST_BALANCE.average,
        when=below(20),
        held="3 of 3 x 300 s",
        runs_out=True,
        unless={
            instance.has_no_gp2_bursts: "only gp2 volumes have burst credits (storage_type: gp2)"
        },
        means="the gp2 volume of {where} will soon be throttled to 3 IOPS a GiB; look first at "
        "what reads and writes so much, then change the volume to gp3.",
        source=metrics.BURST_BALANCE.source,
    ),
    # Choice: nine tenths for ten minutes. AWS has no recommended alarm on what a volume can do; a
    # volume at its limit queues, and a queue of minutes is what users wait for.
    _Rule(
        "rds.iops-high",
        Severity.WARNING,
        "Database volume at its IOPS",
        on=volume_iops,
        when=above(90),
        held="10 of 10 x 60 s",
        runs_out=True,
        unless={
            instance.is_aurora: _NO_VOLUME,
            instance.has_unknown_iops: "what the volume can do is not known "
            "(iops, or storage_type: gp3 and allocated_storage_gib)",
        },
        basis=instance.iops_basis,
        means="the volume of {where} does nearly all the reads and writes that it can, and more of "
        "them wait; look first at what reads and writes so much, then raise its IOPS.",
        source=metrics.VOLUMES,
    ),
    _Rule(
        "rds.throughput-high",
        Severity.WARNING,
        "Database volume at its throughput",
        on=volume_throughput,
        when=above(90),
        held="10 of 10 x 60 s",
        runs_out=True,
        unless={
            instance.is_aurora: _NO_VOLUME,
            instance.has_unknown_throughput: "what the volume can do is not known "
            "(storage_throughput_mibps, or storage_type: gp3 and allocated_storage_gib)",
        },
        basis=instance.throughput_basis,
        means="the volume of {where} moves nearly all the bytes that it can, and more of them "
        "wait; look first at large scans, imports and backups, then raise its throughput.",
        source=metrics.VOLUMES,
    ),
    # RDS publishes one sample a minute: with few samples ignored, percentiles would never fire.
    _Rule(
        "rds.read-latency",
        Severity.WARNING,
        "Database reads slow",
        on=metrics.READ_LATENCY.percentile(90),
        when=above(0.02),
        held="5 of 5 x 60 s",
        drawn_on="RDS Read Latency (p90)",
        means="disk reads of {where} are slow; look first at the disk queue and at what "
        "reads so much.",
    ),
    _Rule(
        "rds.write-latency",
        Severity.WARNING,
        "Database writes slow",
        on=metrics.WRITE_LATENCY.percentile(90),
        when=above(0.02),
        held="5 of 5 x 60 s",
        drawn_on="RDS Write Latency (p90)",
        means="disk writes of {where} are slow; look first at the disk queue and at what "
        "writes so much.",
    ),
    _Rule(
        "rds.ebs-io-balance",
        Severity.WARNING,
        "Database I/O credits low",
        on=metrics.EBS_IO_BALANCE.average,
        when=below(10),
        held="3 of 3 x 60 s",
        runs_out=True,
        unless=_NO_EBS_BALANCE,
        means="the disk of {where} will soon be throttled to its baseline of I/O; look "
        "first at what reads and writes so much, then at a larger class.",
    ),
    _Rule(
        "rds.ebs-byte-balance",
        Severity.WARNING,
        "Database throughput credits low",
        on=metrics.EBS_BYTE_BALANCE.average,
        when=below(10),
        held="3 of 3 x 60 s",
        runs_out=True,
        unless=_NO_EBS_BALANCE,
        means="the disk of {where} will soon be throttled to its baseline of throughput; look "
        "first at what reads and writes so much, then at a larger class.",
    ),
    _Rule(
        "rds.cpu-credits",
        Severity.WARNING,
        "Database CPU credits running out",
        on=metrics.CPU_CREDIT_BALANCE.average,
        when=below(20),
        held="2 of 2 x 300 s",
        runs_out=True,
        # A new instance has no credits: T3 and T4g get none at launch, and earn 12 an hour on the
        # smallest class, as long as they use nothing.
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-standard-mode-concepts.html
        warm_up=WarmUp(4 * HOUR, is_whole=True),
        unless={instance.is_not_burstable: "{instance_class} has no CPU credits"},
        means="{where} will soon be throttled to its baseline (or be billed for more); look "
        "first at what uses the CPU, then at a larger or non-burstable class.",
        # Twenty credits are twenty minutes of one full vCPU.
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
        "burstable-credits-baseline-concepts.html",
    ),
    _Rule(
        "rds.replica-lag",
        Severity.WARNING,
        "Replica behind",
        on=replica_lag,
        when=above(60),
        held="10 of 10 x 60 s",
        unless={instance.is_no_replica: "not a read replica (read_replica: false)"},
        means="read replica {instance} answers with old data, or its replication has stopped; "
        "look first at the replication's state, then at long transactions and at the write "
        "load of its source.",
    ),
    _Rule(
        "rds.no-data",
        Severity.WARNING,
        "Database publishes no metrics",
        # One sample a minute, whatever the engine: without any there is no instance of that name.
        on=metrics.CPU_UTILIZATION.sample_count,
        when=below(1),
        off=1440,
        # Longer than a restart or a failover, during which nothing is published either.
        held="15 of 15 x 60 s",
        missing=MissingData.BREACHING,
        # An instance that is made with its alarm may take most of an hour.
        warm_up=WarmUp(HOUR),
        runs_out=True,
        unless={instance.pauses: "it pauses by itself (min_acu: 0)"},
        means="{where} is stopped, renamed or deleted, so that none of its other alarms can fire; "
        "look first at whether the instance is still there under this name.",
        source=metrics.CPU_UTILIZATION.source,
    ),
    _Rule(
        "rds.db-load",
        Severity.WARNING,
        "Database load above its CPUs",
        on=metrics.DB_LOAD.average,
        when=above(Share(100, of=Fact.VCPUS)),
        held="15 of 15 x 60 s",
        unless={
            instance.no_performance_insights: "Performance Insights is off "
            "(performance_insights: false)"
        },
        means="more sessions of {where} are active than its CPUs can serve; look first at "
        "Performance Insights, by wait and by query.",
    ),
    _Rule(
        "rds.transaction-ids",
        Severity.CRITICAL,
        "Transaction ids running out",
        on=metrics.MAXIMUM_USED_TRANSACTION_IDS.average,
        when=above(1_000_000_000),
        held="1 of 1 x 60 s",
        runs_out=True,
        foresees=True,
        unless={instance.is_not_postgresql: "{engine} has no transaction id wraparound"},
        means="{where} stops accepting writes when transaction ids wrap around; look first "
        "at autovacuum and at transactions, slots or prepared transactions that hold it.",
    ),
)

RDS: Final = Kind(
    key="rds",
    layer=Layer.DATASTORE,
    title="Databases",
    describes="RDS and Aurora instances.",
    target=RdsTarget,
    rows=ROWS,
    events=RDS_EVENTS,
    aws_services=("RDS",),
    dashboard=rds_dashboard,
)
