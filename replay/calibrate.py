"""How far back CloudWatch looks and how late its data is, from what alarms were recorded to do.

Every pair of an evaluation range and a delay makes a replay go on and off at other minutes. The
pair whose minutes are those that CloudWatch recorded is the likeliest, and how much likelier than
the others says how sure that is.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey
from ecs_monitoring.cloudwatch.evaluation import evaluation_interval
from ecs_monitoring.cloudwatch.timing import Timing
from ecs_monitoring.words import MINUTE
from replay.history import Floats, MetricHistory
from replay.outcome import replay

EXTRA_PERIODS: Final = tuple(range(7))
"""The ranges that are tried: N to N + 6. Public records read as N + 2 to N + 4."""

DELAYS: Final = tuple(range(0, 11 * MINUTE, MINUTE))
"""The delays that are tried, in seconds: ten minutes are twice what was seen in public."""

_PAIRS: Final = tuple((extra, delay) for extra in EXTRA_PERIODS for delay in DELAYS)

FEWEST: Final = 5
"""Transitions below which nothing is said: a choice."""

SURE: Final = 0.9
"""From this probability on an estimate is used: a choice."""

# The chances that a recorded transition is at the evaluation that the right pair says, at the one
# before or after it, or not there at all, and that the replay has one more: choices. Data does not
# always take equally long, and alarms look at it at a second of their own.
_SAME: Final = math.log(0.9)
_BESIDE: Final = math.log(0.06)
_ALONE: Final = math.log(0.02)


@dataclass(frozen=True, kw_only=True)
class Transition:
    """A change of state that CloudWatch recorded.

    Attributes:
        time: seconds since 1970 UTC.
        state: the state from then on.
        decided_on: when the newest of the periods ended that decided, in seconds since 1970 UTC;
            ``None`` where that was not recorded.
    """

    time: int
    state: AlarmState
    decided_on: int | None = None

    def evaluated(self, interval: int) -> int:
        """When the evaluation was due, of those that are so many seconds apart."""
        return self.time // interval * interval


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What is known of one alarm.

    Attributes:
        definition: the alarm.
        histories: of its metrics.
        start: from when on both are known, in seconds since 1970 UTC.
        end: until when.
        before: the state at the start.
        transitions: in the order of time.
        left_out: from when to when somebody set the state, so that it says nothing.
    """

    definition: AlarmDefinition
    histories: Mapping[MetricKey, MetricHistory]
    start: int
    end: int
    before: AlarmState
    transitions: tuple[Transition, ...]
    left_out: tuple[tuple[int, int], ...] = ()

    def counts(self, time: int) -> bool:
        """Whether what happens at a time says anything."""
        inside = self.start <= time <= self.end
        return inside and not any(first <= time <= last for first, last in self.left_out)


@dataclass(frozen=True, kw_only=True)
class Belief:
    """What is believed of one quantity.

    Attributes:
        value: the likeliest.
        probability: of that value.
        lowest: the least of those that together have 95 %.
        highest: the greatest of them.
    """

    value: int
    probability: float
    lowest: int
    highest: int

    @property
    def is_sure(self) -> bool:
        """Whether it is sure enough to be used."""
        return self.probability >= SURE


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What the alarms of one namespace and period say together.

    Attributes:
        extra_periods: of the evaluation range, beyond N.
        delay: of the data, in seconds.
        longest_delay: seconds; the latest that 19 of 20 alarms fired after the periods that they
            fired on, or the delay's highest.
        transitions: how many were compared.
        alarms: of how many alarms.
        agreement: the share of them that the likeliest pair puts at the recorded minute.
        default_agreement: the same of the pair that is taken without any estimate.
    """

    extra_periods: Belief
    delay: Belief
    longest_delay: int
    transitions: int
    alarms: int
    agreement: float
    default_agreement: float


@dataclass(frozen=True)
class _Match:
    likelihood: float
    same: int


@dataclass(frozen=True, eq=False)
class Tried:
    """How well an alarm's replays agree with what was recorded, under each range and delay.

    Attributes:
        recorded: the alarm.
        matches: by extra periods and delay.
        usual: the same of the timing that is taken without any estimate.
    """

    recorded: Recorded
    matches: Mapping[tuple[int, int], _Match]
    usual: _Match

    @property
    def transitions(self) -> int:
        """How many transitions say anything."""
        return sum(self.recorded.counts(t.time) for t in self.recorded.transitions)


def tried(alarm: Recorded) -> Tried:
    """Replay an alarm under each range and delay.

    Raises:
        CannotEvaluateError: a statistic or expression that cannot be evaluated.
    """
    return Tried(
        recorded=alarm,
        matches={pair: _of_alarm(alarm, _timing(*pair)) for pair in _PAIRS},
        usual=_of_alarm(alarm, alarm.definition.timing),
    )


def estimate(alarms: Sequence[Tried]) -> Estimate | None:
    """Estimate range and delay from alarms that share them.

    Args:
        alarms: of one namespace and one period.

    Returns:
        ``None`` where there are too few transitions (``FEWEST``).
    """
    said = sum(alarm.transitions for alarm in alarms)
    if said < FEWEST:
        return None
    likelihoods = np.array(
        [sum(alarm.matches[pair].likelihood for alarm in alarms) for pair in _PAIRS]
    )
    shares = np.exp(likelihoods - likelihoods.max())
    grid = (shares / shares.sum()).reshape(len(EXTRA_PERIODS), len(DELAYS))
    best = _PAIRS[int(np.argmax(likelihoods))]
    delay = _belief(DELAYS, grid.sum(axis=0))
    return Estimate(
        extra_periods=_belief(EXTRA_PERIODS, grid.sum(axis=1)),
        delay=delay,
        longest_delay=max(_longest([alarm.recorded for alarm in alarms]), delay.highest),
        transitions=said,
        alarms=sum(alarm.transitions > 0 for alarm in alarms),
        agreement=sum(alarm.matches[best].same for alarm in alarms) / said,
        default_agreement=sum(alarm.usual.same for alarm in alarms) / said,
    )


def _timing(extra_periods: int, delay: int) -> Timing:
    return Timing(
        extra_periods=extra_periods, delay=delay, longest_delay=delay, source="tried in turn"
    )


def _of_alarm(alarm: Recorded, timing: Timing) -> _Match:
    """How well a replay agrees with the recorded transitions of an alarm."""
    definition = replace(alarm.definition, known_timing=timing)
    outcome = replay(definition, alarm.histories, alarm.start, alarm.end, before=alarm.before)
    interval = evaluation_interval(definition)
    replayed = {(c.time, c.state) for c in outcome.changes if alarm.counts(c.time)}
    recorded = [t for t in alarm.transitions if alarm.counts(t.time)]
    likelihood, same = 0.0, 0
    left = []
    for transition in recorded:
        key = (transition.evaluated(interval), transition.state)
        if key in replayed:
            replayed.remove(key)
            likelihood += _SAME
            same += 1
        else:
            left.append(transition)
    for transition in left:
        due = transition.evaluated(interval)
        beside = [(due + by, transition.state) for by in (-interval, interval)]
        near = next((key for key in beside if key in replayed), None)
        if near is None:
            likelihood += _ALONE
        else:
            replayed.remove(near)
            likelihood += _BESIDE
    return _Match(likelihood + _ALONE * len(replayed), same)


def _belief(values: Sequence[int], shares: Floats) -> Belief:
    order = np.argsort(-shares, kind="stable")
    together = np.cumsum(shares[order])
    inside = order[: int(np.searchsorted(together, 0.95)) + 1]
    chosen = [values[index] for index in inside]
    return Belief(
        value=values[int(order[0])],
        probability=float(shares[order[0]]),
        lowest=min(chosen),
        highest=max(chosen),
    )


def _longest(alarms: Sequence[Recorded]) -> int:
    """How long after its newest deciding period's end an alarm fired, of 19 in 20, in minutes.

    Only periods of a minute: longer ones are over again every minute, so that how old they are
    says nothing.
    """
    ages = [
        t.evaluated(MINUTE) - t.decided_on
        for alarm in alarms
        if alarm.definition.period == MINUTE
        for t in alarm.transitions
        if t.state is AlarmState.ALARM and t.decided_on is not None and alarm.counts(t.time)
    ]
    if not ages:
        return 0
    return max(0, int(np.quantile(ages, 0.95, method="higher")))
