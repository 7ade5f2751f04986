"""What an alarm did: firings, bands, flapping, silence, who was told and when."""

from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.evaluation import Series, timeline
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.changes import Change
from replay.outcome import Outcome, replay
from tests.evaluation.alarms import ALARM, KEY, NO_DATA, OK, START, alarm
from tests.replay.alarms import HOUR, histories, history, statistic_sets

END: Final = START + 6 * HOUR


def outcome(*changes: tuple[int, AlarmState], state: AlarmState = OK, **fields: Any) -> Outcome:
    """An outcome of six hours, from seconds after the start to the state from then on."""
    found = []
    before = state
    for at, after in changes:
        found.append(Change(START + at, after, before))
        before = after
    given: dict[str, Any] = {"start": START, "end": END, "interval": 60}
    return Outcome(state=state, changes=tuple(found), **(given | fields))


QUIET: Final = outcome()
TWICE: Final = outcome((600, ALARM), (900, OK), (7200, ALARM), (7260, NO_DATA))


def test_two_firings() -> None:
    assert TWICE.firings == (START + 600, START + 7200)
    assert TWICE.bands == ((START + 600, START + 900), (START + 7200, START + 7260))
    assert TWICE.seconds_in_alarm == 300 + 60
    # The three gaps are 600 s, 6,600 s and from 7,200 s to the end.
    assert TWICE.longest_silence == 6 * HOUR - 7200


def test_nothing_happened() -> None:
    assert (QUIET.firings, QUIET.bands, QUIET.flapping) == ((), (), 0)
    assert (QUIET.seconds_in_alarm, QUIET.longest_silence) == (0, 6 * HOUR)


def test_on_from_before_the_start_is_no_firing() -> None:
    found = outcome((120, OK), state=ALARM)
    assert found.firings == ()
    assert found.bands == ((START, START + 120),)


def test_on_at_the_end_lasts_until_the_next_evaluation() -> None:
    found = outcome((6 * HOUR - 120, ALARM))
    assert found.bands == ((END - 120, END + 60),)
    # Three evaluations found it on, each of which stands for a minute.
    assert found.seconds_in_alarm == 180


def test_the_end_may_lie_between_two_evaluations() -> None:
    found = outcome((6 * HOUR - 120, ALARM), end=END + 30)
    assert found.bands == ((END - 120, END + 60),)


def test_on_all_the_time() -> None:
    found = outcome(state=ALARM)
    assert found.bands == ((START, END + 60),)
    assert (found.firings, found.flapping, found.longest_silence) == ((), 0, 6 * HOUR)


def test_recorded_changes_stand_for_a_second() -> None:
    assert outcome((6 * HOUR - 7, ALARM), interval=1).seconds_in_alarm == 8


@pytest.mark.parametrize(("gap", "flapping"), [(60, 1), (HOUR - 60, 1), (HOUR, 0), (HOUR + 60, 0)])
def test_flapping_is_firing_again_within_the_hour(gap: int, flapping: int) -> None:
    found = outcome((600, ALARM), (660, OK), (660 + gap, ALARM), (720 + gap, OK))
    assert found.flapping == flapping


def test_flapping_counts_every_firing_but_the_first() -> None:
    found = outcome(*[(600 + 60 * at, OK if at % 2 else ALARM) for at in range(20)])
    assert (len(found.firings), found.flapping) == (10, 9)


def test_an_alarm_that_was_on_at_the_start_flaps_too() -> None:
    assert outcome((60, OK), (120, ALARM), state=ALARM).flapping == 1


TOLD: Final = alarm(alarm_actions=("arn:1",), insufficient_data_actions=("arn:2", "arn:3"))


def hours(found: Outcome, zone: ZoneInfo | Any = UTC, **fields: Any) -> dict[str, dict[int, int]]:
    """How many notifications there were of each state at the hours that had any."""
    given: dict[str, Any] = {"alarm_actions": ("arn:1",), "insufficient_data_actions": ("arn:2",)}
    counted = found.by_hour(alarm(**(given | fields)), zone)
    assert all(len(column) == 24 for column in counted.values())
    return {
        state.value: {hour: count for hour, count in enumerate(column) if count}
        for state, column in counted.items()
    }


def test_notifications_by_hour() -> None:
    # The start is 10:00 UTC. Nobody is told that the alarm is OK again.
    assert hours(TWICE) == {"ALARM": {10: 1, 12: 1}, "OK": {}, "INSUFFICIENT_DATA": {12: 1}}
    assert hours(TWICE, ZoneInfo("Asia/Kathmandu"))["ALARM"] == {15: 1, 17: 1}
    assert hours(TWICE, ok_actions=("arn:1",))["OK"] == {10: 1}


def test_nobody_is_told_while_actions_are_disabled() -> None:
    nothing: dict[str, dict[int, int]] = {"ALARM": {}, "OK": {}, "INSUFFICIENT_DATA": {}}
    assert hours(TWICE, actions_enabled=False) == nothing


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # In Berlin the clock goes from 02:00 to 03:00 at 01:00 UTC.
        ("2025-03-30", {1: 1, 3: 1, 4: 1}),
        # And from 03:00 back to 02:00 at 01:00 UTC.
        ("2025-10-26", {2: 2, 3: 1}),
        ("2025-10-27", {1: 1, 2: 1, 3: 1}),
    ],
)
def test_hours_around_a_change_of_the_clock(day: str, expected: dict[int, int]) -> None:
    midnight = int(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()) - START
    changes = []
    for half_past in (1800, 5400, 9000):
        changes += [(midnight + half_past, ALARM), (midnight + half_past + 60, OK)]
    assert hours(outcome(*changes), ZoneInfo("Europe/Berlin"))["ALARM"] == expected


def test_a_replay_by_hand() -> None:
    # Maximum > 10 in two of two minutes; the third and fourth minute breach, and the last two.
    definition = alarm(evaluation_periods=2, treat_missing_data=MissingData.NOT_BREACHING)
    values = [1, 11, 1, 12, 13, 2, None, 14, 15]
    found = replay(definition, histories(values), START + 60, START + 540)
    assert found.firings == (START + 300, START + 540)
    assert found.bands == ((START + 300, START + 360), (START + 540, START + 600))
    assert (found.evaluations, found.interval, found.approximate) == (9, 60, False)
    assert found.changes[0] == Change(START + 60, OK, NO_DATA)


def test_records_before_the_start_are_looked_at() -> None:
    definition = alarm(evaluation_periods=3)
    found = replay(definition, histories([11, 11, 11]), START + 180, START + 180)
    assert found.firings == (START + 180,)


def test_no_history_at_all() -> None:
    found = replay(alarm(), {}, START, START + HOUR)
    assert (found.changes, found.state, found.evaluations) == ((), NO_DATA, 61)
    breaching = alarm(treat_missing_data=MissingData.BREACHING)
    found = replay(breaching, {}, START, START + HOUR, before=OK)
    assert found.bands == ((START, START + HOUR + 60),)


def test_no_evaluation_between_start_and_end() -> None:
    found = replay(alarm(), histories([11]), START + 1, START + 59)
    assert (found.changes, found.evaluations) == ((), 0)


def test_coarse_records_are_said_to_be_so() -> None:
    coarse = {KEY: statistic_sets([(0, 60, 600, 1, 50)], resolution=HOUR)}
    found = replay(alarm(), coarse, START + 60, START + HOUR)
    # The hour's maximum is every minute's.
    assert found.bands == ((START + 60, START + HOUR + 60),)
    assert found.approximate


# Fifteen requests fail in each of two minutes, on both sides of a full five minutes at first,
# then again so, then within the same five minutes.
STRADDLING: Final = [0.0] * 30
for _minute in (4, 5, 14, 15, 22, 23):
    STRADDLING[_minute] = 15.0


def test_windows_slide_by_the_minute() -> None:
    definition = alarm(
        "Sum", period=300, threshold=30.0, comparison=Comparison.AT_LEAST, datapoints_to_alarm=1
    )
    found = replay(definition, histories(STRADDLING), START + 300, START + 1800, before=OK)
    # Minutes 4 and 5 are both in the windows that end after minute 5, 6, 7 and 8.
    assert [(start - START, end - START) for start, end in found.bands] == [
        (6 * 60, 10 * 60),
        (16 * 60, 20 * 60),
        (24 * 60, 28 * 60),
    ]
    assert len(found.firings) == 3
    # Of the windows from one full five minutes to the next, one has 30 of them.
    aligned = [sum(STRADDLING[first : first + 5]) for first in range(0, 30, 5)]
    assert aligned == [15, 15, 15, 15, 30, 0]
    assert sum(total >= 30 for total in aligned) == 1


def test_the_states_are_those_of_the_evaluator() -> None:
    definition = alarm("Average", period=300, threshold=5.0, evaluation_periods=3)
    values = [float(at * 7 % 13) if at % 11 else None for at in range(120)]
    found = replay(definition, histories(values), START + 60, START + 7200)
    series = {KEY: Series(history(values).samples())}
    expected = [
        Change(evaluation.time, evaluation.state, evaluation.previous)
        for evaluation in timeline(definition, series, START + 60, START + 7200)
        if evaluation.changed
    ]
    assert len(expected) > 3
    assert list(found.changes) == expected
