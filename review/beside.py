"""The alarm on the recent past beside a reviewed one: where it would help, and how far is sudden.

An incident within the range of earlier values is seen by no threshold on the value itself; held
against its own recent past it may stand out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat
from ecs_monitoring.cloudwatch.recent import is_filled
from ecs_monitoring.cloudwatch.units import Unit
from replay.bounds import Bounds
from replay.budget import allowed_firings
from replay.choices import Wish
from replay.detectors import WatchedMetric
from replay.explaining import expected
from replay.history import MetricHistory
from replay.incidents import Incident, during
from replay.levels import is_rising
from replay.outcome import Outcome, replay
from replay.proposal import propose
from replay.suggestion import Suggestion, ThresholdVerdict, Validation


@dataclass(frozen=True, kw_only=True)
class Beside:
    """An alarm to set beside another.

    Attributes:
        suggestion: the alarm on the recent past, walked forward.
        missed: incidents in the judged days that the reviewed alarm missed.
    """

    suggestion: Suggestion
    missed: int

    @property
    def sentence(self) -> str:
        """What is said of it."""
        walk = self.suggestion.validation
        assert walk is not None
        return (
            f"beside it, an alarm on its recent past would have caught {walk.caught} of "
            f"{walk.incidents} incidents, of which this one missed {self.missed}, with "
            f"{walk.pages_per_month:.1f} pages a month on days that it was not learnt from: "
            f"{self.suggestion.alarms[0].why}"
        )


def beside(
    definition: AlarmDefinition,
    history: MetricHistory | None,
    outcomes: Sequence[Outcome],
    unit: Unit,
    wish: Wish,
) -> Beside | None:
    """An alarm on a metric's recent past; ``None`` where it would catch no more incidents, or page
    for nothing beyond its budget.

    Args:
        definition: the reviewed alarm.
        history: of its metric.
        outcomes: what the alarm would have done, and one on its recent past that is there already.
        unit: of the values.
        wish: what is asked, with the incidents.

    Raises:
        CannotEvaluateError: a statistic that cannot be evaluated.
    """
    stat, outcome = definition.signal, outcomes[0]
    if not isinstance(stat, MetricStat) or not history:
        return None
    if not _missed(definition, outcomes, wish.incidents):
        return None
    suggestion = _walked(definition, stat, history, outcome, unit, wish)
    if suggestion is None:
        return None
    walk = suggestion.validation
    if suggestion.verdict is not ThresholdVerdict.CHANGE or walk is None:
        return None
    needless = len(walk.firings) - walk.true_firings
    # What pages for nothing beyond its budget is no help, whatever it catches.
    if needless > allowed_firings(wish.pages_per_month, walk.months):
        return None
    judged = during(wish.incidents, walk.start, walk.end)
    missed = _missed(definition, outcomes, judged)
    caught = walk.incidents - missed
    return Beside(suggestion=suggestion, missed=missed) if walk.caught > caught else None


def retuned(
    definition: AlarmDefinition,
    outcome: Outcome,
    base: AlarmDefinition,
    history: MetricHistory | None,
    unit: Unit,
    wish: Wish,
) -> Suggestion | None:
    """Whether an alarm on the recent past has the right distance; ``None`` where nothing tells.

    Another one is suggested where the walk caught as many incidents as the alarm did on the same
    days, and more of them or with fewer needless firings, where the alarm's are beyond its budget.

    Args:
        definition: the alarm.
        outcome: what it would have done.
        base: the alarm that it stands beside.
        history: of the metric of both.
        unit: of the values.
        wish: what is asked, with the incidents.

    Raises:
        CannotEvaluateError: a statistic that cannot be evaluated.
    """
    if not isinstance(base.signal, MetricStat) or not history:
        return None
    wanted = _walked(base, base.signal, history, outcome, unit, wish)
    if wanted is None:
        return None
    own = _as_it_is(wanted, definition)
    walk = wanted.validation
    if wanted.verdict is not ThresholdVerdict.CHANGE or walk is None or not walk.months:
        return own
    there = TrackRecord.of(definition, outcome.bands, wish.incidents, walk.start, walk.end)
    walked = TrackRecord.of(definition, walk.bands, wish.incidents, walk.start, walk.end)
    walk = _unsuppressed(walk, walked)
    allowed = allowed_firings(wish.pages_per_month, walk.months)
    is_less = there.needless > max(walked.needless, allowed)
    is_more = walked.caught > there.caught and walked.needless <= allowed
    did = f"on {walk.months * 30:.0f} days it would have {there.words}"
    instead = f"with distances chosen day by day it would have {walked.words}"
    if walked.caught < there.caught or not (is_less or is_more):
        why = f"it keeps to its budget: {did}" if there.needless <= allowed else f"{did}; {instead}"
        return replace(own, verdict=ThresholdVerdict.KEEP, reasons=(why,))
    # And no known incident is lost, those before the walk included.
    alarm = wanted.alarms[0].definition
    histories = {base.signal.metric: history}
    then = replay(alarm, histories, outcome.start, outcome.end, before=AlarmState.OK)
    before, after = (
        TrackRecord.of(definition, of_it.bands, wish.incidents, outcome.start, outcome.end)
        for of_it in (outcome, then)
    )
    if after.caught < before.caught:
        why = f"{did}; the suggested distance would have {after.words}, {before.caught} now"
        return replace(own, verdict=ThresholdVerdict.KEEP, reasons=(why,))
    return replace(
        wanted,
        reasons=(f"{did}; {instead}", wanted.alarms[0].why, *expected(walk)),
        validation=walk,
        most_pages_per_month=walk.most_pages_per_month,
    )


def _as_it_is(wanted: Suggestion, definition: AlarmDefinition) -> Suggestion:
    """An alarm as it is, in place of what is suggested."""
    return replace(
        wanted,
        threshold=definition.threshold,
        datapoints_to_alarm=definition.breaching_datapoints,
        evaluation_periods=definition.evaluation_periods,
        options=(),
        validation=None,
        most_pages_per_month=None,
        alarms=(),
    )


def _unsuppressed(walk: Validation, walked: "TrackRecord") -> Validation:
    """A walk of all that the alarm did, since nothing suppresses the alarm of an override."""
    return replace(
        walk,
        firings=tuple(start for start, _ in walk.bands),
        true_firings=len(walk.bands) - walked.needless,
        caught=walked.caught,
        incidents=walked.incidents,
    )


@dataclass(frozen=True, kw_only=True)
class TrackRecord:
    """What an alarm did for the incidents of some time.

    Attributes:
        needless: firings in none of them.
        caught: how many of them it was on in.
        incidents: how many there were.
    """

    needless: int
    caught: int
    incidents: int

    @classmethod
    def of(
        cls,
        definition: AlarmDefinition,
        bands: Sequence[tuple[int, int]],
        incidents: Sequence[Incident],
        start: int,
        end: int,
    ) -> "TrackRecord":
        """What an alarm did in some time, in seconds since 1970 UTC, from when it was on."""
        judged = during(incidents, start, end)
        begun = [band for band in bands if start <= band[0] <= end]
        return cls(
            needless=sum(not any(_is_in(band, i, definition) for i in judged) for band in begun),
            caught=sum(any(_is_in(band, i, definition) for band in bands) for i in judged),
            incidents=len(judged),
        )

    @property
    def words(self) -> str:
        """For a sentence: ``fired 3 times for nothing and caught 4 of 5 incidents``."""
        fired = f"fired {self.needless:,} times for nothing"
        if not self.incidents:
            return fired
        return f"{fired} and caught {self.caught} of {self.incidents} incidents"


def _walked(
    base: AlarmDefinition,
    stat: MetricStat,
    history: MetricHistory,
    outcome: Outcome,
    unit: Unit,
    wish: Wish,
) -> Suggestion | None:
    """What is suggested on the recent past beside an alarm; ``None`` where there can be none, or
    the time of an outcome is too short.
    """
    watched = WatchedMetric(
        metric=stat.metric,
        statistic=stat.statistic,
        period=base.period,
        is_sparse=is_filled(stat.statistic, base.treat_missing_data),
        has_level=False,
    )
    is_short = outcome.end - outcome.start < 2 * watched.echo
    if base.wall_clock is not None or not watched.kinds or is_short:
        return None
    bounds = Bounds.of(history, stat.statistic, unit)
    start = outcome.start + watched.echo
    by_direction = propose(watched, history, bounds, wish, start, outcome.end)
    return by_direction["high" if is_rising(base.comparison) else "low"]


def _missed(
    definition: AlarmDefinition, outcomes: Sequence[Outcome], incidents: Sequence[Incident]
) -> int:
    """How many incidents none of the alarms was on in."""
    bands = [band for outcome in outcomes for band in outcome.bands]
    return sum(not any(_is_in(band, i, definition) for band in bands) for i in incidents)


def _is_in(band: tuple[int, int], incident: Incident, definition: AlarmDefinition) -> bool:
    """Whether an alarm was on in an incident, or so soon after it that it told of it."""
    first, last = band
    grace = definition.evaluation_periods * definition.period
    return first <= incident.end + grace and last > incident.start
