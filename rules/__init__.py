"""When each kind of target is in trouble: pure rules, no AWS and no Pulumi."""

from typing import Any, Final

from rules.alb import ALB
from rules.app import APP
from rules.ecs import ECS
from rules.health import HEALTH
from rules.logs import LOGS
from rules.plan import Kind
from rules.rds import RDS

KINDS: Final[tuple[Kind[Any], ...]] = (ECS, ALB, RDS, LOGS, APP, HEALTH)
"""Every kind of target, in the order of the dashboard."""

__all__ = ["ALB", "APP", "ECS", "HEALTH", "KINDS", "LOGS", "RDS"]
