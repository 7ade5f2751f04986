"""An alarm over time: when it is evaluated, on what, and which state follows.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, Final

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat
from ecs_monitoring.cloudwatch.evaluation import reason
from ecs_monitoring.cloudwatch.evaluation.decision import (
    Basis,
    Decision,
    decide,
)
from ecs_monitoring.cloudwatch.evaluation.series import Series
from ecs_monitoring.cloudwatch.evaluation.signal import Datapoint, periods_of, signal_of
from ecs_monitoring.cloudwatch.evaluation.statistics import has_few_samples, percentile_of
from ecs_monitoring.cloudwatch.rule import LowSamples

_SHORT_INTERVAL: Final = 10
_INTERVAL: Final = 60
_LONG_INTERVAL: Final = 3600


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One evaluation of an alarm.

    Attributes:
        definition: the alarm.
        time: when, in seconds since 1970 UTC.
        datapoints: the evaluation range, oldest first; ``None`` where there is no data. The
            newest period ends at that time, or earlier where data is late.
        decision: the state and what it rests on.
        previous: the state before.
    """

    definition: AlarmDefinition
    time: int
    datapoints: tuple[Datapoint | None, ...]
    decision: Decision
    previous: AlarmState

    @property
    def moment(self) -> datetime:
        """The time in UTC."""
        return datetime.fromtimestamp(self.time, UTC)

    @property
    def state(self) -> AlarmState:
        """The state from now on."""
        return self.decision.state

    @property
    def changed(self) -> bool:
        """Whether the state is another than before: what carries out actions."""
        return self.state != self.previous

    @property
    def value(self) -> float | None:
        """The value of the newest period; ``None`` without data."""
        newest = self.datapoints[-1]
        return None if newest is None else newest.value

    @property
    def reason(self) -> str:
        """Why the alarm is in this state, in CloudWatch's words (``StateReason``)."""
        return reason.text(self.definition, self.datapoints, self.decision)

    @property
    def reason_data(self) -> dict[str, Any]:
        """The same for programs (``StateReasonData``)."""
        starts = tuple(start for start, _ in periods_of(self.definition, self.time))
        return reason.data(self.definition, self.time, self.datapoints, self.decision, starts)


def evaluation_interval(definition: AlarmDefinition) -> int:
    """Seconds from one evaluation to the next.

    AWS: "For any period of one minute or longer, an alarm is evaluated every minute", with "10
    seconds, 20 seconds, or 30 seconds [...] every 10 seconds", and "if the number of evaluation
    periods multiplied by the length of each evaluation period exceeds one day [...] once per
    hour".
    """
    if definition.period * definition.evaluation_periods > limits.EVALUATION_WINDOW:
        return _LONG_INTERVAL
    is_short = definition.period in limits.HIGH_RESOLUTION_PERIODS
    return _SHORT_INTERVAL if is_short else _INTERVAL


def timeline(
    definition: AlarmDefinition,
    series: Mapping[MetricKey, Series],
    start: int,
    end: int,
    *,
    state: AlarmState = AlarmState.INSUFFICIENT_DATA,
    created: int | None = None,
) -> Iterator[Evaluation]:
    """Every evaluation from ``start`` to ``end``, both included, in order.

    Evaluations are at whole intervals (see ``evaluation_interval``): full minutes, for most
    alarms. Each looks at the periods that end there, which for periods of more than a minute
    overlap with those of the evaluation before: the window slides. "At the end of minute 5 the
    alarm evaluates based on data from minutes 1 to 5. Then at the end of minute 6, [...] from
    minutes 2 to 6." Multi-day alarms take into account "only the metrics up to the current
    hour at the :00 minute". Where data is late (``AlarmDefinition.timing``), an evaluation sees
    only what was measured up to that long before it: the periods of which nothing can have
    arrived are passed over, and the newest of the others may be incomplete. Samples before
    ``start`` are looked at where the evaluation range reaches back to them.

    Args:
        definition: the alarm.
        series: each metric's samples; a metric that is absent has no data.
        start: seconds since 1970 UTC.
        end: seconds since 1970 UTC.
        state: the state before the first evaluation.
        created: when the alarm was made, for its warm-up; ``None`` where that was long ago.

    Raises:
        CannotEvaluateError: at once, a statistic or expression that cannot be evaluated; later,
            an expression whose operands or result are of a wrong type.
    """
    judge = _Judge(definition, series, created)
    return _evaluations(definition, judge, start, end, state)


def _evaluations(
    definition: AlarmDefinition, judge: "_Judge", start: int, end: int, state: AlarmState
) -> Iterator[Evaluation]:
    interval = evaluation_interval(definition)
    for time in range(-(-start // interval) * interval, end + 1, interval):
        datapoints, decision = judge.at(time, state)
        yield Evaluation(definition, time, datapoints, decision, state)
        state = decision.state


class _Judge:
    """Decides at any time, given the state so far."""

    def __init__(
        self,
        definition: AlarmDefinition,
        series: Mapping[MetricKey, Series],
        created: int | None,
    ) -> None:
        self._definition = definition
        self._warm_until: int | None = None
        if created is not None and definition.warm_up is not None:
            self._warm_until = created + definition.warm_up.seconds
        self._signal = signal_of(definition, series)
        self._percentile: Fraction | None = None
        if definition.low_samples is LowSamples.IGNORE and isinstance(
            definition.signal, MetricStat
        ):
            self._percentile = percentile_of(definition.signal.statistic)

    def at(self, time: int, state: AlarmState) -> tuple[tuple[Datapoint | None, ...], Decision]:
        datapoints = self._signal.datapoints(periods_of(self._definition, time))
        breaches = self._definition.breaches
        decision = decide(
            [None if point is None else breaches(point.value) for point in datapoints],
            evaluation_periods=self._definition.evaluation_periods,
            datapoints_to_alarm=self._definition.datapoints_to_alarm,
            treat_missing_data=self._definition.treat_missing_data,
            previous=state,
        )
        if self._is_warming_up(time, datapoints):
            warming = AlarmState.INSUFFICIENT_DATA
            return datapoints, replace(decision, state=warming, basis=Basis.WARM_UP)
        if self._percentile is not None and self._has_few(datapoints, decision):
            decision = replace(decision, state=state, basis=Basis.FEW_SAMPLES)
        return datapoints, decision

    def _is_warming_up(self, time: int, datapoints: tuple[Datapoint | None, ...]) -> bool:
        """Whether the alarm is new and waits; once it does no longer, it never does again."""
        if self._warm_until is None:
            return False
        warm_up = self._definition.warm_up
        newest = datapoints[-self._definition.evaluation_periods :]
        is_filled = warm_up is not None and not warm_up.is_whole and None not in newest
        if time >= self._warm_until or is_filled:
            self._warm_until = None
        return self._warm_until is not None

    def _has_few(self, datapoints: tuple[Datapoint | None, ...], decision: Decision) -> bool:
        """Whether any datapoint that is looked at has too few samples.

        Choice: AWS says that "the alarm state does not change during periods with too few data
        points", not whether one such period among N is enough. It is: else a meaningless
        percentile would be among those that change the state.
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        """
        assert self._percentile is not None
        looked_at = (datapoints[index] for index in decision.used)
        return any(
            point is not None and has_few_samples(self._percentile, point.samples or 0)
            for point in looked_at
        )
