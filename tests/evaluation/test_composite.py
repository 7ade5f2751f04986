"""Rules of composite alarms.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html
"""

import pytest

from ecs_monitoring.cloudwatch.composite_rule import name_of
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import CompositeRule
from tests.evaluation.alarms import ALARM, NO_DATA, OK

STATES = {"on": ALARM, "also-on": ALARM, "off": OK, "new": NO_DATA, "with space": ALARM}


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("ALARM(on)", True),
        ("ALARM(off)", False),
        ("OK(off)", True),
        ("INSUFFICIENT_DATA(new)", True),
        ('ALARM("on") AND (OK(on) OR NOT INSUFFICIENT_DATA(off))', True),
        ("TRUE", True),
        ("FALSE", False),
        ("false", False),
        ("NOT FALSE", True),
        ("NOT NOT TRUE", True),
        ("TRUE OR TRUE AND FALSE", True),
        ("(TRUE OR TRUE) AND FALSE", False),
        ("NOT FALSE AND FALSE", False),
        ("NOT (FALSE AND FALSE)", True),
        ('ALARM("with space")', True),
        ("  ALARM ( on )  ", True),
        ("ALARM(on)AND ALARM(also-on)", True),
        # The page's examples.
        ("ALARM(on) AND NOT ALARM(off)", True),
        ("AT_LEAST(2, ALARM, (on, off, also-on, new))", True),
        ("AT_LEAST(3, ALARM, (on, off, also-on, new))", False),
        ("AT_LEAST(50%, ALARM, (on, off, also-on, new))", True),
        ("AT_LEAST(50.1%, ALARM, (on, off, also-on, new))", False),
        ("AT_LEAST(2, NOT OK, (on, off, new)) AND NOT ALARM(off)", True),
        ("AT_LEAST(100%, NOT ALARM, (off, new))", True),
    ],
)
def test_state(rule: str, holds: bool) -> None:
    assert CompositeRule.parse(rule).state(STATES) is (ALARM if holds else OK)


def test_names_are_quoted_as_documented() -> None:
    rule = CompositeRule.parse(r'ALARM("say \"no\", (twice)") OR OK(plain/name:1) OR OK(b)')
    assert rule.alarms == ('say "no", (twice)', "plain/name:1", "b")


def test_reference_by_arn_finds_the_alarm_by_name() -> None:
    arn = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:on"
    assert CompositeRule.parse(f'ALARM("{arn}")').state(STATES) is ALARM
    assert CompositeRule.parse(f"ALARM({arn})").state({arn: OK}) is OK


@pytest.mark.parametrize(
    "written", ["shop:alarm:web", "arn:aws:cloudwatch:r:1:alarm:shop:alarm:web"]
)
def test_an_alarms_name_may_have_colons(written: str) -> None:
    rule = CompositeRule.parse(f"ALARM({written})")
    assert [name_of(alarm) for alarm in rule.alarms] == ["shop:alarm:web"]
    assert rule.state({"shop:alarm:web": ALARM}) is ALARM


def test_unknown_alarm_is_named() -> None:
    with pytest.raises(CannotEvaluateError, match="'nobody', whose state is not given"):
        CompositeRule.parse("ALARM(nobody)").state(STATES)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("", "'the end'"),
        ("ALARM(on) AND", "'the end'"),
        ("ALARM(on", r"'\)' must stand where 'the end'"),
        ("ALARM on", r"'\(' must stand where 'on'"),
        ("ALARM()", "an alarm's name or ARN must stand"),
        ("alarm(on)", "must stand where 'alarm' stands"),
        ("ALARM(on) OK(off)", "AND, OR or the end must stand where 'OK'"),
        ("AT_LEAST(x, ALARM, (on))", "a number or a percentage must stand where 'x'"),
        ("AT_LEAST(1, ALARM, on)", r"'\(' must stand where 'on'"),
        ('ALARM("on)', "cannot be read"),
    ],
)
def test_what_is_no_rule_is_refused(rule: str, message: str) -> None:
    with pytest.raises(CannotEvaluateError, match=message):
        CompositeRule.parse(rule)
