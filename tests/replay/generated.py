"""Histories of metrics with known incidents, made by the tests.

Each kind of history is one that CloudWatch's metrics have; what counts as an incident is decided
here, from what somebody on call would say.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from replay.history import Floats, MetricHistory
from replay.incidents import Incident

START: Final = 1_731_888_000
"""2024-11-18 00:00:00 UTC, a Monday."""

DAY: Final = 86_400

MARGIN: Final = 3600
"""Seconds before and after what was wrong that still count as the incident."""


@dataclass(frozen=True)
class Labelled:
    """A history and what was wrong in it.

    Attributes:
        name: what sort of history it is.
        values: one every ``step`` seconds from ``START`` on; nan where nothing was recorded.
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
        recorded = np.flatnonzero(~np.isnan(self.values))
        times = START + self.step * recorded
        return MetricHistory.of_values(times, self.values[recorded], resolution=self.step)

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


def _weekly_batch(random: np.random.Generator, days: Floats) -> Floats:
    # On Sundays from two to five.
    weekly = (days % 7 > 6 + 2 / 24) & (days % 7 < 6 + 5 / 24)
    return np.where(weekly, random.normal(75, 3, len(days)), random.normal(15, 2, len(days)))


def _on_and_off(random: np.random.Generator, days: Floats) -> Floats:
    # Build agents: a job of half an hour to two hours, then nothing for two to six hours.
    busy = np.zeros(len(days), dtype=np.bool_)
    at = 0.0
    while at < days[-1]:
        ends = at + random.uniform(0.5, 2) / 24
        busy |= (days >= at) & (days < ends)
        at = ends + random.uniform(2, 6) / 24
    return np.where(busy, random.normal(60, 5, len(days)), random.normal(5, 1, len(days)))


def _sparse_counts(random: np.random.Generator, days: Floats) -> Floats:
    return random.poisson(0.05, len(days)).astype(np.float64)


def _near_saturation(random: np.random.Generator, days: Floats) -> Floats:
    return random.normal(88, 2, len(days))


BACKGROUNDS: Final[dict[str, Background]] = {
    "steady": _steady,
    "office hours": _office_hours,
    "heavy-tailed traffic": _traffic,
    "nightly batch": _batch,
    "idle": _idle,
    "correlated": _correlated,
    "weekly batch": _weekly_batch,
    "on and off": _on_and_off,
    "sparse counts": _sparse_counts,
    "near saturation": _near_saturation,
}

LEAST_LIFTS: Final = {"sparse counts": 10.0}
"""By how much an incident lifts the values at least, where one more than usual is no incident."""


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
    usual = max(usual, 2 * LEAST_LIFTS.get(background, 0.0))
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
        found.append(incident_at(first, length, step, str(shape)))
    return Labelled(background, values, step, tuple(found))


def incident_at(first: int, length: int, step: int, note: str, *, margin: int = MARGIN) -> Incident:
    """An incident in some of a history's values, with its margins."""
    start = START + first * step
    return Incident(start - margin, start + length * step + margin, note)


def _growing(quiet: Labelled) -> Labelled:
    """The same for a service that doubles its load in the course of the history."""
    growth = 1 + np.arange(len(quiet.values)) / len(quiet.values)
    return Labelled("slow growth", quiet.values * growth, quiet.step, quiet.incidents)


def _shifted(quiet: Labelled, random: np.random.Generator) -> Labelled:
    """The same with a new level from some time in the middle on.

    The shift is an incident for a day: by then somebody has seen that this is how it is now.
    """
    values = quiet.values.copy()
    first = int(len(values) * random.uniform(0.4, 0.6))
    usual = float(np.quantile(values, 0.99) - np.median(values))
    values[first:] += usual * random.uniform(2, 5)
    shift = incident_at(first, DAY // quiet.step, quiet.step, "level shift")
    return Labelled("level shift", values, quiet.step, (*quiet.incidents, shift))


def _with_gaps(quiet: Labelled, random: np.random.Generator) -> Labelled:
    """The same where a fifth of the records is missing, and some hours altogether."""
    values = quiet.values.copy()
    values[random.random(len(values)) < 0.2] = np.nan
    for first in random.integers(0, len(values), 4):
        values[first : first + int(random.integers(12, 60))] = np.nan
    return Labelled("missing minutes", values, quiet.step, quiet.incidents)


def _when_any(quiet: Labelled) -> Labelled:
    """The same for a count that is recorded only where there was anything to count."""
    values = np.where(quiet.values > 0, quiet.values, np.nan)
    return Labelled("recorded when any", values, quiet.step, quiet.incidents)


def _capped(quiet: Labelled) -> Labelled:
    """The same for a percentage."""
    return Labelled("saturated", np.minimum(quiet.values, 100), quiet.step, quiet.incidents)


MINUTE: Final = 60
A_DAY: Final = DAY // MINUTE
SHORT_MARGIN: Final = 600
"""Seconds around an incident of some minutes, in a history of minutes."""


def _service(random: np.random.Generator, days: int, *, depth: float = 0.6) -> Floats:
    """A service's traffic, a value a minute: days, weekends and noise that follows the traffic."""
    at = np.arange(days * A_DAY) / A_DAY
    # From Friday night to Sunday night, and to and fro in an hour or two.
    weekend = np.clip(np.minimum((at % 7 - 4.9) / 0.1, (7 - at % 7) / 0.1), 0, 1)
    rhythm = (1 - depth * (1 + np.cos(2 * np.pi * (at - 0.6))) / 2) * (1 - 0.3 * weekend)
    traffic: Floats = 1000 * rhythm * (1 + 0.03 * random.normal(0, 1, len(at)))
    return traffic


def _changed(
    name: str,
    values: Floats,
    random: np.random.Generator,
    count: int,
    change: Callable[[Floats, float], Floats],
) -> Labelled:
    """A service with so many incidents of 5 to 40 minutes, no two within three hours.

    Each is made of the values in it by ``change``, with a size of 0.4 to 1.
    """
    found = []
    slots = np.arange(3 * A_DAY, len(values) - 180, 180)
    for slot in np.sort(random.choice(slots, count, replace=False)).tolist():
        length = int(random.integers(5, 41))
        first = slot + int(random.integers(0, 90))
        part = slice(first, first + length)
        values[part] = change(values[part], random.uniform(0.4, 1))
        found.append(incident_at(first, length, MINUTE, name, margin=SHORT_MARGIN))
    return Labelled(name, values, MINUTE, tuple(found))


def _bursts(seed: int, *, days: int = 28, count: int = 10) -> Labelled:
    """Bursts and dips that hardly ever leave the range of earlier values."""
    random = _random(seed)

    def change(values: Floats, size: float) -> Floats:
        # Towards the middle of the range, which is far away by day and by night.
        return values + size * np.where(values > 600, -500, 400)

    return _changed("within the range", _service(random, days), random, count, change)


def _many(seed: int) -> Labelled:
    """One every other day, from the beginning on, and nobody wrote any of them down."""
    found = _bursts(seed, days=42, count=20)
    return replace(found, name="unlabelled past")


def _strong_rhythm(seed: int) -> Labelled:
    random = _random(seed)
    return _changed(
        "strong rhythm",
        _service(random, 35, depth=0.9),
        random,
        8,
        lambda values, size: values + size * 600,
    )


def _flapping(seed: int) -> Labelled:
    """Bad for five minutes, good for five, for two hours."""
    random = _random(seed)
    values = 40 + random.normal(0, 2, 28 * A_DAY)
    found = []
    for slot in range(6):
        first = int((4 + 4 * slot + random.uniform(0, 3)) * A_DAY)
        for part in range(first, first + 120, 10):
            values[part : part + 5] += random.uniform(25, 60)
        found.append(incident_at(first, 120, MINUTE, "flapping"))
    return Labelled("flapping", values, MINUTE, tuple(found))


def _drifting(seed: int) -> Labelled:
    """Something that fills for half a day to a day and a half, until it is emptied."""
    random = _random(seed)
    values = 40 + random.normal(0, 2, 28 * DAY // 300)
    found = []
    for slot in range(4):
        first = int((4 + 6 * slot + random.uniform(0, 3)) * 288)
        length = int(random.uniform(0.5, 1.5) * 288)
        values[first : first + length] += np.linspace(0, random.uniform(20, 60), length)
        found.append(incident_at(first, length, 300, "slow drift"))
    return Labelled("slow drift", values, 300, tuple(found))


def _ended(seed: int) -> Labelled:
    """A file that ends a week before anybody looks at it."""
    one = labelled("steady", seed, days=21)
    values = one.values.copy()
    values[14 * 288 :] = np.nan
    inside = tuple(i for i in one.incidents if i.end < START + 14 * DAY)
    return Labelled("end of the file", values, one.step, inside)


KINDS: Final[dict[str, Callable[[int], Labelled]]] = {
    "steady": lambda seed: labelled("steady", seed),
    "office hours": lambda seed: labelled("office hours", seed),
    "heavy-tailed traffic": lambda seed: labelled("heavy-tailed traffic", seed),
    "nightly batch": lambda seed: labelled("nightly batch", seed),
    "idle": lambda seed: labelled("idle", seed),
    "correlated": lambda seed: labelled("correlated", seed),
    "weekly batch": lambda seed: labelled("weekly batch", seed, days=42, incidents=4),
    "on and off": lambda seed: labelled("on and off", seed),
    "sparse counts": lambda seed: labelled("sparse counts", seed),
    "recorded when any": lambda seed: _when_any(labelled("sparse counts", seed)),
    "saturated": lambda seed: _capped(labelled("near saturation", seed)),
    "missing minutes": lambda seed: _with_gaps(
        labelled("heavy-tailed traffic", seed), _random(seed)
    ),
    "slow growth": lambda seed: _growing(labelled("office hours", seed, days=120, incidents=6)),
    "level shift": lambda seed: _shifted(labelled("steady", seed, days=28), _random(seed)),
    "within the range": _bursts,
    "unlabelled past": _many,
    "strong rhythm": _strong_rhythm,
    "flapping": _flapping,
    "slow drift": _drifting,
    "end of the file": _ended,
    "a week": lambda seed: labelled("office hours", seed, days=7, incidents=1),
}
"""All kinds of histories, each made from a seed."""


def _random(seed: int) -> np.random.Generator:
    return np.random.default_rng((seed, 1))


def mirrored(one: Labelled) -> Labelled:
    """The same upside down, for alarms that watch for low values."""
    return replace(one, values=-one.values)
