"""Everything that is read of a region: what runs, its alarms, their data, whom they tell."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from account.account import Attempts, Region
from account.coverage.inventory import EcsService, Inventory, MetricFilter, TargetGroup
from account.coverage.read import Coverage, read_coverage, read_inventory
from account.coverage.view import Declared
from account.coverage.watchers import reads
from account.reading import FoundAlarms
from account.stack import StackPlace
from tests.account.coverage.values import HOME, NOW, PLACE, TOPIC, in_ecs, own, raw
from tests.account.emulated import answering
from tests.account.recorded import ACCESS, Answer, Opened, Recorded, refused

BALANCER = "arn:aws:elasticloadbalancing:x:1:loadbalancer/app/shop/1"
GROUP = "arn:aws:elasticloadbalancing:x:1:targetgroup/web/2"


def container(group: str) -> dict[str, Any]:
    options = {"awslogs-group": group}
    return {"logConfiguration": {"logDriver": "awslogs", "options": options}}


def log_groups(logGroupNamePrefix: str, limit: int) -> dict[str, Any]:  # noqa: N803
    """One that is there, and no other."""
    there = logGroupNamePrefix == "/ecs/web"
    return {"logGroups": [{"logGroupName": "/ecs/web"}] if there else []}


SERVICE = {
    "serviceName": "web",
    "status": "ACTIVE",
    "desiredCount": 2,
    "taskDefinition": "web:1",
}
CLUSTER = {"clusterArn": "c", "clusterName": "main", "status": "ACTIVE"}
RUNNING: dict[str, dict[str, Answer]] = {
    "ecs": {
        "list_clusters": {"clusterArns": ["c"]},
        "describe_clusters": {"clusters": [CLUSTER]},
        "list_services": {"serviceArns": ["s"]},
        "describe_services": {"services": [SERVICE]},
        "describe_task_definition": {
            "taskDefinition": {"containerDefinitions": [container("/ecs/web"), container("/x")]}
        },
    },
    "application-autoscaling": {"describe_scalable_targets": {"ScalableTargets": []}},
    "elbv2": {
        "describe_load_balancers": {
            "LoadBalancers": [{"LoadBalancerArn": BALANCER, "Type": "application"}]
        },
        "describe_target_groups": {
            "TargetGroups": [{"TargetGroupArn": GROUP, "LoadBalancerArns": [BALANCER]}]
        },
        "describe_target_health": {"TargetHealthDescriptions": []},
    },
    "rds": {"describe_db_instances": {"DBInstances": []}},
    "logs": {
        "describe_log_groups": log_groups,
        "describe_metric_filters": {
            "metricFilters": [
                {
                    "logGroupName": "/ecs/web",
                    "metricTransformations": [
                        {"metricNamespace": "Shop", "metricName": "errors", "metricValue": "1"}
                    ],
                }
            ]
        },
    },
}


def opened(changes: Mapping[str, Mapping[str, Answer]] | None = None) -> Any:
    return Opened(RUNNING, changes or {})


def read(
    changes: Mapping[str, Mapping[str, Answer]] | None = None,
) -> tuple[Inventory, list[str], Opened]:
    account, attempts = opened(changes), Attempts(HOME)
    return read_inventory(account, attempts), attempts.notes, account


WEB = EcsService(cluster="main", name="web", desired=2, log_groups=("/ecs/web", "/x"))
INVENTORY = Inventory(
    clusters=("main",),
    services=(WEB,),
    load_balancers=("app/shop/1",),
    target_groups=(TargetGroup(suffix="targetgroup/web/2", load_balancer="app/shop/1", targets=0),),
    databases=(),
    log_groups=("/ecs/web",),
    metric_filters=(MetricFilter(log_group="/ecs/web", namespace="Shop", metric="errors"),),
)


def test_what_runs() -> None:
    inventory, notes, account = read()
    assert inventory == INVENTORY
    assert notes == [
        f"{HOME}: log group /x does not exist, to which ECS service web (cluster main) writes"
    ]
    assert account.asked == {(service, HOME) for service in RUNNING}


def test_what_is_refused_leaves_the_rest() -> None:
    inventory, notes, _ = read(
        {
            "ecs": {"list_clusters": refused()},
            "elbv2": {"describe_target_groups": refused()},
            "rds": {"describe_db_instances": refused()},
            "logs": {"describe_metric_filters": refused()},
        }
    )
    # Where nobody knows the services, nobody knows where they write to.
    assert inventory == Inventory(
        clusters=None,
        services=None,
        load_balancers=("app/shop/1",),
        target_groups=None,
        databases=None,
        log_groups=None,
        metric_filters=None,
    )
    assert notes == [
        f"{HOME}: {what} could not be looked at: {ACCESS}"
        for what in ("ECS clusters", "target groups", "databases", "metric filters")
    ]


def test_services_whose_task_definitions_and_targets_are_refused() -> None:
    inventory, notes, _ = read(
        {
            "ecs": {"describe_task_definition": refused()},
            "application-autoscaling": {"describe_scalable_targets": refused()},
            "elbv2": {"describe_target_health": refused()},
        }
    )
    (group,) = INVENTORY.target_groups or ()
    assert inventory == replace(
        INVENTORY,
        services=(replace(WEB, log_groups=()),),
        target_groups=(replace(group, targets=None),),
        log_groups=(),
    )
    assert notes == [
        f"{HOME}: {what} could not be looked at: {ACCESS}"
        for what in (
            "how far ECS services scale in",
            "task definitions, for the log groups of ECS services,",
            "the targets of target groups",
        )
    ]


def test_services_that_are_refused_leave_the_clusters() -> None:
    inventory, notes, _ = read({"ecs": {"list_services": refused()}})
    assert (inventory.clusters, inventory.services, inventory.log_groups) == (("main",), None, None)
    assert notes == [f"{HOME}: ECS services could not be looked at: {ACCESS}"]


CPU = own("ecs.cpu-high@web", dimensions=in_ecs(), severity="warning")
TASKS = own("ecs.tasks-low@web", dimensions=in_ecs(), Statistic="SampleCount")
MEMORY = own("ecs.memory-high@web", ("AWS/ECS", "MemoryUtilization"), in_ecs(), severity="warning")
ALARMS = FoundAlarms(alarms=(CPU, TASKS, MEMORY), others=())


def region_of(**changes: Answer) -> Region:
    dimensions = [{"Name": name, "Value": value} for name, value in in_ecs().items()]
    answers: dict[str, Answer] = {
        "describe_alarms": {
            "MetricAlarms": [CPU.raw, TASKS.raw, MEMORY.raw, raw("others", ("Shop", "orders"))]
        },
        "list_metrics": {"Metrics": [{"Dimensions": dimensions}]},
        "get_topic_attributes": {"Attributes": {}},
        "list_subscriptions_by_topic": {"Subscriptions": []},
    }
    client = Recorded(**{**answers, **changes})
    return replace(answering(), cloudwatch=client, sns=client)


def coverage(
    region: Region,
    place: StackPlace = PLACE,
    changes: Mapping[str, Mapping[str, Answer]] | None = None,
    **options: Any,
) -> Coverage:
    quiet: dict[str, dict[str, Answer]] = {
        "ecs": {},
        "elbv2": {"describe_load_balancers": {"LoadBalancers": []}},
    }
    account = opened({**quiet, **(changes or {})})
    return read_coverage(account, place, [(region, ALARMS)], now=NOW, **options)


def ids(found: Coverage) -> list[str]:
    return [finding.id for finding in found.findings]


UNWATCHED_LOGS = f"unwatched:{HOME}:logs:/ecs/web"
NO_READERS = f"muted:{HOME}:no-subscribers:{TOPIC}"


def test_what_is_found_in_a_region() -> None:
    region = region_of()
    found = coverage(region)
    wrong = f"muted:{HOME}:severity"
    assert ids(found) == [
        NO_READERS,
        UNWATCHED_LOGS,
        f"{wrong}:{CPU.arn}",
        f"{wrong}:{MEMORY.arn}",
    ]
    assert found.looked_at == {
        HOME: {
            "ECS services": 1,
            "load balancers": 0,
            "target groups": 1,
            "databases": 0,
            "log groups": 1,
        }
    }
    # Only what the stack's own alarms read is asked for, and each name once.
    listed = [call for operation, call in region.cloudwatch.asked if operation == "list_metrics"]
    assert listed == [
        {"Namespace": "AWS/ECS", "MetricName": name}
        for name in ("CPUUtilization", "MemoryUtilization")
    ]
    assert found.as_json() == {
        "findings": [finding.as_json() for finding in found.findings],
        "looked_at": found.looked_at,
        "notes": [
            f"{HOME}: log group /x does not exist, to which ECS service web (cluster main) writes"
        ],
    }


def test_settings_and_records_are_taken_into_account() -> None:
    declared = Declared(targets={"logs": {"app": {"group": "/ecs/web"}}})
    (cpu,) = reads(CPU.raw)
    found = coverage(
        region_of(list_metrics={"Metrics": []}), declared=declared, recorded={cpu.metric: True}
    )
    by_id = {finding.id: finding for finding in found.findings}
    assert by_id[UNWATCHED_LOGS].fix == (
        "Pulumi.prod.yaml has it as logs.app already: deploy the stack."
    )
    assert by_id[f"no-data:{HOME}:{CPU.name}"].words.startswith(
        "AWS/ECS CPUUtilization (ClusterName main, ServiceName web) has had no data for two weeks, "
        "though the archive has older records."
    )
    assert "archive" not in by_id[f"no-data:{HOME}:{MEMORY.name}"].words


def test_alarms_that_cannot_be_read_leave_nothing_to_compare() -> None:
    found = coverage(region_of(describe_alarms=refused()))
    assert found.findings == ()
    assert list(found.looked_at) == [HOME]
    assert found.notes[-1] == f"{HOME}: alarms could not be looked at: {ACCESS}"


def test_a_topic_and_metrics_that_cannot_be_read_are_noted() -> None:
    found = coverage(
        region_of(get_topic_attributes=refused(), list_metrics=refused()),
        replace(PLACE, regions=("eu-west-1",)),
    )
    # What runs is looked at elsewhere alone.
    assert found.looked_at == {}
    assert found.notes == (
        f"{HOME}: which metrics have data could not be looked at: {ACCESS}",
        f"{HOME}: topic {TOPIC.rpartition(':')[2]}: its policy could not be read: {ACCESS}",
    )
    assert NO_READERS in ids(found)


def test_a_mute_rule_of_aws_is_found() -> None:
    rule = {"Schedule": {"Expression": "cron(0 2 * * 1)", "Duration": "PT4H"}}
    region = region_of(
        list_alarm_mute_rules={"AlarmMuteRuleSummaries": [{"AlarmMuteRuleArn": "arn:x:freeze"}]},
        get_alarm_mute_rule={"Rule": rule, "MuteTargets": {"AlarmNames": [TASKS.name]}},
    )
    region.cloudwatch.meta.endpoint_url = f"https://monitoring.{HOME}.amazonaws.com"
    assert f"muted:{HOME}:mute-rule:freeze" in ids(coverage(region))
