"""Application load balancers: errors, latency and the health of their target groups."""

from functools import partial
from typing import Final

from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, LowSamples, MissingData, Severity
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules import alb_target as balancer
from ecs_monitoring.rules.alb_dashboard import alb_dashboard
from ecs_monitoring.rules.alb_target import AlbTarget
from ecs_monitoring.rules.plan import Kind, Omitted, Plan, Scope


def alb_rules(scope: Scope, name: str, target: AlbTarget) -> Plan:
    """The default rules of a load balancer, and of each of its target groups."""
    where = f"load balancer {target.load_balancer}"
    rules = [
        *_error_rules(name, target, where),
        *_latency_rules(name, target, where),
    ]
    for group in target.target_groups:
        rules += _group_rules(name, target, group)
    if target.target_groups:
        return Plan(tuple(rules))
    reason = "no target groups named (target_groups)"
    keys = (balancer.UNHEALTHY_HOSTS, balancer.NO_HEALTHY_HOSTS)
    return Plan(tuple(rules), tuple(Omitted(key, name, reason) for key in keys))


def _error_rules(name: str, target: AlbTarget, where: str) -> tuple[AlarmRule, ...]:
    # Without targets or without anything to count there is no data: no data means no errors.
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
    rule = partial(
        AlarmRule,
        target=name,
        severity=Severity.CRITICAL,
        comparison=Comparison.AT_LEAST,
        period=60,
        treat_missing_data=MissingData.NOT_BREACHING,
    )
    return (
        # The monitoring guide: five or more in one minute.
        rule(
            key=balancer.TARGET_5XX,
            title="Application 5xx errors",
            meaning=(
                f"the application behind {where} answers with server errors; look first at the "
                "latest exceptions in its log and at what was deployed last."
            ),
            signal=target.metric("HTTPCode_Target_5XX_Count", "Sum"),
            threshold=5,
            unit=Unit.COUNT,
            evaluation_periods=1,
        ),
        rule(
            key=balancer.TARGET_5XX_RATE,
            title="Application 5xx rate",
            meaning=(
                f"a lasting share of the requests through {where} fails; look first at which "
                "routes fail and at the database's alarms."
            ),
            signal=MetricMath(
                queries=(
                    MetricQuery(
                        id="errors", source=target.metric("HTTPCode_Target_5XX_Count", "Sum")
                    ),
                    MetricQuery(id="requests", source=target.metric("RequestCount", "Sum")),
                    MetricQuery(
                        id="rate",
                        source=(
                            f"IF(requests >= {balancer.RATE_MINIMUM_REQUESTS}, "
                            "100 * FILL(errors, 0) / requests, 0)"
                        ),
                        label=f"5xx rate (>= {balancer.RATE_MINIMUM_REQUESTS} requests)",
                    ),
                ),
                returned="rate",
            ),
            threshold=5,
            unit=Unit.PERCENT,
            evaluation_periods=5,
            datapoints_to_alarm=3,
        ),
        rule(
            key=balancer.ELB_5XX,
            title="Load balancer 5xx errors",
            meaning=(
                f"{where} itself answers with 502, 503 or 504, since it finds no target or gets "
                "no answer; look first at healthy hosts and at the tasks' restarts."
            ),
            signal=target.metric("HTTPCode_ELB_5XX_Count", "Sum"),
            threshold=5,
            unit=Unit.COUNT,
            evaluation_periods=1,
        ),
        rule(
            key=balancer.REJECTED_CONNECTIONS,
            title="Load balancer rejects connections",
            meaning=(
                f"{where} has reached its maximum number of connections; look first at the "
                "request count for a surge or an attack."
            ),
            signal=target.metric("RejectedConnectionCount", "Sum"),
            threshold=1,
            unit=Unit.COUNT,
            evaluation_periods=1,
        ),
    )


def _latency_rules(name: str, target: AlbTarget, where: str) -> tuple[AlarmRule, ...]:
    # There is no response time where there are no requests.
    rule = partial(
        AlarmRule,
        target=name,
        comparison=Comparison.AT_LEAST,
        unit=Unit.SECONDS,
        treat_missing_data=MissingData.NOT_BREACHING,
    )
    return (
        # The monitoring guide: "two seconds or more" over five minutes.
        rule(
            key=balancer.LATENCY_HIGH,
            title="Responses slow",
            meaning=(
                f"the application behind {where} is slow for everybody; look first at the "
                "database's load and connections, then at CPU."
            ),
            severity=Severity.CRITICAL,
            signal=target.metric("TargetResponseTime", "Average"),
            threshold=2,
            period=300,
            evaluation_periods=1,
        ),
        rule(
            key=balancer.LATENCY_P99,
            title="Slowest responses slow",
            meaning=(
                f"the slowest hundredth of the requests through {where} takes too long; look "
                "first at which routes are slow."
            ),
            severity=Severity.WARNING,
            signal=target.metric("TargetResponseTime", "p99"),
            threshold=5,
            period=60,
            evaluation_periods=5,
            low_samples=LowSamples.IGNORE,
        ),
    )


def _group_rules(name: str, target: AlbTarget, group: str) -> tuple[AlarmRule, ...]:
    where = f"target group {target.target_groups[group]} behind {target.load_balancer}"
    rule = partial(AlarmRule, target=name, part=group, unit=Unit.COUNT, threshold=1, period=60)
    return (
        rule(
            key=balancer.UNHEALTHY_HOSTS,
            title="Unhealthy hosts",
            meaning=(
                f"tasks in {where} fail their health check; look first at the health check's "
                "reason code and at the tasks' log."
            ),
            severity=Severity.WARNING,
            signal=target.group_metric(group, "UnHealthyHostCount", "Maximum"),
            comparison=Comparison.AT_LEAST,
            evaluation_periods=3,
            treat_missing_data=MissingData.MISSING,
        ),
        # A group without registered targets publishes nothing: that is the outage itself.
        rule(
            key=balancer.NO_HEALTHY_HOSTS,
            title="No healthy host",
            meaning=(
                f"nobody answers in {where}: the service is down; look first at running tasks "
                "and at the latest deployment."
            ),
            severity=Severity.CRITICAL,
            signal=target.group_metric(group, "HealthyHostCount", "Minimum"),
            comparison=Comparison.BELOW,
            evaluation_periods=2,
            treat_missing_data=MissingData.BREACHING,
        ),
    )


ALB: Final = Kind(
    key="alb",
    title="Load balancers",
    target=AlbTarget,
    keys=(
        balancer.TARGET_5XX,
        balancer.TARGET_5XX_RATE,
        balancer.ELB_5XX,
        balancer.LATENCY_HIGH,
        balancer.LATENCY_P99,
        balancer.UNHEALTHY_HOSTS,
        balancer.NO_HEALTHY_HOSTS,
        balancer.REJECTED_CONNECTIONS,
    ),
    rules=alb_rules,
    dashboard=alb_dashboard,
)
