"""An alarm that would catch incidents which a reviewed alarm missed, beside it.

An incident within the range of earlier values is seen by no threshold on the value itself; held
against its own recent past it may stand out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat
from ecs_monitoring.cloudwatch.recent import is_filled
from ecs_monitoring.cloudwatch.units import Unit
from replay.bounds import Bounds
from replay.budget import allowed_firings
from replay.choices import Wish
from replay.curve import Incident
from replay.detectors import Watched
from replay.history import MetricHistory
from replay.levels import is_rising
from replay.outcome import Outcome
from replay.proposal import propose
from replay.suggestion import Suggestion, Verdict


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
    stat = definition.signal
    if not isinstance(stat, MetricStat) or definition.wall_clock is not None or not history:
        return None
    outcome = outcomes[0]
    if not _missed(definition, outcomes, wish.incidents):
        return None
    watched = Watched(
        metric=stat.metric,
        statistic=stat.statistic,
        period=definition.period,
        is_sparse=is_filled(stat.statistic, definition.treat_missing_data),
        has_level=False,
    )
    if not watched.kinds or outcome.end - outcome.start < 2 * watched.echo:
        return None
    bounds = Bounds.of(history, stat.statistic, unit)
    by_direction = propose(
        watched, history, bounds, wish, outcome.start + watched.echo, outcome.end
    )
    suggestion = by_direction["high" if is_rising(definition.comparison) else "low"]
    walk = suggestion.validation
    if suggestion.verdict is not Verdict.CHANGE or walk is None:
        return None
    needless = len(walk.firings) - walk.true_firings
    # What pages for nothing beyond its budget is no help, whatever it catches.
    if needless > allowed_firings(wish.pages_per_month, walk.months):
        return None
    judged = [i for i in wish.incidents if i.end > walk.start and i.start <= walk.end]
    missed = _missed(definition, outcomes, judged)
    caught = walk.incidents - missed
    return Beside(suggestion=suggestion, missed=missed) if walk.caught > caught else None


def _missed(
    definition: AlarmDefinition, outcomes: Sequence[Outcome], incidents: Sequence[Incident]
) -> int:
    """How many incidents none of the alarms was on in."""
    grace = definition.evaluation_periods * definition.period
    bands = [band for outcome in outcomes for band in outcome.bands]
    return sum(
        not any(first <= i.end + grace and last > i.start for first, last in bands)
        for i in incidents
    )
