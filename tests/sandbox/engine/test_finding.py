"""A Pulumi CLI is found, or got: installed, or built; or the way to get one is told."""

import re
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation as auto

from sandbox import engine as finding
from sandbox.engine import NoEngineError, find_engine, get_engine, main
from sandbox.engine_build import MODULE, pinned_version

_GO = """#!/bin/sh
if [ "$1 $2" = "env GOVERSION" ]; then echo go{version}; exit 0; fi
if [ "$1 $2" = "env GOMODCACHE" ]; then echo {cache}; exit 0; fi
if [ "$1" = mod ]; then {download}; exit; fi
{build}
"""
_BUILDS = """
for last; do :; done
while [ $# -gt 0 ]; do [ "$1" = -o ] && target=$2; shift; done
printf '#!/bin/sh\\necho v{version}\\n' > "$target"
/bin/chmod +x "$target"
"""


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str, str], Path]:
    """Put commands of a test's own on an otherwise bare PATH, with no CLI of the project's."""
    folder = tmp_path / "path"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    for proxy in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
    monkeypatch.setattr(finding, "TOOLS", tmp_path / ".tools")

    def unreachable(*_: Any, **__: Any) -> None:
        raise OSError("Name or service not known")

    monkeypatch.setattr("socket.create_connection", unreachable)

    def put(name: str, text: str) -> Path:
        command = folder / name
        command.write_text(text, encoding="utf-8")
        command.chmod(command.stat().st_mode | stat.S_IXUSR)
        return command

    return put


def _pulumi(version: str) -> str:
    return f"#!/bin/sh\necho v{version}\n"


def _go(
    version: str = "1.99.0",
    build: str | None = None,
    cache: Path = Path("/nonexistent"),
    download: str = "true",
) -> str:
    text = _BUILDS.format(version=pinned_version()) if build is None else build
    return _GO.format(version=version, build=text, cache=cache, download=download)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Where Go keeps what it downloaded: a Pulumi of one file that the patch does not know."""
    code = "github.com/pulumi/pulumi/pkg/v3"
    version = f"v{pinned_version()}"
    archive = tmp_path / "cache" / "download" / code / "@v" / f"{version}.zip"
    archive.parent.mkdir(parents=True)
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(f"{code}@{version}/new.go", "package new\n")
    return tmp_path


def test_one_on_the_path_is_taken(commands: Any) -> None:
    path = commands("pulumi", _pulumi("3.230.0"))
    said: list[str] = []
    found = get_engine(said.append)
    assert (found.version, found.path) == ("3.230.0", str(path))
    assert said == [f"Pulumi CLI 3.230.0: {path}"]


def test_one_that_is_too_old_is_passed_over_and_another_built(commands: Any) -> None:
    commands("pulumi", _pulumi("3.229.0"))
    commands("go", _go())
    said: list[str] = []
    built = get_engine(said.append)
    assert built.version == pinned_version()
    too_old, installing, unreachable, building, all_of_it, done = said
    assert "older than 3.230.0" in too_old
    assert installing.startswith(f"installing Pulumi CLI {pinned_version()}")
    assert unreachable == "the installer cannot be reached: Name or service not known"
    assert building.startswith(f"building Pulumi CLI {pinned_version()} with Go 1.99.0 into ")
    assert "/.tools/pulumi-" in building
    assert all_of_it.startswith("building without left-out.patch, in twice the time: ")
    assert done.startswith("built in ")


def test_one_that_was_built_before_is_used_at_once(commands: Any) -> None:
    commands("go", _go())
    assert find_engine() is None
    built = get_engine(lambda _: None)
    commands("go", _go(build="exit 1"))
    said: list[str] = []
    assert get_engine(said.append) == built or said == [
        f"Pulumi CLI {pinned_version()}: {built.path}"
    ]
    found = find_engine()
    assert found
    assert found.path == built.path


_WITHOUT_PATCH = "building without left-out.patch, in twice the time: "


@pytest.mark.parametrize(
    ("git", "reason"),
    [
        (shutil.which("git"), r"error: \S+\.go: No such file or directory"),
        (None, r"\[Errno 2\] No such file or directory: 'git'"),
    ],
    ids=["another version of Pulumi's code", "no git"],
)
def test_a_patch_that_cannot_be_applied_is_told_and_all_is_built(
    commands: Any, cache: Path, git: str | None, reason: str
) -> None:
    commands("go", _go(cache=cache))
    if git:
        commands("git", f'#!/bin/sh\nexec {git} "$@"\n')
    said: list[str] = []
    assert get_engine(said.append).version == pinned_version()
    assert re.fullmatch(f"{_WITHOUT_PATCH}left-out.patch cannot be applied: {reason}", said[-2])


def test_a_full_disk_is_no_fault_of_the_patch(commands: Any, cache: Path) -> None:
    full = "echo 'write /tmp/x: no space left on device' >&2; exit 1"
    commands("go", _go(cache=cache, build=full))
    commands("git", "#!/bin/sh\nexit 0\n")
    said: list[str] = []
    with pytest.raises(NoEngineError):
        get_engine(said.append)
    cannot = "Pulumi's code cannot be compiled: write /tmp/x: no space left on device"
    assert said[-2:] == [_WITHOUT_PATCH + cannot, f"it cannot be built either: {cannot}"]


def test_without_a_network_one_try_to_download_is_enough(commands: Any) -> None:
    commands("go", _go(download="echo 'dial tcp: no route to host' >&2; exit 1"))
    said: list[str] = []
    with pytest.raises(NoEngineError):
        get_engine(said.append)
    assert said[-2].startswith("building Pulumi CLI")
    assert said[-1] == (
        "it cannot be built either: Pulumi's code cannot be downloaded: dial tcp: no route to host"
    )


def test_the_official_installer_comes_before_a_build(
    commands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands("go", _go())

    class Connection:
        def close(self) -> None: ...

    def install(root: str, version: Any) -> None:
        target = Path(root) / "bin" / "pulumi"
        target.parent.mkdir(parents=True)
        target.write_text(_pulumi(str(version)), encoding="utf-8")
        target.chmod(0o755)

    monkeypatch.setattr("socket.create_connection", lambda *_, **__: Connection())
    monkeypatch.setattr(auto.PulumiCommand, "install", staticmethod(install))
    said: list[str] = []
    installed = get_engine(said.append)
    assert installed.version == pinned_version()
    assert len(said) == 2
    assert said[1].startswith("installed in ")


def test_an_installer_that_fails_is_told_in_one_line_and_a_build_tried(
    commands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands("go", _go())

    class Connection:
        def close(self) -> None: ...

    def install(**_: Any) -> None:
        raise subprocess.CalledProcessError(1, "install.sh", output=b"curl:\nno such version\n")

    monkeypatch.setattr("socket.create_connection", lambda *_, **__: Connection())
    monkeypatch.setattr(auto.PulumiCommand, "install", staticmethod(install))
    said: list[str] = []
    get_engine(said.append)
    assert "the installer failed: no such version" in said


@pytest.mark.parametrize(
    ("go", "reason"),
    [
        (None, "Go 1.26.6 or newer is not installed"),
        (_go("1.20"), "Go 1.20.0 is older than 1.26.6"),
        (_go(build="echo 'no space left' >&2; exit 1"), "cannot be compiled: no space left"),
    ],
)
def test_where_nothing_works_the_way_to_get_one_is_told(
    commands: Any, capsys: pytest.CaptureFixture[str], go: str | None, reason: str
) -> None:
    commands("pulumi", _pulumi("3.1.0"))
    if go:
        commands("go", go)
    assert main() == 1
    output = capsys.readouterr()
    assert reason in output.out
    assert output.err.startswith("no Pulumi CLI: install the Pulumi CLI (https://")
    assert output.err.count("\n") == 1


def test_a_build_that_fails_leaves_nothing_behind(commands: Any, tmp_path: Path) -> None:
    commands("go", _go(build=_BUILDS.format(version="0") + "\nexit 1"))
    with pytest.raises(NoEngineError):
        get_engine(lambda _: None)
    assert not [path for path in tmp_path.rglob("pulumi*") if path.is_file()]


def test_the_pinned_version_is_locked_by_its_checksum() -> None:
    locked = (MODULE / "go.sum").read_text(encoding="utf-8")
    assert f"github.com/pulumi/pulumi/pkg/v3 v{pinned_version()} h1:" in locked
    module = (MODULE / "go.mod").read_text(encoding="utf-8")
    assert "tool github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" in module
