"""The monitoring of one stack: settings in; alarms, topics and a dashboard out."""

from collections.abc import Mapping
from typing import Any, TypeVar

import pulumi

import ecs_monitoring as watch
from ecs_monitoring.rules.health import ROUTE53_REGION
from settings import Settings, silent_severities

A = TypeVar("A")

settings = Settings.load(pulumi.Config())
for warning in silent_severities(settings):
    pulumi.log.warn(warning)


def told(name: str, alarms_in: str | None, **args: Any) -> watch.AlertRouting:
    """Topics and subscriptions as the settings want them, for alarms in a region."""
    wanted = {**settings.alerts.routing(alarms_in), "tags": settings.tags, **args}
    return watch.AlertRouting(name, watch.as_args(watch.AlertRoutingArgs, wanted, name))


def args(kind: type[A], targets: Mapping[str, Any], routing: watch.AlertRouting) -> A:
    """A monitoring component's args: its targets, and what all components share."""
    wanted = {"targets": targets, "routing": routing.routing, **settings.shared()}
    return watch.as_args(kind, wanted, kind.__name__)


parts: list[watch.Monitoring] = []
alerts = told("alerts", settings.region, severities=settings.severities())
if settings.ecs:
    parts += [watch.EcsMonitoring("ecs", args(watch.EcsMonitoringArgs, settings.ecs, alerts))]
if settings.alb:
    parts += [watch.AlbMonitoring("alb", args(watch.AlbMonitoringArgs, settings.alb, alerts))]
if settings.rds:
    parts += [watch.RdsMonitoring("rds", args(watch.RdsMonitoringArgs, settings.rds, alerts))]
if settings.logs:
    parts += [watch.LogMonitoring("logs", args(watch.LogMonitoringArgs, settings.logs, alerts))]
if settings.app:
    app_args = args(watch.ApplicationMonitoringArgs, settings.app, alerts)
    parts += [watch.ApplicationMonitoring("app", app_args)]
outside: watch.AlertRouting | None = None
if settings.health:
    # Outside checks have their alarms in a region of their own, where alarms reach only topics
    # of that region; under another name, since a stack may be at home there.
    outside = told(
        "alerts-outside",
        ROUTE53_REGION,
        severities=settings.severities(outside=True),
        topic_name=f"{settings.alerts.topic_name}-outside",
        region=ROUTE53_REGION,
    )
    parts += [watch.HealthCheck("health", args(watch.HealthCheckArgs, settings.health, outside))]
if settings.review.reminder:
    reminder = {"topics": alerts.routing.topics["warning"], "tags": settings.tags}
    reminder_args = watch.as_args(
        watch.ReviewReminderArgs, {**reminder, **settings.review.told()}, "review"
    )
    watch.ReviewReminder("review-reminder", reminder_args)

dashboard = watch.Dashboard(
    "dashboard",
    watch.DashboardArgs(
        parts=[part.dashboard for part in parts],
        alarms=[arn for part in parts for arn in part.alarm_arns],
        runbooks=settings.runbooks,
    ),
)

pulumi.export("alarms", watch.merged(part.alarms for part in parts))
pulumi.export("omitted_alarms", watch.merged(part.omitted for part in parts))
pulumi.export("topics", alerts.topics)
if outside:
    pulumi.export("outside_topics", outside.topics)
pulumi.export("dashboard_name", dashboard.dashboard_name)
pulumi.export("dashboard_url", dashboard.url)
