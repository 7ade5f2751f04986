"""Findings of what is not watched, as they are printed: every field of each sort."""

from dataclasses import replace
from typing import Any

import pytest

from account.coverage.finding import Finding, FindingKind, Gravity
from account.coverage.inventory import Inventory
from tests.account.coverage.values import (
    ALB,
    BALANCER,
    ECS,
    GROUP,
    HOME,
    PROJECT,
    database,
    found_in,
    group,
    in_ecs,
    only,
    own,
    raw,
    running,
    service,
    service_alarms,
)

WEB = running(clusters=("main",), services=(service(),))
ADD = "Add these lines to config in Pulumi.prod.yaml, each to its section where the file has that"
TASKS = "min_running_tasks is what it does not scale in below, or what it wants at the moment."
AT = {"LoadBalancer": BALANCER}
GROUP_AT = {**AT, "TargetGroup": GROUP}
FLEET = 'SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/ECS", ServiceName)'


def lines(section: str, *rest: str) -> str:
    return "\n".join((f"  {PROJECT}:{section}:", *rest))


SERVICE = Finding(
    kind=FindingKind.UNWATCHED,
    gravity=Gravity.HIGH,
    region=HOME,
    key="ecs:main/web",
    subject="ECS service web (cluster main)",
    words="ECS service web (cluster main) runs, and no alarm watches it: it has none of the rules "
    "of the kind ecs.",
    fix=f"{ADD} already. {TASKS}",
    settings=lines(
        "ecs",
        "    web:",
        "      cluster: main",
        "      service: web",
        "      container_insights: false",
        "      min_running_tasks: 3",
    ),
    alarms=(),
)


@pytest.mark.parametrize(
    ("inventory", "parts", "finding"),
    [
        (WEB, {}, SERVICE),
        (
            WEB,
            {
                "others": [
                    raw("quiet", ECS, in_ecs(), AlarmActions=[]),
                    raw("still", ECS, in_ecs(), ActionsEnabled=False),
                    raw("fleet", Metrics=[{"Id": "q", "Expression": FLEET}]),
                ]
            },
            replace(
                SERVICE,
                words=f"{SERVICE.words} The alarms that read its metrics tell nobody: quiet, "
                "still. fleet may be about it: a Metrics Insights query does not say what it "
                "finds.",
            ),
        ),
        (
            running(services=(service(desired=0, least=0),)),
            {},
            replace(
                SERVICE,
                gravity=Gravity.INFO,
                words="ECS service web (cluster main) is there, and no alarm watches it: it has "
                "none of the rules of the kind ecs. But it wants no task at the moment.",
                settings=SERVICE.settings.replace("tasks: 3", "tasks: 0"),
            ),
        ),
        (
            WEB,
            {"others": [raw("team-cpu", ECS, in_ecs()), raw("team-cpu-2", ECS, in_ecs())]},
            replace(
                SERVICE,
                kind=FindingKind.WATCHED_BY_OTHERS,
                gravity=Gravity.INFO,
                words="ECS service web (cluster main) is watched by others, not by this stack: "
                "team-cpu, team-cpu-2. No alarm stands for ecs.memory-high, ecs.tasks-low.",
                alarms=("team-cpu", "team-cpu-2"),
            ),
        ),
        (
            WEB,
            # One of the two is of no stack of the project.
            {
                "others": [
                    raw(f"{PROJECT}-x", ECS, in_ecs()),
                    raw(f"{PROJECT}", ("AWS/ECS", "MemoryUtilization"), in_ecs()),
                ]
            },
            replace(
                SERVICE,
                kind=FindingKind.WATCHED_BY_OTHERS,
                gravity=Gravity.INFO,
                words="ECS service web (cluster main) is watched by others, not by this stack: "
                f"{PROJECT}-x, {PROJECT}. No alarm stands for ecs.tasks-low.",
                alarms=(f"{PROJECT}-x", PROJECT),
            ),
        ),
        (
            running(
                load_balancers=(BALANCER,),
                target_groups=(group(), group("targetgroup/green/1", targets=0)),
            ),
            {},
            Finding(
                kind=FindingKind.UNWATCHED,
                gravity=Gravity.HIGH,
                region=HOME,
                key=f"alb:{BALANCER}",
                subject=f"load balancer {BALANCER}",
                words=f"Load balancer {BALANCER} runs, and no alarm watches it or its target "
                "groups (shop-web, green): it has none of the rules of the kind alb.",
                fix=f"{ADD} already. Not in them: green (has no registered targets).",
                settings=lines(
                    "alb",
                    "    shop:",
                    f"      load_balancer: {BALANCER}",
                    "      target_groups:",
                    f"        shop-web: {GROUP}",
                ),
            ),
        ),
        (
            running(log_groups=("/ecs/shop",)),
            {},
            Finding(
                kind=FindingKind.UNWATCHED,
                gravity=Gravity.MEDIUM,
                region=HOME,
                key="logs:/ecs/shop",
                subject="log group /ecs/shop",
                words="Log group /ecs/shop is there, and no alarm watches it: it has none of the "
                "rules of the kind logs.",
                fix=f"{ADD} already.",
                settings=lines("logs", "    ecs-shop:", "      group: /ecs/shop"),
            ),
        ),
        (
            running(databases=(database(status="deleting"),)),
            {"declared": {"rds": {"main": {"instance": "orders"}}}},
            Finding(
                kind=FindingKind.UNWATCHED,
                gravity=Gravity.INFO,
                region=HOME,
                key="rds:orders",
                subject="database orders (postgres, db.t4g.small)",
                words="Database orders (postgres, db.t4g.small) is there, and no alarm watches "
                "it: it has none of the rules of the kind rds. But it is deleting.",
                fix="Pulumi.prod.yaml has it as rds.main already: deploy the stack.",
            ),
        ),
    ],
    ids=["plain", "silent", "idle", "others", "mixed", "balancer", "logs", "declared"],
)
def test_what_runs_and_is_not_watched(
    inventory: Inventory, parts: dict[str, Any], finding: Finding
) -> None:
    assert found_in(inventory, **parts) == [finding]


def test_two_that_want_the_same_name() -> None:
    services = (service(), service(cluster="batch"), service("batch-web", "x"))
    names = [
        finding.settings.splitlines()[1].strip(" :")
        for finding in found_in(running(services=services))
    ]
    assert names == ["web", "batch-web", "x-batch-web"]


BALANCER_RULES = (
    *("target-5xx", "target-5xx-rate", "elb-5xx", "rejected-connections"),
    *("latency-high", "latency-p99"),
)
# A target group of the stack's by the name that this one would have had.
TAKEN = own("alb.unhealthy-hosts@shop/shop-web", (ALB, "UnHealthyHostCount"), AT)


def test_a_target_group_that_others_watch_with_one_rule_of_two() -> None:
    alarms = [own(f"alb.{rule}@shop", (ALB, "x"), AT) for rule in BALANCER_RULES]
    inventory = running(load_balancers=(BALANCER,), target_groups=(group(),))
    hosts = raw("hosts", (ALB, "UnHealthyHostCount"), GROUP_AT, Statistic="Maximum")
    words = f"target group {GROUP} behind {BALANCER}"
    assert found_in(inventory, alarms=[*alarms, TAKEN], others=[hosts]) == [
        Finding(
            kind=FindingKind.WATCHED_BY_OTHERS,
            gravity=Gravity.INFO,
            region=HOME,
            key=f"alb:{BALANCER}/{GROUP}",
            subject=words,
            words=f"T{words[1:]} is watched by others, not by this stack: hosts. No alarm stands "
            "for alb.no-healthy-hosts.",
            fix="Add this target group to alb.shop in Pulumi.prod.yaml.",
            settings=lines(
                "alb", "    shop:", "      target_groups:", f"        shop-web-2: {GROUP}"
            ),
            alarms=("hosts",),
        )
    ]


def test_a_name_that_a_part_of_another_balancer_has_is_free() -> None:
    alarms = [own(f"alb.{rule}@shop", (ALB, "x"), AT) for rule in BALANCER_RULES]
    elsewhere = own("alb.unhealthy-hosts@other/shop-web", (ALB, "x"), {"LoadBalancer": "app/o/1"})
    # And one of another kind.
    other_kind = own("ecs.cpu-high@shop/shop-web", ECS, in_ecs("x"))
    inventory = running(load_balancers=(BALANCER,), target_groups=(group(),))
    finding = only(found_in(inventory, alarms=[*alarms, elsewhere, other_kind]))
    assert finding.settings.endswith(f"        shop-web: {GROUP}")


@pytest.mark.parametrize(
    ("groups", "place"),
    [
        # A plain list is named by the groups' own names.
        (["targetgroup/other/1", GROUP], "shop-web"),
        ([f"arn:aws:elasticloadbalancing:x:1:{GROUP}"], "shop-web"),
        ({"other": "targetgroup/other/1", "front": GROUP}, "front"),
    ],
)
def test_a_target_group_that_the_settings_have_already(groups: object, place: str) -> None:
    alarms = [own(f"alb.{rule}@shop", (ALB, "x"), AT) for rule in BALANCER_RULES]
    inventory = running(load_balancers=(BALANCER,), target_groups=(group(),))
    declared = {"alb": {"shop": {"load_balancer": BALANCER, "target_groups": groups}}}
    finding = only(found_in(inventory, alarms=alarms, declared=declared))
    assert (finding.fix, finding.settings) == (
        f"Pulumi.prod.yaml has it as alb.shop.target_groups.{place} already: deploy the stack.",
        "",
    )


def test_a_target_that_lacks_rules() -> None:
    inventory = running(services=(service(container_insights=True),))
    cpu, memory, _ = service_alarms()
    declared = {"ecs": {"web": {"cluster": "main", "service": "web", "min_running_tasks": 2}}}
    insights = running(services=(service(),))
    words = "ECS service web (cluster main) is watched as ecs.web, but has no alarm for"
    lacking = replace(
        SERVICE,
        kind=FindingKind.PARTLY_WATCHED,
        gravity=Gravity.MEDIUM,
        words=f"{words} ecs.tasks-low.",
        fix="Have these fields of ecs.web in Pulumi.prod.yaml, and deploy the stack.",
        settings=lines("ecs", "    web:", "      container_insights: true"),
        alarms=("ecs.cpu-high@web", "ecs.memory-high@web"),
    )
    assert found_in(inventory, alarms=[cpu, memory], declared=declared) == [lacking]
    # Nothing in the settings is other than in AWS.
    assert found_in(insights, alarms=[cpu, memory], declared=declared) == [
        replace(
            lacking,
            fix="Deploy the stack. Where a rule is left out on purpose, say so in "
            "Pulumi.prod.yaml: alarms, with enabled: false.",
            settings="",
        )
    ]


def test_only_a_remark_leaves_nothing_to_do() -> None:
    is_actionable = {g: replace(SERVICE, gravity=g).is_actionable for g in Gravity}
    assert is_actionable == {Gravity.HIGH: True, Gravity.MEDIUM: True, Gravity.INFO: False}


def test_a_finding_for_scripts() -> None:
    assert replace(SERVICE, alarms=("a", "b")).as_json() == {
        "id": f"unwatched:{HOME}:ecs:main/web",
        "kind": "unwatched",
        "gravity": "high",
        "region": HOME,
        "subject": "ECS service web (cluster main)",
        "words": SERVICE.words,
        "fix": SERVICE.fix,
        "settings": SERVICE.settings,
        "alarms": ["a", "b"],
    }
