"""The archive: what is read back, gaps, damage, several processes at once."""

import os
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from history import atomic
from history.archive import Archive
from history.atomic import write_atomically
from history.day import ArchivedDay
from replay.history import MetricHistory
from tests.history.recorded import archived, history, same
from tests.times import at

DAY = 86_400
START = at("2026-03-01")
METRIC = archived()


def a_day(start: int, records: MetricHistory, **changes: Any) -> ArchivedDay:
    return ArchivedDay(
        **{
            "metric": METRIC,
            "start": start,
            "period": 60,
            "until": start + DAY,
            "asked": start + DAY,
            "records": records,
            **changes,
        }
    )


def only_file(archive: Archive) -> Path:
    (path,) = archive.root.rglob("*.parquet")
    return path


def test_days_are_read_as_one_history(archive: Archive) -> None:
    archive.add(a_day(START + DAY, history((START + DAY, 60, 3))))
    archive.add(a_day(START, history((START, 60, 1), (START + DAY - 60, 60, 2))))
    everything = [(START, 60, 1.0), (START + DAY - 60, 60, 2.0), (START + DAY, 60, 3.0)]
    found, bad = archive.read(METRIC, START, START + 2 * DAY)
    assert same(found, history(*everything))
    assert bad == ()
    # From the start on, and before the end.
    assert same(archive.read(METRIC, START + 1, START + DAY)[0], history(everything[1]))
    assert same(archive.read(METRIC, START, START + DAY + 1)[0], history(*everything))


def test_a_percentile_that_some_days_do_not_have(archive: Archive) -> None:
    archive.add(a_day(START, history((START, 60, 1))))
    later = history((START + DAY, 60, 3), percentiles={"p99": [7]})
    archive.add(a_day(START + DAY, later))
    found, _ = archive.read(METRIC, START, START + 2 * DAY)
    np.testing.assert_array_equal(found.percentiles["p99"], [np.nan, 7])


def test_what_was_never_fetched_is_empty(archive: Archive) -> None:
    found, bad = archive.read(METRIC, START, START + DAY)
    assert (len(found), bad) == (0, ())
    assert archive.days(METRIC) == ({}, ())
    assert archive.metrics() == ()
    assert archive.alarms() == ()


def test_a_day_without_data_is_known_to_have_been_asked_for(archive: Archive) -> None:
    archive.add(a_day(START, history()))
    days, _ = archive.days(METRIC)
    assert list(days) == [START]
    assert len(days[START].records) == 0
    assert archive.metrics() == (METRIC,)


def test_metrics_are_kept_apart(archive: Archive) -> None:
    other = archived(region="us-east-1")
    archive.add(a_day(START, history((START, 60, 1))))
    archive.add(a_day(START, history((START, 60, 2)), metric=other))
    assert archive.read(METRIC, START, START + DAY)[0].totals.tolist() == [1]
    assert archive.read(other, START, START + DAY)[0].totals.tolist() == [2]
    assert set(archive.metrics()) == {METRIC, other}


def test_a_day_that_is_fetched_again_at_a_coarser_period_stays_fine(archive: Archive) -> None:
    archive.add(a_day(START, history((START, 60, 1)), asked=START + DAY))
    coarse = history((START, 300, 1), (START + 300, 300, 2))
    archive.add(a_day(START, coarse, period=300, asked=START + 20 * DAY))
    (day,) = archive.days(METRIC)[0].values()
    assert same(day.records, history((START, 60, 1), (START + 300, 300, 2)))
    assert (day.period, day.asked) == (60, START + 20 * DAY)
    assert day.is_settled


def test_a_day_whose_rest_could_only_be_had_coarser(archive: Archive) -> None:
    """Fetched until noon, and again when its minutes were gone."""
    noon = START + DAY // 2
    archive.add(a_day(START, history((START, 60, 1)), until=noon, asked=noon))
    coarse = history((START, 300, 1), (noon, 300, 2))
    archive.add(a_day(START, coarse, period=300, asked=START + 20 * DAY))
    (day,) = archive.days(METRIC)[0].values()
    assert same(day.records, history((START, 60, 1), (noon, 300, 2)))
    assert (day.period, day.until) == (300, START + DAY)


def test_finer_records_of_a_part_of_a_day(archive: Archive) -> None:
    assert not archive.refine(METRIC, START, history((START, 10, 1)))
    assert not archive.root.exists()
    archive.add(a_day(START, history((START, 60, 6), (START + 60, 60, 7)), until=START + 120))
    assert archive.refine(METRIC, START, history((START + 60, 10, 1)))
    (day,) = archive.days(METRIC)[0].values()
    assert same(day.records, history((START, 60, 6), (START + 60, 10, 1)))
    assert (day.period, day.until) == (60, START + 120)


def test_a_damaged_day_is_a_gap_and_told(archive: Archive) -> None:
    archive.add(a_day(START, history((START, 60, 1))))
    path = only_file(archive)
    archive.add(a_day(START + DAY, history((START + DAY, 60, 2))))
    path.write_bytes(b"not parquet")
    found, (bad,) = archive.read(METRIC, START, START + 2 * DAY)
    assert found.totals.tolist() == [2]
    assert bad.path == path
    assert archive.days(METRIC)[1] == (bad,)
    # Days that nobody asks for are not complained of.
    assert archive.read(METRIC, START + DAY, START + 2 * DAY)[1] == ()
    aside = archive.set_aside(bad)
    assert aside.name == "2026-03-01.parquet.corrupt"
    assert aside.read_bytes() == b"not parquet"
    assert archive.read(METRIC, START, START + 2 * DAY)[1] == ()
    # Another process was quicker.
    assert archive.set_aside(bad) == aside


def test_fetching_a_damaged_day_sets_it_aside(archive: Archive) -> None:
    archive.add(a_day(START, history((START, 60, 1))))
    path = only_file(archive)
    path.write_bytes(b"not parquet")
    archive.add(a_day(START, history((START, 60, 5))))
    assert archive.read(METRIC, START, START + DAY)[0].totals.tolist() == [5]
    assert path.with_name("2026-03-01.parquet.corrupt").exists()


def test_a_write_that_fails_leaves_the_old_file(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.add(a_day(START, history((START, 60, 1))))

    def full(_one: object, _other: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        archive.add(a_day(START, history((START, 60, 2))))
    assert archive.read(METRIC, START, START + DAY)[0].totals.tolist() == [1]
    assert [path.name for path in archive.root.rglob("*") if path.is_file()] == [
        "2026-03-01.parquet"
    ]


def test_what_a_killed_process_left_is_not_read_and_removed_a_day_later(archive: Archive) -> None:
    archive.add(a_day(START, history((START, 60, 1))))
    folder = only_file(archive).parent
    fresh, stale = folder / ".writing-fresh", folder / ".writing-stale"
    for path in (fresh, stale):
        path.write_bytes(b"half a fi")
    yesterday = time.time() - DAY - 60
    os.utime(stale, (yesterday, yesterday))
    assert archive.read(METRIC, START, START + DAY)[1] == ()
    archive.remove_leftovers()
    # Another process may be writing the fresh one at this moment.
    assert fresh.exists()
    assert not stale.exists()


@pytest.mark.slow
def test_two_at_once(archive: Archive) -> None:
    """Whoever reads while others write sees one of the written files, never a part of one."""
    archive.add(a_day(START, history((START, 60, 0))))
    problems: list[object] = []
    done = threading.Event()

    def write(value: float) -> None:
        for _ in range(40):
            archive.add(a_day(START, history((START, 60, value))))

    def read() -> None:
        while not done.is_set():
            found, bad = archive.read(METRIC, START, START + DAY)
            problems.extend(bad)
            if len(found) != 1:
                problems.append(found)

    writers = [threading.Thread(target=write, args=(value,)) for value in (1.0, 2.0)]
    reader = threading.Thread(target=read)
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    assert problems == []
    assert archive.read(METRIC, START, START + DAY)[0].totals[0] in (1, 2)
    assert len(list(archive.root.rglob("*.parquet"))) == 1
    assert list(archive.root.rglob(f"{atomic._PREFIX}*")) == []


def test_a_file_that_is_written_again_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("a: 1\n")
    path.chmod(0o640)
    write_atomically(path, b"a: 2\n")
    assert path.read_text() == "a: 2\n"
    assert path.stat().st_mode & 0o777 == 0o640
