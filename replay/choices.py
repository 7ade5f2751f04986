"""What there is to choose from: M and N, and the curve of each; what is asked of a choice."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey
from ecs_monitoring.cloudwatch.evaluation import evaluation_interval
from ecs_monitoring.cloudwatch.units import Unit
from replay.curve import Curve
from replay.history import MetricHistory
from replay.incidents import Incident
from replay.signal import signal_of

MOfN = tuple[int, int]
"""M, the datapoints to alarm, and N, the evaluation periods."""

M_OF_N: Final = ((1, 1), (2, 2), (2, 3), (3, 3), (3, 5), (5, 5), (10, 10), (15, 15))
"""The choices of M and N that are weighed besides the alarm's own.

From "at once" to "fifteen in a row", the longest that any rule of the project has; 2 of 3 and 3 of
5 pass over one and two good datapoints.
"""

LONGEST_LOOK: Final = 1800
"""Seconds that N periods may last in a choice that is not the alarm's own.

Half an hour is a choice: an alarm that takes longer to notice is of little use to whoever is
called.
"""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked of a suggestion.

    Attributes:
        pages_per_month: the page budget: firings in 30 days beyond one for each incident.
        incidents: what was wrong in the history.
        most: the value that the metric cannot go beyond, 100 for percentages; ``None`` where
            there is none. For alarms that watch for low values, the least one.
        unit: of the thresholds, for sentences.
        limit: the threshold that none may tolerate more than; ``None`` where there is none.
        is_whole: whether what is watched is counted in whole numbers, so that thresholds are too.

    Raises:
        ValueError: a page budget that is not above 0.
    """

    pages_per_month: float = 2.0
    incidents: tuple[Incident, ...] = ()
    most: float | None = None
    unit: Unit = Unit.COUNT
    limit: float | None = None
    is_whole: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.pages_per_month < math.inf:
            raise ValueError(
                f"pages_per_month {self.pages_per_month}: write a number above 0, such as 0.5"
            )

    def allows(self, threshold: float, sign: int) -> bool:
        """Whether the metric can go beyond a threshold, and the threshold keeps to the limit.

        Args:
            threshold: in the metric's own unit.
            sign: 1 for alarms that watch for high values, -1 for the others.
        """
        is_reachable = self.most is None or sign * threshold < sign * self.most
        return is_reachable and (self.limit is None or sign * threshold <= sign * self.limit)

    def whole(self, threshold: float, sign: int, *, is_strict: bool) -> float:
        """The whole number that does the same as a threshold, where only those are watched.

        Args:
            threshold: in the metric's own unit.
            sign: 1 for alarms that watch for high values, -1 for the others.
            is_strict: whether a value that equals the threshold does not breach it.
        """
        if not self.is_whole:
            return threshold
        level = sign * threshold
        return sign * float(math.floor(level) if is_strict else math.ceil(level))


def curves_of(
    definition: AlarmDefinition,
    histories: Mapping[MetricKey, MetricHistory],
    start: int,
    end: int,
) -> dict[MOfN, Curve]:
    """The curve of an alarm for its own M and N, which come first, and for those of ``M_OF_N``.

    Args:
        definition: the alarm.
        histories: each metric's history.
        start: seconds since 1970 UTC.
        end: seconds since 1970 UTC.

    Raises:
        CannotEvaluateError: a statistic or expression that cannot be evaluated.
        NeedsWholeRangeError: an expression that has no value of its own for each period.
    """
    own = (definition.breaching_datapoints, definition.evaluation_periods)
    choices = {
        (m, n): replace(definition, datapoints_to_alarm=m, evaluation_periods=n)
        for m, n in (own, *M_OF_N)
        if (m, n) == own or n * definition.period <= LONGEST_LOOK
    }
    interval = evaluation_interval(definition)
    choices = {key: d for key, d in choices.items() if evaluation_interval(d) == interval}
    longest = max(n for _, n in choices)
    signal = signal_of(
        definition, histories, start, end, periods=definition.timing.evaluation_range(longest)
    )
    return {key: Curve.of(choice, signal) for key, choice in choices.items()}
