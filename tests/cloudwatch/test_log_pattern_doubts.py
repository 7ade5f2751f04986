"""Patterns that are taken and may find nothing, given how the lines of their group are."""

import pytest

from ecs_monitoring.cloudwatch.log_pattern import doubts, matches, useful_pattern


def told(pattern: str, *, is_json: bool = False) -> str:
    useful_pattern(pattern)
    return " ".join(doubts(pattern, is_json=is_json))


@pytest.mark.parametrize(
    ("pattern", "offered", "line", "other"),
    [
        (
            "[level=ERROR]",
            '{ $.level = "ERROR" }',
            '{"level": "ERROR", "message": "x"}',
            '{"level": "INFO", "message": "ERROR"}',
        ),
        (
            "[level = ERROR || level = FATAL, ..., status >= 500]",
            '{ ($.level = "ERROR" || $.level = "FATAL") && $.status >= 500 }',
            '{"level": "FATAL", "status": 503}',
            '{"level": "FATAL", "status": 404}',
        ),
        # Of JSON the message alone begins with what a line of text begins with.
        (
            "%^ERROR%",
            "{ $.message = %^ERROR% }",
            '{"level": "x", "message": "ERROR x"}',
            '{"level": "ERROR", "message": "x"}',
        ),
        ("%x$|y$%", "{ $.message = %x$|y$% }", '{"message": "a y"}', '{"message": "y a"}'),
    ],
)
def test_a_pattern_of_text_on_lines_of_json(
    pattern: str, offered: str, line: str, other: str
) -> None:
    assert told(pattern, is_json=True).endswith(f": write {offered}")
    # Such a pattern is right where the lines are text, but for the single field.
    assert pattern == "[level=ERROR]" or not told(pattern)
    repaired = useful_pattern(offered)
    assert matches(repaired, line)
    assert not matches(repaired, other)
    assert not matches(useful_pattern(pattern), line)


def test_a_place_in_the_line_is_no_property() -> None:
    assert told("[w1 = ERROR, w2]", is_json=True).endswith(
        'the lines are JSON objects: write properties, as { $.level = "ERROR" }'
    )


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("[level=ERROR]", "ERROR at once"),
        ("[n > 5]", "6 at once"),
        ("[level = ERROR || level = WARN]", "WARN at once"),
        ("[date, time != 0, level = ERROR]", "2026-11-27 7 ERROR at once"),
    ],
)
def test_a_last_field_that_is_one_word_is_told_of(pattern: str, line: str) -> None:
    offered = f"{pattern[:-1]}, ...]"
    assert told(pattern).endswith(f"where it does, write {offered}")
    assert not matches(useful_pattern(pattern), line)
    assert matches(useful_pattern(offered), line)


@pytest.mark.parametrize(
    "pattern",
    [
        # AWS's own: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
        "[w1=ERROR, w2]",
        "[w1!=ERROR && w1!=WARNING, w2]",
        "[..., status_code=4*, bytes]",
        "[ip, user, username, timestamp, request, status_code, bytes > 1000]",
        # A line of several words may be such.
        *("[line = ERROR*]", "[line = *timeout*]", "[line = %ERROR%]", "[level != DEBUG]"),
        *("[level = ERROR, ...]", "%^ERROR%", "?ERROR"),
    ],
)
def test_patterns_of_text_on_lines_of_text_are_told_nothing(pattern: str) -> None:
    assert told(pattern) == ""


@pytest.mark.parametrize(
    "pattern", ["{ $.level = ERROR }", "?ERROR", r"%^\{%", "%ERROR%", "%^x|ERROR%", "%^.*x%"]
)
def test_what_lines_of_json_may_have_is_told_nothing(pattern: str) -> None:
    assert told(pattern, is_json=True) == ""


def test_properties_on_lines_of_text_are_told_of() -> None:
    assert told("{ $.a = 1 }") == "reads properties of JSON objects, and the lines are text"


@pytest.mark.parametrize(
    ("value", "expression", "meant", "others"),
    [
        ("ERROR|WARN", "^ERROR$|^WARN$", ["ERROR", "WARN"], ["ERRORS", "ERROR|WARN"]),
        ("*ERROR|WARN*", "ERROR|WARN", ["ERROR", "a WARN"], ["INFO"]),
        ("(A|B)", "^A$|^B$", ["A", "B"], ["AB"]),
        ("/ERR/", "ERR", ["ERR", "ERROR"], ["INFO"]),
        ("^ERR", "^ERR", ["ERROR"], ["an ERR"]),
        (r"5\\d\\d", r"5\d\d", ["503"], ["5dd"]),
    ],
)
def test_a_value_that_reads_as_an_expression_is_told_to_be_compared_as_it_is(
    value: str, expression: str, meant: list[str], others: list[str]
) -> None:
    offered = f"{{ $.a = %{expression}% }}"
    assert told(f'{{ $.a = "{value}" }}', is_json=True).endswith(
        f"for an expression write {offered}"
    )
    repaired = useful_pattern(offered)
    found = [text for text in meant + others if matches(repaired, f'{{"a": "{text}"}}')]
    assert found == meant


@pytest.mark.parametrize("value", ["10.0.*", "django.*", "/api/v1/", "a.b", "C++", "*.html*", "|"])
def test_a_value_that_is_text_is_told_nothing(value: str) -> None:
    assert told(f'{{ $.a = "{value}" }}', is_json=True) == ""
