"""Databases, logs, metrics and mute rules: pages, and what is left out."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from botocore.stub import Stubber  # type: ignore[import-untyped]

from account.account import Account, Attempts, Caller, CommandLine, Region
from account.coverage.inventory import Database, MetricFilter
from account.coverage.known_metrics import read_known_metrics
from account.coverage.logs_reader import read_log_groups, read_metric_filters
from account.coverage.rds_reader import read_databases
from account.mute_rules import MuteRule, active_mute_rules
from account.reading import read_every_alarm
from ecs_monitoring.cloudwatch.definition import MetricKey
from tests.account.coverage.answers import ARN, Answers, answering, client
from tests.account.coverage.values import ACCOUNT, HOME
from tests.account.emulated import session


def instance(identifier: str, engine: str = "postgres", **changes: Any) -> dict[str, Any]:
    return {
        "DBInstanceIdentifier": identifier,
        "Engine": engine,
        "EngineVersion": "16.4",
        "DBInstanceClass": "db.r6g.large",
        "AllocatedStorage": 100,
        "DBInstanceStatus": "available",
        **changes,
    }


def test_databases() -> None:
    """Replicas of both sorts, roles in a cluster, Database Insights, and other engines."""
    cluster_of = {"DBClusterIdentifier": "shop", "Engine": "aurora-postgresql"}
    first = [
        instance("orders", PerformanceInsightsEnabled=True, DBInstanceStatus="stopped"),
        instance("orders-2", ReadReplicaSourceDBInstanceIdentifier="orders"),
        instance("orders-3", ReadReplicaSourceDBClusterIdentifier="arn:x"),
    ]
    second = [
        instance("shop-1", DatabaseInsightsMode="advanced", **cluster_of),
        instance("shop-2", DatabaseInsightsMode="standard", **cluster_of),
        instance("papers", "docdb", DBClusterIdentifier="papers"),
        instance("friends", "neptune"),
    ]
    members = [
        {"DBInstanceIdentifier": "shop-1", "IsClusterWriter": True},
        {"DBInstanceIdentifier": "shop-2", "IsClusterWriter": False},
    ]
    answers: Answers = [
        ("describe_db_instances", {}, {"DBInstances": first, "Marker": "m"}),
        ("describe_db_instances", {"Marker": "m"}, {"DBInstances": second}),
        ("describe_db_clusters", {}, {"DBClusters": [], "Marker": "c"}),
        (
            "describe_db_clusters",
            {"Marker": "c"},
            {"DBClusters": [{"DBClusterMembers": members}]},
        ),
    ]
    attempts = Attempts(HOME)
    with answering("rds", answers) as rds:
        databases = read_databases(rds, attempts)
    plain = Database(
        identifier="orders",
        engine="postgres",
        version="16.4",
        instance_class="db.r6g.large",
        allocated_storage_gib=100,
    )
    aurora = replace(plain, engine="aurora-postgresql", cluster="shop")
    assert databases == (
        replace(plain, performance_insights=True, status="stopped"),
        replace(plain, identifier="orders-2", is_replica=True),
        replace(plain, identifier="orders-3", is_replica=True),
        replace(aurora, identifier="shop-1", performance_insights=True),
        replace(aurora, identifier="shop-2", is_replica=True),
    )
    assert attempts.notes == [
        f"{HOME}: there are no rules for databases of the engine {engine}, and they were left "
        f"out: {name}"
        for engine, name in (("docdb", "papers"), ("neptune", "friends"))
    ]


def test_clusters_are_only_asked_for_where_there_are_members() -> None:
    answers: Answers = [("describe_db_instances", {}, {"DBInstances": [instance("orders")]})]
    with answering("rds", answers) as rds:
        assert read_databases(rds, Attempts(HOME))


def test_log_groups_of_exactly_these_names() -> None:
    def asked(name: str, *found: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
        groups = [{"logGroupName": one} for one in found]
        return (
            "describe_log_groups",
            {"logGroupNamePrefix": name, "limit": 1},
            {"logGroups": groups},
        )

    attempts = Attempts(HOME)
    answers = [asked("/ecs/app", "/ecs/app"), asked("/ecs/web", "/ecs/web-2"), asked("/ecs/x")]
    written = {"/ecs/app": "A", "/ecs/web": "B", "/ecs/x": "C"}
    with answering("logs", answers) as logs:
        assert read_log_groups(logs, written, attempts) == ("/ecs/app",)
    assert attempts.notes == [
        f"{HOME}: log group /ecs/web does not exist, to which B writes",
        f"{HOME}: log group /ecs/x does not exist, to which C writes",
    ]


def test_metric_filters() -> None:
    def page(group: str, *metrics: str, **more: str) -> dict[str, Any]:
        transformations = [
            {"metricName": metric, "metricNamespace": "Shop", "metricValue": "1"}
            | ({"defaultValue": 0.0} if metric == "y" else {})
            for metric in metrics
        ]
        found = {"logGroupName": group, "metricTransformations": transformations}
        return {"metricFilters": [found], **more}

    answers: Answers = [
        ("describe_metric_filters", {}, page("/a", "x", "y", nextToken="n")),
        ("describe_metric_filters", {"nextToken": "n"}, page("/b", "z")),
    ]
    with answering("logs", answers) as logs:
        found = read_metric_filters(logs, Attempts(HOME))
    assert found == tuple(
        MetricFilter(log_group=group, namespace="Shop", metric=metric, has_default=metric == "y")
        for group, metric in (("/a", "x"), ("/a", "y"), ("/b", "z"))
    )


def test_the_metrics_of_each_name_are_asked_for_once() -> None:
    def listed(*services: str, **more: str) -> dict[str, Any]:
        return {
            "Metrics": [
                {"Dimensions": [{"Name": "Service", "Value": service}]} for service in services
            ],
            **more,
        }

    asked = {"Namespace": "Shop", "MetricName": "orders"}
    answers: Answers = [
        ("list_metrics", asked, listed("a", NextToken="n")),
        ("list_metrics", {**asked, "NextToken": "n"}, listed("b")),
        ("list_metrics", {"Namespace": "Shop", "MetricName": "none"}, {"Metrics": []}),
    ]
    keys = [
        MetricKey(namespace="Shop", name=name, dimensions=frozenset({("Service", value)}))
        for name, value in (("orders", "a"), ("orders", "b"), ("none", "a"))
    ]
    with answering("cloudwatch", answers) as cloudwatch:
        metrics = read_known_metrics(cloudwatch, keys, Attempts(HOME))
    assert metrics == {
        ("Shop", "orders"): {frozenset({("Service", "a")}), frozenset({("Service", "b")})},
        ("Shop", "none"): frozenset(),
    }


def region_with(cloudwatch: Any) -> Region:
    account = Account(session(), CommandLine(profile=None, endpoint_url=None))
    caller = Caller(arn="", account=ACCOUNT, partition="aws")
    return replace(account.region(HOME, caller), cloudwatch=cloudwatch)


def test_every_alarm_of_a_region() -> None:
    """Of all types: composite and log alarms are told only where they are asked for."""
    asked = {"AlarmTypes": ["MetricAlarm", "CompositeAlarm", "LogAlarm"], "MaxRecords": 100}
    answers: Answers = [
        (
            "describe_alarms",
            asked,
            {"MetricAlarms": [{"AlarmName": "a"}], "LogAlarms": [], "NextToken": "n"},
        ),
        (
            "describe_alarms",
            {**asked, "NextToken": "n"},
            {"CompositeAlarms": [{"AlarmName": "b"}], "LogAlarms": [{"AlarmName": "c"}]},
        ),
    ]
    with answering("cloudwatch", answers) as cloudwatch:
        alarms = read_every_alarm(region_with(cloudwatch))
    assert [alarm["AlarmName"] for alarm in alarms] == ["a", "b", "c"]


def test_mute_rules() -> None:
    """Those that are active, on all pages, each with whom it mutes."""

    def summary(name: str) -> dict[str, Any]:
        return {
            "AlarmMuteRuleArn": ARN.format(service="cloudwatch", rest=f"alarm-mute-rule:{name}")
        }

    def rule(**more: Any) -> dict[str, Any]:
        return {"Rule": {"Schedule": {"Expression": "cron(0 2 * * *)", "Duration": "PT4H"}}, **more}

    ends = datetime(2027, 1, 1, tzinfo=UTC)
    active = {"Statuses": ["ACTIVE"], "MaxRecords": 100}
    answers: Answers = [
        (
            "list_alarm_mute_rules",
            active,
            {"AlarmMuteRuleSummaries": [summary("nights")], "NextToken": "n"},
        ),
        (
            "get_alarm_mute_rule",
            {"AlarmMuteRuleName": "nights"},
            rule(MuteTargets={"AlarmNames": ["a", "b"]}, ExpireDate=ends),
        ),
        (
            "list_alarm_mute_rules",
            {**active, "NextToken": "n"},
            {"AlarmMuteRuleSummaries": [summary("days")]},
        ),
        ("get_alarm_mute_rule", {"AlarmMuteRuleName": "days"}, rule()),
    ]
    nights = MuteRule(
        name="nights",
        alarms=frozenset("ab"),
        schedule="cron(0 2 * * *)",
        duration="PT4H",
        expires=ends,
        status="",
    )
    with answering("cloudwatch", answers) as cloudwatch:
        rules = active_mute_rules(region_with(cloudwatch), Attempts(HOME))
    assert rules == (nights, replace(nights, name="days", alarms=frozenset(), expires=None))


def test_nobody_asks_an_emulator_for_mute_rules() -> None:
    account = Account(session(), CommandLine(profile=None, endpoint_url="http://127.0.0.1:1"))
    caller = Caller(arn="", account=ACCOUNT, partition="aws")
    attempts = Attempts(HOME)
    assert active_mute_rules(account.region(HOME, caller), attempts) == ()
    assert attempts.notes == []


def test_what_aws_says_is_cut_short() -> None:
    def ask() -> None:
        client("ecs").list_clusters()

    attempts = Attempts(HOME)
    with Stubber(client("ecs")) as stubber:
        stubber.add_client_error("list_clusters", "AccessDeniedException", "no\n" * 500)
        assert attempts.of("ECS clusters", ask) is None
    (note,) = attempts.notes
    assert note.startswith(f"{HOME}: ECS clusters could not be looked at: An error occurred")
    assert len(note) < 400
    assert "\n" not in note
