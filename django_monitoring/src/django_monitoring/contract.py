"""The names under which CloudWatch knows what this package measures.

Alarms and graphs are made elsewhere from the same names, so changing one here silences them.
Every metric exists rolled up by ``Service`` alone, which alarms use; most of them also by a
finer set of dimensions, which dashboards search.
"""

from typing import Final

NAMESPACE: Final = "Django/API"

SERVICE: Final = "Service"
METHOD: Final = "Method"
ROUTE: Final = "Route"
ACTION: Final = "Action"
TYPE: Final = "Type"
CACHE: Final = "Cache"
TASK: Final = "Task"
QUEUE: Final = "Queue"
DATABASE: Final = "Database"

BY_SERVICE: Final = (SERVICE,)
BY_ROUTE: Final = (SERVICE, METHOD, ROUTE)
BY_ACTION: Final = (SERVICE, ACTION)
BY_TYPE: Final = (SERVICE, TYPE)
BY_CACHE: Final = (SERVICE, CACHE)
BY_TASK: Final = (SERVICE, TASK)
BY_QUEUE: Final = (SERVICE, QUEUE)
BY_DATABASE: Final = (SERVICE, DATABASE)

COUNT: Final = "Count"
SECONDS: Final = "Seconds"
PERCENT: Final = "Percent"

REQUESTS: Final = "Requests"
"""Requests that ended, answered or given up by their client, by service and by route."""

RESPONSE_TIME: Final = "ResponseTime"
"""Seconds from the first middleware to the response object, by service and by route.

Of a request that its client gave up, the seconds until then: leaving them out would leave out
exactly those that took too long.
"""

STATUS_CLASSES: Final = {
    2: "StatusCode_2xx",
    3: "StatusCode_3xx",
    4: "StatusCode_4xx",
    5: "StatusCode_5xx",
}
"""Answered requests by the first digit of the status, by service."""

DISCONNECTS: Final = "Disconnects"
"""Requests whose client was gone before an ASGI application had answered, by service."""

STREAMS_BROKEN: Final = "StreamsBroken"
"""Streaming responses that ended in an exception after their status was sent, by service."""

STATUS_PROPERTIES: Final = {
    2: "Status_2xx",
    3: "Status_3xx",
    4: "Status_4xx",
    5: "Status_5xx",
}
"""The same as ``STATUS_CLASSES`` for one route: properties of its line, and no metrics."""

DISCONNECTED_PROPERTY: Final = "Status_disconnected"
"""``DISCONNECTS`` of one route, as a property of its line."""

BROKEN_PROPERTY: Final = "Status_broken"
"""``STREAMS_BROKEN`` of one route, as a property of its line."""

IN_PROGRESS: Final = "RequestsInProgress"
"""The most requests at once in one process and interval, with unfinished streams, by service.

Also those whose client is gone, while a thread works for them.
"""

OLDEST_REQUEST: Final = "OldestRequestAge"
"""Seconds since the oldest request in progress began, by service; one value a process.

Streams have their answer, and no age.
"""

THREADS_BUSY: Final = "ThreadsBusy"
"""Percent of a process's threads that answer requests, over the interval, by service.

Only where the number of threads is known. Their average over the processes is the service's.
"""

OLDEST_METHOD_PROPERTY: Final = "OldestMethod"
OLDEST_ROUTE_PROPERTY: Final = "OldestRoute"
"""Method and route of the oldest request, as properties of the line that says its age."""

ACTIONS: Final = "Actions"
"""What users completed, by service and by action."""

FAILURES: Final = "Failures"
"""Unhandled exceptions in requests, by service and by type."""

CACHE_HITS: Final = "CacheHits"
"""Cache reads that found a value, by service and by cache alias."""

CACHE_MISSES: Final = "CacheMisses"
"""Cache reads that found none, by service and by cache alias."""

TASKS: Final = "Tasks"
"""Runs of background tasks that ended, well or not, by service and by task."""

TASK_TIME: Final = "TaskTime"
"""Seconds that each run took, by service and by task."""

TASK_WAIT: Final = "TaskWait"
"""Seconds from when a task was sent, or was to run, to its run, by service and by task."""

TASK_FAILURES: Final = "TaskFailures"
"""Runs that ended in an exception or with their process, by service and by task."""

TASK_RETRIES: Final = "TaskRetries"
"""Runs that asked to be run again, by service and by task."""

TASKS_IN_PROGRESS: Final = "TasksInProgress"
"""The most background tasks at once in one process and interval, by service."""

OLDEST_TASK: Final = "OldestTaskAge"
"""Seconds since the oldest task that still runs began, by service; one value a process."""

OLDEST_TASK_PROPERTY: Final = "OldestTask"
"""The name of the oldest task, as a property of the line that says its age."""

QUEUE_LENGTH: Final = "QueueLength"
"""Tasks that wait in a queue, by service and by queue, as each worker sees it."""

QUEUE_AGE: Final = "QueueAge"
"""Seconds since the oldest task in a queue was sent, by service and by queue; 0 where it is empty.

Only of brokers in which one can look: Redis, and Celery's brokers in files and in memory.
"""

QUERIES: Final = "Queries"
"""Queries of all requests, by service; off by default."""

DATABASE_TIME: Final = "DatabaseTime"
"""Seconds that all requests waited for their queries, by service; off by default."""

QUERIES_PROPERTY: Final = "RouteQueries"
"""``QUERIES`` of one route, as a property of its line."""

DATABASE_TIME_PROPERTY: Final = "RouteDatabaseSeconds"
"""``DATABASE_TIME`` of one route, as a property of its line."""

POOL_USE: Final = "PoolUse"
"""The most percent of a process's pool in use or being opened, by service and database."""

POOL_WAITING: Final = "PoolWaiting"
"""The most that waited for a connection of a pool at once, by service and database."""

SAMPLES_DROPPED: Final = "SamplesDropped"
"""Measurements that were taken and could not be published, by service."""

GAUGES: Final = frozenset(
    {
        IN_PROGRESS,
        OLDEST_REQUEST,
        THREADS_BUSY,
        TASKS_IN_PROGRESS,
        OLDEST_TASK,
        QUEUE_LENGTH,
        QUEUE_AGE,
        POOL_USE,
        POOL_WAITING,
    }
)
"""Metrics that say how something was, rather than how much of it there was."""
