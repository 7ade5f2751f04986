"""Times in tests, as people write them."""

from datetime import UTC, datetime


def at(text: str) -> int:
    """``2026-03-01 10:00`` in UTC as seconds since 1970."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
