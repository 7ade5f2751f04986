"""A load balancer and its target groups may be written in several ways, which mean the same."""

from typing import Any

import pytest

from stack.program import ProgramRun, Registration, run_program
from tests.components.registered import ALARM
from tests.settings.refusal import stack_config

ARN = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012"
BALANCER = "app/django-alb/1234567890"
GROUP = "targetgroup/django-tg/0123456789abcdef"
OTHER = "targetgroup/admin-tg/fedcba9876543210"

FORMS: dict[str, dict[str, Any]] = {
    "suffixes": {
        "load_balancer": BALANCER,
        "target_groups": {"django-tg": GROUP, "admin-tg": OTHER},
    },
    "ARNs": {
        "load_balancer": f"{ARN}:loadbalancer/{BALANCER}",
        "target_groups": {"django-tg": f"{ARN}:{GROUP}", "admin-tg": f"{ARN}:{OTHER}"},
    },
    "list of suffixes": {"load_balancer": BALANCER, "target_groups": [GROUP, OTHER]},
    "list of ARNs": {
        "load_balancer": f"{ARN}:loadbalancer/{BALANCER}",
        "target_groups": [f"{ARN}:{GROUP}", f"{ARN}:{OTHER}"],
    },
    "both": {"load_balancer": BALANCER, "target_groups": [f"{ARN}:{GROUP}", OTHER]},
}


def run_form(form: str) -> ProgramRun:
    return run_program(stack_config({"alb": {"main": FORMS[form]}}))


def _of_the_balancer(run: ProgramRun) -> list[Registration]:
    """Without the alarms of the notifications themselves, which any stack with alarms has."""
    return [one for one in run.of_type(ALARM) if one.inputs["tags"]["AlarmKey"].startswith("alb.")]


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_alarms(form: str) -> None:
    # All that is registered, dashboard and topics too, and in the same order of alarms.
    usual, other = run_form("suffixes"), run_form(form)
    assert {r.urn: dict(r.inputs) for r in other.registrations} == {
        r.urn: dict(r.inputs) for r in usual.registrations
    }
    # Six rules of the load balancer, two of each target group.
    assert len(_of_the_balancer(other)) == 6 + 2 * 2


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_dimensions_are_the_suffixes_that_cloudwatch_knows(form: str) -> None:
    found = {
        alarm.inputs["name"]: alarm.inputs["dimensions"]
        for alarm in run_form(form).of_type(ALARM)
        if "dimensions" in alarm.inputs
    }
    prefix = "django-ecs-monitoring-prod-alb-main"
    assert found[f"{prefix}-target-5xx"] == {"LoadBalancer": BALANCER}
    assert found[f"{prefix}.django-tg-no-healthy-hosts"] == {
        "TargetGroup": GROUP,
        "LoadBalancer": BALANCER,
    }
    assert found[f"{prefix}.admin-tg-unhealthy-hosts"] == {
        "TargetGroup": OTHER,
        "LoadBalancer": BALANCER,
    }


@pytest.mark.parametrize("groups", [None, {}, []], ids=["left out", "mapping", "list"])
def test_a_load_balancer_may_have_no_target_groups(groups: Any) -> None:
    target = {"load_balancer": BALANCER, "target_groups": groups}
    if groups is None:
        del target["target_groups"]
    run = run_program(stack_config({"alb": {"main": target}}))
    assert len(_of_the_balancer(run)) == 6
