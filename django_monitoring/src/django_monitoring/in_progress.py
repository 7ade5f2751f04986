"""What is being done right now, looked at some times a second: what hangs has no end to record."""

from dataclasses import dataclass
from time import perf_counter
from typing import Generic, TypeVar

Key = TypeVar("Key")


@dataclass(slots=True)
class InProgressSamples(Generic[Key]):
    """What the looks of one interval have shown."""

    looks: int = 0
    most: int = 0
    """The most at once."""

    busy: float = 0.0
    """Sum over the looks of the part of the capacity that was in use."""

    age: float = 0.0
    """Seconds since the oldest one began."""

    oldest: Key | None = None


class InProgress(Generic[Key]):
    """The keys that have begun and not ended, in the order in which they began.

    Any thread puts one in and takes it out with one atomic operation of a dictionary each; the
    emitter's thread looks.
    """

    def __init__(self) -> None:
        self.running: dict[Key, float] = {}
        self._seen: InProgressSamples[Key] = InProgressSamples()

    def begin(self, key: Key) -> float:
        """Put one in; returns when, by ``perf_counter``."""
        self.running[key] = started = perf_counter()
        return started

    def end(self, key: Key) -> float | None:
        """Take one out; returns when it was put in, if it was."""
        return self.running.pop(key, None)

    def look(self, besides: int = 0, capacity: int | None = None) -> None:
        """Look at what is in progress, in the emitter's thread.

        Args:
            besides: how many more are in progress that have no age.
            capacity: how many can be in progress at once.
        """
        seen, running = self._seen, self.running.copy()
        at_once = len(running) + besides
        seen.looks += 1
        seen.most = max(seen.most, at_once)
        if capacity:
            seen.busy += min(at_once / capacity, 1.0)
        for oldest, started in running.items():
            age = perf_counter() - started
            if age > seen.age:
                seen.age, seen.oldest = age, oldest
            break

    def take_seen(self) -> InProgressSamples[Key]:
        """What was seen since the last time."""
        seen, self._seen = self._seen, InProgressSamples()
        return seen
