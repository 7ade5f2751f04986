"""The monitoring of one stack: settings in; alarms, topics and dashboards out."""

from collections.abc import Mapping
from typing import Any

import pulumi

import ecs_monitoring as watch
from ecs_monitoring.rules.health import ROUTE53_REGION
from settings import Settings, silent_severities

settings = Settings.load(pulumi.Config())
for warning in silent_severities(settings):
    pulumi.log.warn(warning)


def told(name: str, alarms_in: str | None, **args: Any) -> watch.AlertRouting:
    """Topics and subscriptions as the settings want them, for alarms in a region."""
    routing: Any = {**settings.alerts.routing(alarms_in), "tags": settings.tags, **args}
    return watch.AlertRouting(name, routing)


def args(targets: Mapping[str, Any], routing: watch.AlertRouting) -> Any:
    """A monitoring component's args, as a mapping: its targets, and what all components share."""
    return {"targets": targets, "routing": routing.routing, **settings.shared()}


parts: list[watch.Monitoring] = []
alerts = told("alerts", settings.region, severities=settings.severities())
if settings.ecs:
    parts += [watch.EcsMonitoring("ecs", args(settings.ecs, alerts))]
if settings.alb:
    parts += [watch.AlbMonitoring("alb", args(settings.alb, alerts))]
if settings.rds:
    parts += [watch.RdsMonitoring("rds", args(settings.rds, alerts))]
if settings.logs:
    parts += [watch.LogMonitoring("logs", args(settings.logs, alerts))]
if settings.app:
    parts += [watch.ApplicationMonitoring("app", args(settings.app, alerts))]
outside: watch.AlertRouting | None = None
if settings.health:
    # Outside checks have their alarms in a region of their own, where alarms reach only topics
    # of that region; under another name, since a stack may be at home there.
    outside = told(
        "alerts-outside",
        ROUTE53_REGION,
        severities=settings.severities(outside=True),
        region=ROUTE53_REGION,
    )
    parts += [watch.HealthCheck("health", args(settings.health, outside))]
if settings.review.reminder:
    topics = alerts.topics_of("warning")
    reminder: Any = {"topics": topics, "tags": settings.tags, **settings.review.told()}
    watch.ReviewReminder("review-reminder", reminder)

pulumi.export("alarms", watch.merged(part.alarms for part in parts))
pulumi.export("omitted_alarms", watch.merged(part.omitted for part in parts))
pulumi.export("topics", alerts.topics)
if outside:
    pulumi.export("outside_topics", outside.topics)
if settings.dashboard.enabled:
    dashboard = watch.Dashboard(
        "dashboard",
        watch.DashboardArgs(
            graphs=[part.graphs for part in parts],
            alarms=[part.alarms for part in parts],
            runbooks=settings.runbooks,
        ),
    )
    pulumi.export("dashboard_name", dashboard.dashboard_name)
    pulumi.export("dashboard_url", dashboard.url)
    pulumi.export("dashboards", dashboard.dashboards)
