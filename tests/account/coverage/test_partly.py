"""What the stack watches with less than it could."""

from typing import Any

from account.coverage.finding import Finding, FindingKind, Gravity
from account.coverage.unwatched import unwatched
from ecs_monitoring.rules import RDS as DATABASES
from tests.account.coverage.values import (
    ALB,
    BALANCER,
    ECS,
    GROUP,
    INSIGHTS,
    LOGS,
    PROJECT,
    RDS,
    database,
    group,
    in_ecs,
    metric_filter,
    only,
    own,
    raw,
    running,
    service,
    service_alarms,
    view,
)

CPU, MEMORY, TASKS = service_alarms()
SERVICE = running(services=(service(),))
AT = {"DBInstanceIdentifier": "orders"}


def found(**parts: Any) -> list[Finding]:
    return list(unwatched(view(**parts)))


def test_one_rule_is_missing() -> None:
    finding = only(found(inventory=SERVICE, alarms=[CPU, TASKS]))
    assert finding.kind is FindingKind.PARTLY_WATCHED
    assert finding.gravity is Gravity.INFO
    assert finding.words == (
        "ECS service web (cluster main) is watched as ecs.web, but has no alarm for "
        "ecs.memory-high."
    )
    assert finding.alarms == ("ecs.cpu-high@web", "ecs.tasks-low@web")


def test_a_critical_rule_is_missing() -> None:
    finding = only(found(inventory=SERVICE, alarms=[CPU, MEMORY]))
    assert finding.gravity is Gravity.MEDIUM
    idle = running(services=(service(desired=0, container_insights=True),))
    assert only(found(inventory=idle, alarms=[CPU, MEMORY])).gravity is Gravity.INFO


def test_a_rule_that_the_settings_switch_off() -> None:
    """For all targets, or for this one; for another one says nothing."""
    for key in ("ecs.tasks-low", "ecs.tasks-low@web"):
        assert found(inventory=SERVICE, alarms=[CPU, MEMORY], switched_off=[key]) == []
    assert found(inventory=SERVICE, alarms=[CPU, MEMORY], switched_off=["ecs.tasks-low@api"])


def test_a_rule_that_others_have() -> None:
    theirs = raw("tasks", ECS, in_ecs(), Statistic="SampleCount")
    assert found(inventory=SERVICE, alarms=[CPU, MEMORY], others=[theirs]) == []
    silent = raw("tasks", ECS, in_ecs(), Statistic="SampleCount", AlarmActions=[])
    assert found(inventory=SERVICE, alarms=[CPU, MEMORY], others=[silent])


def test_the_fields_that_would_turn_it_on() -> None:
    """Performance Insights was switched on after the settings were written."""
    others = [key for key in DATABASES.keys if key not in ("rds.db-load", "rds.replica-lag")]
    at = [own(f"{key}@main", (RDS, "x"), AT) for key in others]
    written = {
        "instance": "orders",
        "engine": "postgres",
        "instance_class": "db.t4g.small",
        "allocated_storage_gib": 100,
        "max_connections": 200,
    }
    finding = only(
        found(
            inventory=running(databases=(database(performance_insights=True),)),
            alarms=at,
            declared={"rds": {"main": written}},
        )
    )
    assert "rds.db-load" in finding.words
    assert finding.settings == f"  {PROJECT}:rds:\n    main:\n      performance_insights: true"
    assert finding.fix == "Have these fields of rds.main in Pulumi.prod.yaml, and deploy the stack."


def test_a_chosen_number_of_tasks_is_no_mistake() -> None:
    declared = {"ecs": {"web": {"cluster": "main", "service": "web", "min_running_tasks": 1}}}
    finding = only(found(inventory=SERVICE, alarms=[CPU, MEMORY], declared=declared))
    assert finding.settings == ""
    assert finding.fix.startswith("Deploy the stack.")


def test_container_insights_are_on_by_now() -> None:
    declared = {
        "ecs": {
            "web": {
                "cluster": "main",
                "service": "web",
                "min_running_tasks": 0,
                "container_insights": False,
            }
        }
    }
    inventory = running(services=(service(container_insights=True),))
    finding = only(found(inventory=inventory, alarms=[CPU, MEMORY], declared=declared))
    assert finding.settings == f"  {PROJECT}:ecs:\n    web:\n      container_insights: true"


def test_a_rule_by_its_key_whatever_it_reads() -> None:
    """With Container Insights the same rule reads other metrics."""
    inventory = running(services=(service(container_insights=True),))
    assert found(inventory=inventory, alarms=[CPU, MEMORY, TASKS]) == []
    counted = own("ecs.other@web", (INSIGHTS, "RunningTaskCount"), in_ecs())
    assert found(inventory=inventory, alarms=[CPU, MEMORY, counted])


def test_a_target_group_with_one_rule_of_two() -> None:
    at = {"LoadBalancer": BALANCER, "TargetGroup": GROUP}
    rules = (
        "target-5xx",
        "target-5xx-rate",
        "elb-5xx",
        "rejected-connections",
        "latency-high",
        "latency-p99",
    )
    alarms = [own(f"alb.{rule}@shop", (ALB, "x"), {"LoadBalancer": BALANCER}) for rule in rules]
    alarms.append(own("alb.unhealthy-hosts@shop/web", (ALB, "UnHealthyHostCount"), at))
    inventory = running(load_balancers=(BALANCER,), target_groups=(group(),))
    finding = only(found(inventory=inventory, alarms=alarms))
    assert finding.key == f"alb:{BALANCER}/{GROUP}"
    assert finding.words.endswith(
        "is watched as alb.shop, but has no alarm for alb.no-healthy-hosts."
    )
    assert finding.settings == ""


def test_a_log_group_with_one_pattern() -> None:
    inventory = running(
        log_groups=("/ecs/shop",), metric_filters=(metric_filter("/ecs/shop", "logs.app.errors"),)
    )
    alarms = [own("logs.errors@app", (LOGS, "logs.app.errors"))]
    finding = only(found(inventory=inventory, alarms=alarms))
    assert finding.gravity is Gravity.MEDIUM
    assert finding.words.endswith(
        "no alarm for logs.exceptions, logs.database-errors, logs.security, logs.workers-killed."
    )
