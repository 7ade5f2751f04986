"""A metric alarm over its metrics' values."""

from collections.abc import Mapping, Sequence
from typing import Final

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import (
    Series,
    evaluation_interval,
    summary,
    timeline,
)
from ecs_monitoring.words import iso
from history.evaluate.datapoints import Given
from history.evaluate.outcome import EvaluateError, Replay

_MOST: Final = 3_000_000
"""Evaluations at a time, more than five years of minutes; a choice, against typing errors."""


def stretch_of(
    definitions: Sequence[AlarmDefinition],
    given: Sequence[Given],
    start: int | None,
    end: int | None,
) -> tuple[int, int]:
    """From when to when is evaluated, in seconds since 1970 UTC.

    Args:
        definitions: of the alarms.
        given: the rows.
        start: by default N periods after the first row, so that no evaluation has to guess what
            was before it, or at once where the history is shorter than that.
        end: by default when the last row's minute (or shorter period) is over and has arrived.
    """
    first, last = min(row.time for row in given), max(row.time for row in given)
    shortest = min((definition.period for definition in definitions), default=60)
    longest = max((d.period * d.evaluation_periods for d in definitions), default=0)
    delay = max((definition.timing.delay for definition in definitions), default=0)
    stop = last + min(shortest, 60) + delay if end is None else end
    if start is None:
        start = first + longest if first + longest <= stop else first + 1
    return start, stop


def replay_metric(
    definition: AlarmDefinition,
    series: Mapping[MetricKey, Series],
    stretch: tuple[int, int],
    *,
    created: int | None = None,
) -> Replay:
    """Evaluate an alarm.

    Args:
        definition: the alarm.
        series: each metric's values.
        stretch: from when to when.
        created: when the alarm was made, for its warm-up; ``None`` where that was long ago.

    Raises:
        EvaluateError: the alarm cannot be evaluated, or never is in that time.
    """
    interval = evaluation_interval(definition)
    begin, end = stretch
    if (end - begin) // interval > _MOST:
        raise EvaluateError(
            f"from {iso(begin)} to {iso(end)} there are {(end - begin) // interval:,} evaluations: "
            "write --start and --end, and look whether a row has a wrong time"
        )
    try:
        course = summary(timeline(definition, series, begin, end, created=created))
    except CannotEvaluateError as error:
        raise EvaluateError(f"alarm {definition.name}: {error}") from None
    if course is None:
        raise EvaluateError(
            f"the alarm is evaluated every {interval} s, and never from {iso(begin)} to "
            f"{iso(end)}: write a longer history, or --start and --end"
        )
    return Replay(
        name=definition.name,
        changes=course.changes,
        first=course.first,
        last=course.last,
        evaluations=course.evaluations,
        seconds_in_alarm=course.seconds_in_alarm,
        state=course.state,
        without_values=tuple(key.name for key in definition.metrics if key not in series),
        notes=tuple(_notes(definition, created)),
    )


def _notes(definition: AlarmDefinition, created: int | None) -> list[str]:
    timing = definition.timing
    late = (timing.longest_delay - timing.delay) // 60
    notes = [
        f"{definition.name}: looks at {definition.evaluation_range} datapoints of "
        f"{definition.period} s"
        + (f", {timing.delay} s late" if timing.delay else "")
        + (f"; the data may be up to {late} min later than that" if late else "")
    ]
    if definition.warm_up is not None and created is None:
        minutes = definition.warm_up.seconds // 60
        notes.append(
            f"{definition.name}: counts as older than its warm-up of {minutes} min; write "
            "--created TIME to see it begin"
        )
    return notes
