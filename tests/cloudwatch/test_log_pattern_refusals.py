"""All that is said of a pattern that tells no lines apart, and what is taken beside it."""

import pytest

from tests.cloudwatch.refusals import said_of

EVERY = "it matches every event"
WRITE = "write what to look for, such as ?ERROR ?Error"
NAMES = "the brackets only name fields, so it matches every event with enough words"
CONDITION = "give a field a condition, as [level = ERROR, ...]"
HOLD = (
    "its conditions hold for whatever the fields are, so it matches every event with enough words; "
    f"{CONDITION}"
)
COMPARE = 'compare with a value, as { $.level = "ERROR" }'
NO_TEXT = (
    "no line can match: no text fits the expression; write ^ before all characters, $ after all of "
    "them, and classes that leave some"
)
NO_VALUE = "no line can match: no value satisfies its condition; compare with = and a value"
CONTRADICT = "no line can match: its conditions contradict each other"


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("", f"{EVERY}; {WRITE}"),
        ('" "', f"{EVERY}; {WRITE}"),
        ("%.*%", f"{EVERY}; {WRITE}"),
        (r"%\w|\W%", f"{EVERY}; {WRITE}"),
        # Lines that have nothing else in common have one of these each.
        ('?a ?Z ?0 ?"~" ?"é"', f"{EVERY}; {WRITE}"),
        ("{ $.level = * }", f"{EVERY}; {COMPARE}"),
        ("{ $.level = * && $.logger = %.*% }", f"{EVERY}; {COMPARE}"),
        ("{ $.a = 1 || $.message = * }", f"{EVERY}; {COMPARE}"),
        # Names of fields; one alone was probably a word.
        (
            "[ERROR]",
            f'{NAMES} ("[ERROR]" in quotes looks for the brackets, too); write ERROR',
        ),
        (
            "[ERROR,]",
            f'{NAMES} ("[ERROR]" in quotes looks for the brackets, too); write ERROR',
        ),
        ("[a, b]", f"{NAMES}; {CONDITION}"),
        ("[ERROR, ...]", f"{NAMES}; {CONDITION}"),
        ("[..., ERROR]", f"{NAMES}; {CONDITION}"),
        ("[...]", f"{NAMES}; {CONDITION}"),
        ("[a = *]", HOLD),
        ("[a = *, ...]", HOLD),
        ("[a, ..., b = %.*%]", HOLD),
        ("[a = 1 || a != 1]", HOLD),
        ("[a = x && a = y || a = *, b]", HOLD),
        # One of each choice of conditions holds, whichever are chosen.
        ("[a = x || a != x && a != 5 || a = 5]", HOLD),
        # Too long to follow, and yet in all lines that have nothing in common.
        ("[a = %.{0,150}%, ...]", HOLD),
        ("[a, b = %.{0,150}%, ...]", HOLD),
    ],
)
def test_what_matches_every_line(pattern: str, message: str) -> None:
    assert said_of(pattern) == f"column 1: {message}"


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("%a^%", NO_TEXT),
        (r"%[^\s\S]|$a%", NO_TEXT),
        ('"ab c" -b', f"{CONTRADICT}; leave one of them out"),
        ("{ $.a != * }", NO_VALUE),
        ("{ $.a = %b^% }", NO_VALUE),
        ("[a != *]", NO_VALUE),
        ("[a, ..., b = %b^%]", NO_VALUE),
        ("[a = 1 && a = 2]", f"{CONTRADICT}; leave one of them out"),
        ("[a, ..., b = x && b = y || b = 1 && b = 2]", f"{CONTRADICT}; leave one of them out"),
        (
            "{ $.a = 1 && $.a = 2 }",
            f"{CONTRADICT}, so leave one of them out or let either do; "
            "write { $.a = 1 || $.a = 2 }",
        ),
        (
            "{ $.a = x && $.a = y && $.b IS NULL }",
            f"{CONTRADICT}, so leave one of them out or let either do; "
            'write { $.a = "x" || $.a = "y" || $.b IS NULL }',
        ),
        # Either of these would hold for every line.
        ("{ $.a = 1 && $.a != 1 }", f"{CONTRADICT}; leave one of them out"),
        ("{ ($.a = 1 && $.a = 2) || $.b = %b^% }", f"{CONTRADICT}; leave one of them out"),
        # Either is still none.
        ("{ $.a = %b^% && $.a != * }", f"{CONTRADICT}; leave one of them out"),
    ],
)
def test_what_matches_no_line(pattern: str, message: str) -> None:
    assert said_of(pattern) == f"column 1: {message}"


def always(name: str) -> str:
    return f"whatever {name} is, one of the conditions holds, so it matches every event that has it"


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("{ $.a = 1 || $.a != 1 }", f'{always("$.a")}; write {{ $.a = "*" }}'),
        (
            "{ $.a.b[0] != 1 || $.a.b[0] != 2 }",
            f'{always("$.a.b[0]")} ({{ $.a.b[0] = "*" }} asks for these); '
            "write { $.a.b[0] != 1 && $.a.b[0] != 2 }",
        ),
        (
            "{ ($.a = 1 || $.a != 1) && ($.b = 1 || $.b != 1) }",
            f'{always("$.a")}; write {{ $.a = "*" }}',
        ),
        (
            "{ $.level = x || $.level != x }",
            f'{always("$.level")}; compare $.level with = "a value"',
        ),
        (
            "{ $.level != x || $.level != y }",
            f'{always("$.level")}; write {{ $.level != "x" && $.level != "y" }}',
        ),
    ],
)  # fmt: skip
def test_what_matches_every_line_with_a_property(pattern: str, message: str) -> None:
    assert said_of(pattern) == f"column 1: {message}"


def alternatives(number: int) -> str:
    return " || ".join([*(f"a = {n}" for n in range(number - 1)), "a = *"])


def test_a_field_of_many_alternatives_is_not_followed() -> None:
    # Eight at most: more are only tried on some lines.
    assert said_of(f"[{alternatives(8)}, ...]") == f"column 1: {HOLD}"
    many = " || ".join([*(f"a = {n}" for n in range(7)), "a != x", "a = x"])
    few = " || ".join([*(f"a = {n}" for n in range(6)), "a != x", "a = x"])
    assert said_of(f"[{few}, ...]") == f"column 1: {HOLD}"
    assert said_of(f"[{many}, ...]") == ""


def test_an_offer_that_would_be_too_long_is_none() -> None:
    def contradictory(name: str) -> str:
        return f"{{ $.{name} = 1 && $.{name} = 2 }}"

    # "{ $. = 1 && $. = 2 }" has 20 characters, and a pattern at most 1,024.
    whole = contradictory("n" * 502)
    assert len(whole) == 1024
    offered = whole.replace("&&", "||")
    assert said_of(whole) == (
        f"column 1: {CONTRADICT}, so leave one of them out or let either do; write {offered}"
    )
    # Quotes around the values make the offer two times two characters longer.
    quoted = whole.replace(" = 1", "=x").replace(" = 2", "=y")
    assert said_of(quoted) == f"column 1: {CONTRADICT}; leave one of them out"


@pytest.mark.parametrize(
    "pattern",
    [
        # "Everything but" is a question, too.
        *("-x", "{ $.level != x }", "[level != x, ...]", "{ $.x NOT EXISTS }"),
        # Words of which one is in another, but for the one that must be absent.
        *("ab -abc", "?ab ?b", "ab b"),
        *("?a ?Z ?0", "{ $.level = a }", "[a = x || a = y]", "[a, b = 1]", "%a%", "%^.{150}$%"),
        *("{ $.a = 1 || $.b != 1 }", "{ $.a != 1 }", "{ $.a = 1 || $.a = 2 }"),
    ],
)
def test_what_tells_lines_apart(pattern: str) -> None:
    assert said_of(pattern) == ""
