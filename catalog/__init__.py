"""Facts about AWS that the monitoring is computed from.

Instance classes and engines of RDS, the connections that they allow, and list prices. Nothing
here calls AWS: every figure is on file or a documented formula, with its source beside it.
"""

from catalog.class_memory import estimated_class_memory
from catalog.engines import Engine, UnderivableMaxConnections, estimated_max_connections
from catalog.instance_classes import InstanceClass, UnknownInstanceClass, instance_class
from catalog.prices import Prices, prices_for

__all__ = [
    "Engine",
    "InstanceClass",
    "Prices",
    "UnderivableMaxConnections",
    "UnknownInstanceClass",
    "estimated_class_memory",
    "estimated_max_connections",
    "instance_class",
    "prices_for",
]
