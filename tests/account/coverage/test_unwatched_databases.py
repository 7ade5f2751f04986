"""RDS and Aurora instances that no alarm is about."""

from account.coverage.finding import FindingKind, Gravity
from tests.account.coverage.values import (
    PROJECT,
    RDS,
    database,
    found_in,
    kinds,
    only,
    raw,
    running,
)


def test_a_database() -> None:
    finding = only(found_in(running(databases=(database(performance_insights=True),))))
    assert finding.gravity is Gravity.HIGH
    assert finding.settings.splitlines() == [
        f"  {PROJECT}:rds:",
        "    orders:",
        "      instance: orders",
        "      engine: postgres",
        "      instance_class: db.t4g.small",
        "      allocated_storage_gib: 100",
        "      performance_insights: true",
    ]


def test_a_replica() -> None:
    finding = only(found_in(running(databases=(database("orders-2", is_replica=True),))))
    assert "      read_replica: true" in finding.settings.splitlines()


def test_its_source_watched_says_nothing_of_a_replica() -> None:
    two = running(databases=(database(), database("orders-2", is_replica=True)))
    alarm = raw("x", (RDS, "CPUUtilization"), {"DBInstanceIdentifier": "orders"})
    assert kinds(found_in(two, others=[alarm])) == {
        "rds:orders": FindingKind.WATCHED_BY_OTHERS,
        "rds:orders-2": FindingKind.UNWATCHED,
    }


def test_aurora_has_no_storage_to_allocate() -> None:
    member = database(
        engine="aurora-postgresql", instance_class="db.r6g.large", allocated_storage_gib=1
    )
    assert "allocated_storage_gib" not in only(found_in(running(databases=(member,)))).settings


def test_a_version_only_for_mariadb() -> None:
    maria = database(engine="mariadb", version="10.4")
    finding = only(found_in(running(databases=(maria,))))
    assert '      engine_version: "10.4"' in finding.settings.splitlines()


def test_members_watched_by_their_role_in_the_cluster() -> None:
    """As AWS recommends for Aurora: by the roles, which members change."""
    aurora = {"engine": "aurora-postgresql", "instance_class": "db.r6g.large", "cluster": "c"}
    members = running(
        databases=(database("c-1", **aurora), database("c-2", is_replica=True, **aurora))
    )
    writer = raw("writer", (RDS, "CPUUtilization"), {"DBClusterIdentifier": "c", "Role": "WRITER"})
    whole = raw("whole", (RDS, "CPUUtilization"), {"DBClusterIdentifier": "c"})
    other = raw("other", (RDS, "CPUUtilization"), {"DBClusterIdentifier": "d"})
    assert kinds(found_in(members, others=[writer, other])) == {
        "rds:c-1": FindingKind.WATCHED_BY_OTHERS,
        "rds:c-2": FindingKind.UNWATCHED,
    }
    assert set(kinds(found_in(members, others=[whole])).values()) == {FindingKind.WATCHED_BY_OTHERS}
    by_key = {one.key: one.words for one in found_in(members, others=[writer])}
    assert "rds.cpu-high" not in by_key["rds:c-1"]
    assert "rds.memory-low" in by_key["rds:c-1"]


def test_a_stopped_one_is_worth_a_remark() -> None:
    finding = only(found_in(running(databases=(database(status="stopped"),))))
    assert finding.gravity is Gravity.INFO
    assert "But it is stopped." in finding.words


def test_a_threshold_that_does_not_follow() -> None:
    """Aurora MySQL's max_connections is no share of the memory."""
    member = database(engine="aurora-mysql", instance_class="db.r6g.large", allocated_storage_gib=1)
    finding = only(found_in(running(databases=(member,))))
    assert finding.settings.splitlines()[-3:] == [
        f"  {PROJECT}:alarms:",
        "    rds.connections-high@orders:",
        "      enabled: false",
    ]
    assert "rds.connections-high is off in them until max_connections is known" in finding.fix
