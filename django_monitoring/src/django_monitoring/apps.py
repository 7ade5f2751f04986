"""The Django app: what is measured besides requests is connected when it is ready."""

from django.apps import AppConfig
from django.core import checks
from django.core.cache import caches
from django.core.signals import got_request_exception

from .cache import count_cache_reads
from .checks import check_monitoring
from .conf import is_enabled
from .failures import count_failure


class DjangoMonitoringConfig(AppConfig):
    """Counts unhandled exceptions and cache reads, unless metrics are not enabled."""

    name = "django_monitoring"
    verbose_name = "Monitoring"

    def ready(self) -> None:
        """Connect the counters. Nothing is counted until the middleware is loaded."""
        checks.register(check_monitoring)
        if is_enabled():
            got_request_exception.connect(count_failure, dispatch_uid="django_monitoring")
            count_cache_reads(caches)
