"""RDS instances: when connections, CPU, memory, storage, latency or replication is in trouble."""

from functools import partial
from typing import Final

from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, MissingData, Severity
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules import rds_target as database
from ecs_monitoring.rules.plan import Kind, Omitted, Plan, Scope
from ecs_monitoring.rules.rds_dashboard import rds_dashboard
from ecs_monitoring.rules.rds_target import RdsTarget

# Where no other source is named, thresholds are AWS's recommended alarms for RDS:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html


def rds_rules(scope: Scope, name: str, target: RdsTarget) -> Plan:
    """The default rules of a database instance, as far as its nature has the metrics."""
    # An instance that is stopped or renamed publishes nothing: that is no breach of a limit.
    rule = partial(AlarmRule, target=name, treat_missing_data=MissingData.MISSING, period=60)
    omitted = tuple(Omitted(key, name, reason) for key, reason in _omissions(target))
    left_out = {omission.key for omission in omitted}
    where = f"database {target.instance}"
    rules = (
        *_load_rules(rule, target, where),
        *_room_rules(rule, target, where),
        *_disk_rules(rule, target, where),
        *_engine_rules(rule, target, where),
    )
    return Plan(tuple(r for r in rules if r.key not in left_out), omitted)


def _omissions(target: RdsTarget) -> list[tuple[str, str]]:
    # Metrics that Aurora does not publish:
    # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
    found = []
    if target.is_aurora:
        found += [
            (database.STORAGE_LOW, f"{target.engine} grows its storage by itself"),
            (database.EBS_IO_BALANCE, f"{target.engine} is not on EBS volumes"),
            (database.EBS_BYTE_BALANCE, f"{target.engine} is not on EBS volumes"),
        ]
    if not target.is_burstable:
        found.append((database.CPU_CREDITS, f"{target.instance_class} has no CPU credits"))
    if not target.read_replica:
        found.append((database.REPLICA_LAG, "not a read replica (read_replica: false)"))
    if not target.performance_insights:
        found.append(
            (database.DB_LOAD, "Performance Insights is off (performance_insights: false)")
        )
    if not target.is_postgresql:
        found.append(
            (database.TRANSACTION_IDS, f"{target.engine} has no transaction id wraparound")
        )
    return found


def _load_rules(rule: "partial[AlarmRule]", target: RdsTarget, where: str) -> tuple[AlarmRule, ...]:
    return (
        # The monitoring guide: 80 % of max_connections. Averaged, since a sum would count every
        # connection once a sample.
        rule(
            key=database.CONNECTIONS_HIGH,
            title="Database connections running out",
            meaning=(
                f"{where} will soon refuse connections; look first at idle connections and at "
                "how many tasks and workers hold them."
            ),
            basis=_connections_basis(target),
            severity=Severity.CRITICAL,
            signal=target.metric("DatabaseConnections"),
            comparison=Comparison.AT_LEAST,
            threshold=target.connections_threshold(),
            unit=Unit.COUNT,
            evaluation_periods=5,
        ),
        rule(
            key=database.CPU_HIGH,
            title="Database CPU high",
            meaning=f"{where} is short of CPU; look first at the queries with the most load.",
            severity=Severity.WARNING,
            signal=target.metric("CPUUtilization"),
            comparison=Comparison.ABOVE,
            threshold=90,
            unit=Unit.PERCENT,
            evaluation_periods=5,
        ),
        rule(
            key=database.DB_LOAD,
            title="Database load above its CPUs",
            meaning=(
                f"more sessions of {where} are active than its CPUs can serve; look first at "
                "Performance Insights, by wait and by query."
            ),
            severity=Severity.WARNING,
            signal=target.metric("DBLoad"),
            comparison=Comparison.ABOVE,
            threshold=target.load_threshold(),
            unit=Unit.COUNT,
            evaluation_periods=15,
        ),
        # Twenty credits are twenty minutes of one full vCPU:
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
        rule(
            key=database.CPU_CREDITS,
            title="Database CPU credits running out",
            meaning=(
                f"{where} will soon be throttled to its baseline (or be billed for more); look "
                "first at what uses the CPU, then at a larger or non-burstable class."
            ),
            severity=Severity.WARNING,
            signal=target.metric("CPUCreditBalance"),
            comparison=Comparison.BELOW,
            threshold=20,
            unit=Unit.COUNT,
            period=300,
            evaluation_periods=2,
        ),
    )


def _connections_basis(target: RdsTarget) -> str:
    share = f"The threshold is {database.CONNECTIONS_SHARE} % of max_connections"
    if target.max_connections is not None:
        return f"{share} ({target.max_connections})."
    return (
        f"{share}, which is estimated on the safe side for {target.engine} on "
        f"{target.instance_class}: set max_connections to what SHOW max_connections answers."
    )


def _room_rules(rule: "partial[AlarmRule]", target: RdsTarget, where: str) -> tuple[AlarmRule, ...]:
    return (
        rule(
            key=database.MEMORY_LOW,
            title="Database memory low",
            meaning=(
                f"{where} has little memory left and will swap or restart; look first at the "
                "number of connections and at large sorts."
            ),
            severity=Severity.WARNING,
            signal=target.metric("FreeableMemory"),
            comparison=Comparison.BELOW,
            threshold=target.memory_threshold(),
            unit=Unit.BYTES,
            evaluation_periods=15,
        ),
        rule(
            key=database.STORAGE_LOW,
            title="Database storage low",
            meaning=(
                f"{where} stops accepting writes once its storage is full; look first at what "
                "grows (tables, logs, a replication slot), then enlarge the storage."
            ),
            severity=Severity.CRITICAL,
            signal=target.metric("FreeStorageSpace", "Minimum"),
            comparison=Comparison.BELOW,
            threshold=target.storage_threshold(),
            unit=Unit.BYTES,
            evaluation_periods=5,
        ),
    )


def _disk_rules(rule: "partial[AlarmRule]", target: RdsTarget, where: str) -> tuple[AlarmRule, ...]:
    # RDS publishes one sample a minute: with few samples ignored, these would never fire.
    latency = partial(
        rule,
        severity=Severity.WARNING,
        comparison=Comparison.ABOVE,
        threshold=0.02,
        unit=Unit.SECONDS,
        evaluation_periods=5,
    )
    balance = partial(
        rule,
        severity=Severity.WARNING,
        comparison=Comparison.BELOW,
        threshold=10,
        unit=Unit.PERCENT,
        evaluation_periods=3,
    )
    return (
        *(
            latency(
                key=key,
                title=f"Database {word}s slow",
                meaning=(
                    f"disk {word}s of {where} are slow; look first at the disk queue and at "
                    f"what {word}s so much."
                ),
                signal=target.metric(metric, "p90"),
            )
            for key, word, metric in (
                (database.READ_LATENCY, "read", "ReadLatency"),
                (database.WRITE_LATENCY, "write", "WriteLatency"),
            )
        ),
        *(
            balance(
                key=key,
                title=f"Database {word} credits low",
                meaning=(
                    f"the disk of {where} will soon be throttled to its baseline of {word}; look "
                    "first at what reads and writes so much, then at a larger class."
                ),
                signal=target.metric(metric),
            )
            for key, word, metric in (
                (database.EBS_IO_BALANCE, "I/O", "EBSIOBalance%"),
                (database.EBS_BYTE_BALANCE, "throughput", "EBSByteBalance%"),
            )
        ),
    )


def _engine_rules(
    rule: "partial[AlarmRule]", target: RdsTarget, where: str
) -> tuple[AlarmRule, ...]:
    return (
        rule(
            key=database.REPLICA_LAG,
            title="Replica behind",
            meaning=(
                f"read replica {target.instance} answers with old data; look first at long "
                "transactions and at the write load of its source."
            ),
            severity=Severity.WARNING,
            signal=_replica_lag(target),
            comparison=Comparison.ABOVE,
            threshold=60,
            unit=Unit.SECONDS,
            evaluation_periods=10,
        ),
        rule(
            key=database.TRANSACTION_IDS,
            title="Transaction ids running out",
            meaning=(
                f"{where} stops accepting writes when transaction ids wrap around; look first "
                "at autovacuum and at transactions, slots or prepared transactions that hold it."
            ),
            severity=Severity.CRITICAL,
            signal=target.metric("MaximumUsedTransactionIDs"),
            comparison=Comparison.ABOVE,
            threshold=1_000_000_000,
            unit=Unit.COUNT,
            evaluation_periods=1,
        ),
    )


def _replica_lag(target: RdsTarget) -> Metric | MetricMath:
    if not target.is_aurora:
        return target.metric("ReplicaLag", "Maximum")
    # Aurora publishes its lag under another name, in milliseconds.
    return MetricMath(
        queries=(
            MetricQuery(id="lag", source=target.metric("AuroraReplicaLag", "Maximum")),
            MetricQuery(id="seconds", source="lag / 1000", label="AuroraReplicaLag Maximum"),
        ),
        returned="seconds",
    )


RDS: Final = Kind(
    key="rds",
    title="Databases",
    target=RdsTarget,
    keys=(
        database.CONNECTIONS_HIGH,
        database.CPU_HIGH,
        database.MEMORY_LOW,
        database.STORAGE_LOW,
        database.READ_LATENCY,
        database.WRITE_LATENCY,
        database.EBS_IO_BALANCE,
        database.EBS_BYTE_BALANCE,
        database.CPU_CREDITS,
        database.REPLICA_LAG,
        database.DB_LOAD,
        database.TRANSACTION_IDS,
    ),
    rules=rds_rules,
    dashboard=rds_dashboard,
)
