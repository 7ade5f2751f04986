"""Findings of what sees nothing or is gone, as they are printed: every field of each sort."""

from dataclasses import replace
from typing import Any

import pytest

from account.coverage.finding import Finding, FindingKind, Gravity
from account.coverage.gone import gone
from account.coverage.inventory import Inventory
from account.coverage.silence import quiet_groups, silent
from tests.account.coverage.values import (
    ALB,
    BALANCER,
    ECS,
    GROUP,
    HOME,
    INSIGHTS,
    LOGS,
    LONG_AGO,
    NOW,
    RDS,
    database,
    group,
    in_ecs,
    metric_filter,
    own,
    running,
    service,
    service_alarms,
    view,
)

AT = {"LoadBalancer": BALANCER}
GROUP_AT = {**AT, "TargetGroup": GROUP}


def correct(field: str, removed: str) -> str:
    return (
        f"Correct {field} in Pulumi.prod.yaml; where it is gone for good, take {removed} out. "
        "Then deploy the stack."
    )


def gone_finding(key: str, subject: str, words: str, fix: str, *alarms: str) -> Finding:
    return Finding(
        kind=FindingKind.GONE,
        gravity=Gravity.MEDIUM,
        region=HOME,
        key=key,
        subject=subject,
        words=words,
        fix=fix,
        alarms=alarms,
    )


GROUP_ALARM = own("alb.no-healthy-hosts@shop/web", (ALB, "HealthyHostCount"), GROUP_AT)
DATABASE_ALARM = own("rds.cpu-high@main", (RDS, "x"), {"DBInstanceIdentifier": "orders"})


@pytest.mark.parametrize(
    ("inventory", "alarm", "finding"),
    [
        (
            running(clusters=("mains", "batch")),
            service_alarms()[0],
            gone_finding(
                "ecs:main",
                "ECS cluster main",
                "ECS cluster main no longer exists, and 1 alarm watches for ecs.web in vain. The "
                "nearest that there is: mains.",
                correct("ecs.web.cluster", "ecs.web"),
                "ecs.cpu-high@web",
            ),
        ),
        (
            running(clusters=("main",), services=(service("zzzzzz"),)),
            own("ecs.tasks-low@web", (INSIGHTS, "x"), in_ecs()),
            gone_finding(
                "ecs:main/web",
                "ECS service web (cluster main)",
                "ECS service web (cluster main) no longer exists, and 1 alarm watches for ecs.web "
                "in vain.",
                correct("ecs.web.service", "ecs.web"),
                "ecs.tasks-low@web",
            ),
        ),
        (
            running(load_balancers=("app/shops/1",)),
            own("alb.latency-high@shop", (ALB, "x"), {"LoadBalancer": "app/shop/2"}),
            gone_finding(
                "alb:app/shop/2",
                "load balancer app/shop/2",
                "Load balancer app/shop/2 no longer exists, and 1 alarm watches for alb.shop in "
                "vain. The nearest that there is: app/shops/1.",
                correct("alb.shop.load_balancer", "alb.shop"),
                "alb.latency-high@shop",
            ),
        ),
        (
            running(load_balancers=(BALANCER,), target_groups=(group(balancer="app/b/1"),)),
            GROUP_ALARM,
            gone_finding(
                f"alb:{BALANCER}/{GROUP}",
                f"target group {GROUP} behind {BALANCER}",
                f"Target group {GROUP} behind {BALANCER} no longer exists, and 1 alarm watches "
                "for alb.shop in vain. It is behind app/b/1 by now.",
                correct("alb.shop.target_groups", "the group"),
                "alb.no-healthy-hosts@shop/web",
            ),
        ),
        (
            running(databases=(database("order"),)),
            DATABASE_ALARM,
            gone_finding(
                "rds:orders",
                "database orders",
                "Database orders no longer exists, and 1 alarm watches for rds.main in vain. The "
                "nearest that there is: order.",
                correct("rds.main.instance", "rds.main"),
                "rds.cpu-high@main",
            ),
        ),
        (
            # The same name in another namespace is another metric.
            running(metric_filters=(metric_filter("/a", "logs.app.errors", "Other"),)),
            own("logs.errors@app", (LOGS, "logs.app.errors")),
            gone_finding(
                "logs:app",
                "metric filters of logs.app",
                "Metric filters of logs.app no longer exist, and 1 alarm watches for logs.app in "
                "vain.",
                "Deploy the stack, which makes the filters again; where the log group is gone "
                "for good, take logs.app out of Pulumi.prod.yaml first.",
                "logs.errors@app",
            ),
        ),
    ],
    ids=["cluster", "service", "balancer", "group", "database", "logs"],
)
def test_what_is_watched_and_gone(inventory: Inventory, alarm: Any, finding: Finding) -> None:
    assert list(gone(view(inventory=inventory, alarms=[alarm]))) == [finding]


CPU = own("ecs.cpu-high@web", ECS, in_ecs(), severity="warning")
NAME = "AWS/ECS CPUUtilization (ClusterName main, ServiceName web)"
COMPARE = (
    "ompare ecs.web in Pulumi.prod.yaml with what publishes the metric: a wrong dimension is the "
    "usual reason, then a publisher that is off."
)
NO_DATA = Finding(
    kind=FindingKind.NO_DATA,
    gravity=Gravity.MEDIUM,
    region=HOME,
    key=CPU.name,
    subject="ecs.cpu-high@web",
    words=f"{NAME} has had no data for two weeks, and no other metric of that name either. The "
    "alarm cannot go off.",
    fix=f"C{COMPARE}",
    alarms=("ecs.cpu-high@web",),
)
NORMAL = f"Nothing, if that is so. Otherwise c{COMPARE}"


def cpu(**changes: Any) -> Any:
    return own("ecs.cpu-high@web", ECS, in_ecs(), severity="warning", **changes)


def waiting(**changes: Any) -> Any:
    since = {"StateTransitionedTimestamp": LONG_AGO}
    return cpu(StateValue="INSUFFICIENT_DATA", **since, **changes)


INSUFFICIENT = replace(NO_DATA, kind=FindingKind.INSUFFICIENT_DATA)
FOR_DAYS = "ecs.cpu-high@web has been in INSUFFICIENT_DATA for 30 days."
WITH_DATA = {ECS: frozenset({frozenset(in_ecs().items())})}
IDLE = running(clusters=("main",), services=(service(desired=0),))


@pytest.mark.parametrize(
    ("alarm", "parts", "finding"),
    [
        (CPU, {"metrics": {}}, NO_DATA),
        (
            cpu(TreatMissingData="ignore"),
            {"metrics": {}},
            replace(
                NO_DATA,
                words=NO_DATA.words.replace(
                    "The alarm cannot go off.", "The alarm keeps the state that it has."
                ),
            ),
        ),
        (
            cpu(TreatMissingData="notBreaching"),
            {"metrics": {}},
            replace(
                NO_DATA,
                words=NO_DATA.words.replace(
                    "The alarm cannot go off.",
                    "The alarm takes that for good news and never goes off.",
                ),
            ),
        ),
        (
            cpu(TreatMissingData="notBreaching", Statistic="Sum"),
            {"metrics": {}},
            replace(
                NO_DATA,
                gravity=Gravity.INFO,
                words=f"{NAME} has had no data for two weeks. That is normal: it counts what "
                "happens, and without data the alarm says that nothing has happened.",
                fix=NORMAL,
            ),
        ),
        (
            CPU,
            {"metrics": {}, "inventory": IDLE},
            replace(
                NO_DATA,
                gravity=Gravity.INFO,
                words=f"{NO_DATA.words} That is normal for something that wants no task at the "
                "moment, if it is meant to.",
                fix=NORMAL,
            ),
        ),
        (
            waiting(),
            {"metrics": {}},
            replace(
                INSUFFICIENT,
                words=f"{FOR_DAYS} {NAME} has had no data for two weeks, and no other metric of "
                "that name either.",
            ),
        ),
        (
            waiting(),
            {"metrics": WITH_DATA},
            replace(
                INSUFFICIENT,
                words=f"{FOR_DAYS} Its metrics have data, but not in enough of its periods.",
                fix="Lengthen the alarm's period to how often its metric is published.",
            ),
        ),
        (
            waiting(),
            {"metrics": None},
            replace(INSUFFICIENT, words=f"{FOR_DAYS} Whether its metrics have data is not known."),
        ),
        (
            waiting(),
            {"metrics": WITH_DATA, "inventory": IDLE},
            replace(
                INSUFFICIENT,
                gravity=Gravity.INFO,
                words=f"{FOR_DAYS} Its metrics have data, but not in enough of its periods. That "
                "is normal for something that wants no task at the moment, if it is meant to.",
                fix="Nothing, if that is so. Otherwise lengthen the alarm's period to how often "
                "its metric is published.",
            ),
        ),
    ],
)
def test_what_sees_nothing(alarm: Any, parts: dict[str, Any], finding: Finding) -> None:
    assert list(silent(view(alarms=[alarm], **parts))) == [finding]


def test_what_others_idle_says_nothing_of_this_one() -> None:
    idle = running(clusters=("main",), services=(service(), service("jobs", desired=0)))
    assert list(silent(view(alarms=[CPU], metrics={}, inventory=idle))) == [NO_DATA]


def test_a_log_group_without_events() -> None:
    alarm = own("logs.errors@app", (LOGS, "errors"), severity="warning")
    filters = (
        metric_filter("/ecs/app", "errors", has_default=True),
        metric_filter("/ecs/jobs", "errors", has_default=True),
        metric_filter("/ecs/app", "others", has_default=True),
    )
    region = view(alarms=[alarm], inventory=running(metric_filters=filters), metrics={}, now=NOW)
    app = Finding(
        kind=FindingKind.NO_DATA,
        gravity=Gravity.MEDIUM,
        region=HOME,
        key="logs:/ecs/app",
        subject="log group /ecs/app",
        words="Log group /ecs/app has had no events for two weeks: its filters count every event, "
        "and their metrics have no data. Errors would not be seen.",
        fix="See whether the application still writes to this group, and correct the group in "
        "Pulumi.prod.yaml where it writes to another one.",
        alarms=("logs.errors@app",),
    )
    jobs = replace(
        app,
        key="logs:/ecs/jobs",
        subject="log group /ecs/jobs",
        words=app.words.replace("/ecs/app", "/ecs/jobs"),
    )
    assert list(quiet_groups(region)) == [app, jobs]
    assert list(silent(region)) == []
