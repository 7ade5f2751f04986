"""What a scenario makes of the deployed alarms, worked out by hand."""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from sandbox.scenario import ScenarioError
from sandbox.scenario_steps import OrdinaryMetric
from sandbox.simulate import simulate
from tests.sandbox.scenarios.small import alarm, deployed, errors_alarm, scenario

USUAL = {"AWS/ECS CPUUtilization": OrdinaryMetric(level=40)}


def changes(*alarms: Any, **fields: Any) -> list[tuple[int, str, str]]:
    found = simulate(deployed(*alarms), scenario(**fields), USUAL).changes
    return [(c.minute, c.alarm.address, c.evaluation.state) for c in found]


def series(*steps: dict[str, Any]) -> dict[str, Any]:
    return {"series": {"AWS/ECS CPUUtilization": list(steps)}}


def test_nothing_happens_on_a_usual_day() -> None:
    assert changes() == []


def test_a_step_fires_at_the_end_of_its_minute_and_recovers_likewise() -> None:
    # Minute 10 is over at 11, and so is known then.
    assert changes(**series({"at": 10, "to": 90}, {"at": 20, "to": "usual"})) == [
        (11, "ecs.cpu-high@web", "ALARM"),
        (21, "ecs.cpu-high@web", "OK"),
    ]


def test_a_ramp_fires_where_it_crosses_the_threshold() -> None:
    # From 40 to 100 in 30 minutes: 2 a minute, 80 after 20 of them, at the end of minute 25.
    ramp = series({"at": 5, "to": 100, "over": 30})
    assert changes(minutes=40, **ramp) == [(26, "ecs.cpu-high@web", "ALARM")]


def test_a_five_minute_period_slides_minute_by_minute() -> None:
    # 40 x k + 100 x (5 - k) >= 80 x 5 needs four minutes of 100: minutes 11 to 14, and one of 40.
    slow = alarm(Period=300)
    assert changes(slow, **series({"at": 11, "to": 100})) == [(15, "ecs.cpu-high@web", "ALARM")]


def test_minutes_count_from_the_time_of_day_at_which_it_starts() -> None:
    found = simulate(
        deployed(), scenario(start="23:45", **series({"at": 20, "to": 90})), USUAL
    ).changes
    assert [(c.minute, f"{c.evaluation.moment:%H:%M}") for c in found] == [(21, "00:06")]


def test_traffic_is_that_of_the_time_of_day() -> None:
    # 90 at its most, at 16:00, and half of that at 04:00. At 10:00 it is halfway between, 67.5,
    # and rises: 90 x (1 - 0.5 x (1 + cos x) / 2) is 80 where cos x is -5/9, at 236 degrees or
    # 124: 8.25 hours after 04:00, at 12:15.
    daily = {"AWS/ECS CPUUtilization": OrdinaryMetric(level=90, daily=0.5)}
    (found,) = simulate(deployed(), scenario(start="12:00"), daily).changes
    assert 15 <= found.minute <= 18
    night = simulate(deployed(), scenario(start="04:00"), daily)
    assert (night.changes, night.before) == ((), {"ecs.cpu-high@web": AlarmState.OK})


def test_a_series_of_one_target_reaches_that_target_alone() -> None:
    worker = [{"Name": "ClusterName", "Value": "c"}, {"Name": "ServiceName", "Value": "worker"}]
    both = alarm(), alarm("ecs.cpu-high@worker", Dimensions=worker)
    steps = {
        "AWS/ECS CPUUtilization": [{"at": 20, "to": 90}],
        "AWS/ECS CPUUtilization@worker": [{"at": 10, "to": 90}],
    }
    assert changes(*both, series=steps) == [
        (11, "ecs.cpu-high@worker", "ALARM"),
        (21, "ecs.cpu-high@web", "ALARM"),
    ]
    del steps["AWS/ECS CPUUtilization"]
    assert changes(*both, series=steps) == [(11, "ecs.cpu-high@worker", "ALARM")]


def test_what_happens_to_a_target_that_is_not_there_is_not_played() -> None:
    steps = {"AWS/ECS CPUUtilization@worker": [{"at": 10, "to": 90}]}
    elsewhere = simulate(deployed(alarm()), scenario(series=steps), USUAL)
    assert (elsewhere.is_in_stack, elsewhere.before) == (False, {})
    # A day on which nothing happens is about every stack.
    assert simulate(deployed(alarm()), scenario(), USUAL).is_in_stack
    steps["AWS/ECS CPUUtilization"] = [{"at": 10, "to": 41}]
    there = simulate(deployed(alarm()), scenario(series=steps), USUAL)
    assert (there.is_in_stack, there.before) == (True, {"ecs.cpu-high@web": AlarmState.OK})


def test_delivery_that_stops_is_no_data() -> None:
    breaching = alarm("ecs.tasks-low@web", TreatMissingData="breaching")
    unknown = alarm()
    found = changes(breaching, unknown, **series({"at": 10, "samples": 0}))
    assert {(address, state) for _, address, state in found} == {
        ("ecs.tasks-low@web", "ALARM"),
        ("ecs.cpu-high@web", "INSUFFICIENT_DATA"),
    }


def test_log_lines_count_through_the_deployed_filter() -> None:
    storm = {"at": 10, "until": 12, "count": 6, "message": "ERROR no"}
    harmless = {"at": 15, "count": 50, "message": "all is well"}
    assert changes(errors_alarm(), logs=[storm, harmless]) == [
        (11, "logs.errors@app", "ALARM"),
        (13, "logs.errors@app", "OK"),
    ]


def test_four_lines_are_not_five() -> None:
    assert changes(errors_alarm(), logs=[{"at": 10, "count": 4, "message": "ERROR"}]) == []


def test_the_same_seed_gives_the_same_day() -> None:
    noisy = {"AWS/ECS CPUUtilization": OrdinaryMetric(level=78, noise=2)}

    def run(seed: int) -> list[int]:
        found = simulate(deployed(), scenario(seed=seed, minutes=300), noisy).changes
        return [change.minute for change in found]

    assert run(1) == run(1)
    assert run(1) != run(2)


def test_disabled_actions_tell_nobody() -> None:
    silent = alarm(ActionsEnabled=False)
    found = simulate(deployed(silent), scenario(**series({"at": 10, "to": 90})), USUAL).changes
    assert [(c.evaluation.state, c.actions) for c in found] == [(AlarmState.ALARM, ())]


def test_actions_are_those_of_the_new_state() -> None:
    both = alarm(OKActions=["arn:aws:sns:eu-west-1:123456789012:ok"])
    up_and_down = series({"at": 10, "to": 90}, {"at": 20, "to": 40})
    found = simulate(deployed(both), scenario(**up_and_down), USUAL).changes
    assert [c.actions for c in found] == [
        ("arn:aws:sns:ap-northeast-1:123456789012:alerts-test-warning",),
        ("arn:aws:sns:eu-west-1:123456789012:ok",),
    ]


def test_a_metric_that_nobody_describes_is_an_error() -> None:
    with pytest.raises(ScenarioError, match="AWS/ECS CPUUtilization has no metric sheet"):
        simulate(deployed(), scenario(), {})


def test_a_misspelt_series_is_an_error() -> None:
    wrong = scenario(series={"AWS/ECS CPUUtilisation": [{"at": 1, "to": 2}]})
    with pytest.raises(ScenarioError, match="CPUUtilisation"):
        simulate(deployed(), wrong, USUAL)


def test_an_alarm_that_is_on_before_the_start_is_known() -> None:
    always = alarm(Threshold=10.0)
    found = simulate(deployed(always), scenario(), USUAL)
    assert found.changes == ()
    assert found.before == {"ecs.cpu-high@web": AlarmState.ALARM}


def test_beyond_is_past_the_deployed_threshold() -> None:
    # Of 80, a tenth more is 88; of a threshold of 95 it is past that one too.
    for threshold in (80.0, 95.0):
        found = changes(alarm(Threshold=threshold), **series({"at": 10, "beyond": 1.1}))
        assert found == [(11, "ecs.cpu-high@web", "ALARM")]


def test_beyond_a_low_threshold_is_below_it() -> None:
    low = alarm(Threshold=30.0, ComparisonOperator="LessThanThreshold")
    found = changes(low, **series({"at": 10, "beyond": 1.1}))
    assert found == [(11, "ecs.cpu-high@web", "ALARM")]


def test_the_usual_level_keeps_clear_of_the_threshold() -> None:
    # 40 would be beyond a threshold of 30; a third of it is not.
    near = {"AWS/ECS CPUUtilization": OrdinaryMetric(level=40, clear_of=3)}
    found = simulate(deployed(alarm(Threshold=30.0)), scenario(), near)
    assert found.before == {"ecs.cpu-high@web": AlarmState.OK}
