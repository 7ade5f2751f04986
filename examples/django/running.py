"""The shop's processes: servers and a worker, with what they write to standard output."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).resolve().parent
_START_SECONDS: Final = 60.0


class Process:
    """One that runs; its output is in a file."""

    def __init__(self, process: subprocess.Popen[str], output: Path, port: int) -> None:
        self._process = process
        self._output = output
        self.port = port

    @property
    def lines(self) -> list[str]:
        """What it has written until now."""
        return self._output.read_text().splitlines()

    def wait_for(self, condition: Callable[[list[str]], bool]) -> None:
        """Wait until its output is so.

        Raises:
            TimeoutError: it is not within a minute.
        """
        until = time.monotonic() + _START_SECONDS
        while not condition(self.lines):
            if time.monotonic() > until:
                raise TimeoutError(f"not within {_START_SECONDS:.0f} s: {self.lines[-3:]}")
            time.sleep(0.1)

    def request(self, path: str, timeout: float = 10.0) -> None:
        """Ask for a page; hang up after so many seconds."""
        # An answer that is an error, and one that does not come, are part of the example.
        with suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=timeout).close()

    def end(self) -> list[str]:
        """Ask it to end as ECS does; returns everything that it wrote."""
        self._process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=30)
        return self.lines


@contextmanager
def started(*command: str, messages: Path) -> Iterator[Process]:
    """Run a module of Python; ``{port}`` in the command stands for a free port.

    Args:
        command: the module and its arguments.
        messages: where Celery's messages are.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = [part.format(port=port) for part in command]
    with tempfile.TemporaryDirectory() as directory:
        output = Path(directory) / "output"
        with output.open("w") as stdout:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=_HERE,
                env={**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings"}
                | {"SHOP_MESSAGES": str(messages), "PYTHONUNBUFFERED": "1"},
                stdout=stdout,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
            )
        try:
            if any("{port}" in part for part in command):
                _wait_for_port(port)
            yield Process(process, output, port)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def send(program: str, messages: Path) -> None:
    """Run some lines of Python as the shop's web processes would."""
    subprocess.run(
        [sys.executable, "-c", program],
        cwd=_HERE,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings"}
        | {"SHOP_MESSAGES": str(messages)},
        check=True,
        timeout=120,
    )


def _wait_for_port(port: int) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"no server within {_START_SECONDS:.0f} s")
