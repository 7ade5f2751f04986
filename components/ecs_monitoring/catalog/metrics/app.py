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

ROUTE_PROPERTIES: Final = {
    "requests": "Requests",
    **{f"answered_{status}": f"Status_{status}" for status in STATUS_CLASSES},
    "disconnected": "Status_disconnected",
    "broken": "Status_broken",
}
"""What a route's line in the log counts, by what a query calls it; no metrics but the first one."""

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
    endless="as many as happen",
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
    endless="a request takes as long as the server lets it",
    published=Published.IN_USE,
    silence="no request was answered",
    usual=Usual(0.1, noise=0.01, spread=0.04, samples=2000),
)
CACHE_HITS: Final = _count(name="CacheHits", usual=Usual(900, noise=20, daily=0.8))
CACHE_MISSES: Final = _count(name="CacheMisses", usual=Usual(100, noise=5, daily=0.8))
REQUESTS: Final = _count(name="Requests", dimensions=ROUTE, usual=Usual(3000, noise=100, daily=0.8))
ACTIONS: Final = _count(name="Actions", dimensions=("Service", "Action"), usual=Usual(0))
FAILURES: Final = _count(name="Failures", dimensions=("Service", "Type"), usual=Usual(0))

DISCONNECTS: Final = _count(name="Disconnects", usual=Usual(5, noise=2, daily=0.8))
STREAMS_BROKEN: Final = _count(name="StreamsBroken", usual=Usual(0))
SAMPLES_DROPPED: Final = _count(name="SamplesDropped", usual=Usual(0))
"""Measurements that the application took and could not publish."""

# Looked at in each process, and published from its first request on, also while it is idle.
_request_gauge = partial(
    _metric,
    published=Published.ALWAYS,
    silence="no process has had a request yet, or the service does not run",
)
REQUESTS_IN_PROGRESS: Final = _request_gauge(
    name="RequestsInProgress",
    unit=Unit.COUNT,
    whole=True,
    endless="as many as the servers take at once, which no setting says",
    usual=Usual(2, noise=0.5, samples=10),
)
OLDEST_REQUEST_AGE: Final = _request_gauge(
    name="OldestRequestAge",
    unit=Unit.SECONDS,
    endless="a request takes as long as the server lets it",
    usual=Usual(0.5, noise=0.1, samples=10, spread=0.2),
)
THREADS_BUSY: Final = _request_gauge(
    name="ThreadsBusy",
    unit=Unit.PERCENT,
    highest=100,
    needs="a server with a known number of threads (docs/django.md)",
    usual=Usual(30, noise=3, samples=10, spread=3),
)

# Of Celery's workers, and of Django's tasks.
_task = partial(_count, needs="background tasks (docs/django.md)")
_task_gauge = partial(
    _metric,
    endless="what waits and runs has no limit",
    published=Published.ALWAYS,
    needs="Celery workers (docs/django.md)",
    silence="no worker runs, or its broker does not say it",
)
TASKS: Final = _task(name="Tasks", usual=Usual(200, noise=10, daily=0.5))
TASK_FAILURES: Final = _task(name="TaskFailures", usual=Usual(0))
TASK_RETRIES: Final = _task(name="TaskRetries", usual=Usual(0))
TASK_TIME: Final = _metric(
    name="TaskTime",
    unit=Unit.SECONDS,
    endless="a task takes as long as it takes",
    published=Published.IN_USE,
    needs="background tasks (docs/django.md)",
    silence="no task was run",
    usual=Usual(1, noise=0.1, spread=0.4, samples=200),
)
TASK_WAIT: Final = _metric(
    name="TaskWait",
    unit=Unit.SECONDS,
    endless="a task waits as long as nobody takes it",
    published=Published.IN_USE,
    needs="background tasks (docs/django.md)",
    silence="no task was run",
    usual=Usual(0.5, noise=0.1, spread=0.2, samples=200),
)
TASKS_IN_PROGRESS: Final = _task_gauge(
    name="TasksInProgress", unit=Unit.COUNT, whole=True, usual=Usual(2, noise=0.5, samples=4)
)
OLDEST_TASK_AGE: Final = _task_gauge(
    name="OldestTaskAge", unit=Unit.SECONDS, usual=Usual(5, noise=1, samples=4, spread=1)
)
QUEUE_LENGTH: Final = _task_gauge(
    name="QueueLength", unit=Unit.COUNT, whole=True, usual=Usual(3, noise=1, samples=2)
)
QUEUE_AGE: Final = _task_gauge(
    name="QueueAge", unit=Unit.SECONDS, usual=Usual(1, noise=0.3, samples=2)
)
