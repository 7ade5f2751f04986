"""Filter patterns in the language of Logs Insights, translated by hand.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html
"""

import pytest

from ecs_monitoring.cloudwatch.log_pattern import insights_condition, parse_pattern


@pytest.mark.parametrize(
    ("pattern", "condition"),
    [
        ("?ERROR ?Error", "@message like /ERROR|Error/"),
        ('ERROR "a/b (c)"', r"@message like /ERROR/ and @message like /a\/b \(c\)/"),
        ("ERROR -DisallowedHost", "@message like /ERROR/ and @message not like /DisallowedHost/"),
        ("%5[0-9]{2}/x%", r"@message like /5[0-9]{2}\/x/"),
        ('{ $.level = "ERROR" }', '(level = "ERROR")'),
        (
            '{ $.level = "ERROR" && $.logger != "django.security*" }',
            '((level = "ERROR") and (ispresent(logger) and logger not like /^django\\.security/))',
        ),
        ('{ $.exception = "*" }', "ispresent(exception)"),
        ('{ $.exception = "**" }', "ispresent(exception)"),
        # An empty text is a value, too.
        ('{ $.a = "" || $.b != "" }', '((a = "") or (ispresent(b) and b != ""))'),
        ("{ $.a NOT EXISTS || $.b.['c-d'] >= 1e3 }", "(not ispresent(a) or (b.`c-d` >= 1000))"),
        ('{ $.a = "*x*" || $.a = "*y" }', "((a like /x/) or (a like /y$/))"),
        ("{ $.a != %x% }", "(ispresent(a) and a not like /x/)"),
    ],
)
def test_a_pattern_as_a_condition(pattern: str, condition: str) -> None:
    assert insights_condition(parse_pattern(pattern)) == condition


@pytest.mark.parametrize(
    "pattern", ["[a = 1, ...]", "{ $.a[0] = 1 }", "{ $.* = 1 }", "{ $.a IS TRUE }"]
)
def test_what_insights_cannot_ask_is_left_out(pattern: str) -> None:
    assert insights_condition(parse_pattern(pattern)) == ""
