"""The example's stack files, where a test may change them."""

import shutil
from pathlib import Path

from stack.config import EXAMPLES, PROJECT


def copied_stack_files(folder: Path) -> Path:
    """Put the example's stack files into a folder; returns it."""
    shutil.copytree(EXAMPLES, folder, dirs_exist_ok=True)
    project = folder / "Pulumi.yaml"
    here = project.read_text(encoding="utf-8")
    # The way to the program is another one from there.
    project.write_text(here.replace("main: ../..", f"main: {PROJECT}"), encoding="utf-8")
    return folder
