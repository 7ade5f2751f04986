"""Fields and levels of JSON lines in another spelling than the format's."""

import pytest

from ecs_monitoring.cloudwatch.log_pattern import matches, parse_pattern
from settings.log_fields import misspelt

# As the Django package writes it; Python's own names of levels:
# https://docs.python.org/3/library/logging.html#logging-levels
LINE = '{"level": "WARNING", "logger": "shop", "message": "slow"}'


@pytest.mark.parametrize(
    ("pattern", "offered"),
    [
        ('{ $.level = "warning" }', '{ $.level = "WARNING" }'),
        ("{ $.level = WARN }", '{ $.level = "WARNING" }'),
        ('{ $.Level = "WARNING" }', '{ $.level = "WARNING" }'),
        (
            "{ ($.level = Fatal || $.level = warn) && $.MESSAGE = *slow* }",
            '{ ($.level = "CRITICAL" || $.level = "WARNING") && $.message = "*slow*" }',
        ),
    ],
)
def test_another_spelling_is_told(pattern: str, offered: str) -> None:
    (told,) = misspelt(pattern)
    assert told.endswith(f": write {offered}")
    assert not matches(parse_pattern(pattern), LINE)
    assert matches(parse_pattern(offered), LINE)


@pytest.mark.parametrize(
    "pattern",
    [
        "{ $.level = WARNING }",
        "{ $.level = WARN* }",
        "{ $.level = NOTICE }",
        '{ $.request.Level = "warn" && $.exception = "*" }',
        "{ $.severity = warn || $.level IS NULL || $.level NOT EXISTS }",
        "?warn",
    ],
)
def test_other_fields_and_levels_are_the_applications_own(pattern: str) -> None:
    assert list(misspelt(pattern)) == []


@pytest.mark.parametrize(
    ("pattern", "offered"),
    [
        ("{ $.Exception IS NULL }", "{ $.exception IS NULL }"),
        # What is not there under another spelling is found in every line, which may be meant.
        ("{ $.LOGGER NOT EXISTS || $.Level = 5 }", "{ $.LOGGER NOT EXISTS || $.level = 5 }"),
        # Of a field within another one, the outer one alone is the format's.
        ("{ $.Message.Level = warn }", '{ $.message.Level = "warn" }'),
    ],
)
def test_whatever_is_asked_of_a_field_asks_for_the_formats(pattern: str, offered: str) -> None:
    assert list(misspelt(pattern)) == [
        "spells a field or a level as no line of the format does (level, logger, message, "
        f"exception; DEBUG, INFO, WARNING, ERROR, CRITICAL): write {offered}"
    ]
