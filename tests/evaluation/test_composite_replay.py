"""A composite alarm over the replays of those that it rests on, and what of it scripts get."""

from dataclasses import replace
from typing import Any, Final

import pytest

from history.evaluate.composite_alarm import composite_of, replay_composite
from history.evaluate.outcome import EvaluateError, ExplainedChange, Replay
from tests.evaluation.alarms import ALARM, NO_DATA, OK, START


def part(name: str, *changes: tuple[int, Any, Any], **fields: Any) -> Replay:
    """An alarm with changes at so many seconds: from which state to which."""
    given: dict[str, Any] = {
        "first": START,
        "last": START + 600,
        "evaluations": 11,
        "seconds_in_alarm": 0,
        "state": OK,
        **fields,
    }
    return Replay(
        name=name,
        changes=tuple(
            ExplainedChange(time=START + at, previous=previous, state=state)
            for at, previous, state in changes
        ),
        **given,
    )


CPU: Final = part(
    "cpu",
    (0, NO_DATA, OK),
    (120, OK, ALARM),
    (240, ALARM, OK),
    (600, OK, ALARM),
    without_values=("Errors", "Visits"),
    notes=("late", "cpu"),
)
ERRORS: Final = part(
    "errors",
    (60, NO_DATA, OK),
    (660, OK, ALARM),
    first=START - 60,
    last=START + 660,
    without_values=("Errors",),
    notes=("late", "errors"),
)


def test_a_composite_alarm() -> None:
    composite = composite_of({"AlarmName": "both", "AlarmRule": "ALARM(cpu) OR ALARM(errors)"})
    # The other alarm is none of its.
    replayed = replay_composite(composite, {"cpu": CPU, "x": part("x"), "errors": ERRORS})

    def change(at: int, previous: Any, state: Any, reason: str) -> ExplainedChange:
        return ExplainedChange(time=START + at, previous=previous, state=state, reason=reason)

    assert replayed == Replay(
        name="both",
        changes=(
            change(
                -60,
                NO_DATA,
                OK,
                "its rule is false: cpu is INSUFFICIENT_DATA, errors is INSUFFICIENT_DATA",
            ),
            change(120, OK, ALARM, "its rule is true: cpu is ALARM, errors is OK"),
            change(240, ALARM, OK, "its rule is false: cpu is OK, errors is OK"),
            change(600, OK, ALARM, "its rule is true: cpu is ALARM, errors is OK"),
        ),
        first=START - 60,
        last=START + 660,
        # A minute each, both ends included.
        evaluations=13,
        # Two minutes, and from 10:10 to the end of the last minute at 10:12.
        seconds_in_alarm=120 + 120,
        state=ALARM,
        without_values=("Errors", "Visits"),
        notes=("late", "cpu", "errors"),
        actions=None,
        parts=(CPU, ERRORS),
    )
    assert replayed.firings == 2


def test_a_composite_alarm_that_is_suppressed() -> None:
    composite = composite_of(
        {
            "AlarmName": "held",
            "AlarmRule": "ALARM(cpu)",
            "ActionsSuppressor": "errors",
            "ActionsSuppressorWaitPeriod": 60,
            "ActionsSuppressorExtensionPeriod": 60,
        }
    )
    replayed = replay_composite(composite, {"cpu": CPU, "errors": ERRORS})
    # Each change waits a minute for the suppressor, which goes off when the last one has waited.
    assert replayed.actions == ((START, OK), (START + 180, ALARM), (START + 300, OK))
    assert replayed.parts == (CPU, ERRORS)


def test_a_composite_alarm_of_no_alarm() -> None:
    composite = composite_of({"AlarmName": "always", "AlarmRule": "TRUE"})
    assert replay_composite(composite, {}) == Replay(
        name="always",
        changes=(
            ExplainedChange(
                time=0, previous=NO_DATA, state=ALARM, reason="its rule is true: no alarm"
            ),
        ),
        first=0,
        last=0,
        evaluations=1,
        seconds_in_alarm=60,
        state=ALARM,
    )


def test_a_rule_that_cannot_be_read() -> None:
    with pytest.raises(EvaluateError, match=r"^alarm both: rule 'ALARM\('"):
        composite_of({"AlarmName": "both", "AlarmRule": "ALARM("})


def test_a_replay_for_scripts() -> None:
    inner = replace(part("inner", (0, NO_DATA, OK)), seconds_in_alarm=90)
    inner_json = {
        "alarm": "inner",
        "first_evaluation": "2024-11-24T10:00:00Z",
        "last_evaluation": "2024-11-24T10:10:00Z",
        "evaluations": 11,
        "changes": [
            {
                "time": "2024-11-24T10:00:00Z",
                "from": "INSUFFICIENT_DATA",
                "to": "OK",
                "value": None,
                "reason": "",
                "reason_data": {},
            }
        ],
        "firings": 0,
        "minutes_in_alarm": 1.5,
        "state": "OK",
        "metrics_without_values": [],
        "notes": [],
    }
    assert inner.as_json() == inner_json
    outer = replace(
        inner,
        name="outer",
        changes=(),
        without_values=("Errors",),
        notes=("late",),
        actions=((START, ALARM),),
        parts=(inner,),
    )
    assert outer.as_json() == {
        **inner_json,
        "alarm": "outer",
        "changes": [],
        "metrics_without_values": ["Errors"],
        "notes": ["late"],
        "actions": [{"time": "2024-11-24T10:00:00Z", "state": "ALARM"}],
        "parts": [inner_json],
    }
