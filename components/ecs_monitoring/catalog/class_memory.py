"""How much of an instance class's memory RDS leaves to the database."""

from typing import Final

from ecs_monitoring.catalog.instance_classes import InstanceClass

_FIXED_RESERVE_BYTES: Final = 256 * 1024**2
_RESERVE_SHARE_DIVISOR: Final = 8


def estimated_class_memory(instance: InstanceClass) -> int:
    """Estimate ``DBInstanceClassMemory`` of an instance from below, in bytes.

    ``DBInstanceClassMemory`` is the variable that the engines' default ``max_connections`` is
    computed from. It is the nominal memory less what RDS reserves for the operating system and
    its management processes, hence always smaller than the nominal memory; AWS does not publish
    the reserve.
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ParamValuesRef.html

    The estimate takes off 256 MiB and one eighth of the memory. Reading ``max_connections``
    backwards through its formula gives these reserves on real instances, in MiB:

    ====================  =======  ========  ================================================
    nominal memory        reserve  estimate  observed (sources in the tests of this module)
    ====================  =======  ========  ================================================
    1 GiB                     303       384  PostgreSQL 79, shared_buffers 184648 kB (t4g)
    2 GiB                     403       512  PostgreSQL 181 (db.t4g.small)
    4 GiB                     415       768  Aurora PostgreSQL 405 (db.t4g.medium, documented)
    8 GiB                     520      1280  Aurora PostgreSQL 844 (db.t4g.large, documented)
    16 GiB                   1840      2304  Aurora PostgreSQL 1600 (db.r5.large, documented)
    32 GiB                   2771      4352  Aurora PostgreSQL 3300 (db.r5.xlarge, documented)
    ====================  =======  ========  ================================================

    The share covers the largest reserve seen on a large class (11.2 % on db.r5.large); the fixed
    part covers small classes with about 80 MiB to spare on the tightest. An alarm threshold set
    at a share of a value that is too high can never be crossed; one set at a share of a value
    that is too low is only crossed early. So the estimate errs on the low side.
    """
    share = instance.memory_bytes // _RESERVE_SHARE_DIVISOR
    return instance.memory_bytes - share - _FIXED_RESERVE_BYTES
