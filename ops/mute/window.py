"""The window of a mute by hand: from when, for how long."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from ecs_monitoring.cloudwatch.mute import MuteSchedule, MuteWindow, mute_duration
from ecs_monitoring.cron import time_zone
from ecs_monitoring.words import MINUTE

# AWS takes whole minutes, and does not say whether it takes one that has begun. The requests must
# be through before the minute begins.
_AHEAD: Final = 10


@dataclass(frozen=True, kw_only=True)
class HandWindow:
    """One window, once.

    Attributes:
        schedule: as CloudWatch takes it.
        window: its start and its end.
    """

    schedule: MuteSchedule
    window: MuteWindow


def hand_window(duration: str, at: str | None, timezone: str, now: float) -> HandWindow:
    """The window that somebody asks for.

    Args:
        duration: how long, such as ``1h``.
        at: local time at which it begins, ``2027-01-31T22:00``; ``None`` for the next minute.
        timezone: IANA name of the time zone of ``at``.
        now: seconds since 1970 UTC.

    Raises:
        ValueError: no duration, time or time zone, or a window that is over.
    """
    seconds = mute_duration(duration)
    zone = time_zone(timezone)
    if at is None:
        start = math.ceil((now + _AHEAD) / MINUTE) * MINUTE
        zone = "UTC"
        at = datetime.fromtimestamp(start, UTC).strftime("%Y-%m-%dT%H:%M")
    schedule = MuteSchedule.parsed(f"at({at})", f"{seconds // MINUTE}m", zone)
    window = schedule.next_window(int(now))
    if window is None or window.start < now:
        shown = datetime.fromtimestamp(now, ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
        raise ValueError(f"{at} {zone} has begun: write a time after {shown}, or leave --at out")
    return HandWindow(schedule=schedule, window=window)
