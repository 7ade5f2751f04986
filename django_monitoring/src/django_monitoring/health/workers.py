"""Ask Celery's broker whether it takes connections, and workers whether they answer."""

import socket
from collections.abc import Callable
from typing import Any, Final

from django.utils.module_loading import import_string

from .checks import CheckFailedError, CheckSettings

WORKERS: Final = "WORKERS"

_NOBODY: Final = "none"
_ANYBODY: Final = "any"
_THIS_HOST: Final = "host"

WORKER_WORDS: Final = (_NOBODY, _ANYBODY, _THIS_HOST)
"""Who has to answer besides the broker: nobody, any worker, a worker of this host."""

# The part of the deadline that workers have for their answer; connecting needs the rest.
_PATIENCE: Final = 0.5


def ask_celery(settings: CheckSettings) -> Callable[[], None]:
    """Connect to the broker, and ping workers where the settings say so.

    Returns:
        A function that raises where there is no connection or no answer.
    """
    app: Any = import_string(settings.subject)
    workers = settings.option(WORKERS)

    def ask() -> None:
        with app.connection_for_write(
            connect_timeout=settings.deadline,
            transport_options=_transport_options(app, settings.deadline),
        ) as connection:
            connection.ensure_connection(
                max_retries=1, interval_start=0, interval_step=0, timeout=settings.deadline
            )
            if workers != _NOBODY:
                _ping(app, connection, workers, settings.deadline)

    return ask


def _ping(app: Any, connection: Any, workers: str, deadline: float) -> None:
    # A worker's name ends in its host's: celery@web-1.
    # https://docs.celeryq.dev/en/stable/userguide/workers.html#starting-the-worker
    host = socket.gethostname()
    of_host = {"pattern": f"*@{host}", "matcher": "glob"} if workers == _THIS_HOST else {}
    answers = app.control.ping(
        connection=connection, timeout=deadline * _PATIENCE, limit=1, **of_host
    )
    if not answers:
        raise CheckFailedError(
            f"no worker of host {host} answers" if of_host else "no worker answers"
        )


def _transport_options(app: Any, deadline: float) -> dict[str, float]:
    """Timeouts of the broker's client; the other clients have ``connect_timeout`` alone.

    https://docs.celeryq.dev/projects/kombu/en/stable/reference/kombu.transport.redis.html
    """
    if app.connection_for_write().transport.driver_type != "redis":
        return {}
    return {"socket_timeout": deadline, "socket_connect_timeout": deadline}


def celery_mistake(path: str) -> str | None:
    """What to write instead of a path that leads to no Celery application."""
    remedy = 'write the dotted path of the Celery application, such as "shop.celery.app"'
    try:
        app = import_string(path)
    except ImportError as error:
        return f"it cannot be imported ({error}); {remedy}"
    return None if hasattr(app, "connection_for_write") and hasattr(app, "control") else remedy
