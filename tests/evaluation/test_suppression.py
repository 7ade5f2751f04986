"""Suppressed actions: AWS's six examples, with a wait period of 2 and an extension period of 3.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html
"""

from itertools import pairwise
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.evaluation import Action, SuppressedBy, Suppression
from tests.evaluation.alarms import ALARM, OK


def run(
    composite: dict[int, AlarmState],
    suppressor: dict[int, AlarmState],
    *,
    until: int = 12,
    wait_period: int = 2,
    extension_period: int = 3,
) -> tuple[dict[int, SuppressedBy | None], list[Action]]:
    """From OK and what changes at which time, to what suppresses at each time, and actions."""
    now = Suppression(
        wait_period=wait_period,
        extension_period=extension_period,
        composite=OK,
        suppressor=suppressor.get(0, OK),
    )
    states = OK, now.suppressor
    by: dict[int, SuppressedBy | None] = {}
    actions: list[Action] = []
    for time in range(until):
        states = composite.get(time, states[0]), suppressor.get(time, states[1])
        now, more = now.at(time, *states)
        by[time] = now.by
        actions += more
    return by, actions


def spans(by: dict[int, SuppressedBy | None]) -> dict[str, list[int]]:
    """The times at which each kind of suppression is on."""
    found: dict[str, list[int]] = {}
    for time, kind in by.items():
        if kind:
            found.setdefault(kind.value, []).append(time)
    return found


def test_1_actions_are_not_suppressed_after_the_wait_period() -> None:
    by, actions = run({2: ALARM}, {})
    assert actions == [Action(4, ALARM)]
    assert spans(by) == {"WaitPeriod": [2, 3]}


def test_2_actions_are_suppressed_by_alarm_before_the_wait_period_expires() -> None:
    by, actions = run({2: ALARM}, {3: ALARM})
    assert actions == []
    assert spans(by) == {"WaitPeriod": [2], "Alarm": list(range(3, 12))}


def test_3_state_transition_when_actions_are_suppressed_by_the_wait_period() -> None:
    by, actions = run({2: ALARM, 3: OK}, {})
    assert actions == [Action(5, OK)]
    assert spans(by) == {"WaitPeriod": [2, 3, 4]}


def test_4_state_transition_when_actions_are_suppressed_by_alarm() -> None:
    by, actions = run({2: ALARM}, {0: ALARM})
    assert actions == []
    assert set(by.values()) == {SuppressedBy.ALARM}


def test_5_actions_are_not_suppressed_after_the_extension_period() -> None:
    by, actions = run({2: ALARM}, {3: ALARM, 6: OK})
    assert actions == [Action(9, ALARM)]
    assert spans(by) == {"WaitPeriod": [2], "Alarm": [3, 4, 5], "ExtensionPeriod": [6, 7, 8]}


def test_6_state_transition_when_actions_are_suppressed_by_the_extension_period() -> None:
    by, actions = run({2: ALARM, 7: OK}, {3: ALARM, 6: OK})
    assert actions == [Action(9, OK)]
    assert spans(by) == {"WaitPeriod": [2, 7, 8], "Alarm": [3, 4, 5], "ExtensionPeriod": [6]}


def test_suppressor_that_is_on_again_discards_the_extension_period() -> None:
    by, actions = run({2: ALARM}, {3: ALARM, 6: OK, 7: ALARM})
    assert actions == []
    assert by[11] is SuppressedBy.ALARM


def test_nothing_is_done_after_an_extension_period_without_a_change() -> None:
    _, actions = run({}, {0: ALARM, 3: OK})
    assert actions == []


def test_change_and_change_back_while_suppressed_tell_the_state_reached() -> None:
    _, actions = run({2: ALARM, 4: OK}, {0: ALARM, 5: OK})
    assert actions == [Action(8, OK)]


def test_suppressor_at_the_very_end_of_the_wait_period_still_suppresses() -> None:
    _, actions = run({2: ALARM}, {4: ALARM})
    assert actions == []


def test_without_a_wait_period_actions_are_immediate() -> None:
    by, actions = run({2: ALARM, 5: OK}, {}, wait_period=0)
    assert actions == [Action(2, ALARM), Action(5, OK)]
    assert spans(by) == {}


def test_period_that_ended_between_two_calls_ends_at_its_own_time() -> None:
    now = Suppression(wait_period=60, extension_period=60, composite=OK, suppressor=OK)
    waiting, none = now.at(0, ALARM, OK)
    later, actions = waiting.at(300, OK, OK)
    assert none == ()
    assert actions == (Action(60, ALARM),)
    assert (later.by, later.until) == (SuppressedBy.WAIT_PERIOD, 360)


def test_what_was_told_is_not_told_again_when_a_later_suppression_ends() -> None:
    # Told at 4. From 6 to 7 the suppressor is on once more; its extension period ends at 11.
    by, actions = run({2: ALARM}, {6: ALARM, 8: OK}, until=40)
    assert actions == [Action(4, ALARM)]
    assert spans(by) == {"WaitPeriod": [2, 3], "Alarm": [6, 7], "ExtensionPeriod": [8, 9, 10]}


def test_what_was_told_after_an_extension_period_is_not_told_again() -> None:
    _, actions = run({2: ALARM}, {3: ALARM, 6: OK, 12: ALARM, 14: OK}, until=40)
    assert actions == [Action(9, ALARM)]


# Changes come in the first dozen of times; forty are left for whatever follows.
LONG: Final = 52
CHANGES: Final = st.dictionaries(st.integers(1, 12), st.sampled_from(list(AlarmState)))
LENGTHS: Final = st.integers(0, 4)


def state_at(changes: dict[int, AlarmState], time: int) -> AlarmState:
    return changes[max(at for at in changes if at <= time)]


@given(composite=CHANGES, suppressor=CHANGES, wait=LENGTHS, extension=LENGTHS)
def test_what_holds_long_after_the_last_change(
    composite: dict[int, AlarmState], suppressor: dict[int, AlarmState], wait: int, extension: int
) -> None:
    composite, suppressor = {-1: OK, **composite}, {-1: OK, **suppressor}
    _, actions = run(
        composite, suppressor, until=LONG, wait_period=wait, extension_period=extension
    )
    changed = [
        time for time in range(LONG) if state_at(composite, time - 1) != state_at(composite, time)
    ]
    for action in actions:
        assert action.state is state_at(composite, action.time)
        assert state_at(suppressor, action.time) is not ALARM
    # Nothing is told twice: the composite alarm changes between two actions, and before the first.
    for before, after in pairwise([0, *(action.time for action in actions)]):
        assert any(before < time <= after for time in changed)
    # Nothing is forgotten: unless the suppressor stays on, the last change is told in the end.
    if changed and state_at(suppressor, LONG) is not ALARM:
        assert actions
        assert actions[-1].time >= changed[-1]
        last = max(at for at in (*composite, *suppressor, 0))
        assert actions[-1].time <= last + max(wait, extension)


@given(composite=CHANGES, suppressor=CHANGES, wait=LENGTHS, extension=LENGTHS)
def test_it_does_not_matter_how_often_one_looks(
    composite: dict[int, AlarmState], suppressor: dict[int, AlarmState], wait: int, extension: int
) -> None:
    _, expected = run(
        composite, suppressor, until=LONG, wait_period=wait, extension_period=extension
    )
    now = Suppression(wait_period=wait, extension_period=extension, composite=OK, suppressor=OK)
    found: list[Action] = []
    for time in sorted({*composite, *suppressor, LONG - 1}):
        states = (state_at({-1: OK, **changes}, time) for changes in (composite, suppressor))
        now, more = now.at(time, *states)
        found += more
    assert found == expected
