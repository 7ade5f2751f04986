"""Load balancers, and each target group behind them."""

import pytest

from account.alarms import LiveAlarm
from account.coverage.finding import FindingKind, Gravity
from tests.account.coverage.values import (
    ALB,
    BALANCER,
    GROUP,
    PROJECT,
    found_in,
    group,
    kinds,
    only,
    own,
    raw,
    running,
)

INVENTORY = running(load_balancers=(BALANCER,), target_groups=(group(),))
AT = {"LoadBalancer": BALANCER}
GROUP_AT = {"LoadBalancer": BALANCER, "TargetGroup": GROUP}


def balancer_alarms() -> list[LiveAlarm]:
    keys = {
        "target-5xx": "HTTPCode_Target_5XX_Count",
        "target-5xx-rate": "RequestCount",
        "elb-5xx": "HTTPCode_ELB_5XX_Count",
        "rejected-connections": "RejectedConnectionCount",
        "latency-high": "TargetResponseTime",
        "latency-p99": "TargetResponseTime",
    }
    return [own(f"alb.{key}@shop", (ALB, name), AT) for key, name in keys.items()]


def group_alarms() -> list[LiveAlarm]:
    keys = {"unhealthy-hosts": "UnHealthyHostCount", "no-healthy-hosts": "HealthyHostCount"}
    return [own(f"alb.{key}@shop/web", (ALB, name), GROUP_AT) for key, name in keys.items()]


def test_neither_is_watched() -> None:
    finding = only(found_in(INVENTORY))
    assert finding.gravity is Gravity.HIGH
    assert "no alarm watches it or its target groups (shop-web)" in finding.words
    assert finding.settings.splitlines() == [
        f"  {PROJECT}:alb:",
        "    shop:",
        f"      load_balancer: {BALANCER}",
        "      target_groups:",
        f"        shop-web: {GROUP}",
    ]


def test_both_are_watched() -> None:
    assert found_in(INVENTORY, alarms=[*balancer_alarms(), *group_alarms()]) == []


def test_the_group_alone_is_not() -> None:
    finding = only(found_in(INVENTORY, alarms=balancer_alarms()))
    assert finding.kind is FindingKind.UNWATCHED
    assert finding.gravity is Gravity.MEDIUM
    assert finding.key == f"alb:{BALANCER}/{GROUP}"
    assert finding.fix == "Add this target group to alb.shop in Pulumi.prod.yaml."
    assert finding.settings.splitlines() == [
        f"  {PROJECT}:alb:",
        "    shop:",
        "      target_groups:",
        f"        shop-web: {GROUP}",
    ]


def test_one_group_of_two() -> None:
    other = "targetgroup/shop-admin/0000000000000000"
    two = running(load_balancers=(BALANCER,), target_groups=(group(), group(other)))
    alarms = [*balancer_alarms(), *group_alarms()]
    assert kinds(found_in(two, alarms=alarms)) == {f"alb:{BALANCER}/{other}": FindingKind.UNWATCHED}


def test_a_name_that_another_group_of_the_balancer_has() -> None:
    taken = [own("alb.unhealthy-hosts@shop/shop-web", (ALB, "UnHealthyHostCount"), {**AT})]
    finding = only(found_in(INVENTORY, alarms=[*balancer_alarms(), *taken]))
    assert f"        shop-web-2: {GROUP}" in finding.settings.splitlines()


@pytest.mark.parametrize(
    "groups", [{"front": f"arn:aws:elasticloadbalancing:x:1:{GROUP}"}, [GROUP]]
)
def test_a_group_that_the_settings_have(groups: object) -> None:
    declared = {"alb": {"shop": {"load_balancer": BALANCER, "target_groups": groups}}}
    finding = only(found_in(INVENTORY, alarms=balancer_alarms(), declared=declared))
    assert finding.fix.endswith("already: deploy the stack.")
    assert finding.settings == ""


def test_others_alarm_on_a_group_is_a_part_of_the_balancer() -> None:
    foreign = raw("hosts", (ALB, "HealthyHostCount"), GROUP_AT)
    finding = only(found_in(INVENTORY, others=[foreign]))
    assert finding.key == f"alb:{BALANCER}"
    assert finding.kind is FindingKind.WATCHED_BY_OTHERS


def test_a_group_without_targets_is_left_out_of_the_lines() -> None:
    """The idle half of a blue/green deployment would be down all the time."""
    idle = running(load_balancers=(BALANCER,), target_groups=(group(targets=0),))
    whole = only(found_in(idle))
    assert "target_groups" not in whole.settings
    assert whole.fix.endswith("Not in them: shop-web (has no registered targets).")
    finding = only(found_in(idle, alarms=balancer_alarms()))
    assert finding.gravity is Gravity.INFO
    assert "has no registered targets" in finding.words


def test_a_group_without_a_health_check_has_no_counts_to_watch() -> None:
    unchecked = running(load_balancers=(BALANCER,), target_groups=(group(is_checked=False),))
    assert found_in(unchecked, alarms=balancer_alarms()) == []


def test_the_settings_may_have_the_arn() -> None:
    arn = f"arn:aws:elasticloadbalancing:x:123456789012:loadbalancer/{BALANCER}"
    finding = only(found_in(INVENTORY, declared={"alb": {"front": {"load_balancer": arn}}}))
    assert "has it as alb.front already" in finding.fix
