"""Celery's broker in files, so that messages may be sent while a worker runs.

Kombu opens a message under its final name and writes it then: a worker that looks in between takes
an empty file, and ends at it with a ``JSONDecodeError``.
https://github.com/celery/kombu/blob/main/kombu/transport/filesystem.py (``Channel._put``)
"""

import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from kombu.transport.filesystem import Channel  # type: ignore[import-untyped]
from kombu.utils.json import dumps  # type: ignore[import-untyped]


def send_whole_files() -> None:
    """Give a message its name when it is whole, in this process from now on."""
    Channel._put = _put


def _put(channel: Any, queue: str, payload: object, **_: object) -> None:
    message = Path(channel.data_folder_out, f"{time.monotonic_ns()}_{uuid4()}.{queue}.msg")
    part = message.with_suffix(".part")
    part.write_text(dumps(payload))
    part.rename(message)
