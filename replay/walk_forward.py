"""What a threshold that is chosen anew every day would have done, judged on days not yet seen."""

from collections.abc import Callable, Sequence

import numpy as np

from ecs_monitoring.words import DAY
from replay.curve import Curve, Incident
from replay.history import Bools
from replay.incidents import before, caught, during, inside
from replay.paging import bands, starts
from replay.suggestion import Validation

Rule = tuple[Curve, float]
"""The levels of an alarm, with the M of N that they are of, and its threshold."""

Chooser = Callable[[int, Sequence[Incident]], Rule | None]
"""Chooses a rule from what lies before a time (seconds since 1970 UTC) and the incidents that were
over by then; ``None`` where that is too little."""


def walk_forward(
    curve: Curve, choose: Chooser, incidents: Sequence[Incident], grace: int, *, every: int = 1
) -> Validation | None:
    """Choose a threshold every day at midnight UTC and see what it does until the next one.

    Args:
        curve: the alarm's evaluations over the whole history.
        choose: how to choose.
        incidents: everything that was wrong in the history.
        grace: seconds after an incident's end in which a firing still belongs to it.
        every: choose only every so many days.

    Returns:
        What came of it; ``None`` where no evaluation came after a threshold.
    """
    if not len(curve.times):
        return None
    first = int(curve.times[0]) // DAY * DAY + DAY
    last = int(curve.times[-1])
    rules = [
        (day, choose(day, before(incidents, day))) for day in range(first, last + 1, every * DAY)
    ]
    while rules and rules[0][1] is None:
        del rules[0]
    if not rules:
        return None
    start = rules[0][0]
    # The evaluation at midnight itself was known when the threshold was chosen.
    judged = curve.between(start + 1, last + 1)
    if not len(judged.times):
        return None
    on = _on(judged, rules)
    firings = judged.times[starts(on)]
    within = during(incidents, start, last)
    return Validation(
        start=start,
        end=last,
        thresholds=tuple((day, rule and rule[1]) for day, rule in rules),
        firings=tuple(firings.tolist()),
        true_firings=int(np.count_nonzero(inside(firings, within, grace))),
        caught=len(caught(judged.times, on, within, grace)),
        incidents=len(within),
        bands=bands(judged.times, on, last + 1),
        observed=judged.observed,
    )


def _on(judged: Curve, rules: Sequence[tuple[int, Rule | None]]) -> Bools:
    """Whether the alarm would have been on, with each day's own rule."""
    on = np.zeros(len(judged.times), dtype=np.bool_)
    ends = [day for day, _ in rules[1:]] + [int(judged.times[-1])]
    for (day, rule), end in zip(rules, ends, strict=True):
        if rule is not None:
            curve, threshold = rule
            first, last = np.searchsorted(judged.times, (day + 1, end + 1))
            on[first:last] = curve.between(day + 1, end + 1).is_on(threshold)
    return on
