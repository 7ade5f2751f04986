"""One metric's records of one day, as a parquet file that says what it is."""

import json
import re
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ecs_monitoring.words import DAY
from history.atomic import write_atomically
from history.metric import ArchivedMetric
from history.retention import SETTLING
from replay.history import Floats, MetricHistory

SUFFIX: Final = ".parquet"
PERCENTILE_COLUMN: Final = re.compile(r"p\d{1,3}(\.\d+)?")

_TIME: Final = pa.timestamp("ms", tz="UTC")
_STATISTICS: Final = {
    "sample_count": "counts",
    "sum": "totals",
    "minimum": "minimums",
    "maximum": "maximums",
}
_TYPES: Final = {
    "time": _TIME,
    "resolution": pa.int32(),
    **dict.fromkeys(_STATISTICS, pa.float64()),
}

# The schema's metadata says in JSON, under this key, whose records these are.
_KEY: Final = b"cloudwatch-history"
# Pages have checksums of parquet's own; this is that of the text above.
_CHECKSUM: Final = b"cloudwatch-history-crc32"
_FORMAT: Final = 1


@dataclass(frozen=True, kw_only=True)
class BadFile:
    """A file of the archive that cannot be used.

    Attributes:
        path: the file.
        reason: what is wrong with it.
    """

    path: Path
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class BadFileError(Exception):
    """Raised where one file is asked for that cannot be used.

    Attributes:
        file: which, and why.
    """

    def __init__(self, path: Path, reason: object) -> None:
        self.file = BadFile(path=path, reason=str(reason))
        super().__init__(str(self.file))


@dataclass(frozen=True, kw_only=True, eq=False)
class ArchivedDay:
    """What is known of a metric's day.

    Attributes:
        metric: whose.
        start: when the day begins, in seconds since 1970 UTC.
        period: seconds; the shortest period at which the whole of it was asked for.
        until: seconds since 1970 UTC up to which it was asked for.
        asked: when it was asked for last, likewise.
        records: none where there was no data.
    """

    metric: ArchivedMetric
    start: int
    period: int
    until: int
    asked: int
    records: MetricHistory = field(repr=False)

    @property
    def end(self) -> int:
        """When the day is over, in seconds since 1970 UTC."""
        return self.start + DAY

    @property
    def is_settled(self) -> bool:
        """Whether it was asked for when all its samples had arrived."""
        return self.asked >= self.end + SETTLING


def day_name(start: int) -> str:
    """``2026-03-01``."""
    return datetime.fromtimestamp(start, UTC).strftime("%Y-%m-%d")


def day_start(name: str) -> int:
    """When the day of a name such as ``2026-03-01`` begins, in seconds since 1970 UTC."""
    return int(datetime.fromisoformat(name).replace(tzinfo=UTC).timestamp())


def write_day(path: Path, day: ArchivedDay) -> None:
    """Write a day's file, as a whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    content = pa.BufferOutputStream()
    pq.write_table(_table(day), content, compression="zstd", write_page_checksum=True)
    write_atomically(path, content.getvalue().to_pybytes())


def read_day(path: Path, metric: ArchivedMetric | None = None) -> ArchivedDay:
    """Read a day's file.

    Args:
        path: the file.
        metric: whose it has to be; ``None`` takes any.

    Raises:
        FileNotFoundError: there is none.
        BadFileError: it is damaged, or is no such file.
    """
    try:
        file = pq.ParquetFile(pa.py_buffer(path.read_bytes()), page_checksum_verification=True)
        table = file.read(use_threads=False)
    except FileNotFoundError:
        raise
    except (OSError, pa.ArrowException) as error:
        raise BadFileError(path, error) from None
    try:
        day = _day(table)
        _check(path, day, metric)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadFileError(path, f"not a day's file of the archive: {error}") from None
    return day


def _table(day: ArchivedDay) -> pa.Table:
    records = day.records
    about = {
        "format": _FORMAT,
        "metric": day.metric.as_json(),
        "day": day_name(day.start),
        "period": day.period,
        "until": day.until,
        "asked": day.asked,
    }
    columns = {
        "time": pa.array(records.times * 1000, pa.int64()).cast(_TIME),
        "resolution": pa.array(records.resolutions, pa.int32()),
        **{name: pa.array(getattr(records, of)) for name, of in _STATISTICS.items()},
        **{
            name: pa.array(column, pa.float64(), from_pandas=True)
            for name, column in records.percentiles.items()
        },
    }
    text = json.dumps(about).encode()
    return pa.table(columns).replace_schema_metadata({_KEY: text, _CHECKSUM: _checksum(text)})


def _day(table: pa.Table) -> ArchivedDay:
    metadata = table.schema.metadata or {}
    if _KEY not in metadata:
        raise ValueError("it does not say whose records it holds")
    if metadata.get(_CHECKSUM) != _checksum(metadata[_KEY]):
        raise ValueError("what it says of itself is damaged")
    about = json.loads(metadata[_KEY])
    if about["format"] != _FORMAT:
        raise ValueError(f"its format is {about['format']}, not {_FORMAT}")
    for name, kind in _TYPES.items():
        if table.schema.field(name).type != kind or table[name].null_count:
            raise ValueError(f"column {name} is not {kind} without gaps")
    extra = [name for name in table.column_names if name not in _TYPES]
    for name in extra:
        if not PERCENTILE_COLUMN.fullmatch(name) or table.schema.field(name).type != pa.float64():
            raise ValueError(f"column {name} is no percentile")
    return ArchivedDay(
        metric=ArchivedMetric.from_json(about["metric"]),
        start=day_start(about["day"]),
        period=int(about["period"]),
        until=int(about["until"]),
        asked=int(about["asked"]),
        records=MetricHistory(
            times=table["time"].cast(pa.int64()).to_numpy() // 1000,
            resolutions=table["resolution"].cast(pa.int64()).to_numpy(),
            **{of: table[name].to_numpy() for name, of in _STATISTICS.items()},
            percentiles={name: _floats(table[name]) for name in extra},
        ),
    )


def _checksum(text: bytes) -> bytes:
    return str(zlib.crc32(text)).encode()


def _floats(column: Any) -> Floats:
    filled: Floats = pc.fill_null(column, float("nan")).to_numpy()
    return filled


def _check(path: Path, day: ArchivedDay, metric: ArchivedMetric | None) -> None:
    if metric is not None and day.metric != metric:
        raise ValueError(f"it holds {day.metric.words}")
    if path.name != day_name(day.start) + SUFFIX:
        raise ValueError(f"it holds {day_name(day.start)}")
    records = day.records
    ends = records.times + records.resolutions
    if np.any(records.resolutions < 1) or np.any(ends[:-1] > records.times[1:]):
        raise ValueError("its records are not one after another")
    if len(records) and not (day.start <= records.times[0] and ends[-1] <= day.end):
        raise ValueError("it has records of other days")
    for name in _STATISTICS.values():
        if not np.all(np.isfinite(getattr(records, name))):
            raise ValueError("it has values that are not finite")
    if np.any(records.counts <= 0):
        raise ValueError("it has records without samples")
