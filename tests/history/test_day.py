"""A day's file: what comes back, and what is told of damaged and foreign ones."""

import json
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from history.day import ArchivedDay, BadFileError, read_day, write_day
from tests.history.recorded import archived, history, same
from tests.times import at

START = at("2026-03-01")
METRIC = archived()


def a_day(*rows: tuple[int, int, float], **changes: Any) -> ArchivedDay:
    return ArchivedDay(
        **{
            "metric": METRIC,
            "start": START,
            "period": 60,
            "until": START + 86_400,
            "asked": START + 5 * 86_400,
            "records": history(*(rows or ((START, 60, 1.5), (START + 60, 60, -2.0)))),
            **changes,
        }
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "2026-03-01.parquet"


def test_a_day_comes_back(path: Path) -> None:
    records = history((START, 300, 1.5), (START + 300, 60, -2.0), percentiles={"p99": [7, np.nan]})
    write_day(path, a_day(records=records, period=300, until=START + 3600))
    day = read_day(path, METRIC)
    assert (day.metric, day.start, day.period) == (METRIC, START, 300)
    assert (day.until, day.asked) == (START + 3600, START + 5 * 86_400)
    assert same(day.records, records)


def test_a_day_without_data_comes_back(path: Path) -> None:
    write_day(path, a_day(records=history(percentiles={"p90": []})))
    day = read_day(path, METRIC)
    assert len(day.records) == 0
    assert list(day.records.percentiles) == ["p90"]


def test_other_programs_can_read_it(path: Path) -> None:
    """The columns that the documentation names, with times that say that they are UTC."""
    write_day(path, a_day(records=history((START, 60, 1.5), percentiles={"p99": [np.nan]})))
    (row,) = pq.read_table(path).to_pylist()
    assert row.pop("time").isoformat() == "2026-03-01T00:00:00+00:00"
    assert row == {
        "resolution": 60,
        "sample_count": 1.0,
        "sum": 1.5,
        "minimum": 1.5,
        "maximum": 1.5,
        "p99": None,
    }


@pytest.mark.parametrize(
    ("days_later", "is_settled"),
    # A day for publishing late and two to become available, after the day's end on the 2nd.
    [(0, False), (3, False), (4, True), (30, True)],
)
def test_settled(days_later: int, is_settled: bool) -> None:
    assert a_day(asked=START + days_later * 86_400).is_settled is is_settled


def test_no_file(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_day(path, METRIC)


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _foreign(path: Path) -> None:
    pq.write_table(pa.table({"time": [1], "value": [2.0]}), path)


def _without_resolution(path: Path) -> None:
    table = pq.read_table(path)
    pq.write_table(table.drop_columns(["resolution"]), path)


def _with_nulls(path: Path) -> None:
    table = pq.read_table(path)
    nulls = pa.array([None, 1.0], pa.float64())
    pq.write_table(table.set_column(3, "sum", nulls), path)


def _with_another_column(path: Path) -> None:
    table = pq.read_table(path)
    pq.write_table(table.append_column("unit", pa.array(["%", "%"])), path)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda path: path.write_bytes(b""), ""),
        (lambda path: path.write_bytes(b"PAR1 and nothing else"), ""),
        (_truncated, ""),
        (_foreign, "does not say whose records"),
        (_without_resolution, "resolution"),
        (_with_nulls, "column sum is not double without gaps"),
        (_with_another_column, "column unit is no percentile"),
        (lambda path: (path.unlink(), path.mkdir()), ""),
    ],
)
def test_damage_is_told(damage: Callable[[Path], Any], reason: str, path: Path) -> None:
    write_day(path, a_day())
    damage(path)
    with pytest.raises(BadFileError) as raised:
        read_day(path, METRIC)
    assert raised.value.file.path == path
    assert reason in raised.value.file.reason
    assert raised.value.file.reason.strip(": ")


def _said_otherwise(
    change: Callable[[dict[str, Any]], dict[str, Any]], *, checksum: bool = True
) -> Callable[[Path], None]:
    """Change what a file says of itself, with a checksum that fits or the old one."""

    def damage(path: Path) -> None:
        table = pq.read_table(path)
        about = json.dumps(change(json.loads(table.schema.metadata[KEY]))).encode()
        old = table.schema.metadata[CHECKSUM]
        new = str(zlib.crc32(about)).encode() if checksum else old
        pq.write_table(table.replace_schema_metadata({KEY: about, CHECKSUM: new}), path)

    return damage


KEY = b"cloudwatch-history"
CHECKSUM = b"cloudwatch-history-crc32"


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (_said_otherwise(lambda about: about | {"format": 2}), "its format is 2, not 1"),
        (
            _said_otherwise(lambda about: about | {"until": 0}, checksum=False),
            "what it says of itself is damaged",
        ),
        (
            _said_otherwise(lambda about: about | {"day": "soon"}),
            "Invalid isoformat string: 'soon'",
        ),
        (_said_otherwise(lambda about: {"format": 1}), "'metric'"),
        (_said_otherwise(lambda about: about | {"metric": 3}), "'int' object is not subscriptable"),
    ],
)
def test_what_a_file_says_of_itself(
    damage: Callable[[Path], None], reason: str, path: Path
) -> None:
    write_day(path, a_day())
    damage(path)
    with pytest.raises(BadFileError) as raised:
        read_day(path, METRIC)
    assert str(raised.value) == f"{path}: not a day's file of the archive: {reason}"


def test_what_is_written_beside_the_records(path: Path) -> None:
    write_day(path, a_day(until=START + 3600))
    about = json.loads(pq.read_table(path).schema.metadata[KEY])
    assert about == {
        "format": 1,
        "metric": METRIC.as_json(),
        "day": "2026-03-01",
        "period": 60,
        "until": START + 3600,
        "asked": START + 5 * 86_400,
    }


@pytest.mark.parametrize("name", ["p9", "p99", "p100", "p99.95"])
def test_percentiles_are_columns_of_their_own(name: str, path: Path) -> None:
    write_day(path, a_day(records=history((START, 60, 1.5), percentiles={name: [2.5]})))
    assert read_day(path).records.percentiles[name].tolist() == [2.5]


@pytest.mark.parametrize("name", ["p", "p9999", "p99.", "xp99", "p99x"])
def test_what_is_no_percentile(name: str, path: Path) -> None:
    write_day(path, a_day(records=history((START, 60, 1.5), percentiles={name: [2.5]})))
    with pytest.raises(BadFileError, match=f"column {re.escape(name)} is no percentile$"):
        read_day(path)


def test_records_of_the_first_and_of_the_last_second(path: Path) -> None:
    rows = ((START, 1, 1.0), (START + 1, 60, 2.0), (START + 86_340, 60, 3.0))
    write_day(path, a_day(*rows))
    assert same(read_day(path).records, history(*rows))
    day = read_day(path)
    assert (day.end, day.is_settled) == (START + 86_400, True)


def test_a_file_is_small_and_its_pages_have_checksums(path: Path) -> None:
    write_day(path, a_day(*((START + 60 * n, 60, n**0.5) for n in range(200))))
    column = pq.read_metadata(path).row_group(0).column(3)
    assert column.compression == "ZSTD"
    # In the middle of the values' page a single bit is another one.
    middle = column.data_page_offset + column.total_compressed_size // 2
    content = path.read_bytes()
    path.write_bytes(content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1 :])
    with pytest.raises(BadFileError, match=r"checksum|CRC"):
        read_day(path)


def test_a_day_in_words_does_not_show_its_records() -> None:
    assert "records" not in repr(a_day())


@pytest.mark.slow
def test_no_flipped_bit_is_taken_for_data(path: Path) -> None:
    rows = [(START + 60 * minute, 60, minute**0.5) for minute in range(200)]
    write_day(path, a_day(*rows))
    content, good = path.read_bytes(), read_day(path, METRIC)
    noticed = 0
    for place in range(0, len(content), 23):
        path.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        try:
            found = read_day(path, METRIC)
        except BadFileError:
            noticed += 1
        else:
            # Statistics of pages and the like, which nobody reads.
            assert same(found.records, good.records)
            assert (found.until, found.asked) == (good.until, good.asked)
    assert noticed > 200


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (a_day(metric=archived("MemoryUtilization")), "it holds AWS/ECS MemoryUtilization"),
        (a_day(start=START + 86_400, records=history()), "it holds 2026-03-02"),
        (a_day((START + 60, 60, 1), (START, 60, 2)), "not one after another"),
        (a_day((START, 60, 1), (START, 60, 2)), "not one after another"),
        (a_day((START, 300, 1), (START + 60, 60, 2)), "not one after another"),
        (a_day((START - 60, 60, 1)), "records of other days"),
        (a_day((START + 86_370, 60, 1)), "records of other days"),
        (a_day((START, 60, np.inf)), "not finite"),
        (a_day((START, 0, 1)), "not one after another"),
        (
            a_day(records=replace(history((START, 60, 1)), counts=np.array([0.0]))),
            "it has records without samples",
        ),
    ],
)
def test_what_is_not_this_day_of_this_metric(wrong: ArchivedDay, reason: str, path: Path) -> None:
    write_day(path, wrong)
    with pytest.raises(BadFileError, match=reason):
        read_day(path, METRIC)
