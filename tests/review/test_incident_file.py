"""Incidents from files."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from replay.incidents import Incident
from review.incident_file import IncidentFileError, Incidents, read_incidents
from tests.times import at

# 2026-11-02 10:00 UTC in seconds: 20,759 days after 1970 and ten hours.
TEN = 20_759 * 86_400 + 36_000

WRITE = "write start,end,note and, where they are needed, alarm and real"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "incidents.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_row_of_a_plain_file_is_an_incident_of_all_alarms(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "start,end,note\n"
        "2026-11-02T10:00:00Z,2026-11-02T10:30:00Z,disk full\n"
        "2026-11-01T19:00:00+09:00,2026-11-01T20:00:00+09:00,\n",
    )
    incidents = read_incidents(path)
    assert incidents.of(AlarmAddress("ecs.cpu-high@web")) == (
        Incident(TEN - 86_400, TEN - 86_400 + 3600, ""),
        Incident(TEN, TEN + 1800, "disk full"),
    )


def test_only_confirmed_firings_count(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "start,end,note,alarm,real\n"
        "2026-11-02T10:00:00Z,2026-11-02T10:30:00Z,a,ecs.cpu-high@web,yes\n"
        "2026-11-03T10:00:00Z,2026-11-03T10:30:00Z,b,ecs.cpu-high@web,no\n"
        "2026-11-04T10:00:00Z,2026-11-04T10:30:00Z,c,ecs.cpu-high@web,\n",
    )
    incidents = read_incidents(path)
    assert [incident.note for incident in incidents.of(AlarmAddress("ecs.cpu-high@web"))] == ["a"]
    assert incidents.unanswered == 1


@pytest.mark.parametrize(
    ("alarm", "address", "concerned"),
    [
        ("", "alb.unhealthy-hosts@main/web", True),
        ("alb.unhealthy-hosts", "alb.unhealthy-hosts@main/web", True),
        ("alb.unhealthy-hosts@main", "alb.unhealthy-hosts@main/web", True),
        ("alb.unhealthy-hosts@main/web", "alb.unhealthy-hosts@main/web", True),
        ("alb.unhealthy-hosts@main/api", "alb.unhealthy-hosts@main/web", False),
        ("alb.unhealthy-hosts@other", "alb.unhealthy-hosts@main/web", False),
        ("alb.elb-5xx", "alb.unhealthy-hosts@main/web", False),
    ],
)
def test_an_incident_concerns_the_alarms_that_it_names(
    tmp_path: Path, alarm: str, address: str, concerned: bool
) -> None:
    row = f"2026-11-02T10:00:00Z,2026-11-02T10:30:00Z,x,{alarm}\n"
    incidents = read_incidents(written(tmp_path, "start,end,note,alarm\n" + row))
    assert bool(incidents.of(AlarmAddress(address))) is concerned


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("when,end\n", f"1: the header is when,end; {WRITE}"),
        ("", f"1: the header is missing; {WRITE}"),
        # What a column is called matters once those that are needed are there.
        ("start,when\n", f"1: the header is start,when; {WRITE}"),
        ("start,end,b,a\n", f"1: the header is start,end,b,a: no column a, b is known; {WRITE}"),
        ("start,end,note,note\n", f"1: the header is start,end,note,note; {WRITE}"),
        (
            "start,end\nsoon,2026-11-02\n",
            "2: start 'soon' is no time; write ISO 8601, such as 2026-11-24T10:00:00Z",
        ),
        (
            "start,end\n\n2026-11-02,later\n",
            "3: end 'later' is no time; write ISO 8601, such as 2026-11-24T10:00:00Z",
        ),
        ("start,end\n2026-11-03,2026-11-02\n", "2: it ends before it starts"),
        (
            "start,end,real\n2026-11-02,2026-11-02,maybe\n",
            "2: real is 'maybe': write yes, no or nothing",
        ),
        ("start,end\n2026-11-02,2026-11-02,x\n", "2: 3 values where the header names 2"),
        (
            "start,end,alarm\n2026-11-02,2026-11-02,ecs.cpu\n",
            "2: the stack has no alarm 'ecs.cpu'; write a key or address such as ecs.cpu-high, or "
            "nothing for all alarms",
        ),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(
    tmp_path: Path, text: str, message: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(IncidentFileError) as refused:
        read_incidents(path, frozenset({"ecs.memory-high", "ecs.cpu-high"}))
    assert str(refused.value) == f"{path}:{message}"


def test_of_a_stack_without_alarms_an_example_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "start,end,alarm\n2026-11-02,2026-11-02,ecs.cpu\n")
    with pytest.raises(IncidentFileError, match=r"such as ecs\.cpu-high@web, or nothing"):
        read_incidents(path, frozenset())
    # Where nobody says which alarms there are, any is one.
    assert len(read_incidents(path).rows) == 1


def test_an_incident_may_be_a_moment_and_answers_may_be_shouted(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "start,end,real,alarm\n"
        "2026-11-02T10:00Z,2026-11-02T10:00Z,YES,ecs.cpu-high\n"
        "2026-11-02T11:00Z,2026-11-02T11:00Z,No,\n"
        "2026-11-02T12:00Z,2026-11-02T12:00Z,,\n"
        "2026-11-02T13:00Z,2026-11-02T13:00Z,,\n",
    )
    assert read_incidents(path) == Incidents(
        rows=(("ecs.cpu-high", Incident(TEN, TEN, "")),), unanswered=2
    )


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(IncidentFileError, match=r"nothing\.csv: cannot be read"):
        read_incidents(tmp_path / "nothing.csv")


def test_times_without_a_zone_are_of_the_zone_that_is_told(tmp_path: Path) -> None:
    row = "2026-03-01 19:00,2026-03-01T10:30:00Z,late"
    incidents = read_incidents(
        written(tmp_path, "start,end,note\n" + row), zone=ZoneInfo("Asia/Tokyo")
    )
    (incident,) = incidents.of(AlarmAddress("ecs.cpu-high@web"))
    assert incident.start == at("2026-03-01 10:00")
    assert incident.end - incident.start == 1800


@pytest.mark.parametrize(
    "text",
    [
        "start;end;note\n2026-03-01T10:00Z;2026-03-01T10:30Z;a, b\n",
        "start\tend\tnote\n2026-03-01T10:00Z\t2026-03-01T10:30Z\ta\n",
        "What was wrong in March,,\n\nStart,End,Note\n2026/03/01 10:00Z,2026/03/01 10:30Z,a\n",
    ],
)
def test_files_of_spreadsheets_are_read(tmp_path: Path, text: str) -> None:
    assert len(read_incidents(written(tmp_path, text)).rows) == 1
    path = tmp_path / "utf-16.csv"
    path.write_bytes(text.encode("utf-16"))
    assert len(read_incidents(path).rows) == 1


def test_a_column_that_nobody_knows_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(IncidentFileError, match=r"csv:2: .*: no column severity is known"):
        read_incidents(written(tmp_path, "# by hand\nstart,end,note,severity\n"))
