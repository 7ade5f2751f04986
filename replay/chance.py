"""How sure a rate of rare events is."""

import math
from typing import Final

_CONFIDENCE: Final = 0.95
_NEGLIGIBLE: Final = 1e-18


def most_events(seen: int) -> float:
    """The largest mean number of events that is compatible with those seen, at 95 %.

    The exact (Garwood) limit of a Poisson mean: the mean at which so few events or fewer would
    have been seen with a chance of 5 %. For none seen it is -ln 0.05 = 3.0, the rule of three:
    no event in m months means at most 3/m a month
    (Hanley and Lippman-Hand, JAMA 249, 1983, pages 1743 to 1745).
    """
    low, high = float(seen), 2.0 * seen + 10.0
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        if _chance_of_at_most(seen, middle) > 1 - _CONFIDENCE:
            low = middle
        else:
            high = middle
    return high


def _chance_of_at_most(events: int, mean: float) -> float:
    """The Poisson probability of so many events or fewer, of a mean above 0."""
    term = math.exp(events * math.log(mean) - mean - math.lgamma(events + 1))
    total = 0.0
    # Each smaller number of events is less likely by a growing factor: far down it adds nothing.
    for count in range(events, -1, -1):
        total += term
        term *= count / mean
        if term < _NEGLIGIBLE * total:
            break
    return total
