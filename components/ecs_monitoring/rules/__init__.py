"""When each kind of target is in trouble: pure rules, no AWS and no Pulumi."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ecs_monitoring.rules.alb import ALB
from ecs_monitoring.rules.app import APP
from ecs_monitoring.rules.ecs import ECS
from ecs_monitoring.rules.event_row import EventRow
from ecs_monitoring.rules.health import HEALTH
from ecs_monitoring.rules.health_events import HEALTH_EVENTS
from ecs_monitoring.rules.logs import LOGS
from ecs_monitoring.rules.plan import Kind
from ecs_monitoring.rules.rds import RDS
from ecs_monitoring.rules.row import Rule

KINDS: Final[tuple[Kind[Any], ...]] = (ECS, ALB, RDS, LOGS, APP, HEALTH)
"""Every kind of target, in the order of the dashboard: the one list of them."""

RULES: Final = MappingProxyType({row.key: row for kind in KINDS for row in kind.rows})
"""Every rule by its key."""

EVENTS: Final[Mapping[str, EventRow[Any]]] = MappingProxyType(
    {row.key: row for kind in KINDS for row in kind.events}
    | {row.key: row for row in HEALTH_EVENTS}
)
"""Every event by its key."""

__all__ = ["ALB", "APP", "ECS", "EVENTS", "HEALTH", "KINDS", "LOGS", "RDS", "RULES", "Kind", "Rule"]
