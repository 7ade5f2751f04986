"""Histories of metrics with known incidents, made by the tests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from replay.curve import Incident
from replay.history import Floats, MetricHistory

START: Final = 1_731_888_000
"""2024-11-18 00:00:00 UTC, a Monday."""

DAY: Final = 86_400


@dataclass(frozen=True)
class Labelled:
    """A history and what was wrong in it.

    Attributes:
        name: what sort of history it is.
        values: one every ``step`` seconds from ``START`` on.
        step: seconds.
        incidents: what was wrong, and when.
    """

    name: str
    values: Floats
    step: int
    incidents: tuple[Incident, ...]

    @property
    def history(self) -> MetricHistory:
        """As it would have been recorded."""
        times = START + self.step * np.arange(len(self.values))
        return MetricHistory.of_values(times, self.values, resolution=self.step)

    @property
    def end(self) -> int:
        """When the history ends, in seconds since 1970 UTC."""
        return START + self.step * len(self.values)


Background = Callable[[np.random.Generator, Floats], Floats]
"""Makes the values of a quiet time, given the time in days."""


def _daily(days: Floats, low: float, high: float) -> Floats:
    return low + (high - low) * (1 - np.cos(2 * np.pi * (days - 0.2))) / 2


def _steady(random: np.random.Generator, days: Floats) -> Floats:
    return 40 + random.normal(0, 2, len(days))


def _office_hours(random: np.random.Generator, days: Floats) -> Floats:
    weekend = np.where(days % 7 >= 5, 0.5, 1)
    return weekend * _daily(days, 10, 45) * random.lognormal(0, 0.08, len(days))


def _traffic(random: np.random.Generator, days: Floats) -> Floats:
    return _daily(days, 2e5, 1e6) * random.lognormal(0, 0.3, len(days))


def _batch(random: np.random.Generator, days: Floats) -> Floats:
    nightly = (days % 1 > 0.10) & (days % 1 < 0.13)
    return np.where(nightly, random.normal(70, 3, len(days)), random.normal(12, 2, len(days)))


def _idle(random: np.random.Generator, days: Floats) -> Floats:
    return 0.1 + random.exponential(0.03, len(days))


def _correlated(random: np.random.Generator, days: Floats) -> Floats:
    # A random walk that is drawn back to its mean, with a memory of about two hours.
    steps = random.normal(0, 1, len(days))
    memory = np.exp(-(days[1] - days[0]) * 12)
    found = np.empty(len(days))
    level = 0.0
    for at, step in enumerate(steps.tolist()):
        level = memory * level + step * np.sqrt(1 - memory**2)
        found[at] = 50 + 5 * level
    return found


BACKGROUNDS: Final[dict[str, Background]] = {
    "steady": _steady,
    "office hours": _office_hours,
    "heavy-tailed traffic": _traffic,
    "nightly batch": _batch,
    "idle": _idle,
    "correlated": _correlated,
}


def labelled(
    background: str, seed: int, *, days: int = 14, step: int = 300, incidents: int = 2
) -> Labelled:
    """A quiet time with incidents of several sorts put into it, in its last three quarters.

    Each incident lifts the values, for some minutes to some hours, by half to several times the
    range that quiet values have.
    """
    random = np.random.default_rng(seed)
    at = np.arange(days * DAY // step) * step / DAY
    values = BACKGROUNDS[background](random, at)
    usual = float(np.quantile(values, 0.999) - np.median(values))
    top = float(np.quantile(values, 0.999))
    found = []
    for place in range(incidents):
        share = 0.25 + 0.7 * (place + random.uniform(0.1, 0.9)) / incidents
        first = int(share * len(values))
        length = int(random.choice([1, 3, 12, 36]))
        height = usual * random.uniform(0.5, 4)
        shape = random.choice(["jump", "ramp"]) if length > 3 else "jump"
        lift = np.linspace(0.3, 1, length) if shape == "ramp" else np.ones(length)
        part = slice(first, first + length)
        values[part] = np.maximum(values[part], top + lift * height)
        margin = 3600
        found.append(
            Incident(
                START + first * step - margin, START + (first + length) * step + margin, str(shape)
            )
        )
    return Labelled(background, values, step, tuple(found))
