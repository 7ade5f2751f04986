"""How fast alarms are replayed over a year of minutes, and their thresholds weighed.

Run with ``make benchmark``. The floor of a replay is adding: the year shifted and added to itself
(``np.add`` into a given array), once for every minute that a single evaluation looks at, which is
what CloudWatch's own way of looking (N + 2 periods, every minute) would cost at the speed of
memory. Everything is measured in one process and one run, alternately, in CPU time, and given as
ratios to that floor. A replay begins with a history as it is read from a file, of which nothing is
known, and ends with when the alarm was on, as a review reads it. Memory and growth are measured on
a thousand alarms, one metric after another, each with a year of its own. Exits with 1 where a limit
is exceeded.
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from rich.console import Console
from rich.table import Table

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat, Query
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.choices import Wish, curves_of
from replay.curve import Curve
from replay.detectors import DetectorKind, WatchedMetric
from replay.history import Floats, MetricHistory
from replay.outcome import replay
from replay.signal import signal_of
from replay.suggest import suggest
from review.proposing import proposals

RATIO_LIMIT: Final = 3.0
"""Times the floor that a replay may cost."""

RECENT_LIMIT: Final = 6.0
"""Times the floor that a replay of a value against its own hour may cost."""

PROPOSAL_LIMIT: Final = 2.0
"""Seconds for what is suggested for a metric without an alarm, from a year, both directions."""

CURVE_LIMIT: Final = 0.5
"""Seconds for the whole curve of a year: firings at every threshold, for one M and N."""

THOUSAND_LIMIT: Final = 1.0
"""CPU seconds for a thousand alarms, four of each metric, that are OK nearly all of the year.

What the four have in common, where records are far apart and which are the highest and the lowest
of the metric, is found once for all of them, as where a stack's alarm that warns, the one that
pages, and what a review suggests instead of each, read one metric's history.
"""

MEMORY_LIMIT: Final = 2**30
"""Bytes for a thousand alarms."""

GROWTH_LIMIT: Final = 1.3
"""Times the time of the first tenth of a thousand alarms that the last tenth may take."""

YEAR: Final = 365 * 24 * 60
ALARMS: Final = 1000
ROUNDS: Final = 15
_START: Final = 1_735_689_600  # 2025-01-01 00:00:00 UTC
_END: Final = _START + 60 * YEAR
_KEY: Final = MetricKey(namespace="Bench", name="values")


@dataclass(frozen=True)
class TimedAlarm:
    """An alarm, how full its history is, and times the floor that its replay may cost."""

    name: str
    definition: AlarmDefinition
    share: float
    limit: float = RATIO_LIMIT


def main() -> int:
    """Measure, print, and say by the exit code whether the limits hold."""
    console = Console()
    values = _values(0)
    ratios = _ratios(console, values)
    curve = _curve_seconds(values)
    console.print(f"curve of a year, 3 of 5: {curve:.3f} s (limit {CURVE_LIMIT} s)")
    proposal = _proposal_seconds(values)
    console.print(
        f"suggestion for a metric without an alarm, both directions, walked over a year: "
        f"{proposal:.2f} s (limit {PROPOSAL_LIMIT} s)"
    )
    suggestion = _suggestion_seconds(values)
    console.print(
        f"review of an alarm, nine choices of M and N, walked over a year: {suggestion:.2f} s"
    )
    thousand, growth, peak = _thousand()
    console.print(
        f"{ALARMS} alarms over a year, {len(_of_a_metric())} a metric: {thousand:.2f} s (limit "
        f"{THOUSAND_LIMIT:g} s), {peak / 2**20:.0f} MiB at most (limit "
        f"{MEMORY_LIMIT / 2**20:.0f}), last tenth at {growth:.2f} times the first tenth's time "
        f"(limit {GROWTH_LIMIT})"
    )
    return int(
        not all(is_within for _, is_within in ratios)
        or proposal > PROPOSAL_LIMIT
        or curve > CURVE_LIMIT
        or thousand > THOUSAND_LIMIT
        or peak > MEMORY_LIMIT
        or growth > GROWTH_LIMIT
    )


def _ratios(console: Console, values: Floats) -> list[tuple[float, bool]]:
    """The ratio of each case, and whether it is within its limit."""
    table = Table("alarm", "history", "replay, ms", "floor, ms", "passes", "ratio", "limit")
    ratios = []
    for case in _cases():
        history = _history(values, case.share)
        passes = case.definition.lookback // 60

        def ours(case: TimedAlarm = case, history: MetricHistory = history) -> object:
            # As newly read each time, so that nothing is known of it yet.
            read = {_KEY: history.between(_START, _END)}
            return replay(case.definition, read, _START + 3600, _END).bands

        def floor(passes: int = passes) -> None:
            added = np.zeros(len(values) - passes)
            for shift in range(passes):
                np.add(added, values[shift : shift + len(added)], out=added)

        pairs = [(_seconds(ours), _seconds(floor)) for _ in range(ROUNDS)]
        ratio = statistics.median(ours_took / floor_took for ours_took, floor_took in pairs)
        ratios.append((ratio, ratio <= case.limit))
        table.add_row(
            case.name,
            f"{case.share:.0%} of the minutes",
            f"{1000 * statistics.median(ours for ours, _ in pairs):.2f}",
            f"{1000 * statistics.median(floor for _, floor in pairs):.2f}",
            str(passes),
            f"{ratio:.1f}",
            f"{case.limit:g}",
        )
    console.print(table)
    return ratios


def _cases() -> list[TimedAlarm]:
    minutes = _alarm("3 of 5 x 60 s", 60, 3, 5)
    return [
        TimedAlarm(minutes.name, minutes, 1.0),
        TimedAlarm(minutes.name, minutes, 0.95),
        TimedAlarm("15 of 15 x 60 s", _alarm("", 60, 15, 15), 0.95),
        TimedAlarm("1 of 1 x 300 s", _alarm("", 300, 1, 1), 1.0),
        TimedAlarm("1 of 1 x 300 s", _alarm("", 300, 1, 1), 0.95),
        TimedAlarm("8 of 15 x 60 s, half on", replace(_alarm("", 60, 8, 15), threshold=50.0), 0.95),
        TimedAlarm("2 of 3 x 300 s, half on", replace(_alarm("", 300, 2, 3), threshold=50.0), 1.0),
        TimedAlarm("2 of 3 x 300 s, half on", replace(_alarm("", 300, 2, 3), threshold=50.0), 0.95),
        TimedAlarm("m1 - AVG(m1), 1 of 60", _against("m1 - AVG(m1)"), 1.0, RECENT_LIMIT),
        TimedAlarm("m1 - AVG(m1), 1 of 60", _against("m1 - AVG(m1)"), 0.95, RECENT_LIMIT),
        TimedAlarm("as suggested", _suggested(), 0.95, RECENT_LIMIT),
    ]


def _against(expression: str) -> AlarmDefinition:
    """The value against its own hour."""
    queries = (
        Query(id="m1", source=MetricStat(metric=_KEY, statistic="Average")),
        Query(id="e1", source=expression),
    )
    alarm = _alarm("", 60, 1, 60)
    return replace(alarm, queries=queries, watched="e1", threshold=15.0)


def _suggested() -> AlarmDefinition:
    watched = WatchedMetric(metric=_KEY, statistic="Average", period=60)
    return watched.definition(DetectorKind.RECENT, Comparison.AT_LEAST, 15.0)


def _alarm(name: str, period: int, m: int, n: int) -> AlarmDefinition:
    return AlarmDefinition(
        name=name,
        queries=(Query(id="m1", source=MetricStat(metric=_KEY, statistic="Average")),),
        watched="m1",
        period=period,
        comparison=Comparison.ABOVE,
        threshold=62.0,
        evaluation_periods=n,
        datapoints_to_alarm=m,
        treat_missing_data=MissingData.MISSING,
    )


def _values(seed: int) -> Floats:
    """A year of a daily cycle with noise, a value a minute."""
    random = np.random.default_rng(seed)
    cycle = 50 + 5 * np.sin(np.arange(YEAR) * (2 * np.pi / 1440))
    values: Floats = cycle + random.normal(0, 3, YEAR)
    return values


def _history(values: Floats, share: float) -> MetricHistory:
    chosen = np.random.default_rng(1).random(YEAR) < share
    times = _START + 60 * np.arange(YEAR)
    return MetricHistory.of_values(times[chosen], values[chosen])


def _curve_seconds(values: Floats) -> float:
    definition = _alarm("curve", 60, 3, 5)
    histories = {_KEY: _history(values, 0.95)}

    def whole_curve() -> None:
        signal = signal_of(definition, histories, _START + 3600, _END)
        curve = Curve.of(definition, signal)
        thresholds = curve.changes_at()
        curve.firings(thresholds)
        curve.seconds(thresholds)

    return statistics.median(_seconds(whole_curve) for _ in range(5))


def _suggestion_seconds(values: Floats) -> float:
    definition = _alarm("suggestion", 60, 15, 15)
    histories = {_KEY: _history(values, 0.95)}

    def whole() -> None:
        curves = curves_of(definition, histories, _START + 3600, _END)
        suggest(definition, curves, Wish())

    return _seconds(whole)


def _proposal_seconds(values: Floats) -> float:
    history = _history(values, 0.95)
    return _seconds(lambda: proposals(history))


def _of_a_metric() -> tuple[AlarmDefinition, ...]:
    """The alarms of one metric of the thousand; what they watch for comes a few times a year."""
    return (
        replace(_alarm("", 60, 3, 5), threshold=62.0),
        replace(_alarm("", 60, 12, 15), threshold=60.0),
        replace(_alarm("", 300, 1, 1), threshold=62.0),
        replace(_alarm("", 60, 5, 5), comparison=Comparison.BELOW, threshold=40.0),
    )


def _thousand() -> tuple[float, float, int]:
    """CPU seconds of all alarms, the last metrics' over the first ones', and the greatest memory
    in bytes.
    """
    alarms = _of_a_metric()
    seconds = []
    for number in range(ALARMS // len(alarms)):
        histories = {_KEY: _history(_values(number % 10), 0.95)}

        def all_of(histories: dict[MetricKey, MetricHistory] = histories) -> None:
            for definition in alarms:
                replay(definition, histories, _START + 3600, _END)

        seconds.append(_seconds(all_of))
    tenth = len(seconds) // 10
    growth = statistics.median(seconds[-tenth:]) / statistics.median(seconds[:tenth])
    # Linux counts in KiB: https://man7.org/linux/man-pages/man2/getrusage.2.html
    return sum(seconds), growth, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _seconds(work: Callable[[], object]) -> float:
    """CPU seconds of some work, in all threads: other work on the machine does not count."""
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    sys.exit(main())
