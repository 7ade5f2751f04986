"""What an archive knows: since when, up to when, of whom; and what is written where."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from history.archive import Archive, account_of
from history.atomic import remove_leftovers, write_atomically
from history.day import ArchivedDay, BadFile
from history.inventory import MetricInventory, iso_or_none, take_inventory
from history.past import add_items, kept_item
from history.place import archive_folder, opened_archive
from history.snapshot import write_alarms
from tests.history.recorded import (
    ACCOUNT,
    HOME,
    archived,
    history,
    key,
    metric_alarm,
    same,
    state_update,
)
from tests.times import at

DAY: Final = 86_400
START: Final = at("2026-03-01")
METRIC: Final = archived()


def live(name: str = "cpu", region: str = HOME) -> LiveAlarm:
    raw = metric_alarm("ecs.cpu@web", key(), region=region, AlarmName=name)
    return LiveAlarm.described(raw, AlarmAddress("ecs.cpu@web").tags, region)


def a_day(number: int, **changes: Any) -> ArchivedDay:
    """A day from the first of March on, with a record at its beginning."""
    start = START + number * DAY
    fields: dict[str, Any] = {
        "metric": METRIC,
        "start": start,
        "period": 60,
        "until": start + DAY,
        "asked": start + DAY,
        "records": history((start, 60, float(number))),
        **changes,
    }
    return ArchivedDay(**fields)


def paths(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_where_everything_is(archive: Archive) -> None:
    archive.add(a_day(0))
    archive.keep_alarms(ACCOUNT, HOME, [live()], datetime(2026, 3, 1, tzinfo=UTC))
    archive.keep_pasts_until(ACCOUNT, HOME, "MetricAlarm", START)
    archive.keep_alarm_history(live("a/b"), [])
    place = f"{ACCOUNT}/{HOME}"
    # The hash of a name is the beginning of its SHA-256.
    assert paths(archive.root) == [
        f"alarms/{place}/a_b-c14cddc0.jsonl",
        f"alarms/{place}/deployed.json",
        f"alarms/{place}/pasts.json",
        f"metrics/{METRIC.folder}/2026-03-01.parquet",
    ]


def test_since_when_and_up_to_when_a_metric_is_known(archive: Archive) -> None:
    assert (archive.first_day(METRIC), archive.known_until(METRIC)) == (None, None)
    archive.add(a_day(2, until=START + 2 * DAY + 3600))
    archive.add(a_day(0))
    assert archive.first_day(METRIC) == START
    assert archive.known_until(METRIC) == START + 2 * DAY + 3600
    # What cannot be read is not known; the day before it is.
    (newest,) = archive.root.rglob("2026-03-03.parquet")
    newest.write_bytes(b"")
    assert archive.known_until(METRIC) == START + DAY
    assert archive.metrics() == (METRIC,)
    (first,) = archive.root.rglob("2026-03-01.parquet")
    first.write_bytes(b"")
    assert (archive.first_day(METRIC), archive.known_until(METRIC)) == (START, None)
    assert archive.metrics() == ()


def test_a_day_of_another_metric_is_no_day_of_this_one(archive: Archive) -> None:
    archive.add(a_day(0))
    (path,) = archive.root.rglob("*.parquet")
    other = replace(METRIC, key=key("Other"))
    folder = archive.root / "metrics" / other.folder
    folder.mkdir(parents=True)
    os.replace(path, folder / path.name)
    found, (bad,) = archive.read(other, START, START + DAY)
    assert (len(found), bad.path) == (0, folder / path.name)
    assert "it holds AWS/ECS CPUUtilization (Service=web)" in bad.reason
    assert archive.days(other) == ({}, (bad,))


def test_what_is_read_of_a_time(archive: Archive) -> None:
    for number in range(3):
        archive.add(a_day(number))
    for start, end, totals in (
        (0, DAY, [0]),
        (0, DAY + 1, [0, 1]),
        (1, DAY, []),
        (DAY, 2 * DAY, [1]),
        (2 * DAY, 9 * DAY, [2]),
    ):
        found, bad = archive.read(METRIC, START + start, START + end)
        assert (found.totals.tolist(), bad) == (totals, ())


@pytest.mark.parametrize(
    ("before", "fetched", "expected"),
    [
        # A whole day that is asked for again at a coarser period stays as fine as it was.
        ((60, DAY, DAY), (300, DAY, 9 * DAY), (60, DAY, 9 * DAY)),
        # Not one of which only a part was known.
        ((60, DAY - 60, DAY), (300, DAY, 9 * DAY), (300, DAY, 9 * DAY)),
        ((300, DAY, DAY), (60, DAY, 2 * DAY), (60, DAY, 2 * DAY)),
        ((60, DAY, DAY), (60, DAY, 2 * DAY), (60, DAY, 2 * DAY)),
        # An older answer that comes later takes nothing back.
        ((60, DAY, 3 * DAY), (60, 3600, 3600), (60, DAY, 3 * DAY)),
    ],
)
def test_two_fetches_of_a_day(
    before: tuple[int, int, int],
    fetched: tuple[int, int, int],
    expected: tuple[int, int, int],
    archive: Archive,
) -> None:
    for period, until, asked in (before, fetched):
        archive.add(a_day(0, period=period, until=START + until, asked=START + asked))
    (day,) = archive.days(METRIC)[0].values()
    assert (day.period, day.until - START, day.asked - START) == expected


def test_finer_records_win_up_to_where_a_fetch_ended(archive: Archive) -> None:
    archive.add(a_day(0, records=history((START, 300, 9)), period=300, until=START + 300))
    assert archive.refine(METRIC, START, history((START, 60, 1), (START + 60, 60, 2)))
    (day,) = archive.days(METRIC)[0].values()
    assert same(day.records, history((START, 60, 1), (START + 60, 60, 2)))
    assert (day.period, day.until) == (300, START + 300)


def test_up_to_when_the_changes_of_all_alarms_are_known(archive: Archive) -> None:
    kinds = ("MetricAlarm", "CompositeAlarm")

    def known(region: str = HOME) -> list[int | None]:
        return [archive.pasts_until(ACCOUNT, region, kind) for kind in kinds]

    assert known() == [None, None]
    archive.keep_pasts_until(ACCOUNT, HOME, "MetricAlarm", START)
    archive.keep_pasts_until(ACCOUNT, HOME, "CompositeAlarm", START + 60)
    archive.keep_pasts_until(ACCOUNT, HOME, "MetricAlarm", START + 120)
    assert (known(), known("us-east-1")) == ([START + 120, START + 60], [None, None])
    (path,) = archive.root.rglob("pasts.json")
    for text in ("{", "[]", '{"MetricAlarm": "soon"}', '{"MetricAlarm": null}'):
        path.write_text(text)
        assert known() == [None, None]


def test_alarms_of_all_regions_in_their_order(archive: Archive) -> None:
    taken = datetime(2026, 3, 1, tzinfo=UTC)
    for region in ("us-east-1", HOME):
        archive.keep_alarms(ACCOUNT, region, [live(region=region)], taken)
    assert [alarm.region for alarm in archive.alarms()] == [HOME, "us-east-1"]
    assert account_of(live()) == ACCOUNT


def test_what_people_wrote_can_be_read_in_the_files(tmp_path: Path) -> None:
    named = metric_alarm("ecs.cpu@web", key(), AlarmDescription="注文")
    path = tmp_path / "deployed.json"
    taken = datetime(2026, 3, 1, tzinfo=UTC)
    write_alarms(path, [LiveAlarm.described(named, {"Severity": "warning"}, HOME)], taken)
    text = path.read_text(encoding="utf-8")
    assert '   "AlarmDescription": "注文"' in text
    assert json.loads(text)["taken"] == "2026-03-01T00:00:00+00:00"
    assert json.loads(text)["format"] == 1
    past = tmp_path / "a.jsonl"
    change = state_update("注文", "2026-02-20 10:00", "OK", "ALARM")
    add_items(past, [kept_item(change)])
    assert '"AlarmName": "注文"' in past.read_text(encoding="utf-8")


def test_a_file_of_which_nothing_is_new_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    item = kept_item(state_update("a", "2026-02-20 10:00", "OK", "ALARM"))
    for items in ([], [item]):
        add_items(path, items)
        written = path.stat()
        assert add_items(path, items) == (0, [])
        # A file that is written anew is another one.
        assert path.stat().st_ino == written.st_ino


def test_a_new_file_can_be_read_by_all(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.json"
    write_atomically(path, b"{}")
    assert path.stat().st_mode & 0o777 == 0o644
    assert paths(tmp_path) == ["a/b/c.json"]


def test_leftovers_are_what_is_a_day_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for age, name in ((0, ".writing-a"), (DAY - 1, "x/.writing-b"), (DAY + 1, "x/.writing-c")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
        os.utime(path, (START - age, START - age))
    (tmp_path / "kept").write_bytes(b"")
    os.utime(tmp_path / "kept", (0, 0))
    monkeypatch.setattr("time.time", lambda: float(START))
    remove_leftovers(tmp_path)
    assert paths(tmp_path) == [".writing-a", "kept", "x/.writing-b"]


def test_an_inventory(archive: Archive) -> None:
    records = history((START + 60, 60, 1), (START + 300, 300, 2), (START + 600, 300, 3))
    archive.add(a_day(0, records=records))
    archive.add(a_day(1, records=history()))
    archive.add(a_day(4))
    archive.add(a_day(5))
    (bad,) = archive.root.rglob("2026-03-06.parquet")
    bad.write_bytes(b"")
    found = take_inventory(archive, METRIC, ["b", "a"])
    (file,) = found.bad
    assert file.path == bad
    assert found == MetricInventory(
        metric=METRIC,
        alarms=("a", "b"),
        days=3,
        empty_days=1,
        first=START + 60,
        last=START + 4 * DAY + 60,
        # Twice a minute, and ten minutes in five, of 720 s.
        shares={60: 120 / 720, 300: 600 / 720},
        gaps=((START + 2 * DAY, START + 3 * DAY),),
        bad=(file,),
    )
    assert not found.is_without_data


def test_a_metric_that_never_had_data(archive: Archive) -> None:
    never = MetricInventory(
        metric=METRIC,
        alarms=(),
        days=0,
        empty_days=0,
        first=None,
        last=None,
        shares={},
        gaps=(),
        bad=(),
    )
    assert take_inventory(archive, METRIC) == never
    # Nobody asked for it yet.
    assert not never.is_without_data
    archive.add(a_day(0, records=history()))
    empty = take_inventory(archive, METRIC)
    assert empty == replace(never, days=1, empty_days=1)
    assert empty.is_without_data
    bad = BadFile(path=Path("x"), reason="damaged")
    shown = replace(empty, bad=(bad,), gaps=((START, START + DAY),), shares={60: 1.0})
    assert shown.as_json() == {
        **METRIC.as_json(),
        "alarms": [],
        "days": 1,
        "empty_days": 1,
        "first": None,
        "last": None,
        "shares": {"60": 1.0},
        "gaps": [["2026-03-01", "2026-03-02"]],
        "unreadable": [{"path": "x", "reason": "damaged"}],
    }
    assert (iso_or_none(None), iso_or_none(START)) == (None, "2026-03-01T00:00:00Z")


def test_the_archive_of_a_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MONITORING_STACKS", str(tmp_path))
    folder = tmp_path / ".history" / "prod"
    assert archive_folder("prod") == folder
    assert archive_folder("prod", tmp_path / "x") == tmp_path / "x"
    assert opened_archive("prod", None, "calibrate") is None
    assert capsys.readouterr().err == (
        f"calibrate: there is no archive at {folder}: make one with "
        "python -m ops history fetch prod\n"
    )
    folder.mkdir(parents=True)
    opened = opened_archive("prod", None, "calibrate")
    assert opened is not None
    assert opened.root == folder
    assert capsys.readouterr().err == ""
