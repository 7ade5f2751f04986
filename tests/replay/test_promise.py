"""What the suggestions of every day find, on histories whose truth is known.

The defaults are what they are, and nobody tells of the incidents: the whole suggestion of every
midnight, for values that are too high and too low together, is judged by the day that follows.
The seeds are others than those that the numbers in ``replay.adaptive_threshold`` and
``replay.baseline`` were chosen and settled with.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from replay.history import MetricHistory
from replay.incidents import inside
from review.proposing import proposals
from tests.replay.generated import DAY, KINDS, START, Labelled, mirrored
from tests.replay.generated_services import SERVICES

SEEDS: Final = range(800, 808)
ALL: Final = {**KINDS, **SERVICES}
ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True)
class Found:
    """What came of some histories.

    Attributes:
        caught: incidents in which anything fired.
        incidents: how many there were in the judged days.
        needless: firings outside of incidents.
        months: that were judged.
    """

    caught: int
    incidents: int
    needless: int
    months: float

    @property
    def true(self) -> float:
        """The share of firings that are true; repeats inside an incident count once."""
        return self.caught / max(1, self.caught + self.needless)


def firings(history: MetricHistory) -> tuple[list[int], int, float]:
    """When anything would have fired, since when that was judged, and for how many months."""
    walks = [one.suggestion.validation for one in proposals(history)]
    known = [walk for walk in walks if walk is not None]
    times = sorted(time for walk in known for time in walk.firings)
    first = min(known, key=lambda walk: walk.start)
    return times, first.start, first.months


def judged(one: Labelled) -> Found:
    times, start, months = firings(one.history)
    fired = np.array(times, dtype=np.int64)
    within = [incident for incident in one.incidents if incident.end > start]
    return Found(
        caught=sum(bool(inside(fired, [incident]).any()) for incident in within),
        incidents=len(within),
        needless=int(np.count_nonzero(~inside(fired, within))),
        months=months,
    )


def together(found: Iterable[Found]) -> Found:
    rows = [(f.caught, f.incidents, f.needless, f.months) for f in found]
    caught, incidents, needless, months = (sum(column) for column in zip(*rows, strict=True))
    return Found(int(caught), int(incidents), int(needless), months)


@cache
def of_kind(kind: str) -> Found:
    # Services' histories are long, with many incidents each.
    seeds = SEEDS[:4] if kind in SERVICES and kind != "server" else SEEDS
    return together(judged(ALL[kind](seed)) for seed in seeds)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ALL)
def test_most_incidents_of_each_kind_are_found_and_few_firings_are_needless(kind: str) -> None:
    found = of_kind(kind)
    assert found.incidents >= len(SEEDS) / 2
    assert found.caught >= 0.7 * found.incidents
    # For both directions together, in every kind.
    assert found.needless <= 6 * found.months


@pytest.mark.slow
def test_in_total() -> None:
    found = together(map(of_kind, ALL))
    assert found.caught >= 0.9 * found.incidents
    assert found.true >= 0.75


def row(name: str, found: Found) -> str:
    """A line of the table in ``docs/review.md``."""
    return (
        f"| {name} | {found.caught / found.incidents:.0%} of {found.incidents} | "
        f"{found.true:.0%} | {found.needless / found.months:.1f} |"
    )


@pytest.mark.slow
def test_the_documentation_has_these_figures() -> None:
    expected = [row("all kinds", together(map(of_kind, ALL)))]
    expected += [row(kind, of_kind(kind)) for kind in ALL]
    text = (ROOT / "docs" / "review.md").read_text(encoding="utf-8")
    assert [line for line in expected if line not in text.splitlines()] == []


@pytest.mark.parametrize(
    "kind", ["within the range", "office hours", "recorded when any", "noisy hours"]
)
def test_what_comes_later_changes_nothing_of_the_walk(kind: str) -> None:
    one = ALL[kind](100)
    history = one.history
    day = START + 9 * DAY
    changed = one.values.copy()
    first = 9 * DAY // one.step
    changed[first:] = 3 * changed[first:] + 7
    for other in (
        history.between(START, day),
        Labelled(one.name, changed, one.step, ()).history,
    ):
        cut, _, _ = firings(other)
        whole, _, _ = firings(history)
        assert [time for time in cut if time <= day] == [time for time in whole if time <= day]


def test_low_values_are_watched_as_high_ones_are() -> None:
    one = KINDS["steady"](100)
    # Away from 0, below which values of a kind that was never negative are not looked for.
    shifted = Labelled(one.name, one.values - 1000, one.step, one.incidents)
    high, low = proposals(shifted.history)
    turned_high, turned_low = proposals(mirrored(shifted).history)
    for of, turned in ((high, turned_low), (low, turned_high)):
        assert of.suggestion.validation is not None
        assert turned.suggestion.validation is not None
        assert of.suggestion.validation.firings == turned.suggestion.validation.firings
        assert of.suggestion.threshold == -turned.suggestion.threshold


def test_a_new_level_is_accepted_after_some_days() -> None:
    late = 0
    for seed in SEEDS:
        one = KINDS["level shift"](seed)
        (shift,) = (incident for incident in one.incidents if incident.note == "level shift")
        fired = np.array(firings(one.history)[0], dtype=np.int64)
        needless = fired[~inside(fired, one.incidents)]
        late += int(np.count_nonzero(needless > shift.start + 4 * DAY))
    # Some 10 days a history are left by then: a page a month for each direction.
    assert late <= 2 * len(SEEDS) * 10 / 30


def test_rates_are_those_of_observed_time() -> None:
    one = KINDS["end of the file"](100)
    short = Labelled(one.name, one.values[: 14 * 288], one.step, one.incidents)
    assert firings(one.history) == firings(short.history)


def test_days_without_data_are_no_trouble() -> None:
    one = KINDS["steady"](100)
    values = one.values.copy()
    values[5 * 288 : 8 * 288] = np.nan
    times, _, months = firings(Labelled(one.name, values, one.step, ()).history)
    # From the third of fourteen days on, less three.
    assert months == pytest.approx(9 / 30, abs=0.01)
    assert not [time for time in times if 5 * DAY < time - START < 8 * DAY]
