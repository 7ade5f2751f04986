"""Interrupted, killed, run again and again: no point is lost, and none is there twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from history.archive import Archive
from replay.history import MetricHistory
from tests.history.conftest import Run
from tests.history.recorded import (
    NOW,
    RecordedCloudWatch,
    Samples,
    aggregated,
    archived,
    key,
    metric_alarm,
    same,
    state_update,
)
from tests.times import at

DAY = 86_400
TODAY = at("2026-03-01")
NAMES = ("CPUUtilization", "Latency")
PROJECT_FOLDER = Path(__file__).resolve().parents[2]


def recorded(days: int = 20) -> RecordedCloudWatch:
    """Two metrics with a sample every few minutes, one alarm each, one with a percentile."""
    latency = metric_alarm("alb.slow@web", key("Latency"), Statistic=None, ExtendedStatistic="p90")
    cpu = metric_alarm("ecs.cpu@web", key())
    start = TODAY - days * DAY
    return RecordedCloudWatch(
        alarms=[cpu, latency],
        samples={
            key(name): Samples.every(540 + 60 * n, start, NOW) for n, name in enumerate(NAMES)
        },
        page=20_000,
        pasts={cpu["AlarmName"]: [state_update("x", "2026-02-20 10:00", "OK", "ALARM")] * 3},
    )


def everything(archive: Archive) -> dict[str, MetricHistory]:
    found = {}
    for name in NAMES:
        found[name], bad = archive.read(archived(name), 0, NOW + DAY)
        assert bad == ()
    return found


def test_interrupted_at_every_call(run: Run, tmp_path: Path) -> None:
    """Minutes, 5 minutes and hours of two metrics; of some, between two pages of one call."""
    uninterrupted = recorded(64)
    whole = tmp_path / "whole"
    done = run("fetch", "--days", "64", "--archive", str(whole), cloudwatch=uninterrupted)
    assert done.code == 0
    expected = everything(Archive(whole))
    assert any("NextToken" in request for request in uninterrupted.requests)

    for interrupted_at in range(1, len(uninterrupted.requests) + 1):
        cloudwatch = recorded(64)
        folder = tmp_path / str(interrupted_at)

        def interrupt(number: int, at: int = interrupted_at) -> None:
            if number == at:
                raise KeyboardInterrupt

        cloudwatch.before_call = interrupt
        words = ("--days", "64", "--archive", str(folder))
        stopped = run("fetch", *words, cloudwatch=cloudwatch)
        assert stopped.code == 130
        assert "Interrupted. What was fetched until then is kept" in stopped.out
        settled = {
            path: path.stat().st_mtime_ns
            for path in folder.rglob("*.parquet")
            if path.name < "2026-02-26"
        }
        assert run("fetch", *words, cloudwatch=recorded(64)).code == 0
        found = everything(Archive(folder))
        assert all(same(found[name], expected[name]) for name in NAMES)
        # What was answered was not asked for again, but for the days that are not settled.
        assert all(path.stat().st_mtime_ns == time for path, time in settled.items())
    assert len(settled) > 30


def test_what_is_archived_is_what_was_published(run: Run, archive: Archive) -> None:
    cloudwatch = recorded(20)
    assert run("fetch", "--days", "20", cloudwatch=cloudwatch).code == 0
    boundary = TODAY - 14 * DAY
    for name, found in everything(archive).items():
        samples = cloudwatch.samples[key(name)]
        first = samples.times >= TODAY - 19 * DAY
        old = first & (samples.times < boundary)
        new = (samples.times >= boundary) & (samples.times < at("2026-03-01 10:30"))
        for statistic, column in (
            ("SampleCount", found.counts),
            ("Sum", found.totals),
            ("Minimum", found.minimums),
            ("Maximum", found.maximums),
        ):
            coarse = aggregated(samples.times[old], samples.values[old], 300, statistic)
            fine = aggregated(samples.times[new], samples.values[new], 60, statistic)
            times = np.concatenate([coarse[0], fine[0]])
            np.testing.assert_array_equal(found.times, times)
            np.testing.assert_array_equal(column, np.concatenate([coarse[1], fine[1]]))
        assert set(found.resolutions[found.times < boundary]) == {300}
        assert set(found.resolutions[found.times >= boundary]) == {60}


def test_every_two_weeks_keeps_a_quarter_at_full_resolution(run: Run, archive: Archive) -> None:
    """Seven runs, each two weeks after the other, within the hour; some samples arrive late."""
    start = TODAY - 90 * DAY
    times = np.arange(start, NOW, 60 * 7, dtype=np.int64)
    # Published at once; every 50th two days later.
    arrived = times + np.where(np.arange(len(times)) % 50 == 0, 2 * DAY, 0)
    cloudwatch = recorded()
    cloudwatch.samples = {key(): Samples(times, (times // 60 % 7).astype(float), arrived)}
    for index in range(7):
        cloudwatch.now = NOW - (6 - index) * 14 * DAY + (index % 2) * 3000
        assert run("fetch", "--days", "30", cloudwatch=cloudwatch, now=cloudwatch.now).code == 0
    found, bad = archive.read(archived(), start, TODAY - 3 * DAY)
    assert bad == ()
    begin = NOW - 6 * 14 * DAY - 14 * DAY
    minutes = found.between(begin, TODAY - 3 * DAY)
    expected = times[(times >= begin) & (times < TODAY - 3 * DAY)]
    # A sample that came after its minutes were gone is there as part of 5 minutes.
    fine = minutes.times[minutes.resolutions == 60]
    assert len(fine) >= 0.995 * len(expected)
    assert set(fine.tolist()) <= set(expected.tolist())
    assert minutes.counts.sum() == len(expected)
    assert minutes.totals.sum() == (expected // 60 % 7).sum()


def test_runs_at_any_times_lose_nothing(run: Run, archive: Archive) -> None:
    """Weeks apart, so that the rest of the day of a run is there only coarser, or in hours."""
    start = TODAY - 150 * DAY
    times = np.arange(start, NOW, 60 * 11, dtype=np.int64)
    cloudwatch = recorded()
    cloudwatch.samples = {key(): Samples(times, np.ones(len(times)), times)}
    for days, minutes in [(148, 0), (131, 47), (130, 3), (62, 31), (61, 0), (16, 59), (0, 0)]:
        cloudwatch.now = NOW - days * DAY + minutes * 60
        assert run("fetch", "--days", "90", cloudwatch=cloudwatch, now=cloudwatch.now).code == 0
        found, _ = archive.read(archived(), start, cloudwatch.now)
        until = cloudwatch.now // 60 * 60
        assert found.counts.sum() == np.sum(times < until)
        ends = found.times + found.resolutions
        assert np.all(ends[:-1] <= found.times[1:])
    assert {60, 300, 3600} == set(found.resolutions.tolist())


def test_run_again_at_once_asks_only_for_what_is_not_settled(run: Run, archive: Archive) -> None:
    assert run("fetch", "--days", "455", cloudwatch=recorded()).code == 0
    again = recorded()
    files = {path: path.stat().st_mtime_ns for path in archive.root.rglob("*.parquet")}
    assert run("fetch", "--days", "455", cloudwatch=again).code == 0
    # Today and three days before: nobody knows yet whether late samples come.
    starts = {request["StartTime"].isoformat() for request in again.requests}
    assert starts == {"2026-02-26T00:00:00+00:00"}
    written = {path.name for path, time in files.items() if path.stat().st_mtime_ns != time}
    assert written == {
        f"{day}.parquet" for day in ("2026-02-26", "2026-02-27", "2026-02-28", "2026-03-01")
    }


def test_seconds_are_kept_as_seconds(run: Run, archive: Archive) -> None:
    times = np.arange(NOW - DAY, NOW, 10, dtype=np.int64)
    cloudwatch = RecordedCloudWatch(
        alarms=[metric_alarm("ecs.burst@web", key(), Period=10)],
        samples={key(): Samples(times, np.ones(len(times)), times)},
    )
    assert run("fetch", "--days", "2", cloudwatch=cloudwatch).code == 0
    cloudwatch.now = NOW + 3600
    assert run("fetch", "--days", "2", cloudwatch=cloudwatch, now=NOW + 3600).code == 0
    found, bad = archive.read(archived(), 0, NOW + DAY)
    assert bad == ()
    assert found.counts.sum() == len(times)
    seconds = found.times[found.resolutions == 10]
    assert seconds[0] == at("2026-03-01 08:30")
    assert seconds[-1] == times[-1]
    assert set(np.diff(seconds)) == {10}


KILLED = """
import os, signal, sys
from tests.history import recorded, test_resume
from history import atomic
from ops.history import command, fetching
import argparse

left = int(sys.argv[2])
replace = os.replace

def killed(source, target):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    replace(source, target)

atomic.os.replace = killed
parser = argparse.ArgumentParser()
command.add_arguments(parser)
arguments = parser.parse_args(["fetch", "prod", "--days", "20", "--archive", sys.argv[1]])
account = recorded.RecordedAccount({recorded.HOME: test_resume.recorded()})
fetching.run(arguments, opened=lambda *_: account, clock=lambda: recorded.NOW)
"""


@pytest.mark.parametrize("files", [1, 12, 30])
def test_killed_while_it_writes(files: int, run: Run, archive: Archive, tmp_path: Path) -> None:
    """As with kill -9, in the moment before a file takes its name."""
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(archive.root), str(files)],
        cwd=PROJECT_FOLDER,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(list(archive.root.rglob(".writing-*"))) == 1
    assert run("fetch", "--days", "20", cloudwatch=recorded()).code == 0
    whole = Archive(tmp_path / "whole")
    run("fetch", "--days", "20", "--archive", str(whole.root), cloudwatch=recorded())
    found, expected = everything(archive), everything(whole)
    assert all(same(found[name], expected[name]) for name in NAMES)
