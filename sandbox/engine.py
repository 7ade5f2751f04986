"""Finds a Pulumi CLI, or gets one. ``python -m sandbox.engine`` is what ``make engine`` runs."""

import contextlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pulumi.automation as auto
import semver

from ops.terminal import complain, take_any_encoding, visible
from sandbox.engine_build import BuildError, Say, build, last_line, pinned_version

TOOLS: Final = Path(__file__).resolve().parent.parent / ".tools"
"""Where a CLI of the project's own goes."""

OLDEST: Final = semver.VersionInfo(3, 230, 0)
"""The oldest CLI that the program runs under."""

HOW_TO_GET_ONE: Final = (
    "install the Pulumi CLI (https://www.pulumi.com/docs/install/), or Go and run make engine again"
)

_INSTALLER: Final = ("get.pulumi.com", 443)
_REACH_SECONDS: Final = 5.0


class NoEngineError(Exception):
    """There is no Pulumi CLI, and none can be had; the message says how to get one."""


@dataclass(frozen=True, kw_only=True)
class PulumiEngine:
    """A Pulumi CLI.

    Attributes:
        command: what the Automation API runs it with.
        version: its version.
        path: where it is.
    """

    command: auto.PulumiCommand
    version: str
    path: str


def find_engine() -> PulumiEngine | None:
    """The CLI on the PATH, or one that ``get_engine`` got before."""
    on_path = shutil.which("pulumi")
    if on_path:
        engine = _engine(None)
        if engine:
            return PulumiEngine(command=engine.command, version=engine.version, path=on_path)
    return next(filter(None, map(_engine, (_built_root(), _installed_root()))), None)


def get_engine(say: Say) -> PulumiEngine:
    """A CLI that is there, or else installed, or else built.

    Args:
        say: told what is being done and how long it takes, a line at a time.

    Raises:
        NoEngineError: none of the three works.
    """
    engine = find_engine()
    if engine:
        say(f"Pulumi CLI {engine.version}: {engine.path}")
        return engine
    too_old = shutil.which("pulumi")
    if too_old:
        say(f"the Pulumi CLI on the PATH is older than {OLDEST} or does not run: {too_old}")
    reasons = []
    for get in (_install, _build):
        try:
            return get(say)
        except NoEngineError as error:
            say(str(error))
            reasons.append(str(error))
    raise NoEngineError(f"no Pulumi CLI: {HOW_TO_GET_ONE}")


def _engine(root: Path | None) -> PulumiEngine | None:
    """The CLI of an installation, or of the PATH, if it runs and is new enough."""
    if root is not None and not (root / "bin" / "pulumi").is_file():
        return None
    try:
        command = auto.PulumiCommand(root=str(root) if root else None, version=OLDEST)
    except (OSError, subprocess.SubprocessError, auto.InvalidVersionError):
        return None
    return PulumiEngine(command=command, version=str(command.version), path=command.command)


def _built_root() -> Path:
    return TOOLS / f"pulumi-{pinned_version()}"


def _installed_root() -> Path:
    return TOOLS / f"pulumi-installed-{pinned_version()}"


def _install(say: Say) -> PulumiEngine:
    """Run Pulumi's own installer."""
    version = pinned_version()
    say(f"installing Pulumi CLI {version} with the official installer (up to a minute)")
    with _timed() as seconds:
        try:
            _reach_installer()
            auto.PulumiCommand.install(
                root=str(_installed_root()), version=semver.VersionInfo.parse(version)
            )
        except subprocess.CalledProcessError as error:
            raise NoEngineError(f"the installer failed: {last_line(error.output)}") from None
        except (OSError, auto.InvalidVersionError) as error:
            raise NoEngineError(f"the installer cannot be reached: {error}") from None
    return _done(say, "installed", _engine(_installed_root()), seconds())


def _reach_installer() -> None:
    """Fail at once where there is no network; the installer would take minutes to see it."""
    if not urllib.request.getproxies().get("https"):
        socket.create_connection(_INSTALLER, timeout=_REACH_SECONDS).close()


def _build(say: Say) -> PulumiEngine:
    """Build the CLI from the Go module that ``tools/pulumi-cli`` pins."""
    with _timed() as seconds:
        try:
            build(_built_root() / "bin" / "pulumi", say)
        except BuildError as error:
            raise NoEngineError(f"it cannot be built either: {error}") from None
    return _done(say, "built", _engine(_built_root()), seconds())


def _done(say: Say, verb: str, engine: PulumiEngine | None, seconds: float) -> PulumiEngine:
    if engine is None:
        raise NoEngineError(f"what was {verb} does not run")
    say(f"{verb} in {seconds:.0f} s: {engine.path}")
    return engine


@contextlib.contextmanager
def _timed() -> Iterator[Callable[[], float]]:
    start = time.monotonic()
    yield lambda: time.monotonic() - start


def main() -> int:
    """Find or get a CLI; 0 where there is one afterwards."""
    take_any_encoding()
    try:
        get_engine(lambda line: print(visible(line), flush=True))
    except NoEngineError as error:
        complain(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
