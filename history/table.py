"""A CSV or parquet file as columns, with a name for the place of each row."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

PARQUET: Final = ".parquet"


class SeriesError(Exception):
    """A file of values cannot be used; the message says where and what to write instead."""


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """A file's columns before they are understood.

    Attributes:
        path: the file.
        columns: by name in lower case; texts in CSV, where an empty one means nothing, and
            what pyarrow makes of them in parquet, where ``None`` does.
        where: from a row's index to how people find it: ``file.csv:2``.
    """

    path: Path
    columns: Mapping[str, Sequence[Any]]
    where: Callable[[int], str] = field(repr=False)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


def read_table(path: Path, check_header: Callable[[str, Sequence[str]], None]) -> RawTable:
    """Read a file; parquet by its suffix, CSV else.

    Args:
        path: the file.
        check_header: is given the place of the header and the columns' names.

    Raises:
        SeriesError: it cannot be read, or is not a table; or what ``check_header`` raises.
    """
    try:
        if path.suffix == PARQUET:
            return _read_parquet(path, check_header)
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pa.ArrowException) as error:
        raise SeriesError(f"{path}: cannot be read: {error}") from None
    return _read_csv(path, text, check_header)


def _read_parquet(path: Path, check_header: Callable[[str, Sequence[str]], None]) -> RawTable:
    table = pq.read_table(path, partitioning=None)
    names = [name.lower() for name in table.column_names]
    check_header(str(path), names)
    columns = {name: _values(table.column(index)) for index, name in enumerate(names)}
    return RawTable(path=path, columns=columns, where=lambda index: f"{path}: row {index + 1}")


def _values(column: Any) -> list[Any]:
    # Python's times have no nanoseconds.
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    return list(column.to_pylist())


def _read_csv(
    path: Path, text: str, check_header: Callable[[str, Sequence[str]], None]
) -> RawTable:
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip().lower() for name in next(reader, [])]
    check_header(f"{path}:1", header)
    lines: list[int] = []
    rows: list[list[str]] = []
    try:
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                raise SeriesError(
                    f"{path}:{reader.line_num}: {len(row)} values where the header names "
                    f"{len(header)}"
                )
            lines.append(reader.line_num)
            rows.append(row)
    except csv.Error as error:
        raise SeriesError(f"{path}:{reader.line_num}: not CSV: {error}") from None
    columns = {name: [row[index] for row in rows] for index, name in enumerate(header)}
    return RawTable(path=path, columns=columns, where=lambda index: f"{path}:{lines[index]}")
