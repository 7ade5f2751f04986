"""A CSV or parquet file as columns, with a name for the place of each row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from history.text import TextError, header_and_rows, read_text

PARQUET: Final = ".parquet"

MOST_ROWS: Final = 5 * 366 * 1440
"""Rows of a file: five years of minutes. A choice, so that a wrong file does not take all memory;
CloudWatch itself keeps 15 months."""


class SeriesError(Exception):
    """A file of values cannot be used; the message says where and what to write instead."""


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """A file's columns before they are understood.

    Attributes:
        path: the file.
        header: the columns' names in lower case, as often as they stand there.
        header_at: where they stand.
        columns: by name in lower case; texts in CSV, where an empty one means nothing, and
            what pyarrow makes of them in parquet, where ``None`` does.
        where: from a row's index to how people find it: ``file.csv:2``.
    """

    path: Path
    header: tuple[str, ...]
    header_at: str
    columns: Mapping[str, Sequence[Any]]
    where: Callable[[int], str] = field(repr=False)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))


def read_table(path: Path, is_header: Callable[[Sequence[str]], bool]) -> RawTable:
    """Read a file; parquet by its suffix, CSV else, with commas, semicolons or tabs.

    Args:
        path: the file.
        is_header: whether the row of these names, in lower case, is the header; rows above it
            are passed over.

    Raises:
        SeriesError: it cannot be read, is not a table, or has more rows than ``MOST_ROWS``.
    """
    try:
        if path.suffix == PARQUET:
            return _read_parquet(path)
        return _read_csv(path, is_header)
    except TextError as error:
        raise SeriesError(str(error)) from None
    except (OSError, pa.ArrowException) as error:
        raise SeriesError(f"{path}: cannot be read: {error}") from None


def _read_parquet(path: Path) -> RawTable:
    # Its size says nothing: a few hundred kilobytes may be hundreds of millions of rows.
    _check_size(path, pq.read_metadata(path).num_rows)
    table = pq.read_table(path, partitioning=None)
    names = [name.lower() for name in table.column_names]
    return RawTable(
        path=path,
        header=tuple(names),
        header_at=str(path),
        columns={name: _values(table.column(index)) for index, name in enumerate(names)},
        where=lambda index: f"{path}: row {index + 1}",
    )


def _values(column: Any) -> list[Any]:
    # Python's times have no nanoseconds.
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    return list(column.to_pylist())


def _read_csv(path: Path, is_header: Callable[[Sequence[str]], bool]) -> RawTable:
    text = read_text(path)
    _check_size(path, text.count("\n"))
    header, rows = header_and_rows(path, text, is_header)
    lines: list[int] = []
    columns: list[list[str]] = [[] for _ in header.cells]
    for row in rows:
        lines.append(row.line)
        for column, cell in zip(columns, row.cells, strict=True):
            column.append(cell)
    return RawTable(
        path=path,
        header=header.cells,
        header_at=f"{path}:{header.line}",
        columns=dict(zip(header.cells, columns, strict=True)),
        where=lambda index: f"{path}:{lines[index]}",
    )


def _check_size(path: Path, rows: int) -> None:
    if rows > MOST_ROWS:
        raise SeriesError(
            f"{path}: {rows:,} rows, and no more than {MOST_ROWS:,} are read (five years of "
            "minutes): leave out what is oldest, or write a row for every 5 minutes"
        )
