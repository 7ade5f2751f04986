"""Targets of another nature than the shipped ones have the alarms of that nature."""

from typing import Any

import pytest

from tests.components.registered import by_key, wire
from tests.components.small import RunWith
from tests.stacks.rows import SERVICE


@pytest.mark.parametrize("floor", [1, 2, 5])
def test_tasks_are_counted_by_samples_without_container_insights(
    run_with: RunWith, floor: int
) -> None:
    """Monitoring guide, metrics to watch: one CPU sample a minute comes from each task."""
    run = run_with("ecs.web.container_insights=false", f"ecs.web.min_running_tasks={floor}")
    expected = {
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": 0,
        "evaluationPeriods": 5,
        "datapointsToAlarm": 5,
        "treatMissingData": "breaching",
    }
    alarm = by_key(run)["ecs.tasks-low"]
    assert wire(alarm, *expected) == expected
    running, missing = alarm.inputs["metricQueries"]
    assert running["metric"] == {
        "namespace": "AWS/ECS",
        "metricName": "CPUUtilization",
        "dimensions": SERVICE,
        "stat": "SampleCount",
        "period": 60,
    }
    assert missing["expression"] == f"{floor} - running * 60 / PERIOD(running)"
    assert missing["returnData"] is True


def database(run_with: RunWith, fields: str) -> dict[str, Any]:
    """What prod with another database sends, by alarm key."""
    run = run_with(f"rds.main={{instance: d, {fields}}}")
    return {key: a.inputs for key, a in by_key(run).items() if key.startswith("rds.")}


# Memory of db.m7g.large, 8 GiB = 8,589,934,592 bytes; for the database, estimated from below, an
# eighth (1,073,741,824) and 256 MiB (268,435,456) less: 7,247,757,312. Formulas:
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
@pytest.mark.parametrize(
    ("engine", "threshold"),
    [
        # / 9,531,392 = 760.4, of which 80 %.
        ("engine: postgres", 608),
        # / 12,582,880 = 576.0, of which 80 %.
        ("engine: mysql", 460.8),
        ("engine: mariadb, engine_version: '10.4.34'", 460.8),
        # / 25,165,760 = 288.0, of which 80 %.
        ("engine: mariadb, engine_version: '10.6.18'", 230.4),
        ("engine: mariadb", 230.4),
    ],
)
def test_connections_by_engine(run_with: RunWith, engine: str, threshold: float) -> None:
    found = database(run_with, f"{engine}, instance_class: db.m7g.large, allocated_storage_gib: 20")
    assert found["rds.connections-high"]["threshold"] == pytest.approx(threshold)


def test_connections_never_exceed_what_postgresql_takes(run_with: RunWith) -> None:
    """LEAST(…, 5000): db.r7g.16xlarge has 512 GiB, a tenth of which would be enough."""
    fields = "engine: postgres, instance_class: db.r7g.16xlarge, allocated_storage_gib: 20"
    assert database(run_with, fields)["rds.connections-high"]["threshold"] == 4000


def test_numbers_that_follow_from_a_larger_class(run_with: RunWith) -> None:
    found = database(
        run_with,
        "engine: postgres, instance_class: db.m7g.2xlarge, allocated_storage_gib: 500,"
        " performance_insights: true",
    )
    # 32 GiB = 34,359,738,368 bytes and 500 GiB = 536,870,912,000 bytes, of each 10 %.
    assert found["rds.memory-low"]["threshold"] == pytest.approx(3_435_973_836.8)
    assert found["rds.storage-low"]["threshold"] == 53_687_091_200
    assert found["rds.db-load"]["threshold"] == 8
    assert "rds.cpu-credits" not in found


@pytest.mark.parametrize("family", ["db.t3.micro", "db.t4g.large"])
def test_burstable_classes_have_credits(run_with: RunWith, family: str) -> None:
    fields = f"engine: postgres, instance_class: {family}, allocated_storage_gib: 20"
    assert database(run_with, fields)["rds.cpu-credits"]["threshold"] == 20


def test_auroras_replica_lag_is_in_milliseconds(run_with: RunWith) -> None:
    """https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html."""
    fields = "engine: aurora-postgresql, instance_class: db.r7g.large, read_replica: true"
    sent = database(run_with, fields)["rds.replica-lag"]
    lag, seconds = sent["metricQueries"]
    assert lag["metric"] == {
        "namespace": "AWS/RDS",
        "metricName": "AuroraReplicaLag",
        "dimensions": {"DBInstanceIdentifier": "d"},
        "period": 60,
        "stat": "Maximum",
    }
    assert (seconds["expression"], seconds["returnData"]) == ("lag / 1000", True)
    assert (sent["threshold"], sent["evaluationPeriods"]) == (60, 10)
    assert sent["comparisonOperator"] == "GreaterThanThreshold"


@pytest.mark.parametrize("engine", ["postgres", "aurora-postgresql"])
def test_postgresql_runs_out_of_transaction_ids(run_with: RunWith, engine: str) -> None:
    storage = "" if engine.startswith("aurora") else ", allocated_storage_gib: 20"
    found = database(run_with, f"engine: {engine}, instance_class: db.r7g.large{storage}")
    assert found["rds.transaction-ids"]["threshold"] == 1_000_000_000
