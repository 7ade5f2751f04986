"""``ops history fetch`` where not everything can be had: what is named, what is kept."""

from typing import Any

import pytest

from history.archive import Archive
from history.retry import Retry
from tests.history.conftest import Run
from tests.history.recorded import NOW, RecordedCloudWatch, archived, refusal
from tests.history.stacks import DAY, MEMORY, two_alarms
from tests.times import at


def test_what_cannot_be_fetched_is_named(run: Run, archive: Archive) -> None:
    def fail(page: dict[str, Any]) -> dict[str, Any]:
        for result in page["MetricDataResults"]:
            if result["Label"].startswith("m1") or len(page["MetricDataResults"]) == 4:
                result["StatusCode"] = "InternalError"
        return page

    ran = run("fetch", "--days", "1", "--json", cloudwatch=two_alarms(change=fail))
    assert ran.code == 1
    assert ran.json["not_fetched"] == [
        {"what": f"AWS/ECS {MEMORY} (Service=web)", "reason": "InternalError"}
    ]
    assert "because: InternalError" in ran.err
    # The next run asks for it as if nobody had.
    assert list(archive.days(archived(MEMORY))[0]) == []
    assert run("fetch", "--days", "1", "--json", cloudwatch=two_alarms()).code == 0
    assert len(archive.days(archived(MEMORY))[0]) == 1


def test_throttled_for_good(run: Run, archive: Archive) -> None:
    """The first call is answered, and no other one; then there is no use in asking on."""
    waits: list[float] = []

    def throttle(number: int) -> None:
        if number > 1:
            raise refusal("Throttling")

    cloudwatch = two_alarms(before_call=throttle)
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

    ran = run("fetch", "--days", "70", cloudwatch=two_alarms(before_call=refuse))
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
    cloudwatch = kind(alarms=two_alarms().alarms, samples=two_alarms().samples)
    ran = run("fetch", "--days", "2", "--json", cloudwatch=cloudwatch)
    assert ran.code == 1
    assert [failure["what"] for failure in ran.json["not_fetched"]] == whats
    assert ran.json["records"] == 207


def test_what_expires_during_the_run(run: Run, archive: Archive) -> None:
    """Asked for after its time, CloudWatch would say that there never was anything."""
    cloudwatch = two_alarms()
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
    ran = run("fetch", "--days", "2", cloudwatch=two_alarms())
    assert ran.code == 1
    assert "the archive cannot be written: [Errno 28] No space left on device" in ran.out
