"""A MySQL server of Debian's packages (MariaDB), for one test run."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.health.postgres import free_port

USER = "shop"
PASSWORD = "only for tests"
NAME = "shop"

_SETUP = f"""
CREATE DATABASE {NAME};
CREATE USER {USER}@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';
GRANT ALL ON {NAME}.* TO {USER}@'127.0.0.1';
"""


class MySql:
    """A server on a free port of the loopback interface, started and stopped by the test."""

    def __init__(self, directory: Path) -> None:
        install, self._server = (
            shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/bin")
            for name in ("mariadb-install-db", "mariadbd")
        )
        if install is None or self._server is None:
            pytest.skip("no MariaDB is installed: apt-get install mariadb-server")
        self.port = free_port()
        self._directory = directory
        setup = directory / "setup.sql"
        setup.write_text(_SETUP)
        # A server in a container of the tests runs as root, and would refuse to.
        self._user = ["--user=root"] if os.geteuid() == 0 else []
        self._options = ["--no-defaults", f"--datadir={directory / 'data'}", *self._user]
        subprocess.run(
            [install, *self._options, "--auth-root-authentication-method=normal"],
            check=True,
            capture_output=True,
            timeout=120,
        )
        self._setup = [f"--init-file={setup}"]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start; returns once it takes connections."""
        assert self._server is not None
        with (self._directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(self._server, *self._options, *self._setup),
                    *("--bind-address=127.0.0.1", f"--port={self.port}"),
                    f"--socket={self._directory / 'socket'}",
                    f"--pid-file={self._directory / 'pid'}",
                    "--skip-log-bin",
                    # Since 11.4 it offers TLS by itself, and a test could not see what is asked.
                    "--skip-ssl",
                ],
                stdout=log,
                stderr=log,
            )
        self._setup = []
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                told = (self._directory / "log").read_text(errors="replace")
                assert self._process.poll() is None, told
                assert time.monotonic() < deadline, told
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """End at once, as in a crash."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
