"""Sums up one interval's background tasks by name."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from . import contract
from .events import TaskEvent
from .names import Names
from .records import MetricDatum, Record
from .timed import SampleBudget, Timed, chunks


@dataclass(slots=True)
class _Task:
    """The runs of the tasks of one name."""

    runs: Timed = field(default_factory=Timed)
    waits: list[float] = field(default_factory=list)
    failures: int = 0
    retries: int = 0


class TaskSums:
    """The background tasks of one process since they were last taken.

    Args:
        names: bounds the names, and makes them safe.
        budget: bounds the times that are kept.
    """

    def __init__(self, names: Names, budget: SampleBudget) -> None:
        self._names = names
        self._budget = budget
        self._tasks: dict[str, _Task] = {}

    def add(self, event: TaskEvent) -> None:
        """Count one run of a task."""
        token = self._names.token(contract.TASK, event.name)
        task = self._tasks.setdefault(token, _Task())
        task.runs.count += 1
        task.failures += event.is_failed
        task.retries += event.is_retried
        if event.seconds is not None and self._budget.take():
            task.runs.seconds.append(event.seconds)
        if event.waited is not None and self._budget.take():
            task.waits.append(event.waited)

    def take(self, milliseconds: int, service: str) -> Iterator[Record]:
        """A record or several of each name; taken at once, and made as they are asked for."""
        tasks, self._tasks = self._tasks, {}
        return _records(milliseconds, service, tasks)


def _records(milliseconds: int, service: str, tasks: dict[str, _Task]) -> Iterator[Record]:
    for token, task in tasks.items():
        counts = tuple(
            MetricDatum(name, contract.COUNT, total)
            for name, total in (
                (contract.TASK_FAILURES, task.failures),
                (contract.TASK_RETRIES, task.retries),
            )
            if total
        )
        for metrics, counted in task.runs.metrics(contract.TASKS, contract.TASK_TIME):
            yield _record(milliseconds, service, token, (*metrics, *counts), counted)
            counts = ()
        for chunk in chunks(task.waits):
            waits = (MetricDatum(contract.TASK_WAIT, contract.SECONDS, chunk),)
            yield _record(milliseconds, service, token, waits, len(chunk))


def _record(
    milliseconds: int, service: str, token: str, metrics: tuple[MetricDatum, ...], measurements: int
) -> Record:
    return Record(
        milliseconds,
        {contract.SERVICE: service, contract.TASK: token},
        (contract.BY_SERVICE, contract.BY_TASK),
        metrics,
        measurements,
    )
