"""Rules whose threshold says what is wrong, not what is unusual."""

from typing import Final

from ecs_monitoring.rules import alb_target, ecs, health, rds_target

FIXED: Final = frozenset(
    {
        alb_target.NO_HEALTHY_HOSTS,
        alb_target.UNHEALTHY_HOSTS,
        alb_target.REJECTED_CONNECTIONS,
        ecs.MEMORY_HIGH,
        ecs.TASKS_LOW,
        health.ENDPOINT_DOWN,
        rds_target.CONNECTIONS_HIGH,
        rds_target.CPU_CREDITS,
        rds_target.EBS_BYTE_BALANCE,
        rds_target.EBS_IO_BALANCE,
        rds_target.MEMORY_LOW,
        rds_target.STORAGE_LOW,
        rds_target.TRANSACTION_IDS,
    }
)
"""Keys of rules that watch for something that is about to run out, or is not there.

However usual it has become that a host is unhealthy or that a disk is nearly full, it is no noise:
no history speaks for a threshold that tolerates more of it.
"""
