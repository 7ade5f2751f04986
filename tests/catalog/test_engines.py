"""Engines and their default max_connections, with figures worked out by hand."""

import pytest

from ecs_monitoring.catalog import (
    Engine,
    InstanceClass,
    UnderivableMaxConnections,
    estimated_max_connections,
    instance_class,
    most_default_connections,
)


@pytest.mark.parametrize(
    ("engine", "is_aurora", "is_postgresql"),
    [
        ("postgres", False, True),
        ("aurora-postgresql", True, True),
        ("mysql", False, False),
        ("aurora-mysql", True, False),
        ("mariadb", False, False),
        ("oracle-se2-cdb", False, False),
        ("sqlserver-ex", False, False),
    ],
)
def test_kind_of_engine(engine: str, is_aurora: bool, is_postgresql: bool) -> None:
    assert Engine(engine).is_aurora is is_aurora
    assert Engine(engine).is_postgresql is is_postgresql


@pytest.mark.parametrize(
    ("engine", "version", "name", "connections"),
    [
        # 2 GiB * 7/8 - 256 MiB = 1610612736 bytes.
        ("postgres", None, "db.t4g.small", 168),  # / 9531392 = 168.98
        ("aurora-postgresql", None, "db.t4g.small", 168),
        ("mysql", "8.0.40", "db.t4g.small", 128),  # / 12582880 = 128.0003
        ("mariadb", None, "db.t4g.small", 64),  # / 25165760 = 64.0002
        # 8 GiB * 7/8 - 256 MiB = 7247757312 bytes.
        ("postgres", "16.4", "db.m5.large", 760),  # 760.41
        ("mysql", None, "db.m5.large", 576),  # 576.002
        ("mariadb", "10.5.12", "db.m5.large", 288),  # 288.001
        ("mariadb", "10.4.29", "db.m5.large", 576),
        ("mariadb", "10.11.9", "db.m5.large", 288),
        ("mariadb", "11.4.3", "db.m5.large", 288),
        ("mariadb", "11", "db.m5.large", 288),
        ("mariadb", "10", "db.m5.large", 288),  # ambiguous: the lower of the two
        ("mariadb", "9.9", "db.m5.large", 576),
        # Where the formulas' upper limits hold.
        ("postgres", None, "db.r5.4xlarge", 5_000),
        ("aurora-postgresql", None, "db.r8g.48xlarge", 5_000),
        ("mariadb", None, "db.r5.12xlarge", 12_000),
        ("mysql", None, "db.r8g.48xlarge", 100_000),
        # 1024 GiB * 7/8 - 256 MiB = 961804435456 bytes; / 12582880 = 76437.5.
        ("mysql", None, "db.x2g.16xlarge", 76_437),
    ],
)
def test_default_formula(engine: str, version: str | None, name: str, connections: int) -> None:
    assert estimated_max_connections(engine, instance_class(name), version) == connections


@pytest.mark.parametrize("engine", ["aurora-mysql", "oracle-ee", "sqlserver-web", "db2-se"])
def test_engines_without_a_share_of_memory_want_an_explicit_value(engine: str) -> None:
    with pytest.raises(UnderivableMaxConnections) as error:
        estimated_max_connections(engine, instance_class("db.r6g.large"))
    assert repr(engine) in str(error.value)
    assert "give max_connections explicitly" in str(error.value)


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [("postgresql", "postgres"), ("MySQL", "mysql"), ("aurora", "aurora-mysql")],
)
def test_an_unknown_engine_is_told_the_nearest_known(mistyped: str, meant: str) -> None:
    with pytest.raises(UnderivableMaxConnections) as error:
        estimated_max_connections(mistyped, instance_class("db.m5.large"))
    message = str(error.value)
    assert repr(mistyped) in message
    assert meant in message.partition("nearest known: ")[2].partition(";")[0].split(", ")
    assert "give max_connections explicitly" in message


@pytest.mark.parametrize("version", ["", "latest", "v10.4"])
def test_a_mariadb_version_that_is_no_number_is_refused(version: str) -> None:
    with pytest.raises(UnderivableMaxConnections, match="mariadb version"):
        estimated_max_connections("mariadb", instance_class("db.m5.large"), version)


def test_a_version_matters_to_no_engine_but_mariadb() -> None:
    instance = instance_class("db.m5.large")
    assert estimated_max_connections("mysql", instance, "latest") == 576


@pytest.mark.parametrize(
    ("engine", "version", "a_connection", "most"),
    [
        # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
        ("postgres", None, 9_531_392, 5_000),
        ("aurora-postgresql", None, 9_531_392, 5_000),
        ("mysql", None, 12_582_880, 100_000),
        ("mariadb", "10.4.1", 12_582_880, 100_000),
        ("mariadb", None, 25_165_760, 12_000),
    ],
)
def test_a_connection_more_for_so_many_bytes_up_to_the_limit(
    engine: str, version: str | None, a_connection: int, most: int
) -> None:
    def connections(memory: int) -> int:
        return most_default_connections(engine, InstanceClass("db.any.size", memory, 2), version)

    whole = 4_000 * a_connection
    assert (connections(whole), connections(whole - 1)) == (4_000, 3_999)
    whole = most * a_connection
    assert (connections(whole - 1), connections(whole), connections(2 * whole)) == (
        most - 1,
        most,
        most,
    )


@pytest.mark.parametrize(
    ("engine", "version", "message"),
    [
        (
            "oracle-ee",
            None,
            "max_connections of engine 'oracle-ee' cannot be derived from the instance class; "
            "give max_connections explicitly",
        ),
        (
            "xyz",
            None,
            "unknown RDS engine 'xyz'; give max_connections explicitly for an engine that is not "
            "known",
        ),
        (
            "mariadb",
            "latest",
            "mariadb version 'latest' does not begin with a number, such as 10.11; correct it or "
            "give max_connections explicitly",
        ),
    ],
)
def test_what_cannot_be_derived_at_most_either(
    engine: str, version: str | None, message: str
) -> None:
    with pytest.raises(UnderivableMaxConnections) as error:
        most_default_connections(engine, instance_class("db.m5.large"), version)
    assert str(error.value) == message
