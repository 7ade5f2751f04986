"""Tells a client that is gone from a view that fails, and waits for what goes on without it.

An ASGI application hears of a client that hangs up by the cancellation of its task. A view may
raise the same exception by itself; then nobody is gone, and the server answers with 500.
"""

import asyncio
from asyncio import CancelledError
from collections.abc import Callable
from concurrent.futures import Executor
from types import TracebackType
from typing import Final, TypeVar

from asgiref.sync import AsyncToSync, SyncToAsync

_BRIDGE: Final = "asgiref.sync"

_Of = TypeVar("_Of")


def is_cancelled_by_server(failure: BaseException) -> bool:
    """Whether this exception cancels the task that runs, as Django does for a client that is gone.

    Args:
        failure: what was raised in asynchronous code of a request.
    """
    if not isinstance(failure, CancelledError):
        return False
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return False
    return task is not None and task.cancelling() > 0


def is_cancelled_task_below(failure: BaseException) -> bool:
    """The same for synchronous code of an ASGI application, which asynchronous code stands below.

    asgiref runs that in a task, and cancels the task with the request. It is done by the time its
    exception arrives here, so it is looked for where the exception came through.
    https://github.com/django/asgiref/blob/main/asgiref/sync.py

    Args:
        failure: what was raised in synchronous code of a request.
    """
    if not isinstance(failure, CancelledError):
        return False
    passed: TracebackType | None = failure.__traceback__
    while passed is not None:
        frame = passed.tb_frame
        if frame.f_globals.get("__name__") == _BRIDGE and any(
            isinstance(value, asyncio.Task) and value.cancelling()
            for value in frame.f_locals.values()
        ):
            return True
        passed = passed.tb_next
    return False


def when_thread_is_free(do: Callable[[_Of], object], of: _Of) -> None:
    """Do something after what this request runs in a thread of its own, in that thread.

    Cancelling a request takes nothing out of a thread: a view that hangs goes on. Where the
    request has no thread, it is done at once.
    """
    thread = _request_thread()
    try:
        if thread is not None:
            thread.submit(do, of)
            return
    # The thread takes no more work.
    except RuntimeError:
        pass
    do(of)


def _request_thread() -> Executor | None:
    """The one thread of the synchronous code that this asynchronous code calls, if it did.

    The same as asgiref finds, which does not say it. It does one thing after the other.
    """
    above: Executor | None = getattr(AsyncToSync.executors, "current", None)
    if above is not None:
        return above
    context = SyncToAsync.thread_sensitive_context.get(None)
    return None if context is None else SyncToAsync.context_to_thread_executor.get(context)
