"""What every metric sheet has to say."""

import math
from dataclasses import replace
from typing import Final

import pytest

from ecs_monitoring.catalog.metrics import SHEETS, MetricSheet


def test_a_sheet_says_its_highest_value_or_why_there_is_none() -> None:
    (endless, bounded) = (
        SHEETS["AWS/ApplicationELB", "RequestCount"],
        SHEETS["AWS/RDS", "CPUUtilization"],
    )
    for wrong in ({"endless": ""}, {"highest": 1}):
        with pytest.raises(ValueError, match="RequestCount: write either its highest value, or"):
            replace(endless, **wrong)
    with pytest.raises(ValueError, match="CPUUtilization"):
        replace(bounded, endless="for ever")


# What a deployment or a check decides, and the few redirects.
STEADY: Final = {
    "HealthyHostCount",
    "DesiredTaskCount",
    "RunningTaskCount",
    "HealthCheckStatus",
    "StatusCode_3xx",
}


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda sheet: sheet.name)
def test_an_ordinary_day_is_one_that_a_metric_can_have(sheet: MetricSheet) -> None:
    usual = sheet.usual
    highest = sheet.highest if isinstance(sheet.highest, int | float) else math.inf
    # Nineteen of twenty minutes are within two standard deviations.
    assert sheet.lowest <= usual.level - 2 * usual.noise
    assert usual.level <= highest
    assert (usual.noise > 0) == (usual.level > 0 and sheet.name not in STEADY)
    assert not usual.daily or usual.noise
    assert not usual.spread or usual.samples > 1


def test_a_balancer_and_the_service_behind_it_count_the_same_requests() -> None:
    balancer, service = (
        {sheet.name: sheet.usual for (namespace, _), sheet in SHEETS.items() if namespace == of}
        for of in ("AWS/ApplicationELB", "Django/API")
    )
    assert balancer["RequestCount"] == service["Requests"]
    for status in ("2xx", "4xx", "5xx"):
        counted = balancer[f"HTTPCode_Target_{status.upper()}_Count"]
        assert counted == service[f"StatusCode_{status}"]
    answers = [service[f"StatusCode_{first}xx"].level for first in (2, 3, 4, 5)]
    assert sum(answers) == service["Requests"].level == 3000
    assert balancer["TargetResponseTime"].samples == service["ResponseTime"].samples


def test_each_task_worker_and_queue_publishes_its_own() -> None:
    # Ten tasks, as many as the scenarios' service has.
    running = SHEETS["ECS/ContainerInsights", "RunningTaskCount"].usual.level
    assert running == SHEETS["ECS/ContainerInsights", "DesiredTaskCount"].usual.level == 10
    assert running == SHEETS["AWS/ApplicationELB", "HealthyHostCount"].usual.level
    for namespace, name in (
        ("AWS/ECS", "CPUUtilization"),
        ("AWS/ECS", "MemoryUtilization"),
        ("Django/API", "RequestsInProgress"),
        ("Django/API", "OldestRequestAge"),
        ("Django/API", "ThreadsBusy"),
    ):
        assert SHEETS[namespace, name].usual.samples == running
    # Four workers, and two queues.
    in_progress, oldest = (
        SHEETS["Django/API", name].usual for name in ("TasksInProgress", "OldestTaskAge")
    )
    assert in_progress.samples == oldest.samples == 4
    length, age = (SHEETS["Django/API", name].usual for name in ("QueueLength", "QueueAge"))
    assert length.samples == age.samples == 2
