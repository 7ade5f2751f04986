"""What an alarm watches, and whether anybody hears of it."""

import pytest

from account.coverage.watchers import Watcher, reads, watchers
from ecs_monitoring.cloudwatch.definition import MetricKey, MetricStat
from tests.account.coverage.values import ACCOUNT, ECS, HOME, SCALING, TOPIC, in_ecs, own, raw, stat

CPU = MetricKey(
    namespace="AWS/ECS",
    name="CPUUtilization",
    dimensions=frozenset({("ClusterName", "main"), ("ServiceName", "web")}),
)


def heard(*alarms: dict[str, object]) -> dict[str, bool]:
    return {watcher.name: watcher.tells for watcher in watchers(alarms, ())}


def test_a_single_metric() -> None:
    assert reads(raw("a", ECS, in_ecs())) == (MetricStat(metric=CPU, statistic="Average"),)


def test_a_percentile() -> None:
    alarm = raw("a", ECS, in_ecs(), ExtendedStatistic="p99")
    del alarm["Statistic"]
    assert [read.statistic for read in reads(alarm)] == ["p99"]


def test_metric_math_reads_each_of_its_metrics_once() -> None:
    twice = [stat("a", ECS, in_ecs()), stat("b", ECS, in_ecs()), {"Id": "e", "Expression": "a+b"}]
    assert reads(raw("x", Metrics=twice)) == (MetricStat(metric=CPU, statistic="Average"),)


def test_anomaly_detection_watches_too() -> None:
    """Such an alarm cannot be replayed, but somebody hears of it."""
    band = {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(m1)"}
    alarm = raw("x", Metrics=[stat("m1", ECS, in_ecs()), band], ThresholdMetricId="band")
    (watcher,) = watchers([alarm], ())
    assert watcher.metrics == {CPU}
    assert watcher.tells


def test_the_metrics_of_another_account_are_of_other_things() -> None:
    elsewhere = {**stat("m1", ECS, in_ecs()), "AccountId": "999999999999"}
    here = {**stat("m2", ECS, in_ecs("api")), "AccountId": ACCOUNT}
    found = reads(raw("x", Metrics=[elsewhere, here]))
    assert [dict(one.metric.dimensions)["ServiceName"] for one in found] == ["api"]


@pytest.mark.parametrize(
    ("query", "namespace"),
    [
        ('SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/RDS", DBInstanceIdentifier)', "AWS/RDS"),
        ("select avg(CPUUtilization)\nfrom \"AWS/ECS\" where ClusterName = 'main'", "AWS/ECS"),
        ("SELECT SUM(Errors) FROM Shop GROUP BY Route", "Shop"),
    ],
)
def test_the_namespace_of_a_metrics_insights_query(query: str, namespace: str) -> None:
    (watcher,) = watchers([raw("x", Metrics=[{"Id": "q", "Expression": query}])], ())
    assert watcher.queried == (namespace,)


def test_metric_math_is_no_query() -> None:
    (watcher,) = watchers([raw("x", Metrics=[{"Id": "e", "Expression": "m1 / SELECTED"}])], ())
    assert watcher.queried == ()


@pytest.mark.parametrize(
    "identifier",
    [
        "/ecs/shop",
        f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:/ecs/shop",
        f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:/ecs/shop:*",
    ],
)
def test_the_groups_of_a_log_alarm(identifier: str) -> None:
    alarm = raw("x", Metrics=[], ScheduledQueryConfiguration={"LogGroupIdentifiers": [identifier]})
    (watcher,) = watchers([alarm], ())
    assert watcher.log_groups == ("/ecs/shop",)


def test_scaling_and_machines_are_nobody() -> None:
    stop = f"arn:aws:automate:{HOME}:ec2:stop"
    assert heard(raw("scales", AlarmActions=[SCALING, stop])) == {"scales": False}
    assert heard(raw("both", AlarmActions=[SCALING, TOPIC])) == {"both": True}


def test_without_actions_nobody_hears() -> None:
    assert heard(raw("none", AlarmActions=[])) == {"none": False}
    assert heard(raw("off", ActionsEnabled=False)) == {"off": False}


def test_a_composite_alarm_speaks_for_those_under_it() -> None:
    """At any depth, by name or ARN, and only where it is heard itself."""
    arn = f"arn:aws:cloudwatch:{HOME}:{ACCOUNT}:alarm:cpu"
    top = raw("top", AlarmRule='ALARM("middle")')
    middle = raw("middle", AlarmRule=f"ALARM({arn}) OR ALARM(memory)", AlarmActions=[])
    mute = raw("mute", AlarmRule="ALARM(disk)", AlarmActions=[])
    below = [raw(name, AlarmActions=[]) for name in ("cpu", "memory", "disk")]
    assert heard(*below, mute, middle, top) == {
        "cpu": True,
        "memory": True,
        "disk": False,
        "mute": False,
        "middle": True,
        "top": True,
    }


def test_a_rule_that_cannot_be_read_speaks_for_nobody() -> None:
    assert heard(raw("top", AlarmRule="ALARM("), raw("cpu", AlarmActions=[])) == {
        "top": True,
        "cpu": False,
    }


def test_the_stacks_own_by_name() -> None:
    mine = own("ecs.cpu-high@web", ECS, in_ecs())
    by_name = {watcher.name: watcher for watcher in watchers([mine.raw, raw("x")], [mine])}
    assert by_name[mine.name].own == mine
    assert by_name[mine.name].shown == "ecs.cpu-high@web"
    assert by_name["x"].own is None
    assert by_name["x"].shown == "x"


def test_an_alarm_without_metrics_watches_nothing() -> None:
    assert Watcher(name="x").metrics == frozenset()
    assert reads(raw("top", AlarmRule="ALARM(a)")) == ()
