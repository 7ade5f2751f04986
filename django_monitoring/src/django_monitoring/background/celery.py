"""Counts Celery's tasks, by the signals of its workers.

https://docs.celeryq.dev/en/stable/userguide/signals.html
"""

import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import get_ident
from typing import Any, Final

from celery import signals  # type: ignore[import-untyped]

from .. import contract
from ..events import TaskEvent
from ..in_progress import InProgress
from ..names import NamePlan, Names
from ..recorder import recorder
from ..records import MetricDatum, Record
from .queues import SENT, QueueSampler
from .start import start_with_a_task, start_worker

_RETRY: Final = "RETRY"

_REMEMBERED: Final = 1_000
"""Tasks of killed processes that are remembered: of one, the parent may tell twice."""

_UID: Final = "django_monitoring"


@dataclass(eq=False, slots=True)
class _Run:
    """One run of a task in this process."""

    name: str
    waited: float | None
    is_failed: bool = False


class TaskProgress(InProgress[_Run]):
    """The tasks that this process runs, so that those which hang are seen."""

    def __init__(self) -> None:
        super().__init__()
        # By thread as well: a task that asks to be run again may run anew before it has ended.
        self._runs: dict[tuple[str, int], _Run] = {}
        self._killed: deque[str] = deque(maxlen=_REMEMBERED)
        self._is_used = False
        self._names = Names()

    def forget(self) -> None:
        """In a forked process: what the parent runs is the parent's."""
        self._runs.clear()
        self.running.clear()
        self._is_used = False

    def start(self, task_id: str, run: _Run) -> None:
        """A run begins."""
        self._is_used = True
        self._runs[task_id, get_ident()] = run
        self.begin(run)

    def run_of(self, task_id: str) -> _Run | None:
        """The run of a task that this process runs."""
        return self._runs.get((task_id, get_ident()))

    def is_news(self, task_id: str) -> bool:
        """Whether a process was killed with a task of which nothing was told so far."""
        if task_id in self._killed:
            return False
        self._killed.append(task_id)
        return True

    def stop(self, task_id: str) -> tuple[_Run, float] | None:
        """A run ends; returns it with its seconds, if it had begun here."""
        run = self._runs.pop((task_id, get_ident()), None)
        started = None if run is None else self.end(run)
        if run is None or started is None:
            return None
        return run, time.perf_counter() - started

    def sample(self) -> None:
        """Look at what is in progress; see ``Sampler``."""
        self.look()

    def take(self, milliseconds: int, service: str) -> Iterable[Record]:
        """What was seen since the last time; nothing before the process's first task."""
        if not self._is_used:
            return ()
        self.sample()
        seen = self.take_seen()
        oldest: Mapping[str, str] = {}
        if seen.oldest is not None:
            name = self._names.token(contract.TASK, seen.oldest.name)
            oldest = {contract.OLDEST_TASK_PROPERTY: name}
        return (
            Record(
                milliseconds,
                {contract.SERVICE: service},
                (contract.BY_SERVICE,),
                (
                    MetricDatum(contract.TASKS_IN_PROGRESS, contract.COUNT, seen.most),
                    MetricDatum(contract.OLDEST_TASK, contract.SECONDS, seen.age),
                ),
                measurements=0,
                properties=oldest,
            ),
        )


_progress = TaskProgress()


def connect() -> None:
    """Connect to the signals. Those of a worker come in workers alone."""
    # Celery's signals hold their receivers weakly, and functions of a module live on.
    for signal, receiver in (
        (signals.before_task_publish, stamp),
        (signals.worker_init, worker_begins),
        (signals.worker_process_init, process_begins),
        (signals.worker_process_shutdown, process_ends),
        (signals.worker_shutdown, process_ends),
        (signals.task_prerun, run_begins),
        (signals.task_failure, run_fails),
        (signals.task_postrun, run_ends),
    ):
        signal.connect(receiver, dispatch_uid=f"{_UID}.{receiver.__name__}")


def stamp(headers: Any = None, **_: object) -> None:
    """Write into a message when it was sent, so that its worker knows how long it waited."""
    if isinstance(headers, dict):
        headers[SENT] = time.time()


def worker_begins(sender: Any = None, **_: object) -> None:
    """A worker's main process: it runs tasks itself, or is the parent of those that do.

    Raises:
        SystemExit: a setting is wrong; of all other exceptions, Celery would say no more than
            that a receiver has raised them.
    """
    start_worker()
    app = getattr(sender, "app", None)
    if app is not None:
        recorder.plan_names(contract.TASK, NamePlan(lambda: _registered(app)))
    recorder.sample(_progress)
    if app is not None:
        recorder.sample(QueueSampler(app))


def process_begins(**_: object) -> None:
    """A child process of a worker's pool."""
    _progress.forget()
    start_with_a_task()
    recorder.sample(_progress)


def process_ends(**_: object) -> None:
    """Publish the last metrics: pool processes leave without ``atexit``."""
    recorder.flush(close=True)


def run_begins(task_id: str = "", task: Any = None, **_: object) -> None:
    """A task begins."""
    request = getattr(task, "request", None)
    _progress.start(task_id, _Run(_name(task), _waited(request)))


def run_fails(task_id: str = "", sender: Any = None, **_: object) -> None:
    """A task failed here, or its process was killed and this is the parent."""
    run = _progress.run_of(task_id)
    if run is not None:
        run.is_failed = True
    elif _progress.is_news(task_id):
        recorder.add(TaskEvent(_name(sender), seconds=None, is_failed=True))


def run_ends(task_id: str = "", state: Any = None, **_: object) -> None:
    """A task ended, well or not; without a state its process ends in the middle of it."""
    stopped = _progress.stop(task_id)
    if stopped is not None and state is not None:
        run, seconds = stopped
        recorder.add(TaskEvent(run.name, seconds, run.waited, run.is_failed, state == _RETRY))


def _registered(app: Any) -> list[str]:
    """The application's tasks, in an order that all of its workers have alike."""
    return sorted(name for name in app.tasks if not name.startswith("celery."))


def _name(task: Any) -> str:
    return str(getattr(task, "name", None) or type(task).__name__)


def _waited(request: Any) -> float | None:
    """Seconds since the task was sent, or since it was to run; clocks may differ a little."""
    sent = getattr(request, SENT, None)
    if not isinstance(sent, int | float):
        return None
    since = float(sent)
    eta = getattr(request, "eta", None)
    if isinstance(eta, str):
        try:
            since = max(since, datetime.fromisoformat(eta).timestamp())
        except ValueError:
            return None
    return max(time.time() - since, 0.0)
