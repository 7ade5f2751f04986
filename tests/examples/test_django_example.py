"""The example Django project, run as ``make example`` does."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def test_the_metrics_arrive_and_the_alarm_fires() -> None:
    finished = subprocess.run(
        [sys.executable, "examples/django/run.py"],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    rows = [line.split() for line in finished.stdout.splitlines()]
    sums = {(row[0], row[1]): row[-1] for row in rows if len(row) >= 4}
    # Twelve requests for the broken view, eight checkouts, one for nothing, and 64 in all; 35 of
    # the 40 products are in the cache after the first request for each of the five.
    assert sums["StatusCode_5xx", "Service=shop"] == "12"
    assert sums["StatusCode_4xx", "Service=shop"] == "1"
    assert sums["Requests", "Service=shop"] == "64"
    assert sums["CacheHits", "Service=shop"] == "35"
    assert sums["Actions", "Service=shop"] == "8"
    assert "greater than or equal to the threshold (5.0)" in finished.stdout
    parts = finished.stdout.split("\n\n")
    # Errors; requests that hang; clients that hang up, which is nobody's fault; tasks that fail.
    assert [part.count("The alarm fired.") for part in parts] == [1, 2, 0, 1]
    assert "Disconnects: 8\nStatusCode_5xx: 0" in parts[2]
    assert parts[2].endswith("The alarm did not fire.")
    assert "Tasks: 18\nTaskFailures: 6" in parts[3]
