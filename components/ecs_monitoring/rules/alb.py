"""Application load balancers: errors, latency and the health of their target groups."""

from collections.abc import Callable
from functools import partial
from typing import Final

from ecs_monitoring.catalog.metrics import Reading
from ecs_monitoring.catalog.metrics import alb as metrics
from ecs_monitoring.cloudwatch.rule import LowSamples, MissingData, Severity, WarmUp
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules.alb_dashboard import alb_dashboard
from ecs_monitoring.rules.alb_target import AlbTarget
from ecs_monitoring.rules.condition import at_least, below
from ecs_monitoring.rules.layer import Layer
from ecs_monitoring.rules.plan import Kind
from ecs_monitoring.rules.row import GUIDE, Math, Rule, Subject
from ecs_monitoring.words import MINUTE

RATE_MINIMUM_REQUESTS: Final = 20
"""Requests a minute below which an error rate says nothing: one error in a quiet night."""


NO_HEALTHY_HOSTS: Final = "alb.no-healthy-hosts"
"""The key of the alarm on a target group that nobody answers in."""


def _names_no_group(target: AlbTarget) -> bool:
    return not target.target_groups


def _leaves_the_balancer(target: AlbTarget) -> bool:
    return not target.load_balancer_alarms


def _either(
    reading: Reading, combined: str, label: str
) -> Callable[[Subject[AlbTarget]], Reading | Math]:
    """A statistic of a target group, or of both that a blue/green service has.

    Args:
        reading: the statistic.
        combined: metric math that makes one value of ``{current}`` and ``{other}``, each of which
            is 0 while its group publishes nothing.
        label: what graphs and conditions call the value of both.
    """

    def of(subject: Subject[AlbTarget]) -> Reading | Math:
        other = subject.target.alternate(subject.part)
        if not other:
            return reading
        return Math(
            reads={"current": reading, "other": reading},
            parts={"other": other},
            expression=combined.format(current="FILL(current, 0)", other="FILL(other, 0)"),
            returns="both",
            label=label,
            unit=reading.unit,
        )

    return of


_SUM: Final = "{current} + {other}"
_WORSE: Final = "MAX([{current}, {other}])"


def _error_rate(subject: Subject[AlbTarget]) -> Math:
    other = subject.target.alternate(subject.part)
    reads = {"errors": metrics.TARGET_5XX.sum, "requests": metrics.REQUEST_COUNT.sum}
    errors, requests = "FILL(errors, 0)", "requests"
    if other:
        reads |= {"other_errors": reads["errors"], "other_requests": reads["requests"]}
        errors = "(FILL(errors, 0) + FILL(other_errors, 0))"
        requests = "(FILL(requests, 0) + FILL(other_requests, 0))"
    return Math(
        reads=reads,
        parts=dict.fromkeys(("other_errors", "other_requests"), other),
        expression=(f"IF({requests} >= {RATE_MINIMUM_REQUESTS}, 100 * {errors} / {requests}, 0)"),
        returns="rate",
        label=f"5xx rate (>= {RATE_MINIMUM_REQUESTS} requests)",
        unit=Unit.PERCENT,
        highest=100,
    )


# Without targets or without anything to count there is no data: no data means no errors.
_Rule = partial(
    Rule[AlbTarget],
    missing=MissingData.NOT_BREACHING,
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
    "load-balancer-cloudwatch-metrics.html",
)
_ServiceRule = partial(
    _Rule, each=lambda target: target.target_groups if target.per_target_group else ("",)
)
_BalancerRule = partial(
    _Rule,
    unless={
        _leaves_the_balancer: "another target has the load balancer's own alarms "
        "(load_balancer_alarms: false)"
    },
)
_GroupRule = partial(
    _Rule,
    each=lambda target: target.target_groups,
    unless={_names_no_group: "no target groups named (target_groups)"},
)

_ANY_MINUTE: Final = "1 of 5 x 60 s"
"""On with the first bad minute, and until none of the last five is bad.

Errors that come and go every few minutes are one alarm, whose incident pages once; an alarm that
followed each of them would be off again whenever its incident has waited for a cause.
"""

ROWS: Final[tuple[Rule[AlbTarget], ...]] = (
    _ServiceRule(
        "alb.target-5xx",
        Severity.CRITICAL,
        "Application 5xx errors",
        on=_either(metrics.TARGET_5XX.sum, _SUM, "5XX of both target groups"),
        when=at_least(5),
        held="1 of 1 x 60 s",
        drawn_on="ALB Response Codes",
        judges_deployments=True,
        means="the application behind {where} answers with server errors; look first at the "
        "latest exceptions in its log and at what was deployed last.",
        source=GUIDE,
    ),
    _ServiceRule(
        "alb.target-5xx-rate",
        Severity.CRITICAL,
        "Application 5xx rate",
        on=_error_rate,
        when=at_least(5),
        held="3 of 5 x 60 s",
        judges_deployments=True,
        means="a lasting share of the requests through {where} fails; look first at which "
        "routes fail and at the database's alarms.",
    ),
    _BalancerRule(
        "alb.elb-5xx",
        Severity.CRITICAL,
        "Load balancer 5xx errors",
        on=metrics.ELB_5XX.sum,
        off=0,
        when=at_least(5),
        held=_ANY_MINUTE,
        drawn_on="ALB Errors",
        means="{where} itself answers with 502, 503 or 504, since it finds no target or gets "
        "no answer; look first at healthy hosts and at the tasks' restarts.",
    ),
    _ServiceRule(
        "alb.latency-high",
        Severity.CRITICAL,
        "Responses slow",
        on=_either(
            metrics.TARGET_RESPONSE_TIME.average, _WORSE, "TargetResponseTime of the slower group"
        ),
        when=at_least(2),
        held="1 of 1 x 300 s",
        drawn_on="ALB Response Time",
        judges_deployments=True,
        means="the application behind {where} is slow for everybody; look first at the "
        "database's load and connections, then at CPU.",
        source=GUIDE,
    ),
    _ServiceRule(
        "alb.latency-p99",
        Severity.WARNING,
        "Slowest responses slow",
        on=_either(
            metrics.TARGET_RESPONSE_TIME.percentile(99),
            _WORSE,
            "TargetResponseTime p99 of the slower group",
        ),
        when=at_least(5),
        held="5 of 5 x 60 s",
        low_samples=LowSamples.IGNORE,
        drawn_on="ALB Response Time Percentiles",
        means="the slowest hundredth of the requests through {where} takes too long; look "
        "first at which routes are slow.",
    ),
    _GroupRule(
        "alb.unhealthy-hosts",
        Severity.WARNING,
        "Unhealthy hosts",
        on=_either(metrics.UNHEALTHY_HOST_COUNT.maximum, _SUM, "unhealthy hosts of both groups"),
        when=at_least(1),
        held="3 of 3 x 60 s",
        missing=MissingData.MISSING,
        runs_out=True,
        drawn_on="ALB Unhealthy Hosts",
        judges_deployments=True,
        means="tasks in {where} fail their health check; look first at the health check's "
        "reason code and at the tasks' log.",
    ),
    _GroupRule(
        NO_HEALTHY_HOSTS,
        Severity.CRITICAL,
        "No healthy host",
        on=_either(metrics.HEALTHY_HOST_COUNT.minimum, _SUM, "healthy hosts of both groups"),
        when=below(1),
        off=metrics.MOST_TARGETS,
        held="2 of 2 x 60 s",
        # A group without registered targets publishes nothing: that is the outage itself.
        missing=MissingData.BREACHING,
        # A service that is deployed with its alarm has no targets at first, and then some that have
        # not passed their first health check.
        warm_up=WarmUp(15 * MINUTE, is_whole=True),
        runs_out=True,
        drawn_on="ALB Healthy Hosts",
        judges_deployments=True,
        means="nobody answers in {where}: the service is down; look first at running tasks "
        "and at the latest deployment.",
    ),
    _BalancerRule(
        "alb.rejected-connections",
        Severity.CRITICAL,
        "Load balancer rejects connections",
        on=metrics.REJECTED_CONNECTION_COUNT.sum,
        when=at_least(1),
        held=_ANY_MINUTE,
        runs_out=True,
        drawn_on="ALB Errors",
        means="{where} has reached its maximum number of connections; look first at the "
        "request count for a surge or an attack.",
    ),
)

ALB: Final = Kind(
    key="alb",
    layer=Layer.ENTRANCE,
    title="Load balancers",
    describes="Application load balancers and their target groups.",
    target=AlbTarget,
    part="target group",
    rows=ROWS,
    aws_services=("ELASTICLOADBALANCING",),
    dashboard=alb_dashboard,
)
