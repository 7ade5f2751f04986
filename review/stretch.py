"""A stretch of time that alarms are replayed over."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """From when to when, in seconds since 1970 UTC, both ends included."""

    start: int
    end: int
