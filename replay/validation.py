"""The walk-forward validation of what is suggested for an alarm."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.words import DAY
from replay.choices import MOfN, Wish
from replay.curve import Curve, Incident
from replay.suggestion import Suggestion, ThresholdVerdict, Validation
from replay.walk_forward import Rule, walk_forward

MOST_CHOICES: Final = 30
"""How often a walk-forward makes the whole suggestion anew, which takes time: every day of a
month, every third day of a quarter; it holds until the next one."""

Decide = Callable[[AlarmDefinition, Mapping[MOfN, Curve], Wish], Suggestion]
"""Makes the whole suggestion."""


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

    def choose(time: int, incidents: Sequence[Incident]) -> Rule | None:
        past = {key: curve.between(first, time + 1) for key, curve in curves.items()}
        suggestion = decide(definition, past, replace(wish, incidents=tuple(incidents)))
        if suggestion.verdict is ThresholdVerdict.NOT_ENOUGH_HISTORY:
            return None
        key = suggestion.datapoints_to_alarm, suggestion.evaluation_periods
        return curves[key], suggestion.threshold

    every = max(1, math.ceil((last - first) / DAY / MOST_CHOICES))
    grace = max(n for _, n in curves) * definition.period
    return walk_forward(own, choose, wish.incidents, grace, every=every)
