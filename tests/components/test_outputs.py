"""Components take Outputs of the application's own program as they take plain values."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pytest

import ecs_monitoring as watch
from tests.components.bodies import titled
from tests.components.registered import (
    DASHBOARD,
    LOG_FILTER,
    LOG_GROUP,
    alarms,
    only,
)
from tests.components.small import (
    ROUTING,
    RunComponents,
    alb_args,
    database,
    ecs_args,
    log_args,
    rds_args,
)

ELB: Final = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012"
BALANCER_ARN: Final = f"{ELB}:loadbalancer/app/shop/50dc6c495c0c9188"
GROUP_ARN: Final = f"{ELB}:targetgroup/shop-tg/73e2d6bc24d8a067"


def later(value: Any) -> pulumi.Output[Any]:
    """A value that is known only once the program runs."""
    return pulumi.Output.from_input(value).apply(lambda known: known)


def dimensions(run_components: RunComponents, program: Callable[[], None]) -> dict[str, Any]:
    """The dimensions of each alarm on one metric, by address."""
    return {
        name: alarm.inputs["dimensions"]
        for name, alarm in alarms(run_components(program)).items()
        if "dimensions" in alarm.inputs
    }


def test_an_ecs_cluster_and_service_of_the_program(run_components: RunComponents) -> None:
    def program() -> None:
        cluster = aws.ecs.Cluster("shop", name="shop-cluster")
        service = aws.ecs.Service("checkout", name="checkout-service", cluster=cluster.arn)
        target = watch.EcsTargetArgs(cluster=cluster.name, service=service.name)
        watch.EcsMonitoring("ecs", ecs_args(targets={"web": target}))

    run = run_components(program)
    expected = {"ClusterName": "shop-cluster", "ServiceName": "checkout-service"}
    registered = alarms(run)
    for rule in ("cpu-high", "memory-high"):
        assert registered[f"ecs.{rule}@web"].inputs["dimensions"] == expected
    running, _ = registered["ecs.tasks-low@web"].inputs["metricQueries"]
    assert running["metric"]["dimensions"] == expected


def test_ids_that_are_arns_become_the_names_in_them(run_components: RunComponents) -> None:
    # The provider gives these ARNs as the ids of both resources:
    # https://www.pulumi.com/registry/packages/aws/api-docs/ecs/service/#outputs
    ecs = "arn:aws:ecs:ap-northeast-1:123456789012"

    def program() -> None:
        target = watch.EcsTargetArgs(
            cluster=later(f"{ecs}:cluster/shop-cluster"),
            service=later(f"{ecs}:service/shop-cluster/checkout-service"),
        )
        watch.EcsMonitoring("ecs", ecs_args(targets={"web": target}))

    found = dimensions(run_components, program)
    assert found["ecs.cpu-high@web"] == {
        "ClusterName": "shop-cluster",
        "ServiceName": "checkout-service",
    }


def test_a_service_s_arn_beside_a_cluster_that_is_known_later(
    run_components: RunComponents,
) -> None:
    service = "arn:aws:ecs:ap-northeast-1:123456789012:service/shop-cluster/checkout-service"

    def program(cluster: str) -> Callable[[], None]:
        def run() -> None:
            target = watch.EcsTargetArgs(cluster=later(cluster), service=service)
            watch.EcsMonitoring("ecs", ecs_args(targets={"web": target}))

        return run

    found = dimensions(run_components, program("shop-cluster"))
    assert found["ecs.cpu-high@web"]["ServiceName"] == "checkout-service"
    with pytest.raises(Exception, match="write cluster: shop-cluster, or a service of another"):
        run_components(program("another"))


def test_a_database_s_id_says_which_attribute_to_take(run_components: RunComponents) -> None:
    # id of aws.rds.Instance is the DBI resource id:
    # https://www.pulumi.com/registry/packages/aws/api-docs/rds/instance/#outputs
    def program() -> None:
        target = database(instance=later("db-ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        watch.RdsMonitoring("rds", rds_args(targets={"main": target}))

    with pytest.raises(Exception, match=r"targets\.main\.instance: .*db\.identifier"):
        run_components(program)


@pytest.mark.parametrize("retention", [None, 30])
def test_a_log_group_s_arn_is_its_name(
    run_components: RunComponents, retention: int | None
) -> None:
    arn = "arn:aws:logs:ap-northeast-1:123456789012:log-group:/ecs/shop:*"

    def program() -> None:
        for name, group in (("later", later(arn)), ("now", arn.replace("shop", "now"))):
            fields = {"group": group, "retention_days": retention}
            watch.LogMonitoring(name, log_args(**fields))

    run = run_components(program)
    assert {one.inputs["logGroupName"] for one in run.of_type(LOG_FILTER)} == {
        "/ecs/shop",
        "/ecs/now",
    }
    groups = {one.inputs["name"] for one in run.of_type(LOG_GROUP)}
    assert groups == ({"/ecs/shop", "/ecs/now"} if retention else set())


def test_outputs_within_metric_math(run_components: RunComponents) -> None:
    def program() -> None:
        target = watch.EcsTargetArgs(
            cluster=later("shop"),
            service=later("checkout"),
            container_insights=True,
            min_running_tasks=later(3),
        )
        watch.EcsMonitoring("ecs", ecs_args(targets={"web": target}))

    sent = alarms(run_components(program))["ecs.tasks-low@web"].inputs
    desired, running, missing = sent["metricQueries"]
    for query in (desired, running):
        assert query["metric"]["dimensions"] == {"ClusterName": "shop", "ServiceName": "checkout"}
    assert missing["expression"] == "IF(desired > 3, desired, 3) - running"
    assert "fewer than 3 (min_running_tasks)" in sent["alarmDescription"]


@pytest.mark.parametrize(
    ("balancer", "group"),
    [
        (later, later),
        (later, lambda value: value),
        (lambda value: value, later),
    ],
    ids=["both later", "balancer later", "group later"],
)
def test_full_arns_of_a_load_balancer_and_its_target_group(
    run_components: RunComponents,
    balancer: Callable[[str], pulumi.Input[str]],
    group: Callable[[str], pulumi.Input[str]],
) -> None:
    """CloudWatch's dimensions are the last parts of the ARNs."""

    def program() -> None:
        target = watch.AlbTargetArgs(
            load_balancer=balancer(BALANCER_ARN), target_groups={"web": group(GROUP_ARN)}
        )
        watch.AlbMonitoring("alb", alb_args(targets={"main": target}))

    found = dimensions(run_components, program)
    expected = {"LoadBalancer": "app/shop/50dc6c495c0c9188"}
    assert found["alb.target-5xx@main"] == expected
    assert found["alb.no-healthy-hosts@main/web"] == {
        **expected,
        "TargetGroup": "targetgroup/shop-tg/73e2d6bc24d8a067",
    }


def test_a_target_group_that_is_known_beside_one_that_is_not(
    run_components: RunComponents,
) -> None:
    def program() -> None:
        groups: Any = {"web": later(GROUP_ARN), "api": "targetgroup/api-tg/0123456789abcdef"}
        target = watch.AlbTargetArgs(load_balancer=BALANCER_ARN, target_groups=groups)
        watch.AlbMonitoring("alb", alb_args(targets={"main": target}))

    found = dimensions(run_components, program)
    assert {
        group: found[f"alb.no-healthy-hosts@main/{group}"]["TargetGroup"]
        for group in ("web", "api")
    } == {
        "web": "targetgroup/shop-tg/73e2d6bc24d8a067",
        "api": "targetgroup/api-tg/0123456789abcdef",
    }


def test_a_database_of_the_program(run_components: RunComponents) -> None:
    def program() -> None:
        instance = aws.rds.Instance(
            "db", identifier="shop-db", instance_class="db.t4g.small", allocated_storage=50
        )
        target = database(
            instance=instance.identifier, allocated_storage_gib=instance.allocated_storage
        )
        watch.RdsMonitoring("rds", rds_args(target))

    found = alarms(run_components(program))
    assert {tuple(a.inputs["dimensions"].items()) for a in found.values()} == {
        (("DBInstanceIdentifier", "shop-db"),)
    }
    # 50 GiB are 53,687,091,200 bytes, of which 10 %.
    assert found["rds.storage-low@main"].inputs["threshold"] == 5_368_709_120


@pytest.mark.parametrize(("most", "threshold"), [(100, 80), (401, 320.8), (5000, 4000)])
def test_a_maximum_of_connections_that_the_program_computes(
    run_components: RunComponents, most: int, threshold: float
) -> None:
    """80 % of it, and the description says the exact number."""

    def program() -> None:
        watch.RdsMonitoring("rds", rds_args(database(max_connections=later(most))))

    sent = alarms(run_components(program))["rds.connections-high@main"].inputs
    assert sent["threshold"] == threshold
    assert f"80 % of max_connections ({most})" in sent["alarmDescription"]


@pytest.mark.parametrize("retention", [None, 30], ids=["others' group", "own group"])
def test_a_log_group_of_the_program(run_components: RunComponents, retention: int | None) -> None:
    def program() -> None:
        watch.LogMonitoring("logs", log_args(group=later("/ecs/shop"), retention_days=retention))

    run = run_components(program)
    assert {f.inputs["logGroupName"] for f in run.of_type(LOG_FILTER)} == {"/ecs/shop"}
    assert [g.inputs["name"] for g in run.of_type(LOG_GROUP)] == ["/ecs/shop"] * bool(retention)


def test_an_application_of_the_program(run_components: RunComponents) -> None:
    def program() -> None:
        arn = "arn:aws:logs:ap-northeast-1:123456789012:log-group:/ecs/later:*"
        targets = {
            "web": watch.AppTargetArgs(service=later("checkout"), log_group=later(arn)),
            "api": watch.AppTargetArgs(service="api", log_group="/ecs/now"),
        }
        args = watch.ApplicationMonitoringArgs(targets=targets, routing=ROUTING)
        app = watch.ApplicationMonitoring("app", args)
        watch.Dashboard("dashboard", watch.DashboardArgs(graphs=[app.graphs], alarms=[app.alarms]))

    found = dimensions(run_components, program)
    assert found["app.server-errors@web"] == {"Service": "checkout"}
    query = titled(run_components(program), "Status by route")["properties"]["query"]
    assert query.startswith("SOURCE '/ecs/later' | SOURCE '/ecs/now' | filter ispresent(Route)")


@pytest.mark.slow
def test_outputs_and_plain_values_register_the_same(run_components: RunComponents) -> None:
    def program(wrapped: Callable[[Any], Any]) -> Callable[[], None]:
        def run() -> None:
            ecs = watch.EcsMonitoring(
                "ecs",
                ecs_args(
                    targets={
                        "web": watch.EcsTargetArgs(cluster=wrapped("c"), service=wrapped("s")),
                        "api": watch.EcsTargetArgs(cluster="c", service="a"),
                    }
                ),
            )
            target = database(instance=wrapped("d"), max_connections=wrapped(200))
            rds = watch.RdsMonitoring("rds", rds_args(target))
            watch.Dashboard(
                "dashboard",
                watch.DashboardArgs(
                    graphs=[ecs.graphs, rds.graphs],
                    alarms=[ecs.alarms, rds.alarms],
                ),
            )

        return run

    def registered(wrapped: Callable[[Any], Any]) -> Mapping[str, Any]:
        found = run_components(program(wrapped)).registrations
        return {one.urn: one.inputs for one in found}

    plain = registered(lambda value: value)
    assert registered(later) == plain
    assert len(plain) > 15


def test_the_dashboard_of_outputs(run_components: RunComponents) -> None:
    def program() -> None:
        target = watch.AlbTargetArgs(load_balancer=later(BALANCER_ARN))
        alb = watch.AlbMonitoring("alb", alb_args(targets={"main": target}))
        args = watch.DashboardArgs(graphs=[alb.graphs], alarms=[alb.alarms])
        watch.Dashboard("dashboard", args)

    body = only(run_components(program).of_type(DASHBOARD)).inputs["dashboardBody"]
    assert '"app/shop/50dc6c495c0c9188"' in body
    assert "Output" not in body


@pytest.mark.parametrize(
    ("program", "path"),
    [
        pytest.param(
            lambda: watch.AlbMonitoring(
                "alb",
                alb_args(targets={"main": watch.AlbTargetArgs(load_balancer=later("net/x/1"))}),
            ),
            r"AlbMonitoring 'alb': targets.main.load_balancer",
            id="no application load balancer",
        ),
        pytest.param(
            lambda: watch.RdsMonitoring("rds", rds_args(database(max_connections=later(0)))),
            r"RdsMonitoring 'rds': targets.main.max_connections",
            id="no connections",
        ),
        pytest.param(
            lambda: watch.LogMonitoring("logs", log_args(group=later("not a group"))),
            r"LogMonitoring 'logs': targets.app.group",
            id="no log group",
        ),
    ],
)
def test_an_output_with_a_wrong_value_is_named(
    run_components: RunComponents, program: Callable[[], None], path: str
) -> None:
    with pytest.raises(watch.InvalidArgsError, match=path):
        run_components(program)
