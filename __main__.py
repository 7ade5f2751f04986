"""The monitoring of one stack: settings in; alarms, topics and dashboards out."""

from typing import Any

import pulumi

import ecs_monitoring as watch
from settings import Settings, warnings

settings = Settings.load(pulumi.Config())
for warning in warnings(settings):
    pulumi.log.warn(warning)


def told(name: str, alarms_in: str | None, **args: Any) -> watch.AlertRouting:
    """Topics and subscriptions as the settings want them, for alarms in a region."""
    routing: Any = {**settings.alerts.routing(alarms_in), "tags": settings.tags, **args}
    return watch.AlertRouting(name, routing)


def told_outside(region: str) -> watch.AlertRouting:
    """The same for alarms that have a region of their own, where they reach only its topics.

    Under another name, since a stack may be at home there.
    """
    return told(
        "alerts-outside",
        region,
        severities=settings.severities(outside=True),
        region=region,
    )


alerts = told(
    "alerts",
    settings.region,
    severities=settings.severities(),
    events=settings.event_severities(),
)
outside: watch.AlertRouting | None = None
parts: list[watch.Monitoring] = []
for kind, targets in settings.sections():
    if not targets:
        continue
    registered = watch.component_of(kind)
    if kind.region:
        outside = outside or told_outside(kind.region)
    routing = outside if outside and kind.region else alerts
    args: Any = {"targets": targets, "routing": routing.routing, **settings.shared()}
    parts.append(registered.component(kind.key, args))
events: watch.EventMonitoring | None = None
if settings.has_events:
    told_of: Any = {"topics": alerts.routing.topics, **settings.event_args()}
    events = watch.EventMonitoring("events", told_of)
if settings.review.reminder:
    topics = alerts.topics_of("warning")
    reminder: Any = {"topics": topics, "tags": settings.tags, **settings.review.told()}
    watch.ReviewReminder("review-reminder", reminder)

pulumi.export("alarms", watch.merged(part.alarms for part in parts))
pulumi.export("omitted_alarms", watch.merged(part.omitted for part in parts))
pulumi.export("topics", alerts.topics)
if events:
    pulumi.export("events", events.rules)
    pulumi.export("omitted_events", events.omitted)
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
