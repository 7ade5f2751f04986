"""Changes of state as columns are what a tuple of them is."""

from collections.abc import Sequence

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from replay.changes import Change, Changes
from replay.outcome import Outcome
from replay.states import ALARM, INSUFFICIENT

_TOLD = (
    Change(60, AlarmState.ALARM, AlarmState.OK),
    Change(180, AlarmState.INSUFFICIENT_DATA, AlarmState.ALARM),
    Change(240, AlarmState.ALARM, AlarmState.INSUFFICIENT_DATA),
)
_COLUMNS = Changes(
    np.array([60, 180, 240]), np.array([ALARM, INSUFFICIENT, ALARM], dtype=np.uint8), AlarmState.OK
)


def test_columns_are_read_as_the_tuple_of_changes() -> None:
    assert tuple(_COLUMNS) == _TOLD
    assert (len(_COLUMNS), _COLUMNS[1], _COLUMNS[1:]) == (3, _TOLD[1], _TOLD[1:])
    assert _COLUMNS == _TOLD
    assert _TOLD == _COLUMNS
    assert hash(_COLUMNS) == hash(_TOLD)
    assert repr(_COLUMNS) == repr(_TOLD)
    assert _TOLD[:2] != _COLUMNS


def test_times_are_plain_numbers_that_json_can_hold() -> None:
    assert [type(change.time) for change in _COLUMNS] == [int] * 3


@pytest.mark.parametrize("changes", [_TOLD, _COLUMNS], ids=["tuple", "columns"])
def test_an_outcome_answers_the_same_of_both(changes: Sequence[Change]) -> None:
    outcome = Outcome(start=0, end=330, changes=changes, state=AlarmState.OK, interval=60)
    assert outcome.firings == (60, 240)
    # The last evaluation, at 300, stands for a minute.
    assert outcome.bands == ((60, 180), (240, 360))
    assert {type(time) for band in outcome.bands for time in band} == {int}


def test_a_tuple_becomes_columns() -> None:
    found = Changes.of(_TOLD)
    assert found.times.tolist() == [60, 180, 240]
    assert found.states.tolist() == [ALARM, INSUFFICIENT, ALARM]
    assert found.before is AlarmState.OK
    assert [str(column.dtype) for column in (found.times, found.states)] == ["int64", "uint8"]
    assert Changes.of(found) is found


def test_no_change_is_an_empty_tuple() -> None:
    assert Changes.of(()) == ()
    assert Changes.of(()).before is AlarmState.INSUFFICIENT_DATA
    assert Changes.of(()) != 0
