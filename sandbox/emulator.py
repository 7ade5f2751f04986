"""The embedded AWS: moto's server as a process of its own, for as long as a block lasts."""

import contextlib
import os
import select
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from sandbox.clients import ACCOUNT as ACCOUNT
from sandbox.clients import AwsError, Clients, error_code

_START_SECONDS: Final = 60
_STOP_SECONDS: Final = 5
_ROOT: Final = Path(__file__).resolve().parent.parent


class EmulatorError(Exception):
    """The emulator does not run; the message says why."""


class Emulator:
    """A running emulator.

    Attributes:
        url: where it answers.
        clients: boto3 clients that reach it.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.clients = Clients(url)

    def client(self, service: str, region: str) -> Any:
        """The boto3 client of a service in a region."""
        return self.clients.client(service, region)

    def reset(self) -> None:
        """Forget everything that was ever created."""
        request = urllib.request.Request(f"{self.url}/moto-api/reset", method="POST")
        # The user's proxy settings have no say in what happens on loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30):
            pass
        self.clients.forget()

    def ensure_log_group(self, name: str, region: str) -> None:
        """Have a log group there, as the application's own deployment would."""
        try:
            self.client("logs", region).create_log_group(logGroupName=name)
        except AwsError as error:
            if error_code(error) != "ResourceAlreadyExistsException":
                raise


@contextlib.contextmanager
def running_emulator() -> Iterator[Emulator]:
    """An emulator on loopback, on a port of the system's choice, that ends with the block.

    Raises:
        EmulatorError: it did not start.
    """
    with tempfile.TemporaryFile() as log:
        # A session of its own: Ctrl-C reaches this process alone, which may still need the
        # emulator to clean up. The emulator ends when its input is closed.
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.server"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            env=_own_environment(),
        )
        try:
            yield Emulator(f"http://127.0.0.1:{_port(process, log)}")
        finally:
            _end(process)


def _own_environment() -> dict[str, str]:
    """This process's environment without the user's AWS, proxy and moto settings."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(("AWS_", "MOTO_")) and not name.upper().endswith("_PROXY")
    }


def _port(process: "subprocess.Popen[bytes]", log: IO[bytes]) -> int:
    """The port that the emulator listens on; it is ready to answer when it tells."""
    assert process.stdout is not None
    deadline = time.monotonic() + _START_SECONDS
    line = b""
    while time.monotonic() < deadline and not line:
        ready, _, _ = select.select([process.stdout], [], [], 0.2)
        if ready:
            line = process.stdout.readline()
            break
        if process.poll() is not None:
            break
    if line.strip().isdigit():
        return int(line)
    log.seek(0)
    said = log.read().decode(errors="replace").strip().splitlines()
    last = said[-1] if said else f"it did not answer within {_START_SECONDS} s"
    raise EmulatorError(f"the AWS emulator (moto's server) did not start: {last}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.stdout.close()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
