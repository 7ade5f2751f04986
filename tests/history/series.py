"""A file of a metric's values, as somebody gives one."""

from pathlib import Path
from typing import Any

import pytest

from history.files import SeriesError, read_series
from replay.history import MetricHistory


def read(tmp_path: Path, *lines: str, **options: Any) -> MetricHistory:
    """What ``s.csv`` with these lines is read as."""
    path = tmp_path / "s.csv"
    path.write_text("\n".join(lines) + "\n")
    return read_series(path, **options)


def refused(tmp_path: Path, *lines: str, **options: Any) -> str:
    """What is said against such a file, which is named without its folder."""
    with pytest.raises(SeriesError) as raised:
        read(tmp_path, *lines, **options)
    return str(raised.value).replace(f"{tmp_path}/", "")
