"""Where a review has its alarms and their history from."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.alarm import AlarmState
from history.archive import Archive
from history.calibration import Calibrated, Calibration, write_calibration
from history.day import ArchivedDay
from replay.calibrate import Belief, Estimate
from replay.changes import Change
from replay.outcome import Outcome
from review.case import Stretch
from review.sources import Sources
from stack.config import read_stack_config
from tests.history.recorded import ACCOUNT, HOME, archived, history, key, metric_alarm, state_update
from tests.review.deployed import ALARM, DAY, START
from tests.times import at


def test_what_was_asked_for_is_known(archive: Archive) -> None:
    sources = Sources(read_stack_config("prod"), archive, [])
    (source,) = sources.all
    found = sources.history(source, START - DAY, START + 2 * DAY)
    assert (found.since, found.until) == (START, START + DAY // 2)
    assert found.histories[key()].times.tolist() == [START]


def test_what_a_calibration_is_sure_of_is_used(archive: Archive) -> None:
    config = read_stack_config("prod")
    sure = Belief(value=4, probability=0.99, lowest=4, highest=4)
    late = Belief(value=120, probability=0.5, lowest=60, highest=180)
    found = Estimate(
        extra_periods=sure,
        delay=late,
        longest_delay=180,
        transitions=40,
        alarms=2,
        agreement=0.9,
        default_agreement=0.1,
    )
    group = Calibrated(namespace="AWS/ECS", period=60, estimate=found, transitions=40)
    write_calibration(archive.root, Calibration(groups=(group,)))
    (source,) = Sources(config, archive, []).all
    assert source.alarm.definition is not None
    timing = source.alarm.definition.timing
    # The range is sure, the delay is not.
    assert (timing.extra_periods, timing.delay, timing.longest_delay) == (4, 0, 120)
    assert timing.source == "40 recorded transitions of 2 alarms"


def test_a_past_that_was_never_fetched_is_not_known(archive: Archive) -> None:
    sources = Sources(read_stack_config("prod"), archive, [])
    (source,) = sources.all
    stretch = Stretch(start=START, end=START + 10 * DAY)
    assert sources.happened(source, stretch) == (None, [])
    archive.keep_alarm_history(ALARM, [])
    quiet = Outcome(start=START, end=START + 10 * DAY, changes=(), state=AlarmState.OK)
    assert sources.happened(source, stretch) == (quiet, [])
    on = state_update(ALARM.name, "2026-02-03 10:00", "INSUFFICIENT_DATA", "ALARM")
    archive.keep_alarm_history(ALARM, [on])
    change = Change(at("2026-02-03 10:00"), AlarmState.ALARM, AlarmState.INSUFFICIENT_DATA)
    # Before the first change the alarm was in the state that it left.
    fired = replace(quiet, changes=(change,), state=AlarmState.INSUFFICIENT_DATA)
    assert sources.happened(source, stretch) == (fired, [])


@pytest.mark.parametrize(
    ("first", "last", "since", "inside"),
    [
        # CloudWatch keeps a month; a change that is kept from before it says more.
        ("2026-02-01 00:00", "2026-04-01 00:00", "2026-02-03 10:00", 2),
        ("2026-03-01 00:00", "2026-04-12 00:00", "2026-03-13 00:00", 0),
        # Both ends are in the stretch, and what is beyond them is not.
        ("2026-02-03 10:00", "2026-02-03 11:00", "2026-02-03 10:00", 2),
        ("2026-02-03 10:01", "2026-02-03 10:59", "2026-02-03 10:01", 0),
    ],
)
def test_the_past_of_an_alarm_in_a_stretch(
    first: str, last: str, since: str, inside: int, archive: Archive
) -> None:
    on = state_update(ALARM.name, "2026-02-03 10:00", "OK", "ALARM")
    off = state_update(ALARM.name, "2026-02-03 11:00", "ALARM", "OK")
    archive.keep_alarm_history(ALARM, [on, off])
    sources = Sources(read_stack_config("prod"), archive, [])
    (source,) = sources.all
    happened, bad = sources.happened(source, Stretch(start=at(first), end=at(last)))
    changes = (
        Change(at("2026-02-03 10:00"), AlarmState.ALARM, AlarmState.OK),
        Change(at("2026-02-03 11:00"), AlarmState.OK, AlarmState.ALARM),
    )
    assert bad == []
    assert happened == Outcome(
        start=at(since), end=at(last), changes=changes[:inside], state=AlarmState.OK
    )


def test_lines_of_a_past_that_cannot_be_read_are_told(archive: Archive) -> None:
    archive.keep_alarm_history(ALARM, [state_update(ALARM.name, "2026-02-03 10:00", "OK", "ALARM")])
    (path,) = archive.root.rglob("*.jsonl")
    path.write_bytes(path.read_bytes() + b"{\n")
    sources = Sources(read_stack_config("prod"), archive, [])
    (source,) = sources.all
    happened, bad = sources.happened(source, Stretch(start=START, end=START + 10 * DAY))
    assert happened is not None
    assert happened.firings == (at("2026-02-03 10:00"),)
    assert bad == [f"{path}: no change of state in line 2"]


def test_a_day_that_cannot_be_read_is_told_as_a_gap(archive: Archive) -> None:
    (path,) = archive.root.rglob("*.parquet")
    path.write_bytes(b"not parquet")
    sources = Sources(read_stack_config("prod"), archive, [])
    (source,) = sources.all
    found = sources.history(source, START - DAY, START + 2 * DAY)
    (note,) = found.unread
    assert note.startswith(f"{path}: ")
    assert note.endswith("; its day is a gap until it is fetched again")
    assert (len(found.histories[key()]), found.since, found.until) == (0, START, None)


def test_of_several_metrics_is_known_what_is_known_of_all(archive: Archive) -> None:
    pairs = [{"Name": "Service", "Value": "web"}]
    queries = [
        {
            "Id": id_,
            "MetricStat": {
                "Metric": {"Namespace": "AWS/ECS", "MetricName": name, "Dimensions": pairs},
                "Period": 60,
                "Stat": "Sum",
            },
            "ReturnData": False,
        }
        for id_, name in (("m1", "CPUUtilization"), ("m2", "Other"))
    ]
    expression = {"Id": "e1", "Expression": "m1 / m2", "ReturnData": True}
    raw = metric_alarm("ecs.rate@web", key(), Metrics=[*queries, expression])
    for name in ("Namespace", "MetricName", "Dimensions", "Statistic", "Period"):
        del raw[name]
    tags = {"AlarmKey": "ecs.rate", "Target": "web", "Severity": "warning"}
    alarm = LiveAlarm.described(raw, tags, HOME)
    archive.keep_alarms(ACCOUNT, HOME, [alarm], datetime(2026, 3, 1, tzinfo=UTC))
    # The other one was asked for a day later for the first time, and a day longer.
    for day in (1, 2):
        archive.add(
            ArchivedDay(
                metric=archived("Other"),
                start=START + day * DAY,
                period=60,
                until=START + (day + 1) * DAY,
                asked=START + 5 * DAY,
                records=history((START + day * DAY, 60, 3.0)),
            )
        )
    sources = Sources(read_stack_config("prod"), archive, [])
    (source,) = sources.all
    found = sources.history(source, START, START + 2 * DAY)
    assert {metric.name: of.times.tolist() for metric, of in found.histories.items()} == {
        "CPUUtilization": [START],
        "Other": [START + DAY],
    }
    assert (found.since, found.until) == (START + DAY, START + DAY // 2)
    # Of the stack as a whole that of the longest known.
    assert sources.known_until() == START + 3 * DAY


def test_alarms_that_are_deployed_are_told_apart_from_composite_ones(archive: Archive) -> None:
    rule = 'ALARM("a")'
    composite, broken = (
        LiveAlarm.described(
            {
                **{
                    name: of
                    for name, of in ALARM.raw.items()
                    if name.startswith(("Alarm", "State"))
                },
                "AlarmName": name,
                "AlarmRule": text,
                "AlarmActions": [],
            },
            {"AlarmKey": "incident.ecs", "Target": name},
            HOME,
        )
        for name, text in (("web", rule), ("api", "ALARM("))
    )
    archive.keep_alarms(ACCOUNT, HOME, [composite, ALARM, broken], datetime(2026, 3, 1, tzinfo=UTC))
    sources = Sources(read_stack_config("prod"), archive, [])
    assert [source.alarm.name for source in sources.all] == [ALARM.name]
    # What cannot be read is left out.
    (found,) = sources.composites
    assert found.address == "incident.ecs@web"
    assert (found.definition.name, found.definition.text) == ("web", rule)
