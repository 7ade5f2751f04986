"""Several target groups behind one load balancer: of one service (blue/green), or of several."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from pydantic import ValidationError

from ecs_monitoring.cloudwatch.definition import MetricKey, definition_of
from ecs_monitoring.cloudwatch.evaluation import Series, timeline
from ecs_monitoring.cloudwatch.evaluation.series import Sample
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.rules import ALB
from ecs_monitoring.rules.plan import Plan

BALANCER = "app/shop/1"
BLUE, GREEN, ADMIN = (f"targetgroup/{name}/1" for name in ("blue", "green", "admin"))
PAIR: Mapping[str, Any] = {
    "load_balancer": BALANCER,
    "target_groups": {"web": BLUE},
    "alternate_target_groups": {"web": GREEN},
}
SERVICES: Mapping[str, Any] = {
    "load_balancer": BALANCER,
    "target_groups": {"web": BLUE, "admin": ADMIN},
    "per_target_group": True,
}


def rules(plan: Plan) -> dict[str, AlarmRule]:
    return {rule.address.removeprefix("alb."): rule for rule in plan.rules}


def minutes_in_alarm(
    rule: AlarmRule, blue: Sequence[float | None], green: Sequence[float | None]
) -> int:
    """Minutes in ALARM, from each group's values by the minute (``None`` for no datapoint)."""
    definition = definition_of(rule)
    series: dict[MetricKey, Series] = {}
    for metric in definition.metrics:
        values = blue if ("TargetGroup", BLUE) in metric.dimensions else green
        found = [Sample.of(m * 60, v) for m, v in enumerate(values) if v is not None]
        series[metric] = Series(found)
    states = timeline(definition, series, 10 * 60, len(blue) * 60)
    return sum(evaluation.state == "ALARM" for evaluation in states)


@pytest.mark.parametrize("empty", [0, None], ids=["zero", "silent"])
@pytest.mark.parametrize(("key", "live"), [("no-healthy-hosts", 2), ("unhealthy-hosts", 0)])
def test_the_empty_group_is_quiet_before_and_after_a_deployment(
    plan_of: Callable[..., Plan], key: str, live: float, empty: float | None
) -> None:
    # Two hosts in blue; at minute 120 green takes over, and for ten minutes both have two.
    rule = rules(plan_of(ALB, **PAIR))[f"{key}@web/web"]
    blue = [live] * 130 + [empty] * 110
    green = [empty] * 120 + [live] * 120
    assert minutes_in_alarm(rule, blue, green) == 0


@pytest.mark.parametrize("empty", [0, None], ids=["zero", "silent"])
def test_no_host_in_either_group_is_an_outage(
    plan_of: Callable[..., Plan], empty: float | None
) -> None:
    rule = rules(plan_of(ALB, **PAIR))["no-healthy-hosts@web/web"]
    assert 50 <= minutes_in_alarm(rule, [2] * 60 + [empty] * 60, [empty] * 120) <= 60


@pytest.mark.parametrize(("blue", "green"), [(1, 0), (0, 1), (None, 1)])
def test_an_unhealthy_host_in_either_group_is_told(
    plan_of: Callable[..., Plan], blue: float | None, green: float | None
) -> None:
    rule = rules(plan_of(ALB, **PAIR))["unhealthy-hosts@web/web"]
    assert minutes_in_alarm(rule, [blue] * 60, [green] * 60)


def test_the_pair_keeps_the_names_of_its_first_group(plan_of: Callable[..., Plan]) -> None:
    alone = {name: value for name, value in PAIR.items() if name != "alternate_target_groups"}
    names = [[rule.name for rule in plan_of(ALB, **fields).rules] for fields in (PAIR, alone)]
    assert names[0] == names[1]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"alternate_target_groups": {"wbe": GREEN}}, "under one name in both (web)"),
        ({"alternate_target_groups": {"web": BLUE}}, "the service's other target group"),
        ({"per_target_group": True, "target_groups": {}}, "add target_groups"),
    ],
)
def test_groups_that_do_not_fit(
    target_of: Callable[..., Any], fields: Mapping[str, Any], says: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        target_of(ALB, **{"load_balancer": BALANCER, "target_groups": {"web": BLUE}, **fields})
    assert says in str(caught.value)


def test_each_service_has_its_own_errors_and_latency(plan_of: Callable[..., Plan]) -> None:
    found = rules(plan_of(ALB, **SERVICES))
    for key in ("target-5xx", "target-5xx-rate", "latency-high", "latency-p99"):
        for part, group in (("web", BLUE), ("admin", ADMIN)):
            read = {tuple(sorted(m.dimensions.items())) for m in found[f"{key}@web/{part}"].metrics}
            assert read == {(("LoadBalancer", BALANCER), ("TargetGroup", group))}
    for key in ("elb-5xx", "rejected-connections"):
        (metric,) = found[f"{key}@web"].metrics
        assert metric.dimensions == {"LoadBalancer": BALANCER}


def test_the_load_balancers_own_alarms_are_left_to_another_target(
    plan_of: Callable[..., Plan],
) -> None:
    plan = plan_of(ALB, **SERVICES, load_balancer_alarms=False)
    left = {o.key for o in plan.omitted if "another target" in o.reason}
    assert left == {"alb.elb-5xx", "alb.rejected-connections"}


def computed(rule: AlarmRule, **metrics: float) -> float:
    """The last value of the rule's metric math, from values as ``<group>_<metric>``."""
    definition = definition_of(rule)
    names = {BLUE: "blue", GREEN: "green"}
    series = {}
    for metric in definition.metrics:
        group = names[dict(metric.dimensions)["TargetGroup"]]
        value = metrics.get(f"{group}_{metric.name}")
        samples = [] if value is None else [Sample.of(m * 60, value) for m in range(30)]
        series[metric] = Series(samples)
    last = list(timeline(definition, series, 0, 1800))[-1]
    assert last.datapoints[-1]
    return float(last.datapoints[-1].value)


def test_both_groups_of_a_service_are_added_up(plan_of: Callable[..., Plan]) -> None:
    found = rules(plan_of(ALB, **PAIR, per_target_group=True))
    # While traffic shifts: 2 + 3 errors of 60 + 40 requests are 5 %.
    shift = {
        "blue_HTTPCode_Target_5XX_Count": 2,
        "green_HTTPCode_Target_5XX_Count": 3,
        "blue_RequestCount": 60,
        "green_RequestCount": 40,
        "blue_TargetResponseTime": 0.2,
        "green_TargetResponseTime": 3,
    }
    assert computed(found["target-5xx@web/web"], **shift) == 5
    assert computed(found["target-5xx-rate@web/web"], **shift) == 5
    assert computed(found["latency-high@web/web"], **shift) == 3
    assert computed(found["latency-p99@web/web"], **shift) == 3
    alone = {name: value for name, value in shift.items() if name.startswith("green")}
    assert computed(found["target-5xx@web/web"], **alone) == 3
    assert computed(found["target-5xx-rate@web/web"], **alone) == 7.5
