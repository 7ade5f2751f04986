"""Real Celery workers and brokers on loopback, with what the workers write to stdout."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests import waiting
from tests.metrics.emf_lines import metric_documents
from tests.metrics.servers import PYTHONPATH

_SITE = "tests.background.celery_site"

until = partial(waiting.until, seconds=60, every=0.1)
"""Wait for what a worker does: each look reads all that it has written."""

_NOTED = 4_000
"""Characters of a worker's errors that the failure of a test shows."""


@dataclass(frozen=True)
class Broker:
    """Where messages are."""

    url: str
    folder: Path
    prefix: str = ""

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "PYTHONPATH": PYTHONPATH,
            "SITE_BROKER": self.url,
            "SITE_FOLDER": str(self.folder),
            "SITE_PREFIX": self.prefix,
            "SITE_INTERVAL": "1",
            "DJANGO_SETTINGS_MODULE": "tests.background.celery_settings",
        }

    def send(self, *calls: str) -> None:
        """Run this in another process, as the web's processes do: ``bill.delay()``."""
        program = "\n".join((f"from {_SITE} import *", "import django", "django.setup()", *calls))
        subprocess.run(
            [sys.executable, "-c", program], env=self.environment, check=True, timeout=60
        )


@contextmanager
def in_files(folder: Path) -> Iterator[Broker]:
    """Celery's broker in files."""
    for name in ("queue", "control"):
        (folder / name).mkdir()
    yield Broker("filesystem://", folder)


@contextmanager
def redis_broker(folder: Path) -> Iterator[Broker]:
    """Redis from the operating system's packages."""
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("needs redis-server: apt-get install redis-server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [server, "--port", str(port), "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    try:
        until(lambda: _answers(port))
        yield Broker(f"redis://127.0.0.1:{port}/0", folder, prefix="shop-")
    finally:
        process.terminate()
        process.wait(30)


class Worker:
    """A running worker."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self.process = process
        self._output = output

    @property
    def documents(self) -> list[Mapping[str, Any]]:
        """The metric lines that it has written until now."""
        output = self._output.read_bytes()
        return metric_documents(output[: output.rfind(b"\n") + 1])

    def end(self) -> list[Mapping[str, Any]]:
        """Ask the worker to end as ECS does; returns all of its metric lines."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return self.documents


@contextmanager
def worker(broker: Broker, *options: str) -> Iterator[Worker]:
    """Start a worker; it is ended in any case."""
    output = broker.folder / "output"
    with output.open("wb") as stdout, (broker.folder / "errors").open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", _SITE, "worker", *options],
            env=broker.environment,
            cwd=broker.folder,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
    try:
        yield Worker(process, output)
    except AssertionError as failure:
        errors = (broker.folder / "errors").read_text(errors="replace")
        failure.add_note(f"the worker (exit code {process.poll()}) says:\n{errors[-_NOTED:]}")
        raise
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
