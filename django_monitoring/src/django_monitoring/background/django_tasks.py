"""Counts Django's own background tasks, by their signals.

Django has them since 6.0, and the package ``django-tasks`` for older versions; both send the same.
https://docs.djangoproject.com/en/stable/ref/tasks/
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from django.apps import apps

from ..events import TaskEvent
from ..recorder import recorder
from .start import start_with_a_task

_FAILED: Final = "FAILED"
_UID: Final = "django_monitoring"


def connect() -> None:
    """Connect to the signals of Django's tasks and of the package, where they are."""
    if find_spec("django.tasks") is not None:
        _connect_to("django.tasks.signals")
    if apps.is_installed("django_tasks"):
        _connect_to("django_tasks.signals")


def _connect_to(module: str) -> None:
    signals = import_module(module)
    signals.task_started.connect(task_started, dispatch_uid=_UID)
    signals.task_finished.connect(task_finished, dispatch_uid=_UID)


def task_started(**_: object) -> None:
    """A worker has nothing else that says what it is."""
    start_with_a_task()


def task_finished(task_result: Any = None, **_: object) -> None:
    """A task ended, well or not."""
    recorder.add(
        TaskEvent(
            str(task_result.task.module_path),
            _seconds(task_result.started_at, task_result.finished_at),
            _seconds(_due(task_result), task_result.started_at),
            is_failed=str(getattr(task_result.status, "value", task_result.status)) == _FAILED,
        )
    )


def _due(task_result: Any) -> Any:
    """When the task could have run: when it was sent, or later where it was to wait."""
    run_after, enqueued = getattr(task_result.task, "run_after", None), task_result.enqueued_at
    return enqueued if run_after is None or enqueued is None else max(run_after, enqueued)


def _seconds(since: Any, until: Any) -> float | None:
    if since is None or until is None:
        return None
    return max(float((until - since).total_seconds()), 0.0)
