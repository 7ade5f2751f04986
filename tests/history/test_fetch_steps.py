"""A fetch step by step, without a command: what is prepared, what each step brings."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

import pytest

from account.alarms import LiveAlarm, NoSuchAlarmError
from account.stack import StackPlace
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from history.archive import Archive
from history.cost import FetchCost
from history.day import ArchivedDay
from history.fetch import Fetch
from history.fetch_pasts import fetch_pasts, most_requests
from history.kept import Failure, Kept
from history.plan import Request
from history.prepare import Preparation, prepare
from history.retry import Retry
from history.wanted import WantedMetric
from tests.history.recorded import (
    ACCOUNT,
    DAY,
    HOME,
    NOW,
    PATIENT,
    RecordedAccount,
    RecordedCloudWatch,
    Samples,
    archived,
    history,
    key,
    metric_alarm,
    refusal,
    state_update,
)
from tests.times import at

TODAY: Final = at("2026-03-01")
PLACE: Final = StackPlace(project="django-ecs-monitoring", stack="prod", home=HOME)
CPU: Final = WantedMetric(metric=archived(), alarms=("ecs.cpu@web",))
MEMORY: Final = WantedMetric(metric=archived("Memory"), alarms=("ecs.memory@web",))


def cloudwatch(**changes: Any) -> RecordedCloudWatch:
    """Two alarms; one of the metrics has a value every ten minutes, for two days."""
    fields: dict[str, Any] = {
        "alarms": [
            metric_alarm("ecs.cpu@web", key()),
            metric_alarm("ecs.memory@web", key("Memory")),
        ],
        "samples": {key(): Samples.every(600, NOW - 2 * DAY, NOW)},
        **changes,
    }
    return RecordedCloudWatch(**fields)


def prepared(
    archive: Archive, there: RecordedCloudWatch, *, days: int = 1, place: StackPlace = PLACE
) -> Preparation:
    return prepare(RecordedAccount({HOME: there}), place, archive, now=NOW, days=days)


def test_what_is_prepared(archive: Archive) -> None:
    # Today's records are there already, up to an hour ago, and a damaged file of the other metric.
    archive.add(
        ArchivedDay(
            metric=CPU.metric,
            start=TODAY,
            period=60,
            until=NOW - 3600,
            asked=NOW - 3600,
            records=history((TODAY, 60, 1.0)),
        )
    )
    damaged = archive.root / "metrics" / MEMORY.metric.folder / "2026-02-20.parquet"
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"")
    odd = metric_alarm("ecs.odd@web", key("Odd"), ThresholdMetricId="ad1")
    there = cloudwatch()
    there.alarms.append(odd)
    found = prepared(archive, there)
    home, outside = found.regions
    end = at("2026-03-01 10:30")
    assert home.calls == (Request(start=TODAY, end=end, period=60, metrics=(CPU, MEMORY)),)
    assert home.metrics == (CPU, MEMORY)
    assert home.with_data == frozenset({CPU})
    assert [str(alarm.address) for alarm in home.alarms] == [
        "ecs.cpu@web",
        "ecs.memory@web",
        "ecs.odd@web",
    ]
    # The alarms of outside checks are in another region.
    assert (outside.region.name, outside.alarms, outside.calls) == ("us-east-1", (), ())
    (bad,) = found.bad
    assert bad.path == damaged
    (note,) = found.notes
    assert note.startswith("its metrics are not fetched: ")
    assert found == Preparation(
        place=PLACE,
        caller=found.caller,
        now=NOW,
        regions=(home, outside),
        bad=(bad,),
        alarms_by_region=found.alarms_by_region,
        unseen=(),
        notes=(note,),
    )
    assert [region.name for region, _ in found.alarms_by_region] == [HOME, "us-east-1"]
    # Four statistics of two metrics; a call, and one for the past of each of three alarms.
    assert found.cost == FetchCost(requests=8, usd=Decimal("0.00008"))
    assert found.requests == 1 + 3
    # As many days back as somebody wants: 17 of minutes are a call.
    assert [call.days for call in prepared(archive, there, days=3).regions[0].calls] == [
        (TODAY - 2 * DAY, TODAY - DAY, TODAY)
    ]


def test_a_region_that_cannot_be_looked_at_is_said(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = RecordedAccount({HOME: cloudwatch()})

    class Forbidden(RecordedCloudWatch):
        def paginate(self, **request: Any) -> Any:
            raise refusal("AccessDenied", 403, "DescribeAlarms")

    account.regions = {HOME: cloudwatch(), "us-east-1": Forbidden()}
    found = prepare(account, PLACE, archive, now=NOW, days=1)
    (unseen,) = found.unseen
    assert unseen.startswith("us-east-1 (outside checks) could not be looked at: ")
    assert found.notes == (unseen,)
    assert [one.region.name for one in found.regions] == [HOME]


def test_a_stack_without_alarms_is_refused(archive: Archive) -> None:
    with pytest.raises(NoSuchAlarmError, match="account 123456789012 has no alarm"):
        prepared(archive, cloudwatch(alarms=[]))


def fetch(
    archive: Archive, there: RecordedCloudWatch, *, days: int = 1, retry: Retry = PATIENT
) -> Fetch:
    region = prepared(archive, there, days=days).regions[0]
    return Fetch(region, archive, now=NOW, retry=retry, clock=lambda: float(NOW))


def test_each_call_is_kept_at_once(archive: Archive) -> None:
    # 16 days: 15 of minutes, a metric a call, and one of five minutes of both.
    steps = fetch(archive, cloudwatch(), days=16).metrics()
    # Two days until 10:30, one of ten minutes.
    assert next(steps) == Kept(days=15, answered={CPU: 288})
    assert archive.known_until(MEMORY.metric) is None
    assert archive.known_until(CPU.metric) == at("2026-03-01 10:30")
    (today,) = [day for day in archive.days(CPU.metric)[0].values() if day.start == TODAY]
    assert (today.period, today.until, today.asked) == (60, at("2026-03-01 10:30"), NOW)
    assert len(today.records) == 63
    (before,) = [day for day in archive.days(CPU.metric)[0].values() if day.start == TODAY - DAY]
    assert (before.until, len(before.records)) == (TODAY, 144)
    assert list(steps) == [
        Kept(days=15, answered={MEMORY: 0}),
        Kept(days=2, answered={CPU: 0, MEMORY: 0}),
    ]
    (oldest,) = [
        day for day in archive.days(CPU.metric)[0].values() if day.start == TODAY - 15 * DAY
    ]
    assert (oldest.period, oldest.until) == (300, TODAY - 14 * DAY)


def test_seconds_are_put_into_days_that_are_there(archive: Archive) -> None:
    burst = metric_alarm("ecs.cpu@web", key(), Period=10)
    there = cloudwatch(alarms=[burst], samples={key(): Samples.every(10, NOW - 7200, NOW)})
    minutes, seconds = fetch(archive, there).metrics()
    short = replace(CPU, is_short=True)
    # From 08:30:30 to 10:30: the minutes that have any value.
    assert minutes == Kept(days=1, answered={short: 120})
    # Two of the three hours that there are seconds of: from 08:30 on.
    assert seconds == Kept(days=1, answered={short: 717})
    records, _ = archive.read(CPU.metric, TODAY, TODAY + DAY)
    assert records.resolutions.tolist() == [10] * 717
    # Of a day that is not there, nothing is kept.
    empty = Archive(archive.root / "other")
    region = prepared(archive, there).regions[0]
    again = Fetch(
        replace(region, calls=region.calls[-1:]),
        empty,
        now=NOW,
        retry=PATIENT,
        clock=lambda: float(NOW),
    )
    assert list(again.metrics()) == [Kept(days=0, answered={short: 717})]


CPU_WORDS: Final = "AWS/ECS CPUUtilization (Service=web)"
MEMORY_WORDS: Final = "AWS/ECS Memory (Service=web)"


def test_a_call_that_is_refused_does_not_end_the_others(archive: Archive) -> None:
    def refuse(number: int) -> None:
        if number == 1:
            raise refusal("AccessDenied", 403)

    first, *others = fetch(archive, cloudwatch(before_call=refuse), days=16).metrics()
    (failure,) = first.failures
    assert first == Kept(failures=(Failure(what=CPU_WORDS, reason=failure.reason),))
    assert failure.reason.endswith("says AccessDenied")
    assert others == [
        Kept(days=15, answered={MEMORY: 0}),
        Kept(days=2, answered={CPU: 0, MEMORY: 0}),
    ]


def test_after_a_call_that_nobody_answers_none_is_asked(archive: Archive) -> None:
    def throttle(_number: int) -> None:
        raise refusal("Throttling")

    there = cloudwatch(before_call=throttle)
    retry = Retry(attempts=2, sleep=lambda _: None)
    (only,) = fetch(archive, there, days=16, retry=retry).metrics()
    (failure,) = only.failures
    # Each metric once, however many calls are left.
    assert failure.what == f"{CPU_WORDS}, {MEMORY_WORDS}"
    assert failure.reason.startswith("GetMetricData: 2 attempts failed, the last one with: ")
    assert len(there.requests) == 2


def test_what_is_forgotten_meanwhile_is_not_asked_for(archive: Archive) -> None:
    there = cloudwatch()
    region = prepared(archive, there, days=15).regions[0]
    late = Fetch(region, archive, now=NOW, retry=PATIENT, clock=lambda: float(NOW + DAY))
    reason = (
        "CloudWatch has forgotten its 60 s datapoints meanwhile: run the command again for what "
        "is left of them"
    )
    assert list(late.metrics()) == [
        Kept(failures=(Failure(what=words, reason=reason),)) for words in (CPU_WORDS, MEMORY_WORDS)
    ]
    assert there.requests == []


def test_what_one_metric_lacks_is_said_of_it_alone(archive: Archive) -> None:
    def fail(page: dict[str, Any]) -> dict[str, Any]:
        for result in page["MetricDataResults"]:
            if result["Id"].startswith("m1") or len(page["MetricDataResults"]) == 4:
                result["StatusCode"] = "Forbidden"
        return page

    (only,) = fetch(archive, cloudwatch(change=fail)).metrics()
    assert only == Kept(
        days=1, answered={CPU: 63}, failures=(Failure(what=MEMORY_WORDS, reason="Forbidden"),)
    )


def test_the_alarms_are_kept_as_they_are_deployed(archive: Archive) -> None:
    step = fetch(archive, cloudwatch())
    step.alarms()
    assert [str(alarm.address) for alarm in archive.alarms()] == ["ecs.cpu@web", "ecs.memory@web"]
    (path,) = archive.root.rglob("deployed.json")
    assert '"taken": "2026-03-01T10:30:30+00:00"' in path.read_text()


def live(name: str, **changes: Any) -> LiveAlarm:
    raw = metric_alarm("ecs.cpu@web", key(), AlarmName=name, **changes)
    return LiveAlarm.described(raw, AlarmAddress(f"ecs.cpu@{name}").tags, HOME)


def test_the_past_of_each_alarm_is_a_step(archive: Archive) -> None:
    changes = [
        state_update("a", "2026-02-20 10:00", "OK", "ALARM"),
        state_update("a", "2026-02-20 10:05", "ALARM", "OK"),
        state_update("a", "2026-02-20 11:00", "OK", "ALARM"),
    ]
    there = cloudwatch(pasts={"a": changes, "c": changes[:1]})
    alarms = [live("a"), live("b"), live("c", AlarmRule='ALARM("a")')]
    region = prepared(archive, there).regions[0].region
    steps = list(fetch_pasts(region, alarms, archive, PATIENT))
    assert steps == [Kept(changes=3), Kept(), Kept(changes=1)]
    assert [len(archive.alarm_history(alarm)[0]) for alarm in alarms] == [3, 0, 1]
    assert archive.has_alarm_history(alarms[1])
    common = {"HistoryItemType": "StateUpdate", "ScanBy": "TimestampAscending", "MaxRecords": 100}
    about = [
        ({"AlarmName": "a", "AlarmTypes": ["MetricAlarm"]}, None),
        ({"AlarmName": "a", "AlarmTypes": ["MetricAlarm"]}, "2"),
        ({"AlarmName": "b", "AlarmTypes": ["MetricAlarm"]}, None),
        ({"AlarmName": "c", "AlarmTypes": ["CompositeAlarm"]}, None),
    ]
    assert there.past_requests == [
        {**common, **of, **({} if token is None else {"NextToken": token})} for of, token in about
    ]


@pytest.mark.parametrize(
    ("code", "failures"),
    [
        ("AccessDenied", ["the past of ecs.cpu@a", "the past of ecs.cpu@b"]),
        ("Throttling", ["the past of ecs.cpu@a, ecs.cpu@b"]),
    ],
)
def test_pasts_that_cannot_be_had(code: str, failures: list[str], archive: Archive) -> None:
    def refuse(_number: int) -> None:
        raise refusal(code, 400, "DescribeAlarmHistory")

    there = cloudwatch(before_past=refuse)
    region = prepared(archive, there).regions[0].region
    retry = Retry(attempts=1)
    steps = list(fetch_pasts(region, [live("a"), live("b")], archive, retry))
    assert [failure.what for step in steps for failure in step.failures] == failures
    assert {step.changes for step in steps} == {0}


def test_together_an_alarm_without_changes_is_known_too(archive: Archive) -> None:
    alarms = [live(f"a{number:02}") for number in range(30)]
    first = state_update("a00", "2026-02-20 10:00", "OK", "ALARM")
    other = state_update("of another stack", "2026-02-20 11:00", "OK", "ALARM")
    there = cloudwatch(pasts={"a00": [first], "x": [other]}, past_page=1)
    region = prepared(archive, there).regions[0].region
    steps = list(fetch_pasts(region, alarms, archive, PATIENT))
    # A page for each of the two changes, and what was without any.
    assert steps == [Kept(changes=1), Kept(), Kept()]
    assert all(archive.has_alarm_history(alarm) for alarm in alarms)
    assert archive.pasts_until(ACCOUNT, HOME, "MetricAlarm") == at("2026-02-20 11:00")
    assert archive.pasts_until(ACCOUNT, HOME, "CompositeAlarm") is None
    assert ["AlarmName" in request for request in there.past_requests] == [False, False]


def test_a_past_that_is_damaged_is_set_aside_and_told(archive: Archive) -> None:
    alarm = live("a")
    archive.keep_alarm_history(alarm, [])
    (path,) = archive.root.rglob("*.jsonl")
    path.write_bytes(b"{\n")
    region = prepared(archive, cloudwatch()).regions[0].region
    (step,) = fetch_pasts(region, [alarm], archive, PATIENT)
    (bad,) = step.bad
    assert (bad.path, bad.reason) == (path, "no change of state in line 1")
    many = [alarm, *(live(f"a{number}") for number in range(30))]
    path.write_bytes(b"{\n")
    there = cloudwatch(pasts={"a": [state_update("a", "2026-02-20 10:00", "OK", "ALARM")]})
    region = prepared(archive, there).regions[0].region
    together, _ = fetch_pasts(region, many, archive, PATIENT)
    assert (together.changes, together.bad) == (1, (bad,))


@pytest.mark.parametrize(("alarms", "requests"), [(0, 0), (10, 10), (11, 22), (100, 200)])
def test_how_many_requests_the_pasts_take(alarms: int, requests: int) -> None:
    assert most_requests(alarms) == requests
