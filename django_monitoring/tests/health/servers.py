"""Real servers with the test project, and probes of them."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.health.postgres import free_port

_HERE: Final = Path(__file__).parent
_PACKAGE: Final = _HERE.parents[1]

# As the load balancer forwards them.
VISITOR: Final = {"Host": "shop.example", "X-Forwarded-Proto": "https"}


@dataclass(frozen=True)
class Answer:
    """What a server said.

    Attributes:
        at: when the request was sent, in seconds of the monotonic clock.
        seconds: until the whole answer had come.
        status: its status.
        headers: its headers, names in lower case.
        body: its body.
    """

    at: float
    seconds: float
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def ask(
    port: int,
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    timeout: float = 30,
) -> Answer:
    """Send one request by IP address, on a connection of its own, as a load balancer probes."""
    at = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, headers=dict(headers or {}))
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    names = {name.lower(): value for name, value in response.getheaders()}
    return Answer(at, time.monotonic() - at, response.status, names, body)


def gunicorn(port: int, *arguments: str) -> list[str]:
    """The command that serves the project over WSGI."""
    bind = ["--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    return [sys.executable, "-m", "gunicorn", *bind, *arguments, "shop.wsgi"]


def uvicorn(port: int, *arguments: str) -> list[str]:
    """The command that serves the project over ASGI."""
    bind = ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    lifespan = ["--lifespan", "off"]
    return [sys.executable, "-m", "uvicorn", *bind, *lifespan, *arguments, "shop.asgi:application"]


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Attributes:
        port: of the loopback interface.
        log: the file with what it writes.
    """

    port: int
    log: Path


@contextmanager
def serving(
    command: Any,
    *arguments: str,
    directory: Path,
    database_port: int,
    health: Mapping[str, Any],
    conn_max_age: int = 0,
) -> Iterator[Server]:
    """Run a server until the block ends; it has answered a first request by then.

    Args:
        command: ``gunicorn`` or ``uvicorn``.
        arguments: further arguments of the server.
        directory: for the log.
        database_port: of the loopback interface.
        health: ``DJANGO_MONITORING["HEALTH"]``.
        conn_max_age: seconds that requests keep their connections.
    """
    port = free_port()
    log = directory / f"{command.__name__}-{port}.log"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(_PACKAGE / "src"), str(_HERE)]),
        "PYTHONWARNINGS": "error::DeprecationWarning:gunicorn.arbiter",
        "SHOP_DATABASE_PORT": str(database_port),
        "SHOP_CONN_MAX_AGE": str(conn_max_age),
        "SHOP_HEALTH": json.dumps(health),
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command(port, *arguments), env=environment, stdout=output, stderr=output
        )
    try:
        _wait_until_it_listens(port, process, log)
        yield Server(port, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_it_listens(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the server does not listen: {log.read_text()}")
