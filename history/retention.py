"""How long CloudWatch keeps what, and when a day's records are final."""

from typing import Final

from ecs_monitoring.words import DAY, HOUR, MINUTE

RETENTION: Final = {
    MINUTE: 15 * DAY,
    300: 63 * DAY,
    HOUR: 455 * DAY,
}
"""Period to how long its datapoints are available, in seconds, finest first.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

SHORT_PERIOD: Final = 10
"""The period at which metrics are asked for that an alarm reads at 10, 20 or 30 seconds."""

SHORT_RETENTION: Final = 3 * HOUR
"""How long datapoints of less than a minute are available (same page)."""

SETTLING: Final = 3 * DAY
"""Seconds after a day's end from which on its records count as final.

"Data points with time stamps from 24 hours ago or longer can take at least 48 hours to become
available for GetMetricData": a day for publishing late, and two for becoming available.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
"""

MARGIN: Final = HOUR
"""What is about to expire within so many seconds counts as gone: fetching takes a while."""


def finest_period(start: int, now: int) -> int | None:
    """The shortest period whose datapoints are all still there, from a time on.

    Args:
        start: seconds since 1970 UTC.
        now: likewise.

    Returns:
        The period in seconds; ``None`` where CloudWatch has forgotten them.
    """
    for period, retention in RETENTION.items():
        if start >= now - retention + MARGIN:
            return period
    return None


def is_available(period: int, start: int, now: int) -> bool:
    """Whether datapoints of a period from ``start`` on are there at this moment."""
    return start >= now - RETENTION.get(period, SHORT_RETENTION)


def floor_to(time: int, step: int) -> int:
    """The last whole step up to a time."""
    return time - time % step
