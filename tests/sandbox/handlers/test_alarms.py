"""Alarms and dashboards, from their creation to their end."""

import gc
import logging
from typing import Any

import pulumi_aws as aws
import pytest

from sandbox.outcome import DeploymentError, ResourceAction
from tests.sandbox.handlers.conftest import Bench

_TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:t"


def _alarm(name: str = "cpu", **changes: Any) -> aws.cloudwatch.MetricAlarm:
    arguments: dict[str, Any] = {
        "name": name,
        "comparison_operator": "GreaterThanOrEqualToThreshold",
        "evaluation_periods": 5,
        "datapoints_to_alarm": 3,
        "namespace": "AWS/ECS",
        "metric_name": "CPUUtilization",
        "extended_statistic": "p95",
        "evaluate_low_sample_count_percentiles": "ignore",
        "period": 60,
        "threshold": 80.5,
        "dimensions": {"ClusterName": "c", "ServiceName": "s"},
        "treat_missing_data": "breaching",
        "alarm_description": "too busy",
        "alarm_actions": [_TOPIC, f"{_TOPIC}2"],
        "ok_actions": [_TOPIC],
        "tags": {"Severity": "critical"},
    }
    return aws.cloudwatch.MetricAlarm("alarm", **{**arguments, **changes})


def _math(threshold: float = 5) -> aws.cloudwatch.MetricAlarm:
    metric = aws.cloudwatch.MetricAlarmMetricQueryMetricArgs
    query = aws.cloudwatch.MetricAlarmMetricQueryArgs
    return aws.cloudwatch.MetricAlarm(
        "math",
        name="rate",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        threshold=threshold,
        metric_queries=[
            query(id="rate", expression="100 * e / r", label="rate", return_data=True),
            *(
                query(
                    id=name,
                    metric=metric(
                        namespace="AWS/ApplicationELB",
                        metric_name=name,
                        dimensions={"LoadBalancer": "app/x/1"},
                        period=60,
                        stat="Sum",
                    ),
                )
                for name in ("e", "r")
            ),
        ],
    )


def _described(bench: Bench, name: str = "cpu") -> dict[str, Any]:
    (found,) = bench.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return dict(found)


def test_an_alarm_is_there_as_it_was_registered(bench: Bench) -> None:
    assert bench.done(_alarm) == [(ResourceAction.CREATE, ())]
    found = _described(bench)
    assert found["ExtendedStatistic"] == "p95"
    assert found["EvaluateLowSampleCountPercentile"] == "ignore"
    assert (found["Period"], found["EvaluationPeriods"], found["DatapointsToAlarm"]) == (60, 5, 3)
    assert found["Threshold"] == 80.5
    assert found["TreatMissingData"] == "breaching"
    assert found["AlarmActions"] == [_TOPIC, f"{_TOPIC}2"]
    assert found["OKActions"] == [_TOPIC]
    assert {d["Name"]: d["Value"] for d in found["Dimensions"]} == {
        "ClusterName": "c",
        "ServiceName": "s",
    }
    tags = bench.client("cloudwatch").list_tags_for_resource(ResourceARN=found["AlarmArn"])
    assert tags["Tags"] == [{"Key": "Severity", "Value": "critical"}]
    assert bench.done(_alarm) == []
    assert bench.refreshed() == [ResourceAction.SAME]


def test_a_metric_math_alarm_is_there_as_it_was_registered(bench: Bench) -> None:
    bench.deploy(_math)
    rate, errors, requests = _described(bench, "rate")["Metrics"]
    assert rate == {
        "Id": "rate",
        "Expression": "100 * e / r",
        "Label": "rate",
        "ReturnData": True,
    }
    assert errors["ReturnData"] is requests["ReturnData"] is False
    assert errors["MetricStat"]["Stat"] == "Sum"
    assert errors["MetricStat"]["Metric"]["Dimensions"] == [
        {"Name": "LoadBalancer", "Value": "app/x/1"}
    ]
    assert bench.done(_math) == []
    assert bench.refreshed() == [ResourceAction.SAME]
    assert bench.done(lambda: _math(6)) == [(ResourceAction.UPDATE, ("threshold",))]
    assert len(_described(bench, "rate")["Metrics"]) == 3


@pytest.mark.parametrize(
    ("change", "properties"),
    [
        ({"threshold": 90}, ("threshold",)),
        ({"alarm_actions": [f"{_TOPIC}2"]}, ("alarmActions",)),
        ({"ok_actions": None}, ("okActions",)),
        ({"actions_enabled": False}, ("actionsEnabled",)),
        ({"treat_missing_data": None}, ("treatMissingData",)),
        ({"dimensions": {"ClusterName": "c", "ServiceName": "t"}}, ("dimensions.ServiceName",)),
        (
            {"tags": {"Severity": "warning", "Extra": "1"}},
            ("tags.Extra", "tags.Severity", "tagsAll.Extra", "tagsAll.Severity"),
        ),
        ({"tags": None}, ("tags", "tagsAll.Severity")),
        (
            {
                "extended_statistic": None,
                "statistic": "Average",
                "evaluate_low_sample_count_percentiles": None,
            },
            ("extendedStatistic", "statistic"),
        ),
    ],
)
def test_a_change_updates_the_alarm_in_place(
    bench: Bench, change: dict[str, Any], properties: tuple[str, ...]
) -> None:
    bench.deploy(_alarm)
    assert bench.done(lambda: _alarm(**change)) == [(ResourceAction.UPDATE, properties)]
    assert bench.done(lambda: _alarm(**change)) == []
    assert bench.refreshed() == [ResourceAction.SAME]


def test_the_order_of_actions_means_nothing(bench: Bench) -> None:
    bench.deploy(_alarm)
    assert bench.done(lambda: _alarm(alarm_actions=[f"{_TOPIC}2", _TOPIC])) == []


def test_another_name_replaces_the_alarm(bench: Bench) -> None:
    bench.deploy(_alarm)
    assert bench.done(lambda: _alarm("cpu2")) == [(ResourceAction.REPLACE, ("name",))]
    names = [a["AlarmName"] for a in bench.client("cloudwatch").describe_alarms()["MetricAlarms"]]
    assert names == ["cpu2"]


def test_an_alarm_that_the_program_does_not_want_any_more_is_deleted(bench: Bench) -> None:
    bench.deploy(_alarm)
    assert bench.done(lambda: None) == [(ResourceAction.DELETE, ())]
    assert not bench.client("cloudwatch").describe_alarms()["MetricAlarms"]


def test_an_alarm_of_somebody_elses_is_not_overwritten(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    gc.collect()
    caplog.set_level(logging.WARNING, logger="asyncio")
    caplog.clear()
    bench.client("cloudwatch").put_metric_alarm(
        AlarmName="cpu",
        Namespace="N",
        MetricName="M",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    with pytest.raises(DeploymentError, match='CloudWatch metric alarm "cpu" already exists'):
        bench.deploy(_alarm)
    # Nothing is said of the resources that waited, and the log is as it was.
    gc.collect()
    assert [record for record in caplog.records if record.name == "asyncio"] == []
    assert logging.getLogger("asyncio").level == logging.WARNING


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"alarm_description": "x" * 1025}, "AlarmDescription has 1025 characters"),
        ({"alarm_actions": [f"{_TOPIC}{n}" for n in range(6)]}, "AlarmActions has 6 entries"),
        ({"evaluation_periods": 0}, "EvaluationPeriods has 0: it must have at least 1"),
        ({"comparison_operator": "Above"}, "ComparisonOperator is 'Above'"),
    ],
)
def test_what_aws_would_refuse_is_refused_though_the_emulator_would_take_it(
    bench: Bench, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(DeploymentError, match=f"AWS would refuse PutMetricAlarm: {message}"):
        bench.deploy(lambda: _alarm(**change))
    assert not bench.client("cloudwatch").describe_alarms()["MetricAlarms"]


def test_an_alarm_gone_by_hand_is_created_again(bench: Bench) -> None:
    bench.deploy(_alarm)
    bench.client("cloudwatch").delete_alarms(AlarmNames=["cpu"])
    assert bench.refreshed() == [ResourceAction.DELETE]
    assert bench.done(_alarm) == [(ResourceAction.CREATE, ())]


def _dashboard(body: str = '{"widgets": []}', name: str = "overview") -> aws.cloudwatch.Dashboard:
    return aws.cloudwatch.Dashboard("d", dashboard_name=name, dashboard_body=body)


def test_a_dashboard_is_put_compared_as_json_renamed_and_deleted(bench: Bench) -> None:
    cloudwatch = bench.client("cloudwatch")
    bench.deploy(_dashboard)
    assert cloudwatch.get_dashboard(DashboardName="overview")["DashboardBody"] == '{"widgets": []}'
    assert bench.done(lambda: _dashboard('{ "widgets":[ ] }')) == []
    assert bench.done(lambda: _dashboard('{"widgets": [], "start": "-PT3H"}')) == [
        (ResourceAction.UPDATE, ("dashboardBody",))
    ]
    assert bench.refreshed() == [ResourceAction.SAME]
    assert bench.done(lambda: _dashboard(name="other")) == [
        (ResourceAction.REPLACE, ("dashboardBody", "dashboardName"))
    ]
    entries = cloudwatch.list_dashboards()["DashboardEntries"]
    assert [entry["DashboardName"] for entry in entries] == ["other"]
    assert bench.done(lambda: None) == [(ResourceAction.DELETE, ())]
    assert not cloudwatch.list_dashboards()["DashboardEntries"]


def test_a_new_alarm_knows_nothing_and_a_changed_one_keeps_its_state(bench: Bench) -> None:
    # "When this operation creates an alarm, the alarm state is immediately set to
    # INSUFFICIENT_DATA"; "when you update an existing alarm, its state is left unchanged".
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    bench.deploy(_alarm)
    assert _described(bench, "cpu")["StateValue"] == "INSUFFICIENT_DATA"
    bench.client("cloudwatch").set_alarm_state(
        AlarmName="cpu", StateValue="ALARM", StateReason="too busy"
    )
    bench.deploy(lambda: _alarm(threshold=90))
    assert _described(bench, "cpu")["StateValue"] == "ALARM"


def test_the_warm_up_of_an_alarm_is_kept(bench: Bench) -> None:
    def warm(minutes: int) -> aws.cloudwatch.MetricAlarm:
        args = aws.cloudwatch.MetricAlarmWarmUpConfigurationArgs
        return _alarm(warm_up_configuration=args(warm_up_period_duration_in_minutes=minutes))

    bench.deploy(lambda: warm(15))
    assert _described(bench, "cpu")["WarmUpConfiguration"] == {"WarmUpPeriodDurationInMinutes": 15}
    assert bench.refreshed() == [ResourceAction.SAME]
    changed = "warmUpConfiguration.warmUpPeriodDurationInMinutes"
    assert bench.done(lambda: warm(30)) == [(ResourceAction.UPDATE, (changed,))]
    assert _described(bench, "cpu")["WarmUpConfiguration"] == {"WarmUpPeriodDurationInMinutes": 30}
    assert bench.done(_alarm) == [(ResourceAction.UPDATE, ("warmUpConfiguration",))]
    assert "WarmUpConfiguration" not in _described(bench, "cpu")
