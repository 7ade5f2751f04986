"""Composite alarms over time: when they told of it, and what was held back. Minutes by hand."""

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.composite import CompositeDefinition
from ecs_monitoring.cloudwatch.composite_rule import CompositeRule
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import (
    Action,
    CompositeCourse,
    SuppressedBy,
    composite_courses,
    in_order,
)
from ecs_monitoring.cloudwatch.evaluation.course import Firing, Turn
from tests.evaluation.alarms import ALARM, OK

NEW = AlarmState.INSUFFICIENT_DATA


def composite(
    name: str, rule: str, suppressor: str = "", wait: int = 0, extension: int = 0
) -> CompositeDefinition:
    return CompositeDefinition(
        name=name,
        text=rule,
        rule=CompositeRule.parse(rule),
        suppressor=suppressor,
        wait_period=wait,
        extension_period=extension,
    )


def played(
    *definitions: CompositeDefinition, settled: bool = True, **alarms: list[Turn]
) -> dict[str, CompositeCourse]:
    return composite_courses(definitions, alarms, first=0, last=6000, settled=settled)


CAUSE = composite("cause", "ALARM(db)")
SYMPTOM = composite("symptom", "ALARM(lb)", "cause", wait=420, extension=540)
QUIET: list[Turn] = [(0, OK)]


def told(course: CompositeCourse) -> list[tuple[int, AlarmState]]:
    return [(action.time, action.state) for action in course.actions]


def test_without_a_suppressor_it_tells_when_it_changes() -> None:
    course = played(CAUSE, db=[(0, OK), (600, ALARM), (900, OK)])["cause"]
    assert told(course) == [(600, ALARM), (900, OK)]
    assert course.firings == (Firing(600, 900, 600),)
    assert [c.triggers for c in course.changes] == [("db",), ("db",)]


def test_a_symptom_without_a_cause_tells_when_it_has_waited() -> None:
    course = played(CAUSE, SYMPTOM, db=QUIET, lb=[(0, OK), (600, ALARM)])["symptom"]
    assert told(course) == [(1020, ALARM)]
    assert course.changes[0].by is SuppressedBy.WAIT_PERIOD
    assert course.firings == (Firing(600, None, 1020),)


def test_a_symptom_whose_cause_shows_within_the_wait_is_silent() -> None:
    courses = played(CAUSE, SYMPTOM, db=[(0, OK), (840, ALARM)], lb=[(0, OK), (600, ALARM)])
    assert told(courses["cause"]) == [(840, ALARM)]
    assert told(courses["symptom"]) == []
    assert courses["symptom"].firings == (Firing(600, None, None),)


def test_a_symptom_that_outlives_its_cause_tells_in_the_end() -> None:
    course = played(
        CAUSE, SYMPTOM, db=[(0, OK), (600, ALARM), (1200, OK)], lb=[(0, OK), (660, ALARM)]
    )["symptom"]
    # 1,200 s and the extension period of 540 s.
    assert told(course) == [(1740, ALARM)]
    assert course.changes[0].by is SuppressedBy.ALARM


def test_a_symptom_that_ends_with_its_cause_never_tells_of_trouble() -> None:
    course = played(
        CAUSE,
        SYMPTOM,
        db=[(0, OK), (600, ALARM), (1200, OK)],
        lb=[(0, OK), (660, ALARM), (1300, OK)],
    )["symptom"]
    assert course.firings == (Firing(660, 1300, None),)


def test_composites_rest_on_composites_whatever_the_order() -> None:
    over = composite("causes", "ALARM(cause) OR ALARM(other)")
    top = composite("top", "ALARM(lb)", "causes", wait=60, extension=60)
    other = composite("other", "ALARM(x)")
    alarms: dict[str, list[Turn]] = {"db": QUIET, "x": [(0, ALARM)], "lb": [(0, OK), (600, ALARM)]}
    for order in ((top, over, other, CAUSE), (CAUSE, other, over, top)):
        courses = composite_courses(order, alarms, first=0, last=6000, settled=True)
        assert courses["causes"].initial is ALARM
        assert told(courses["top"]) == []


def test_a_new_one_begins_without_data_and_tells_its_first_state() -> None:
    course = played(CAUSE, settled=False, db=[(0, ALARM)])["cause"]
    assert (course.initial, course.changes[0].previous) == (NEW, NEW)
    assert course.actions == (Action(0, ALARM),)
    settled = played(CAUSE, db=[(0, ALARM)])["cause"]
    assert (settled.initial, settled.changes, settled.actions) == (ALARM, (), ())


def test_an_alarm_that_is_not_given_and_a_circle_are_refused() -> None:
    with pytest.raises(CannotEvaluateError, match="cause rests on db, which is not given"):
        played(CAUSE)
    one, two = composite("one", "ALARM(two)"), composite("two", "ALARM(one)")
    with pytest.raises(CannotEvaluateError, match="one -> two -> one"):
        in_order([one, two])
    held = composite("held", "ALARM(a)", "held", wait=1, extension=1)
    with pytest.raises(CannotEvaluateError, match="held -> held"):
        in_order([held])


def test_rule_and_suppressor_may_name_alarms_by_arn() -> None:
    arn = "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:"
    by_arn = composite("symptom", f"ALARM({arn}lb)", f"{arn}cause", wait=60, extension=60)
    courses = played(CAUSE, by_arn, db=[(0, ALARM)], lb=[(0, OK), (600, ALARM)])
    assert told(courses["symptom"]) == []
