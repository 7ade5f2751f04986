"""Times as scripts read them."""

from datetime import UTC, datetime


def iso(time: int) -> str:
    """Seconds since 1970 UTC as ``2026-03-01T10:00:00Z``."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
