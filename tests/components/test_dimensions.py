"""Alarms watch metrics that AWS publishes, with the dimensions that it publishes them under."""

from typing import Any

import pulumi_aws as aws
import pytest

from stack.program import ProgramRun
from tests.components.bodies import body_widgets
from tests.components.dimensions import WrongDimensionsError, check_dimensions, check_metric
from tests.components.small import RunComponents, RunWith

EVERY_RDS_RULE = (
    "rds.replica={instance: r, engine: postgres, instance_class: db.m7g.large,"
    " allocated_storage_gib: 20, read_replica: true}",
    "rds.aurora={instance: a, engine: aurora-postgresql, instance_class: db.r7g.large,"
    " read_replica: true}",
)


@pytest.mark.slow
def test_the_shipped_stacks_read_documented_metrics(prod: ProgramRun, staging: ProgramRun) -> None:
    # ECS: CPU, memory, and two for the task count; ALB: seven of the load balancer, of which two
    # for the error rate, and two of its target group; RDS: eleven, one fewer without DBLoad.
    assert check_dimensions(prod) >= 4 + 9 + 11
    assert check_dimensions(staging) >= 4 + 9 + 10


@pytest.mark.slow
def test_every_kind_of_target_reads_documented_metrics(run_with: RunWith) -> None:
    changes = (*EVERY_RDS_RULE, "ecs.plain={cluster: c, service: s, container_insights: false}")
    run = run_with(*changes, "health.web={url: 'https://www.example.com/health/'}")
    assert check_dimensions(run) > 40


@pytest.mark.slow
def test_graphs_read_documented_metrics(run_with: RunWith) -> None:
    run = run_with(*EVERY_RDS_RULE, "ecs.plain={cluster: c, service: s}")
    compared = 0
    for widget in body_widgets(run):
        for row in widget["properties"].get("metrics", []):
            texts = [cell for cell in row if isinstance(cell, str)]
            if texts and texts[0].startswith(("AWS/", "ECS/")):
                pairs = dict(zip(texts[2::2], texts[3::2], strict=True))
                title = widget["properties"]["title"]
                check_metric(title, texts[0], texts[1], {"dimensions": pairs})
                compared += 1
    assert compared > 20


@pytest.mark.parametrize(
    ("metric", "wrong"),
    [
        pytest.param(
            {
                "namespace": "AWS/ECS",
                "metric_name": "CPUUtilization",
                "dimensions": {"Service": "x"},
            },
            r"has the dimensions \['Service'\]",
            id="misspelt",
        ),
        pytest.param(
            {
                "namespace": "AWS/ApplicationELB",
                "metric_name": "HealthyHostCount",
                "dimensions": {"TargetGroup": "targetgroup/x/1"},
            },
            r"has the dimensions \['TargetGroup'\]",
            id="half of them",
        ),
        pytest.param(
            {"namespace": "AWS/RDS", "metric_name": "CPUUtilization", "dimensions": {}},
            r"has the dimensions \[\]",
            id="none",
        ),
        pytest.param(
            {
                "namespace": "AWS/ECS",
                "metric_name": "RunningTaskCount",
                "dimensions": {"ClusterName": "c", "ServiceName": "s"},
            },
            "is not a documented metric",
            id="in the wrong namespace",
        ),
        pytest.param(
            {
                "namespace": "AWS/ECS",
                "metric_name": "CPUUtilization",
                "dimensions": {"ClusterName": "", "ServiceName": "s"},
            },
            "has an empty dimension",
            id="empty",
        ),
    ],
)
def test_the_check_notices_a_metric_that_does_not_exist(
    run_components: RunComponents, metric: dict[str, Any], wrong: str
) -> None:
    def program() -> None:
        aws.cloudwatch.MetricAlarm(
            "wrong", comparison_operator="GreaterThanThreshold", evaluation_periods=1, **metric
        )

    with pytest.raises(WrongDimensionsError, match=wrong):
        check_dimensions(run_components(program))


def test_the_check_looks_into_metric_math(run_components: RunComponents) -> None:
    def program() -> None:
        aws.cloudwatch.MetricAlarm(
            "wrong",
            comparison_operator="GreaterThanThreshold",
            evaluation_periods=1,
            metric_queries=[
                aws.cloudwatch.MetricAlarmMetricQueryArgs(
                    id="m",
                    return_data=True,
                    metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                        namespace="AWS/RDS",
                        metric_name="DBLoad",
                        dimensions={"DBInstance": "x"},
                        period=60,
                        stat="Average",
                    ),
                )
            ],
        )

    with pytest.raises(WrongDimensionsError, match="DBLoad"):
        check_dimensions(run_components(program))
