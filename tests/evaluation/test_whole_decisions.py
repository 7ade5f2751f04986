"""Decisions, summaries and the courses of composite alarms as whole values, worked by hand."""

from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import (
    Action,
    Basis,
    CompositeChange,
    CompositeCourse,
    Decision,
    Evaluation,
    Series,
    Summary,
    SuppressedBy,
    composite_course,
    decide,
    in_order,
    summary,
    timeline,
)
from ecs_monitoring.cloudwatch.evaluation.course import Firing, Turn
from ecs_monitoring.cloudwatch.evaluation.signal import Datapoint
from ecs_monitoring.cloudwatch.rule import MissingData
from tests.evaluation.alarms import ALARM, KEY, NO_DATA, OK, START, alarm, evaluated
from tests.evaluation.test_course import composite

BAD, FINE, NO = True, False, None
IGNORE, MISSING = MissingData.IGNORE, MissingData.MISSING
BREACHING, NOT_BREACHING = MissingData.BREACHING, MissingData.NOT_BREACHING


@pytest.mark.parametrize(
    ("datapoints", "m", "n", "treatment", "expected"),
    [
        # Real datapoints alone: the newest N of them.
        ([BAD, BAD, FINE, BAD], 2, 3, MISSING, (ALARM, Basis.DATA, (1, 2, 3), 0)),
        ([BAD, BAD, FINE, FINE], 2, 3, MISSING, (OK, Basis.DATA, (1, 2, 3), 0)),
        ([BAD, NO, FINE, NO, BAD], 2, 2, BREACHING, (OK, Basis.DATA, (2, 4), 0)),
        # So many breach that the missing ones change nothing.
        ([NO, NO, BAD], 1, 3, MISSING, (ALARM, Basis.DATA, (2,), 2)),
        ([NO, BAD, BAD], 2, 3, NOT_BREACHING, (ALARM, Basis.DATA, (1, 2), 1)),
        ([NO, BAD, NO], 2, 2, BREACHING, (ALARM, Basis.FILLED, (1,), 1)),
        ([FINE, NO, NO], 2, 2, BREACHING, (OK, Basis.FILLED, (0,), 1)),
        ([FINE, NO, NO], 1, 2, BREACHING, (ALARM, Basis.FILLED, (0,), 1)),
        ([NO, NO], 2, 2, BREACHING, (ALARM, Basis.FILLED, (), 2)),
        ([NO, BAD, NO], 2, 2, NOT_BREACHING, (OK, Basis.FILLED, (1,), 1)),
        ([NO, NO], 2, 2, MISSING, (NO_DATA, Basis.NOTHING, (), 2)),
        ([NO, NO], 2, 2, IGNORE, (ALARM, Basis.NOTHING, (), 2)),
        # One that does not breach, however old.
        ([FINE, NO, BAD, NO, NO], 3, 3, MISSING, (OK, Basis.DATA, (0, 2), 1)),
        ([FINE, NO, BAD, NO, NO], 3, 3, IGNORE, (OK, Basis.DATA, (0, 2), 1)),
        # The oldest is the third newest, or the second.
        ([NO, BAD, NO, NO], 3, 3, MISSING, (ALARM, Basis.SETTLED, (1,), 2)),
        ([NO, BAD, NO, NO], 3, 3, IGNORE, (ALARM, Basis.SETTLED, (1,), 2)),
        ([NO, NO, BAD, NO], 3, 3, MISSING, (OK, Basis.UNSETTLED, (2,), 2)),
        ([NO, NO, BAD, NO], 3, 3, IGNORE, (ALARM, Basis.UNSETTLED, (2,), 2)),
        ([NO, NO, BAD, NO], 2, 3, MISSING, (ALARM, Basis.SETTLED, (2,), 2)),
    ],
)
def test_a_decision(
    datapoints: list[bool | None],
    m: int,
    n: int,
    treatment: MissingData,
    expected: tuple[AlarmState, Basis, tuple[int, ...], int],
) -> None:
    found = decide(
        datapoints,
        evaluation_periods=n,
        datapoints_to_alarm=m,
        treat_missing_data=treatment,
        previous=ALARM,
    )
    assert found == Decision(*expected)


def test_what_is_not_said_of_an_alarm() -> None:
    # All N, and missing data are missing.
    assert decide([BAD, FINE], evaluation_periods=2) == Decision(OK, Basis.DATA, (0, 1), 0)
    assert decide([NO], evaluation_periods=1) == Decision(NO_DATA, Basis.NOTHING, (), 1)
    kept = decide([NO], evaluation_periods=1, treat_missing_data=IGNORE)
    assert kept == Decision(NO_DATA, Basis.NOTHING, (), 1)


def test_an_evaluation() -> None:
    definition = alarm("Sum", period=120)
    found = evaluated(definition, [20, 30], first=2)
    datapoints = (*(None,) * 2, Datapoint(START, 50.0, 2.0))
    assert found == [
        Evaluation(
            definition, START + 120, datapoints, Decision(ALARM, Basis.DATA, (2,), 0), NO_DATA
        )
    ]
    assert (found[0].moment.isoformat(), found[0].value, found[0].changed) == (
        "2024-11-24T10:02:00+00:00",
        50.0,
        True,
    )


@pytest.mark.parametrize(
    ("period", "seconds"),
    # Each evaluation stands for the time to the next one: a minute, or ten seconds.
    [(60, 120), (10, 20)],
)
def test_a_summary(period: int, seconds: int) -> None:
    definition = alarm(period=period)
    values = [1.0, 20.0, 20.0, 1.0, 1.0]
    series = {KEY: Series.of((START + period * at, value) for at, value in enumerate(values))}
    first, last = START + period, START + 5 * period
    found = list(timeline(definition, series, first, last))
    told = summary(found)
    assert told == Summary(
        evaluations=5,
        first=first,
        last=last,
        changes=(found[0], found[1], found[3]),
        seconds_in_alarm=seconds,
        state=OK,
    )
    assert told.firings == 1


def test_of_no_evaluation_there_is_no_summary() -> None:
    assert summary([]) is None


QUIET: Final[list[Turn]] = [(0, OK)]
EITHER = composite("either", "ALARM(a) OR ALARM(b)", "s", wait=60, extension=120)


def course(settled: bool = True, **children: list[Turn]) -> CompositeCourse:
    given = {"a": QUIET, "b": QUIET, "s": QUIET, **children}
    return composite_course(EITHER, given, first=0, last=1000, settled=settled)


def change(time: int, state: AlarmState, triggers: str, **fields: Any) -> CompositeChange:
    """A change between OK and ALARM, while the suppressor is OK unless told otherwise."""
    states = {"a": fields.pop("a", OK), "b": fields.pop("b", OK), "s": fields.pop("s", OK)}
    given = {"previous": OK if state is ALARM else ALARM, "by": SuppressedBy.WAIT_PERIOD, **fields}
    return CompositeChange(time=time, state=state, states=states, triggers=tuple(triggers), **given)


def test_a_course() -> None:
    found = course(
        a=[(0, OK), (100, ALARM), (500, OK)], b=[(-9, ALARM), (0, OK), (300, ALARM), (500, OK)]
    )
    assert found == CompositeCourse(
        definition=EITHER,
        initial=OK,
        changes=(change(100, ALARM, "a", a=ALARM), change(500, OK, "ab")),
        # A minute after each.
        actions=(Action(160, ALARM), Action(560, OK)),
    )
    assert found.firings == (Firing(100, 500, 160),)


def test_what_changes_at_the_end_counts_and_later_no_more() -> None:
    found = course(a=[(0, OK), (1000, ALARM), (1001, OK)])
    assert found.changes == (change(1000, ALARM, "a", a=ALARM),)
    assert (found.actions, found.firings) == ((), (Firing(1000, None, None),))


def test_what_changes_at_the_beginning_was_so_before() -> None:
    found = course(a=[(-60, OK), (0, ALARM), (200, OK)])
    assert (found.initial, found.changes) == (ALARM, (change(200, OK, "a"),))
    # It is no firing of this course.
    assert found.firings == ()


def test_a_suppressor_that_was_on_before_holds_back_and_gives_more_time() -> None:
    s: list[Turn] = [(0, ALARM), (300, OK)]
    found = course(a=[(0, OK), (200, ALARM)], s=s)
    held = change(200, ALARM, "a", a=ALARM, s=ALARM, by=SuppressedBy.ALARM)
    assert (found.changes, found.actions) == ((held,), (Action(420, ALARM),))
    # Of one that was on and is no more at the beginning nothing is left.
    assert course(a=[(0, OK), (5, ALARM)], s=[(-9, ALARM), (0, OK)]).actions == (Action(65, ALARM),)


def test_a_new_alarm_has_no_data_before_its_first_state() -> None:
    found = course(settled=False, a=[(500, OK)])
    first = change(0, OK, "", a=NO_DATA, previous=NO_DATA)
    assert (found.initial, found.changes) == (NO_DATA, (first,))
    assert found.actions == (Action(60, OK),)


def test_firings_that_were_told_and_not() -> None:
    # The second is over before the minute is, and the third is still on.
    a: list[Turn] = [(100, ALARM), (200, OK), (300, ALARM), (330, OK), (600, ALARM)]
    assert course(a=a).firings == (
        Firing(100, 200, 160),
        Firing(300, 330, None),
        Firing(600, None, 660),
    )


def test_each_comes_after_those_that_it_rests_on() -> None:
    one, two = composite("one", "ALARM(a)"), composite("two", "ALARM(one) AND ALARM(b)")
    three = composite("three", "ALARM(a)", "two", wait=1, extension=1)
    orders = ([three, two, one], [one, two, three], [two, three, one])
    assert [[each.name for each in in_order(some)] for some in orders] == [
        ["one", "two", "three"]
    ] * 3
    circle = composite("one", "ALARM(three)")
    with pytest.raises(CannotEvaluateError) as error:
        in_order([three, two, circle])
    assert str(error.value) == "alarms rest on each other: three -> two -> one -> three"
