"""``ops history show`` and ``firings``: what the archive has, without AWS."""

from datetime import UTC, datetime
from typing import Any

import pytest

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from history.archive import Archive
from history.day import ArchivedDay
from replay.history import MetricHistory
from tests.history.conftest import Run
from tests.history.recorded import ACCOUNT, HOME, archived, history, key, metric_alarm, state_update
from tests.times import at

DAY = 86_400
START = at("2026-03-01")


def live(address: str, name: str = "CPUUtilization") -> LiveAlarm:
    tags = {**AlarmAddress(address).tags, "Severity": "warning"}
    return LiveAlarm.described(metric_alarm(address, key(name)), tags, HOME)


def keep(
    archive: Archive, start: int, records: MetricHistory, name: str = "CPUUtilization"
) -> None:
    archive.add(
        ArchivedDay(
            metric=archived(name),
            start=start,
            period=60,
            until=start + DAY,
            asked=start + 4 * DAY,
            records=records,
        )
    )


@pytest.fixture
def filled(archive: Archive) -> Archive:
    alarms = [live("ecs.cpu@web"), live("ecs.busy@web"), live("ecs.memory@web", "Memory")]
    archive.keep_alarms(ACCOUNT, HOME, alarms, datetime(2026, 3, 9, tzinfo=UTC))
    keep(archive, START, history((START + 60, 60, 1), (START + 300, 300, 2), (START + 600, 300, 3)))
    # The 2nd was never fetched, the 4th and 5th neither.
    keep(archive, START + 2 * DAY, history())
    keep(archive, START + 5 * DAY, history((START + 5 * DAY, 60, 4)))
    keep(archive, START, history(), "Memory")
    keep(archive, START, history((START, 60, 1)), "OfAnAlarmThatIsGone")
    return archive


def test_show(filled: Archive, run: Run) -> None:
    ran = run("show", "--json")
    assert ran.code == 0
    by_name = {one["name"]: one for one in ran.json["metrics"]}
    assert by_name["CPUUtilization"] == {
        **archived().as_json(),
        "alarms": ["ecs.busy@web", "ecs.cpu@web"],
        "days": 3,
        "empty_days": 1,
        "first": "2026-03-01T00:01:00Z",
        "last": "2026-03-06T00:01:00Z",
        # 120 and 600 of 720 seconds.
        "shares": {"60": pytest.approx(1 / 6), "300": pytest.approx(5 / 6)},
        "gaps": [["2026-03-02", "2026-03-02"], ["2026-03-04", "2026-03-05"]],
        "unreadable": [],
    }
    assert by_name["Memory"] == {
        **archived("Memory").as_json(),
        "alarms": ["ecs.memory@web"],
        "days": 1,
        "empty_days": 1,
        "first": None,
        "last": None,
        "shares": {},
        "gaps": [],
        "unreadable": [],
    }
    assert by_name["OfAnAlarmThatIsGone"]["alarms"] == []


def test_show_for_people(filled: Archive, run: Run) -> None:
    ran = run("show")
    (line,) = [line for line in ran.out.splitlines() if "CPUUtilization" in line]
    assert "17% 1 min, 83% 5 min" in line
    assert "2026-03-02, 2026-03-04 to 2026-03-05" in line
    assert "no data in 1 day: AWS/ECS Memory (Service=web)" in ran.out


def test_a_metric_that_was_never_fetched(archive: Archive, run: Run) -> None:
    archive.keep_alarms(ACCOUNT, HOME, [live("ecs.cpu@web")], datetime(2026, 3, 9, tzinfo=UTC))
    ran = run("show", "--json")
    assert ran.code == 0
    (one,) = ran.json["metrics"]
    assert (one["name"], one["days"]) == ("CPUUtilization", 0)
    # That is another thing than to have been asked for in vain.
    assert "no data in" not in run("show").out


def test_files_that_cannot_be_read(filled: Archive, run: Run) -> None:
    path = filled.root / "metrics" / archived().folder / "2026-03-01.parquet"
    path.write_bytes(b"")
    ran = run("show", "--json")
    assert ran.code == 1
    (one,) = [one for one in ran.json["metrics"] if one["unreadable"]]
    assert one["unreadable"][0]["path"] == str(path)
    assert f"cannot be read: {path}: " in run("show").out


@pytest.mark.parametrize("what", ["show", "firings"])
def test_alarms_that_cannot_be_read(what: str, filled: Archive, run: Run) -> None:
    (path,) = filled.root.rglob("deployed.json")
    path.write_text("{")
    ran = run(what)
    assert ran.code == 1
    assert f"history {what}: {path}: not a file of alarms" in ran.err


@pytest.mark.parametrize("what", ["show", "firings"])
def test_no_archive(what: str, archive: Archive, run: Run) -> None:
    ran = run(what)
    assert ran.code == 2
    assert f"there is no archive at {archive.root}" in ran.err
    assert "python -m ops history fetch prod" in ran.err


def items(*states: tuple[str, str], reason: str = "high") -> list[dict[str, Any]]:
    previous = "OK"
    found = []
    for time, state in states:
        found.append(state_update("x", f"2026-02-20 {time}", previous, state, reason))
        previous = state
    return found


def test_firings(filled: Archive, run: Run) -> None:
    cpu, busy, _ = (live(address) for address in ("ecs.cpu@web", "ecs.busy@web", "ecs.x@web"))
    filled.keep_alarm_history(
        cpu,
        items(
            ("10:00", "ALARM"), ("10:07", "INSUFFICIENT_DATA"), ("10:09", "OK"), ("12:00", "ALARM")
        ),
    )
    filled.keep_alarm_history(
        busy, items(("09:00", "ALARM"), ("09:30", "OK"), reason='a "drill",\nnow')
    )
    ran = run("firings")
    assert ran.code == 0
    # What is still on has no end yet.
    assert ran.out.splitlines() == [
        "start,end,note,alarm,real",
        '2026-02-20T09:00:00Z,2026-02-20T09:30:00Z,"a ""drill"", now",ecs.busy@web,',
        "2026-02-20T10:00:00Z,2026-02-20T10:07:00Z,high,ecs.cpu@web,",
    ]


def test_firings_of_a_past_with_damaged_lines(filled: Archive, run: Run) -> None:
    filled.keep_alarm_history(live("ecs.cpu@web"), items(("10:00", "ALARM"), ("10:07", "OK")))
    (path,) = filled.root.rglob("*.jsonl")
    path.write_bytes(path.read_bytes() + b"{\n")
    ran = run("firings")
    assert "no change of state in line 3; these lines are missing" in ran.err
    assert len(ran.out.splitlines()) == 2
