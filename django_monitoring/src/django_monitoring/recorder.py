"""The process's one recorder: what the middleware and the other parts record into."""

import atexit
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.http import HttpRequest

from . import contract
from .aggregate import Aggregate
from .conf import Config
from .database import PoolSampler
from .emitter import Emitter, Sampler
from .events import Event
from .intake import Intake, nowhere
from .names import NamePlan, Names
from .progress import OpenRequests
from .route_keys import PlannedRoutes

FLUSH_TIMEOUT: Final = 5.0
"""Seconds that the end of a process may wait for its metrics to be written."""

_RETRY: Final = 60.0

_logger: Final = logging.getLogger("django_monitoring")


class Recorder:
    """Takes events from any thread of any process, and never raises.

    It records nothing until it is activated, which the middleware does: a management command
    must not find metric lines in its output. The emitter's thread starts with the first event
    of a process, hence in each forked worker by itself.
    """

    def __init__(self) -> None:
        self._config: Config | None = None
        self._replacement: Config | None = None
        # Besides the requests in progress.
        self._samplers: list[Sampler] = []
        self._plans: dict[str, NamePlan] = {}
        self._emitter: Emitter | None = None
        self._lock = threading.RLock()
        self.progress = OpenRequests()
        self.intake: Intake | None = None
        self._starting = False
        # Measurements without an emitter, because no thread could be started.
        self._lost = 0
        self._retry_at = 0.0

    def activate(self, config: Config) -> None:
        """Record from now on, in this process and in those forked from it."""
        self._config = config

    @property
    def is_active(self) -> bool:
        """Whether anything is recorded in this process."""
        return self._replacement is not None or self._config is not None

    def sample(self, sampler: Sampler) -> None:
        """Look at this, too, and publish what is seen; the emitter's thread starts for it.

        Processes that are forked from this one do not. Never raises.
        """
        if sampler in self._samplers:
            return
        self._samplers.append(sampler)
        try:
            if self._emitter is not None:
                self._emitter.samplers.append(sampler)
            else:
                self._start()
        except Exception:
            return

    def plan_names(self, dimension: str, plan: NamePlan) -> None:
        """Names of this dimension that have metrics of their own, once the recorder starts.

        Also in processes that are forked from this one.
        """
        self._plans[dimension] = plan

    def open_intake(self, request: HttpRequest) -> Intake:
        """Where requests go, for the process's first one; afterwards it is ``intake``.

        A worker whose first requests all hang has nothing but their beginnings. Never raises:
        where nothing can be recorded, nothing is.

        Args:
            request: the server's process is asked, out of it, how many it answers at once.
        """
        try:
            emitter = self._emitter or self._start()
            if emitter is None:
                return nowhere()
            self.progress.begin(request)
        except Exception:
            return nowhere()
        self.intake = Intake(self.progress.running, emitter.events, emitter.lose)
        return self.intake

    def add(self, event: Event) -> None:
        """Record an event. Never waits, never raises."""
        # Whatever goes wrong here, the application's request must not notice.
        try:
            emitter = self._emitter or self._start()
            if emitter is not None:
                emitter.add(event)
        except Exception:
            return

    def flush(self, timeout: float = FLUSH_TIMEOUT, *, close: bool = False) -> bool:
        """Publish everything that this process has recorded.

        Args:
            timeout: seconds to wait at most.
            close: close the sink then, since the process ends.

        Returns:
            Whether everything was published.
        """
        emitter = self._emitter
        return emitter is None or emitter.flush(timeout, close=close)

    def deactivate(self, timeout: float = FLUSH_TIMEOUT) -> bool:
        """Publish everything, end the thread and record nothing more."""
        self._config = None
        return self._stop(timeout)

    @contextmanager
    def replaced(self, config: Config) -> Iterator[None]:
        """Record by this configuration inside, whatever is activated there."""
        before = self._replacement
        self._stop(FLUSH_TIMEOUT)
        self._replacement = config
        try:
            yield
        finally:
            self._stop(FLUSH_TIMEOUT)
            self._replacement = before

    def forget_parent(self) -> None:
        """In a forked process: what was recorded before is the parent's to publish."""
        # Another thread may have held the lock, and there is no such thread here.
        self._lock = threading.RLock()
        self._samplers = []
        self._start_anew()

    def _stop(self, timeout: float) -> bool:
        emitter = self._emitter
        self._start_anew()
        return emitter is None or emitter.stop(timeout)

    def _start_anew(self) -> None:
        self._emitter = None
        self.progress = OpenRequests()
        self.intake = None
        self._starting = False
        self._lost = 0
        self._retry_at = 0.0

    def _start(self) -> Emitter | None:
        config = self._replacement or self._config
        if config is None:
            return None
        with self._lock:
            if self._emitter is not None:
                return self._emitter
            # A finalizer that records something may run in the middle of what follows.
            if self._starting or time.monotonic() < self._retry_at:
                self._lost += 1
                return None
            self._starting = True
            try:
                self._emitter = self._started(config)
            except RuntimeError:
                # No thread to be had: trying again at each request would slow all of them.
                self._retry_at = time.monotonic() + _RETRY
                self._lost += 1
            finally:
                self._starting = False
            return self._emitter

    def _started(self, config: Config) -> Emitter:
        self.progress = OpenRequests(config.threads)
        self.intake = None
        emitter = Emitter(
            Aggregate(
                config.service,
                config.max_keys,
                admit=PlannedRoutes(config.max_keys, config.routes, _warn),
                names=Names({**self._plans, **_listed_actions(config)}, _warn),
            ),
            config.make_sink,
            config.interval,
            [self.progress, *self._samplers, *([PoolSampler()] if config.database else [])],
        )
        emitter.start()
        emitter.lose(self._lost)
        self._lost = 0
        return emitter


def _listed_actions(config: Config) -> dict[str, NamePlan]:
    actions = config.actions
    if actions is None:
        return {}
    return {contract.ACTION: NamePlan(lambda: actions, 'DJANGO_MONITORING["ACTIONS"]')}


def _warn(text: str) -> None:
    _logger.warning("%s", text)


recorder: Final = Recorder()
# Where there is no fork, Django can still be developed.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=recorder.forget_parent)
# Runs in gunicorn's workers too, which end by leaving the interpreter.
atexit.register(recorder.flush, close=True)
