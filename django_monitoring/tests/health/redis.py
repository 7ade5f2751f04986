"""A Redis server of Debian's packages, for one test run."""

import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.health.postgres import free_port


class Redis:
    """A server on a free port of the loopback interface, started and stopped by the test."""

    def __init__(self, directory: Path) -> None:
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip("no Redis is installed: apt-get install redis-server")
        self.port = free_port()
        self._command = [
            *(program, "--bind", "127.0.0.1", "--port", str(self.port)),
            *("--save", "", "--appendonly", "no", "--dir", str(directory)),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As brokers and caches are told."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start; returns once it takes connections."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert self._process.poll() is None, "Redis has ended"
                assert time.monotonic() < deadline, "Redis does not listen"
                time.sleep(0.02)
            else:
                return

    def kill(self) -> None:
        """End at once, as in a crash."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
