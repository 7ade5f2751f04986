"""Whole outcomes of replays, whichever way they are made: in stretches, at once, or one by one."""

from typing import Any, Final

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.rule import MissingData, WarmUp
from replay.changes import Change
from replay.history import COLUMNS, MetricHistory
from replay.outcome import Outcome, replay
from tests.evaluation.alarms import ALARM, KEY, NO_DATA, OK, START, alarm
from tests.replay.alarms import HOUR, histories
from tests.replay.test_whole_range import watching

END: Final = START + 5 * HOUR


def quiet_but(values: dict[int, float], *, resolution: int = 60) -> MetricHistory:
    """Ones for six hours, from one before the start on, but for the records that begin in some
    minutes.
    """
    times = START - HOUR + np.arange(0, 6 * HOUR, resolution)
    minutes = ((times - START) // 60).tolist()
    column = [values.get(minute, 1.0) for minute in minutes]
    return MetricHistory.of_values(times, column, resolution=resolution)


def outcome(*changes: tuple[int, AlarmState], **fields: Any) -> Outcome:
    """An outcome of the five hours, from minutes to the state from then on."""
    given: dict[str, Any] = {"start": START, "end": END, "state": OK, "evaluations": 301}
    fields = given | {"interval": 60, "approximate": False} | fields
    found, before = [], fields["state"]
    for minute, state in changes:
        found.append(Change(START + 60 * minute, state, before))
        before = state
    return Outcome(changes=tuple(found), **fields)


@pytest.mark.parametrize(
    ("values", "before", "expected"),
    [
        ({}, OK, ()),
        ({}, NO_DATA, ((0, OK),)),
        ({}, ALARM, ((0, OK),)),
        # The minute that begins at 100 is there from 101 on.
        ({100: 11.0}, OK, ((101, ALARM), (102, OK))),
        (
            {100: 11.0, 200: 11.0},
            NO_DATA,
            ((0, OK), (101, ALARM), (102, OK), (201, ALARM), (202, OK)),
        ),
        # In the first evaluation of all, and in the last one.
        ({-1: 11.0}, OK, ((0, ALARM), (1, OK))),
        ({-1: 11.0}, ALARM, ((1, OK),)),
        ({-1: 11.0, 299: 11.0}, NO_DATA, ((0, ALARM), (1, OK), (300, ALARM))),
        # Before the first one that is looked at, and after the last one.
        ({-2: 11.0, 300: 11.0}, OK, ()),
    ],
)
def test_an_alarm_that_is_nearly_always_ok(
    values: dict[int, float], before: AlarmState, expected: tuple[tuple[int, AlarmState], ...]
) -> None:
    definition = alarm(treat_missing_data=MissingData.NOT_BREACHING)
    found = replay(definition, {KEY: quiet_but(values)}, START, END, before=before)
    assert found == outcome(*expected, state=before)


def test_records_of_five_minutes_in_periods_of_five_minutes() -> None:
    # Each minute's window holds the record that begins in it: those that end at 101 to 105. Where
    # only the minutes before any evaluation were recorded so, nothing is approximate.
    definition = alarm(period=300, treat_missing_data=MissingData.NOT_BREACHING)
    coarse = quiet_but({100: 11.0}, resolution=300)
    expected = outcome((101, ALARM), (106, OK), approximate=True)
    assert replay(definition, {KEY: coarse}, START, END, before=OK) == expected
    until = START - definition.lookback
    fine = quiet_but({100: 11.0}).between(until, END)
    before = coarse.between(START - HOUR, until)
    columns: dict[str, Any] = {
        name: np.concatenate((getattr(before, name), getattr(fine, name))) for name in COLUMNS
    }
    mixed = MetricHistory(**columns)
    exact = outcome((101, ALARM), (106, OK))
    assert replay(definition, {KEY: mixed}, START, END, before=OK) == exact
    # A minute earlier one of those is looked at.
    earlier = replay(definition, {KEY: mixed}, START - 60, END, before=OK)
    assert (earlier.approximate, earlier.evaluations) == (True, 302)


@pytest.mark.parametrize(
    ("expression", "fired"),
    [
        # One by one, since what these are depends on the data.
        ("SUM(REMOVE_EMPTY(METRICS()))", ((2, OK), (4, ALARM), (5, OK))),
        # Rows of three minutes: 1 and 2 are 3, and the 5 is in the row until minute 6.
        ("RUNNING_SUM(m1)", ((2, OK), (3, ALARM), (7, OK))),
    ],
)
def test_expressions(expression: str, fired: tuple[tuple[int, AlarmState], ...]) -> None:
    values = [None, 1.0, 2.0, 5.0, 0.0, 0.0, 0.0]
    definition = watching(expression, treat_missing_data=MissingData.MISSING)
    found = replay(definition, histories(values), START, START + 480)
    expected = {"end": START + 480, "state": NO_DATA, "evaluations": 9}
    assert found == outcome(*fired, **expected)
    coarse = {KEY: MetricHistory.of_values([START - HOUR], [0.0], resolution=HOUR)}
    # An hour that is over when the first three minutes that are looked at begin, or not yet.
    for start, is_approximate in ((START + 180, False), (START + 120, True)):
        found = replay(definition, coarse, start, start + 60)
        assert (found.approximate, found.evaluations) == (is_approximate, 2)


def test_a_new_alarm() -> None:
    # Ten minutes of warm-up, and no data for an hour.
    definition = alarm(treat_missing_data=MissingData.BREACHING, warm_up=WarmUp(600, is_whole=True))
    later = MetricHistory.of_values(START + HOUR + 60 * np.arange(240), np.ones(240))
    found = replay(definition, {KEY: later}, START, END, before=NO_DATA, created=START)
    assert found == outcome((10, ALARM), (61, OK), state=NO_DATA)
    # The warm-up is over before the start, at it, and not before the end.
    for created, changes in (
        (START - 1200, ((0, ALARM), (61, OK))),
        (START - 600, ((0, ALARM), (61, OK))),
        (START - 540, ((1, ALARM), (61, OK))),
        (END - 600, ((300, OK),)),
        (END - 540, ()),
    ):
        found = replay(definition, {KEY: later}, START, END, before=NO_DATA, created=created)
        assert found == outcome(*changes, state=NO_DATA)


@pytest.mark.parametrize(
    ("begins", "is_approximate"),
    [(-HOUR - 180, False), (-HOUR, True), (1800, True), (5 * HOUR, False)],
)
def test_a_new_alarm_is_approximate_where_any_part_of_it_is(
    begins: int, is_approximate: bool
) -> None:
    definition = alarm(warm_up=WarmUp(600, is_whole=True))
    coarse = {KEY: MetricHistory.of_values([START + begins], [1.0], resolution=HOUR)}
    found = replay(definition, coarse, START, END, created=START)
    assert found.approximate is is_approximate
    assert found.evaluations == 301
