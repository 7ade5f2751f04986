"""The alarms under review, from the program and from candidates."""

from typing import Any

import pytest

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.definition import MetricStat
from ecs_monitoring.cloudwatch.described import definition_from_described
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from ecs_monitoring.cloudwatch.units import Unit
from review import program
from review.program import candidate_alarms, program_alarms
from stack.alarm_api import put_metric_alarm_request
from stack.config import StackConfig, StackConfigError, read_stack_config
from tests.review.deployed import deployed


def by_address() -> dict[str, LiveAlarm]:
    return {alarm.address: alarm for alarm in program_alarms(read_stack_config("prod"))}


def test_the_program_gives_every_alarm_with_its_definition() -> None:
    alarms = by_address()
    # The guide: RDS CPU above 90 % for five minutes; minutes are what the rule looks at.
    cpu = alarms["rds.cpu-high@main"]
    assert cpu.condition == "CPUUtilization Average > 90 %"
    assert (cpu.severity, cpu.unit) == ("warning", Unit.PERCENT)
    definition = cpu.definition
    assert definition is not None
    assert (definition.period, definition.breaching_datapoints) == (60, 5)
    assert (definition.comparison, definition.threshold) == (Comparison.ABOVE, 90.0)
    signal = definition.signal
    assert isinstance(signal, MetricStat)
    assert signal.metric.dimensions == frozenset({("DBInstanceIdentifier", "django-db")})


@pytest.mark.slow
def test_an_alarm_on_metric_math_is_called_by_its_label() -> None:
    alarms = by_address()
    rate = alarms["alb.target-5xx-rate@main"]
    assert rate.condition == "5xx rate (>= 20 requests) >= 5 %"
    assert rate.definition is not None
    assert {key.name for key in rate.definition.metrics} == {
        "HTTPCode_Target_5XX_Count",
        "RequestCount",
    }


@pytest.mark.slow
def test_a_candidate_is_what_the_override_would_deploy() -> None:
    changes = ["ecs.cpu-high.threshold=85", "ecs.cpu-high@web.treat_missing_data=notBreaching"]
    tried = candidate_alarms("prod", changes)
    definition = tried[AlarmAddress("ecs.cpu-high@web")].definition
    assert definition is not None
    assert definition.threshold == 85.0
    assert definition.treat_missing_data is MissingData.NOT_BREACHING
    other = tried[AlarmAddress("ecs.memory-high@web")].definition
    assert other is not None
    assert other.threshold == 85.0  # its own default, from the guide


@pytest.mark.parametrize("change", ["ecs.cpu-high", "threshold=85", "ecs.cpu-high=85"])
def test_a_change_that_names_no_field_of_an_alarm_is_refused(change: str) -> None:
    with pytest.raises(StackConfigError) as refused:
        candidate_alarms("prod", ["ecs.cpu-high.threshold=85", change])
    assert str(refused.value) == (
        f"--set {change}: write an alarm's key, a field and its value, such as "
        "ecs.cpu-high.threshold=85"
    )


def test_candidates_are_metric_alarms_with_the_changed_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []
    config = read_stack_config("prod")
    alarms = [deployed("ecs.cpu-high@web"), deployed("incident.ecs@web", AlarmRule='ALARM("a")')]

    def read(*given: Any, **named: Any) -> StackConfig:
        asked.append((given, named))
        return config

    monkeypatch.setattr(program, "read_stack_config", read)
    monkeypatch.setattr(program, "program_alarms", lambda of: alarms if of is config else [])
    changes = ["ecs.cpu-high.threshold=85", "alarms.ecs.cpu-high@web.period=300"]
    assert candidate_alarms("prod", changes) == {AlarmAddress("ecs.cpu-high@web"): alarms[0]}
    settings = ["alarms.ecs.cpu-high.threshold=85", "alarms.ecs.cpu-high@web.period=300"]
    assert asked == [(("prod",), {"settings": settings})]


def test_the_request_of_an_alarm_reads_back_as_the_same_alarm() -> None:
    inputs = {
        "name": "shop-errors",
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": 5,
        "evaluationPeriods": 3,
        "datapointsToAlarm": 2,
        "treatMissingData": "notBreaching",
        "metricQueries": [
            {"id": "rate", "expression": "100 * errors / all", "label": "x", "returnData": True},
            {
                "id": "errors",
                "metric": {
                    "namespace": "Shop",
                    "metricName": "Errors",
                    "dimensions": {"Service": "web"},
                    "period": 60,
                    "stat": "Sum",
                },
            },
            {
                "id": "all",
                "metric": {"namespace": "Shop", "metricName": "All", "period": 60, "stat": "Sum"},
            },
        ],
    }
    definition = definition_from_described(put_metric_alarm_request(inputs))
    assert definition.watched == "rate"
    assert [key.name for key in definition.metrics] == ["Errors", "All"]
    assert definition.metrics[0].dimensions == frozenset({("Service", "web")})
    assert (definition.period, definition.threshold) == (60, 5.0)
