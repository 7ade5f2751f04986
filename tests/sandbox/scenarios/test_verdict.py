"""The judgement of a scenario can fail, in each way in which it must."""

from collections.abc import Sequence
from typing import Any

from sandbox.inbox import Heard
from sandbox.scenario import Usual
from sandbox.simulate import StateChange, simulate
from sandbox.verdict import Verdict, judge
from tests.sandbox.scenarios.small import TOPIC, alarm, deployed, scenario

USUAL = {"AWS/ECS CPUUtilization": Usual(level=40)}
BUSY = {"AWS/ECS CPUUtilization": [{"at": 10, "to": 90}]}
FIRES: dict[str, Any] = {"proves": ["ecs.cpu-high"], "series": BUSY}


def heard_of(changes: Sequence[StateChange]) -> list[Heard]:
    return [
        Heard(topic, change.alarm.definition.name, change.evaluation.state, "")
        for change in changes
        for topic in change.actions
    ]


def verdict(*alarms: Any, heard: list[Heard] | None = None, **fields: Any) -> Verdict:
    stack = deployed(*alarms)
    wanted = scenario(**fields)
    played = simulate(stack, wanted, USUAL)
    return judge(stack, wanted, played, heard_of(played.changes) if heard is None else heard)


def expected(first: int, last: int, **more: Any) -> dict[str, Any]:
    return {"expect": [{"alarm": "ecs.cpu-high", "between": [first, last], **more}]}


def test_an_expected_alarm_that_is_heard_is_no_fault() -> None:
    found = verdict(**FIRES, **expected(11, 11))
    assert found.faults == ()
    assert found.fired == {"ecs.cpu-high"}


def test_an_alarm_that_fires_too_early_is_a_fault() -> None:
    (missed, unexpected) = verdict(**FIRES, **expected(12, 15)).faults
    assert "must change to ALARM between minute 12 and 15" in missed
    assert "ALARM at 11" in missed
    assert "nobody expected it" in unexpected


def test_an_alarm_that_never_fires_is_a_fault() -> None:
    (fault,) = verdict(proves=["ecs.cpu-high"], **expected(11, 15)).faults
    assert "it never changed" in fault


def test_an_alarm_that_nobody_expected_is_a_fault() -> None:
    (fault,) = verdict(series=BUSY).faults
    assert "ecs.cpu-high@web changed to ALARM at minute 11" in fault
    assert "Threshold Crossed" in fault


def test_a_notification_that_does_not_arrive_is_a_fault() -> None:
    (fault,) = verdict(heard=[], **FIRES, **expected(11, 11)).faults
    assert "nothing arrived through alerts-test-warning" in fault


def test_a_notification_in_another_inbox_is_a_fault() -> None:
    other = Heard(f"{TOPIC}-other", "shop-test-ecs.cpu-high@web", "ALARM", "")
    faults = verdict(heard=[other], **FIRES, **expected(11, 11)).faults
    assert any("which nobody sent there" in fault for fault in faults)


def test_a_notification_that_arrives_twice_is_a_fault() -> None:
    once = Heard(TOPIC, "shop-test-ecs.cpu-high@web", "ALARM", "")
    (fault,) = verdict(heard=[once, once], **FIRES, **expected(11, 11)).faults
    assert fault == "1 notifications were sent and 2 arrived"


def test_an_alarm_on_the_other_severitys_topic_is_a_fault() -> None:
    wrong = alarm(AlarmActions=[TOPIC.replace("warning", "critical")])
    (fault,) = verdict(wrong, **FIRES, **expected(11, 11)).faults
    assert "ecs.cpu-high@web is told through" in fault


def test_recovery_of_an_expected_alarm_may_be_told() -> None:
    loud = alarm(OKActions=[TOPIC])
    swing = {"AWS/ECS CPUUtilization": [{"at": 10, "to": 90}, {"at": 20, "to": 40}]}
    assert verdict(loud, proves=["ecs.cpu-high"], series=swing, **expected(11, 11)).faults == ()


def test_recovery_that_nobody_knew_of_is_a_fault() -> None:
    # No data at first, so that the first data brings it to OK from INSUFFICIENT_DATA.
    loud = alarm(OKActions=[TOPIC])
    gap = {"AWS/ECS CPUUtilization": [{"at": 5, "samples": 0}, {"at": 15, "samples": 1}]}
    (fault,) = verdict(loud, series=gap).faults
    assert "changed to OK at minute 16" in fault


def test_an_alarm_that_the_stack_lacks_is_said_and_no_fault() -> None:
    found = verdict(
        proves=["rds.db-load"],
        expect=[{"alarm": "rds.db-load", "between": [1, 5]}],
    )
    assert found.faults == ()
    assert found.skipped == ("rds.db-load",)


def test_expectations_may_depend_on_the_missing_data_treatment() -> None:
    gap = {"AWS/ECS CPUUtilization": [{"at": 10, "samples": 0}]}
    only = expected(11, 20, missing_data=["breaching"])
    quiet = verdict(
        alarm(TreatMissingData="notBreaching"), proves=["ecs.cpu-high"], series=gap, **only
    )
    assert quiet.faults == ()
    assert quiet.skipped == ()
    loud = verdict(alarm(TreatMissingData="breaching"), proves=["ecs.cpu-high"], series=gap, **only)
    assert loud.faults == ()
    assert loud.fired == {"ecs.cpu-high"}


def test_an_alarm_that_is_always_on_is_a_fault() -> None:
    (fault,) = verdict(alarm(Threshold=10.0)).faults
    assert "ecs.cpu-high@web is in ALARM on an ordinary day" in fault


def test_the_other_order_is_a_fault() -> None:
    second = alarm("ecs.slow@web", EvaluationPeriods=3, DatapointsToAlarm=3)
    both: dict[str, Any] = {"proves": ["ecs.cpu-high", "ecs.slow"], "series": BUSY}
    first = {"alarm": "ecs.cpu-high", "between": [11, 20]}
    later = {"alarm": "ecs.slow", "between": [11, 20]}
    assert verdict(alarm(), second, expect=[first, later], **both).faults == ()
    (fault,) = verdict(alarm(), second, expect=[later, first], **both).faults
    assert "ecs.cpu-high changed to ALARM at minute 11, before what is expected" in fault
