"""What a preview is compared with: a saved ``--json``, or the project at a git revision."""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

from stack.against.words import PreviewJson
from stack.config import PROJECT, STACKS_VARIABLE, StackConfigError, stacks_folder

_NEEDED: Final = ("project", "stack", "resources", "alarms", "omitted", "cost")


def baseline(stack: str, against: str) -> PreviewJson | None:
    """The preview of a stack as it was.

    Args:
        stack: the stack's name.
        against: the path of a saved ``--json``, or a git revision: a branch, a tag, a commit.

    Returns:
        ``None`` where the revision has no such stack.

    Raises:
        StackConfigError: neither a file nor a revision, or the stack was refused there.
    """
    path = Path(against)
    return _saved(path, stack) if path.is_file() else _at_revision(stack, against)


def _saved(path: Path, stack: str) -> PreviewJson:
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        saved = None
    if not isinstance(saved, dict) or any(key not in saved for key in _NEEDED):
        raise StackConfigError(
            f"--against {path}: this is no preview; write one with "
            f"`python -m ops preview {stack} --json >{path}`"
        )
    if saved["stack"] != stack:
        raise StackConfigError(
            f"--against {path}: this is the preview of stack {saved['stack']}, not of {stack}"
        )
    return saved


def _at_revision(stack: str, revision: str) -> PreviewJson | None:
    """Run the revision's own program on its own stack files, with the packages of today."""
    top = Path(_git("rev-parse", "--show-toplevel", revision=revision).decode().strip())
    commit = _git(
        "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}",
        revision=revision,
    ).decode().strip()  # fmt: skip
    program, files = (_within(folder, top) for folder in (PROJECT, stacks_folder()))
    with tempfile.TemporaryDirectory(prefix="preview-") as scratch:
        there = Path(scratch)
        _unpack(commit, there, top, revision)
        if not (there / files / f"Pulumi.{stack}.yaml").is_file():
            return None
        return _previewed(stack, there / program, there / files, revision)


def _previewed(stack: str, program: Path, files: Path, revision: str) -> PreviewJson:
    finished = subprocess.run(
        [sys.executable, "-m", "ops", "preview", stack, "--json"],
        cwd=program,
        env={
            **os.environ,
            STACKS_VARIABLE: str(files),
            # Before what is installed, which is the program of today.
            "PYTHONPATH": os.pathsep.join((str(program), str(program / "components"))),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise StackConfigError(
            f"--against {revision}: stack {stack} cannot be previewed there: "
            f"{finished.stderr.strip()}"
        )
    printed: PreviewJson = json.loads(finished.stdout)
    return printed


def _within(folder: Path, top: Path) -> Path:
    try:
        return folder.resolve().relative_to(top.resolve())
    except ValueError:
        raise StackConfigError(
            f"--against: {folder} is not in the git repository {top}; compare with a saved --json"
        ) from None


def _unpack(commit: str, there: Path, top: Path, revision: str) -> None:
    archive = there / "revision.tar"
    _git("archive", "--format=tar", f"--output={archive}", commit, revision=revision, folder=top)
    with tarfile.open(archive) as tar:
        tar.extractall(there, filter="data")
    archive.unlink()


def _git(*words: str, revision: str, folder: Path | None = None) -> bytes:
    try:
        return subprocess.run(
            ["git", *words], cwd=folder or PROJECT, capture_output=True, check=True
        ).stdout
    except FileNotFoundError:
        raise StackConfigError(
            f"--against {revision}: there is no git to ask, and no such file"
        ) from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip()
        raise StackConfigError(
            f"--against {revision}: this is neither a file nor a git revision here; write a "
            f"branch, a tag or a commit, such as origin/main{f' ({said})' if said else ''}"
        ) from None
