"""How sure a rate of rare events is."""

import math
from typing import Final

_CONFIDENCE: Final = 0.95


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
    logs = (count * math.log(mean) - mean - math.lgamma(count + 1) for count in range(events + 1))
    return math.fsum(map(math.exp, logs)) if mean else 1.0
