"""Facts about AWS that the monitoring is computed from.

Instance classes and engines of RDS, the connections that they allow, and list prices. Nothing
here calls AWS: every figure is on file or a documented formula, with its source beside it.
"""

from ecs_monitoring.catalog.class_memory import estimated_class_memory
from ecs_monitoring.catalog.cpu_credits import most_cpu_credits
from ecs_monitoring.catalog.engines import (
    Engine,
    UnderivableMaxConnections,
    estimated_max_connections,
    most_default_connections,
)
from ecs_monitoring.catalog.instance_classes import (
    InstanceClass,
    UnknownInstanceClass,
    instance_class,
)
from ecs_monitoring.catalog.prices import Prices, prices_for

__all__ = [
    "Engine",
    "InstanceClass",
    "Prices",
    "UnderivableMaxConnections",
    "UnknownInstanceClass",
    "estimated_class_memory",
    "estimated_max_connections",
    "instance_class",
    "most_cpu_credits",
    "most_default_connections",
    "prices_for",
]
