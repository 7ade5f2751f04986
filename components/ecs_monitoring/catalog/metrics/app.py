"""Metrics that the Django package publishes, in the namespace of the monitoring guide.

Every metric exists rolled up by ``Service`` alone, which the alarms use; requests and response
times also by ``Service``, ``Method`` and ``Route``, which the dashboard searches.
"""

from functools import partial
from typing import Final

from ecs_monitoring.catalog.metrics.sheet import MetricSheet, Published, Usual
from ecs_monitoring.cloudwatch.units import Unit

NAMESPACE: Final = "Django/API"

SERVICE: Final = ("Service",)
ROUTE: Final = ("Service", "Method", "Route")

STATUS_CLASSES: Final = ("2xx", "3xx", "4xx", "5xx")

_metric = partial(
    MetricSheet,
    namespace=NAMESPACE,
    dimensions=SERVICE,
    source="docs/django.md",
)
_count = partial(
    _metric,
    unit=Unit.COUNT,
    whole=True,
    published=Published.NOT_ZERO,
    silence="nothing of the kind happened, or the service does not run",
)

STATUS_CODES: Final = {
    status: _count(name=f"StatusCode_{status}", usual=usual)
    for status, usual in zip(
        STATUS_CLASSES,
        (Usual(2900, noise=100, daily=0.8), Usual(10), Usual(90, noise=10, daily=0.8), Usual(0)),
        strict=True,
    )
}
"""Responses by class of their status."""

RESPONSE_TIME: Final = _metric(
    name="ResponseTime",
    unit=Unit.SECONDS,
    published=Published.IN_USE,
    silence="no request was answered",
    usual=Usual(0.1, noise=0.01, spread=0.04, samples=2000),
)
CACHE_HITS: Final = _count(name="CacheHits", usual=Usual(900, noise=20, daily=0.8))
CACHE_MISSES: Final = _count(name="CacheMisses", usual=Usual(100, noise=5, daily=0.8))
REQUESTS: Final = _count(name="Requests", dimensions=ROUTE, usual=Usual(3000, noise=100, daily=0.8))
ACTIONS: Final = _count(name="Actions", dimensions=("Service", "Action"), usual=Usual(0))
FAILURES: Final = _count(name="Failures", dimensions=("Service", "Type"), usual=Usual(0))
