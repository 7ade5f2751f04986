"""Builds the Pulumi CLI from the Go module that ``tools/pulumi-cli`` pins.

More than half of what the compiler would do is for what neither sandbox nor tests reach: other
clouds' state and secrets, and commands of Pulumi Cloud. ``left-out.patch`` takes these out of
Pulumi's code, so that each answers with an error. Where the patch cannot be applied, all is built.
"""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import semver

Say = Callable[[str], None]

MODULE: Final = Path(__file__).resolve().parent.parent / "tools" / "pulumi-cli"
"""The Go module that pins the CLI."""

_CODE: Final = "github.com/pulumi/pulumi/pkg/v3"
_PATCH: Final = MODULE / "left-out.patch"
_VERSION_VARIABLE: Final = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"


class BuildError(Exception):
    """The CLI cannot be built; the message says why, in a line."""


def pinned_version() -> str:
    """The version that ``tools/pulumi-cli`` builds, such as ``3.274.1``."""
    return _pinned(rf"{_CODE} v(\S+)")


def build(target: Path, say: Say) -> None:
    """Build the CLI into a file.

    Args:
        target: the file; it is there only once it is whole.
        say: told what is being done and how long it takes, a line at a time.

    Raises:
        BuildError: there is no Go that can, Pulumi's code cannot be had, or it does not compile.
    """
    go, installed = _go()
    what = f"Pulumi CLI {pinned_version()} with Go {installed} into {os.path.relpath(target)}"
    say(f"building {what} (2 to 5 minutes the first time, once)")
    archive = downloaded_code(go)
    try:
        with tempfile.TemporaryDirectory(prefix="pulumi-cli-") as scratch:
            _compile(go, patched_module(archive, Path(scratch)), target)
    except (BuildError, OSError) as error:
        say(f"building without {_PATCH.name}, in twice the time: {error}")
        _compile(go, MODULE, target)


def downloaded_code(go: str) -> Path:
    """The archive of Pulumi's code, downloaded where it is not there yet.

    Raises:
        BuildError: it cannot be had; nothing can be built without it.
    """
    with _named_failure("Pulumi's code cannot be downloaded"):
        _run([go, "mod", "download", _CODE], MODULE, _go_environment())
        cache = _run([go, "env", "GOMODCACHE"], MODULE, _go_environment()).strip()
    return Path(cache, "cache", "download", _CODE, "@v", f"v{pinned_version()}.zip")


def patched_module(archive: Path, folder: Path) -> Path:
    """Copy the module into a folder, with Pulumi's code as the patch leaves it.

    Args:
        archive: Pulumi's code. What Go itself unpacks of it is read-only, and six sevenths of
            that are tests.
        folder: an empty one.

    Returns:
        The module's folder.

    Raises:
        BuildError: the code cannot be unpacked, or the patch not be applied.
    """
    code = f"{_CODE}@v{pinned_version()}"
    with _named_failure("Pulumi's code cannot be unpacked"):
        with zipfile.ZipFile(archive) as packed:
            names = packed.namelist()
            packed.extractall(folder, [name for name in names if not _is_for_tests(name)])
        shutil.copy(MODULE / "go.sum", folder)
        module = (MODULE / "go.mod").read_text(encoding="utf-8")
        replaced = f"{module}\nreplace {_CODE} => ./{code}\n"
        (folder / "go.mod").write_text(replaced, encoding="utf-8")
    # Of the environment only the PATH; and no repository around, in which git would look for files.
    bare = {"PATH": os.environ.get("PATH", ""), "GIT_CEILING_DIRECTORIES": str(folder)}
    with _named_failure(f"{_PATCH.name} cannot be applied"):
        _run(["git", "apply", str(_PATCH)], folder / code, bare)
    return folder


def last_line(text: str | bytes | None) -> str:
    """What a command said last, which is most often why it failed."""
    said = text.decode(errors="replace") if isinstance(text, bytes) else text or ""
    return next(reversed(said.strip().splitlines()), "it did not say why")


def _compile(go: str, module: Path, target: Path) -> None:
    unfinished = target.with_name(f"pulumi-{os.getpid()}")
    command = [
        *(go, "build", "-mod=readonly", "-buildvcs=false", "-trimpath"),
        # No inlined functions and no tables for a debugger: a sixth less to compile.
        "-gcflags=all=-l -dwarf=false",
        f"-ldflags=-s -w -X {_VERSION_VARIABLE}=v{pinned_version()}",
        *("-o", str(unfinished), f"{_CODE}/cmd/pulumi"),
    ]
    with _named_failure("Pulumi's code cannot be compiled"):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            _run(command, module, _go_environment())
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)


def _is_for_tests(name: str) -> bool:
    return name.endswith("_test.go") or "/testdata/" in name


def _go() -> tuple[str, semver.VersionInfo]:
    """A Go that is new enough, and its version."""
    go = shutil.which("go")
    needed = _pinned(r"^go (\S+)$")
    if not go:
        raise BuildError(f"Go {needed} or newer is not installed")
    installed = _go_version(go)
    if installed < semver.VersionInfo.parse(needed):
        raise BuildError(f"Go {installed} is older than {needed}")
    return go, installed


def _go_version(go: str) -> semver.VersionInfo:
    said = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=False)
    match = re.search(r"go(\d+)\.(\d+)(?:\.(\d+))?", said.stdout)
    if not match:
        return semver.VersionInfo(0)
    return semver.VersionInfo(*(int(part or 0) for part in match.groups()))


def _go_environment() -> dict[str, str]:
    # The compiler's processes are short, and a twelfth of their work was to collect garbage.
    own = {"GOFLAGS": "", "GOWORK": "off", "CGO_ENABLED": "0"}
    return {"GOGC": "400", **os.environ, **own}


def _pinned(pattern: str) -> str:
    match = re.search(pattern, (MODULE / "go.mod").read_text(encoding="utf-8"), re.MULTILINE)
    assert match
    return match[1]


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> str:
    run = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise BuildError(last_line(run.stderr))
    return run.stdout


@contextlib.contextmanager
def _named_failure(step: str) -> Iterator[None]:
    """Say of any failure in it which step failed."""
    try:
        yield
    except (BuildError, OSError, zipfile.BadZipFile) as error:
        raise BuildError(f"{step}: {error}") from None
