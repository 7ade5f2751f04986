"""Small programs' common parts: topics that exist elsewhere, and one target of each kind."""

from collections.abc import Callable
from typing import Any, Final, Protocol

import ecs_monitoring as watch
from stack.program import ProgramRun

CRITICAL: Final = "arn:aws:sns:ap-northeast-1:123456789012:pager"
WARNING: Final = "arn:aws:sns:ap-northeast-1:123456789012:mailbox"

OUTSIDE_ROUTING: Final = watch.RoutingArgs(
    topics={"critical": ["arn:aws:sns:us-east-1:123456789012:critical"]}
)
ROUTING: Final = watch.RoutingArgs(topics={"critical": [CRITICAL], "warning": [WARNING]})


class RunComponents(Protocol):
    """The fixture that runs a small program."""

    def __call__(self, program: Callable[[], None], *, preview: bool = False) -> ProgramRun: ...


class RunWith(Protocol):
    """The fixture that runs a shipped stack with some settings changed."""

    def __call__(self, *changes: str, stack: str = "prod", **options: Any) -> ProgramRun: ...


def ecs_args(**changes: Any) -> watch.EcsMonitoringArgs:
    """Args of one ECS service called web; ``changes`` are further args."""
    service = watch.EcsTargetArgs(cluster="shop", service="checkout")
    return watch.EcsMonitoringArgs(**{"targets": {"web": service}, "routing": ROUTING, **changes})


def alb_args(**changes: Any) -> watch.AlbMonitoringArgs:
    """Args of one load balancer called main, without target groups."""
    balancer = watch.AlbTargetArgs(load_balancer="app/shop/0123456789abcdef")
    return watch.AlbMonitoringArgs(**{"targets": {"main": balancer}, "routing": ROUTING, **changes})


def database(**changes: Any) -> watch.RdsTargetArgs:
    """A PostgreSQL instance on db.t4g.small with 100 GiB; ``changes`` are its fields."""
    usual = {
        "instance": "shop-db",
        "engine": "postgres",
        "instance_class": "db.t4g.small",
        "allocated_storage_gib": 100,
    }
    return watch.RdsTargetArgs(**{**usual, **changes})


def rds_args(target: watch.RdsTargetArgs | None = None, **changes: Any) -> watch.RdsMonitoringArgs:
    """Args of one database called main."""
    usual = {"targets": {"main": target or database()}, "routing": ROUTING}
    return watch.RdsMonitoringArgs(**{**usual, **changes})


def log_args(**fields: Any) -> watch.LogMonitoringArgs:
    """Args of one log group called app; ``fields`` are its own."""
    group = watch.LogTargetArgs(**{"group": "/ecs/shop", **fields})
    return watch.LogMonitoringArgs(targets={"app": group}, routing=ROUTING)
