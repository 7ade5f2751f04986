"""Tables of files: what their texts and columns may look like, and the place of what is wrong."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from history import table as module
from history.table import RawTable, SeriesError, read_table
from history.text import Row, TextError, header_and_rows, moment_of, read_text, rows_of
from history.times import numbers_of, times_of

PATH: Final = Path("s.csv")
NOON: Final = 1_772_366_400
"""2026-03-01 12:00 UTC."""

TOKYO: Final = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("a,b\n", [(1, ("a", "b"))]),
        # Empty rows are passed over, and counted.
        ("\n a , b \n\n,\n1,\n", [(2, ("a", "b")), (5, ("1", ""))]),
        ('a,"b\nc"\nd,e\n', [(2, ("a", "b\nc")), (3, ("d", "e"))]),
        # What most rows have separates values.
        ("a;b\n1,5;2\n3;4\n", [(1, ("a", "b")), (2, ("1,5", "2")), (3, ("3", "4"))]),
        ("a\tb\n1\t2,5\n", [(1, ("a", "b")), (2, ("1", "2,5"))]),
        ("a,b;c\n1,2\n", [(1, ("a", "b;c")), (2, ("1", "2"))]),
        # As often: a comma.
        ("a,b;c\n", [(1, ("a", "b;c"))]),
    ],
)
def test_rows(text: str, rows: list[tuple[int, tuple[str, ...]]]) -> None:
    assert list(rows_of(PATH, text)) == [Row(line, cells) for line, cells in rows]


def test_what_separates_values_is_seen_at_the_beginning() -> None:
    # 1,024 rows of four characters; what comes after the row that is then begun does not count.
    text = "a,b\n" * 1024 + "c,d\n" + "e;f\n" * 3000
    assert next(rows_of(PATH, text)).cells == ("a", "b")
    assert next(rows_of(PATH, "a,b\n" * 100 + "e;f\n" * 3000)).cells == ("a,b",)


def test_what_is_no_csv() -> None:
    with pytest.raises(TextError) as refused:
        list(rows_of(PATH, "a,b\n1," + "x" * 131_073 + "\n"))
    # The most that Python's csv module takes.
    assert str(refused.value) == "s.csv:2: not CSV: field larger than field limit (131072)"


def is_header(cells: Any) -> bool:
    return "time" in cells


def test_what_stands_above_the_header_is_passed_over() -> None:
    text = "Title,CPU\n\nTime,Value\nNow,Much\n"
    header, rows = header_and_rows(PATH, text, is_header)
    # In lower case the header alone.
    assert (header, list(rows)) == (Row(3, ("time", "value")), [Row(4, ("Now", "Much"))])
    header, rows = header_and_rows(PATH, "A,B\nC,D\n", is_header)
    assert (header, list(rows)) == (Row(1, ("a", "b")), [Row(2, ("C", "D"))])
    header, rows = header_and_rows(PATH, "", is_header)
    assert (header, list(rows)) == (Row(1, ()), [])


@pytest.mark.parametrize(("above", "is_found"), [(49, True), (50, False)])
def test_a_header_is_among_the_first_fifty_rows(above: int, is_found: bool) -> None:
    text = "x,y\n" * above + "time,value\n1,2\n" + "3,4\n" * 60
    header, rows = header_and_rows(PATH, text, is_header)
    assert header == (Row(50, ("time", "value")) if is_found else Row(1, ("x", "y")))
    assert len(list(rows)) == (61 if is_found else 49 + 1 + 61)


@pytest.mark.parametrize(("row", "values"), [("1", 1), ("1,2,3", 3)])
def test_a_row_has_as_many_values_as_the_header(row: str, values: int) -> None:
    _, rows = header_and_rows(PATH, f"time,value\n\n{row}\n", is_header)
    with pytest.raises(TextError) as refused:
        list(rows)
    assert str(refused.value) == f"s.csv:3: {values} values where the header names 2"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a,é\n".encode(), "a,é\n"),
        ("a,é\n".encode("utf-8-sig"), "a,é\n"),
        ("a,é\n".encode("utf-16"), "a,é\n"),
        (b"\xfe\xff" + "a,é\n".encode("utf-16-be"), "a,é\n"),
    ],
)
def test_texts(raw: bytes, text: str, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(raw)
    assert read_text(path) == text


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"a\n\n\xe9\n", "3: not UTF-8-SIG: save it as UTF-8"),
        (b"\xff\xfe\x00", "1: not UTF-16: save it as UTF-8"),
        (b"a\nb\0\n", "2: not text: save it as CSV in UTF-8"),
    ],
)
def test_what_is_no_text(raw: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(raw)
    with pytest.raises(TextError) as refused:
        read_text(path)
    assert str(refused.value) == f"{path}:{message}"


def test_a_folder_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(TextError) as refused:
        read_text(tmp_path)
    assert str(refused.value) == f"{tmp_path}: cannot be read: Is a directory"


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-03-01T12:00:00Z", TOKYO, NOON),
        ("2026/03/01 12:00", UTC, NOON),
        ("2026-03-01 21:00", TOKYO, NOON),
        ("2026-03-01T21:00+09:00", UTC, NOON),
    ],
)
def test_moments(text: str, zone: timezone, expected: int) -> None:
    assert moment_of(text, zone).timestamp() == expected
    assert moment_of("2026-03-01 12:00").timestamp() == NOON


def column(*values: Any) -> RawTable:
    """A table of one column."""
    return RawTable(
        path=PATH,
        header=("c",),
        header_at="s.csv:1",
        columns={"c": values},
        where=lambda index: f"row {index}",
    )


# Between 10^9 and 10^11 a number is seconds, from 2001 to 5138; above, milliseconds.
@pytest.mark.parametrize(
    ("values", "microseconds"),
    [
        (("1000000000", "99999999999"), (10**15, 99_999_999_999 * 10**6)),
        ((NOON, NOON + 0.25), (NOON * 10**6, NOON * 10**6 + 250_000)),
        ((NOON * 1000 + 1,), (NOON * 10**6 + 1000,)),
        (
            (" 2026-03-01T12:00:00Z ", "2026-03-01 12:00:00.000001"),
            (NOON * 10**6, NOON * 10**6 + 1),
        ),
        (
            (datetime(2026, 3, 1, 12), datetime(2026, 3, 1, 21, tzinfo=TOKYO)),
            (NOON * 10**6, NOON * 10**6),
        ),
    ],
)
def test_columns_of_times(values: tuple[Any, ...], microseconds: tuple[int, ...]) -> None:
    assert times_of(column(*values), "c").tolist() == list(microseconds)


ISO: Final = (
    "is no time; write ISO 8601, such as 2026-11-24T10:00:00Z, or seconds or milliseconds since "
    "1970, in all rows"
)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        # The first that is not what the first row is.
        (("2026-03-01", "2026-03-02", str(NOON)), f"row 2: '{NOON}' {ISO}"),
        ((str(NOON), "2026-03-01"), f"row 1: '2026-03-01' {ISO}"),
        (("soon", "2026-03-01"), f"row 0: 'soon' {ISO}"),
        (("999999999",), f"row 0: '999999999' {ISO}"),
        # 10^11 milliseconds are in 1973, before CloudWatch was there.
        (("100000000000",), f"row 0: '100000000000' {ISO}"),
        ((NOON, None), f"row 1: None {ISO}"),
        ((None,), f"row 0: None {ISO}"),
        ((NOON, float("nan")), f"row 1: nan {ISO}"),
    ],
)
def test_what_is_no_column_of_times(values: tuple[Any, ...], message: str) -> None:
    with pytest.raises(SeriesError) as refused:
        times_of(column(*values), "c")
    assert str(refused.value) == message


def test_columns_of_numbers() -> None:
    found = numbers_of(column("1.5", "", None, -2, "1e3"), "c")
    np.testing.assert_array_equal(found, [1.5, np.nan, np.nan, -2, 1000])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (("", "1", "x", "y"), "row 2: c 'x' is no finite number"),
        (("1", "nan"), "row 1: c 'nan' is no finite number"),
        (("1", float("inf")), "row 1: c inf is no finite number"),
        ((None, b""), "row 1: c b'' is no finite number"),
        (([1], 2), "row 0: c [1] is no finite number"),
    ],
)
def test_what_is_no_column_of_numbers(values: tuple[Any, ...], message: str) -> None:
    with pytest.raises(SeriesError) as refused:
        numbers_of(column(*values), "c")
    assert str(refused.value) == message


def test_a_csv_as_a_table(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("# by hand\n\nTime,VALUE\n1,2\n\n3,\n")
    found = read_table(path, is_header)
    assert (found.header, found.header_at) == (("time", "value"), f"{path}:3")
    assert {name: list(of) for name, of in found.columns.items()} == {
        "time": ["1", "3"],
        "value": ["2", ""],
    }
    assert ([found.where(index) for index in range(2)], len(found)) == (
        [f"{path}:4", f"{path}:6"],
        2,
    )


def test_a_parquet_as_a_table(tmp_path: Path) -> None:
    path = tmp_path / "s.parquet"
    moment = pa.array([NOON * 10**9 + 1, None], pa.timestamp("ns", tz="Asia/Tokyo"))
    pq.write_table(pa.table({"Time": moment, "VALUE": [1.5, None]}), path)
    found = read_table(path, is_header)
    assert (found.path, found.header, found.header_at) == (path, ("time", "value"), str(path))
    assert found.columns == {
        "time": [datetime(2026, 3, 1, 12, tzinfo=UTC), None],
        "value": [1.5, None],
    }
    assert ([found.where(index) for index in range(2)], len(found)) == (
        [f"{path}: row 1", f"{path}: row 2"],
        2,
    )
    assert "where" not in repr(found)
    assert len(RawTable(path=path, header=(), header_at="", columns={}, where=str)) == 0


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_so_many_rows_are_read(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 1002)
    path = tmp_path / f"s.{kind}"

    def write(rows: int) -> None:
        if kind == "csv":
            # The header is a row of the file.
            path.write_text("time,value\n" + "1,2\n" * (rows - 1))
        else:
            pq.write_table(pa.table({"time": [1] * rows, "value": [2] * rows}), path)

    write(1002)
    assert len(read_table(path, is_header)) == (1001 if kind == "csv" else 1002)
    write(1003)
    with pytest.raises(SeriesError) as refused:
        read_table(path, is_header)
    assert str(refused.value) == (
        f"{path}: 1,003 rows, and no more than 1,002 are read (five years of minutes): leave out "
        "what is oldest, or write a row for every 5 minutes"
    )


def test_what_is_no_table(tmp_path: Path) -> None:
    for name in ("none.csv", "none.parquet"):
        with pytest.raises(SeriesError, match=rf"{name}: cannot be read: .*No such file"):
            read_table(tmp_path / name, is_header)
