"""The walk-forward validation of the way in which thresholds are chosen."""

import math
from collections.abc import Sequence
from typing import Final

from ecs_monitoring.words import DAY
from replay.choices import Wish
from replay.curve import Curve, Incident
from replay.noise import HourlyMaxima, noise_of
from replay.suggestion import Validation
from replay.walk_forward import walk_forward
from replay.weighing import Weighed, best_within

MOST_CHOICES: Final = 60
"""How often a walk-forward chooses anew where incidents are weighed, which takes time."""


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
            found = _chosen(Weighed.of(m_of_n, past, known, grace, wish.pages_per_month), wish)
        else:
            noise = noise_of(hours.first((time - 1) // 3600 - first_hour + 1), wish.pages_per_month)
            found = None if noise is None else curve.sign * noise.beyond(wish.pages_per_month)
        if found is None:
            return None
        found = wish.whole(found, curve.sign, is_strict=curve.is_strict)
        return found if wish.allows(found, curve.sign) else None

    days = (int(curve.times[-1]) - int(curve.times[0])) / DAY
    every = max(1, math.ceil(days / MOST_CHOICES)) if wish.incidents else 1
    return walk_forward(curve, choose, wish.incidents, grace, every=every)


def _chosen(weighed: Weighed, wish: Wish) -> float | None:
    best = best_within(weighed.options(), wish.pages_per_month, weighed.curve.months)
    return best.threshold if best and best.caught else weighed.beyond_noise()
