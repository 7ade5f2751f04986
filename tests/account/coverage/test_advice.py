"""The proposed lines, put into a stack's settings and run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from account.coverage.advice import section_lines
from account.coverage.inventory import Inventory
from account.coverage.resources import free_name
from account.coverage.unwatched import unwatched
from ecs_monitoring.rules.target import TARGET_NAME
from stack.config import read_stack_config
from stack.program import ProgramRun, run_program
from stack.yaml_values import read_yaml
from tests.account.coverage.values import (
    ALB,
    BALANCER,
    GROUP,
    PROJECT,
    database,
    group,
    own,
    running,
    service,
    view,
)
from tests.components.registered import targets_alarms
from tests.stack_files import copied_stack_files

Deployed = Callable[[str], ProgramRun]


@pytest.fixture
def deployed(tmp_path: Path) -> Deployed:
    """Run the project's program for a stack whose config is a region and some lines."""

    def run(lines: str) -> ProgramRun:
        copied_stack_files(tmp_path)
        config = f"config:\n  aws:region: ap-northeast-1\n{lines}\n"
        (tmp_path / "Pulumi.new.yaml").write_text(config)
        return run_program(read_stack_config("new", directory=tmp_path))

    return run


def lines_of(inventory: Inventory) -> str:
    """The lines of all findings, as somebody would put them into one file."""
    sections: dict[str, dict[str, Any]] = {}
    for finding in unwatched(view(inventory=inventory)):
        for section, targets in read_yaml(finding.settings).items():
            sections.setdefault(section, {}).update(targets)
    return "\n".join(f"  {line}" for line in yaml.safe_dump(sections).splitlines())


def addresses(run: ProgramRun) -> set[str]:
    """Those of what the findings are about, so without those of the notifications themselves."""
    tags = [alarm.inputs["tags"] for alarm in targets_alarms(run)]
    return {f"{tag['AlarmKey']}@{tag['Target']}" for tag in tags}


def dimensions(run: ProgramRun, address: str) -> dict[str, str]:
    """The dimensions of the alarm's metric, or of the first one that its metric math reads."""
    key, target = address.split("@")
    (inputs,) = [
        one.inputs
        for one in run.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
        if one.inputs["tags"]["AlarmKey"] == key and one.inputs["tags"]["Target"] == target
    ]
    metric = inputs["metricQueries"][0]["metric"] if inputs.get("metricQueries") else inputs
    return dict(metric["dimensions"])


@pytest.mark.slow
def test_everything_at_once(deployed: Deployed) -> None:
    """Each kind, replicas and cluster members too, and what has the alarm afterwards."""
    aurora = {
        "engine": "aurora-mysql",
        "instance_class": "db.r6g.large",
        "allocated_storage_gib": 1,
        "cluster": "shop",
    }
    inventory = running(
        clusters=("main", "batch"),
        services=(service(), service(cluster="batch", container_insights=True)),
        load_balancers=(BALANCER,),
        target_groups=(group(),),
        databases=(
            database(performance_insights=True),
            database("orders-2", is_replica=True),
            database("maria", engine="mariadb", version="10.4.33"),
            database("serverless", **{**aurora, "instance_class": "db.serverless"}),
            database("reader", is_replica=True, **aurora),
            database("oracle", engine="oracle-ee", instance_class="db.unheard.of"),
        ),
        log_groups=("/ecs/shop", "/ecs/shop_jobs"),
    )
    run = deployed(lines_of(inventory))
    found = addresses(run)
    assert found >= {
        "ecs.cpu-high@web",
        "ecs.memory-high@web",
        "ecs.tasks-low@web",
        "ecs.tasks-low@batch-web",
        "alb.latency-high@shop",
        "alb.no-healthy-hosts@shop/shop-web",
        "rds.storage-low@orders",
        "rds.db-load@orders",
        "rds.connections-high@orders",
        "rds.replica-lag@orders-2",
        "rds.connections-high@maria",
        "rds.cpu-high@serverless",
        "rds.replica-lag@reader",
        "rds.cpu-high@oracle",
        "logs.errors@ecs-shop",
        "logs.errors@ecs-shop_jobs",
    }
    # What does not follow from engine and class, or is not there, has no alarm.
    assert not found & {
        "rds.connections-high@serverless",
        "rds.memory-low@serverless",
        "rds.connections-high@reader",
        "rds.storage-low@reader",
        "rds.db-load@orders-2",
        "rds.connections-high@oracle",
        "rds.memory-low@oracle",
    }
    assert dimensions(run, "ecs.cpu-high@batch-web") == {
        "ClusterName": "batch",
        "ServiceName": "web",
    }
    assert dimensions(run, "alb.latency-high@shop") == {"LoadBalancer": BALANCER}
    assert dimensions(run, "alb.no-healthy-hosts@shop/shop-web") == {
        "LoadBalancer": BALANCER,
        "TargetGroup": GROUP,
    }
    assert dimensions(run, "rds.cpu-high@orders-2") == {"DBInstanceIdentifier": "orders-2"}


def test_a_finding_by_itself(deployed: Deployed) -> None:
    """As it is printed, without a YAML library in between."""
    (finding,) = unwatched(view(inventory=running(services=(service(),))))
    run = deployed(finding.settings)
    assert addresses(run) == {"ecs.cpu-high@web", "ecs.memory-high@web", "ecs.tasks-low@web"}
    assert dimensions(run, "ecs.tasks-low@web") == {"ClusterName": "main", "ServiceName": "web"}


def test_a_target_group_of_a_balancer_that_is_there(deployed: Deployed) -> None:
    """The lines name the balancer's target, whose other fields stand in the file."""
    inventory = running(load_balancers=(BALANCER,), target_groups=(group(),))
    alarms = [own("alb.latency-high@front", (ALB, "Latency"), {"LoadBalancer": BALANCER})]
    findings = [one for one in unwatched(view(inventory=inventory, alarms=alarms)) if one.settings]
    (lines,) = [finding.settings for finding in findings]
    run = deployed(f"{lines}\n      load_balancer: {BALANCER}")
    assert "alb.no-healthy-hosts@front/shop-web" in addresses(run)


@pytest.mark.parametrize(
    "text",
    [
        *("1e9", "0x1F", "true", "null", "1234", "12:30", "-a", "a: b", ""),
        # PyYAML takes these for a date and a number, and fails to read them.
        *("2026-13-01", "0x_", "0b_"),
    ],
)
def test_texts_stay_texts(text: str) -> None:
    """Also where other YAML readers take more for numbers than 1.2 does."""
    lines = section_lines({"section": {"name": {"field": text}}})
    assert read_yaml(lines) == {"section": {"name": {"field": text}}}
    assert yaml.safe_load(lines) == {"section": {"name": {"field": text}}}


def test_what_needs_no_quotes_has_none() -> None:
    lines = section_lines({f"{PROJECT}:ecs": {"web": {"cluster": "app/x/1a", "on": True, "n": 2}}})
    assert (
        lines
        == f'  {PROJECT}:ecs:\n    web:\n      cluster: app/x/1a\n      "on": true\n      n: 2'
    )


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("web", "web"),
        ("/ecs/django-app", "ecs-django-app"),
        ("a--b__c..d", "a-b__c-d"),
        ("-web-", "web"),
        ("日本語", "target"),
        ("x" * 300, "x" * 120),
        (f"{'x' * 119}-y", "x" * 119),
    ],
)
def test_names_are_valid(wanted: str, name: str) -> None:
    found = free_name((wanted,), ())
    assert found == name
    assert TARGET_NAME.fullmatch(found)


def test_names_are_free() -> None:
    assert free_name(("web", "main-web"), {"web"}) == "main-web"
    assert free_name(("web", "main-web"), {"web", "main-web", "web-2"}) == "web-3"
