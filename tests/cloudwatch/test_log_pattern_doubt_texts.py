"""All that is told of a pattern that is taken, given how the lines of its group are."""

import pytest

from ecs_monitoring.cloudwatch.log_pattern import doubts, useful_pattern

BY_PLACE = "reads words of a line by their place, and the lines are JSON objects"
LEVEL = 'write properties, as { $.level = "ERROR" }'
AT_ENDS = "looks at the start or the end of a line, where a JSON object has its braces"


def told(pattern: str, *, is_json: bool) -> list[str]:
    useful_pattern(pattern)
    return list(doubts(pattern, is_json=is_json))


def ends_in(field: str, offered: str) -> str:
    return (
        f"ends in {field}, which is all the rest of the line, so that it may not go on after that "
        f"word: where it does, write {offered}"
    )


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("[lev = x, ...]", f'{BY_PLACE}: write {{ $.lev = "x" }}'),
        # A name of one or two letters is a place.
        ("[le = x, ...]", f"{BY_PLACE}: {LEVEL}"),
        ("[lev = x, ..., le = y]", f"{BY_PLACE}: {LEVEL}"),
        ("[le, lev = x, ..., other]", f'{BY_PLACE}: write {{ $.lev = "x" }}'),
        (
            "[one = x && one != y || one > 5, ..., two = %z%]",
            f'{BY_PLACE}: write {{ (($.one = "x" && $.one != "y") || $.one > 5) && $.two = %z% }}',
        ),
        # As properties, they would hold for whatever has them.
        ("[a = x, level = *, ...]", f"{BY_PLACE}: {LEVEL}"),
        ("[one = x, ..., one = y]", f"{BY_PLACE}: {LEVEL}"),
        ("[level = 5*, ...]", f'{BY_PLACE}: write {{ $.level = "5*" }}'),
        # A field has its brackets taken off, and a property has not.
        ('[level = "[x]", ...]', f"{BY_PLACE}: {LEVEL}"),
        ("%^x%", f"{AT_ENDS}: write {{ $.message = %^x% }}"),
        ("%x$|^y%", f"{AT_ENDS}: write {{ $.message = %x$|^y% }}"),
    ],
)
def test_patterns_of_text_on_lines_of_json(pattern: str, message: str) -> None:
    assert told(pattern, is_json=True) == [message]


@pytest.mark.parametrize(
    ("pattern", "messages"),
    [
        ("[level = ERROR]", [ends_in("level", "[level = ERROR, ...]")]),
        (" [ level = ERROR ] ", [ends_in("level", " [ level = ERROR, ...]")]),
        ("[n >= 5]", [ends_in("n", "[n >= 5, ...]")]),
        ("[n < 5]", [ends_in("n", "[n < 5, ...]")]),
        ("[n > 5]", [ends_in("n", "[n > 5, ...]")]),
        ("[n > 5 && n < 7]", [ends_in("n", "[n > 5 && n < 7, ...]")]),
        ("[time, n = x || n = y]", [ends_in("n", "[time, n = x || n = y, ...]")]),
        ("[time > 3, n = x]", [ends_in("n", "[time > 3, n = x, ...]")]),
        ('[a = "x*" && a = "xyz"]', [ends_in("a", '[a = "x*" && a = "xyz", ...]')]),
        # One alternative may be several words, or a number may well be last.
        ("[n = x || n = y*]", []),
        ('[n = "x y"]', []),
        ("[n = *x*]", []),
        ("[n = *x]", []),
        ("[n = x*]", []),
        ("[n = %^x%]", []),
        ("[n != x]", []),
        ("[time, n > 5]", []),
        ("[time, n = x || n = 5]", []),
        ("[time = x, n]", []),
        ("[time = x, n = y, ...]", []),
        ("[..., n = y]", []),
        ("{ $.a = 1 }", ["reads properties of JSON objects, and the lines are text"]),
        ("%^x%", []),
    ],
)
def test_patterns_on_lines_of_text(pattern: str, messages: list[str]) -> None:
    assert told(pattern, is_json=False) == messages


def as_it_stands(value: str, offered: str) -> str:
    return f"compares with {value} as it stands: for an expression write {offered}"


@pytest.mark.parametrize(
    ("pattern", "messages"),
    [
        ('{ $.a = "x|y" }', [as_it_stands('"x|y"', "{ $.a = %^x$|^y$% }")]),
        ('{ $.a = "*x|y" }', [as_it_stands('"*x|y"', "{ $.a = %x$|y$% }")]),
        ('{ $.a != "(x|y)*" }', [as_it_stands('"(x|y)*"', "{ $.a != %^x|^y% }")]),
        ('{ $.a = "/x/" }', [as_it_stands('"/x/"', "{ $.a = %x% }")]),
        ('{ $.a = "^x" }', [as_it_stands('"^x"', "{ $.a = %^x% }")]),
        (
            '{ $.a = "x|y" && $.b = "[0-9]" }',
            [
                as_it_stands('"x|y"', '{ $.a = %^x$|^y$% && $.b = "[0-9]" }'),
                as_it_stands('"[0-9]"', '{ $.a = "x|y" && $.b = %[0-9]% }'),
            ],
        ),
        # Two of a kind, one in another spelling, or a third expression.
        ('{ $.a = "x|y" || $.b = "x|y" }', []),
        ('{ $.a = "[0-9]" && $.b = %x% && $.c = %y% }', []),
        # No expression of filters, or a text like others.
        (r'{ $.a = "\\bx" }', []),
        ('{ $.a = "é|b" }', []),
        ('{ $.a = "x/y" && $.b = "/a/b/" && $.c = "x|" }', []),
    ],
)
def test_values_that_read_as_expressions(pattern: str, messages: list[str]) -> None:
    assert told(pattern, is_json=True) == messages


def test_values_of_fields_that_read_as_expressions() -> None:
    assert told('[a = "x|y", ...]', is_json=False) == [
        as_it_stands('"x|y"', "[a = %^x$|^y$%, ...]")
    ]


@pytest.mark.parametrize("is_json", [True, False])
def test_what_seems_to_ask_something_else(is_json: bool) -> None:
    assert told("a or b", is_json=is_json) == [
        "may not ask what it seems to: or is no operator between words: it would be looked for in "
        'the log as a word ("a or b" in quotes looks for exactly this text); write ?a ?b'
    ]
    assert told("a b", is_json=is_json) == []
