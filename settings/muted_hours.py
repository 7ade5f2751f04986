"""Windows that alone or together leave little or no time in which anybody is told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.mute import (
    LONGEST_SILENCE,
    MuteSchedule,
    MuteWindow,
    merged_windows,
)
from ecs_monitoring.words import DAY, counted, duration, listed
from settings.errors import SettingsProblem
from settings.model import StackSettings

# Always the same year, so that settings are judged alike on any day. Its first Monday is the fifth.
_YEAR: Final = MuteWindow(
    int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()),
    int(datetime(2027, 1, 1, tzinfo=UTC).timestamp()),
)
_MONDAY: Final = datetime(2026, 1, 5)

_FEWEST_HOURS: Final = 0.1
"""Share of the time below which hardly anybody is told. A choice: office hours, which are all that
some want to be notified of staging, are a quarter of a week."""


class _Muted(NamedTuple):
    """Alarms that the same windows mute, and when these windows do, in the order of time."""

    windows: tuple[str, ...]
    alarms: list[AlarmAddress]
    silences: tuple[MuteWindow, ...]


def muted_for_ever(settings: StackSettings) -> Iterator[SettingsProblem]:
    """Alarms of which nobody is ever told, since one window begins before the last one ends."""
    for muted in _muted(settings):
        # Of one window alone its own model says so.
        longest = max((end - start for start, end in muted.silences), default=0)
        if longest > LONGEST_SILENCE and len(muted.windows) > 1:
            yield SettingsProblem(
                settings.path("alerts", "mutes"),
                "",
                f"{' and '.join(muted.windows)} together leave no time in which "
                f"{_alarms(muted)} would tell anybody: write shorter windows, or enabled: false "
                "for the alarms",
            )


def hardly_heard(settings: StackSettings) -> Iterator[str]:
    """Alarms of which people are told in a few hours alone."""
    span = _YEAR.end - _YEAR.start
    for muted in _muted(settings):
        silent = sum(min(end, _YEAR.end) - max(start, _YEAR.start) for start, end in muted.silences)
        share = 1 - silent / span
        if share < _FEWEST_HOURS:
            zone = settings.alerts.mutes[muted.windows[0]].timezone
            stretches = list(_stretches(muted.silences, zone))
            when = f" ({listed(stretches)}, {zone})" if stretches else ""
            path = (
                settings.path("alerts", "mutes", *muted.windows)
                if len(muted.windows) == 1
                else f"{settings.path('alerts', 'mutes')} ({' and '.join(muted.windows)})"
            )
            yield (
                f"{path} mutes {_alarms(muted)} for all but {duration(share * 7 * DAY)} of a week"
                f"{when}: write shorter windows, or enabled: false for the alarms"
            )


def _muted(settings: StackSettings) -> Iterator[_Muted]:
    mutes = {name: mute for name, mute in settings.alerts.mutes.items() if not mute.when.is_once}
    groups: dict[tuple[str, ...], list[AlarmAddress]] = {}
    for _, _, plan in settings.plans if mutes else ():
        for rule in plan.rules:
            address, severity = rule.address, rule.severity
            names = tuple(name for name, mute in mutes.items() if mute.takes(address, severity))
            if names:
                groups.setdefault(names, []).append(address)
    for names, alarms in groups.items():
        yield _Muted(names, alarms, _silences(tuple(mutes[name].when for name in names)))


@cache
def _silences(schedules: tuple[MuteSchedule, ...]) -> tuple[MuteWindow, ...]:
    """When they mute in the course of a year, in the order of time."""
    return tuple(merged_windows(chain.from_iterable(s.windows(*_YEAR) for s in schedules)))


def _alarms(muted: _Muted) -> str:
    return f"{counted(len(muted.alarms), 'alarm')} ({listed(muted.alarms)})"


def _stretches(silences: tuple[MuteWindow, ...], timezone: str) -> Iterator[str]:
    """The hours of a usual week in which people are told, by the clocks of a place."""
    zone = ZoneInfo(timezone)
    begin = int(_MONDAY.replace(tzinfo=zone).timestamp())
    end = int((_MONDAY + timedelta(days=7)).replace(tzinfo=zone).timestamp())
    for silence in (*silences, MuteWindow(end, end)):
        if silence.start > begin:
            until = min(silence.start, end)
            yield f"{_clock(begin, zone)} to {_clock(until, zone)}"
        begin = max(begin, silence.end)
        if begin >= end:
            return


def _clock(moment: int, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(moment, zone):%a %H:%M}"
