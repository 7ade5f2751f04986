"""Which metrics and percentiles are fetched for which alarms."""

from typing import Any

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from history.wanted import WantedMetric, wanted_metrics
from tests.history.recorded import HOME, archived, key, metric_alarm


def live(address: str, metric: Any = None, **changes: Any) -> LiveAlarm:
    raw = metric_alarm(address, metric or key(), **changes)
    return LiveAlarm.described(raw, AlarmAddress(address).tags, HOME)


def query(id_: str, name: str, stat: str = "Sum", **changes: Any) -> dict[str, Any]:
    pairs = [{"Name": "Service", "Value": "web"}]
    metric = {"Namespace": "AWS/ECS", "MetricName": name, "Dimensions": pairs}
    return {
        "Id": id_,
        "MetricStat": {"Metric": metric, "Period": 60, "Stat": stat},
        "ReturnData": False,
        **changes,
    }


def math(*queries: dict[str, Any]) -> dict[str, Any]:
    expression = {"Id": "e1", "Expression": "m1 / m2", "ReturnData": True}
    without = dict.fromkeys(("Namespace", "MetricName", "Statistic", "Period"))
    return {**without, "Metrics": [*queries, expression]}


def test_one_metric() -> None:
    assert wanted_metrics([live("ecs.cpu-high@web")]) == (
        [WantedMetric(metric=archived(), alarms=("ecs.cpu-high@web",))],
        [],
    )


def test_a_metric_of_several_alarms_is_fetched_once_with_all_that_they_read() -> None:
    alarms = [
        live("ecs.slow@web", Statistic=None, ExtendedStatistic="p99"),
        live("ecs.burst@web", Period=10),
        live("ecs.average@web"),
        live("ecs.median@web", Statistic=None, ExtendedStatistic="p50"),
    ]
    (found,), notes = wanted_metrics(alarms)
    assert found.statistics == ("SampleCount", "Sum", "Minimum", "Maximum", "p50", "p99")
    assert found.is_short
    assert found.alarms == ("ecs.average@web", "ecs.burst@web", "ecs.median@web", "ecs.slow@web")
    assert notes == []


def test_every_metric_of_metric_math() -> None:
    alarm = live("alb.rate@main", **math(query("m1", "Errors"), query("m2", "Requests", "p90")))
    found, _ = wanted_metrics([alarm])
    assert [one.metric for one in found] == [archived("Errors"), archived("Requests")]
    assert [one.percentiles for one in found] == [(), ("p90",)]


def test_a_composite_alarm_has_no_metrics() -> None:
    composite = {"AlarmRule": 'ALARM("x")'}
    assert wanted_metrics([live("ecs.both@web", **composite)]) == ([], [])


def test_what_cannot_be_known_is_told() -> None:
    alarms = [
        live("ecs.odd@web", ThresholdMetricId="ad1"),
        live("alb.rate@main", **math(query("m1", "A", AccountId="999999999999"), query("m2", "B"))),
    ]
    found, (anomaly, account) = wanted_metrics(alarms)
    assert found == []
    assert anomaly == f"its metrics are not fetched: {alarms[0].problem}"
    assert "anomaly detection" in anomaly
    assert account == (
        "alb.rate@main reads metrics of account 999999999999: only those of the alarm's own "
        "account can be fetched"
    )


def test_a_period_of_a_minute_is_not_short() -> None:
    (found,), _ = wanted_metrics([live("ecs.cpu@web"), live("ecs.slow@web", Period=300)])
    assert found == WantedMetric(metric=archived(), alarms=("ecs.cpu@web", "ecs.slow@web"))
    assert found.statistics == ("SampleCount", "Sum", "Minimum", "Maximum")


def test_the_own_account_may_be_named() -> None:
    named = math(query("m1", "A", AccountId="123456789012"), query("m2", "B"))
    assert len(wanted_metrics([live("alb.rate@main", **named)])[0]) == 2
