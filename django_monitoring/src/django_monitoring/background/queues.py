"""How many tasks wait in a worker's queues, and for how long, as its broker says it."""

import json
import logging
import math
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .. import contract
from ..records import MetricDatum, Record
from ..tokens import safe_token

SENT: Final = "django_monitoring_sent"
"""The message header with the time at which it was sent, in seconds since 1970."""

EVERY: Final = 15.0
"""Seconds between two questions to the broker."""

_logger: Final = logging.getLogger("django_monitoring")


@dataclass(frozen=True, slots=True)
class QueueState:
    """A queue at one time.

    Attributes:
        name: the queue's.
        length: messages that wait in it.
        age: seconds since the oldest one was sent; ``None`` where the broker cannot say it.
    """

    name: str
    length: int
    age: float | None


class QueueSampler:
    """Asks the broker in a thread of its own, since it may be slow or gone.

    Args:
        app: the Celery application whose worker this is.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._states: list[QueueState] = []
        self._asked_at = -math.inf
        self._thread: threading.Thread | None = None
        self._is_warned = False

    def sample(self) -> None:
        """Ask again, if it is time; see ``Sampler``."""
        is_asking = self._thread is not None and self._thread.is_alive()
        if is_asking or time.monotonic() - self._asked_at < EVERY:
            return
        self._asked_at = time.monotonic()
        self._thread = threading.Thread(
            target=self._ask, name="django-monitoring-queues", daemon=True
        )
        self._thread.start()

    def take(self, milliseconds: int, service: str) -> Iterable[Record]:
        """What the broker said last, unless it has not answered for long."""
        states, self._states = self._states, []
        for state in states:
            metrics = [MetricDatum(contract.QUEUE_LENGTH, contract.COUNT, state.length)]
            if state.age is not None:
                metrics.append(MetricDatum(contract.QUEUE_AGE, contract.SECONDS, state.age))
            yield Record(
                milliseconds,
                {contract.SERVICE: service, contract.QUEUE: safe_token(state.name)},
                (contract.BY_SERVICE, contract.BY_QUEUE),
                tuple(metrics),
                measurements=0,
            )

    def _ask(self) -> None:
        try:
            self._states = queue_states(self._app)
        except Exception as failure:
            if not self._is_warned:
                self._is_warned = True
                _logger.warning(
                    "the broker does not say how long its queues are: %s",
                    safe_token(type(failure).__name__),
                )


def queue_states(app: Any) -> list[QueueState]:
    """The state of each queue that the application's workers read.

    Raises:
        Exception: the broker does not answer.
    """
    states = []
    with app.connection_for_read() as connection:
        for name, queue in app.amqp.queues.consume_from.items():
            # A channel each: a queue that does not exist yet closes it.
            with connection.channel() as channel:
                length = _length(channel, queue)
                if length is not None:
                    states.append(QueueState(name, length, _age(channel, name, length)))
    return states


def _length(channel: Any, queue: Any) -> int | None:
    # Brokers that Celery speaks AMQP to in its own words alone; they do not know a queue that
    # is empty.
    size = getattr(channel, "_size", None)
    if callable(size):
        return int(size(queue.name))
    try:
        return int(queue(channel).queue_declare(passive=True).message_count)
    except channel.connection.channel_errors:
        return None


def _age(channel: Any, name: str, length: int) -> float | None:
    if length == 0:
        return 0.0 if _can_look(channel) else None
    sent = [
        message["headers"][SENT]
        for message in _oldest(channel, name)
        if SENT in message.get("headers", {})
    ]
    return max(time.time() - min(sent), 0.0) if sent else None


def _can_look(channel: Any) -> bool:
    return _transport(channel) in ("redis", "filesystem", "memory")


def _transport(channel: Any) -> str:
    return type(channel).__module__.rpartition(".")[2]


def _oldest(channel: Any, name: str) -> list[dict[str, Any]]:
    """The message that has waited longest: of each priority where there are some.

    https://github.com/celery/kombu/tree/main/kombu/transport
    """
    transport = _transport(channel)
    if transport == "redis":
        import redis

        # New messages are pushed to the left, one list a priority.
        client = channel.client
        # The transport's own client knows its prefix in some commands and not in others.
        plain = redis.Redis(connection_pool=client.connection_pool)
        prefix = getattr(channel, "global_keyprefix", "")
        keys = [channel._q_for_pri(name, step) for step in channel.priority_steps]
        texts = [plain.lindex(f"{prefix}{key}", -1) for key in keys]
        return [json.loads(text) for text in texts if text]
    if transport == "filesystem":
        # Their names begin with a time.
        names = sorted(
            path.name
            for path in Path(channel.data_folder_in).iterdir()
            if path.name.partition(".")[2] == f"{name}.msg"
        )
        return [json.loads((Path(channel.data_folder_in) / names[0]).read_text())] if names else []
    if transport == "memory":
        return list(channel._queue_for(name).queue)[:1]
    return []
