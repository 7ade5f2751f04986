"""What a review rests on: which alarms, which incidents, what stands beside each, what is tried."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

import pytest

from account.alarms import LiveAlarm, NoSuchAlarmError
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.definition import Query
from ecs_monitoring.cloudwatch.rule import Comparison, LowSamples, MissingData
from history.archive import Archive
from history.day import BadFile
from history.files import SeriesError, SeriesOption
from history.metric import ArchivedMetric
from replay.history import MetricHistory
from replay.incidents import Incident
from review import evidence as module
from review import sources
from review.case import Case, Stretch
from review.evidence import Evidence, EvidenceError, ReviewRequest, check, differs
from review.incident_file import IncidentFileError
from stack.config import StackConfig, StackConfigError, read_stack_config
from tests.evaluation.alarms import alarm
from tests.history.recorded import ACCOUNT, HOME, key, state_update
from tests.review.deployed import ALARM, DAY, START, deployed
from tests.review.values import live_alarm

TAKEN: Final = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def config() -> StackConfig:
    return read_stack_config("prod")


def test_a_case_has_everything_that_is_known_of_an_alarm(
    config: StackConfig, archive: Archive
) -> None:
    archive.keep_alarm_history(ALARM, [state_update(ALARM.name, "2026-02-01 05:00", "OK", "ALARM")])
    asked = ReviewRequest(days=2, pages_per_month=0.5)
    evidence = Evidence(config, archive, asked, until=START + DAY)
    (source,) = evidence.chosen
    assert evidence.stretch == Stretch(start=START - DAY, end=START + DAY)
    happened, _ = evidence.sources.happened(source, evidence.stretch)
    assert happened is not None
    (case,) = evidence.cases()
    assert case == Case(
        alarm=ALARM,
        histories=case.histories,
        stretch=evidence.stretch,
        known_from=START,
        known_until=START + DAY // 2,
        incidents=(),
        happened=happened,
        candidates=[],
        pages_per_month=0.5,
        recent=None,
        base=None,
        made=None,
    )
    assert case.histories[key()].times.tolist() == [START]
    assert evidence.notes == []


def test_a_quarter_of_a_year_and_two_pages_a_month_unless_something_else_is_asked(
    config: StackConfig, archive: Archive
) -> None:
    evidence = Evidence(config, archive, ReviewRequest(), until=None)
    # As far as the history is known: until noon of the one day.
    end = START + DAY // 2
    assert evidence.stretch == Stretch(start=end - 91 * DAY, end=end)
    assert [case.pages_per_month for case in evidence.cases()] == [2.0]


def test_a_case_knows_when_its_alarm_was_made_and_which_one_is_beside_it(
    config: StackConfig, archive: Archive
) -> None:
    made = datetime(2026, 2, 1, 6, 0, tzinfo=UTC)
    alarms = [
        deployed("ecs.cpu-high@web", AlarmConfigurationUpdatedTimestamp=made),
        deployed("ecs.cpu-high-recent@web", Threshold=15.0),
        # Of another target, and of a part of this one.
        deployed("ecs.cpu-high-recent@api", Threshold=16.0),
        deployed("ecs.cpu-high-recent@web/x", Threshold=17.0),
    ]
    archive.keep_alarms(ACCOUNT, HOME, alarms, TAKEN)
    evidence = Evidence(config, archive, ReviewRequest(), until=START + DAY)
    cases = {str(case.alarm.address): case for case in evidence.cases()}
    base, recent = cases["ecs.cpu-high@web"], cases["ecs.cpu-high-recent@web"]
    assert (base.made, recent.made) == (int(made.timestamp()), None)
    assert base.recent is not None
    assert base.recent == recent.alarm.definition
    assert (base.recent.threshold, recent.recent) == (15.0, None)
    assert (base.base, recent.base) == (None, base.alarm)
    assert cases["ecs.cpu-high-recent@api"].base is None
    assert cases["ecs.cpu-high-recent@web/x"].base is None


def test_alarms_on_one_metric_come_one_after_another(config: StackConfig, archive: Archive) -> None:
    alarms = [
        deployed("ecs.cpu-high@web"),
        deployed("ecs.memory-high@web", MetricName="MemoryUtilization"),
        deployed("ecs.tasks-low@web"),
    ]
    archive.keep_alarms(ACCOUNT, HOME, alarms, TAKEN)
    evidence = Evidence(config, archive, ReviewRequest(), until=START + DAY)
    assert [str(case.alarm.address) for case in evidence.cases()] == [
        "ecs.cpu-high@web",
        "ecs.tasks-low@web",
        "ecs.memory-high@web",
    ]


@pytest.mark.parametrize("meant", ["ecs.cpu-high", "ecs.cpu-high@web", ALARM.name])
def test_an_alarm_is_meant_by_its_key_its_address_or_its_name(
    config: StackConfig, archive: Archive, meant: str
) -> None:
    archive.keep_alarms(ACCOUNT, HOME, [ALARM, deployed("ecs.memory-high@web")], TAKEN)
    asked = ReviewRequest(alarms=(meant,))
    evidence = Evidence(config, archive, asked, until=START + DAY)
    assert [source.alarm.name for source in evidence.chosen] == [ALARM.name]
    with pytest.raises(NoSuchAlarmError, match=r"--alarm ecs\.disk-high: the stack has no such"):
        Evidence(config, archive, ReviewRequest(alarms=("ecs.disk-high",)), until=START + DAY)


def test_a_metric_of_several_alarms_is_read_once(
    config: StackConfig, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    # By address, another metric's alarm stands between the two of one metric.
    other = key(Service="api")
    alarms = [
        deployed("ecs.cpu-critical@web"),
        deployed("ecs.cpu-high@api", other),
        deployed("ecs.cpu-high@web"),
    ]
    archive.keep_alarms(ACCOUNT, HOME, alarms, TAKEN)
    read = []
    archived_read = archive.read

    def counted(
        metric: ArchivedMetric, start: int, end: int
    ) -> tuple[MetricHistory, tuple[BadFile, ...]]:
        # Three days more than what is reviewed, for evaluation ranges that reach back to them.
        assert (start, end) == (START - 3 * DAY, START + DAY)
        read.append(metric.key)
        return archived_read(metric, start, end)

    monkeypatch.setattr(archive, "read", counted)
    evidence = Evidence(config, archive, ReviewRequest(days=1), until=START + DAY)
    cases = {case.alarm.address: case for case in evidence.cases()}
    assert len(cases) == 3
    assert sorted(read, key=str) == sorted([key(), other], key=str)
    histories = [cases[address].histories[key()] for address in cases if address.endswith("@web")]
    assert histories[0] is histories[1]


def test_what_cannot_be_read_is_said_once(config: StackConfig, archive: Archive) -> None:
    archive.keep_alarms(ACCOUNT, HOME, [ALARM, deployed("ecs.cpu-critical@web")], TAKEN)
    archive.keep_alarm_history(ALARM, [state_update(ALARM.name, "2026-02-01 05:00", "OK", "ALARM")])
    (day,) = archive.root.rglob("*.parquet")
    day.write_bytes(b"not parquet")
    (past,) = archive.root.rglob("*.jsonl")
    past.write_bytes(b"{\n")
    evidence = Evidence(config, archive, ReviewRequest(), until=START + DAY)
    assert len(list(evidence.cases())) == 2
    gap, lines = evidence.notes
    assert gap.startswith(f"{day}: ")
    assert gap.endswith("; its day is a gap until it is fetched again")
    assert lines == f"{past}: no change of state in line 1"


def test_without_history_there_is_nothing_to_review(
    config: StackConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "program_alarms", lambda _config: [ALARM])
    with pytest.raises(EvidenceError) as refused:
        Evidence(config, Archive(tmp_path), ReviewRequest(), until=None)
    assert str(refused.value) == (
        "there is no history to review: fetch it with `python -m ops history fetch prod`, or give "
        "files with --series"
    )


def test_without_an_archive_the_alarms_with_a_file_are_reviewed(
    config: StackConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarms = [ALARM, deployed("ecs.memory-high@web", key("MemoryUtilization"))]
    monkeypatch.setattr(sources, "program_alarms", lambda _config: alarms)
    path = tmp_path / "cpu.csv"
    path.write_text(f"timestamp,value\n{START},41\n{START + 60},42\n")
    option = SeriesOption(address="ecs.cpu-high@web", metric="", path=path)
    asked = ReviewRequest(days=1, series=(option,))
    evidence = Evidence(config, Archive(tmp_path / "none"), asked, until=None)
    assert [source.alarm.address for source in evidence.chosen] == ["ecs.cpu-high@web"]
    assert evidence.stretch == Stretch(start=START + 120 - DAY, end=START + 120)


ROWS: Final = """\
start,end,note,alarm,real
2026-02-01T00:00,2026-02-01T01:00,of all,,yes
2026-01-31T22:00,2026-02-01T00:00,over when it begins,ecs.cpu-high,yes
2026-01-31T22:00,2026-01-31T23:59:59,before,ecs.cpu-high,yes
2026-02-02T00:00,2026-02-02T01:00,begins when it is over,ecs.cpu-high@web,yes
2026-02-02T00:00:01,2026-02-02T01:00,after,ecs.cpu-high@web,yes
2026-02-01T02:00,2026-02-01T03:00,of another,ecs.memory-high@web,yes
2026-02-01T02:00,2026-02-01T03:00,nobody knows,,
2026-02-01T02:00,2026-02-01T03:00,none,,no
"""


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=9))])
def test_incidents_of_the_alarm_that_reach_into_the_stretch(
    config: StackConfig, archive: Archive, tmp_path: Path, zone: timezone
) -> None:
    archive.keep_alarms(ACCOUNT, HOME, [ALARM, deployed("ecs.memory-high@web")], TAKEN)
    path = tmp_path / "incidents.csv"
    path.write_text(ROWS)
    asked = ReviewRequest(days=1, incidents=path, zone=zone)
    start = int(datetime(2026, 2, 1, tzinfo=zone).timestamp())
    evidence = Evidence(config, archive, asked, until=start + DAY)
    by_alarm = {str(case.alarm.address): case.incidents for case in evidence.cases()}
    of_all = Incident(start, start + 3600, "of all")
    assert by_alarm == {
        "ecs.cpu-high@web": (
            Incident(start - 7200, start, "over when it begins"),
            of_all,
            Incident(start + DAY, start + DAY + 3600, "begins when it is over"),
        ),
        "ecs.memory-high@web": (of_all, Incident(start + 7200, start + 10_800, "of another")),
    }
    assert evidence.notes == [
        f"{path}: 1 firings have neither yes nor no under real, and do not count"
    ]


def test_incidents_of_an_alarm_that_the_stack_does_not_have_are_refused(
    config: StackConfig, archive: Archive, tmp_path: Path
) -> None:
    path = tmp_path / "incidents.csv"
    path.write_text("start,end,alarm\n2026-02-01,2026-02-02,ecs.disk-high\n")
    with pytest.raises(IncidentFileError, match=r"incidents\.csv:2: the stack has no alarm"):
        Evidence(config, archive, ReviewRequest(incidents=path), until=START + DAY)


def test_candidates_of_each_alarm_that_they_change(
    config: StackConfig, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = deployed("ecs.memory-high@web")
    archive.keep_alarms(ACCOUNT, HOME, [ALARM, memory], TAKEN)
    higher = deployed("ecs.cpu-high@web", Threshold=90.0)
    tried: dict[tuple[str, ...], list[LiveAlarm]] = {
        ("ecs.cpu-high.threshold=90", "ecs.cpu-high.period=60"): [higher, memory],
        ("ecs.cpu-high.threshold=80",): [ALARM, memory],
        ("rds.cpu-high.threshold=70",): [],
    }

    def candidate_alarms(stack: str, changes: Sequence[str]) -> Mapping[AlarmAddress, LiveAlarm]:
        assert stack == "prod"
        return {alarm.address: alarm for alarm in tried[tuple(changes)]}

    monkeypatch.setattr(module, "candidate_alarms", candidate_alarms)
    evidence = Evidence(config, archive, ReviewRequest(candidates=tuple(tried)), until=START)
    found = {str(case.alarm.address): case.candidates for case in evidence.cases()}
    assert found == {
        "ecs.cpu-high@web": [("ecs.cpu-high.threshold=90 ecs.cpu-high.period=60", higher)],
        "ecs.memory-high@web": [],
    }
    assert evidence.notes == [
        f"--set {label}: changes none of the alarms that are reviewed"
        for label in ("ecs.cpu-high.threshold=80", "rds.cpu-high.threshold=70")
    ]


PLAIN: Final = alarm(evaluation_periods=3)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, False),
        ({"threshold": 11.0}, True),
        ({"comparison": Comparison.AT_LEAST}, True),
        ({"period": 120}, True),
        ({"evaluation_periods": 4, "datapoints_to_alarm": 3}, True),
        ({"datapoints_to_alarm": 2}, True),
        # All of them, said or not.
        ({"datapoints_to_alarm": 3}, False),
        ({"treat_missing_data": MissingData.BREACHING}, True),
        ({"low_samples": LowSamples.IGNORE}, True),
        ({"queries": (*PLAIN.queries, Query(id="e1", source="m1 * 2")), "watched": "e1"}, True),
        # What it is called, and whom it tells, is nothing that it does.
        ({"name": "another", "alarm_actions": ("arn:aws:sns:eu-west-1:123456789012:x",)}, False),
    ],
)
def test_what_makes_a_candidate_another_alarm(changes: dict[str, Any], expected: bool) -> None:
    assert differs(live_alarm(replace(PLAIN, **changes)), live_alarm(PLAIN)) is expected


def test_of_an_alarm_that_cannot_be_evaluated_nobody_can_tell() -> None:
    for one, other in ((None, PLAIN), (PLAIN, None), (None, None)):
        assert differs(live_alarm(one), live_alarm(other)) is False


def test_mistakes_are_found_before_anything_is_fetched(config: StackConfig, tmp_path: Path) -> None:
    check(config, ReviewRequest())
    there = tmp_path / "cpu.csv"
    there.write_text("")
    check(config, ReviewRequest(series=(SeriesOption(address="a", metric="", path=there),)))
    gone = SeriesOption(address="a", metric="", path=tmp_path / "gone.csv")
    with pytest.raises(SeriesError) as refused:
        check(config, ReviewRequest(series=(gone,)))
    assert str(refused.value) == (
        f"{tmp_path / 'gone.csv'}: no such file: write ADDRESS=FILE after --series"
    )
    with pytest.raises(IncidentFileError, match="the header is missing"):
        check(config, ReviewRequest(incidents=there))
    with pytest.raises(StackConfigError, match=r"--set ecs\.cpu-high: write an alarm's key"):
        check(config, ReviewRequest(candidates=(("ecs.cpu-high",),)))


def test_times_of_incidents_are_read_in_the_zone_of_the_review(
    config: StackConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = timezone(timedelta(hours=9))
    asked: list[Any] = []
    monkeypatch.setattr(module, "read_incidents", lambda *path, zone: asked.append((path, zone)))
    check(config, ReviewRequest(incidents=Path("incidents.csv"), zone=zone))
    assert asked == [((Path("incidents.csv"),), zone)]
