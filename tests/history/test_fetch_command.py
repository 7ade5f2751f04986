"""``ops history fetch``: what is shown, asked and told, and exit codes."""

import io
from pathlib import Path

import pytest

from account.account import Account
from ecs_monitoring.cloudwatch.alarm import AlarmState
from history.archive import Archive
from tests.history.conftest import Run
from tests.history.recorded import (
    HOME,
    NOW,
    RecordedAccount,
    RecordedCloudWatch,
    Samples,
    archived,
    key,
    metric_alarm,
    state_update,
)
from tests.history.stacks import DAY, MEMORY, two_alarms
from tests.times import at


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_is_shown_and_told(run: Run, archive: Archive) -> None:
    ran = run("fetch", "--days", "2", cloudwatch=two_alarms())
    assert ran.code == 0
    assert "History of django-ecs-monitoring/prod in account 123456789012" in ran.out
    assert (
        "ap-northeast-1: 2 alarms on 2 metrics, to be fetched in 1 call of GetMetricData" in ran.out
    )
    assert "It costs at most 0.01 USD: 8 statistics of metrics are asked for." in ran.out
    assert f"no data at all: AWS/ECS {MEMORY} (Service=web), which ecs.memory@web reads" in ran.out
    # Two days until 10:30, one of ten minutes: 144 + 63.
    assert "Kept 207 records of metrics in 4 files of a day each, and 0 new changes" in ran.out
    assert ran.err == ""


def test_json(run: Run, archive: Archive) -> None:
    ran = run("fetch", "--days", "2", "--json", cloudwatch=two_alarms())
    assert ran.json == {
        "stack": "prod",
        "account": "123456789012",
        "archive": str(archive.root),
        "alarms": 2,
        "metrics": 2,
        "calls": 1,
        "requests_at_most": 3,
        "statistics_requested": 8,
        "cost_usd_at_most": "0.00008",
        "days_written": 4,
        "records": 207,
        "state_changes": 0,
        "metrics_without_data": [{**archived(MEMORY).as_json(), "alarms": ["ecs.memory@web"]}],
        "set_aside": [],
        "not_fetched": [],
        "notes": [],
        "exit_code": 0,
    }
    assert "2 alarms on 2 metrics" in ran.err


def test_a_metric_that_had_data_once_is_not_without(run: Run) -> None:
    assert run("fetch", "--days", "2", cloudwatch=two_alarms()).code == 0
    later = two_alarms()
    later.samples = {}
    ran = run("fetch", "--days", "2", "--json", cloudwatch=later)
    without = [one["name"] for one in ran.json["metrics_without_data"]]
    assert without == [MEMORY]


def test_alarms_of_two_regions(run: Run, archive: Archive) -> None:
    """Those of outside checks are in us-east-1, with their metrics."""
    outside = metric_alarm("health.down@site", key("HealthCheckStatus"), region="us-east-1")
    account = RecordedAccount(
        {
            HOME: two_alarms(),
            "us-east-1": RecordedCloudWatch(
                alarms=[outside],
                samples={key("HealthCheckStatus"): Samples.of((NOW - DAY, 1))},
                pasts={outside["AlarmName"]: [state_update("x", "2026-02-20", "OK", "ALARM")]},
            ),
        }
    )
    ran = run("fetch", "--days", "2", "--json", opened=lambda *_: account)
    assert ran.code == 0
    assert (ran.json["alarms"], ran.json["state_changes"]) == (3, 1)
    assert "us-east-1: 1 alarm on 1 metric" in ran.err
    found, _ = archive.read(archived("HealthCheckStatus", "us-east-1"), 0, NOW)
    assert found.times.tolist() == [(NOW - DAY) // 60 * 60]
    assert {(alarm.address, alarm.region) for alarm in archive.alarms()} == {
        ("ecs.cpu@web", HOME),
        ("ecs.memory@web", HOME),
        ("health.down@site", "us-east-1"),
    }


def test_only_the_region_that_is_given(run: Run) -> None:
    account = RecordedAccount({"eu-west-1": two_alarms(), HOME: two_alarms()})
    ran = run("fetch", "--days", "1", "--region", "eu-west-1", "--json", opened=lambda *_: account)
    assert ran.json["alarms"] == 2
    assert account.regions[HOME].requests == []


def test_pasts_and_composite_alarms(run: Run, archive: Archive) -> None:
    cpu = metric_alarm("ecs.cpu@web", key())
    both = {**metric_alarm("ecs.both@web", key()), "AlarmRule": "ALARM(x)"}
    items = [
        state_update("x", "2026-02-20 10:00", "OK", "ALARM"),
        state_update("x", "2026-02-20 10:07", "ALARM", "OK"),
        state_update("x", "2026-02-28 00:00", "OK", "INSUFFICIENT_DATA"),
    ]
    cloudwatch = two_alarms(
        cpu, both, pasts={cpu["AlarmName"]: items, both["AlarmName"]: items[:1]}
    )
    ran = run("fetch", "--days", "1", "--json", cloudwatch=cloudwatch)
    assert (ran.json["alarms"], ran.json["metrics"], ran.json["state_changes"]) == (2, 1, 4)
    changes = {str(alarm.address): archive.alarm_history(alarm)[0] for alarm in archive.alarms()}
    assert [(change.time, change.state) for change in changes["ecs.cpu@web"]] == [
        (at("2026-02-20 10:00"), AlarmState.ALARM),
        (at("2026-02-20 10:07"), AlarmState.OK),
        (at("2026-02-28"), AlarmState.INSUFFICIENT_DATA),
    ]
    assert len(changes["ecs.both@web"]) == 1
    # A fortnight later CloudWatch may have forgotten the first, which the archive has not.
    later = two_alarms(cpu, pasts={cpu["AlarmName"]: items[1:]})
    assert run("fetch", "--days", "1", "--json", cloudwatch=later).json["state_changes"] == 0
    assert len(archive.alarm_history(archive.alarms()[0])[0]) == 3


def test_a_damaged_file_is_told_set_aside_and_fetched_again(run: Run, archive: Archive) -> None:
    assert run("fetch", "--days", "10", cloudwatch=two_alarms()).code == 0
    whole, _ = archive.read(archived(), 0, NOW)
    (path,) = (archive.root / "metrics" / archived().folder).glob("2026-02-28.parquet")
    path.write_bytes(path.read_bytes()[:200])
    ran = run("fetch", "--days", "10", "--json", cloudwatch=two_alarms())
    assert ran.code == 0
    (bad,) = ran.json["set_aside"]
    assert bad["path"] == str(path)
    assert bad["reason"]
    assert path.with_name("2026-02-28.parquet.corrupt").exists()
    found, unreadable = archive.read(archived(), 0, NOW)
    assert unreadable == ()
    assert found.times.tolist() == whole.times.tolist()


def test_a_small_price_is_not_asked_about(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    assert run("fetch", "--days", "2", cloudwatch=two_alarms()).code == 0


@pytest.fixture
def costly() -> RecordedCloudWatch:
    """850 metrics, three calls each with four statistics: 10,200, for more than 10 cents."""
    alarms = [metric_alarm(f"ecs.rule{n}@web", key(f"Metric{n}")) for n in range(850)]
    return RecordedCloudWatch(alarms=alarms)


def test_a_price_is_asked_about(
    run: Run, costly: RecordedCloudWatch, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    ran = run("fetch", cloudwatch=costly)
    assert ran.code == 2
    assert "Fetch for at most 0.11 USD? [y/N]" in ran.out
    assert "not confirmed\nNothing was fetched." in ran.err
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    ran = run("fetch", cloudwatch=costly)
    assert ran.code == 2
    assert "it costs at most 0.11 USD, and there is no terminal to ask in: give --yes" in ran.err
    assert costly.requests == []
    assert not archive.root.exists()


@pytest.mark.parametrize("words", [["--yes"], []])
def test_a_price_that_is_agreed_to(
    words: list[str], run: Run, costly: RecordedCloudWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FirstRequestError(Exception):
        """All that this is about."""

    def stop(_number: int) -> None:
        raise FirstRequestError

    costly.before_call = stop
    monkeypatch.setattr("sys.stdin", Terminal("yes\n"))
    with pytest.raises(FirstRequestError):
        run("fetch", *words, cloudwatch=costly)


def test_interrupted_while_looking(run: Run, archive: Archive) -> None:
    def interrupted(*_: object) -> Account:
        raise KeyboardInterrupt

    ran = run("fetch", opened=interrupted)
    assert ran.code == 130
    assert "nothing was fetched" in ran.out
    assert not archive.root.exists()


def test_a_stack_that_is_not_deployed(run: Run, archive: Archive) -> None:
    ran = run("fetch", cloudwatch=RecordedCloudWatch())
    assert ran.code == 2
    assert "has no alarm django-ecs-monitoring-prod-… in ap-northeast-1, us-east-1" in ran.err
    assert not archive.root.exists()


def test_an_archive_that_is_no_folder(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    ran = run("fetch", "--archive", str(file), cloudwatch=two_alarms())
    assert ran.code == 2
    assert f"--archive {file} is no folder" in ran.err


def test_an_unknown_profile(run: Run) -> None:
    ran = run("fetch", "--profile", "nobody", opened=Account.opened)
    assert ran.code == 2
    assert "nobody" in ran.err


@pytest.mark.parametrize(
    "words", [["--days", "0"], ["--days", "456"], ["--days", "1.5"], ["--endpoint-url", "moto"]]
)
def test_wrong_arguments(words: list[str], run: Run) -> None:
    with pytest.raises(SystemExit) as stopped:
        run("fetch", *words)
    assert stopped.value.code == 2
