"""Sums up one interval's events, and turns the sums into records.

Only the emitter's thread touches an aggregate, so that it needs no lock.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from . import contract
from .emf import MAX_VALUES
from .events import CountEvent, Event
from .records import Metric, Record
from .tokens import OTHER, route_token, safe_token

MAX_SAMPLES: Final = 100_000
"""Response times kept a process and interval: 3 MB. Requests beyond them are still counted."""

MAX_NAMES: Final = 100
"""Actions, failure types and cache aliases: each kind has at most so many names a process."""

OTHER_METHOD: Final = "OTHER"

_METHODS: Final = frozenset(
    {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE", OTHER_METHOD}
)


@dataclass(slots=True)
class _Key:
    """The requests of one method and route."""

    method: str
    route: str
    requests: int = 0
    seconds: list[float] = field(default_factory=list)


class Aggregate:
    """The sums of one process since they were last taken."""

    def __init__(self, service: str, max_keys: int, max_samples: int = MAX_SAMPLES) -> None:
        self._service = service
        self._max_keys = max_keys
        self._max_samples = max_samples
        self._samples = 0
        self._dropped = 0
        self._statuses = dict.fromkeys(contract.STATUS_CLASSES, 0)
        self._counts: dict[tuple[str, str], dict[str, int]] = {}
        # These two only grow, up to their bounds: CloudWatch asks money for every name that was
        # seen in a month, so a name that was let in once is cheaper than a new one.
        self._keys: dict[tuple[str, str | None], _Key] = {}
        self._tokens: dict[str, dict[str, str]] = {}
        self._overflow = _Key(OTHER_METHOD, OTHER)

    def add(self, event: Event) -> None:
        """Count an event.

        Raises:
            Exception: the application put something into it that is not what it should be; the
                sums are as before.
        """
        if isinstance(event, CountEvent):
            self._add_count(event)
        else:
            self._add_request(*event)

    def drop(self, measurements: int) -> None:
        """Count measurements that are lost."""
        self._dropped += measurements

    def take(self, timestamp: float) -> Iterator[Record]:
        """Everything since the last time, and start again from nothing.

        The sums are taken at once, the records made one by one as they are asked for, so that
        the interpreter's lock is never held for long.

        Args:
            timestamp: seconds since 1970 that the records are to bear.
        """
        milliseconds = int(timestamp * 1000)
        keys = []
        for key in (*self._keys.values(), self._overflow):
            if key.requests:
                keys.append((key, key.requests, key.seconds))
                key.requests, key.seconds = 0, []
        counts, self._counts = self._counts, {}
        totals = self._take_totals()
        self._samples = 0
        return self._records(milliseconds, keys, counts, totals)

    def _add_request(
        self, method: str | None, route: str | None, status: int, seconds: float
    ) -> None:
        known = method if method in _METHODS else OTHER_METHOD
        key = self._keys.get((known, route)) or self._admit(known, route)
        kept = self._samples < self._max_samples
        # All that can fail comes before all that changes something.
        status_class, seconds = status // 100, float(seconds)
        key.requests += 1
        if status_class in self._statuses:
            self._statuses[status_class] += 1
        if kept:
            key.seconds.append(seconds)
            self._samples += 1
        else:
            self._dropped += 1

    def _admit(self, method: str, route: str | None) -> _Key:
        # The overflow key is one of the keys that are paid for.
        if len(self._keys) >= self._max_keys - 1:
            return self._overflow
        key = self._keys[method, route] = _Key(method, route_token(route))
        return key

    def _add_count(self, event: CountEvent) -> None:
        tokens = self._tokens.setdefault(event.dimension, {})
        token = tokens.get(event.value)
        if token is None:
            token = OTHER
            if len(tokens) < MAX_NAMES - 1:
                token = tokens[event.value] = safe_token(event.value)
        sums = self._counts.setdefault((event.dimension, token), {})
        sums[event.metric] = sums.get(event.metric, 0) + event.amount

    def _take_totals(self) -> tuple[Metric, ...]:
        totals = {
            contract.STATUS_CLASSES[status_class]: requests
            for status_class, requests in self._statuses.items()
        }
        totals[contract.SAMPLES_DROPPED] = self._dropped
        self._statuses = dict.fromkeys(self._statuses, 0)
        self._dropped = 0
        return tuple(Metric(name, contract.COUNT, total) for name, total in totals.items() if total)

    def _records(
        self,
        timestamp: int,
        keys: list[tuple[_Key, int, list[float]]],
        counts: dict[tuple[str, str], dict[str, int]],
        totals: tuple[Metric, ...],
    ) -> Iterator[Record]:
        service = {contract.SERVICE: self._service}
        for key, requests, seconds in keys:
            dimensions = service | {contract.METHOD: key.method, contract.ROUTE: key.route}
            for metrics, measured in _request_metrics(requests, seconds):
                yield Record(
                    timestamp,
                    dimensions,
                    (contract.BY_SERVICE, contract.BY_ROUTE),
                    metrics,
                    measured,
                )
        for (dimension, value), sums in counts.items():
            yield Record(
                timestamp,
                service | {dimension: value},
                (contract.BY_SERVICE, (contract.SERVICE, dimension)),
                tuple(Metric(name, contract.COUNT, total) for name, total in sums.items()),
                sum(sums.values()),
            )
        if totals:
            # The requests in it are counted as measurements of their routes.
            yield Record(timestamp, service, (contract.BY_SERVICE,), totals, measurements=0)


def _request_metrics(
    requests: int, seconds: list[float]
) -> Iterator[tuple[tuple[Metric, ...], int]]:
    """The metrics of one key: several times where it has more samples than an array may have.

    Each time says how many requests it speaks for, so that ``Requests`` adds up. Requests whose
    time was dropped are counted in the first one.
    """
    untimed = requests - len(seconds)
    for start in range(0, max(len(seconds), 1), MAX_VALUES):
        chunk = tuple(seconds[start : start + MAX_VALUES])
        counted = len(chunk) + (untimed if start == 0 else 0)
        metrics: tuple[Metric, ...] = (Metric(contract.REQUESTS, contract.COUNT, counted),)
        if chunk:
            metrics = (*metrics, Metric(contract.RESPONSE_TIME, contract.SECONDS, chunk))
        yield metrics, counted
