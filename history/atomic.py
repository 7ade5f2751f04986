"""Files that are there as a whole or not at all."""

import os
import tempfile
import time
from pathlib import Path
from typing import Final

from ecs_monitoring.words import DAY

_PREFIX: Final = ".writing-"

# A file is written in well under a second; what is a day old was left by a process that died.
_STALE: Final = DAY

# What the usual umask leaves of a new file; asking for the umask means changing it.
_DEFAULT_MODE: Final = 0o644


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that readers see the old one or the new one, whenever a process dies.

    The content goes to a file of its own in the same folder, which then takes the name. Several
    processes may do so at once; the last one wins. A symbolic link stays one: what it leads to is
    written.

    Args:
        path: the file; folders are made.
        content: the whole of it.

    Raises:
        OSError: the disk is full, or the folder may not be written to.
    """
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=_PREFIX, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        # A temporary file is for its owner alone; whoever could read the old one may the new one.
        os.chmod(name, path.stat().st_mode if path.exists() else _DEFAULT_MODE)
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
