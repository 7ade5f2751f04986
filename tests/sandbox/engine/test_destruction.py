"""Destroying a stack leaves nothing of it in the account."""

from typing import Any

from sandbox.outcome import ResourceAction
from tests.sandbox.engine.small import ECS_AND_LOGS, ECS_ONLY

_REGIONS = ("ap-northeast-1", "us-east-1")
_EVERYTHING = (
    *ECS_AND_LOGS,
    "health.site={url: 'https://www.example.com/health/'}",
    "logs.audit={group: /ecs/audit, format: json, retention_days: 30}",
    "alerts.queues={critical: ['arn:aws:sqs:ap-northeast-1:123456789012:oncall']}",
)


def _inventory(emulator: Any) -> dict[str, list[str]]:
    """Everything in the account that a stack could have made, by service and region."""
    found: dict[str, list[str]] = {}
    for region in _REGIONS:

        def client(service: str, region: str = region) -> Any:
            return emulator.client(service, region)

        keys = [
            key["KeyId"]
            for key in client("kms").list_keys()["Keys"]
            if client("kms").describe_key(KeyId=key["KeyId"])["KeyMetadata"]["Enabled"]
        ]
        own = [a for a in client("kms").list_aliases()["Aliases"] if "TargetKeyId" in a]
        own = [a for a in own if not a["AliasName"].startswith("alias/aws/")]
        groups = client("logs").describe_log_groups()["logGroups"]
        for kind, names in {
            "alarms": client("cloudwatch").describe_alarms()["MetricAlarms"],
            "dashboards": client("cloudwatch").list_dashboards()["DashboardEntries"],
            "topics": client("sns").list_topics()["Topics"],
            "subscriptions": client("sns").list_subscriptions()["Subscriptions"],
            "schedules": client("scheduler").list_schedules()["Schedules"],
            "queues": client("sqs").list_queues().get("QueueUrls", []),
            "keys": keys,
            "aliases": own,
            "log groups": groups,
            "filters": [
                filter_
                for group in groups
                for filter_ in client("logs").describe_metric_filters(
                    logGroupName=group["logGroupName"]
                )["metricFilters"]
            ],
        }.items():
            found[f"{kind} in {region}"] = [str(name) for name in names]
    checks = emulator.client("route53", "us-east-1").list_health_checks()["HealthChecks"]
    roles = emulator.client("iam", "us-east-1").list_roles()["Roles"]
    return {
        **found,
        "health checks": [check["Id"] for check in checks],
        "roles": [role["RoleName"] for role in roles],
    }


def test_what_was_in_the_account_before_is_all_that_is_there_afterwards(
    new_stack: Any, emulator: Any
) -> None:
    stack = new_stack("prod", *_EVERYTHING)
    before = _inventory(emulator)
    up = stack.up()
    during = _inventory(emulator)
    for kind in ("alarms", "topics", "subscriptions", "queues"):
        for region in _REGIONS:
            assert len(during[f"{kind} in {region}"]) > len(before[f"{kind} in {region}"])
    assert during["health checks"]
    assert during["schedules in ap-northeast-1"]
    assert during["roles"]

    destroyed = stack.destroy()
    assert len(destroyed.of(ResourceAction.DELETE)) == len(up.of(ResourceAction.CREATE))
    # The log outlives its monitoring: the program keeps the groups that it makes.
    region = "log groups in ap-northeast-1"
    after = _inventory(emulator)
    kept = [group for group in after[region] if "/ecs/audit" in group]
    assert len(kept) == 1
    after[region].remove(kept[0])
    before = {kind: [name.split("'storedBytes'")[0] for name in n] for kind, n in before.items()}
    after = {kind: [name.split("'storedBytes'")[0] for name in n] for kind, n in after.items()}
    assert after == before


def test_a_stack_can_be_deployed_again_after_its_destruction(new_stack: Any) -> None:
    stack = new_stack("staging", *ECS_ONLY)
    stack.up()
    stack.destroy()
    assert {c.action for c in stack.up().changes} == {ResourceAction.CREATE}
