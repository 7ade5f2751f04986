"""What a threshold that is chosen anew every day would have done, judged on days not yet seen."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import dropwhile
from typing import Final

import numpy as np

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.words import DAY
from replay.choices import MOfN, Wish
from replay.curve import Curve
from replay.history import Bools
from replay.incidents import Incident, before, caught, during, inside
from replay.paging import bands, starts
from replay.suggestion import Suggestion, ThresholdVerdict, Validation

_MOST_CHOICES: Final = 30
"""How often a walk-forward makes the whole suggestion anew, which takes time: every day of a
month, every third day of a quarter; it holds until the next one."""

Decide = Callable[[AlarmDefinition, Mapping[MOfN, Curve], Wish], Suggestion]
"""Makes the whole suggestion for an alarm."""

Choice = tuple[Curve, float]
"""The levels of an alarm, with the M of N that they are of, and its threshold."""

Chooser = Callable[[int, Sequence[Incident]], Choice | None]
"""Chooses from what lies before a time (seconds since 1970 UTC) and the incidents that were
over by then; ``None`` where that is too little."""


def validated(
    definition: AlarmDefinition, curves: Mapping[MOfN, Curve], wish: Wish, decide: Decide
) -> Validation | None:
    """What following the suggestions would have done; ``None`` without a day to judge.

    The first one is made as soon as there is enough history. Where nothing is to be changed, the
    alarm stays as it is.

    Args:
        definition: the alarm.
        curves: as ``curves_of`` gives them, the alarm's own first.
        wish: what is asked.
        decide: what makes the suggestion, from what lies before a day.
    """
    own = next(iter(curves.values()))
    if not (own.levels > -np.inf).any():
        return None
    first, last = int(own.times[0]), int(own.times[-1])

    def choose(time: int, incidents: Sequence[Incident]) -> Choice | None:
        past = {key: curve.between(first, time + 1) for key, curve in curves.items()}
        suggestion = decide(definition, past, replace(wish, incidents=tuple(incidents)))
        if suggestion.verdict is ThresholdVerdict.NOT_ENOUGH_HISTORY:
            return None
        key = suggestion.datapoints_to_alarm, suggestion.evaluation_periods
        return curves[key], suggestion.threshold

    every = max(1, math.ceil((last - first) / DAY / _MOST_CHOICES))
    grace = max(n for _, n in curves) * definition.period
    return walk_forward(own, choose, wish.incidents, grace, every=every)


def walk_forward(
    curve: Curve, choose: Chooser, incidents: Sequence[Incident], grace: int, *, every: int
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
    chosen = (
        (day, choose(day, before(incidents, day))) for day in range(first, last + 1, every * DAY)
    )
    choices = list(dropwhile(lambda of_day: of_day[1] is None, chosen))
    if not choices:
        return None
    start = choices[0][0]
    # The evaluation at midnight itself was known when the threshold was chosen.
    judged = curve.between(start + 1, last + 1)
    if not len(judged.times):
        return None
    on = _on(judged, choices)
    firings = judged.times[starts(on)]
    within = during(incidents, start, last)
    return Validation(
        start=start,
        end=last,
        thresholds=tuple((day, choice and choice[1]) for day, choice in choices),
        firings=tuple(firings.tolist()),
        true_firings=int(np.count_nonzero(inside(firings, within, grace))),
        caught=len(caught(judged.times, on, within, grace)),
        incidents=len(within),
        bands=bands(judged.times, on, last + 1),
        observed=judged.observed,
    )


def _on(judged: Curve, choices: Sequence[tuple[int, Choice | None]]) -> Bools:
    """Whether the alarm would have been on, with each day's own choice."""
    on = np.zeros(len(judged.times), dtype=np.bool_)
    ends = [day for day, _ in choices[1:]] + [int(judged.times[-1])]
    for (day, choice), end in zip(choices, ends, strict=True):
        if choice is not None:
            curve, threshold = choice
            first, last = np.searchsorted(judged.times, (day + 1, end + 1))
            on[first:last] = curve.between(day + 1, end + 1).is_on(threshold)
    return on
