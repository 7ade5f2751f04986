"""Distances by hour in full: what is said of a span, and how metric math is written."""

import pytest

from ecs_monitoring.cloudwatch.by_hour import (
    Span,
    SpanError,
    Table,
    exceptions,
    expressions,
    in_words,
    runs,
    spans_of,
    table_of,
    usual_of,
)

NO_SPAN = (
    "write full hours of every day, such as 06-18 or 22-06, or of some days, such as Sun 02-05 or "
    "Mon-Fri 06-18, in UTC"
)
NO_HOURS = "write from an hour, 0 to 23, to another one, 1 to 24"
NEXT_DAY = "ends on the next day: write a span to 24 and one from 0 on"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        *((text, NO_SPAN) for text in ("06:30-09", "6", "Sun", "Sun02-05", "06-09-12", "")),
        *((text, NO_HOURS) for text in ("24-03", "03-25", "03-03", "05-00", "Sun 5-5")),
        ("Sun 22-03", NEXT_DAY),
        ("Sat-Sun 23-1", NEXT_DAY),
        (
            "Sund 02-05",
            'there is no day Sund; did you mean "Sun"? write one of: Mon, Tue, Wed, Thu, Fri, Sat, '
            "Sun",
        ),
        (
            "Mon-xyz 02-05",
            "there is no day xyz; write one of: Mon, Tue, Wed, Thu, Fri, Sat, Sun",
        ),
    ],
)
def test_what_is_said_of_what_is_no_span(text: str, words: str) -> None:
    with pytest.raises(SpanError) as error:
        Span.of(text)
    assert (str(error.value), error.value.span) == (words, text)


@pytest.mark.parametrize(
    ("text", "days", "hours"),
    [
        ("23-24", (), (23,)),
        ("23-1", (), (23, 0)),
        ("0-1", (), (0,)),
        ("1-24", (), tuple(range(1, 24))),
        (" Tue  5-6 ", (1,), (5,)),
        ("FRI-mon 0-24", (4, 5, 6, 0), tuple(range(24))),
        ("Mon-Sun 3-5", (0, 1, 2, 3, 4, 5, 6), (3, 4)),
        ("Wed-Wed 3-5", (2,), (3, 4)),
        ("Tue-Mon 3-4", (1, 2, 3, 4, 5, 6, 0), (3,)),
    ],
)
def test_the_edges_of_spans(text: str, days: tuple[int, ...], hours: tuple[int, ...]) -> None:
    assert Span.of(text) == Span(days, hours)


def test_an_hour_in_two_spans_of_a_sort_is_told() -> None:
    with pytest.raises(SpanError) as error:
        table_of(1.0, {"06-09": 2.0, "08-12": 3.0})
    assert (str(error.value), error.value.span) == (
        "overlaps with 06-09: write each hour once",
        "08-12",
    )
    # The last hour of one is before the first of the next, and a day's are of another sort.
    assert table_of(1.0, {"06-09": 2.0, "09-12": 3.0, "Sun 06-12": 4.0, "Sat 6-7": 5.0})[6][
        5:13
    ] == (*(1.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 1.0),)


def test_the_least_of_each_hour_is_the_usual_one() -> None:
    table = table_of(2.0, {"06-08": 5.0, "Sun 07-09": 3.0, "Mon 10-11": 7.0})
    usual = usual_of(table)
    # Seven o'clock on Sundays is the least of its hour; so the other six days are exceptions.
    assert usual == (*(2.0,) * 6, 5.0, 3.0, *(2.0,) * 16)
    assert list(runs(usual)) == [(0, 6, 2.0), (6, 7, 5.0), (7, 8, 3.0), (8, 24, 2.0)]
    others = [(day, (7, 8, 5.0)) for day in range(1, 6)]
    assert list(exceptions(table)) == [
        *((0, (7, 8, 5.0)), (0, (10, 11, 7.0)), *others, (6, (8, 9, 3.0)))
    ]


def test_the_distance_of_most_hours_needs_no_span() -> None:
    assert spans_of(table_of(4.0, {})) == (4.0, {})
    assert spans_of(table_of(4.0, {"00-13": 2.0})) == (2.0, {"13-24": 4.0})
    found = spans_of(table_of(4.0, {"20-22": 2.0, "22-03": 3.0, "Fri 00-24": 9.0, "Sat 5-6": 8.0}))
    assert found == (
        4.0,
        {"22-03": 3.0, "20-22": 2.0, "Fri 00-24": 9.0, "Sat 05-06": 8.0},
    )


def test_one_distance_at_all_hours_is_a_series_all_the_same() -> None:
    assert expressions(table_of(5.0, {}), "m") == {"hour": "HOUR(m)", "usual": "5*(hour>=0)"}


def test_the_ids_may_be_others() -> None:
    table = table_of(100.0, {"00-01": 1e-7, "23-24": 1e21, "Tue 00-24": 5e21})
    assert expressions(table, "x", ("h", "d", "u", "o", "far")) == {
        "h": "HOUR(x)",
        "u": "0.0000001*(h<1) + 100*(h>=1)*(h<23) + 1000000000000000000000*(h>=23)",
        "d": "DAY(x)",
        "o0": "5000000000000000000000*(h>=0)*(d==2)",
        "far": "MAX([u, o0])",
    }


def other_hours(count: int, last: float) -> Table:
    """A table with exceptions of single hours, four a day: 50, but for the last one."""
    spans = {
        f"{day} {hour}-{hour + 1}": 50.0
        for day in ("Mon", "Tue", "Wed", "Thu")
        for hour in (1, 3, 5, 7)
    }
    kept = dict(list(spans.items())[:count])
    return table_of(5.0, {**kept, list(kept)[-1]: last})


@pytest.mark.parametrize(
    ("count", "last", "lengths"),
    [
        # With an id of 28 letters a term such as 50*(hh…>=1)*(hh…<2)*(d==1) has 76 characters, and
        # 13 of them with " + " between have 1,024: what an expression may have.
        (12, 50.0, [945]),
        (13, 50.0, [1024]),
        (13, 500.0, [945, 77]),
        (14, 50.0, [1024, 76]),
    ],
)
def test_sums_that_an_expression_cannot_hold_are_several(
    count: int, last: float, lengths: list[int]
) -> None:
    found = expressions(other_hours(count, last), "m", ("h" * 28, "d", "u", "o", "far"))
    others = [text for id_, text in found.items() if id_.startswith("o")]
    assert [len(text) for text in others] == lengths
    names = ["u", *(f"o{number}" for number in range(len(lengths)))]
    assert found["far"] == f"MAX([{', '.join(names)}])"
    assert sum(text.count("50") for text in others) == count


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ({}, "8 %"),
        ({"07-19": 30.0}, "8 % (at 00:00 UTC) to 30 % (at 07:00)"),
        ({"00-05": 30.0, "05-06": 40.0}, "8 % (at 06:00 UTC) to 40 % (at 05:00)"),
        ({"Sun 3-4": 9.0}, "8 %, farther where a day of the week has something of its own,"),
    ],
)
def test_distances_in_words(spans: dict[str, float], words: str) -> None:
    assert in_words(table_of(8.0, spans), lambda value: f"{value:g} %") == words
