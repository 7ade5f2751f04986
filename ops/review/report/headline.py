"""What a tired reader sees first."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecs_monitoring.words import DAY, counted, duration
from ops.review.model import Review
from ops.review.report.todo import ToDo
from ops.review.report.totals import Totals
from ops.review.report.wording import Clock, hours, number


@dataclass(frozen=True)
class Fact:
    """A number of the whole stack.

    Attributes:
        name: what it counts.
        value: the number.
        beside: what else is to be known of it, in a few words; may be empty.
    """

    name: str
    value: str
    beside: str


def headline(entries: Sequence[ToDo]) -> str:
    """How much there is to do."""
    if not entries:
        return "Nothing to change."
    found = f"{counted(len(entries), 'thing')} to change"
    critical = sum(entry.severity == "critical" for entry in entries)
    return f"{found}, {critical} of them critical." if critical else f"{found}, none critical."


def effect_sentence(found: Totals) -> str:
    """What to expect of the suggested thresholds; empty without any.

    First what came of them on days that they had not seen, then what they would have made of the
    history that they were chosen from, which is the best that they can do.
    """
    if not found.changing:
        return ""
    now, then = found.now, found.then
    words = ""
    if found.expected is not None and found.most is not None:
        words = (
            f"Expect {number(found.expected)} pages a month of what is changed (at most "
            f"{number(found.most)} at 95 %), by days that the suggestions had not seen. "
        )
    words += (
        f"On the history that they were chosen from, all alarms together would have fired "
        f"{then.firings:,} instead of {counted(now.firings, 'time')}"
    )
    if not found.incidents:
        return f"{words}."
    all_ = counted(found.incidents, "incident")
    if found.caught == found.caught_then:
        return f"{words}, and caught the same {found.caught:,} of {all_}."
    return f"{words}, and caught {found.caught_then:,} instead of {found.caught:,} of {all_}."


def span(review: Review) -> str:
    """What was reviewed, and for how long."""
    clock = Clock(review.zone)
    days = duration(review.end - review.start)
    firsts = [alarm.data.first for alarm in review.alarms if alarm.data.first is not None]
    lasts = [alarm.data.last for alarm in review.alarms if alarm.data.last is not None]
    if firsts and max(lasts) - min(firsts) < review.end - review.start - 2 * DAY:
        days = f"{duration(max(lasts) - min(firsts))} of data in {days}"
    return (
        f"{counted(len(review.alarms), 'alarm')}, {clock.day(review.start)} to "
        f"{clock.day(review.end)} ({days})"
    )


def facts(found: Totals) -> list[Fact]:
    """The overall numbers."""
    now, then = found.now, found.then
    mark = "≈ " if now.is_approximate else ""
    firings, seconds = "", ""
    if found.changing:
        firings = f"{then.firings:,} as suggested"
        seconds = f"{hours(then.seconds)} as suggested"
    pages = " + ".join(f"{sum(by_hour):,} {severity}" for severity, by_hour in found.pages.items())
    alarms = found.replayed + len(found.without_data) + len(found.unreplayed)
    quiet, coarse = len(found.never_fired), len(found.coarse)
    shown = [
        Fact("Firings", f"{mark}{now.firings:,}", firings),
        Fact("Pages", f"{mark}{found.all_pages:,}", pages),
        Fact("Hours in ALARM", f"{mark}{hours(now.seconds)}", seconds),
        Fact("Flapping", f"{mark}{now.flapping:,}", "fired again within an hour"),
        Fact("Never fired", f"{quiet:,}", f"of {counted(found.replayed, 'alarm')}"),
        Fact("Without data", f"{len(found.without_data):,}", f"of {counted(alarms, 'alarm')}"),
    ]
    if coarse:
        shown.append(Fact("Coarse history", f"{coarse:,}", "replayed from it (≈)"))
    return shown


def looked_at(review: Review) -> str:
    """What runs in the account and was compared with the alarms; empty where none was asked."""
    if review.coverage is None:
        return ""
    regions = []
    for region, counts in review.coverage.looked_at.items():
        seen = [f"{name} ({count:,})" for name, count in counts.items() if count is not None]
        if seen:
            regions.append(f"{', '.join(seen)} in {region}")
    return "; ".join(regions)
