"""The Django app: what is measured besides requests is connected when it is ready."""

import sys

from django.apps import AppConfig
from django.core import checks
from django.core.cache import caches
from django.core.signals import got_request_exception

from .background import django_tasks
from .cache import count_cache_reads
from .checks import check_monitoring
from .conf import is_enabled
from .database import count_queries
from .failures import count_failure


class DjangoMonitoringConfig(AppConfig):
    """Counts unhandled exceptions, cache reads and tasks, unless metrics are not enabled."""

    name = "django_monitoring"
    verbose_name = "Monitoring"

    def ready(self) -> None:
        """Connect the counters. Nothing is counted until the recorder is started."""
        checks.register(check_monitoring)
        if not is_enabled():
            return
        got_request_exception.connect(count_failure, dispatch_uid="django_monitoring")
        count_cache_reads(caches)
        if is_enabled("DATABASE"):
            count_queries()
        django_tasks.connect()
        # A worker, and what sends to one, has imported it by now; others need not.
        if "celery" in sys.modules:
            from .background import celery

            celery.connect()
