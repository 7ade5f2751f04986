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

BY_SERVICE: Final = (SERVICE,)
BY_ROUTE: Final = (SERVICE, METHOD, ROUTE)
BY_ACTION: Final = (SERVICE, ACTION)
BY_TYPE: Final = (SERVICE, TYPE)
BY_CACHE: Final = (SERVICE, CACHE)

COUNT: Final = "Count"
SECONDS: Final = "Seconds"

REQUESTS: Final = "Requests"
"""Answered requests, by service and by route."""

RESPONSE_TIME: Final = "ResponseTime"
"""Seconds from the first middleware to the response object, by service and by route."""

STATUS_CLASSES: Final = {
    2: "StatusCode_2xx",
    3: "StatusCode_3xx",
    4: "StatusCode_4xx",
    5: "StatusCode_5xx",
}
"""Answered requests by the first digit of the status, by service."""

ACTIONS: Final = "Actions"
"""What users completed, by service and by action."""

FAILURES: Final = "Failures"
"""Unhandled exceptions in requests, by service and by type."""

CACHE_HITS: Final = "CacheHits"
"""Cache reads that found a value, by service and by cache alias."""

CACHE_MISSES: Final = "CacheMisses"
"""Cache reads that found none, by service and by cache alias."""

SAMPLES_DROPPED: Final = "SamplesDropped"
"""Measurements that were taken and could not be published, by service."""
