"""History from CSV and parquet: what they may look like, and where it says that they are wrong."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from history.day import ArchivedDay, write_day
from history.files import SeriesError, SeriesOption, read_series
from history.table import MOST_ROWS
from tests.history.recorded import archived, history, same
from tests.history.series import read, refused
from tests.times import at

NOON = at("2026-03-01 12:00")


@pytest.mark.parametrize(
    "times",
    [
        ("2026-03-01T12:00:00Z", "2026-03-01T12:01:00Z"),
        ("2026-03-01T12:00:00", "2026-03-01 12:01"),
        ("2026-03-01T21:00:00+09:00", "2026-03-01T07:01:00-05:00"),
        (f"{NOON}", f"{NOON + 60}"),
        (f"{NOON}.0", f"{NOON + 60}.25"),
        (f"{NOON}000", f"{NOON + 60}250"),
    ],
)
def test_times(times: tuple[str, str], tmp_path: Path) -> None:
    found = read(tmp_path, "timestamp,value", f"{times[0]},1.5", f"{times[1]},-2")
    assert same(found, history((NOON, 60, 1.5), (NOON + 60, 60, -2)))


def test_rows_in_any_order_and_columns_too(tmp_path: Path) -> None:
    found = read(tmp_path, " Value,Timestamp", f"3,{NOON + 120}", f"1,{NOON}", f"2,{NOON + 60}")
    assert found.totals.tolist() == [1, 2, 3]
    assert found.times.tolist() == [NOON, NOON + 60, NOON + 120]


def test_samples_are_so_many_of_the_value(tmp_path: Path) -> None:
    """As with Values and Counts of PutMetricData; no samples are no data."""
    rows = (f"{NOON},2.5,4", f"{NOON + 60},3,0", f"{NOON + 120},5,")
    found = read(tmp_path, "timestamp,value,samples", *rows)
    assert found.counts.tolist() == [4, 1]
    assert found.totals.tolist() == [10, 5]
    assert found.minimums.tolist() == found.maximums.tolist() == [2.5, 5]


def test_statistic_sets(tmp_path: Path) -> None:
    header = "timestamp,value,samplecount,sum,minimum,maximum"
    found = read(tmp_path, header, f"{NOON},99,4,10,1,5", f"{NOON + 60},,,,,")
    assert found.times.tolist() == [NOON]
    assert (found.counts[0], found.totals[0]) == (4, 10)
    assert (found.minimums[0], found.maximums[0]) == (1, 5)


def test_percentiles(tmp_path: Path) -> None:
    found = read(tmp_path, "timestamp,value,p99,p99.9", f"{NOON},1,7,", f"{NOON + 60},2,8,9")
    assert found.percentiles["p99"].tolist() == [7, 8]
    np.testing.assert_array_equal(found.percentiles["p99.9"], [np.nan, 9])


def test_the_history_of_a_sample_count(tmp_path: Path) -> None:
    """How many there were, not what they were; as ``ops evaluate`` takes it."""
    found = read(tmp_path, "timestamp,value", f"{NOON},3", f"{NOON + 60},0", are_counts=True)
    assert found.counts.tolist() == [3]
    assert found.totals.tolist() == [0]


def test_a_value_of_zero_is_a_value_and_none_is_none(tmp_path: Path) -> None:
    found = read(tmp_path, "timestamp,value", f"{NOON},0", f"{NOON + 60},", f"{NOON + 120},1")
    assert found.times.tolist() == [NOON, NOON + 120]


@pytest.mark.parametrize(
    ("distances", "resolution"),
    [
        ([60, 60, 60], 60),
        ([60, 60, 3600], 60),
        ([59, 61, 60.5], 60),
        ([300, 300], 300),
        ([290, 310, 300], 300),
        ([3600], 3600),
        ([3598, 3603, 3600], 3600),
        ([900, 900], 900),
        ([100, 100], 120),
        ([10, 10], 10),
        ([12, 9, 11], 10),
        ([1, 1], 1),
        ([], 60),
    ],
)
def test_the_resolution_follows_from_the_distance_of_the_rows(
    distances: list[float], resolution: int, tmp_path: Path
) -> None:
    times = [NOON, *(NOON + sum(distances[: i + 1]) for i in range(len(distances)))]
    found = read(tmp_path, "timestamp,value", *(f"{time},1" for time in times))
    assert set(found.resolutions.tolist()) == {resolution}


def test_rows_without_a_value_count_for_the_distance(tmp_path: Path) -> None:
    rows = [f"{NOON + 60 * minute},{'' if minute % 5 else 1}" for minute in range(20)]
    found = read(tmp_path, "timestamp,value", *rows)
    assert len(found) == 4
    assert set(found.resolutions.tolist()) == {60}


def test_the_resolution_may_be_said(tmp_path: Path) -> None:
    rows = (f"{NOON},1,3600", f"{NOON + 3600},1,60", f"{NOON + 3660},,300")
    found = read(tmp_path, "timestamp,value,resolution", *rows)
    assert found.resolutions.tolist() == [3600, 60]


def test_the_same_row_twice_is_one(tmp_path: Path) -> None:
    found = read(
        tmp_path, "timestamp,value", f"{NOON},1", f"{NOON + 60},", f"{NOON},1.0", f"{NOON + 60},"
    )
    assert found.times.tolist() == [NOON]


def test_times_within_a_second_are_two(tmp_path: Path) -> None:
    found = read(tmp_path, "timestamp,value", f"{NOON}.25,1", f"{NOON}.75,2")
    assert found.times.tolist() == [NOON, NOON]


def test_blank_lines_and_a_byte_order_mark(tmp_path: Path) -> None:
    found = read(tmp_path, "\ufefftimestamp,value", "", f"{NOON},1", "")
    assert len(found) == 1


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([f"{NOON},1", "yesterday,2"], "s.csv:3: 'yesterday' is no time; write ISO 8601"),
        (["2026-03-01,1", "2026-13-01,2"], "s.csv:3: '2026-13-01' is no time"),
        (["2026-03-01,1", f"{NOON},2"], f"s.csv:3: '{NOON}' is no time"),
        (["12,1", "13,2"], "s.csv:2: '12' is no time"),
        ([f"{NOON},1", ",2"], "s.csv:3: '' is no time"),
        ([f"{NOON},1", "", f"{NOON + 60},high"], "s.csv:4: value 'high' is no finite number"),
        ([f"{NOON},nan"], "s.csv:2: value 'nan' is no finite number"),
        ([f"{NOON},inf"], "s.csv:2: value 'inf' is no finite number"),
        ([f"{NOON},1,2"], "s.csv:2: 3 values where the header names 2"),
        ([f"{NOON}"], "s.csv:2: 1 values where the header names 2"),
        ([], "s.csv: no rows below the header"),
    ],
)
def test_what_is_wrong_with_a_row(lines: list[str], message: str, tmp_path: Path) -> None:
    assert refused(tmp_path, "timestamp,value", *lines).startswith(message)


def test_both_lines_of_a_time_with_two_statistic_sets_are_named(tmp_path: Path) -> None:
    header = "timestamp,samplecount,sum,minimum,maximum"
    told = refused(tmp_path, header, f"{NOON},2,3,1,2", f"{NOON + 60},1,2,2,2", f"{NOON},1,3,3,3")
    assert told.startswith("s.csv:4: has the time of ")
    assert "s.csv:2" in told


def test_several_values_of_one_time_are_several_samples(tmp_path: Path) -> None:
    lines = (f"{NOON},1", f"{NOON + 60},2", f"{NOON},3", f"{NOON},3")
    history = read(tmp_path, "timestamp,value", *lines)
    # The last line repeats the one before it.
    assert history.times.tolist() == [NOON, NOON, NOON + 60]
    assert sorted(history.totals.tolist()) == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("header", "row", "message"),
    [
        ("timestamp,value,samples", f"{NOON},1,-1", "s.csv:2: has fewer than 0 samples"),
        (
            "timestamp,samplecount,sum,minimum,maximum",
            f"{NOON},2,3,,",
            "s.csv:2: has samples, but not their sum, minimum and maximum",
        ),
        (
            "timestamp,samplecount,sum,minimum,maximum",
            f"{NOON},2,3,2,1",
            "s.csv:2: has a minimum above its maximum",
        ),
        ("timestamp,value,resolution", f"{NOON},1,45", "s.csv:2: has no resolution that"),
        ("timestamp,value,resolution", f"{NOON},1,", "s.csv:2: has no resolution that"),
        ("time,val", f"{NOON},1", "s.csv:1: the header is time,val: no column val is known; write"),
        ("value", "1", "s.csv:1: the header is value; write timestamp,value"),
        ("timestamp,sum,maximum", f"{NOON},1,1", "s.csv:1: the header is timestamp,sum,maximum"),
        ("timestamp,value,sum", f"{NOON},1,1", "s.csv:1: the header is timestamp,value,sum"),
        ("timestamp,value,value", f"{NOON},1,1", "s.csv:1: the header is"),
        ("timestamp,value,metric", f"{NOON},1,cpu", "s.csv:1: the header is"),
        (
            "timestamp,samples,samplecount,sum,minimum,maximum",
            f"{NOON},1,1,1,1,1",
            "s.csv:1: the header is",
        ),
    ],
)
def test_what_is_wrong_with_a_column(header: str, row: str, message: str, tmp_path: Path) -> None:
    assert refused(tmp_path, header, row).startswith(message)


def test_no_such_file_and_no_text(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path / "none.parquet", tmp_path):
        with pytest.raises(SeriesError, match="cannot be read"):
            read_series(path)
    for name, content in {"a.csv": b"\xff\xfe\x00", "a.parquet": b"timestamp,value"}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SeriesError, match=r"cannot be read|a\.csv:1: not UTF-16"):
            read_series(tmp_path / name)
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(SeriesError, match="the header is missing"):
        read_series(tmp_path / "empty.csv")


@pytest.mark.parametrize(
    "times",
    [
        pa.array([NOON + 60, NOON], pa.int64()),
        pa.array([(NOON + 60) * 1000, NOON * 1000], pa.int64()),
        pa.array([(NOON + 60) * 10**9 + 1, NOON * 10**9], pa.timestamp("ns")),
        pa.array([(NOON + 60) * 1000, NOON * 1000], pa.timestamp("ms", tz="Asia/Tokyo")),
        pa.array(["2026-03-01T12:01:00Z", "2026-03-01T12:00:00Z"]),
    ],
)
def test_parquet(times: pa.Array, tmp_path: Path) -> None:
    path = tmp_path / "s.parquet"
    table = pa.table({"timestamp": times, "value": [2, 1], "p99": pa.array([None, 7.0])})
    pq.write_table(table, path)
    found = read_series(path)
    expected = history((NOON, 60, 1), (NOON + 60, 60, 2), percentiles={"p99": [7, np.nan]})
    assert same(found, expected)


def test_parquet_names_rows(tmp_path: Path) -> None:
    path = tmp_path / "s.parquet"
    pq.write_table(pa.table({"timestamp": [NOON, None], "value": [1, 2]}), path)
    with pytest.raises(SeriesError, match="row 2: None is no time"):
        read_series(path)
    pq.write_table(pa.table({"timestamp": [NOON, NOON + 60], "value": ["1", "x"]}), path)
    with pytest.raises(SeriesError, match="row 2: value 'x' is no finite number"):
        read_series(path)


def test_a_file_of_the_archive_is_history_too(tmp_path: Path) -> None:
    start = at("2026-03-01")
    records = history((start, 300, 1), (start + 300, 60, 2), percentiles={"p99": [3, np.nan]})
    day = ArchivedDay(
        metric=archived(), start=start, period=60, until=start, asked=start, records=records
    )
    path = tmp_path / "2026-03-01.parquet"
    write_day(path, day)
    assert same(read_series(path), records)


@pytest.mark.parametrize(
    ("text", "option"),
    [
        (
            "rds.cpu-high@main=a.csv",
            SeriesOption(address="rds.cpu-high@main", metric="", path=Path("a.csv")),
        ),
        (
            "alb.x@a/b:m1=/d=e/a.csv",
            SeriesOption(address="alb.x@a/b", metric="m1", path=Path("/d=e/a.csv")),
        ),
    ],
)
def test_the_option(text: str, option: SeriesOption) -> None:
    assert SeriesOption.parsed(text) == option


@pytest.mark.parametrize("text", ["", "a.csv", "rds.cpu-high@main=", "=a.csv", ":m1=a.csv"])
def test_what_is_no_option(text: str) -> None:
    with pytest.raises(SeriesError, match="write ADDRESS=FILE"):
        SeriesOption.parsed(text)


@pytest.mark.parametrize(
    "text",
    [
        "Timestamp;Average;Unit\n2026-03-01T12:00Z;2.5;Percent\n2026-03-01T12:01Z;3;Percent\n",
        "timestamp\tvalue\n2026-03-01T12:00Z\t2.5\n2026-03-01T12:01Z\t3\n",
        "CPU of web\n\ntimestamp,value\n2026-03-01T12:00Z,2.5\n2026/03/01 12:01,3\n",
    ],
)
def test_files_of_spreadsheets_and_of_the_command_line_are_read(tmp_path: Path, text: str) -> None:
    for name, raw in {"a.csv": text.encode(), "b.csv": text.encode("utf-16")}.items():
        (tmp_path / name).write_bytes(raw)
        found = read_series(tmp_path / name)
        assert found.totals.tolist() == [2.5, 3.0]


def test_of_several_statistics_the_one_that_is_read_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("timestamp,Average,Maximum\n2026-03-01T12:00Z,2.5,9\n")
    assert read_series(path, statistic="Maximum").totals.tolist() == [9.0]
    with pytest.raises(SeriesError, match="the header is timestamp,average,maximum"):
        read_series(path)
    path.write_text("timestamp,Average\n2026-03-01T12:00Z,2.5\n")
    with pytest.raises(SeriesError, match="the header is timestamp,average"):
        read_series(path, statistic="Maximum")


def test_a_file_without_any_value_says_so(tmp_path: Path) -> None:
    found = refused(tmp_path, "timestamp,value", f"{NOON},", f"{NOON + 60},")
    assert found.startswith("s.csv:2: no row has a value")


def test_a_file_over_decades_is_refused_before_it_is_spread_over_every_minute(
    tmp_path: Path,
) -> None:
    found = refused(tmp_path, "timestamp,value", "1970-01-01,1", "2026-03-01,2", "2026-03-02,3")
    assert "s.csv:2: 20,514 days before" in found
    assert "may reach over 1,830 days" in found


def test_a_small_file_of_many_rows_is_refused_before_it_is_read(tmp_path: Path) -> None:
    rows = MOST_ROWS + 1
    table = pa.table({"timestamp": pa.array(np.full(rows, NOON)), "value": np.zeros(rows)})
    path = tmp_path / "s.parquet"
    pq.write_table(table, path)
    assert path.stat().st_size < 500_000
    with pytest.raises(SeriesError, match=f"{rows:,} rows, and no more than"):
        read_series(path)
