"""Numbers of an alarm that CloudWatch would refuse, or take and never act on.

Periods and windows are those of PutMetricAlarm: 10, 20, 30 (for high-resolution metrics) or a
multiple of 60 seconds; period x evaluation periods at most 86,400 s (one day), or 604,800 s
(seven days) where the period is 3,600 s or more.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

import json
from typing import Any

import pytest

from tests.components.registered import by_key
from tests.settings.refusal import ANY, Mistake, mistakes, problem_at, refused, run_changed

CPU = 'alarms["ecs.cpu-high"]'
MULTIPLE = "write a multiple of 60"

# Rules of the shipped production stack whose signal is a percentage; the last is off by default.
PERCENT_RULES = (
    *("ecs.cpu-high", "ecs.memory-high", "alb.target-5xx-rate", "rds.cpu-high"),
    *("rds.ebs-io-balance", "rds.ebs-byte-balance", "app.cache-hit-rate-low"),
)
FALLING_RULES = {"rds.ebs-io-balance", "rds.ebs-byte-balance", "app.cache-hit-rate-low"}
OTHER_RULES = (
    *("ecs.tasks-low", "alb.target-5xx", "alb.latency-high", "alb.no-healthy-hosts"),
    *("rds.connections-high", "rds.memory-low", "rds.storage-low", "rds.cpu-credits"),
    *("logs.errors", "app.server-errors", "app.latency-p95"),
)


def override(key: str, **fields: Any) -> str:
    return f"alarms={json.dumps({key: {'enabled': True, **fields}})}"


@pytest.mark.parametrize("periods", [1, 3])
def test_more_datapoints_than_periods_can_never_breach(periods: int) -> None:
    more = periods + 1
    change = override("ecs.cpu-high", evaluation_periods=periods, datapoints_to_alarm=more)
    problem = problem_at(refused(change), f"{CPU}.datapoints_to_alarm")
    assert problem.value == str(more)
    assert f"write 1 to {periods} (evaluation_periods)" in problem.fix


@mistakes(
    {
        "no datapoints": Mistake(
            f"{CPU}.datapoints_to_alarm=0", f"{CPU}.datapoints_to_alarm", 0, "write 1 to 1"
        ),
        "no periods": Mistake(
            f"{CPU}.evaluation_periods=0", f"{CPU}.evaluation_periods", 0, "write 1 or more"
        ),
        "fewer periods than the default's 3 datapoints": Mistake(
            "alarms.alb.target-5xx-rate.evaluation_periods=2",
            'alarms["alb.target-5xx-rate"].datapoints_to_alarm',
            3,
            "write 1 to 2 (evaluation_periods)",
        ),
    }
)
def test_an_alarm_looks_at_one_datapoint_at_least(mistake: Mistake) -> None:
    mistake.check()


@mistakes(
    {
        "no distance": Mistake(f"{CPU}.recent=0", f"{CPU}.recent", 0, "more than 0"),
        # One of twelve periods at 100, the others at 0: a mean of 8.33, and 91.67 from it.
        "farther than from the mean": Mistake(
            f"{CPU}.recent=92", f"{CPU}.recent", 92, "write at most 91.666666 %"
        ),
        "no span of hours": Mistake(
            override("ecs.cpu-high", recent=15, recent_by_hour={"6am-6pm": 25}),
            f"{CPU}.recent_by_hour",
            "6am-6pm",
            "such as 06-18",
        ),
        "periods of which a day has few": Mistake(
            override("ecs.cpu-high", recent=15, period=21_600, evaluation_periods=1),
            f"{CPU}.recent",
            15,
            "leave recent out",
        ),
    }
)
def test_an_alarm_on_the_recent_past_can_fire(mistake: Mistake) -> None:
    mistake.check()


@pytest.mark.parametrize("period", [15, 45, 90, 0, -60, 61])
def test_a_period_is_a_multiple_of_a_minute(period: int) -> None:
    Mistake(f"{CPU}.period={period}", f"{CPU}.period", period, MULTIPLE).check()


@pytest.mark.parametrize("period", [10, 20, 30])
@pytest.mark.parametrize(
    ("key", "namespace"),
    [
        ("ecs.cpu-high", "AWS/ECS"),
        ("ecs.tasks-low", "ECS/ContainerInsights"),
        ("alb.target-5xx", "AWS/ApplicationELB"),
        ("alb.target-5xx-rate", "AWS/ApplicationELB"),
        ("rds.cpu-high", "AWS/RDS"),
        ("logs.errors", "django-ecs-monitoring/prod"),
        ("app.server-errors", "Django/API"),
        ("app.cache-hit-rate-low", "Django/API"),
    ],
)
def test_a_sub_minute_period_needs_a_high_resolution_metric(
    key: str, namespace: str, period: int
) -> None:
    problem = problem_at(refused(override(key, period=period)), f'alarms["{key}"].period')
    assert problem.value == str(period)
    assert namespace in problem.fix
    assert MULTIPLE in problem.fix


@pytest.mark.parametrize(
    ("period", "periods", "window", "most"),
    [
        (60, 1441, "86,460", "1440"),
        (300, 289, "86,700", "288"),
        # The last period under an hour: 24 x 3,540 = 84,960 is within the day, 25 x are not.
        (3540, 25, "88,500", "24"),
        # 168 hours are seven days.
        (3600, 169, "608,400", "168"),
        (86_400, 8, "691,200", "7"),
    ],
)
def test_an_alarm_looks_back_a_day_or_a_week(
    period: int, periods: int, window: str, most: str
) -> None:
    change = override("ecs.cpu-high", period=period, evaluation_periods=periods)
    problem = problem_at(refused(change), f"{CPU}.evaluation_periods")
    assert problem.value == str(periods)
    assert f"period x evaluation_periods is {window} s" in problem.fix
    assert f"write at most {most} at a period of {period} s" in problem.fix


@pytest.mark.parametrize("period", [86_460, 604_800])
def test_a_period_is_a_day_at_most(period: int) -> None:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
    problem = problem_at(refused(f"{CPU}.period={period}"), f"{CPU}.period")
    assert problem.value == str(period)
    assert "86,400" in problem.fix


@pytest.mark.parametrize(
    "fields",
    [
        {"period": 60, "evaluation_periods": 1440},
        {"period": 300, "evaluation_periods": 288},
        {"period": 3540, "evaluation_periods": 24},
        {"period": 3600, "evaluation_periods": 168},
        {"period": 86_400, "evaluation_periods": 7},
        {"period": 86_400, "evaluation_periods": 1},
        {"evaluation_periods": 5, "datapoints_to_alarm": 5},
        {"evaluation_periods": 5, "datapoints_to_alarm": 1},
    ],
    ids=str,
)
def test_a_window_exactly_at_the_limit_is_fine(fields: dict[str, int]) -> None:
    run = run_changed(override("ecs.cpu-high", **fields))
    names = {
        "period": "period",
        "evaluation_periods": "evaluationPeriods",
        "datapoints_to_alarm": "datapointsToAlarm",
    }
    registered = by_key(run)["ecs.cpu-high"].inputs
    assert {field: registered[names[field]] for field in fields} == fields


@pytest.mark.parametrize("threshold", [-1, -0.5, 100.5, 101])
@pytest.mark.parametrize("key", PERCENT_RULES)
def test_a_percentage_is_from_0_to_100(key: str, threshold: float) -> None:
    problem = problem_at(refused(override(key, threshold=threshold)), f'alarms["{key}"].threshold')
    assert json.loads(problem.value) == threshold
    never = (threshold > 100) == (key not in FALLING_RULES)
    assert ("could never fire" if never else "would always be on") in problem.fix
    limit = "at most 100 %" if threshold > 100 else "at least 0 %"
    assert limit in problem.fix


@pytest.mark.parametrize(
    ("key", "threshold", "words"),
    [
        # >= 0 and < 0 hold always and never; > 100 and >= 100 never and just so.
        ("ecs.cpu-high", 0, "would always be on, since CPUUtilization Average is at least 0 %"),
        ("rds.cpu-high", 100, "could never fire, since CPUUtilization Average is at most 100 %"),
        ("rds.ebs-io-balance", 0, "could never fire, since EBSIOBalance% Average is at least 0 %"),
        ("alb.target-5xx", 0, "would always be on"),
        ("logs.errors", 0, "would always be on"),
        ("alb.no-healthy-hosts", 0, "could never fire"),
        # 100 GiB, 2 GiB (db.t4g.small), 2^31 transaction ids; neither is ever free as a whole.
        ("rds.storage-low", 100 * 1024**3, "would always be on"),
        ("rds.memory-low", 2 * 1024**3, "would always be on"),
        ("rds.transaction-ids", 2**31, "could never fire"),
    ],
)
def test_an_alarm_has_two_sides(key: str, threshold: float, words: str) -> None:
    problem = problem_at(refused(override(key, threshold=threshold)), f'alarms["{key}"].threshold')
    assert words in problem.fix


@pytest.mark.parametrize(
    ("key", "threshold"),
    [
        ("ecs.cpu-high", 100),
        ("ecs.cpu-high", 0.01),
        ("rds.cpu-high", 0),
        ("rds.cpu-high", 99.9),
        ("rds.ebs-io-balance", 100),
        ("alb.target-5xx", 1),
        ("rds.storage-low", 100 * 1024**3 - 1),
        ("rds.transaction-ids", 2**31 - 1),
        ("ecs.tasks-low", 0),
    ],
)
def test_the_last_threshold_with_two_sides_is_taken(key: str, threshold: float) -> None:
    run = run_changed(override(key, threshold=threshold))
    assert by_key(run)[key].inputs["threshold"] == threshold


def test_connections_are_bounded_by_what_is_known_not_by_an_estimate() -> None:
    change = override("rds.connections-high", threshold=5000)
    assert by_key(run_changed(change))["rds.connections-high"].inputs["threshold"] == 5000
    error = refused("rds.main.max_connections=200", change)
    assert "could never fire" in problem_at(error, 'alarms["rds.connections-high"].threshold').fix


@pytest.mark.parametrize("key", OTHER_RULES)
def test_a_threshold_is_never_negative(key: str) -> None:
    problem = problem_at(refused(override(key, threshold=-1)), f'alarms["{key}"].threshold')
    assert json.loads(problem.value) == -1
    assert "is at least 0" in problem.fix or "is at least 1" in problem.fix


@mistakes(
    {
        "not a number": Mistake(
            f"{CPU}.threshold=.nan", f"{CPU}.threshold", ANY, "write a finite number"
        ),
        "infinity": Mistake(
            f"{CPU}.threshold=.inf", f"{CPU}.threshold", ANY, "write a finite number"
        ),
        "fewer than no tasks": Mistake(
            "ecs.web.min_running_tasks=-1", "ecs.web.min_running_tasks", -1, "write 0 or more"
        ),
        "no storage": Mistake(
            "rds.main.allocated_storage_gib=0",
            "rds.main.allocated_storage_gib",
            0,
            "write 1 or more",
        ),
        "no connections": Mistake(
            "rds.main.max_connections=0", "rds.main.max_connections", 0, "write 1 or more"
        ),
        # 10 to the 400th is a whole number, and more than any float holds.
        "too much storage for a number": Mistake(
            f"rds.main.allocated_storage_gib={10**400}",
            "rds.main.allocated_storage_gib",
            ANY,
            "write",
        ),
        "pattern that counts nothing": Mistake(
            "logs.app.patterns={p: {pattern: x, threshold: 0}}",
            "logs.app.patterns.p.threshold",
            0,
            "write 1",
        ),
    }
)
def test_a_number_is_one_that_can_be_crossed(mistake: Mistake) -> None:
    mistake.check()


def test_the_nearer_override_is_the_one_at_fault() -> None:
    general, nearer = {"threshold": 101}, {"threshold": 102}
    error = refused(f"alarms={json.dumps({'ecs.cpu-high': general, 'ecs.cpu-high@web': nearer})}")
    assert [problem.path for problem in error.problems] == [
        'django-ecs-monitoring:alarms["ecs.cpu-high@web"].threshold'
    ]
