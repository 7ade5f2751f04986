"""Histories as services of the web have them: strong rhythm, and noise that follows the load.

What is an incident is decided here: a change that stands clearly out of the noise of its own time
of day, most of them far within what other times of day have. They come in clusters, they last a
quarter of an hour in the median, and some hours are noisier than others for no reason.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from replay.history import Floats
from tests.replay.generated import (
    A_DAY,
    DAY,
    MINUTE,
    SHORT_MARGIN,
    Labelled,
    incident_at,
)

_DAYS: Final = 60
_INCIDENTS: Final = 16


def _rhythm(at: Floats, *, night: float, weekend: float) -> Floats:
    """The load by time of day and week: 1 at its height, ``night`` by night.

    Steeper in the morning than at night, with a second height in the evening.
    """
    hour = 24 * (at % 1)
    wave = 0.75 / (1 + np.exp(-(hour - 7.5) * 1.4)) + 0.25 * np.exp(-(((hour - 20) / 2.2) ** 2))
    wave *= 1 / (1 + np.exp((hour - 23.2) * 2.5))
    is_off = np.clip(np.minimum((at % 7 - 4.9) / 0.1, (7 - at % 7) / 0.1), 0, 1)
    load: Floats = (night + (1 - night) * wave) * (1 - weekend * is_off)
    return load


def _wandering(random: np.random.Generator, count: int, *, minutes: float) -> Floats:
    """Noise of spread 1 with a memory of some minutes and tails heavier than normal ones."""
    memory = np.exp(-1 / minutes)
    steps = random.standard_t(4, count) / np.sqrt(2) * np.sqrt(1 - memory**2)
    # A recursion, for blocks long enough that nothing of the block before is left.
    found = np.empty(count)
    level = 0.0
    for place, step in enumerate(steps.tolist()):
        level = memory * level + step
        found[place] = level
    return found


def _placed(random: np.random.Generator, count: int, total: int) -> list[tuple[int, int]]:
    """First minute and length of incidents: clusters of up to three, no two within an hour."""
    found: list[tuple[int, int]] = []
    while len(found) < count:
        near = 4 * A_DAY + int(random.uniform(0, total - 5 * A_DAY))
        for _ in range(int(random.integers(1, 4))):
            first = near + int(random.uniform(0, 0.8 * A_DAY))
            length = int(np.clip(random.lognormal(np.log(15), 0.7), 3, 120))
            if all(first + length + 60 < f or first > f + n + 60 for f, n in found):
                found.append((first, length))
    return sorted(found[:count])


Change = Callable[[np.random.Generator, Floats], Floats]


def _with_incidents(
    name: str, seed: int, values: Floats, change: Change, random: np.random.Generator
) -> Labelled:
    incidents = []
    for first, length in _placed(random, _INCIDENTS, len(values)):
        part = slice(first, first + length)
        values[part] = change(random, values[part])
        incidents.append(incident_at(first, length, MINUTE, name, margin=SHORT_MARGIN))
    return Labelled(name, values, MINUTE, tuple(incidents))


def _random(seed: int) -> np.random.Generator:
    return np.random.default_rng((seed, 2))


def _minutes(days: int = _DAYS) -> Floats:
    return np.arange(days * A_DAY) / A_DAY


def _requests(seed: int) -> Labelled:
    """Requests: noise in proportion to the load, which is never the same on two days."""
    random = _random(seed)
    at = _minutes()
    load = _rhythm(at, night=random.uniform(0.05, 0.3), weekend=random.uniform(0, 0.4))
    daily = np.repeat(random.lognormal(0, 0.05, _DAYS), A_DAY)
    noise = 1 + 0.04 * _wandering(random, len(at), minutes=random.uniform(1, 6))
    values = 3000 * load * daily * noise

    def change(random: np.random.Generator, part: Floats) -> Floats:
        times = random.uniform(0.2, 0.65) if random.random() < 0.5 else random.uniform(1.5, 2.5)
        return part * times

    return _with_incidents("requests", seed, values, change, random)


def _latencies(seed: int) -> Labelled:
    """Times to answer: skewed, somewhat longer under load, with a long minute now and then."""
    random = _random(seed)
    at = _minutes()
    load = _rhythm(at, night=0.2, weekend=0.2)
    noise = np.exp(0.1 * _wandering(random, len(at), minutes=random.uniform(1, 4)))
    values = (80 + 60 * load) * noise
    longer = random.random(len(at)) < 2 / A_DAY
    values[longer] *= random.uniform(1.2, 1.8, np.count_nonzero(longer))

    def change(random: np.random.Generator, part: Floats) -> Floats:
        return part * random.uniform(1.7, 4)

    return _with_incidents("latencies", seed, values, change, random)


def _successes(seed: int) -> Labelled:
    """A share of requests that succeed, in percent: noisier by night, when there are few."""
    random = _random(seed)
    at = _minutes()
    count = random.poisson(400 * _rhythm(at, night=0.1, weekend=0.3)) + 1
    share = 0.002 * np.exp(0.3 * _wandering(random, len(at), minutes=5))
    failed = random.binomial(count, np.minimum(share, 0.1))
    values = 100 * (1 - failed / count)

    def change(random: np.random.Generator, part: Floats) -> Floats:
        return part - random.uniform(6, 40) * random.uniform(0.8, 1.2, len(part))

    return _with_incidents("successes", seed, values, change, random)


def _counts(seed: int) -> Labelled:
    """Failed logins: few, as many as the load makes."""
    random = _random(seed)
    at = _minutes()
    load = _rhythm(at, night=0.1, weekend=0.3)
    values = random.poisson(20 * load * np.exp(0.15 * _wandering(random, len(at), minutes=30)))

    def change(random: np.random.Generator, part: Floats) -> Floats:
        more = random.uniform(2, 4) * (6 * np.sqrt(part.mean()) + 3)
        return part + random.poisson(more, len(part))

    return _with_incidents("counts", seed, values.astype(np.float64), change, random)


def _jobs(seed: int) -> Labelled:
    """A load with a job at every full hour, and a long one by night."""
    random = _random(seed)
    at = _minutes()
    minute = np.arange(len(at))
    load = _rhythm(at, night=0.3, weekend=0.1)
    values = 40 * load * (1 + 0.04 * _wandering(random, len(at), minutes=3))
    values += np.where(minute % 60 < 3, random.uniform(8, 14, len(at)), 0)
    nightly = (minute % A_DAY > 180) & (minute % A_DAY < 215)
    values += np.where(nightly, random.normal(45, 3, len(at)), 0)

    def change(random: np.random.Generator, part: Floats) -> Floats:
        return part + random.uniform(22, 45)

    return _with_incidents("jobs", seed, values, change, random)


def _noisy_hours(seed: int) -> Labelled:
    """A queue's age: quiet by night, and by day so noisy that the night's incidents are nothing."""
    random = _random(seed)
    at = _minutes()
    load = _rhythm(at, night=0.05, weekend=0.5)
    wander = _wandering(random, len(at), minutes=4)
    values = 20 + 100 * load * np.exp(0.12 * wander)

    def change(random: np.random.Generator, part: Floats) -> Floats:
        return part + random.uniform(1.2, 2.5) * (15 + float(part.mean()))

    return _with_incidents("noisy hours", seed, values, change, random)


def _five_minutes(seed: int) -> Labelled:
    """Two weeks at five minutes of a server: two incidents, and past peaks that nobody labelled."""
    random = _random(seed)
    count = 14 * DAY // 300
    at = np.arange(count) * 300 / DAY
    load = _rhythm(at, night=random.uniform(0.3, 0.8), weekend=random.uniform(0, 0.3))
    values = random.uniform(20, 45) * load * np.exp(0.06 * _wandering(random, count, minutes=2))
    top, noise = float(values.max()), float(np.std(np.diff(values)))
    # Peaks of one period, as backups and deployments make them.
    for place in random.integers(0, count, 4).tolist():
        values[place] += random.uniform(4, 10) * noise
    incidents = []
    for part in range(2):
        first = int(count * (0.3 + 0.35 * part + random.uniform(0, 0.25)))
        length = int(random.choice([3, 6, 12, 36]))
        lift = random.uniform(0.35, 1.2) * top * random.choice([1.0, 1.0, -0.5])
        values[first : first + length] = np.maximum(values[first : first + length] + lift, 0.5)
        incidents.append(incident_at(first, length, 300, "server"))
    return Labelled("server", values, 300, tuple(incidents))


SERVICES: Final[dict[str, Callable[[int], Labelled]]] = {
    "requests": _requests,
    "latencies": _latencies,
    "successes": _successes,
    "counts": _counts,
    "jobs": _jobs,
    "noisy hours": _noisy_hours,
    "server": _five_minutes,
}
"""Kinds of services' histories, each made from a seed."""
