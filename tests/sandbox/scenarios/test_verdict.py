"""The judgement of a scenario can fail, in each way in which it must."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.mute import MuteSchedule
from sandbox.deployed import DeployedMute
from sandbox.inbox import Delivery
from sandbox.scenario_steps import OrdinaryMetric
from sandbox.simulate import simulate
from sandbox.simulation import SimulatedChange
from sandbox.verdict import ScenarioVerdict, judge, unfired
from tests.sandbox.scenarios.small import (
    TOPIC,
    alarm,
    deployed,
    errors_alarm,
    errors_filter,
    scenario,
)

USUAL = {"AWS/ECS CPUUtilization": OrdinaryMetric(level=40)}
BUSY = {"AWS/ECS CPUUtilization": [{"at": 10, "to": 90}]}
FIRES: dict[str, Any] = {"proves": ["ecs.cpu-high"], "series": BUSY}


def heard_of(changes: Sequence[SimulatedChange]) -> list[Delivery]:
    return [
        Delivery(topic, change.alarm.definition.name, change.evaluation.state, "")
        for change in changes
        for topic in change.actions
    ]


def verdict(
    *alarms: Any, heard: list[Delivery] | None = None, pattern: str = "?ERROR ?Error", **fields: Any
) -> ScenarioVerdict:
    stack = deployed(*alarms, pattern=pattern)
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
    other = Delivery(f"{TOPIC}-other", "shop-test-ecs.cpu-high@web", "ALARM", "")
    faults = verdict(heard=[other], **FIRES, **expected(11, 11)).faults
    assert any("which nobody sent there" in fault for fault in faults)


def test_a_notification_that_arrives_twice_is_a_fault() -> None:
    once = Delivery(TOPIC, "shop-test-ecs.cpu-high@web", "ALARM", "")
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


WORKER = [{"Name": "ClusterName", "Value": "c"}, {"Name": "ServiceName", "Value": "worker"}]


def test_of_several_targets_the_first_to_change_is_the_one_that_others_come_after() -> None:
    # By address api is before web; api changes at minute 21, web at 11 and the other at 16.
    late = alarm("ecs.cpu-high@api", EvaluationPeriods=11, DatapointsToAlarm=11)
    between = alarm("ecs.slow@web", EvaluationPeriods=6, DatapointsToAlarm=6)
    found = verdict(
        late,
        alarm(),
        between,
        proves=["ecs.cpu-high", "ecs.slow"],
        series=BUSY,
        expect=[
            {"alarm": "ecs.cpu-high", "between": [11, 21]},
            {"alarm": "ecs.slow", "between": [11, 21]},
        ],
    )
    assert found.faults == ()


def test_an_expectation_of_one_target_is_not_met_by_another() -> None:
    both = alarm(), alarm("ecs.cpu-high@worker", Dimensions=WORKER)
    worker = {"AWS/ECS CPUUtilization@worker": [{"at": 10, "to": 90}]}
    one: dict[str, Any] = {"proves": ["ecs.cpu-high"], "series": worker}
    met = [{"alarm": "ecs.cpu-high@worker", "between": [11, 11]}]
    assert verdict(*both, expect=met, **one).faults == ()
    other = [{"alarm": "ecs.cpu-high@web", "between": [11, 11]}]
    missed, unexpected = verdict(*both, expect=other, **one).faults
    assert missed.startswith("ecs.cpu-high@web must change to ALARM")
    assert unexpected.startswith("ecs.cpu-high@worker changed to ALARM")
    # By key it is asked of both.
    (fault,) = verdict(*both, **one, **expected(11, 11)).faults
    assert fault.startswith("ecs.cpu-high@web must change to ALARM")


@pytest.mark.parametrize(
    ("pattern", "log_format", "faults"),
    [
        # The storm is there, so that the alarm fires: unexpected where the format is another one.
        ("?ERROR ?Error", "text", 0),
        ("?ERROR ?Error", "json", 1),
        ('{ $.level = "ERROR" }', "json", 0),
        ('{ $.level = "ERROR" }', "text", 1),
    ],
)
def test_expectations_may_depend_on_the_format_of_the_log(
    pattern: str, log_format: str, faults: int
) -> None:
    storm = {"at": 10, "count": 6, "message": "ERROR no", "level": "ERROR"}
    found = verdict(
        errors_alarm(),
        pattern=pattern,
        proves=["logs.errors"],
        logs=[storm],
        expect=[{"alarm": "logs.errors", "between": [11, 11], "log_format": log_format}],
    )
    assert len(found.faults) == faults
    assert all("nobody expected it" in fault for fault in found.faults)


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_an_alarm_that_two_formats_feed_is_as_neither_expectation_has_it(log_format: str) -> None:
    both = (errors_filter(), errors_filter('{ $.level = "ERROR" }'))
    stack = replace(deployed(errors_alarm()), filters=both)
    storm = scenario(
        proves=["logs.errors"],
        logs=[{"at": 10, "count": 6, "message": "ERROR no", "level": "ERROR"}],
        expect=[{"alarm": "logs.errors", "between": [11, 11], "log_format": log_format}],
    )
    simulation = simulate(stack, storm, USUAL)
    (fault,) = judge(stack, storm, simulation, heard_of(simulation.changes)).faults
    assert "nobody expected it" in fault


@pytest.mark.parametrize("changes", [{"ActionsEnabled": False}, {"AlarmActions": []}])
def test_an_expected_alarm_that_tells_nobody_is_a_fault(changes: dict[str, Any]) -> None:
    (fault,) = verdict(alarm(**changes), **FIRES, **expected(11, 11)).faults
    assert fault == "ecs.cpu-high@web changed to ALARM and has no actions: nobody is told"


def test_rules_that_no_scenario_fired() -> None:
    stack = deployed(alarm(), alarm("ecs.cpu-high@worker"), alarm("ecs.slow@web"), errors_alarm())
    fired = verdict(**FIRES, **expected(11, 11))
    recovered = verdict(alarm("ecs.slow@web", TreatMissingData="notBreaching"))
    assert unfired(stack, [fired, recovered]) == ["ecs.slow", "logs.errors"]
    assert unfired(stack, []) == ["ecs.cpu-high", "ecs.slow", "logs.errors"]


MUTED = {**FIRES, "mutes": [{"at": 5, "until": 20}]}


def test_what_is_on_at_the_end_of_a_mute_is_told_then() -> None:
    found = verdict(**MUTED, **expected(11, 11, told=[20, 20]))
    assert found.faults == ()
    (change,) = found.changes
    assert (change.minute, change.told, change.actions) == (11, 20, (TOPIC,))


def test_what_is_over_by_the_end_of_a_mute_is_never_told() -> None:
    over = {"AWS/ECS CPUUtilization": [{"at": 10, "to": 90}, {"at": 15, "to": 40}]}
    found = verdict(**{**MUTED, "series": over}, **expected(11, 11, told="never"))
    assert found.faults == ()
    assert [change.actions for change in found.changes] == [(), ()]
    assert found.heard == ()


ENDED: dict[str, Any] = {**FIRES, "mutes": [{"at": 5, "until": 25, "ended": 15}]}


def test_what_is_on_as_a_mute_is_ended_is_told_then() -> None:
    assert verdict(**ENDED, **expected(11, 11, told=[15, 15])).faults == ()
    (fault,) = verdict(**ENDED, **expected(11, 11, told=[25, 25])).faults
    assert "it told at minute 15" in fault


def test_another_mute_holds_back_what_the_end_of_the_first_would_tell() -> None:
    mutes = [*ENDED["mutes"], {"at": 12, "until": 20}]
    assert verdict(**{**ENDED, "mutes": mutes}, **expected(11, 11, told=[20, 20])).faults == ()


@pytest.mark.parametrize("ended", [5, 25, 30])
def test_a_mute_is_ended_while_it_lasts(ended: int) -> None:
    with pytest.raises(ValueError, match="write a minute between 5 and 25"):
        scenario(mutes=[{"at": 5, "until": 25, "ended": ended}])


def test_a_mute_of_other_alarms_holds_nothing_back() -> None:
    others = {**FIRES, "mutes": [{"at": 5, "until": 20, "kind": "rds"}]}
    assert verdict(**others, **expected(11, 11, told=[11, 11])).faults == ()


@pytest.mark.parametrize(
    ("told", "mutes", "words"),
    [
        ("never", [], "must never tell anybody; it told at minute 11"),
        ([11, 12], [{"at": 5, "until": 20}], "between minute 11 and 12; it told at minute 20"),
        # The window outlasts the scenario's thirty minutes.
        ([11, 29], [{"at": 5, "until": 60}], "between minute 11 and 29; it never told anybody"),
    ],
)
def test_a_topic_told_at_another_time_is_a_fault(told: Any, mutes: Any, words: str) -> None:
    (fault,) = verdict(**FIRES, mutes=mutes, **expected(11, 11, told=told)).faults
    assert words in fault


def test_the_stacks_own_mute_rules_mute() -> None:
    # Scenarios are on Monday, 5 January 2026, from nine o'clock in UTC on.
    rule = DeployedMute(
        region="ap-northeast-1",
        alarms=frozenset({"shop-test-ecs.cpu-high@web"}),
        schedule=MuteSchedule.parsed("cron(5 9 * * MON)", "15m"),
    )
    wanted = scenario(**FIRES, **expected(11, 11, told=[20, 20]))
    for region, faults in (("ap-northeast-1", 0), ("us-east-1", 1)):
        stack = replace(deployed(), mutes=(replace(rule, region=region),))
        played = simulate(stack, wanted, USUAL)
        assert len(judge(stack, wanted, played, heard_of(played.changes)).faults) == faults
