"""What is recorded of alarms, from which range and delay are estimated."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.alarm import AlarmAddress, AlarmState
from ecs_monitoring.cloudwatch.definition import MetricKey
from history.archive import Archive
from history.calibration import (
    recorded_alarms,
)
from history.day import ArchivedDay
from replay.calibrate import Recorded, Transition
from tests.history.recorded import HOME, archived, history, key, metric_alarm, same
from tests.times import at

DAY: Final = 86_400
START: Final = at("2026-02-20")


def live(address: str, metric: MetricKey | None = None, **changes: Any) -> LiveAlarm:
    raw = metric_alarm(
        address,
        metric or key(),
        EvaluationPeriods=1,
        DatapointsToAlarm=1,
        **changes,
    )
    return LiveAlarm.described(raw, AlarmAddress(address).tags, HOME)


CPU: Final = live("ecs.cpu@web")


def item(time: str, old: str, new: str, data: object = None) -> dict[str, Any]:
    """A change of state, with what CloudWatch says of it to programs."""
    states = {
        "oldState": {"stateValue": old},
        "newState": {"stateValue": new, "stateReason": "", "stateReasonData": data},
    }
    return {
        "AlarmName": "x",
        "Timestamp": datetime.fromisoformat(f"{time}+00:00"),
        "HistorySummary": f"Alarm updated from {old} to {new}",
        "HistoryData": json.dumps(states),
    }


def decided(*points: object) -> dict[str, object]:
    return {"evaluatedDatapoints": list(points)}


def point(minute: str, value: float | None = 9.0) -> dict[str, object]:
    return {"timestamp": f"2026-02-20T{minute}:00.000+0000", "value": value}


def fill(archive: Archive, *days: int, resolution: int = 60, until: int = DAY) -> None:
    """Some days of a metric, the last of them up to some second."""
    for day in days:
        start = START + day * DAY
        rows = [(start + resolution * n, resolution, 1.0) for n in range(100)]
        archive.add(
            ArchivedDay(
                metric=archived(),
                start=start,
                period=resolution,
                until=start + (until if day == days[-1] else DAY),
                asked=start + DAY,
                records=history(*rows),
            )
        )


ITEMS: Final = (
    # The newest of the periods that had a value ended at 10:02.
    item(
        "2026-02-20T10:03:30",
        "OK",
        "ALARM",
        decided(point("10:02", None), point("10:01"), point("10:00"), {"value": 1}, "?"),
    ),
    item("2026-02-20T10:05:10", "ALARM", "OK", decided(point("10:03", None))),
    # Somebody set it; CloudWatch set it back two minutes later.
    item("2026-02-20T10:10:20", "OK", "ALARM"),
    item("2026-02-20T10:12:40", "ALARM", "OK", decided(point("soon"))),
)


def test_what_is_recorded_of_an_alarm(archive: Archive) -> None:
    fill(archive, 0)
    archive.keep_alarm_history(CPU, ITEMS)
    ((group, (found,)),) = recorded_alarms(archive, [CPU]).items()
    assert group == ("AWS/ECS", 60)
    assert CPU.definition is not None
    first, second, third, fourth = (
        at(f"2026-02-20 {time}") for time in ("10:03:30", "10:05:10", "10:10:20", "10:12:40")
    )
    assert found == Recorded(
        definition=CPU.definition,
        histories=found.histories,
        # A minute before the first change; a quarter of an hour before what was fetched ends.
        start=first - 60,
        end=START + DAY - 900,
        before=AlarmState.OK,
        transitions=(
            Transition(time=first, state=AlarmState.ALARM, decided_on=at("2026-02-20 10:02")),
            Transition(time=second, state=AlarmState.OK),
            Transition(time=third, state=AlarmState.ALARM),
            Transition(time=fourth, state=AlarmState.OK),
        ),
        # From a minute before somebody set it to a minute after that was over.
        left_out=((third - 60, fourth + 60),),
    )
    assert list(found.histories) == [key()]
    # At most N + 6 periods and ten minutes are looked back from the start: 17 minutes.
    whole, _ = archive.read(archived(), START, START + DAY)
    assert same(found.histories[key()], whole.between(first - 60 - 17 * 60, START + DAY))


def test_a_state_that_was_set_last_is_left_out_to_a_minute_after_it(archive: Archive) -> None:
    fill(archive, 0)
    archive.keep_alarm_history(CPU, [*ITEMS[:2], ITEMS[2]])
    ((found,),) = recorded_alarms(archive, [CPU]).values()
    time = at("2026-02-20 10:10:20")
    assert found.left_out == ((time - 60, time + 60),)


@pytest.mark.parametrize(
    ("first", "start"),
    [
        # Where a change is kept from before what was fetched, from when the longest look is known.
        ("2026-02-20T00:05:00", START + 17 * 60),
        ("2026-02-20T00:19:00", START + 18 * 60),
    ],
)
def test_from_when_on_both_are_known(first: str, start: int, archive: Archive) -> None:
    fill(archive, 0)
    later = item("2026-02-20T00:30:00", "ALARM", "OK", decided())
    archive.keep_alarm_history(CPU, [item(first, "OK", "ALARM", decided()), later])
    ((found,),) = recorded_alarms(archive, [CPU]).values()
    assert found.start == start
    assert len(found.transitions) == (2 if start > START + 17 * 60 else 1)
    assert found.before is (AlarmState.OK if start > START + 17 * 60 else AlarmState.ALARM)


def test_what_was_before_the_alarm_was_changed_does_not_count(archive: Archive) -> None:
    fill(archive, 0)
    changed = datetime(2026, 2, 20, 10, 5, 10, tzinfo=UTC)
    new = live("ecs.cpu@web", AlarmConfigurationUpdatedTimestamp=changed)
    archive.keep_alarm_history(new, ITEMS)
    ((found,),) = recorded_alarms(archive, [new]).values()
    assert found.start == int(changed.timestamp())
    assert [transition.time for transition in found.transitions] == [
        at(f"2026-02-20 {time}") for time in ("10:05:10", "10:10:20", "10:12:40")
    ]


def test_alarms_of_a_group_are_together(archive: Archive) -> None:
    other, slow = live("ecs.busy@web"), live("ecs.slow@web", Period=300)
    fill(archive, 0)
    for one in (CPU, other, slow):
        archive.keep_alarm_history(one, ITEMS)
    found = recorded_alarms(archive, [CPU, slow, other])
    assert {group: len(alarms) for group, alarms in found.items()} == {
        ("AWS/ECS", 60): 2,
        ("AWS/ECS", 300): 1,
    }


def _without_a_definition(archive: Archive) -> LiveAlarm:
    fill(archive, 0)
    archive.keep_alarm_history(CPU, ITEMS)
    return replace(CPU, definition=None)


def _without_a_past(archive: Archive) -> LiveAlarm:
    fill(archive, 0)
    return CPU


def _without_its_metric(archive: Archive) -> LiveAlarm:
    archive.keep_alarm_history(CPU, ITEMS)
    return CPU


def _with_changes_after_what_was_fetched(archive: Archive) -> LiveAlarm:
    # The first of them at 10:03:30; what was fetched is taken as whole up to 10:03:29.
    fill(archive, 0, until=10 * 3600 + 3 * 60 + 29 + 900)
    archive.keep_alarm_history(CPU, ITEMS)
    return CPU


def _on_coarse_records(archive: Archive) -> LiveAlarm:
    fill(archive, 0, resolution=300)
    archive.keep_alarm_history(CPU, [item("2026-02-20T01:00:00", "OK", "ALARM", decided())])
    return CPU


@pytest.mark.parametrize(
    "filled",
    [
        _without_a_definition,
        _without_a_past,
        _without_its_metric,
        _with_changes_after_what_was_fetched,
        _on_coarse_records,
    ],
)
def test_an_alarm_of_which_too_little_is_known(filled: Any, archive: Archive) -> None:
    assert recorded_alarms(archive, [filled(archive)]) == {}


def test_a_change_at_the_very_end_of_what_was_fetched(archive: Archive) -> None:
    fill(archive, 0, until=10 * 3600 + 3 * 60 + 30 + 900)
    archive.keep_alarm_history(CPU, ITEMS)
    ((found,),) = recorded_alarms(archive, [CPU]).values()
    assert [transition.time for transition in found.transitions] == [found.end]
