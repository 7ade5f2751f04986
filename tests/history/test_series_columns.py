"""Which columns of a file are read, and what its rows stand for."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from history.files import SeriesError, SeriesOption
from replay.history import MetricHistory
from tests.history.series import read, refused
from tests.times import at

NOON: Final = at("2026-03-01 12:00")


def columns(found: MetricHistory) -> list[list[float]]:
    """Counts, totals, minimums and maximums."""
    return [of.tolist() for of in (found.counts, found.totals, found.minimums, found.maximums)]


SETS: Final = "timestamp,samplecount,sum,minimum,maximum"


@pytest.mark.parametrize(
    ("header", "row", "options", "expected"),
    [
        ("timestamp,value", "3", {}, [[1], [3], [3], [3]]),
        ("timestamp,value", "3", {"are_counts": True}, [[3], [0], [0], [0]]),
        ("timestamp,value,samples", "3,2", {}, [[2], [6], [3], [3]]),
        ("timestamp,value,samples", "3,", {}, [[1], [3], [3], [3]]),
        (SETS, "4,10,1,5", {}, [[4], [10], [1], [5]]),
        # As the archive calls them, and as the API does.
        ("time,sample_count,Sum,Minimum,Maximum", "4,10,1,5", {}, [[4], [10], [1], [5]]),
        # Beside statistic sets the average follows, and a value says nothing.
        (f"{SETS},Average", "4,10,1,5,9", {}, [[4], [10], [1], [5]]),
        (f"{SETS},value", "4,10,1,5,9", {}, [[4], [10], [1], [5]]),
        ("timestamp,Average", "3", {}, [[1], [3], [3], [3]]),
        ("timestamp,Average,Unit,Label", "3,Percent,x", {}, [[1], [3], [3], [3]]),
        ("timestamp,Maximum,samples", "3,2", {}, [[2], [6], [3], [3]]),
        # Of several the one that is wanted, however it is written.
        ("timestamp,Average,Maximum", "3,7", {"statistic": "Maximum"}, [[1], [7], [7], [7]]),
        ("timestamp,Average,Maximum", "3,7", {"statistic": "average"}, [[1], [3], [3], [3]]),
        ("timestamp,SampleCount", "3", {"are_counts": True}, [[3], [0], [0], [0]]),
    ],
)
def test_what_is_read(
    header: str,
    row: str,
    options: dict[str, Any],
    expected: list[list[float]],
    tmp_path: Path,
) -> None:
    found = read(tmp_path, header, f"{NOON},{row}", **options)
    assert columns(found) == expected
    assert (found.times.tolist(), found.resolutions.tolist()) == ([NOON], [60])
    assert found.percentiles == {}


WRITE: Final = (
    "write timestamp,value and, where they are known, samples; or timestamp,samplecount,sum,"
    "minimum,maximum; and in either case percentiles such as p99, and resolution in seconds"
)


@pytest.mark.parametrize(
    ("header", "options", "strange"),
    [
        ("timestamp,average,maximum", {}, ": no column average is known"),
        (
            "timestamp,average,maximum",
            {"statistic": "Minimum"},
            ": no column average is known",
        ),
        ("timestamp,average,value", {}, ": no column average is known"),
        ("timestamp,value,b,a", {}, ": no column b, a is known"),
        ("timestamp,value,sum", {}, ""),
        ("timestamp,value,value", {}, ""),
        ("timestamp,value,unit,unit", {}, ""),
        ("timestamp,time,value", {}, ""),
        (f"{SETS},samples", {}, ""),
        ("value,p99", {}, ""),
        ("timestamp,p99", {}, ""),
    ],
)
def test_headers_that_cannot_be_read(
    header: str, options: dict[str, Any], strange: str, tmp_path: Path
) -> None:
    row = ",".join("1" for _ in header.split(","))
    assert refused(tmp_path, header, row, **options) == (
        f"s.csv:1: the header is {header}{strange}; {WRITE}"
    )


def test_a_file_without_anything(tmp_path: Path) -> None:
    assert refused(tmp_path, "") == f"s.csv:1: the header is missing; {WRITE}"
    assert refused(tmp_path, "timestamp,value") == "s.csv: no rows below the header"


@pytest.mark.parametrize(
    ("resolutions", "expected"),
    [
        (["1", "5", "10", "20", "30", "60", "120", "3600"], None),
        (["60", "0"], "s.csv:3"),
        (["60", "-60"], "s.csv:3"),
        (["15"], "s.csv:2"),
        (["90"], "s.csv:2"),
        ([""], "s.csv:2"),
    ],
)
def test_resolutions_that_cloudwatch_has(
    resolutions: list[str], expected: str | None, tmp_path: Path
) -> None:
    rows = [f"{NOON + 7200 * n},1,{resolution}" for n, resolution in enumerate(resolutions)]
    lines = ("timestamp,value,resolution", *rows)
    if expected is None:
        assert read(tmp_path, *lines).resolutions.tolist() == list(map(int, resolutions))
        return
    assert refused(tmp_path, *lines) == (
        f"{expected}: has no resolution that CloudWatch has; write 1, 5, 10, 20, 30 or a multiple "
        "of 60 seconds"
    )


@pytest.mark.parametrize(
    ("distances", "resolution"),
    [
        # The most usual one, and of two that are as usual the shorter.
        ([60, 60, 300], 60),
        ([60, 300], 60),
        ([300, 60, 300], 300),
        ([20, 20, 60], 20),
        ([5, 5, 5], 5),
        ([30, 31, 29], 30),
        ([45, 45], 60),
        ([40, 40], 30),
        ([59.9, 59.9], 60),
        ([89, 89], 60),
        ([91, 91], 120),
        ([2, 2], 1),
        ([3, 3], 5),
        # Rows at one time say nothing of it.
        ([0, 0, 300], 300),
        ([0, 0, 0], 60),
    ],
)
def test_a_resolution_is_the_most_usual_distance(
    distances: list[float], resolution: int, tmp_path: Path
) -> None:
    times = NOON + np.concatenate(([0], np.cumsum(distances)))
    rows = [f"{time:.3f},{number}" for number, time in enumerate(times)]
    found = read(tmp_path, "timestamp,value", *rows)
    assert set(found.resolutions.tolist()) == {resolution}


def test_rows_that_repeat_another(tmp_path: Path) -> None:
    rows = (f"{NOON},1,5", f"{NOON},1,5", f"{NOON},1,6", f"{NOON},2,6", f"{NOON},2,")
    found = read(tmp_path, "timestamp,value,p99", *rows)
    # All that is known of them has to be the same.
    assert found.totals.tolist() == [1, 1, 2, 2]
    np.testing.assert_array_equal(found.percentiles["p99"], [5, 6, 6, np.nan])
    same = f"{NOON},2,3,1,2"
    assert len(read(tmp_path, SETS, same, f"{NOON + 60},2,3,1,2", same)) == 2


def test_two_statistic_sets_of_one_time(tmp_path: Path) -> None:
    rows = (f"{NOON},2,3,1,2", f"{NOON + 60},1,2,2,2", f"{NOON},2,4,2,2")
    assert refused(tmp_path, SETS, *rows) == (
        "s.csv:4: has the time of s.csv:2 and other statistics: give each time once"
    )


@pytest.mark.parametrize(
    ("header", "row", "message"),
    [
        ("timestamp,value,samples", "1,-1", "has fewer than 0 samples"),
        (SETS, "-1,1,1,1", "has fewer than 0 samples"),
        (SETS, "2,,1,2", "has samples, but not their sum, minimum and maximum"),
        (SETS, "2,3,,2", "has samples, but not their sum, minimum and maximum"),
        (SETS, "2,3,2,1.5", "has a minimum above its maximum"),
    ],
)
def test_rows_that_cannot_be(header: str, row: str, message: str, tmp_path: Path) -> None:
    good = "1,1" if "samples" in header else "1,1,1,1"
    lines = (header, f"{NOON},{good}", f"{NOON + 60},{row}", f"{NOON + 120},{row}")
    assert refused(tmp_path, *lines) == f"s.csv:3: {message}"


def test_rows_of_no_samples_say_nothing(tmp_path: Path) -> None:
    rows = (f"{NOON},0,9,5,1", f"{NOON + 60},,,,", f"{NOON + 120},2,3,1.5,1.5")
    found = read(tmp_path, SETS, *rows)
    assert (found.times.tolist(), columns(found)) == ([NOON + 120], [[2], [3], [1.5], [1.5]])
    assert refused(tmp_path, SETS, *rows[:2]) == "s.csv:2: no row has a value from here on"


@pytest.mark.parametrize(("days", "is_read"), [(1831, True), (1832, False)])
def test_a_history_reaches_over_five_years(days: int, is_read: bool, tmp_path: Path) -> None:
    """5 times 366 days are 1,830; a day that has only begun does not count."""
    lines = ("timestamp,value", f"{NOON + days * 86_400 - 60},2", f"{NOON},1")
    if is_read:
        assert len(read(tmp_path, *lines)) == 2
        return
    assert refused(tmp_path, *lines) == (
        "s.csv:3: 1,831 days before s.csv:2: a history may reach over 1,830 days (five years); is "
        "one of the two times wrong?"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b@c=x.csv", SeriesOption(address="a.b@c", metric="", path=Path("x.csv"))),
        ("a.b@c:m=x=y.csv", SeriesOption(address="a.b@c", metric="m", path=Path("x=y.csv"))),
        ("a.b@c:m:n=x.csv", SeriesOption(address="a.b@c", metric="m:n", path=Path("x.csv"))),
        ("a.b@c", None),
        ("=x.csv", None),
    ],
)
def test_an_option(text: str, expected: SeriesOption | None) -> None:
    if expected is not None:
        assert SeriesOption.parsed(text) == expected
        return
    with pytest.raises(SeriesError) as error:
        SeriesOption.parsed(text)
    assert str(error.value) == (
        f"--series {text}: write ADDRESS=FILE, such as rds.cpu-high@main=cpu.csv, or "
        "ADDRESS:METRIC=FILE for an alarm on several metrics"
    )
