"""HealthCheck: the guide's check as a value, against the live one, and from outside AWS."""

from dataclasses import replace
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pytest

import ecs_monitoring as watch
from stack.config import read_stack_config
from stack.placeholder_aws import PlaceholderAws
from stack.program import ProgramRun, run_program
from tests.components.registered import (
    ALARM,
    HEALTH_CHECK,
    QUEUE,
    SUBSCRIPTION,
    TOPIC,
    TOPIC_POLICY,
    alarms,
    only,
    wire,
)
from tests.components.small import OUTSIDE_ROUTING, RunComponents, RunWith

ELB: Final = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012"
ARN: Final = f"{ELB}:targetgroup/django-tg/0123456789abcdef"

# Monitoring guide, health checks, but for the path (docs/django-health.md); 200 is what its
# endpoint answers while healthy.
GUIDE: Final = {
    "path": "/livez",
    "port": "traffic-port",
    "protocol": "HTTP",
    "healthy_threshold": 3,
    "unhealthy_threshold": 2,
    "timeout": 5,
    "interval": 30,
    "matcher": "200",
}

# The names by which AWS's provider answers.
LIVE: Final = {
    "enabled": True,
    "path": "/livez",
    "port": "traffic-port",
    "protocol": "HTTP",
    "healthyThreshold": 3,
    "unhealthyThreshold": 2,
    "timeout": 5,
    "interval": 30,
    "matcher": "200",
}


class LiveGroup(PlaceholderAws):
    """Answers for a target group whose health check is set by hand."""

    def __init__(self, **changes: object) -> None:
        super().__init__("ap-northeast-1")
        self.health_check = {**LIVE, **changes}
        self.asked: list[object] = []

    def call(
        self, args: pulumi.runtime.MockCallArgs
    ) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        if args.token != "aws:lb/getTargetGroup:getTargetGroup":
            return super().call(args)
        self.asked.append(args.args.get("arn"))
        return {**args.args, "healthCheck": self.health_check}, []


def said_of(
    live: LiveGroup, *, preview: bool = False, **targets: watch.HealthTargetArgs
) -> tuple[str, ...]:
    """What a HealthCheck alone says about live target groups."""

    def program() -> None:
        watch.HealthCheck("health", watch.HealthCheckArgs(targets=targets, routing=OUTSIDE_ROUTING))

    config = replace(read_stack_config("prod"), values={})
    return run_program(config, program=program, mocks=live, preview=preview).warnings


def compared(live: LiveGroup, *, preview: bool = False) -> tuple[str, ...]:
    return said_of(live, preview=preview, web=watch.HealthTargetArgs(target_group=ARN, verify=True))


def test_the_value_is_the_guides() -> None:
    check = watch.target_group_health_check()
    assert {name: getattr(check, name) for name in GUIDE} == GUIDE


def test_the_value_fits_a_target_group(run_components: RunComponents) -> None:
    def program() -> None:
        check = watch.target_group_health_check()
        aws.lb.TargetGroup("tg", port=8000, protocol="HTTP", vpc_id="vpc-1", health_check=check)

    group = only(run_components(program).of_type("aws:lb/targetGroup:TargetGroup"))
    expected = {name: value for name, value in LIVE.items() if name != "enabled"}
    assert group.inputs["healthCheck"] == expected


@pytest.mark.parametrize("preview", [False, True], ids=["deployed", "previewed"])
def test_a_live_check_like_the_guides_is_no_cause_for_a_warning(preview: bool) -> None:
    live = LiveGroup()
    assert compared(live, preview=preview) == ()
    assert live.asked == [ARN]


@pytest.mark.parametrize(
    ("change", "name", "guide"),
    [
        ({"path": "/"}, "path '/'", "'/livez'"),
        ({"port": "8000"}, "port '8000'", "'traffic-port'"),
        ({"protocol": "HTTPS"}, "protocol 'HTTPS'", "'HTTP'"),
        ({"healthyThreshold": 5}, "healthy_threshold 5", "3"),
        ({"unhealthyThreshold": 10}, "unhealthy_threshold 10", "2"),
        ({"timeout": 29}, "timeout 29", "5"),
        ({"interval": 60}, "interval 60", "30"),
        ({"matcher": "200-499"}, "matcher '200-499'", "'200'"),
    ],
)
@pytest.mark.parametrize("preview", [False, True], ids=["deployed", "previewed"])
def test_a_difference_is_warned_of(
    change: dict[str, object], name: str, guide: str, preview: bool
) -> None:
    (warning,) = compared(LiveGroup(**change), preview=preview)
    assert f"has {name}" in warning
    assert f"expected is {guide}" in warning


def test_each_difference_has_its_warning() -> None:
    warnings = compared(LiveGroup(path="/", timeout=10, matcher="200,302"))
    assert len(warnings) == 3


@pytest.mark.slow
def test_without_an_answer_there_is_nothing_to_warn_of(run_with: RunWith) -> None:
    """A preview in process asks no account: what it cannot know is no difference."""
    run = run_with(f"health.web={{target_group: '{ARN}', verify: true}}")
    assert [warning for warning in run.warnings if "health.web" in warning] == []


@pytest.mark.slow
def test_a_stacks_settings_turn_the_comparison_on() -> None:
    settings = [f"health.web={{target_group: '{ARN}', verify: true}}"]
    config = read_stack_config("prod", settings=settings)
    warnings = run_program(config, mocks=LiveGroup(path="/")).warnings
    assert [warning for warning in warnings if "health.web: the target group's" in warning]


def test_nothing_is_asked_unless_verification_is_on() -> None:
    live = LiveGroup(path="/")
    on = watch.HealthTargetArgs(target_group=ARN, verify=True)
    off = watch.HealthTargetArgs(target_group=f"{ARN}0", url="https://www.example.com/")
    assert len(said_of(live, on=on, off=off)) == 1
    assert live.asked == [ARN]


def outside(run_with: RunWith, url: str = "https://www.example.com/health/") -> ProgramRun:
    return run_with(f"health.web={{url: '{url}'}}", "alerts.paging=alarm")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://www.example.com/health/",
            {"type": "HTTPS", "fqdn": "www.example.com", "port": 443, "resourcePath": "/health/"},
        ),
        (
            "http://www.example.com",
            {"type": "HTTP", "fqdn": "www.example.com", "port": 80, "resourcePath": "/"},
        ),
        (
            "https://www.example.com:8443/live",
            {"type": "HTTPS", "fqdn": "www.example.com", "port": 8443, "resourcePath": "/live"},
        ),
    ],
)
def test_route_53_checks_the_url(run_with: RunWith, url: str, expected: dict[str, object]) -> None:
    """Every 30 seconds, down after three failures: Route 53's own defaults."""
    check = only(outside(run_with, url).of_type(HEALTH_CHECK))
    usual = {"requestInterval": 30, "failureThreshold": 3}
    assert wire(check, *expected, *usual) == {**expected, **usual}


@pytest.mark.slow
def test_its_alarm_is_where_route_53_has_its_metrics(run_with: RunWith) -> None:
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html."""
    run = outside(run_with)
    expected = {
        "region": "us-east-1",
        "namespace": "AWS/Route53",
        "metricName": "HealthCheckStatus",
        "statistic": "Minimum",
        "comparisonOperator": "LessThanThreshold",
        "threshold": 1,
        "period": 60,
        "evaluationPeriods": 3,
        "treatMissingData": "breaching",
    }
    alarm = alarms(run)["health.endpoint-down@web"]
    # The health check is made in the same run and has no datapoint yet.
    warm_up = {"warmUpPeriodDurationInMinutes": 15}
    assert alarm.inputs["warmUpConfiguration"] == warm_up
    assert wire(alarm, *expected) == expected
    # The id that the check got once it was made.
    check = only(run.of_type(HEALTH_CHECK))
    assert alarm.inputs["dimensions"] == {"HealthCheckId": f"{check.name}-id"}
    others = [a.inputs for a in run.of_type(ALARM) if a is not alarm]
    # The alarms of its topics stand beside it.
    beside = {a["tags"]["AlarmKey"].partition(".")[0] for a in others if a.get("region")}
    assert beside == {"delivery"}


@pytest.mark.slow
def test_whoever_hears_of_critical_alarms_hears_of_the_outside_too(run_with: RunWith) -> None:
    """The topic is in the alarm's region, with subscribers and dead letters of its own."""
    changes = ["alerts.paging=alarm", "events.enabled=false"]
    run = run_with("health.web={url: 'https://www.example.com/'}", *changes)
    far = [r for r in run.registrations if r.inputs.get("region") == "us-east-1"]
    kinds = [registration.type for registration in far]
    assert [kinds.count(k) for k in (TOPIC, TOPIC_POLICY, QUEUE, SUBSCRIPTION)] == [1, 1, 1, 1]
    by_type = {registration.type: registration for registration in far}
    topic = by_type[TOPIC].arn
    assert alarms(run)["health.endpoint-down@web"].inputs["alarmActions"] == [topic]
    assert by_type[SUBSCRIPTION].inputs["topic"] == topic
    assert by_type[SUBSCRIPTION].inputs["endpoint"] == "oncall@example.com"


@pytest.mark.slow
def test_an_alarm_reaches_topics_of_its_region_alone(run_with: RunWith) -> None:
    """CloudWatch refuses an action in another region."""
    pager = "arn:aws:sns:ap-northeast-1:123456789012:pager"
    run = run_with(
        "health.web={url: 'https://www.example.com/'}",
        f"alerts.topics={{critical: ['{pager}']}}",
        "alerts.paging=alarm",
    )
    assert pager in alarms(run)["rds.storage-low@main"].inputs["alarmActions"]
    for alarm in run.of_type(ALARM):
        region = alarm.inputs.get("region", "ap-northeast-1")
        assert {arn.split(":")[3] for arn in alarm.inputs["alarmActions"]} == {region}


@pytest.mark.slow
def test_a_comparison_alone_makes_nothing(run_with: RunWith, prod: ProgramRun) -> None:
    """Above all no key in a further region, which would be paid for."""
    run = run_with(f"health.web={{target_group: '{ARN}', verify: true}}")
    further = {r.urn for r in run.registrations if r.custom} - {r.urn for r in prod.registrations}
    assert further == set()
