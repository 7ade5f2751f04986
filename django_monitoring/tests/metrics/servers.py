"""Real servers on loopback, with what they write to stdout."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).parents[2]
PYTHONPATH: Final = os.pathsep.join((str(PACKAGE / "src"), str(PACKAGE)))

SITE: Final = "tests.metrics.metrics_site"

_START: Final = 60.0
_END: Final = 60.0


def gunicorn(*options: str) -> list[str]:
    """The command of a gunicorn without its address."""
    return ["gunicorn", *options, f"{SITE}:wsgi_application()", "--bind"]


def uvicorn(*options: str) -> list[str]:
    """The command of a uvicorn without its port."""
    return ["uvicorn", *options, "--factory", f"{SITE}:asgi_application", "--port"]


class Server:
    """A running server."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port
        self._parts: list[bytes] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    @property
    def output(self) -> bytes:
        """What the server has written to stdout until now."""
        return b"".join(self._parts)

    def get(self, path: str) -> int:
        """The status of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers={"Connection": "close"})
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()

    def get_in_vain(self, path: str) -> None:
        """Ask for what never comes, until the server is ended."""
        with suppress(OSError, http.client.HTTPException):
            self.get(path)

    def get_all(self, paths: Sequence[str], at_once: int = 8) -> Counter[int]:
        """The statuses of the answers to many requests."""
        with ThreadPoolExecutor(at_once) as pool:
            return Counter(pool.map(self.get, paths))

    def wait_until_ready(self) -> None:
        """Wait until the server answers."""
        deadline = time.monotonic() + _START
        while True:
            try:
                # Not measured, so that it changes no count.
                self.get("/livez")
            except OSError:
                assert self.process.poll() is None, "the server has ended"
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.05)
            else:
                return

    def end(self) -> bytes:
        """Ask the server to end as ECS does, and return all that it wrote to stdout."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(_END)
        self._reader.join(_END)
        return self.output

    def _read(self) -> None:
        assert self.process.stdout is not None
        while part := os.read(self.process.stdout.fileno(), 1 << 16):
            self._parts.append(part)


@contextmanager
def running(command: Sequence[str], interval: float = 60) -> Iterator[Server]:
    """Start a server on a free port; it is ended in any case."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    name, *options = command
    address = f"127.0.0.1:{port}" if name == "gunicorn" else str(port)
    process = subprocess.Popen(
        [sys.executable, "-m", name, *options, address],
        env=os.environ | {"PYTHONPATH": PYTHONPATH, "SITE_INTERVAL": str(interval)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # A group of its own, so that its workers can be ended with it.
        start_new_session=True,
    )
    server = Server(process, port)
    try:
        server.wait_until_ready()
        yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        server._reader.join(_END)
        assert process.stdout is not None
        process.stdout.close()
