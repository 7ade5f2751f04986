"""What a region is asked about what is planned for it, and what it says."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from account.account import Attempts, Caller, Region
from account.coverage.inventory import Inventory
from account.obstacles import ObstacleKind
from account.verify.live_region import LiveRegion, read_live_region
from account.verify.model import FOUND, missing, note, unknown
from account.verify.planned import Planned, PlannedGroup, planned
from account.verify.read import verify
from ecs_monitoring.rules.rds_target import RdsTarget
from stack.resource_types import DASHBOARD, LOG_FILTER, SLACK_CHANNEL
from tests.account.emulated import HOME, answering
from tests.account.recorded import ACCESS, Answer, Opened, refused
from tests.registrations import metric_alarm, registered, run_of, topic, topic_arn

ALICE = Caller(arn="arn:aws:iam::1:user/alice", account="1", partition="aws")
CRITICAL = topic_arn("shop-critical")
AT = frozenset({("ClusterName", "main"), ("ServiceName", "web")})
CPU = metric_alarm("ecs.cpu-high@web", "critical", CRITICAL)
NAME = "shop-prod-ecs.cpu-high@web"

# An account in which nothing is there and everything is told.
NOTHING: dict[str, dict[str, Answer]] = {
    "cloudwatch": {
        "list_metrics": {"Metrics": []},
        "describe_alarms": {},
        "list_tags_for_resource": {"Tags": []},
        "get_dashboard": refused("ResourceNotFound", 404),
    },
    "sns": {"get_topic_attributes": refused("NotFound", 404)},
    "logs": {
        "describe_log_groups": {"logGroups": []},
        "describe_metric_filters": {"metricFilters": []},
    },
    "ecs": {"list_clusters": {"clusterArns": []}},
    "application-autoscaling": {},
    "elbv2": {
        "describe_load_balancers": {"LoadBalancers": []},
        "describe_target_groups": {"TargetGroups": []},
    },
    "rds": {"describe_db_instances": {"DBInstances": []}},
    "chatbot": {"describe_slack_workspaces": {"SlackWorkspaces": []}},
}


class OpenedRegion(Opened):
    """An account with a region of the same clients."""

    def region(self, name: str, caller: Caller) -> Region:
        cloudwatch, sns = self.clients["cloudwatch"], self.clients["sns"]
        return replace(answering(), name=name, caller=caller, cloudwatch=cloudwatch, sns=sns)


def opened(changes: Mapping[str, Mapping[str, Answer]]) -> Any:
    return OpenedRegion(NOTHING, changes)


def live(
    plan: Planned, changes: Mapping[str, Mapping[str, Answer]] | None = None
) -> tuple[LiveRegion, list[str], Opened]:
    account = opened(changes or {})
    attempts = Attempts(HOME)
    region, logs = account.region(HOME, ALICE), account.client("logs", HOME)
    return read_live_region(account, region, logs, plan, attempts), attempts.notes, account


def of(*made: Any) -> Planned:
    (plan,) = planned(run_of(*made), HOME)
    return plan


def listed(**dimensions: str) -> dict[str, Any]:
    named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    return {"Metrics": [{"Dimensions": named}]}


def test_a_region_in_which_nothing_is_there() -> None:
    plan = of(CPU, topic("shop-critical"))
    found, notes, account = live(plan)
    (gone,) = found.obstacles
    assert (gone.kind, gone.subject, gone.alarms) == (
        ObstacleKind.TOPIC_GONE,
        CRITICAL,
        ("ecs.cpu-high@web",),
    )
    assert found == LiveRegion(
        inventory=Inventory(),
        metrics={("AWS/ECS", "CPUUtilization"): frozenset()},
        groups=frozenset(),
        obstacles=[gone],
        taken={},
    )
    assert notes == []
    assert account.clients["ecs"].asked == [("list_clusters", {})]


def test_what_is_there() -> None:
    group = PlannedGroup(name="/ecs/web", is_own=False, filters=())
    plan = replace(of(CPU), groups=(group,))
    there = {
        "AlarmName": NAME,
        "AlarmArn": "arn:cpu",
        "MetricName": "CPUUtilization",
    }
    found, notes, account = live(
        plan,
        {
            "cloudwatch": {
                "list_metrics": listed(ClusterName="main", ServiceName="web"),
                "describe_alarms": {"MetricAlarms": [there]},
            },
            "logs": {"describe_log_groups": {"logGroups": [{"logGroupName": "/ecs/web"}]}},
            "rds": {"describe_db_instances": refused()},
        },
    )
    assert found.metrics == {("AWS/ECS", "CPUUtilization"): frozenset({AT})}
    assert found.groups == frozenset({"/ecs/web"})
    assert found.inventory == Inventory(databases=None)
    assert found.taken == {
        NAME: f"an alarm {NAME} is there, has none of its tags and would be overwritten"
    }
    assert notes == [f"{HOME}: databases could not be looked at: {ACCESS}"]
    names = [call for op, call in account.clients["cloudwatch"].asked if op == "describe_alarms"]
    assert [call["AlarmNames"] for call in names] == [[NAME]]


def test_where_nothing_is_watched_that_could_be_there_nobody_asks_for_it() -> None:
    """A region of outside checks needs no rights for what runs."""
    check = metric_alarm("health.down@shop", dimensions={"HealthCheckId": "shop-check-id"})
    plan = replace(of(check), made=frozenset({("HealthCheckId", "shop-check-id")}))
    found, _, account = live(plan)
    assert (found.inventory, found.metrics) == (Inventory(), {})
    assert account.clients["ecs"].asked == []


def test_remarks_about_other_things_in_the_account_are_left_out() -> None:
    """What is refused is said; a log group or an engine of others is nobody's matter here."""
    documents = {"DBInstances": [{"Engine": "docdb", "DBInstanceIdentifier": "papers"}]}
    group = PlannedGroup(name="/ecs/web", is_own=True, filters=())
    changes: dict[str, dict[str, Answer]] = {
        "rds": {"describe_db_instances": documents},
        "elbv2": {"describe_target_groups": refused()},
        "cloudwatch": {"describe_alarms": refused(), "list_metrics": refused()},
    }
    found, notes, _ = live(replace(of(CPU), groups=(group,)), changes)
    assert notes == [
        f"{HOME}: {what} could not be looked at: {ACCESS}"
        for what in ("target groups", "which metrics have data", "alarms of the same names")
    ]
    assert (found.metrics, found.taken, found.groups) == (None, None, frozenset())
    assert found.inventory == Inventory(target_groups=None)


def test_log_groups_that_could_not_be_looked_at() -> None:
    group = PlannedGroup(name="/ecs/web", is_own=True, filters=())
    found, notes, _ = live(
        Planned(region=HOME, groups=(group,)), {"logs": {"describe_log_groups": refused()}}
    )
    assert found.groups is None
    assert notes == [f"{HOME}: log groups could not be looked at: {ACCESS}"]
    assert found.group(group) == unknown("log group /ecs/web could not be looked at")


@pytest.mark.parametrize(
    ("is_own", "there", "answer"),
    [
        (False, True, FOUND),
        (True, True, FOUND),
        (True, False, note("log group /ecs/web will be made")),
        (False, False, missing("there is no log group /ecs/web")),
    ],
)
def test_a_log_group_is_there_or_will_be(is_own: bool, there: bool, answer: object) -> None:
    region = LiveRegion(
        inventory=Inventory(),
        metrics=None,
        groups=frozenset({"/ecs/web"} if there else {"/ecs/other"}),
        obstacles=(),
        taken=None,
    )
    assert region.group(PlannedGroup(name="/ecs/web", is_own=is_own, filters=())) == answer


def test_everything_that_a_stack_would_have() -> None:
    feeds = {"namespace": "shop/prod", "name": "errors", "value": "1"}
    filter_ = {
        "name": "errors",
        "logGroupName": "/ecs/web",
        "pattern": "ERROR",
        "metricTransformation": feeds,
    }
    chat = {"slackTeamId": "T1", "slackChannelId": "C1"}
    outside = metric_alarm("health.down@shop", region="us-east-1")
    run = run_of(
        CPU,
        outside,
        registered(LOG_FILTER, "f", filter_),
        registered(DASHBOARD, "d", {"dashboardName": "shop", "dashboardBody": "{}"}),
        registered(SLACK_CHANNEL, "s", chat),
    )
    database = {
        "DBInstanceIdentifier": "orders",
        "Engine": "postgres",
        "EngineVersion": "16.4",
        "DBInstanceClass": "db.r6g.large",
        "AllocatedStorage": 100,
        "DBInstanceStatus": "available",
    }
    account = opened(
        {
            "rds": {"describe_db_instances": {"DBInstances": [database]}},
            "chatbot": {"describe_slack_workspaces": refused()},
        }
    )
    said = RdsTarget(
        instance="orders",
        engine="postgres",
        instance_class="db.r6g.large",
        allocated_storage_gib=20,
    )
    found = verify(account, ALICE, planned(run, HOME), databases={"main": said})
    assert found.account == "1"
    assert [(alarm.address, alarm.region) for alarm in found.alarms] == [
        ("ecs.cpu-high@web", HOME),
        ("health.down@shop", "us-east-1"),
    ]
    storage = missing("rds.main.allocated_storage_gib is 20, and the instance has 100: write 100")
    assert [(thing.what, thing.region, thing.answer) for thing in found.things] == [
        ("log group /ecs/web", HOME, missing("there is no log group /ecs/web")),
        ("dashboard shop", HOME, FOUND),
        ("database orders", HOME, storage),
        (
            "Slack channel C1 of workspace T1",
            HOME,
            unknown("whether its workspace is authorized could not be looked at"),
        ),
        ("database orders", "us-east-1", storage),
    ]
    assert found.notes == (f"chat channels: Slack's workspaces could not be looked at: {ACCESS}",)


def test_without_settings_databases_are_not_compared() -> None:
    assert verify(opened({}), ALICE, [Planned(region=HOME)]).things == ()
