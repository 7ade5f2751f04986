"""Two projects, each with a stack ``prod``, in one account: one's end leaves the other whole."""

from dataclasses import replace
from typing import Any, Final

import pytest

from ecs_monitoring import alert_routing, dashboard
from sandbox.account import prepare_account
from sandbox.outcome import ResourceAction
from stack.config import StackConfig, read_stack_config
from tests.sandbox.engine.small import ECS_AND_LOGS

REGION: Final = "ap-northeast-1"


def _prod_of(project: str) -> StackConfig:
    """The production stack's settings in another project."""
    # A Slack channel has one configuration an account.
    config = read_stack_config("prod", settings=[*ECS_AND_LOGS, "alerts.slack={}"])
    values = {
        key.replace(f"{config.project}:", f"{project}:"): value
        for key, value in config.values.items()
    }
    return replace(config, project=project, values=values)


def _present(emulator: Any) -> dict[str, set[str]]:
    """Everything in the account that a second stack of the same names would take over."""

    def client(service: str) -> Any:
        return emulator.client(service, REGION)

    aliases = {a["AliasName"] for a in client("kms").list_aliases()["Aliases"]}
    return {
        "alarms": {
            alarm["AlarmName"] for alarm in client("cloudwatch").describe_alarms()["MetricAlarms"]
        },
        "dashboards": {
            entry["DashboardName"]
            for entry in client("cloudwatch").list_dashboards()["DashboardEntries"]
        },
        "topics": {topic["TopicArn"] for topic in client("sns").list_topics()["Topics"]},
        "queues": set(client("sqs").list_queues().get("QueueUrls", [])),
        "key aliases": {name for name in aliases if not name.startswith("alias/aws/")},
        "filters": {
            f["filterName"] for f in client("logs").describe_metric_filters()["metricFilters"]
        },
        "roles": {role["RoleName"] for role in client("iam").list_roles()["Roles"]},
        "schedules": {s["Name"] for s in client("scheduler").list_schedules()["Schedules"]},
    }


def test_the_end_of_one_leaves_the_other_whole(deployer: Any, emulator: Any) -> None:
    shop, billing = (deployer.stack(_prod_of(name)) for name in ("shop", "billing"))
    prepare_account(emulator, _prod_of("shop"))
    shop.up()
    of_shop = _present(emulator)
    assert all(of_shop.values()), of_shop
    assert {change.action for change in billing.up().changes} == {ResourceAction.CREATE}
    both = _present(emulator)
    for kind, names in both.items():
        assert len(names) == 2 * len(of_shop[kind]), kind
    billing.destroy()
    assert _present(emulator) == of_shop
    assert shop.preview(expect_no_changes=True).is_unchanged
    assert shop.refresh().is_unchanged


def test_a_stack_from_before_keeps_its_alarms(
    new_stack: Any, emulator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its topics, queues, key alias and dashboard were once named without the project."""

    def of_stack(title: str, **_: str) -> str:
        return f"{title}-prod"

    with monkeypatch.context() as before:
        for module in (alert_routing, dashboard):
            before.setattr(module, "of_stack", of_stack)
        stack = new_stack("prod", *ECS_AND_LOGS, "alerts.paging=alarm")
        stack.up()
    former = _present(emulator)
    assert "Django-App-Overview-prod" in former["dashboards"]
    actions: dict[str, set[ResourceAction]] = {}
    for change in stack.up().changes:
        actions.setdefault(change.type.rpartition(":")[2], set()).add(change.action)
    assert actions["MetricAlarm"] == {ResourceAction.UPDATE}
    assert actions["LogMetricFilter"] == actions["Role"] == {ResourceAction.SAME}
    for replaced in ("Topic", "Queue", "Alias", "Dashboard", "TopicSubscription"):
        assert ResourceAction.REPLACE in actions[replaced], replaced
    now = _present(emulator)
    assert now["alarms"] == former["alarms"]
    assert now["topics"].isdisjoint(former["topics"])
    assert len(now["topics"]) == len(former["topics"])
    told = {
        topic
        for alarm in emulator.client("cloudwatch", REGION).describe_alarms()["MetricAlarms"]
        for topic in alarm["AlarmActions"]
    }
    assert told == now["topics"]
