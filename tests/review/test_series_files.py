"""Files that stand for metrics of a stack's alarms: of which alarm, of which metric, how read."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.definition import MetricKey, MetricStat, Query
from history.archive import Archive
from history.files import SeriesError, SeriesOption
from review import sources as module
from review.sources import Source, Sources
from stack.config import StackConfig, read_stack_config
from tests.evaluation.alarms import KEY, START, alarm
from tests.history.recorded import ACCOUNT, HOME, key, metric_alarm
from tests.review.values import live_alarm

OTHER: Final = MetricKey(namespace="Shop", name="Visits")
TWIN: Final = MetricKey(namespace="Mall", name="Orders")


def queries(*stats: tuple[str, MetricKey, str]) -> tuple[Query, ...]:
    return tuple(
        Query(id=id_, source=MetricStat(metric=metric, statistic=statistic))
        for id_, metric, statistic in stats
    )


def on(*stats: tuple[str, MetricKey, str]) -> Any:
    """An alarm on the quotient of some metrics."""
    expression = Query(id="e1", source=" / ".join(id_ for id_, *_ in stats))
    return alarm(queries=(*queries(*stats), expression), watched="e1")


ALARMS: Final = (
    live_alarm(alarm("Average"), address="shop.load@web"),
    live_alarm(alarm("SampleCount"), address="shop.count@web"),
    live_alarm(
        on(("m1", KEY, "Sum"), ("m2", OTHER, "Maximum"), ("m3", OTHER, "SampleCount")),
        address="shop.rate@web",
    ),
    live_alarm(on(("m1", KEY, "Sum"), ("m2", TWIN, "Sum")), address="shop.twins@web"),
    live_alarm(None, address="shop.odd@web", problem="anomaly detection cannot be evaluated"),
)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> StackConfig:
    """The settings of a stack whose program has these alarms."""

    def program_alarms(_config: StackConfig) -> Sequence[LiveAlarm]:
        return ALARMS

    monkeypatch.setattr(module, "program_alarms", program_alarms)
    return read_stack_config("prod")


def sources(config: StackConfig, folder: Path, *options: tuple[str, str, str]) -> Sources:
    """With a file for each address, metric and content."""
    series = []
    for number, (address, metric, content) in enumerate(options):
        path = folder / f"{number}.csv"
        path.write_text(content)
        series.append(SeriesOption(address=address, metric=metric, path=path))
    return Sources(config, Archive(folder / "archive"), series)


def source_of(found: Sources, address: str) -> Source:
    return next(source for source in found.all if source.alarm.address == address)


VALUES: Final = f"timestamp,value\n{START},7\n{START + 60},8\n"
SETS: Final = f"timestamp,average,maximum\n{START},3,7\n{START + 60},4,8\n"


def test_without_an_archive_the_alarms_are_those_of_the_program(
    program: StackConfig, tmp_path: Path
) -> None:
    found = sources(program, tmp_path)
    assert not found.is_deployed
    assert [source.alarm.address for source in found.all] == [
        "shop.count@web",
        "shop.load@web",
        "shop.odd@web",
        "shop.rate@web",
        "shop.twins@web",
    ]
    assert {len(source.files) for source in found.all} == {0}
    assert found.composites == []
    assert found.known_until() is None
    # Of an alarm without a file nothing is known, whether it can be evaluated or not.
    for source in found.all:
        known = found.history(source, START, START + 60)
        assert (known.histories, known.since, known.until, known.unread) == ({}, None, None, ())


@pytest.mark.parametrize(
    ("address", "metric", "content", "key", "totals", "counts"),
    [
        # The only metric, without a name, by its query's id and by its own name.
        ("shop.load@web", "", VALUES, KEY, [7, 8], [1, 1]),
        ("shop.load@web", "m1", VALUES, KEY, [7, 8], [1, 1]),
        ("shop.load@web", "Orders", VALUES, KEY, [7, 8], [1, 1]),
        # Of several statistics the one that the alarm reads.
        ("shop.load@web", "", SETS, KEY, [3, 4], [1, 1]),
        # Values of a count are how many there were.
        ("shop.count@web", "", VALUES, KEY, [0, 0], [7, 8]),
        ("shop.rate@web", "m1", VALUES, KEY, [7, 8], [1, 1]),
        ("shop.rate@web", "Visits", VALUES, OTHER, [7, 8], [1, 1]),
        # Whose count is read besides another statistic: they are values.
        ("shop.rate@web", "m3", VALUES, OTHER, [7, 8], [1, 1]),
        ("shop.twins@web", "m2", VALUES, TWIN, [7, 8], [1, 1]),
    ],
)
def test_a_file_stands_for_a_metric(
    address: str,
    metric: str,
    content: str,
    key: MetricKey,
    totals: list[float],
    counts: list[float],
    program: StackConfig,
    tmp_path: Path,
) -> None:
    found = sources(program, tmp_path, (address, metric, content))
    files = source_of(found, address).files
    assert list(files) == [key]
    assert files[key].times.tolist() == [START, START + 60]
    assert files[key].totals.tolist() == totals
    assert files[key].counts.tolist() == counts


def test_an_alarm_may_have_several_files(program: StackConfig, tmp_path: Path) -> None:
    longer = f"{VALUES}{START + 120},9\n"
    found = sources(
        program, tmp_path, ("shop.rate@web", "m1", VALUES), ("shop.rate@web", "m2", longer)
    )
    source = source_of(found, "shop.rate@web")
    known = found.history(source, START, START + 60)
    assert {key: history.totals.tolist() for key, history in known.histories.items()} == {
        KEY: [7, 8],
        OTHER: [7, 8, 9],
    }
    # Known to the end of the last record of the longer one.
    assert (known.since, known.until, known.unread) == (None, START + 180, ())
    assert found.known_until() == START + 180


RATE: Final = "m1 (Orders), m2 (Visits), m3 (Visits)"


@pytest.mark.parametrize(
    ("address", "metric", "message"),
    [
        (
            "shop.laod@web",
            "",
            'the stack has no such alarm; did you mean "shop.load@web"? write one of: '
            "shop.count@web, shop.load@web, shop.odd@web, shop.rate@web, shop.twins@web",
        ),
        ("shop.odd@web", "", "anomaly detection cannot be evaluated"),
        (
            "shop.rate@web",
            "",
            f"write shop.rate@web:METRIC=FILE with a query id or metric name of {RATE}",
        ),
        (
            "shop.load@web",
            "Order",
            "write shop.load@web:METRIC=FILE with a query id or metric name of m1 (Orders)",
        ),
        (
            "shop.twins@web",
            "Orders",
            "write shop.twins@web:METRIC=FILE with a query id or metric name of m1 (Orders), m2 "
            "(Orders)",
        ),
    ],
)
def test_a_file_of_no_metric_is_refused(
    address: str, metric: str, message: str, program: StackConfig, tmp_path: Path
) -> None:
    with pytest.raises(SeriesError) as refused:
        sources(program, tmp_path, (address, metric, VALUES))
    what = f"{address}:{metric}" if metric and "METRIC" in message else address
    assert str(refused.value) == f"--series {what}: {message}"


def test_of_several_statistics_of_a_metric_none_is_chosen(
    program: StackConfig, tmp_path: Path
) -> None:
    # The alarm reads Maximum and SampleCount of it, and the file has no column of values.
    with pytest.raises(SeriesError, match="the header is timestamp,average,maximum"):
        sources(program, tmp_path, ("shop.rate@web", "Visits", SETS))


def test_a_deployed_alarm_reads_the_file_in_place_of_the_archive(tmp_path: Path) -> None:
    deployed = LiveAlarm.described(
        metric_alarm("ecs.cpu-high@web", key()),
        {"AlarmKey": "ecs.cpu-high", "Target": "web", "Severity": "warning"},
        HOME,
    )
    archive = Archive(tmp_path / "archive")
    archive.keep_alarms(ACCOUNT, HOME, [deployed], datetime(2026, 3, 1, tzinfo=UTC))
    path = tmp_path / "cpu.csv"
    path.write_text(VALUES)
    option = SeriesOption(address="ecs.cpu-high@web", metric="", path=path)
    found = Sources(read_stack_config("prod"), archive, [option])
    assert found.is_deployed
    (source,) = found.all
    assert source.alarm.address == AlarmAddress("ecs.cpu-high@web")
    known = found.history(source, START, START + 60)
    assert known.histories[key()] is source.files[key()]
    assert (known.since, known.until) == (None, START + 120)
