"""A PostgreSQL server of Debian's packages, for one test run."""

import os
import pwd
import shutil
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile

import pytest

# Debian's packages make it.
_USER = "postgres"


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def require_driver() -> None:
    """Skip where Python cannot talk to PostgreSQL."""
    if not (find_spec("psycopg") or find_spec("psycopg2")):
        pytest.skip("no PostgreSQL driver is installed: pip install 'psycopg[binary]'")


def _binaries() -> Path:
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")]
    if on_path := shutil.which("pg_ctl"):
        found.append(Path(on_path).parent)
    if not found:
        pytest.skip("no PostgreSQL is installed: apt-get install postgresql")
    return max(found, key=str)


def _as_another_user() -> list[str]:
    """How to run a command: PostgreSQL refuses to run as root."""
    try:
        pwd.getpwnam(_USER)
    except KeyError:
        pytest.skip(f"PostgreSQL does not run as root, and there is no user {_USER}")
    return ["runuser", "-u", _USER, "--"]


class Postgres:
    """A server on a free port of the loopback interface, started and stopped by the test."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self._bin = _binaries()
        self._data = directory / "data"
        self._user = _as_another_user() if os.geteuid() == 0 else []
        if self._user:
            shutil.chown(directory, _USER)
        self._run("initdb", "--no-sync", "--auth=trust", "--username=postgres")

    def start(self) -> None:
        """Start; returns once it takes connections."""
        options = f"-c port={self.port} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "start", "--wait", "-o", f"{options} -c unix_socket_directories=''")

    def kill(self) -> None:
        """End at once, as in a crash."""
        self._run("pg_ctl", "stop", "--wait", "--mode=immediate")

    def _run(self, command: str, *arguments: str) -> None:
        # A file, not a pipe: the server would keep a pipe open.
        with TemporaryFile() as output:
            done = subprocess.run(
                [*self._user, str(self._bin / command), "-D", str(self._data), *arguments],
                check=False,
                timeout=60,
                cwd="/",
                stdout=output,
                stderr=output,
            )
            output.seek(0)
            assert done.returncode == 0, output.read().decode()
