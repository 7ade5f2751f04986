"""Text files of rows, as spreadsheets, consoles and scripts write them."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import chain, islice
from pathlib import Path
from typing import Final

_DELIMITERS: Final = ",;\t"

_PREAMBLE: Final = 50
"""How many rows may stand before the header: a choice, far more than any console writes."""

_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class TextError(Exception):
    """A file cannot be read as rows; the message says where."""


@dataclass(frozen=True)
class Row:
    """One row.

    Attributes:
        line: its number in the file, from 1.
        cells: its values, without the spaces around them.
    """

    line: int
    cells: tuple[str, ...]


def read_text(path: Path) -> str:
    """A file's text: UTF-8, or UTF-16 where it begins with its mark, as Excel's Unicode text.

    Raises:
        TextError: it cannot be read, or is neither.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise TextError(f"{path}: cannot be read: {error.strerror or error}") from None
    encoding = "utf-16" if raw.startswith(_UTF_16) else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise TextError(f"{path}:{line}: not {encoding.upper()}: save it as UTF-8") from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise TextError(f"{path}:{line}: not text: save it as CSV in UTF-8")
    return text


def rows_of(path: Path, text: str) -> Iterator[Row]:
    """The rows that are not empty; commas, semicolons or tabs separate values.

    Raises:
        TextError: a row is no CSV.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(reader.line_num, tuple(cell.strip() for cell in cells))
    except csv.Error as error:
        raise TextError(f"{path}:{reader.line_num}: not CSV: {error}") from None


def header_and_rows(
    path: Path, text: str, is_header: Callable[[Sequence[str]], bool]
) -> tuple[Row, Iterator[Row]]:
    """The header, in lower case, and the rows below it; what stands above is passed over.

    Args:
        path: of the file.
        text: its content.
        is_header: whether a row, in lower case, is the header.

    Returns:
        The first row that is a header, or the first of all where none is.

    Raises:
        TextError: a row is no CSV, or has more values than the header names.
    """
    rows = rows_of(path, text)
    first = list(islice(rows, _PREAMBLE))
    lowered = [Row(row.line, tuple(cell.lower() for cell in row.cells)) for row in first]
    at = next((i for i, row in enumerate(lowered) if is_header(row.cells)), 0)
    header = lowered[at] if lowered else Row(1, ())
    return header, (_fitting(path, row, header) for row in chain(first[at + 1 :], rows))


def _fitting(path: Path, row: Row, header: Row) -> Row:
    if len(row.cells) != len(header.cells):
        raise TextError(
            f"{path}:{row.line}: {len(row.cells)} values where the header names {len(header.cells)}"
        )
    return row


def moment_of(text: str, zone: tzinfo = UTC) -> datetime:
    """A time in ISO 8601, or with slashes as CloudWatch's console writes its files.

    Args:
        text: what was written.
        zone: of times that name none.

    Raises:
        ValueError: it is no time.
    """
    moment = datetime.fromisoformat(text.replace("/", "-"))
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _delimiter(text: str) -> str:
    """What separates values: whatever most rows of the beginning have the most of."""
    beginning = text[: text.find("\n", 4096) if len(text) > 4096 else None]
    return max(_DELIMITERS, key=lambda mark: sum(mark in line for line in beginning.splitlines()))
