"""Thresholds weighed against incidents: pages a month, incidents caught, delay, margin."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from replay.budget import keeps_to_budget
from replay.choices import MOfN
from replay.curve import Curve
from replay.history import Bools
from replay.incidents import Incident, inside
from replay.noise import HourlyMaxima, Noise, noise_of, quiet_threshold
from replay.paging import starts
from replay.suggestion import Option


@dataclass(frozen=True, eq=False)
class Weighed:
    """One choice of M and N over some history, with everything to weigh its thresholds by.

    Attributes:
        datapoints_to_alarm: M.
        evaluation_periods: N.
        curve: the alarm's levels with them.
        incidents: that lie in the history, each with its grace.
        quiet: evaluations outside all incidents, of whose time anything is known.
        noise: what is known of the noise outside them; ``None`` where that is too little.
        budget: the page budget, firings in 30 days.
    """

    datapoints_to_alarm: int
    evaluation_periods: int
    curve: Curve
    incidents: tuple[Incident, ...]
    quiet: Bools
    noise: Noise | None
    budget: float

    @classmethod
    def of(
        cls,
        m_of_n: MOfN,
        curve: Curve,
        incidents: Sequence[Incident],
        grace: int,
        budget: float,
    ) -> "Weighed":
        """Prepare a choice of M and N.

        Args:
            m_of_n: M and N.
            curve: the alarm's levels with them.
            incidents: in any order.
            grace: seconds after an incident's end that still belong to it.
            budget: firings in 30 days.
        """
        belonging = [replace(incident, end=incident.end + grace) for incident in incidents]
        within = [incident for incident in belonging if curve.peak(incident) > -np.inf]
        without = inside(curve.times, within)
        hours = HourlyMaxima.of(curve, without=without)
        quiet = curve.is_known & ~without
        return cls(*m_of_n, curve, tuple(within), quiet, noise_of(hours, budget), budget)

    def option(self, threshold: float) -> Option:
        """What a threshold would have done."""
        curve, sign = self.curve, self.curve.sign
        delays = [delay for i in self.incidents if (delay := curve.delay(i, threshold)) is not None]
        on = curve.is_on(threshold)
        needless = on[self.quiet]
        return Option(
            datapoints_to_alarm=self.datapoints_to_alarm,
            evaluation_periods=self.evaluation_periods,
            threshold=threshold,
            pages_per_month=len(starts(on)) / curve.months if curve.months else 0.0,
            caught=len(delays),
            incidents=len(self.incidents),
            delay=float(np.median(delays)) if delays else None,
            margin=self.noise.margin(sign * threshold) if self.noise else 0.0,
            share_on=float(np.mean(needless)) if len(needless) else 0.0,
        )

    def options(self) -> list[Option]:
        """The thresholds worth weighing, highest first: one below each incident's peak.

        Between the peak of an incident and the highest quiet level below it, all thresholds have
        caught the same and paged the same; the middle is as far from either mistake as can be.
        """
        levels = np.sort(self.curve.levels[self.quiet & np.isfinite(self.curve.levels)])
        reached = {self.curve.peak(incident) for incident in self.incidents}
        # Where missing data breaches, an incident without data is caught at any threshold.
        peaks = sorted((peak for peak in reached if np.isfinite(peak)), reverse=True)
        options = []
        for peak, next_peak in pairwise([*peaks, -np.inf]):
            below = int(np.searchsorted(levels, peak))
            quiet_below = float(levels[below - 1]) if below else next_peak
            floor = max(quiet_below, next_peak)
            middle = peak if not np.isfinite(floor) else floor + (peak - floor) / 2
            options.append(self.option(self.curve.sign * middle))
        return options

    def beyond_noise(self) -> float | None:
        """The threshold that noise will hardly reach; ``None`` with too little history."""
        return None if self.noise is None else self.curve.sign * self.noise.beyond(self.budget)

    def within_budget(self) -> float | None:
        """The same, raised until the alarm would have kept to the page budget."""
        return None if self.noise is None else quiet_threshold(self.curve, self.noise, self.budget)


def pareto_front(options: Sequence[Option]) -> tuple[Option, ...]:
    """The options than which no other one is better in one respect and no worse in the rest.

    Fewer pages, more incidents caught, sooner. Of equals the widest margin stays, and of those
    the steadier M of N.
    """
    ordered = sorted(
        options, key=lambda o: (o.pages_per_month, -o.caught, _delay(o), -o.margin, *_loose(o))
    )
    front: list[Option] = []
    for option in ordered:
        if not any(_no_worse(other, option) for other in front):
            front.append(option)
    return tuple(front)


def best_within(options: Sequence[Option], budget: float, months: float) -> Option | None:
    """The option that catches most within a page budget; ``None`` where none keeps to it.

    Of those that catch as many, the one with the widest margin between noise and threshold, in
    steps of half a spread, then the steadier one, then the sooner one.

    Args:
        options: to choose from.
        budget: firings in 30 days.
        months: how long the history is, in months of 30 days.
    """
    return min(
        (option for option in options if keeps_to_budget(option, budget, months)),
        key=lambda o: (-o.caught, -round(2 * o.margin), *_loose(o), _delay(o), o.pages_per_month),
        default=None,
    )


def _no_worse(option: Option, other: Option) -> bool:
    return (
        option.pages_per_month <= other.pages_per_month
        and option.caught >= other.caught
        and _delay(option) <= _delay(other)
    )


def _delay(option: Option) -> float:
    return np.inf if option.delay is None else option.delay


def _loose(option: Option) -> tuple[int, int]:
    """Smaller for the steadier M of N: more datapoints have to agree."""
    return -option.datapoints_to_alarm, -option.evaluation_periods
