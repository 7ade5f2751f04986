"""Expressions that are a series less one number of the range, and what their alarms do.

Of ``m1 - AVG(m1)`` rows without gaps need no laying out: the M-th largest of the differences is the
difference of the M-th largest value, rounded in the same way, since subtraction never changes the
order of values. The same holds where only the newest periods count, as in
``(m1 - AVG(m1)) * (EPOCH(m1) > MAX(EPOCH(m1)) - 900)``, and where that is divided by a threshold
of each period's own.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.metric_math.syntax import (
    Call,
    Node,
    Number,
    Operation,
    Reference,
    parse,
)
from ecs_monitoring.cloudwatch.rule import MissingData
from replay.history import Bools, Floats
from replay.levels import is_rising
from replay.metric_math import NeedsWholeRangeError, evaluate
from replay.signal import SlidingSignal
from replay.windows import (
    ExactNumbers,
    largest_of_newest,
    parts,
    sliding_count,
    sliding_largest,
    sliding_maximum,
    sliding_minimum,
    sliding_rank,
)

_COLUMNS: Final = 64
"""Windows whose ranks are told apart are taken by so many that their columns stay in the cache."""


@dataclass(frozen=True, eq=False)
class Difference:
    """An expression ``series - number``, or ``(series - number) / threshold``.

    Attributes:
        series: a value a period.
        less: the number of each evaluation.
        newest: how many of the newest periods it is of, while the others are 0; ``None`` for all.
        thresholds: what it is divided by in each period, above 0; ``None`` where by nothing.
    """

    series: Floats
    less: Floats
    newest: int | None = None
    thresholds: Floats | None = None

    def ranked(self, definition: AlarmDefinition, frame: SlidingSignal) -> tuple[Floats, Bools]:
        """The highest threshold at which M of the newest N breach, after each evaluation.

        Args:
            definition: the alarm.
            frame: where the evaluations are.

        Returns:
            The thresholds, negated for a falling alarm, and where they hold: where the range
            lacks no value, or where missing ones decide nothing.
        """
        count = len(frame.times)
        reach, periods = definition.evaluation_range, definition.evaluation_periods
        sign = 1 if is_rising(definition.comparison) else -1
        looked_at = sign * self.series[frame.first - (reach - 1) * frame.stride :]
        less = sign * self.less
        every = slice(None, None, frame.every)

        def of_evaluations(column: NDArray[Any]) -> NDArray[Any]:
            return column[every][:count]

        rank, treatment = definition.breaching_datapoints, definition.treat_missing_data
        is_filled = treatment is MissingData.BREACHING
        if self.newest is not None:
            width = min(self.newest, periods)
            if rank > width:
                return np.full(count, np.nan), np.zeros(count, dtype=np.bool_)
            newest = looked_at[(reach - width) * frame.stride :]
            real = ~np.isnan(newest)
            filled = np.where(real, newest, -np.inf)
            if self.thresholds is None:
                best = sliding_largest(filled, rank, width, frame.stride)[-1]
                ranked = of_evaluations(best) - less
            else:
                thresholds = self.thresholds[-len(filled) :]
                ranked = _largest_share(filled, less, thresholds, rank, width, frame)
            # Datapoints that do not count are 0, and so are missing ones; where those are fewer
            # than M, what is below 0 has a rank of its own.
            counted = sliding_count(real, width, frame.stride).astype(np.int64)
            zeros = periods - of_evaluations(counted)
            ranked = np.where(zeros >= rank, np.maximum(ranked, 0.0), ranked)
            is_clear = (zeros == 0) | (zeros >= rank) | (ranked > 0)
            return ranked, is_clear & np.isfinite(ranked) & np.isfinite(less)
        present = sliding_count(~np.isnan(looked_at), reach, frame.stride)
        if rank == 1 and not is_filled and (present < reach).any():
            best, holds = largest_of_newest(looked_at, periods, reach, frame.stride), present > 0
        else:
            newest = looked_at[(reach - periods) * frame.stride :]
            best, holds = sliding_rank(newest, rank, periods, frame.stride), present == reach
        ranked = of_evaluations(best) - less
        return ranked, of_evaluations(holds) & np.isfinite(ranked)


def expressions_of(definition: AlarmDefinition) -> dict[str, str]:
    """An alarm's expressions by their ids."""
    return {q.id: q.source for q in definition.queries if isinstance(q.source, str)}


def _largest_share(
    values: Floats, less: Floats, thresholds: Floats, rank: int, width: int, frame: SlidingSignal
) -> Floats:
    """Of ``(value - less) / threshold`` the value of a rank in the newest periods.

    Args:
        values: from the first evaluation's oldest period on; minus infinity without data.
        less: the number of each evaluation.
        thresholds: like the values.
        rank: 1 for the largest.
        width: how many of the newest periods count.
        frame: where the evaluations are.
    """
    shares = np.empty(len(less))
    for part in parts(len(less), _COLUMNS):
        largest = [np.full(part.stop - part.start, -np.inf) for _ in range(rank)]
        for age in range(width):
            first = (width - 1 - age) * frame.stride + part.start * frame.every
            row = slice(first, first + (part.stop - part.start - 1) * frame.every + 1, frame.every)
            share = (values[row] - less[part]) / thresholds[row]
            for place, so_far in enumerate(largest):
                largest[place] = np.maximum(so_far, share)
                share = np.minimum(so_far, share)
        shares[part] = largest[-1]
    return shares


def difference_of(
    definition: AlarmDefinition, metrics: Mapping[str, SlidingSignal], frame: SlidingSignal
) -> Difference | None:
    """The expression as a series less a number; ``None`` where it is another."""
    tree = parse(expressions_of(definition)[definition.watched])
    slides = _Slides(definition, metrics, frame)
    newest, thresholds = None, None
    try:
        if (share := _parts(tree, "/")) is not None:
            tree, thresholds = share[0], slides.positive(share[1])
        if (product := _parts(tree, "*")) is not None:
            tree, newest = product[0], math.ceil(_newest_seconds(product[1]) / definition.period)
        difference = _parts(tree, "-")
        if difference is None or (newest is None and thresholds is not None):
            return None
        series, less = slides.series(difference[0]), slides.number(difference[1])
    except NeedsWholeRangeError:
        return None
    return Difference(series, less, newest, thresholds)


def _parts(node: Node, operator: str) -> tuple[Node, Node] | None:
    """What an operator stands between; ``None`` of anything else."""
    if isinstance(node, Operation) and node.operator == operator:
        return node.left, node.right
    return None


def _newest_seconds(node: Node) -> float:
    """The seconds of ``EPOCH(x) > MAX(EPOCH(x)) - seconds``."""
    sides = _parts(node, ">")
    since = sides and _parts(sides[1], "-")
    if sides is None or since is None:
        raise NeedsWholeRangeError
    epoch, (highest, seconds) = sides[0], since
    is_epoch = isinstance(epoch, Call) and epoch.function == "EPOCH"
    is_highest = highest == Call("MAX", (epoch,))
    if is_epoch and is_highest and isinstance(seconds, Number) and seconds.value > 0:
        return seconds.value
    raise NeedsWholeRangeError


class _Slides:
    """Numbers of each evaluation's range, from windows that slide over a metric."""

    def __init__(
        self,
        definition: AlarmDefinition,
        metrics: Mapping[str, SlidingSignal],
        frame: SlidingSignal,
    ) -> None:
        self._definition = definition
        self._metrics = metrics
        self._frame = frame
        self._expressions = expressions_of(definition)

    def series(self, node: Node) -> Floats:
        """A metric, or an expression with a value of its own for each period."""
        if not isinstance(node, Reference):
            raise NeedsWholeRangeError
        if node.id in self._metrics:
            return self._metrics[node.id].values
        frame, definition = self._frame, self._definition
        step = definition.period // frame.stride
        newest = frame.times.start - definition.timing.delay - definition.period
        places = np.arange(len(frame.values)) - frame.first
        return evaluate(
            self._expressions,
            {id_: signal.values for id_, signal in self._metrics.items()},
            node.id,
            newest + places * step,
            definition.period,
        )

    def positive(self, node: Node) -> Floats:
        """The same, where it is above 0 in every period."""
        series = self.series(node)
        if not ((series > 0) & np.isfinite(series)).all():
            raise NeedsWholeRangeError
        return series

    def number(self, node: Node) -> Floats:
        """A number an evaluation."""
        if isinstance(node, Reference) and node.id in self._expressions:
            return self.number(parse(self._expressions[node.id]))
        if isinstance(node, Number):
            return np.full(len(self._frame.times), node.value)
        if isinstance(node, Call) and node.function in ("SUM", "AVG", "MAX", "MIN"):
            return self._reduced(node.function, self.series(node.arguments[0]))
        if isinstance(node, Operation) and node.operator in ("+", "-", "*"):
            left, right = self.number(node.left), self.number(node.right)
            by = {"+": np.add, "-": np.subtract, "*": np.multiply}[node.operator]
            with np.errstate(all="ignore"):
                number: Floats = by(left, right)
            return np.where(np.isfinite(number), number, np.nan)
        raise NeedsWholeRangeError

    def _reduced(self, function: str, series: Floats) -> Floats:
        frame, reach = self._frame, self._definition.evaluation_range
        looked_at = series[frame.first - (reach - 1) * frame.stride :]
        real = ~np.isnan(looked_at)
        counts = sliding_count(real, reach, frame.stride)
        if function in ("MAX", "MIN"):
            slide, worst = (
                (sliding_maximum, -np.inf) if function == "MAX" else (sliding_minimum, np.inf)
            )
            numbers = slide(np.where(real, looked_at, worst), reach, frame.stride)
        else:
            numbers = _sums(np.where(real, looked_at, 0.0), reach, frame.stride)
            if function == "AVG":
                numbers = numbers / np.maximum(counts, 1)
        numbers = np.where(counts > 0, numbers, np.nan)
        return numbers[:: frame.every][: len(frame.times)]


def _sums(values: Floats, width: int, stride: int) -> Floats:
    """Correctly rounded sums of windows."""
    result = np.empty(max(len(values) - (width - 1) * stride, 0))
    for phase in range(stride):
        column = values[phase::stride]
        sums, uncertain = ExactNumbers(column).sliding_sum(width)
        for index in uncertain.tolist():
            sums[index] = math.fsum(column[index : index + width].tolist())
        result[phase::stride] = sums
    return result
