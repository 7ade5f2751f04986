"""The mute rules that people make by hand: their window, and how they are made and found."""

import math
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from account.account import AWS_ERRORS, Caller, Region, in_batches
from account.alarms import LiveAlarm
from account.mute_rules import MuteRule, hand_id, settings_window
from account.stack import StackPlace
from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.mute import MuteSchedule, MuteWindow, iso_duration, mute_duration
from ecs_monitoring.cron import time_zone
from ecs_monitoring.rules.mute import BY_HAND, mute_rule_name, mute_rule_tags
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


_REASON_LENGTH: Final = 500
_WHO_TAG: Final = "MutedBy"


class MadeInPartError(Exception):
    """Not every rule could be made; those that were are gone again, or the message says so."""


@dataclass(frozen=True, kw_only=True)
class FoundRule:
    """A rule that mutes some of the stack's alarms.

    Attributes:
        region: where it is.
        rule: the rule.
        alarms: those of the stack that it mutes.
        origin: whose it is, in words.
        id: the name by which ``--end`` ends it; empty where it does not.
    """

    region: Region
    rule: MuteRule
    alarms: tuple[LiveAlarm, ...]
    origin: str
    id: str = ""


def new_id(now: datetime) -> str:
    """What tells a mute by hand from others: the time, and a few random letters."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M}-{secrets.token_hex(2)}"


def make(
    place: StackPlace,
    caller: Caller,
    by_region: Sequence[tuple[Region, Sequence[LiveAlarm]]],
    window: HandWindow,
    *,
    id: str,
    reason: str,
) -> list[tuple[Region, str]]:
    """Put the rules of one mute: one for each hundred alarms of a region.

    Returns:
        The Region and the name of each.

    Raises:
        MadeInPartError: AWS refused one of them; the others were deleted again.
    """
    made: list[tuple[Region, str]] = []
    try:
        for region, alarms in by_region:
            every = in_batches([alarm.name for alarm in alarms], limits.ALARMS_PER_MUTE_RULE)
            for number, names in enumerate(every, start=1):
                part = f"-{number}" if number > 1 else ""
                name = mute_rule_name(place.project, place.stack, BY_HAND, f"{id}{part}")
                made.append((region, name))
                region.cloudwatch.put_alarm_mute_rule(
                    **_request(place, caller, window, name, names, reason)
                )
    except AWS_ERRORS as error:
        left = [name for region, name in made if not _deleted(region, name)]
        end = f"; delete by hand: {', '.join(left)}" if left else ""
        raise MadeInPartError(f"{made[-1][1]} could not be made: {error}{end}") from None
    return made


def _request(
    place: StackPlace,
    caller: Caller,
    window: HandWindow,
    name: str,
    alarms: Sequence[str],
    reason: str,
) -> dict[str, Any]:
    tags = {**mute_rule_tags(place.project, place.stack, BY_HAND), _WHO_TAG: caller.arn[:256]}
    return {
        "Name": name,
        "Description": f"{reason[:_REASON_LENGTH]} (python -m ops mute, {caller.arn})",
        "Rule": {
            "Schedule": {
                "Expression": window.schedule.expression,
                "Duration": iso_duration(window.schedule.duration),
                "Timezone": window.schedule.timezone,
            }
        },
        "MuteTargets": {"AlarmNames": list(alarms)},
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
    }


def _deleted(region: Region, name: str) -> bool:
    try:
        region.cloudwatch.delete_alarm_mute_rule(AlarmMuteRuleName=name)
    except AWS_ERRORS:
        return False
    return True


def of_stack(
    place: StackPlace, region: Region, rules: Sequence[MuteRule], alarms: Sequence[LiveAlarm]
) -> Iterator[FoundRule]:
    """The rules that mute alarms of the stack, whoever made them."""
    for rule in rules:
        muted = tuple(alarm for alarm in alarms if alarm.name in rule.alarms)
        if not muted:
            continue
        window, id_ = settings_window(place, rule.name), hand_id(place, rule.name)
        of_settings = f"settings: alerts.mutes.{window}" if window else "not of this program"
        yield FoundRule(
            region=region,
            rule=rule,
            alarms=muted,
            origin="by hand" if id_ else of_settings,
            id=id_,
        )
