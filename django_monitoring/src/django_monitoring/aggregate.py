"""Sums up one interval's events, and turns the sums into records.

Only the emitter's thread touches an aggregate, so that it needs no lock.
"""

from collections.abc import Iterator
from itertools import chain

from . import contract
from .events import BrokenStream, CountEvent, Event, QueriesEvent, TaskEvent
from .names import Names
from .records import MetricDatum, Record
from .request_sums import Admit, FirstCome, RequestSums, total_metrics
from .task_sums import TaskSums
from .timed import MAX_SAMPLES, SampleBudget


class Aggregate:
    """The sums of one process since they were last taken.

    Args:
        service: the value of the dimension ``Service``.
        max_keys: pairs of method and route, where ``admit`` is left out.
        max_samples: times kept between two times of taking.
        admit: says which pairs of method and route have metrics of their own; left out, the
            first ones that there are.
        names: bounds the names of actions, tasks and the like; left out, to the first ones.
    """

    def __init__(
        self,
        service: str,
        max_keys: int,
        max_samples: int = MAX_SAMPLES,
        admit: Admit | None = None,
        names: Names | None = None,
    ) -> None:
        self.service = service
        self._budget = SampleBudget(max_samples)
        self._requests = RequestSums(admit or FirstCome(max_keys), self._budget)
        self._counts: dict[tuple[str, str], dict[str, int]] = {}
        self._names = names or Names()
        self._tasks = TaskSums(self._names, self._budget)
        self._dropped = 0

    def add(self, event: Event) -> None:
        """Count an event.

        Raises:
            Exception: the application put something into it that is not what it should be; the
                sums are as before.
        """
        if isinstance(event, CountEvent):
            self._add_count(event)
        elif isinstance(event, BrokenStream):
            self._requests.add_broken_stream(event.method, event.route)
        elif isinstance(event, QueriesEvent):
            self._requests.add_queries(event.method, event.route, event.queries, event.seconds)
        elif isinstance(event, TaskEvent):
            self._tasks.add(event)
        else:
            self._requests.add(*event)

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
        requests = self._requests.take(milliseconds, self.service)
        tasks = self._tasks.take(milliseconds, self.service)
        counts, self._counts = self._counts, {}
        totals = self._take_totals()
        return chain(requests, tasks, self._count_records(milliseconds, counts, totals))

    def _add_count(self, event: CountEvent) -> None:
        token = self._names.token(event.dimension, event.value)
        sums = self._counts.setdefault((event.dimension, token), {})
        sums[event.metric] = sums.get(event.metric, 0) + event.amount

    def _take_totals(self) -> dict[str, int | float]:
        totals = self._requests.take_totals()
        totals[contract.SAMPLES_DROPPED] = self._dropped + self._budget.dropped
        self._dropped = self._budget.dropped = self._budget.kept = 0
        return totals

    def _count_records(
        self,
        milliseconds: int,
        counts: dict[tuple[str, str], dict[str, int]],
        totals: dict[str, int | float],
    ) -> Iterator[Record]:
        service = {contract.SERVICE: self.service}
        for (dimension, value), sums in counts.items():
            yield Record(
                milliseconds,
                service | {dimension: value},
                (contract.BY_SERVICE, (contract.SERVICE, dimension)),
                tuple(MetricDatum(name, contract.COUNT, total) for name, total in sums.items()),
                sum(sums.values()),
            )
        metrics = total_metrics(totals)
        if metrics:
            # The requests in it are counted as measurements of their routes.
            yield Record(milliseconds, service, (contract.BY_SERVICE,), metrics, measurements=0)
