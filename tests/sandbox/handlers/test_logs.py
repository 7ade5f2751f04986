"""Log groups and metric filters, from their creation to their end."""

from typing import Any

import pulumi_aws as aws
import pytest

from sandbox.outcome import DeploymentError, ResourceAction
from tests.sandbox.handlers.conftest import REGION, Bench


def _group(**changes: Any) -> aws.cloudwatch.LogGroup:
    arguments = {"name": "/ecs/app", "retention_in_days": 30, "tags": {"Team": "web"}, **changes}
    return aws.cloudwatch.LogGroup("group", **arguments)


def _groups(bench: Bench) -> list[dict[str, Any]]:
    return list(bench.client("logs").describe_log_groups()["logGroups"])


def test_a_log_group_is_created_changed_and_deleted(bench: Bench) -> None:
    assert bench.done(_group) == [(ResourceAction.CREATE, ())]
    (group,) = _groups(bench)
    assert (group["logGroupName"], group["retentionInDays"]) == ("/ecs/app", 30)
    tags = bench.client("logs").list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"]
    assert tags == {"Team": "web"}
    assert bench.refreshed() == [ResourceAction.SAME]
    assert bench.done(lambda: _group(retention_in_days=7)) == [
        (ResourceAction.UPDATE, ("retentionInDays",))
    ]
    assert _groups(bench)[0]["retentionInDays"] == 7
    assert bench.done(lambda: _group(retention_in_days=None, tags={"Team": "api"})) == [
        (ResourceAction.UPDATE, ("retentionInDays", "tags.Team", "tagsAll.Team"))
    ]
    assert "retentionInDays" not in _groups(bench)[0]
    assert bench.done(lambda: _group(name="/ecs/other")) == [
        (ResourceAction.REPLACE, ("name", "retentionInDays", "tags.Team", "tagsAll.Team"))
    ]
    assert [found["logGroupName"] for found in _groups(bench)] == ["/ecs/other"]
    assert bench.done(lambda: None) == [(ResourceAction.DELETE, ())]
    assert not _groups(bench)


def test_a_log_group_that_is_to_be_kept_outlives_the_stack(bench: Bench) -> None:
    bench.deploy(lambda: _group(skip_destroy=True))
    assert bench.done(lambda: None) == [(ResourceAction.DELETE, ())]
    assert [group["logGroupName"] for group in _groups(bench)] == ["/ecs/app"]


def test_a_log_group_that_is_there_already_is_an_error(bench: Bench) -> None:
    bench.client("logs").create_log_group(logGroupName="/ecs/app")
    with pytest.raises(DeploymentError, match="already exists"):
        bench.deploy(_group)


def _filter(group: str = "/ecs/app", pattern: str = "?ERROR ?Error", **changes: Any) -> Any:
    transformation = {"name": "errors", "namespace": "App", "value": "1", "default_value": "0"}
    return aws.cloudwatch.LogMetricFilter(
        "filter",
        name="errors",
        log_group_name=group,
        pattern=pattern,
        metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
            **{**transformation, "unit": "Count", **changes}
        ),
    )


def test_a_metric_filter_is_put_changed_moved_and_deleted(bench: Bench, emulator: Any) -> None:
    for name in ("/ecs/app", "/ecs/other"):
        emulator.ensure_log_group(name, REGION)
    assert bench.done(_filter) == [(ResourceAction.CREATE, ())]

    def found(group: str = "/ecs/app") -> list[dict[str, Any]]:
        answer = bench.client("logs").describe_metric_filters(logGroupName=group)
        return list(answer["metricFilters"])

    (there,) = found()
    assert there["filterPattern"] == "?ERROR ?Error"
    assert there["metricTransformations"] == [
        {
            "metricName": "errors",
            "metricNamespace": "App",
            "metricValue": "1",
            "defaultValue": 0.0,
            "unit": "Count",
        }
    ]
    assert bench.refreshed() == [ResourceAction.SAME]
    assert bench.done(lambda: _filter(default_value="0.0")) == []
    assert bench.done(lambda: _filter(pattern="?FATAL")) == [(ResourceAction.UPDATE, ("pattern",))]
    assert found()[0]["filterPattern"] == "?FATAL"
    assert bench.done(lambda: _filter(pattern="?FATAL", value="2")) == [
        (ResourceAction.UPDATE, ("metricTransformation.value",))
    ]
    moved = bench.done(lambda: _filter(group="/ecs/other", pattern="?FATAL", value="2"))
    assert moved == [(ResourceAction.REPLACE, ("logGroupName",))]
    assert not found()
    assert len(found("/ecs/other")) == 1
    assert bench.done(lambda: None) == [(ResourceAction.DELETE, ())]
    assert not found("/ecs/other")


def test_a_metric_filter_needs_its_log_group(bench: Bench) -> None:
    with pytest.raises(DeploymentError, match="log group /ecs/app does not exist in ap-north"):
        bench.deploy(_filter)


def test_a_metric_filter_whose_group_is_gone_is_gone(bench: Bench, emulator: Any) -> None:
    emulator.ensure_log_group("/ecs/app", REGION)
    bench.deploy(_filter)
    bench.client("logs").delete_log_group(logGroupName="/ecs/app")
    assert bench.refreshed() == [ResourceAction.DELETE]
