"""Files that are there as a whole or not at all."""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

_PREFIX: Final = ".writing-"

# A file is written in well under a second; what is a day old was left by a process that died.
_STALE: Final = 86_400


def write_atomically(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file so that readers see the old one or the new one, whenever a process dies.

    The content goes to a file of its own in the same folder, which then takes the name. Several
    processes may do so at once; the last one wins.

    Args:
        path: the file; folders are made.
        write: writes the content.

    Raises:
        OSError: the disk is full, or the folder may not be written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=_PREFIX, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(file)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def remove_leftovers(root: Path) -> None:
    """Delete what processes left behind that died while they wrote."""
    for path in root.rglob(f"{_PREFIX}*"):
        try:
            if path.stat().st_mtime < time.time() - _STALE:
                path.unlink()
        except FileNotFoundError:
            # Another process was quicker.
            continue
