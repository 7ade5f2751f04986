"""An alarm's own past: what is kept of DescribeAlarmHistory, and how it is read.

Items are in the shape of the example in
https://docs.aws.amazon.com/cli/latest/reference/cloudwatch/describe-alarm-history.html .
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.alarm import AlarmState
from history.archive import Archive
from history.past import StateChange, add_items, kept_item, read_items
from tests.history.recorded import HOME, key, metric_alarm, state_update
from tests.times import at

TO_ALARM = state_update(
    "a", "2026-02-20 10:00:00.250", "OK", "ALARM", "Threshold Crossed: too high"
)
TO_OK = state_update("a", "2026-02-20 10:07:00.750", "ALARM", "OK")

DOCUMENTED = {
    "Timestamp": datetime(2014, 4, 9, 18, 59, 6, 442_000, tzinfo=UTC),
    "HistoryItemType": "StateUpdate",
    "AlarmName": "myalarm",
    "HistoryData": '{"version":"1.0","oldState":{"stateValue":"ALARM","stateReason":"testing '
    'purposes"},"newState":{"stateValue":"OK","stateReason":"Threshold Crossed: 2 datapoints were '
    'not greater than the threshold (70.0). The most recent datapoints: [38.958, 40.292].",'
    '"stateReasonData":{"version":"1.0","queryDate":"2014-04-09T18:59:06.419+0000","startDate":'
    '"2014-04-09T18:44:00.000+0000","statistic":"Average","period":300,"recentDatapoints":'
    '[38.958,40.292],"threshold":70.0}}}',
    "HistorySummary": "Alarm updated from ALARM to OK",
}


def test_the_documented_example() -> None:
    change = StateChange.from_item(kept_item(DOCUMENTED))
    assert change.moment == datetime(2014, 4, 9, 18, 59, 6, tzinfo=UTC)
    assert (change.previous, change.state) == (AlarmState.ALARM, AlarmState.OK)
    assert change.reason.startswith("Threshold Crossed: 2 datapoints were not greater")
    assert change.reason_data["recentDatapoints"] == [38.958, 40.292]


def test_a_state_that_somebody_set() -> None:
    """SetAlarmState without StateReasonData leaves none."""
    data = (
        '{"oldState":{"stateValue":"OK"},"newState":{"stateValue":"ALARM","stateReason":"drill"}}'
    )
    change = StateChange.from_item(kept_item({**TO_ALARM, "HistoryData": data}))
    assert (change.state, change.reason, change.reason_data) == (AlarmState.ALARM, "drill", {})


def test_what_is_said_to_programs_makes_no_other_change() -> None:
    change = StateChange.from_item(kept_item(TO_ALARM))
    assert change == StateChange(
        time=at("2026-02-20 10:00"),
        state=AlarmState.ALARM,
        previous=AlarmState.OK,
        reason="Threshold Crossed: too high",
    )
    assert change.reason_data == {"version": "1.0", "statistic": "Average", "period": 60}
    assert "reason_data" not in repr(change)


def test_what_is_kept_of_an_item() -> None:
    moment = datetime.fromisoformat("2014-04-10T03:59:06.442+09:00")
    item = {**DOCUMENTED, "Timestamp": moment, "AlarmType": "", "Unknown": 1}
    assert kept_item(item) == {
        "Timestamp": "2014-04-09T18:59:06.442000+00:00",
        "AlarmName": "myalarm",
        "HistoryItemType": "StateUpdate",
        "HistorySummary": "Alarm updated from ALARM to OK",
        "HistoryData": DOCUMENTED["HistoryData"],
    }


@pytest.mark.parametrize("data", ["", TO_ALARM["HistoryData"][:60], "[]", '{"newState":{}}'])
def test_data_that_are_cut_off_leave_the_summary(data: str) -> None:
    change = StateChange.from_item(kept_item({**TO_ALARM, "HistoryData": data}))
    assert (change.previous, change.state) == (AlarmState.OK, AlarmState.ALARM)
    assert change.time == at("2026-02-20 10:00")
    assert change.reason == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"HistoryData": "", "HistorySummary": "Alarm created"},
        {"HistoryData": "{}", "HistorySummary": "Alarm updated from OK to PANIC"},
    ],
)
def test_what_is_no_change_of_state(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"AlarmState"):
        StateChange.from_item(kept_item({**TO_ALARM, **changes}))


def test_items_are_kept_once_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    assert add_items(path, [kept_item(TO_OK)]) == (1, [])
    # CloudWatch keeps them 30 days, so most of what comes is there already.
    assert add_items(path, [kept_item(TO_ALARM), kept_item(TO_OK)]) == (1, [])
    assert add_items(path, []) == (0, [])
    items, bad = read_items(path)
    assert [item["HistorySummary"] for item in items] == [
        "Alarm updated from OK to ALARM",
        "Alarm updated from ALARM to OK",
    ]
    assert bad == []


def test_two_changes_within_a_second_are_two(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    items = [TO_ALARM, state_update("a", "2026-02-20 10:00:00.900", "ALARM", "OK")]
    assert add_items(path, map(kept_item, items))[0] == 2


def test_an_alarm_without_past_is_known_to_have_been_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    assert add_items(path, []) == (0, [])
    assert path.read_bytes() == b""


def test_damaged_lines_are_told_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    add_items(path, [kept_item(TO_ALARM), kept_item(TO_OK)])
    first, second = path.read_bytes().splitlines()
    path.write_bytes(first + b"\n" + second[:40] + b"\n\xff\n")
    items, (bad,) = read_items(path)
    assert [item["Timestamp"] for item in items] == ["2026-02-20T10:00:00.250000+00:00"]
    assert bad.reason == "no change of state in line 2, 3"
    damaged = path.read_bytes()
    # Fetching brings back what CloudWatch still has.
    assert add_items(path, [kept_item(TO_ALARM), kept_item(TO_OK)]) == (1, [bad])
    assert path.with_name("a.jsonl.corrupt").read_bytes() == damaged
    assert len(read_items(path)[0]) == 2
    assert read_items(path)[1] == []


def test_the_archive_keeps_the_pasts_of_alarms_apart(archive: Archive) -> None:
    """Names that are the same once they are safe, and alarms of other regions."""
    alarms = [
        LiveAlarm.described(
            {**metric_alarm("a.b@c", key(), region=region), "AlarmName": name}, {}, region
        )
        for name, region in [("x/y", HOME), ("x y", HOME), ("x/y", "us-east-1")]
    ]
    for count, alarm in enumerate(alarms):
        assert archive.keep_alarm_history(alarm, [TO_ALARM, TO_OK][:count]) == (count, [])
    assert [len(archive.alarm_history(alarm)[0]) for alarm in alarms] == [0, 1, 2]
    changes, bad = archive.alarm_history(alarms[2])
    assert [change.state for change in changes] == [AlarmState.ALARM, AlarmState.OK]
    assert bad == ()
