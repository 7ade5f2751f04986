"""Distances that differ by hour of the day and day of the week: as settings, and as metric math.

``HOUR`` and ``DAY`` of a metric are those of UTC, where Monday is 1 and Sunday 7
(https://docs.aws.amazon.com/IDR/latest/userguide/suppress-alarms-tutorial-suppress.html). Summer
time does not move them: what a service does by the clock on the wall comes an hour earlier then.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.words import did_you_mean

HOURS: Final = 24
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEK: Final = len(WEEKDAYS)

IDS: Final = ("hour", "day", "usual", "other", "distance")
"""Ids of the expressions, where no others are asked for."""

Table = tuple[tuple[float, ...], ...]
"""A row a day from Monday on, a column an hour, UTC."""

Run = tuple[int, int, float]
"""The first hour, the hour after the last one, and the distance."""

_SPAN: Final = re.compile(
    r"(?:(?P<first>[A-Za-z]+)(?:-(?P<last>[A-Za-z]+))? +)?(?P<begins>\d\d?)-(?P<ends>\d\d?)"
)


class SpanError(ValueError):
    """A span of hours that is none; the message says what to write.

    Attributes:
        span: as it was written.
    """

    def __init__(self, span: str, message: str) -> None:
        super().__init__(message)
        self.span = span


@dataclass(frozen=True)
class Span:
    """Some hours of some days, UTC.

    Attributes:
        days: 0 for Monday; empty for those of every day, which give way to those of a day.
        hours: 0 to 23.
    """

    days: tuple[int, ...]
    hours: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Span":
        """The span that is written ``06-18``, ``22-06``, ``Sun 02-05`` or ``Mon-Fri 06-18``.

        Raises:
            SpanError: it is written otherwise.
        """
        match = _SPAN.fullmatch(text.strip())
        if match is None:
            raise SpanError(
                text,
                "write full hours of every day, such as 06-18 or 22-06, or of some days, such as "
                "Sun 02-05 or Mon-Fri 06-18, in UTC",
            )
        begins, ends = int(match["begins"]), int(match["ends"])
        if begins >= HOURS or not 1 <= ends <= HOURS or begins == ends:
            raise SpanError(text, "write from an hour, 0 to 23, to another one, 1 to 24")
        days = _days(text, match["first"], match["last"])
        if days and ends < begins:
            raise SpanError(text, "ends on the next day: write a span to 24 and one from 0 on")
        length = (ends - begins) % HOURS or HOURS
        return cls(days, tuple((begins + hour) % HOURS for hour in range(length)))


def _days(text: str, first: str | None, last: str | None) -> tuple[int, ...]:
    if first is None:
        return ()
    begins = _weekday(text, first)
    ends = begins if last is None else _weekday(text, last)
    return tuple((begins + day) % WEEK for day in range((ends - begins) % WEEK + 1))


def _weekday(text: str, name: str) -> int:
    if name.title() not in WEEKDAYS:
        raise SpanError(text, f"there is no day {name}{did_you_mean(name.title(), WEEKDAYS)}")
    return WEEKDAYS.index(name.title())


def table_of(distance: float, spans: Mapping[str, float]) -> Table:
    """The distance of each hour of the week.

    Args:
        distance: of the hours in no span.
        spans: the distance of each span; of an hour in two, that of the day counts.

    Raises:
        SpanError: a span is none, or an hour is in two spans of the same sort.
    """
    table = [[distance] * HOURS for _ in range(WEEK)]
    taken: dict[tuple[int, int], str] = {}
    parsed = [(text, Span.of(text), value) for text, value in spans.items()]
    for text, span, value in sorted(parsed, key=lambda entry: bool(entry[1].days)):
        for hour in span.hours:
            for day in span.days or range(WEEK):
                table[day][hour] = value
            for day in span.days or (WEEK,):
                if (other := taken.setdefault((day, hour), text)) != text:
                    raise SpanError(text, f"overlaps with {other}: write each hour once")
    return tuple(map(tuple, table))


def spans_of(table: Table) -> tuple[float, dict[str, float]]:
    """Settings that say what a table does: the distance of most hours, and spans with others.

    The least of an hour's distances is that of every day; where a day's is greater, it has a span.
    """
    usual = usual_of(table)
    distance, _ = Counter(usual).most_common(1)[0]
    spans = {_text(first, last): value for first, last, value in runs(usual) if value != distance}
    spans |= {
        f"{WEEKDAYS[day]} {_text(first, last)}": value
        for day, (first, last, value) in exceptions(table)
    }
    return distance, spans


def _text(first: int, last: int) -> str:
    return f"{first:02}-{last:02}"


def usual_of(table: Table) -> tuple[float, ...]:
    """The least distance of each hour."""
    return tuple(map(min, zip(*table, strict=True)))


def runs(row: Sequence[float]) -> Iterator[Run]:
    """The stretches of a day with one distance."""
    first = 0
    for hour in range(1, HOURS + 1):
        if hour == HOURS or row[hour] != row[first]:
            yield first, hour, row[first]
            first = hour


def exceptions(table: Table) -> Iterator[tuple[int, Run]]:
    """The times of the week whose distance is greater than the same hours' on another day.

    Yields:
        The day, 0 for Monday, and the stretch.
    """
    usual = usual_of(table)
    for day, own in enumerate(table):
        row = [value if value > least else 0.0 for value, least in zip(own, usual, strict=True)]
        yield from ((day, run) for run in runs(row) if run[2])


def expressions(table: Table, metric: str, ids: Sequence[str] = IDS) -> dict[str, str]:
    """Metric math whose last expression is the distance of each period.

    Args:
        table: above 0 everywhere.
        metric: the id of what is watched.
        ids: five free ones; further ones begin with the fourth.

    Returns:
        By id. Of the sums every term but one is 0, so that they are exact.
    """
    hour, day, usual, other, distance = ids
    # A series at all hours: MAX takes no number beside one.
    terms = [_during(run, hour) for run in runs(usual_of(table))]
    more = [f"{_during(run, hour)}*({day}=={at + 1})" for at, run in exceptions(table)]
    by_id = {hour: f"HOUR({metric})", usual: " + ".join(terms)}
    if not more:
        return by_id
    others = {f"{other}{at}": text for at, text in enumerate(_sums(more))}
    by_id |= {day: f"DAY({metric})", **others}
    return by_id | {distance: f"MAX([{', '.join([usual, *others])}])"}


def _during(run: Run, hour: str) -> str:
    first, last, value = run
    after = f"*({hour}>={first})" if first else ""
    before = f"*({hour}<{last})" if last < HOURS else ""
    always = f"*({hour}>=0)" if not after and not before else ""
    return f"{_number(value)}{after}{before}{always}"


def _sums(terms: Iterable[str]) -> list[str]:
    """Terms as sums, each of which an expression can hold."""
    sums: list[str] = []
    for term in terms:
        if sums and len(sums[-1]) + len(term) + 3 <= limits.EXPRESSION_LENGTH:
            sums[-1] += f" + {term}"
        else:
            sums.append(term)
    return sums


def _number(value: float) -> str:
    """A number as metric math takes it, without an exponent."""
    return f"{Decimal(repr(value)).normalize():f}"


def in_words(table: Table, quantity: Callable[[float], str]) -> str:
    """The distances from the least to the greatest usual one, with their hours.

    Args:
        table: of the distances.
        quantity: how one is written.
    """
    usual = usual_of(table)
    low, high = min(usual), max(usual)
    text = quantity(low)
    if high > low:
        text += f" (at {usual.index(low):02}:00 UTC) to {quantity(high)}"
        text += f" (at {usual.index(high):02}:00)"
    if any(True for _ in exceptions(table)):
        text += ", farther where a day of the week has something of its own,"
    return text
