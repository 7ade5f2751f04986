"""Starts the recorder in processes without the middleware, where it is wanted.

A worker says that it is one. A management command does not: one of Django's own, such as
``migrate`` or ``collectstatic``, must never find metric lines in its output or want a service's
name; one of the project's counts what it records.
"""

import logging
import sys
from dataclasses import replace
from typing import Final

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import get_commands

from ..conf import METRICS, read_config
from ..in_tests import is_test_run
from ..recorder import recorder
from ..sinks import StderrSink, StdoutSink

_logger: Final = logging.getLogger("django_monitoring")


def start_recording() -> None:
    """Record from now on in this process: a worker, or a script of your own.

    Nothing happens in a test run, where metrics are not enabled, where the process records
    already, and while one of Django's own management commands runs.

    Raises:
        ImproperlyConfigured: a setting is wrong.
    """
    command = running_command()
    if recorder.is_active or (command is not None and _is_djangos(command)):
        return
    config = read_config()
    if not config.enabled or (is_test_run() and not config.in_tests):
        return
    if command is not None and config.make_sink is StdoutSink:
        # Its output is its own; the log driver reads both.
        config = replace(config, make_sink=StderrSink)
    recorder.activate(config)


def start_worker() -> None:
    """Record from now on in a worker, which like a server does not start with wrong settings.

    A project whose requests are not measured may leave its tasks so, too.

    Raises:
        SystemExit: a setting is wrong, and the project has the metrics middleware.
    """
    try:
        start_recording()
    except ImproperlyConfigured as mistake:
        if METRICS in settings.MIDDLEWARE:
            raise SystemExit(
                f"the worker does not start, as a server would not: {mistake}"
            ) from None
        _tell(mistake)


def start_with_a_task() -> None:
    """Record from now on in a process that runs a task; nothing is raised, since it must run."""
    try:
        start_recording()
    except ImproperlyConfigured as mistake:
        _tell(mistake)


def start_outside_requests() -> None:
    """Record from now on, if a management command of the project's runs; or say that nothing is.

    Once a process, in what the application records itself; nothing is raised.
    """
    global _is_decided
    if _is_decided or recorder.is_active:
        return
    _is_decided = True
    if is_test_run() or not apps.ready:
        return
    command = running_command()
    if command is None:
        _logger.warning(
            "nothing is recorded in this process, which has no metrics middleware and is no "
            "worker: call django_monitoring.background.start.start_recording() in it"
        )
        return
    try:
        start_recording()
    except ImproperlyConfigured as mistake:
        _tell(mistake)


_is_decided = False
_is_told = False


def _tell(mistake: ImproperlyConfigured) -> None:
    """Say once a process why nothing is recorded."""
    global _is_told
    if not _is_told:
        _is_told = True
        _logger.error("nothing is recorded in this process: %s", mistake)


def running_command() -> str | None:
    """The management command that this process runs, by its name, or ``None``."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    return name if name in get_commands() else None


def _is_djangos(command: str) -> bool:
    application = get_commands()[command]
    # Django's own are named by "django.core" or their app, others may be instances.
    return isinstance(application, str) and application.split(".")[0] == "django"
