"""What a tired reader sees first."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecs_monitoring.words import DAY, counted, duration, listed
from review.model import Review
from review.report.todo import ToDo
from review.report.totals import Totals
from review.report.wording import ReaderClock, hours, number


@dataclass(frozen=True)
class KeyFigure:
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
    words = f"{counted(len(entries), 'thing')} to change"
    critical = sum(entry.severity == "critical" for entry in entries)
    return f"{words}, {critical} of them critical." if critical else f"{words}, none critical."


def effect_sentence(totals: Totals) -> str:
    """What to expect of the stack.

    First its pages, by days that the suggestions had not seen; then what the suggestions would
    have made of the history that they were chosen from, which is the best that they can do.
    """
    parts = (_expected(totals), _on_history(totals) if totals.changing else "")
    return " ".join(filter(None, parts))


def _expected(totals: Totals) -> str:
    """The pages a month; empty where nothing that pages is known well enough."""
    pages = totals.pages
    if pages is None or pages.expected is None or pages.most is None:
        return ""
    how = ", by days that the suggestions had not seen" if totals.changing else ""
    words = (
        f"Expect {number(pages.expected)} pages a month (at most {number(pages.most)} at 95 %){how}"
    )
    if pages.unjudged:
        words += f"; of {listed(pages.unjudged)} too little is known to count them"
    if pages.beside:
        words += f"; what is suggested beside {listed(pages.beside)} is not counted"
    return f"{words}."


def _on_history(totals: Totals) -> str:
    """What the suggestions would have made of the history that they were chosen from."""
    now, then, pages = totals.now, totals.then, totals.pages
    words = "On the history that they were chosen from, there would have been "
    if pages is not None and (pages.now or pages.then):
        words += f"{_then_now(len(pages.then), len(pages.now), 'page')} and "
    words += _then_now(then.firings, now.firings, "firing")
    if not totals.incidents:
        return f"{words}."
    incidents = counted(totals.incidents, "incident")
    if totals.caught == totals.caught_then:
        return f"{words}, with the same {totals.caught:,} of {incidents} caught."
    return (
        f"{words}, with {totals.caught_then:,} instead of {totals.caught:,} of {incidents} caught."
    )


def _then_now(then: int, now: int, what: str) -> str:
    """``2 firings instead of 46``."""
    return f"{counted(then, what)} instead of {now:,}"


def span(review: Review) -> str:
    """What was reviewed, and for how long."""
    clock = ReaderClock(review.zone)
    days = duration(review.end - review.start)
    firsts = [alarm.data.first for alarm in review.alarms if alarm.data.first is not None]
    lasts = [alarm.data.last for alarm in review.alarms if alarm.data.last is not None]
    if firsts and max(lasts) - min(firsts) < review.end - review.start - 2 * DAY:
        days = f"{duration(max(lasts) - min(firsts))} of data in {days}"
    return (
        f"{counted(len(review.alarms), 'alarm')}, {clock.day(review.start)} to "
        f"{clock.day(review.end)} ({days})"
    )


def facts(totals: Totals) -> list[KeyFigure]:
    """The overall numbers."""
    now, then, pages = totals.now, totals.then, totals.pages
    mark = "≈ " if now.is_approximate else ""

    def as_suggested(value: str) -> str:
        return f"{value} as suggested" if totals.changing else ""

    alarms = totals.replayed + len(totals.without_data) + len(totals.unreplayed)
    quiet, coarse = len(totals.never_fired), len(totals.coarse)
    shown = []
    if pages is not None:
        beside = as_suggested(f"{len(pages.then):,}")
        shown.append(KeyFigure("Pages", f"{mark}{len(pages.now):,}", beside))
    shown += [
        KeyFigure("Firings", f"{mark}{now.firings:,}", as_suggested(f"{then.firings:,}")),
        KeyFigure(
            "Hours in ALARM", f"{mark}{hours(now.seconds)}", as_suggested(hours(then.seconds))
        ),
        KeyFigure("Flapping", f"{mark}{now.flapping:,}", "fired again within an hour"),
        KeyFigure("Never fired", f"{quiet:,}", f"of {counted(totals.replayed, 'alarm')}"),
        KeyFigure(
            "Without data", f"{len(totals.without_data):,}", f"of {counted(alarms, 'alarm')}"
        ),
    ]
    if coarse:
        shown.append(KeyFigure("Coarse history", f"{coarse:,}", "replayed from it (≈)"))
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
