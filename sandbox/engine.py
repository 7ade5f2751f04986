"""Finds a Pulumi CLI, or gets one. ``python -m sandbox.engine`` is what ``make engine`` runs."""

import contextlib
import os
import re
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

Say = Callable[[str], None]

_ROOT: Final = Path(__file__).resolve().parent.parent
_MODULE: Final = _ROOT / "tools" / "pulumi-cli"
_PACKAGE: Final = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_VERSION_VARIABLE: Final = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"

TOOLS: Final = _ROOT / ".tools"
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


def pinned_version() -> str:
    """The version that ``tools/pulumi-cli`` builds, such as ``3.274.1``."""
    match = re.search(r"github\.com/pulumi/pulumi/pkg/v3 v(\S+)", _module_text())
    assert match
    return match[1]


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
            raise NoEngineError(f"the installer failed: {_last_line(error.output)}") from None
        except (OSError, auto.InvalidVersionError) as error:
            raise NoEngineError(f"the installer cannot be reached: {error}") from None
    return _done(say, "installed", _engine(_installed_root()), seconds())


def _reach_installer() -> None:
    """Fail at once where there is no network; the installer would take minutes to see it."""
    if not urllib.request.getproxies().get("https"):
        socket.create_connection(_INSTALLER, timeout=_REACH_SECONDS).close()


def _build(say: Say) -> PulumiEngine:
    """Build the CLI from the Go module that ``tools/pulumi-cli`` pins."""
    go = shutil.which("go")
    needed = _needed_go()
    if not go:
        raise NoEngineError(f"it cannot be built either: Go {needed} or newer is not installed")
    installed = _go_version(go)
    if installed < semver.VersionInfo.parse(needed):
        raise NoEngineError(f"it cannot be built either: Go {installed} is older than {needed}")
    version = pinned_version()
    target = _built_root() / "bin" / "pulumi"
    say(
        f"building Pulumi CLI {version} with Go {installed} into {target.relative_to(_ROOT)} "
        "(5 to 10 minutes the first time, once)"
    )
    with _timed() as seconds:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f"pulumi-{os.getpid()}")
        try:
            run = subprocess.run(
                [
                    go,
                    "build",
                    "-mod=readonly",
                    "-buildvcs=false",
                    # Functions that are not inlined: a sixth less to compile.
                    "-gcflags=all=-l",
                    "-ldflags",
                    f"-s -w -X {_VERSION_VARIABLE}=v{version}",
                    "-o",
                    str(unfinished),
                    _PACKAGE,
                ],
                cwd=_MODULE,
                env={**os.environ, "GOFLAGS": "", "GOWORK": "off"},
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
            if run.returncode:
                raise NoEngineError(f"the build failed: {_last_line(run.stderr)}")
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    return _done(say, "built", _engine(_built_root()), seconds())


def _done(say: Say, verb: str, engine: PulumiEngine | None, seconds: float) -> PulumiEngine:
    if engine is None:
        raise NoEngineError(f"what was {verb} does not run")
    say(f"{verb} in {seconds:.0f} s: {engine.path}")
    return engine


def _module_text() -> str:
    return (_MODULE / "go.mod").read_text(encoding="utf-8")


def _needed_go() -> str:
    match = re.search(r"^go (\S+)$", _module_text(), re.MULTILINE)
    assert match
    return match[1]


def _go_version(go: str) -> semver.VersionInfo:
    said = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=False)
    match = re.search(r"go(\d+)\.(\d+)(?:\.(\d+))?", said.stdout)
    if not match:
        return semver.VersionInfo(0)
    return semver.VersionInfo(*(int(part or 0) for part in match.groups()))


def _last_line(text: str | bytes | None) -> str:
    said = text.decode(errors="replace") if isinstance(text, bytes) else text or ""
    return next(reversed(said.strip().splitlines()), "it did not say why")


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
