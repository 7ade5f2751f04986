"""The choices of M, N and threshold for an alarm, weighed over one history."""

import math
from collections.abc import Mapping
from typing import Final

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from replay.budget import is_mostly_on, keeps_to_budget
from replay.choices import MOfN, Wish
from replay.curve import Curve
from replay.noise import HourlyMaxima
from replay.suggestion import Option
from replay.weighing import Weighed, best_within

_MOST_DIGITS: Final = 4
"""How many digits finer than the noise's spread a threshold may be written."""


class SearchSpace:
    """The choices of M, N and threshold for one alarm.

    Args:
        definition: the alarm.
        curves: of each choice of M and N, the alarm's own first, as ``curves_of`` gives them.
        wish: what is asked of a choice.
    """

    def __init__(
        self, definition: AlarmDefinition, curves: Mapping[MOfN, Curve], wish: Wish
    ) -> None:
        self.wish = wish
        self.own = next(iter(curves))
        self._weighed = {
            key: Weighed.of(
                key, curve, wish.incidents, key[1] * definition.period, wish.pages_per_month
            )
            for key, curve in curves.items()
        }
        own = curves[self.own]
        self.sign = own.sign
        self._is_strict = own.is_strict
        self.months = own.months
        self.days = HourlyMaxima.of(own).days

    @property
    def keys(self) -> tuple[MOfN, ...]:
        """Every choice of M and N, the alarm's own first."""
        return tuple(self._weighed)

    @property
    def has_incidents(self) -> bool:
        """Whether any of the incidents lies in the history."""
        return bool(self._weighed[self.own].incidents)

    def option(self, key: MOfN, threshold: float) -> Option:
        """What a threshold would have done."""
        return self._weighed[key].option(threshold)

    def against_incidents(self) -> list[Option]:
        """The thresholds that tell incidents from noise."""
        options = [option for weighed in self._weighed.values() for option in weighed.options()]
        if self.wish.limit is not None:
            options += [weighed.option(self.wish.limit) for weighed in self._weighed.values()]
        return [
            self._tidy(option)
            for option in options
            if self._is_possible(self._whole(option.threshold)) and not is_mostly_on(option)
        ]

    def best(self, options: list[Option]) -> Option | None:
        """The best of some options that keeps to the page budget and catches anything at all."""
        best = best_within(options, self.wish.pages_per_month, self.months)
        return best if best is not None and best.caught else None

    def beyond_noise(self, key: MOfN) -> Option | None:
        """The threshold that noise will hardly reach.

        ``None`` where the history is too short or the metric cannot go so far. It may not keep to
        the page budget, where a single odd peak fired the alarm again and again.
        """
        weighed = self._weighed[key]
        threshold = weighed.beyond_noise()
        if weighed.noise is None or threshold is None:
            return None
        # With less room than the noise's own spread, it would be beyond next to everything.
        most = self.wish.most
        has_room = most is None or self.sign * (most - threshold) >= weighed.noise.spread
        return self._possible(key, threshold) if has_room else None

    def within_budget(self) -> list[Option]:
        """For each M and N the threshold beyond the noise that keeps to the page budget.

        First those that need no higher threshold for it than the noise asks for, since with
        them jagged peaks fire once; among equals the alarm's own.
        """
        free, raised = [], []
        for key, weighed in self._weighed.items():
            option = self.beyond_noise(key)
            if option is not None and self.keeps_to_budget(option):
                free.append(option)
                continue
            option = self._possible(key, weighed.within_budget())
            if option is not None and self.keeps_to_budget(option):
                raised.append(option)
        return free + raised

    def is_beyond_noise(self, key: MOfN, threshold: float) -> bool:
        """Whether noise will hardly reach a threshold."""
        quiet = self._weighed[key].beyond_noise()
        return quiet is not None and self._least_breaching(threshold) >= self.sign * quiet

    def keeps_to_budget(self, option: Option) -> bool:
        """Whether an option fires for nothing no more often than the budget allows."""
        return keeps_to_budget(option, self.wish.pages_per_month, self.months)

    def _least_breaching(self, threshold: float) -> float:
        """The least level that breaches a threshold, or the threshold's own level."""
        level = self.sign * threshold
        return math.floor(level) + 1 if self.wish.is_whole and self._is_strict else level

    def _possible(self, key: MOfN, threshold: float | None) -> Option | None:
        if threshold is None or not self._is_possible(self._whole(threshold)):
            return None
        return self._tidy(self.option(key, threshold))

    def _is_possible(self, threshold: float) -> bool:
        return self.wish.allows(threshold, self.sign)

    def _whole(self, threshold: float) -> float:
        return self.wish.whole(threshold, self.sign, is_strict=self._is_strict)

    def _tidy(self, option: Option) -> Option:
        """The option with a threshold of few digits that catches and pages as much."""
        key = option.datapoints_to_alarm, option.evaluation_periods
        noise = self._weighed[key].noise
        if self.wish.is_whole:
            option = self.option(key, self._whole(option.threshold))
        if noise is None:
            return option
        level = self.sign * option.threshold
        coarsest = math.floor(math.log10(noise.spread / 2))
        for digit in range(coarsest, coarsest - _MOST_DIGITS, -1):
            step = max(10.0**digit, 1.0) if self.wish.is_whole else 10.0**digit
            threshold = self.sign * math.ceil(level / step) * step
            # Without the digits that a multiple of 0.1 has too many of.
            tidy = self.option(key, float(f"{threshold:.12g}"))
            same = (tidy.caught, tidy.pages_per_month) == (option.caught, option.pages_per_month)
            if same and self._is_possible(tidy.threshold):
                return tidy
        return option
