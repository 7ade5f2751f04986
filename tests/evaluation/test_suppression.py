"""Suppressed actions: AWS's six examples, with a wait period of 2 and an extension period of 3.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html
"""

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
