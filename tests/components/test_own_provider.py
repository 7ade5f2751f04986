"""A component with a provider of its own is about that provider's account, partition and region."""

import json
from dataclasses import replace
from typing import Any, Final

import pulumi
import pulumi_aws as aws

import ecs_monitoring as watch
from stack.config import read_stack_config
from stack.placeholder_aws import ACCOUNT, PlaceholderAws
from stack.program import ProgramRun, run_program
from tests.components.registered import (
    DASHBOARD,
    KEY,
    ROLE,
    ROLE_POLICY,
    SCHEDULE,
    TOPIC_POLICY,
)
from tests.components.small import RunComponents

FAR: Final = "222222222222"
REGION: Final = "cn-north-1"
TOPIC: Final = f"arn:aws-cn:sns:{REGION}:{FAR}:alerts"


def far() -> pulumi.ResourceOptions:
    """The options of a component in an account in China."""
    role = aws.ProviderAssumeRoleArgs(role_arn=f"arn:aws-cn:iam::{FAR}:role/monitoring")
    return pulumi.ResourceOptions(
        providers=[aws.Provider("far", region=REGION, assume_roles=[role])]
    )


def routed(run_components: RunComponents, **args: Any) -> ProgramRun:
    def program() -> None:
        wanted = watch.AlertRoutingArgs(
            severities=[watch.Severity.CRITICAL], encryption=True, **args
        )
        watch.AlertRouting("alerts", wanted, far())

    return run_components(program)


def test_policies_name_the_providers_account_partition_and_region(
    run_components: RunComponents,
) -> None:
    run = routed(run_components)
    for type_ in (TOPIC_POLICY, KEY):
        (registered,) = run.of_type(type_)
        owner, alarms = json.loads(registered.inputs["policy"])["Statement"]
        assert owner["Principal"] == {"AWS": f"arn:aws-cn:iam::{FAR}:root"}
        assert alarms["Condition"] == {
            "StringEquals": {"aws:SourceAccount": FAR},
            "ArnLike": {"aws:SourceArn": f"arn:aws-cn:cloudwatch:{REGION}:{FAR}:alarm:*"},
        }


def test_a_region_of_the_components_own_wins_over_the_providers(
    run_components: RunComponents,
) -> None:
    (policy,) = routed(run_components, region="cn-northwest-1").of_type(TOPIC_POLICY)
    _, alarms = json.loads(policy.inputs["policy"])["Statement"]
    source = alarms["Condition"]["ArnLike"]["aws:SourceArn"]
    assert source == f"arn:aws-cn:cloudwatch:cn-northwest-1:{FAR}:alarm:*"


def test_a_reminder_is_for_the_schedules_of_the_providers_account(
    run_components: RunComponents,
) -> None:
    def program() -> None:
        watch.ReviewReminder("review", watch.ReviewReminderArgs(topics=[TOPIC]), far())

    run = run_components(program)
    (role,), (rights,), (schedule,) = (run.of_type(t) for t in (ROLE, ROLE_POLICY, SCHEDULE))
    (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trust["Condition"]["StringEquals"] == {
        "aws:SourceAccount": FAR,
        "aws:SourceArn": f"arn:aws-cn:scheduler:{REGION}:{FAR}:schedule-group/default",
    }
    assert f"arn:aws-cn:kms:{REGION}:{FAR}:key/*" in rights.inputs["policy"]
    assert schedule.inputs["target"]["arn"] == "arn:aws-cn:scheduler:::aws-sdk:sns:publish"
    for registered in (role, rights, schedule):
        assert ACCOUNT not in json.dumps(registered.inputs)


class _Listening(PlaceholderAws):
    """Keeps which provider is asked for each data source."""

    def __init__(self) -> None:
        super().__init__("ap-northeast-1")
        self.asked: dict[str, str | None] = {}

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
        self.asked[args.token] = args.provider
        return super().call(args)


def test_a_live_target_group_is_read_by_the_components_provider() -> None:
    def program() -> None:
        group = f"arn:aws-cn:elasticloadbalancing:{REGION}:{FAR}:targetgroup/web/1"
        targets = {"web": watch.HealthTargetArgs(target_group=group, verify=True)}
        routing = watch.RoutingArgs(topics={"critical": [TOPIC]})
        watch.HealthCheck("health", watch.HealthCheckArgs(targets=targets, routing=routing), far())

    listening = _Listening()
    config = replace(read_stack_config("prod"), values={})
    run_program(config, program=program, mocks=listening)
    provider = listening.asked["aws:lb/getTargetGroup:getTargetGroup"]
    assert provider is not None
    assert "::far::" in provider


def test_a_dashboard_reads_from_the_providers_region(run_components: RunComponents) -> None:
    def program() -> None:
        service = watch.EcsTargetArgs(cluster="c", service="s")
        routing = watch.RoutingArgs(topics={"critical": [TOPIC], "warning": [TOPIC]})
        args = watch.EcsMonitoringArgs(targets={"web": service}, routing=routing)
        ecs = watch.EcsMonitoring("ecs", args, far())
        providers = ecs._providers
        watch.Dashboard(
            "dashboard",
            watch.DashboardArgs(graphs=[ecs.graphs], alarms=[ecs.alarms]),
            pulumi.ResourceOptions(providers=list(providers.values())),
        )

    (dashboard,) = run_components(program).of_type(DASHBOARD)
    widgets = json.loads(dashboard.inputs["dashboardBody"])["widgets"]
    assert {w["properties"]["region"] for w in widgets if w["type"] == "metric"} == {REGION}
