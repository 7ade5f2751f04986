"""The database engines of Amazon RDS and their default ``max_connections``."""

import re
from collections.abc import Callable
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ecs_monitoring.catalog.class_memory import estimated_class_memory
from ecs_monitoring.catalog.instance_classes import InstanceClass
from ecs_monitoring.words import nearest_known


class Engine(StrEnum):
    """A value of ``Engine`` in the RDS API.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
    (read on 2026-11-24).
    """

    POSTGRES = "postgres"
    AURORA_POSTGRESQL = "aurora-postgresql"
    MYSQL = "mysql"
    AURORA_MYSQL = "aurora-mysql"
    MARIADB = "mariadb"
    ORACLE_EE = "oracle-ee"
    ORACLE_EE_CDB = "oracle-ee-cdb"
    ORACLE_SE2 = "oracle-se2"
    ORACLE_SE2_CDB = "oracle-se2-cdb"
    SQLSERVER_DEV_EE = "sqlserver-dev-ee"
    SQLSERVER_EE = "sqlserver-ee"
    SQLSERVER_SE = "sqlserver-se"
    SQLSERVER_EX = "sqlserver-ex"
    SQLSERVER_WEB = "sqlserver-web"
    DB2_AE = "db2-ae"
    DB2_CE = "db2-ce"
    DB2_SE = "db2-se"
    CUSTOM_ORACLE_EE = "custom-oracle-ee"
    CUSTOM_ORACLE_EE_CDB = "custom-oracle-ee-cdb"
    CUSTOM_ORACLE_SE2 = "custom-oracle-se2"
    CUSTOM_ORACLE_SE2_CDB = "custom-oracle-se2-cdb"
    CUSTOM_SQLSERVER_EE = "custom-sqlserver-ee"
    CUSTOM_SQLSERVER_SE = "custom-sqlserver-se"
    CUSTOM_SQLSERVER_WEB = "custom-sqlserver-web"
    CUSTOM_SQLSERVER_DEV = "custom-sqlserver-dev"

    @property
    def is_aurora(self) -> bool:
        """Whether instances of this engine are members of an Aurora cluster."""
        return self in (Engine.AURORA_POSTGRESQL, Engine.AURORA_MYSQL)

    @property
    def is_postgresql(self) -> bool:
        """Whether this engine speaks PostgreSQL, on Aurora or not."""
        return self in (Engine.POSTGRES, Engine.AURORA_POSTGRESQL)


class UnderivableMaxConnections(ValueError):
    """``max_connections`` does not follow from the engine and the instance class."""


def _postgresql(memory: int) -> int:
    return min(memory // 9_531_392, 5_000)


def _mysql(memory: int) -> int:
    # The parameter's largest allowed value is 100000; r8g.48xlarge and larger would exceed it.
    return min(memory // 12_582_880, 100_000)


def _mariadb(memory: int) -> int:
    return min(memory // 25_165_760, 12_000)


_DEFAULT_FORMULAS: Final = MappingProxyType[Engine, Callable[[int], int]](
    {
        Engine.POSTGRES: _postgresql,
        Engine.AURORA_POSTGRESQL: _postgresql,
        Engine.MYSQL: _mysql,
        Engine.MARIADB: _mariadb,
    }
)


def estimated_max_connections(
    engine: str, instance: InstanceClass, engine_version: str | None = None
) -> int:
    """Estimate from below the default ``max_connections`` of an instance, in connections.

    It is the formula of the engine's default parameter group, in integers, over
    :func:`ecs_monitoring.catalog.estimated_class_memory`; a parameter group of one's own may
    say otherwise.

    =============================  ===================================
    postgres, aurora-postgresql    ``LEAST(memory / 9531392, 5000)``
    mysql                          ``memory / 12582880``, at most 100000
    mariadb 10.5 and higher        ``LEAST(memory / 25165760, 12000)``
    mariadb 10.4 and lower         as mysql
    =============================  ===================================

    Sources (read on 2026-11-24):
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Managing.html

    Args:
        engine: The engine as the RDS API names it.
        instance: Hardware of the instance.
        engine_version: Version of the engine; ``None`` stands for a current one. It matters for
            mariadb only.

    Raises:
        UnderivableMaxConnections: The engine's ``max_connections`` is not a share of the memory
            (aurora-mysql, oracle, sqlserver, db2), or the engine is unknown, or the version of
            mariadb cannot be read.
    """
    return _formula(engine, engine_version)(estimated_class_memory(instance))


def most_default_connections(
    engine: str, instance: InstanceClass, engine_version: str | None = None
) -> int:
    """The default ``max_connections`` of an instance at most, in connections.

    The same formulas over the nominal memory, of which RDS always keeps a part for itself.

    Raises:
        UnderivableMaxConnections: as of :func:`estimated_max_connections`.
    """
    return _formula(engine, engine_version)(instance.memory_bytes)


def _formula(engine: str, engine_version: str | None) -> Callable[[int], int]:
    """The engine's default ``max_connections`` as a function of the memory in bytes."""
    try:
        member = Engine(engine)
    except ValueError:
        raise UnderivableMaxConnections(
            f"unknown RDS engine {engine!r}{nearest_known(engine, list(Engine))}; "
            "give max_connections explicitly for an engine that is not known"
        ) from None
    formula = _DEFAULT_FORMULAS.get(member)
    if formula is None:
        raise UnderivableMaxConnections(
            f"max_connections of engine {engine!r} cannot be derived from the instance class; "
            "give max_connections explicitly"
        )
    if member is Engine.MARIADB and engine_version is not None and _before_10_5(engine_version):
        return _mysql
    return formula


def _before_10_5(mariadb_version: str) -> bool:
    version = re.match(r"(\d+)(?:\.(\d+))?", mariadb_version)
    if version is None:
        raise UnderivableMaxConnections(
            f"mariadb version {mariadb_version!r} does not begin with a number, such as 10.11; "
            "correct it or give max_connections explicitly"
        )
    # A bare "10" may mean either side of 10.5: the newer formula gives the lower value.
    major, minor = int(version[1]), int(version[2] or 5)
    return (major, minor) < (10, 5)
