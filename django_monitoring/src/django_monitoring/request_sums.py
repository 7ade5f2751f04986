"""Sums up one interval's requests by method and route."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from . import contract
from .events import DISCONNECTED
from .records import MetricDatum, Record
from .timed import SampleBudget, Timed
from .tokens import OTHER, route_token

OTHER_METHOD: Final = "OTHER"

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", OTHER_METHOD, "TRACE")

Admit = Callable[[str, str | None], str | None]
"""The value of ``Route`` for a method and a resolved pattern; ``None`` where they share one."""

_METHODS: Final = frozenset(METHODS)


@dataclass(slots=True)
class _Key:
    """The requests of one method and route."""

    method: str
    route: str
    requests: Timed = field(default_factory=Timed)
    properties: dict[str, int | float] = field(default_factory=dict)


class FirstCome:
    """Admits the first pairs of method and route that there are, up to a bound.

    For where no URL configuration is known; each process admits others.

    Args:
        most: pairs of method and route, with the one that stands for all others.
    """

    def __init__(self, most: int) -> None:
        self._left = most - 1

    def __call__(self, method: str, route: str | None) -> str | None:
        """See ``Admit``."""
        if self._left <= 0:
            return None
        self._left -= 1
        return route_token(route)


class RequestSums:
    """The requests of one process since they were last taken.

    Args:
        admit: says which pairs of method and route have metrics of their own.
        budget: bounds the times that are kept.
    """

    def __init__(self, admit: Admit, budget: SampleBudget) -> None:
        self._admit = admit
        self._budget = budget
        self._totals: dict[str, int | float] = {}
        # Only grows, up to its bound: CloudWatch asks money for every name that was seen in a
        # month, so a name that was let in once is cheaper than a new one.
        self._keys: dict[tuple[str, str | None], _Key] = {}
        self._shared: dict[tuple[str, str], _Key] = {}
        self._overflow = _Key(OTHER_METHOD, OTHER)

    def add(self, method: str | None, route: str | None, status: int, seconds: float) -> None:
        """Count a request; see ``RequestEvent``."""
        key = self._key(method, route)
        # All that can fail comes before all that changes something.
        status_class, seconds = status // 100, float(seconds)
        key.requests.count += 1
        if status_class in contract.STATUS_CLASSES:
            self._count(key, *_STATUS_NAMES[status_class])
        elif status == DISCONNECTED:
            self._count(key, contract.DISCONNECTS, contract.DISCONNECTED_PROPERTY)
        if self._budget.take():
            key.requests.seconds.append(seconds)

    def add_broken_stream(self, method: str | None, route: str | None) -> None:
        """Count a stream that broke; its request was counted when its status was sent."""
        key = self._key(method, route)
        self._count(key, contract.STREAMS_BROKEN, contract.BROKEN_PROPERTY)

    def add_queries(
        self, method: str | None, route: str | None, queries: int, seconds: float
    ) -> None:
        """Count the queries of a request, which is counted when it ends."""
        key = self._key(method, route)
        self._count(key, contract.QUERIES, contract.QUERIES_PROPERTY, queries)
        self._count(key, contract.DATABASE_TIME, contract.DATABASE_TIME_PROPERTY, seconds)

    def take_totals(self) -> dict[str, int | float]:
        """The counts of all requests together, by the names of their metrics."""
        totals, self._totals = self._totals, {}
        return totals

    def take(self, milliseconds: int, service: str) -> Iterator[Record]:
        """A record or several of each pair; taken at once, and made as they are asked for."""
        taken = []
        for key in (*self._keys.values(), self._overflow):
            if key.requests.count or key.properties:
                taken.append((key, key.requests, key.properties))
                key.requests, key.properties = Timed(), {}
        return _records(milliseconds, service, taken)

    def _count(self, key: _Key, metric: str, name: str, amount: float = 1) -> None:
        self._totals[metric] = self._totals.get(metric, 0) + amount
        key.properties[name] = key.properties.get(name, 0) + amount

    def _key(self, method: str | None, route: str | None) -> _Key:
        usual = usual_method(method)
        return self._keys.get((usual, route)) or self._admitted(usual, route)

    def _admitted(self, method: str, route: str | None) -> _Key:
        token = self._admit(method, route)
        if token is None:
            return self._overflow
        # Several patterns may have one name, such as those of several languages.
        key = self._shared.get((method, token))
        if key is None:
            key = self._shared[method, token] = _Key(method, token)
        self._keys[method, route] = key
        return key


_STATUS_NAMES: Final = {
    first: (metric, contract.STATUS_PROPERTIES[first])
    for first, metric in contract.STATUS_CLASSES.items()
}


def usual_method(method: str | None) -> str:
    """The method, or ``OTHER`` for what a client has made up."""
    return method if method in _METHODS else OTHER_METHOD


def _records(
    milliseconds: int, service: str, taken: list[tuple[_Key, Timed, dict[str, int | float]]]
) -> Iterator[Record]:
    for key, requests, properties in taken:
        dimensions = {
            contract.SERVICE: service,
            contract.METHOD: key.method,
            contract.ROUTE: key.route,
        }
        # The properties speak for all of the key's lines, and are in the first one.
        for metrics, counted in requests.metrics(contract.REQUESTS, contract.RESPONSE_TIME):
            yield Record(
                milliseconds,
                dimensions,
                (contract.BY_SERVICE, contract.BY_ROUTE),
                metrics,
                counted,
                properties,
            )
            properties = {}


def total_metrics(totals: dict[str, int | float]) -> tuple[MetricDatum, ...]:
    """The sums that are not zero, as metrics."""
    return tuple(
        MetricDatum(
            name, contract.SECONDS if name == contract.DATABASE_TIME else contract.COUNT, total
        )
        for name, total in totals.items()
        if total
    )
