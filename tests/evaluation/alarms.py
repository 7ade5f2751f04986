"""Short ways to write alarms, series and what becomes of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat, Query
from ecs_monitoring.cloudwatch.evaluation import (
    Evaluation,
    Frame,
    MathProgram,
    Series,
    timeline,
)
from ecs_monitoring.cloudwatch.rule import Comparison
from ecs_monitoring.cloudwatch.timing import Timing

KEY: Final = MetricKey(namespace="Shop", name="Orders")
"""The metric of every alarm here that watches one."""

START: Final = 1_732_442_400
"""2024-11-24 10:00:00 UTC."""

OK: Final = AlarmState.OK
ALARM: Final = AlarmState.ALARM
NO_DATA: Final = AlarmState.INSUFFICIENT_DATA


def alarm(statistic: str = "Maximum", **fields: Any) -> AlarmDefinition:
    """An alarm on one metric: Maximum > 10 in 1 of 1 minutes, unless told otherwise."""
    given: dict[str, Any] = {
        "name": "orders",
        "queries": (Query(id="m1", source=MetricStat(metric=KEY, statistic=statistic)),),
        "watched": "m1",
        "period": 60,
        "comparison": Comparison.ABOVE,
        "threshold": 10.0,
        "evaluation_periods": 1,
    }
    return AlarmDefinition(**(given | fields))


def timing(extra_periods: int = 2, delay: int = 0) -> Timing:
    """How far back an alarm looks beyond N, and how many seconds late its data are."""
    return Timing(extra_periods=extra_periods, delay=delay, longest_delay=delay, source="a test")


def minutes(values: Iterable[float | None], start: int = START) -> Series:
    """A value a minute; ``None`` for a minute without data."""
    return Series.of((start + 60 * at, v) for at, v in enumerate(values) if v is not None)


def evaluated(
    definition: AlarmDefinition,
    values: Sequence[float | None],
    *,
    first: int = 1,
    start: int = START,
    state: AlarmState = NO_DATA,
) -> list[Evaluation]:
    """The evaluations at the end of minute ``first`` and of each one after it."""
    series = {KEY: minutes(values, start)}
    until = start + 60 * len(values)
    return list(timeline(definition, series, start + 60 * first, until, state=state))


def states(*args: Any, **options: Any) -> list[AlarmState]:
    """The states of ``evaluated``."""
    return [evaluation.state for evaluation in evaluated(*args, **options)]


def computed(
    expression: str,
    metrics: Mapping[str, Sequence[float | None]],
    *,
    period: int = 60,
    start: int = START,
) -> list[float | None]:
    """The series of an expression, ``e``, over metrics with a value a period."""
    count = max(len(values) for values in metrics.values())
    frame = Frame(tuple(range(start, start + count * period, period)), period)
    program = MathProgram(tuple(metrics), {"e": expression}, "e")
    return list(program.evaluate(frame, metrics))
