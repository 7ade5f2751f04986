"""Health endpoints that cannot hurt the application, and that a hung database cannot hurt."""

from .conf import HealthSettings, health_settings
from .middleware import HealthMiddleware

__all__ = [
    "HealthMiddleware",
    "HealthSettings",
    "health_settings",
]
