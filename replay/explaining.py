"""Sentences about what is suggested for a metric without an alarm."""

from ecs_monitoring.cloudwatch.by_hour import in_words
from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.recent import LASTING
from ecs_monitoring.cloudwatch.units import Unit, format_quantity
from ecs_monitoring.words import MINUTE, counted
from replay.adaptive_alarm import DailyThreshold
from replay.by_hour import table_of
from replay.detectors import DetectorKind
from replay.suggestion import FEWEST_DAYS, Validation

_DIGITS = 4


def why(
    kind: DetectorKind,
    definition: AlarmDefinition,
    threshold: DailyThreshold,
    sign: int,
    unit: Unit,
) -> str:
    """What an alarm fires for.

    Args:
        kind: what it holds the value against.
        definition: the alarm.
        threshold: of it.
        sign: 1 for high values, -1 for low ones.
        unit: of the values.
    """
    held = definition.evaluation_periods * definition.period // MINUTE
    if kind is DetectorKind.LEVEL:
        farthest = "highest" if sign > 0 else "lowest"
        return (
            f"{definition.comparison.sign} {_quantity(definition.threshold, unit)}, held for "
            f"{held} minutes: the {farthest} value of a usual day is "
            f"{_quantity(sign * threshold.usual.day, unit)}"
        )
    minutes = definition.evaluation_range * definition.period // MINUTE
    lasting = max(LASTING, definition.period) // MINUTE
    side = "above" if sign > 0 else "below"
    start = f"{_distance(threshold, definition, unit)} or more {side} the mean of its own last "
    start += f"{minutes} minutes, for {lasting} of them: "
    if threshold.differs:
        return start + "farther than it usually goes at that hour"
    return start + f"the farthest of a usual day is {_quantity(threshold.usual.day, unit)}"


def _distance(threshold: DailyThreshold, definition: AlarmDefinition, unit: Unit) -> str:
    """How far from the mean the alarm fires."""
    if not threshold.differs:
        return _quantity(abs(definition.threshold), unit)
    return in_words(table_of(threshold.levels), lambda value: _quantity(value, unit))


def too_short(days: float) -> str:
    """That a history of so many days is too short."""
    return (
        f"{days:.1f} days of history, and a suggestion needs {FEWEST_DAYS}, so that every "
        "day of the week has been seen twice"
    )


def why_none(end: float | None, sign: int, unit: Unit) -> str:
    """Why nothing is suggested.

    Args:
        end: the farthest that the metric can go; ``None`` where there is no end.
        sign: 1 for high values, -1 for low ones.
        unit: of the values.
    """
    limit = ""
    if end is not None:
        where = "below" if sign > 0 else "above"
        limit = f" {where} {format_quantity(end, unit)}, the end of what it can be,"
    return f"no threshold{limit} is beyond what is usual and pages less than once a day"


def expected(walk: Validation | None) -> tuple[str, ...]:
    """What to expect, by the walk forward."""
    if walk is None or (most := walk.most_pages_per_month) is None:
        return ()
    days = counted(round(walk.months * 30), "day")
    text = (
        f"what to expect, from {days} that the thresholds had not seen: "
        f"{walk.pages_per_month:.1f} pages a month, at most {most:.1f} at 95 %"
    )
    if walk.incidents:
        text += f"; {walk.caught} of {walk.incidents} incidents caught"
    return (text,)


def _quantity(value: float, unit: Unit) -> str:
    return format_quantity(float(f"{value:.{_DIGITS}g}"), unit)
