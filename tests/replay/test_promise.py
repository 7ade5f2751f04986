"""What the thresholds chosen day by day find, on histories whose truth is known.

The defaults are what they are, and nobody tells the chooser of the incidents: a new threshold
every midnight, from what lies before it, is judged by the day that follows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.choices import Wish
from replay.curve import Curve
from replay.incidents import inside
from replay.signal import signal_of
from replay.suggestion import Validation
from replay.validation import validated
from tests.evaluation.alarms import KEY, alarm
from tests.replay.generated import DAY, KINDS, START, Labelled, mirrored

SEEDS: Final = range(20)


@dataclass(frozen=True)
class Found:
    """What came of some histories.

    Attributes:
        caught: incidents in which the alarm fired.
        incidents: how many there were in the judged days.
        true: firings in an incident.
        firings: all of them.
    """

    caught: int
    incidents: int
    true: int
    firings: int


def chosen_daily(one: Labelled, comparison: Comparison = Comparison.AT_LEAST) -> Validation:
    """A walk forward over a history, as ``python -m ops suggest`` does without arguments."""
    definition = alarm(
        "Average",
        period=one.step,
        comparison=comparison,
        treat_missing_data=MissingData.NOT_BREACHING,
    )
    signal = signal_of(definition, {KEY: one.history}, START + one.step, one.end)
    found = validated(Curve.of(definition, signal), (1, 1), one.step, Wish())
    assert found is not None
    return found


def judged(one: Labelled, comparison: Comparison) -> Found:
    walk = chosen_daily(one, comparison)
    firings = np.array(walk.firings, dtype=np.int64)
    within = [incident for incident in one.incidents if incident.end > walk.start]
    return Found(
        caught=sum(bool(inside(firings, [incident]).any()) for incident in within),
        incidents=len(within),
        true=int(np.count_nonzero(inside(firings, within))),
        firings=len(firings),
    )


def together(found: Iterable[Found]) -> Found:
    columns = np.array([(f.caught, f.incidents, f.true, f.firings) for f in found]).sum(axis=0)
    return Found(*columns.tolist())


@cache
def of_kind(kind: str, comparison: Comparison) -> Found:
    """What is found in the histories of a kind; upside down for alarms on low values."""
    turned = mirrored if comparison is Comparison.AT_MOST else lambda one: one
    return together(judged(turned(KINDS[kind](seed)), comparison) for seed in SEEDS)


DIRECTIONS: Final = pytest.mark.parametrize("comparison", [Comparison.AT_LEAST, Comparison.AT_MOST])


@DIRECTIONS
@pytest.mark.parametrize("kind", KINDS)
def test_well_over_half_of_the_incidents_of_each_kind_are_found(
    kind: str, comparison: Comparison
) -> None:
    found = of_kind(kind, comparison)
    assert found.incidents >= 1.5 * len(SEEDS)
    assert found.caught >= 0.65 * found.incidents


@DIRECTIONS
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "level shift"])
def test_at_least_half_of_the_firings_of_each_kind_are_true(
    kind: str, comparison: Comparison
) -> None:
    found = of_kind(kind, comparison)
    assert found.true >= 0.5 * found.firings


@DIRECTIONS
def test_in_total(comparison: Comparison) -> None:
    found = together(of_kind(kind, comparison) for kind in KINDS)
    assert found.caught >= 0.85 * found.incidents
    # A new level that lies just at the threshold fires again and again until it is accepted.
    lasting = together(of_kind(kind, comparison) for kind in KINDS if kind != "level shift")
    assert found.true >= 0.5 * found.firings
    assert lasting.true >= 0.65 * lasting.firings


def test_a_new_level_is_accepted_after_some_days() -> None:
    late = 0
    for seed in SEEDS:
        one = KINDS["level shift"](seed)
        (shift,) = (incident for incident in one.incidents if incident.note == "level shift")
        firings = np.array(chosen_daily(one).firings, dtype=np.int64)
        needless = firings[~inside(firings, one.incidents)]
        late += int(np.count_nonzero(needless > shift.start + 4 * DAY))
    # Some 10 days a history are left by then: less than a page a month.
    assert late <= len(SEEDS) * 10 / 30
