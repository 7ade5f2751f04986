"""What the stack watches and that no longer runs."""

import pytest

from account.alarms import LiveAlarm
from account.coverage.finding import Finding, FindingKind, Gravity
from account.coverage.gone import gone
from account.coverage.inventory import Inventory
from tests.account.coverage.values import (
    ALB,
    BALANCER,
    ECS,
    GROUP,
    INSIGHTS,
    LOGS,
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
    stat,
    view,
)


def found(inventory: Inventory | None, *alarms: LiveAlarm) -> list[Finding]:
    return list(gone(view(inventory=inventory, alarms=alarms)))


def test_what_runs_is_not_gone() -> None:
    inventory = running(
        clusters=("main",),
        services=(service(),),
        load_balancers=(BALANCER,),
        target_groups=(group(),),
        databases=(database(),),
        metric_filters=(metric_filter("/ecs/shop", "logs.app.errors"),),
    )
    at = {"LoadBalancer": BALANCER}
    alarms = [
        *service_alarms(),
        own("alb.latency-high@shop", (ALB, "TargetResponseTime"), at),
        own(
            "alb.no-healthy-hosts@shop/web", (ALB, "HealthyHostCount"), {**at, "TargetGroup": GROUP}
        ),
        own("rds.cpu-high@main", (RDS, "CPUUtilization"), {"DBInstanceIdentifier": "orders"}),
        own("logs.errors@app", (LOGS, "logs.app.errors")),
        own("app.server-errors@web", ("Django/API", "StatusCode_5xx"), {"Service": "gone"}),
    ]
    assert found(inventory, *alarms) == []


def test_a_service_is_gone() -> None:
    """One finding for all its alarms, with what is there instead."""
    inventory = running(clusters=("main",), services=(service("webs"), service("jobs")))
    finding = only(found(inventory, *service_alarms()))
    assert finding.kind is FindingKind.GONE
    assert finding.gravity is Gravity.MEDIUM
    assert finding.id == "gone:ap-northeast-1:ecs:main/web"
    assert finding.words == (
        "ECS service web (cluster main) no longer exists, and 3 alarms watch for ecs.web in "
        "vain. The nearest that there is: webs."
    )
    assert finding.fix == (
        "Correct ecs.web.service in Pulumi.prod.yaml; where it is gone for good, take ecs.web "
        "out. Then deploy the stack."
    )
    assert finding.alarms == ("ecs.cpu-high@web", "ecs.memory-high@web", "ecs.tasks-low@web")


def test_the_same_service_in_another_cluster_does_not_count() -> None:
    inventory = running(clusters=("main", "batch"), services=(service(cluster="batch"),))
    assert only(found(inventory, *service_alarms())).key == "ecs:main/web"


def test_a_cluster_is_gone() -> None:
    inventory = running(clusters=("mains",), services=(service(cluster="mains"),))
    finding = only(found(inventory, *service_alarms()))
    assert finding.key == "ecs:main"
    assert "ecs.web.cluster" in finding.fix
    assert finding.words.endswith("The nearest that there is: mains.")


def test_metric_math_is_looked_into() -> None:
    metrics = [
        stat("d", (INSIGHTS, "DesiredTaskCount"), in_ecs()),
        stat("r", (INSIGHTS, "RunningTaskCount"), in_ecs()),
        {"Id": "missing", "Expression": "d - r"},
    ]
    alarm = own("ecs.tasks-low@web", Metrics=metrics)
    assert only(found(running(clusters=("main",)), alarm)).alarms == ("ecs.tasks-low@web",)


def test_a_load_balancer_that_was_made_again() -> None:
    again = "app/shop/9999999999999999"
    alarm = own("alb.latency-high@shop", (ALB, "x"), {"LoadBalancer": BALANCER})
    finding = only(found(running(load_balancers=(again,)), alarm))
    assert finding.words.endswith(
        f"1 alarm watches for alb.shop in vain. It was made again as {again}."
    )


GROUP_ALARM = own(
    "alb.no-healthy-hosts@shop/web",
    (ALB, "HealthyHostCount"),
    {"LoadBalancer": BALANCER, "TargetGroup": GROUP},
)


def test_a_target_group_that_was_made_again() -> None:
    again = "targetgroup/shop-web/9999999999999999"
    inventory = running(load_balancers=(BALANCER,), target_groups=(group(again),))
    assert only(found(inventory, GROUP_ALARM)).words.endswith(f"It was made again as {again}.")


def test_a_target_group_is_gone() -> None:
    finding = only(found(running(load_balancers=(BALANCER,)), GROUP_ALARM))
    assert finding.key == f"alb:{BALANCER}/{GROUP}"
    assert "alb.shop.target_groups" in finding.fix
    assert "take the group out" in finding.fix


@pytest.mark.parametrize(
    ("balancer", "hint"),
    [("app/new/1", "It is behind app/new/1 by now."), ("", "It is behind no load balancer.")],
)
def test_a_target_group_moved_elsewhere(balancer: str, hint: str) -> None:
    inventory = running(
        load_balancers=(BALANCER, "app/new/1"), target_groups=(group(balancer=balancer),)
    )
    assert only(found(inventory, GROUP_ALARM)).words.endswith(hint)


def test_a_database_is_gone() -> None:
    alarm = own("rds.cpu-high@main", (RDS, "x"), {"DBInstanceIdentifier": "Orders"})
    finding = only(found(running(databases=(database(),)), alarm))
    assert finding.key == "rds:Orders"
    assert "The nearest that there is: orders." in finding.words


def test_nothing_similar_is_nothing_to_propose() -> None:
    alarm = own("rds.cpu-high@main", (RDS, "x"), {"DBInstanceIdentifier": "orders"})
    finding = only(found(running(databases=(database("zzz"),)), alarm))
    assert finding.words.endswith("in vain.")


def test_filters_go_with_their_log_group() -> None:
    inventory = running(metric_filters=(metric_filter("/ecs/jobs", "logs.jobs.errors"),))
    alarms = [
        own(f"logs.{rule}@{target}", (LOGS, f"logs.{target}.{rule}"))
        for target in ("app", "jobs")
        for rule in ("errors",)
    ]
    finding = only(found(inventory, *alarms))
    assert finding.key == "logs:app"
    assert finding.words.startswith(
        "Metric filters of logs.app no longer exist, and 1 alarm watches"
    )
    assert finding.fix.startswith("Deploy the stack, which makes the filters again")


def test_a_cluster_of_databases_is_not_looked_for() -> None:
    alarm = own("rds.cpu-high@main", (RDS, "x"), {"DBClusterIdentifier": "shop"})
    assert found(running(), alarm) == []


def test_others_alarms_are_their_own_affair() -> None:
    foreign = raw("x", ECS, in_ecs())
    assert list(gone(view(inventory=running(clusters=()), others=[foreign]))) == []


def test_nothing_is_gone_that_could_not_be_looked_at() -> None:
    alarms = [
        *service_alarms(),
        GROUP_ALARM,
        own("rds.cpu-high@main", (RDS, "x"), {"DBInstanceIdentifier": "orders"}),
        own("logs.errors@app", (LOGS, "logs.app.errors")),
    ]
    unseen = dict.fromkeys(
        ("clusters", "services", "load_balancers", "target_groups", "databases", "metric_filters")
    )
    assert found(running(**unseen), *alarms) == []
    assert found(None, *alarms) == []
    # The cluster is known, its services are not.
    assert found(running(**{**unseen, "clusters": ("main",)}), *alarms) == []
