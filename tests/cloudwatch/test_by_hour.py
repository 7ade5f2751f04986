"""Distances by hour of the week: as spans in the settings, and as metric math."""

from random import Random

import pytest

from ecs_monitoring.cloudwatch.by_hour import (
    HOURS,
    WEEK,
    Span,
    SpanError,
    Table,
    exceptions,
    expressions,
    in_words,
    runs,
    spans_of,
    table_of,
)
from ecs_monitoring.cloudwatch.metric_math import Frame, MathProgram

MONDAY = 1_731_888_000
"""2024-11-18 00:00:00 UTC."""

SUNDAY_NIGHT = {"07-19": 30.0, "Sun 02-05": 75.0}


@pytest.mark.parametrize(
    ("text", "days", "hours"),
    [
        ("06-09", (), (6, 7, 8)),
        ("6-9", (), (6, 7, 8)),
        ("22-02", (), (22, 23, 0, 1)),
        ("0-24", (), tuple(range(24))),
        ("Sun 22-24", (6,), (22, 23)),
        ("mon-wed 0-1", (0, 1, 2), (0,)),
        ("Sat-Mon 00-01", (5, 6, 0), (0,)),
    ],
)
def test_a_span_is_full_hours_of_some_days(
    text: str, days: tuple[int, ...], hours: tuple[int, ...]
) -> None:
    assert Span.of(text) == Span(days, hours)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("06:30-09", "full hours"),
        ("6", "such as 06-18"),
        ("Sun", "such as Sun 02-05"),
        ("24-03", "from an hour, 0 to 23"),
        ("03-25", "to another one, 1 to 24"),
        ("03-03", "to another one"),
        ("Sun 22-03", "a span to 24 and one from 0 on"),
        ("Sonntag 02-05", "there is no day Sonntag"),
    ],
)
def test_what_is_no_span_is_told_with_what_to_write(text: str, told: str) -> None:
    with pytest.raises(SpanError, match=told) as error:
        table_of(1.0, {"12-13": 2.0, text: 3.0})
    assert error.value.span == text


@pytest.mark.parametrize(
    ("one", "other"), [("06-09", "08-12"), ("22-02", "01-03"), ("Sun 02-05", "Sat-Sun 04-06")]
)
def test_no_hour_is_in_two_spans(one: str, other: str) -> None:
    with pytest.raises(SpanError, match=f"overlaps with {one}"):
        table_of(1.0, {one: 2.0, other: 3.0})


def test_a_days_own_hours_come_before_those_of_every_day() -> None:
    # In whatever order they are written.
    for spans in (SUNDAY_NIGHT, dict(reversed(SUNDAY_NIGHT.items()))):
        table = table_of(0.25, {**spans, "Mon 10-12": 5.0})
        assert table[6][1:6] == (0.25, 75.0, 75.0, 75.0, 0.25)
        assert table[0][9:13] == (30.0, 5.0, 5.0, 30.0)
        assert table[3][6:8] == (0.25, 30.0)


def test_a_table_is_an_exact_sum() -> None:
    table = table_of(0.25, SUNDAY_NIGHT)
    assert list(runs(table[0])) == [(0, 7, 0.25), (7, 19, 30.0), (19, 24, 0.25)]
    assert list(exceptions(table)) == [(6, (2, 5, 75.0))]
    assert expressions(table, "m1") == {
        "hour": "HOUR(m1)",
        "usual": "0.25*(hour<7) + 30*(hour>=7)*(hour<19) + 0.25*(hour>=19)",
        "day": "DAY(m1)",
        "other0": "75*(hour>=2)*(hour<5)*(day==7)",
        "distance": "MAX([usual, other0])",
    }


def some_table(seed: int) -> Table:
    """Stretches of some distances, the same on most days."""
    random = Random(seed)
    choice = [random.choice([3.0, 0.25, 10 ** random.uniform(-9, 12)]) for _ in range(4)]
    row = random.choices(choice, k=HOURS)
    table = [list(row) for _ in range(WEEK)]
    for _ in range(random.randrange(30)):
        first = random.randrange(HOURS)
        last = random.randint(first, HOURS)
        table[random.randrange(WEEK)][first:last] = [random.choice(choice)] * (last - first)
    return tuple(map(tuple, table))


@pytest.mark.parametrize("seed", range(20))
def test_settings_and_metric_math_say_what_a_table_says(seed: int) -> None:
    table = some_table(seed)
    distance, spans = spans_of(table)
    assert table_of(distance, spans) == table
    texts = expressions(table, "m1")
    starts = tuple(MONDAY + 3600 * hour for hour in range(WEEK * HOURS))
    program = MathProgram(["m1"], texts, list(texts)[-1])
    found = program.evaluate(Frame(starts, 3600), {"m1": [1.0] * len(starts)})
    assert list(found) == [distance for row in table for distance in row]


def test_words_name_the_least_and_the_greatest_usual_one() -> None:
    assert in_words(table_of(8.0, {"07-19": 30.0}), lambda value: f"{value:g} %") == (
        "8 % (at 00:00 UTC) to 30 % (at 07:00)"
    )
    assert "a day of the week has something of its own" in in_words(
        table_of(0.25, SUNDAY_NIGHT), str
    )
