"""Reads what runs and what is watched, and lays one over the other; changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from account.account import Account, Attempts, Region
from account.coverage.alb_reader import read_load_balancers
from account.coverage.ecs_reader import read_ecs
from account.coverage.finding import Finding, worst_first
from account.coverage.gone import gone
from account.coverage.inventory import Inventory
from account.coverage.known_metrics import read_known_metrics
from account.coverage.logs_reader import read_log_groups, read_metric_filters
from account.coverage.muted import muted, unchecked
from account.coverage.rds_reader import read_databases
from account.coverage.resources import unread_kinds
from account.coverage.silence import quiet_groups, silent
from account.coverage.unwatched import unwatched
from account.coverage.view import Declared, RegionView
from account.coverage.watchers import Watcher, watchers
from account.mute_rules import READ_PERMISSIONS as MUTE_RULE_PERMISSIONS
from account.mute_rules import active_mute_rules
from account.reading import TOPIC_PERMISSIONS, FoundAlarms, read_every_alarm, read_topics
from account.stack import StackPlace
from ecs_monitoring.cloudwatch.definition import MetricKey

INVENTORY_PERMISSIONS: Final = (
    "application-autoscaling:DescribeScalableTargets",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:ListMetrics",
    "ecs:DescribeClusters",
    "ecs:DescribeServices",
    "ecs:DescribeTaskDefinition",
    "ecs:ListClusters",
    "ecs:ListServices",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
    "logs:DescribeLogGroups",
    "logs:DescribeMetricFilters",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    *TOPIC_PERMISSIONS,
)
"""The IAM actions by which is read what runs and who is told."""

PERMISSIONS: Final = (*INVENTORY_PERMISSIONS, *MUTE_RULE_PERMISSIONS)
"""The IAM actions that are needed; without one of them, what it tells is left out and noted.

Those of https://docs.aws.amazon.com/service-authorization/latest/reference/, where the actions of
an API have its operations' names. Finding the stack's alarms needs
``cloudwatch:ListTagsForResource`` too.
"""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What is watched of what runs.

    Attributes:
        findings: the worst first.
        looked_at: by region, how many there are of each sort of thing; ``None`` for what could
            not be looked at.
        notes: what could not be looked at, and why, in words.
    """

    findings: tuple[Finding, ...]
    looked_at: Mapping[str, Mapping[str, int | None]]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The coverage for scripts."""
        return {
            "findings": [finding.as_json() for finding in self.findings],
            "looked_at": {region: dict(counts) for region, counts in self.looked_at.items()},
            "notes": list(self.notes),
        }


def read_coverage(
    account: Account,
    place: StackPlace,
    by_region: Sequence[tuple[Region, FoundAlarms]],
    *,
    now: datetime,
    declared: Declared | None = None,
    recorded: Mapping[MetricKey, bool] | None = None,
) -> Coverage:
    """Compare what runs where the stack is with what its alarms, and others', watch.

    What runs is looked at in the stack's own regions. In the region of the outside checks, which
    is there for their alarms alone, only the alarms are.

    Args:
        account: where.
        place: the stack.
        by_region: the stack's alarms by region, as ``find_alarms`` finds them.
        now: the time, with a zone.
        declared: what the stack's settings say, for advice that fits them.
        recorded: whether the archive of metric history has any record of a metric; a metric that
            nobody looked up is missing.
    """
    own_regions = place.regions or (place.home,)
    findings: list[Finding] = []
    looked_at: dict[str, Mapping[str, int | None]] = {}
    notes = [
        f"what runs of the kind {kind} was not looked at: nothing in account/coverage reads it"
        for kind in unread_kinds()
    ]
    for region, alarms in by_region:
        attempts = Attempts(region.name)
        view = RegionView(
            place=place,
            region=region.name,
            now=now,
            alarms=alarms.alarms,
            declared=declared or Declared(),
            recorded=recorded or {},
        )
        if region.name in own_regions:
            inventory = read_inventory(account, attempts)
            looked_at[region.name] = inventory.counts()
            view = replace(view, inventory=inventory)
        every = attempts.of("alarms", partial(read_every_alarm, region))
        if every is not None:
            view = _with_alarms(view, region, watchers(every, alarms.alarms), attempts)
            findings += region_findings(view)
            attempts.notes += unchecked(view)
        notes += attempts.notes
    return Coverage(
        findings=worst_first(findings),
        looked_at=looked_at,
        notes=tuple(notes),
    )


def read_inventory(account: Account, attempts: Attempts) -> Inventory:
    """What runs in a region.

    Args:
        account: where.
        attempts: of the region; takes note of what could not be looked at.
    """

    def client(service: str) -> Any:
        return account.client(service, attempts.region)

    clusters, services = read_ecs(client("ecs"), client("application-autoscaling"), attempts)
    balancers, groups = read_load_balancers(client("elbv2"), attempts)
    databases = read_databases(client("rds"), attempts)
    written = {
        group: f"ECS service {service.name} (cluster {service.cluster})"
        for service in services or ()
        for group in service.log_groups
    }
    logs = client("logs")
    return Inventory(
        clusters=clusters,
        services=services,
        load_balancers=balancers,
        target_groups=groups,
        databases=databases,
        log_groups=None if services is None else read_log_groups(logs, written, attempts),
        metric_filters=read_metric_filters(logs, attempts),
    )


def _with_alarms(
    view: RegionView, region: Region, every: tuple[Watcher, ...], attempts: Attempts
) -> RegionView:
    """The view with what the alarms read and whom they tell."""
    metrics = [metric for watcher in every if watcher.own for metric in watcher.metrics]
    return replace(
        view,
        watchers=every,
        metrics=read_known_metrics(region.cloudwatch, metrics, attempts),
        topics=read_topics(region, view.alarms),
        mute_rules=active_mute_rules(region, attempts),
    )


def region_findings(view: RegionView) -> tuple[Finding, ...]:
    """What runs and is not watched, what is watched in vain, and what nobody would be notified of.

    Args:
        view: everything that was read.

    Returns:
        The worst first.
    """
    return worst_first(
        [
            *unwatched(view),
            *gone(view),
            *silent(view),
            *quiet_groups(view),
            *muted(view),
        ]
    )
