"""Which threshold, and which M of N, serve an alarm best: the suggestion and its validation."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cloudwatch.definition import AlarmDefinition, MetricKey
from cloudwatch.evaluation import evaluation_interval, evaluation_range
from replay.budget import keeps_to_budget
from replay.chance import most_events
from replay.curve import Curve, Incident
from replay.history import MetricHistory
from replay.noise import HourlyMaxima, noise_of, quiet_threshold
from replay.signal import signal_of
from replay.suggestion import Option, Suggestion, Validation, Verdict
from replay.walk_forward import walk_forward
from replay.weighing import Weighed, best_within, pareto_front

M_OF_N: Final = ((1, 1), (2, 2), (2, 3), (3, 3), (3, 5), (5, 5))
"""The choices of M and N that are weighed besides the alarm's own.

From "at once" to "five in a row"; 2 of 3 and 3 of 5 pass over one and two good datapoints.
"""

FEWEST_DAYS: Final = 14
"""Days of history below which no change is suggested: every day of the week, twice."""

MOST_CHOICES: Final = 60
"""How often a walk-forward chooses anew where incidents are weighed, which takes time."""

_DAY: Final = 86_400
_MONTH: Final = 30 * _DAY


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked of a suggestion.

    Attributes:
        pages_per_month: the page budget: firings in 30 days beyond one for each incident.
        incidents: what was wrong in the history.
        most: the value that the metric cannot go beyond, 100 for percentages; ``None`` where
            there is none. For alarms that watch for low values, the least one.
    """

    pages_per_month: float = 2.0
    incidents: tuple[Incident, ...] = ()
    most: float | None = None


def curves_of(
    definition: AlarmDefinition,
    histories: Mapping[MetricKey, MetricHistory],
    start: int,
    end: int,
) -> dict[tuple[int, int], Curve]:
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
    }
    interval = evaluation_interval(definition)
    choices = {key: d for key, d in choices.items() if evaluation_interval(d) == interval}
    longest = max(n for _, n in choices)
    signal = signal_of(definition, histories, start, end, periods=evaluation_range(longest))
    return {key: Curve.of(choice, signal) for key, choice in choices.items()}


def suggest(
    definition: AlarmDefinition, curves: Mapping[tuple[int, int], Curve], wish: Wish
) -> Suggestion:
    """What to do about an alarm's threshold.

    Args:
        definition: the alarm.
        curves: as ``curves_of`` gives them, the alarm's own first.
        wish: what is asked.
    """
    return _Weighing(definition, curves, wish).suggestion()


class _Weighing:
    def __init__(
        self, definition: AlarmDefinition, curves: Mapping[tuple[int, int], Curve], wish: Wish
    ) -> None:
        self._definition = definition
        self._wish = wish
        self._curves = curves
        self._weighed = {
            key: Weighed.of(
                key, curve, wish.incidents, key[1] * definition.period, wish.pages_per_month
            )
            for key, curve in curves.items()
        }
        self._own = next(iter(curves))
        self._current = self._weighed[self._own].option(definition.threshold)
        own = curves[self._own]
        self._months = len(own.times) * own.interval / _MONTH

    def suggestion(self) -> Suggestion:
        """The suggestion, validated."""
        own = self._weighed[self._own]
        days = HourlyMaxima.of(self._curves[self._own]).days
        if days < FEWEST_DAYS:
            return self._too_short(days)
        if own.incidents:
            return self._against_incidents()
        return self._against_noise()

    def _too_short(self, days: float) -> Suggestion:
        option = self._beyond_noise(self._own)
        so_far = f"; what there is would say {option.threshold:g}" if option else ""
        why = (
            f"{days:.1f} days of history: a threshold needs {FEWEST_DAYS}, so that every day of "
            f"the week has been seen twice{so_far}"
        )
        return self._kept(Verdict.NOT_ENOUGH_HISTORY, (why,), [option] if option else [])

    def _against_incidents(self) -> Suggestion:
        found = [o for weighed in self._weighed.values() for o in weighed.options()]
        options = [self._rounded(o) for o in found if self._is_possible(o.threshold)]
        best = best_within(options, self._wish.pages_per_month, self._months)
        front = pareto_front([*options, self._current])
        current = self._current
        if best is None or not best.caught:
            if self._keeps_to_budget(current):
                why = f"it caught {_share(current)}; no threshold tells them from the noise"
                return self._kept(Verdict.KEEP, (why,), front)
            return self._none_fits(front)
        is_better = (best.caught, -best.pages_per_month) > (
            current.caught,
            -current.pages_per_month,
        )
        if self._keeps_to_budget(current) and not is_better:
            why = f"it caught {_share(current)}; nothing that keeps to the page budget did better"
            return self._kept(Verdict.KEEP, (why,), front)
        reasons = [f"it would have caught {_share(best)} instead of {current.caught}"]
        if best.caught == current.caught:
            reasons = [f"it would have caught the same {_share(best)}"]
        reasons.append(self._fewer_pages(best))
        more = max(front, key=lambda option: option.caught)
        if more.caught > best.caught:
            reasons.append(
                f"{more.pages_per_month:.1f} pages a month would have caught {_share(more)}"
            )
        return self._changed(best, tuple(reasons), front)

    def _against_noise(self) -> Suggestion:
        quiet = [o for key in self._weighed if (o := self._beyond_noise(key)) is not None]
        current = self._current
        if self._keeps_to_budget(current):
            reasons = [
                f"it fired {current.pages_per_month:.1f} times a month, within the page budget, "
                "and no incident says that it should be more sensitive"
            ]
            own = next((o for o in quiet if _key(o) == self._own), None)
            if own is not None and self._sign * (current.threshold - own.threshold) > 0:
                reasons.append(f"a threshold of {own.threshold:g} would be beyond the noise too")
            return self._kept(Verdict.KEEP, tuple(reasons), quiet)
        # A threshold that somebody chose means something; what lasts longer at it may be enough.
        steadier = [
            option
            for key, weighed in self._weighed.items()
            if weighed.beyond_noise() is not None
            and self._sign * (self._definition.threshold - (weighed.beyond_noise() or 0.0)) >= 0
            and self._keeps_to_budget(option := weighed.option(self._definition.threshold))
        ]
        if steadier:
            best = min(steadier, key=lambda option: (option.evaluation_periods, -option.margin))
            why = "the same threshold is beyond the noise when it has to last longer"
            return self._changed(best, (self._fewer_pages(best), why), quiet)
        own_options = [o for o in quiet if self._keeps_to_budget(o)]
        best_quiet = next((o for o in own_options if _key(o) == self._own), None) or min(
            own_options, key=lambda option: option.evaluation_periods, default=None
        )
        if best_quiet is None:
            return self._none_fits(quiet)
        why = f"{best_quiet.margin:.1f} spreads beyond the noise so far"
        return self._changed(best_quiet, (self._fewer_pages(best_quiet), why), quiet)

    @property
    def _sign(self) -> int:
        return self._curves[self._own].sign

    def _keeps_to_budget(self, option: Option) -> bool:
        return keeps_to_budget(option, self._wish.pages_per_month, self._months)

    def _is_possible(self, threshold: float) -> bool:
        most = self._wish.most
        return most is None or self._sign * threshold < self._sign * most

    def _beyond_noise(self, key: tuple[int, int]) -> Option | None:
        threshold = self._weighed[key].beyond_noise()
        if threshold is None or not self._is_possible(threshold):
            return None
        return self._rounded(self._weighed[key].option(threshold))

    def _rounded(self, option: Option) -> Option:
        """The option with a threshold that reads well, if that changes nothing but its margin."""
        weighed = self._weighed[_key(option)]
        spread = weighed.noise.spread if weighed.noise else 0.0
        if not spread:
            return option
        step = 10.0 ** math.floor(math.log10(spread / 2))
        threshold = self._sign * math.ceil(self._sign * option.threshold / step) * step
        tidy = weighed.option(float(f"{threshold:.12g}"))
        same = (tidy.caught, tidy.pages_per_month) == (option.caught, option.pages_per_month)
        return tidy if same and self._is_possible(tidy.threshold) else option

    def _fewer_pages(self, option: Option) -> str:
        return (
            f"{option.pages_per_month:.1f} pages a month instead of "
            f"{self._current.pages_per_month:.1f}"
        )

    def _none_fits(self, options: Sequence[Option]) -> Suggestion:
        limit = "" if self._wish.most is None else f" below {self._wish.most:g}"
        if self._sign < 0:
            limit = limit.replace("below", "above")
        why = (
            f"it fires {self._current.pages_per_month:.1f} times a month, and no threshold{limit} "
            f"keeps to {self._wish.pages_per_month:g}: look at what it watches"
        )
        return self._kept(Verdict.NONE_FITS, (why,), options)

    def _kept(
        self, verdict: Verdict, reasons: tuple[str, ...], options: Sequence[Option]
    ) -> Suggestion:
        # The alarm's own threshold was not learnt from this history, so that the whole of it
        # judges.
        firings = round(self._current.pages_per_month * self._months)
        return Suggestion(
            verdict=verdict,
            threshold=self._definition.threshold,
            datapoints_to_alarm=self._own[0],
            evaluation_periods=self._own[1],
            reasons=reasons,
            options=tuple(options),
            validation=self._validated(self._own),
            most_pages_per_month=most_events(firings) / self._months if self._months else None,
        )

    def _changed(
        self, option: Option, reasons: tuple[str, ...], options: Sequence[Option]
    ) -> Suggestion:
        validation = self._validated(_key(option))
        most = most_events(len(validation.firings)) / validation.months if validation else None
        return Suggestion(
            verdict=Verdict.CHANGE,
            threshold=option.threshold,
            datapoints_to_alarm=option.datapoints_to_alarm,
            evaluation_periods=option.evaluation_periods,
            reasons=reasons,
            options=tuple(options),
            validation=validation,
            most_pages_per_month=most,
        )

    def _validated(self, key: tuple[int, int]) -> Validation | None:
        return validated(self._curves[key], key, self._definition.period, self._wish)


def validated(curve: Curve, m_of_n: tuple[int, int], period: int, wish: Wish) -> Validation | None:
    """What thresholds chosen anew day by day would have done; ``None`` with too little history.

    Args:
        curve: the alarm's levels with an M and N.
        m_of_n: M and N.
        period: seconds.
        wish: what is asked.
    """
    if not len(curve.times):
        return None
    grace = m_of_n[1] * period
    hours = HourlyMaxima.of(curve)
    first_hour = int(curve.times[0] - 1) // 3600

    def choose(time: int, known: Sequence[Incident]) -> float | None:
        if known:
            past = curve.between(int(curve.times[0]), time + 1)
            return _chosen(Weighed.of(m_of_n, past, known, grace, wish.pages_per_month), wish)
        noise = noise_of(hours.first((time - 1) // 3600 - first_hour + 1), wish.pages_per_month)
        if noise is None:
            return None
        past = curve.between(int(curve.times[0]), time + 1)
        return quiet_threshold(past, noise, wish.pages_per_month)

    days = (int(curve.times[-1]) - int(curve.times[0])) / _DAY
    every = max(1, math.ceil(days / MOST_CHOICES)) if wish.incidents else 1
    return walk_forward(curve, choose, wish.incidents, grace, every=every)


def _chosen(weighed: Weighed, wish: Wish) -> float | None:
    span = len(weighed.curve.times) * weighed.curve.interval / _MONTH
    best = best_within(weighed.options(), wish.pages_per_month, span)
    return best.threshold if best and best.caught else weighed.beyond_noise()


def _key(option: Option) -> tuple[int, int]:
    return option.datapoints_to_alarm, option.evaluation_periods


def _share(option: Option) -> str:
    return f"{option.caught} of {option.incidents} incidents"
