"""``ops history fetch``: what is shown, asked and told, and exit codes."""

import io
from pathlib import Path
from typing import Any

import pytest

from cloudwatch.evaluation import AlarmState
from ops.deployed.account import Account
from ops.history.archive import Archive
from ops.history.retry import Retry
from tests.ops.history.conftest import Run
from tests.ops.history.recorded import (
    HOME,
    NOW,
    RecordedAccount,
    RecordedCloudWatch,
    Samples,
    archived,
    at,
    key,
    metric_alarm,
    refusal,
    state_update,
)

DAY = 86_400
MEMORY = "MemoryUtilization"


def recorded(*alarms: dict[str, Any], **changes: Any) -> RecordedCloudWatch:
    """Two alarms on two metrics, of which one has data."""
    return RecordedCloudWatch(
        alarms=list(alarms)
        or [metric_alarm("ecs.cpu@web", key()), metric_alarm("ecs.memory@web", key(MEMORY))],
        samples={key(): Samples.every(600, NOW - 2 * DAY, NOW)},
        **changes,
    )


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_is_shown_and_told(run: Run, archive: Archive) -> None:
    ran = run("fetch", "--days", "2", cloudwatch=recorded())
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
    ran = run("fetch", "--days", "2", "--json", cloudwatch=recorded())
    assert ran.json == {
        "stack": "prod",
        "account": "123456789012",
        "archive": str(archive.root),
        "alarms": 2,
        "metrics": 2,
        "calls": 1,
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
    assert run("fetch", "--days", "2", cloudwatch=recorded()).code == 0
    later = recorded()
    later.samples = {}
    ran = run("fetch", "--days", "2", "--json", cloudwatch=later)
    without = [one["name"] for one in ran.json["metrics_without_data"]]
    assert without == [MEMORY]


def test_alarms_of_two_regions(run: Run, archive: Archive) -> None:
    """Those of outside checks are in us-east-1, with their metrics."""
    outside = metric_alarm("health.down@site", key("HealthCheckStatus"), region="us-east-1")
    account = RecordedAccount(
        {
            HOME: recorded(),
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
    account = RecordedAccount({"eu-west-1": recorded(), HOME: recorded()})
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
    cloudwatch = recorded(cpu, both, pasts={cpu["AlarmName"]: items, both["AlarmName"]: items[:1]})
    ran = run("fetch", "--days", "1", "--json", cloudwatch=cloudwatch)
    assert (ran.json["alarms"], ran.json["metrics"], ran.json["state_changes"]) == (2, 1, 4)
    changes = {alarm.address: archive.alarm_history(alarm)[0] for alarm in archive.alarms()}
    assert [(change.time, change.state) for change in changes["ecs.cpu@web"]] == [
        (at("2026-02-20 10:00"), AlarmState.ALARM),
        (at("2026-02-20 10:07"), AlarmState.OK),
        (at("2026-02-28"), AlarmState.INSUFFICIENT_DATA),
    ]
    assert len(changes["ecs.both@web"]) == 1
    # A fortnight later CloudWatch may have forgotten the first, which the archive has not.
    later = recorded(cpu, pasts={cpu["AlarmName"]: items[1:]})
    assert run("fetch", "--days", "1", "--json", cloudwatch=later).json["state_changes"] == 0
    assert len(archive.alarm_history(archive.alarms()[0])[0]) == 3


def test_a_damaged_file_is_told_set_aside_and_fetched_again(run: Run, archive: Archive) -> None:
    assert run("fetch", "--days", "10", cloudwatch=recorded()).code == 0
    whole, _ = archive.read(archived(), 0, NOW)
    (path,) = (archive.root / "metrics" / archived().folder).glob("2026-02-28.parquet")
    path.write_bytes(path.read_bytes()[:200])
    ran = run("fetch", "--days", "10", "--json", cloudwatch=recorded())
    assert ran.code == 0
    (bad,) = ran.json["set_aside"]
    assert bad["path"] == str(path)
    assert bad["reason"]
    assert path.with_name("2026-02-28.parquet.corrupt").exists()
    found, unreadable = archive.read(archived(), 0, NOW)
    assert unreadable == ()
    assert found.times.tolist() == whole.times.tolist()


def test_what_cannot_be_fetched_is_named(run: Run, archive: Archive) -> None:
    def fail(page: dict[str, Any]) -> dict[str, Any]:
        for result in page["MetricDataResults"]:
            if result["Label"].startswith("m1") or len(page["MetricDataResults"]) == 4:
                result["StatusCode"] = "InternalError"
        return page

    ran = run("fetch", "--days", "1", "--json", cloudwatch=recorded(change=fail))
    assert ran.code == 1
    assert ran.json["not_fetched"] == [
        {"what": f"AWS/ECS {MEMORY} (Service=web)", "reason": "InternalError"}
    ]
    assert "because: InternalError" in ran.err
    # The next run asks for it as if nobody had.
    assert list(archive.days(archived(MEMORY))[0]) == []
    assert run("fetch", "--days", "1", "--json", cloudwatch=recorded()).code == 0
    assert len(archive.days(archived(MEMORY))[0]) == 1


def test_throttled_for_good(run: Run, archive: Archive) -> None:
    """The first call is answered, and no other one; then there is no use in asking on."""
    waits: list[float] = []

    def throttle(number: int) -> None:
        if number > 1:
            raise refusal("Throttling")

    cloudwatch = recorded(before_call=throttle)
    retry = Retry(attempts=3, sleep=waits.append, jitter=lambda: 1.0)
    ran = run("fetch", "--days", "70", "--json", cloudwatch=cloudwatch, retry=retry)
    assert ran.code == 1
    assert len(cloudwatch.requests) == 1 + 3
    assert waits == [1, 2]
    (failure,) = ran.json["not_fetched"]
    assert "3 attempts failed, the last one with" in failure["reason"]
    assert "says Throttling" in failure["reason"]
    assert ran.json["days_written"] > 0
    assert len(archive.read(archived(), 0, NOW)[0]) > 0


def test_no_right_to_read_metrics(run: Run) -> None:
    def refuse(_number: int) -> None:
        raise refusal("AccessDenied", 403)

    ran = run("fetch", "--days", "70", cloudwatch=recorded(before_call=refuse))
    assert ran.code == 1
    # Once, however many calls it was.
    assert ran.out.count("says AccessDenied") == 1


class WithoutPasts(RecordedCloudWatch):
    """As the emulator, which answers 500 to DescribeAlarmHistory."""

    def describe_alarm_history(self, **request: Any) -> dict[str, Any]:
        raise refusal("InternalFailure", 500, "DescribeAlarmHistory")


class RefusingPasts(RecordedCloudWatch):
    def describe_alarm_history(self, **request: Any) -> dict[str, Any]:
        raise refusal("AccessDenied", 403, "DescribeAlarmHistory")


@pytest.mark.parametrize(
    ("kind", "whats"),
    [
        (WithoutPasts, ["the past of ecs.cpu@web, ecs.memory@web"]),
        (RefusingPasts, ["the past of ecs.cpu@web", "the past of ecs.memory@web"]),
    ],
)
def test_pasts_that_cannot_be_had_do_not_keep_metrics_away(
    kind: type[RecordedCloudWatch], whats: list[str], run: Run, archive: Archive
) -> None:
    cloudwatch = kind(alarms=recorded().alarms, samples=recorded().samples)
    ran = run("fetch", "--days", "2", "--json", cloudwatch=cloudwatch)
    assert ran.code == 1
    assert [failure["what"] for failure in ran.json["not_fetched"]] == whats
    assert ran.json["records"] == 207


def test_what_expires_during_the_run(run: Run, archive: Archive) -> None:
    """Asked for after its time, CloudWatch would say that there never was anything."""
    cloudwatch = recorded()
    cloudwatch.alarms[1] |= {"ExtendedStatistic": "p90", "Statistic": None}
    # The laptop slept for a day after the first call.
    times = iter([NOW, NOW, NOW + DAY, NOW + DAY])
    ran = run("fetch", "--days", "15", cloudwatch=cloudwatch, clock=lambda: next(times))
    assert ran.code == 1
    assert "CloudWatch has forgotten its 60 s datapoints meanwhile" in ran.out
    days = {name: sorted(archive.days(archived(name))[0]) for name in ("CPUUtilization", MEMORY)}
    assert len(days["CPUUtilization"]) == 15
    # Today alone was a call of its own; the 14 days before had begun to expire.
    assert days[MEMORY] == [at("2026-03-01")]


def test_the_disk_is_full(run: Run, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Archive, "add", full)
    ran = run("fetch", "--days", "2", cloudwatch=recorded())
    assert ran.code == 1
    assert "the archive cannot be written: [Errno 28] No space left on device" in ran.out


def test_a_small_price_is_not_asked_about(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    assert run("fetch", "--days", "2", cloudwatch=recorded()).code == 0


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
    ran = run("fetch", "--archive", str(file), cloudwatch=recorded())
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
