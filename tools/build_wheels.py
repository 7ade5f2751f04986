"""Builds the wheels of the project's packages: ``make dist``.

With a tag, such as ``components-v0.2.0``, only the package that it names, and only where the
package has the tag's version. What builds them is installed from requirements-build.lock alone.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).resolve().parent.parent

FOLDERS: Final = {"components": "components", "django": "django_monitoring"}
"""A tag's first word to the package's folder."""


_LEFTOVERS: Final = shutil.ignore_patterns("build", "*.egg-info", "__pycache__", "tests")


class TagError(Exception):
    """The tag names no package, or another version than the package has."""


def folders(tag: str | None) -> list[Path]:
    """The packages to build: all, or the one that a tag names.

    Raises:
        TagError: see there; the message says what to do.
    """
    if not tag:
        return [_ROOT / name for name in FOLDERS.values()]
    named = re.fullmatch(r"(\w+)-v(\d\S*)", tag)
    if named is None or named[1] not in FOLDERS:
        shapes = " or ".join(f"{name}-v1.2.3" for name in FOLDERS)
        raise TagError(f"tag {tag}: write {shapes}")
    folder = _ROOT / FOLDERS[named[1]]
    version = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    if version != named[2]:
        raise TagError(
            f"tag {tag}: {folder.name}/pyproject.toml has version {version}; write {named[2]} "
            f"there, or tag {named[1]}-v{version}"
        )
    return [folder]


def build(packages: list[Path], target: Path) -> None:
    """Build wheels into a folder, without the package index but for what builds them."""
    with tempfile.TemporaryDirectory() as scratch:
        venv.create(scratch, with_pip=True)
        pip = [f"{scratch}/bin/python", "-m", "pip", "--disable-pip-version-check", "--quiet"]
        locked = ["--require-hashes", "--only-binary", ":all:"]
        subprocess.run(
            [*pip, "install", *locked, "-r", _ROOT / "requirements-build.lock"], check=True
        )
        # Building leaves folders behind, and takes in what an earlier one left: on copies, then.
        copies = [
            shutil.copytree(package, Path(scratch, "packages", package.name), ignore=_LEFTOVERS)
            for package in packages
        ]
        alone = ["--no-index", "--no-deps", "--no-build-isolation"]
        subprocess.run([*pip, "wheel", *alone, "--wheel-dir", target, *copies], check=True)


def main(arguments: list[str]) -> int:
    """Build; returns the exit code (0 built, 1 building failed, 2 wrong tag)."""
    try:
        packages = folders(arguments[0] if arguments else None)
        build(packages, _ROOT / "dist")
    except TagError as error:
        print(error, file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        print(error, file=sys.stderr)
        return 1
    for wheel in sorted((_ROOT / "dist").glob("*.whl")):
        print(wheel.relative_to(_ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
