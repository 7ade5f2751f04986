"""Where a stack's archive is."""

import sys
from pathlib import Path

from history.archive import Archive
from stack.config import stacks_folder


def archive_folder(stack: str, given: Path | None = None) -> Path:
    """The folder that was given, or ``.history/<stack>`` beside the stack's file."""
    return given if given is not None else stacks_folder() / ".history" / stack


def opened_archive(stack: str, given: Path | None, command: str) -> Archive | None:
    """The archive that a command reads; ``None``, after saying so, where there is none."""
    folder = archive_folder(stack, given)
    if folder.is_dir():
        return Archive(folder)
    print(
        f"{command}: there is no archive at {folder}: make one with "
        f"python -m ops history fetch {stack}",
        file=sys.stderr,
    )
    return None
