"""The whole against the emulator, on a shop that nothing changes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from moto import mock_aws

from account.coverage.finding import FindingKind
from account.coverage.read import PERMISSIONS, read_coverage
from account.coverage.view import Declared
from account.stack import find_alarms
from ecs_monitoring.cloudwatch.definition import MetricKey
from tests.account.coverage.conftest import Calls
from tests.account.coverage.emulated import RULES, Shop, actionable, open_shop, read
from tests.account.coverage.values import HOME, PLACE, in_ecs
from tests.account.emulated import Deployment, Emulated


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    """One for all tests, with a load balancer and databases that nobody watches."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        environment.delenv("AWS_PROFILE", raising=False)
        deployment = Deployment()
        found = open_shop(deployment, key=deployment.key())
        found.group("web", found.balancer("front"), targets=["10.0.0.5"])
        found.balancer("raw", "network")
        found.group("spare")
        found.database("orders")
        found.replica("orders-2", "orders")
        found.database_cluster("aurora")
        for name in ("aurora-1", "aurora-2"):
            found.database(name, "aurora-postgresql", DBClusterIdentifier="aurora")
        yield found


def test_a_shop(shop: Shop) -> None:
    coverage = read()
    by_id = actionable(coverage)
    balancer = next(id_ for id_ in by_id if ":alb:app/front/" in id_)
    assert list(by_id) == [
        balancer,
        f"unwatched:{HOME}:ecs:main/api",
        f"unwatched:{HOME}:rds:aurora-1",
        f"unwatched:{HOME}:rds:aurora-2",
        f"unwatched:{HOME}:rds:orders",
        f"unwatched:{HOME}:rds:orders-2",
        f"unwatched:{HOME}:logs:/ecs/api",
    ]
    assert "        web: targetgroup/web/" in by_id[balancer].settings
    assert "min_running_tasks: 1" in by_id[f"unwatched:{HOME}:ecs:main/api"].settings
    replicas = {
        name: "read_replica: true" in by_id[f"unwatched:{HOME}:rds:{name}"].settings
        for name in ("orders", "orders-2", "aurora-1", "aurora-2")
    }
    assert replicas == {"orders": False, "orders-2": True, "aurora-1": False, "aurora-2": True}


def test_what_was_looked_at(shop: Shop) -> None:
    """The network load balancer is of another sort, the spare target group of none."""
    coverage = read()
    assert coverage.looked_at == {
        HOME: {
            "ECS services": 2,
            "load balancers": 1,
            "target groups": 2,
            "databases": 4,
            "log groups": 2,
        }
    }
    assert coverage.notes == (
        f"{HOME}: log group /ecs/none does not exist, to which ECS service api (cluster main) "
        "writes",
    )


def test_errors_that_were_not_logged_are_a_remark(shop: Shop) -> None:
    remarks = [finding for finding in read().findings if not finding.is_actionable]
    assert {remark.subject for remark in remarks} == {f"logs.{rule}@app" for rule in RULES}
    assert {one.kind for one in remarks} == {FindingKind.NO_DATA}


def test_the_archive_is_asked_where_cloudwatch_is_not(shop: Shop, calls: Calls) -> None:
    calls.refused.add("ListMetrics")
    memory = MetricKey(
        namespace="AWS/ECS", name="MemoryUtilization", dimensions=frozenset(in_ecs().items())
    )
    coverage = read(recorded={memory: False})
    kinds = {
        finding.subject: finding.kind
        for finding in coverage.findings
        if finding.kind is FindingKind.NO_DATA
    }
    assert kinds == {"ecs.memory-high@web": FindingKind.NO_DATA}


def test_the_settings_are_known(shop: Shop) -> None:
    declared = Declared(targets={"ecs": {"backend": {"cluster": "main", "service": "api"}}})
    findings = actionable(read(declared=declared))
    assert "has it as ecs.backend already" in findings[f"unwatched:{HOME}:ecs:main/api"].fix


@pytest.mark.parametrize(
    ("operation", "unseen", "said"),
    [
        ("ListClusters", ["ECS services", "log groups"], "ECS clusters could not be"),
        ("DescribeClusters", ["ECS services", "log groups"], "ECS clusters could not be"),
        ("ListServices", ["ECS services", "log groups"], "ECS services could not be"),
        ("DescribeServices", ["ECS services", "log groups"], "ECS services could not be"),
        ("DescribeTaskDefinition", [], "task definitions, for the log groups of ECS services,"),
        ("DescribeScalableTargets", [], "how far ECS services scale in could not be"),
        ("DescribeLoadBalancers", ["load balancers"], "load balancers could not be"),
        ("DescribeTargetGroups", ["target groups"], "target groups could not be"),
        ("DescribeTargetHealth", [], "the targets of target groups could not be"),
        ("DescribeDBInstances", ["databases"], "databases could not be"),
        ("DescribeDBClusters", [], "the roles of cluster members could not be"),
        ("DescribeLogGroups", ["log groups"], "log groups could not be"),
        ("DescribeMetricFilters", [], "metric filters could not be"),
        ("ListMetrics", [], "which metrics have data could not be"),
        ("GetTopicAttributes", [], "its policy could not be read"),
        ("ListSubscriptionsByTopic", [], "its subscriptions could not be read"),
    ],
)
def test_what_is_refused_is_said(
    operation: str, unseen: list[str], said: str, shop: Shop, calls: Calls
) -> None:
    """The other parts are looked at; nothing is called gone that nobody could see."""
    calls.refused.add(operation)
    coverage = read()
    refusals = [note for note in coverage.notes if operation in note]
    assert len(refusals) == 1
    assert said in refusals[0]
    counts = coverage.looked_at[HOME]
    assert [name for name, count in counts.items() if count is None] == unseen
    assert not any(finding.kind is FindingKind.GONE for finding in coverage.findings)


def test_the_alarms_themselves_are_refused(shop: Shop, calls: Calls) -> None:
    """Without knowing who watches what, nothing can be called unwatched."""
    account = Emulated()(None, None)
    found, _ = find_alarms(account, account.caller(HOME), PLACE)
    calls.refused.add("DescribeAlarms")
    coverage = read_coverage(account, PLACE, found, now=datetime.now(UTC))
    assert coverage.findings == ()
    assert any("alarms could not be looked at" in note for note in coverage.notes)


def test_the_permissions_are_those_that_are_needed(shop: Shop, calls: Calls) -> None:
    """All but those for mute rules, which the emulator has not, are seen in use."""
    account = Emulated()(None, None)
    found, _ = find_alarms(account, account.caller(HOME), PLACE)
    calls.made.clear()
    read_coverage(account, PLACE, found, now=datetime.now(UTC))
    # The IAM prefix of CloudWatch is not the name that its requests are signed for.
    services = {"monitoring": "cloudwatch"}
    used = {f"{services.get(service, service)}:{operation}" for service, operation in calls.made}
    mute_rules = {"cloudwatch:GetAlarmMuteRule", "cloudwatch:ListAlarmMuteRules"}
    assert used == set(PERMISSIONS) - mute_rules


def test_as_json(shop: Shop) -> None:
    found = read().as_json()
    (one,) = [
        finding
        for finding in found["findings"]
        if finding["id"] == f"unwatched:{HOME}:ecs:main/api"
    ]
    assert one["kind"] == "unwatched"
    assert one["gravity"] == "high"
    assert one["region"] == HOME
    assert one["subject"] == "ECS service api (cluster main)"
    assert one["settings"].startswith("  django-ecs-monitoring:ecs:")
    assert one["alarms"] == []
    assert found["looked_at"][HOME]["ECS services"] == 2
    assert len(found["notes"]) == 1
    assert json.loads(json.dumps(found)) == found
