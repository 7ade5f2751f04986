"""Health endpoints that cannot hurt the application, and that a hung database cannot hurt."""

from .conf import CheckKind, CheckSettings, HealthSettings, health_settings
from .middleware import HEALTH_PATHS, HealthMiddleware

__all__ = [
    "HEALTH_PATHS",
    "CheckKind",
    "CheckSettings",
    "HealthMiddleware",
    "HealthSettings",
    "health_settings",
]
