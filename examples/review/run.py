"""A review of a made-up quarter: ``make review``.

Writes three months of minutes for some alarms of the example's production stack, with three
incidents in them, and has ``python -m ops review`` look at them. Nothing of it needs an AWS
account.
"""

import csv
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ops.__main__ import main
from stack.config import EXAMPLES, STACKS_VARIABLE

Floats = NDArray[np.float64]

START: Final = int(datetime(2026, 8, 1, tzinfo=UTC).timestamp())
DAYS: Final = 91
MINUTES: Final = DAYS * 1440

# First minute, length in minutes, what it was.
INCIDENTS: Final = (
    (18 * 1440 + 602, 45, "slow queries after the release"),
    (47 * 1440 + 1170, 25, "traffic of a campaign"),
    (80 * 1440 + 310, 70, "a dependency was down"),
)


def usual(low: float, high: float, noise: float, seed: int) -> Floats:
    """Values of a daily cycle between two levels, a third lower on weekends."""
    days = np.arange(MINUTES) / 1440
    cycle = low + (high - low) * (1 - np.cos(2 * np.pi * (days - 0.2))) / 2
    weekend = np.where(days % 7 >= 5, 0.67, 1.0)
    random = np.random.default_rng(seed)
    result: Floats = cycle * weekend * random.lognormal(0, noise, MINUTES)
    return result


def with_incidents(values: Floats, change: Callable[[Floats], Floats]) -> Floats:
    """The values, changed while something was wrong."""
    changed = values.copy()
    for first, length, _ in INCIDENTS:
        changed[first : first + length] = change(values[first : first + length])
    return changed


def histories() -> Iterator[tuple[str, Floats]]:
    """The alarm, or the alarm and one of its metrics, and its values; nan is a minute without."""
    cpu = with_incidents(usual(15, 55, 0.12, 1), lambda v: np.minimum(97, v * 2.2 + 25))
    yield "ecs.cpu-high@web", np.minimum(cpu, 100)
    yield "rds.cpu-high@main", with_incidents(usual(10, 30, 0.15, 2), lambda v: v * 0 + 96)
    yield "rds.connections-high@main", with_incidents(usual(20, 60, 0.1, 3), lambda v: v * 2.5)
    yield "alb.latency-high@main", with_incidents(usual(0.2, 0.5, 0.3, 4), lambda v: v * 9)
    requests = np.round(usual(200, 2000, 0.05, 5))
    yield "alb.target-5xx-rate@main:RequestCount", requests
    # A few errors an hour, and many in incidents; a minute without errors has no datapoint.
    random = np.random.default_rng(6)
    quiet = random.poisson(0.4, MINUTES).astype(np.float64)
    errors = with_incidents(quiet, lambda v: v + 40 + random.poisson(30, len(v)))
    errors[errors == 0] = np.nan
    yield "alb.target-5xx-rate@main:HTTPCode_Target_5XX_Count", errors
    yield "alb.target-5xx@main", errors


def written(folder: Path) -> list[str]:
    """The arguments that hand everything to the review, after it was written into a folder."""
    arguments = []
    for number, (name, values) in enumerate(histories()):
        path = folder / f"{number}.parquet"
        there = np.flatnonzero(~np.isnan(values))
        columns = {"timestamp": START + 60 * there, "value": values[there]}
        pq.write_table(pa.table(columns), path)
        arguments += ["--series", f"{name}={path}"]
    incidents = folder / "incidents.csv"
    with incidents.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("start", "end", "note"))
        for first, length, note in INCIDENTS:
            times = (START + 60 * minute for minute in (first, first + length))
            writer.writerow((*(datetime.fromtimestamp(t, UTC).isoformat() for t in times), note))
    return [*arguments, "--incidents", str(incidents)]


if __name__ == "__main__":
    os.environ[STACKS_VARIABLE] = str(EXAMPLES)
    with tempfile.TemporaryDirectory() as name:
        review = ["review", "prod", "--offline", "--report", "review-example.html"]
        # Findings are what the example is there to show: they are no failure here.
        sys.exit(0 if main([*review, *written(Path(name))]) in (0, 1) else 2)
