"""Copies of the project, to change something in them."""

import shutil
from pathlib import Path
from typing import Final

_LEFT_OUT: Final = shutil.ignore_patterns(
    *(".*cache", ".git", ".venv", ".tools", ".hypothesis", ".history", "dist"),
    # What Python is about to keep in __pycache__ has such a name for a moment.
    "*.pyc.*",
)


def copied(original: Path, folder: Path) -> None:
    """Copy the project, or a folder of it.

    With what a checkout has, and its compiled modules: less what was installed, built or cached.

    Args:
        original: what to copy.
        folder: what it becomes; not there yet.
    """
    shutil.copytree(original, folder, ignore=_LEFT_OUT)
