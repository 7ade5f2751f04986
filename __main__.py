"""The monitoring of one stack: settings in; alarms, topics and dashboards out."""

from typing import Any

import pulumi

import ecs_monitoring as watch
from settings import Settings, warnings

settings = Settings.load(pulumi.Config())
for warning in warnings(settings):
    pulumi.log.warn(warning)

if settings.permissions_boundary:
    pulumi.runtime.register_stack_transformation(watch.bounded_roles(settings.permissions_boundary))


def told(name: str, alarms_in: str | None, *, outside: bool = False) -> watch.AlertRouting:
    """Topics and subscriptions as the settings want them, for alarms in a region."""
    routing: Any = {
        **settings.alerts.routing(alarms_in),
        "severities": settings.severities(outside=outside),
        "events": settings.event_severities(outside=outside),
        "teams": settings.teams(alarms_in, outside=outside),
        "tags": settings.tags,
        **({"region": alarms_in} if outside else {}),
    }
    return watch.AlertRouting(name, routing)


def paged(
    name: str, routing: watch.AlertRouting, told_of: list[watch.Monitoring]
) -> list[watch.IncidentPaging]:
    """One page an incident, where the settings want it, for alarms in a region."""
    if told_of and settings.alerts.paging is watch.Paging.INCIDENT:
        args: Any = {
            "incidents": [part.incidents for part in told_of],
            "alarms": [part.alarms for part in told_of],
            "routing": routing.routing,
            **settings.incidents(outside=routing is not alerts),
        }
        return [watch.IncidentPaging(name, args)]
    return []


def of_aws(name: str, routing: watch.AlertRouting) -> watch.EventMonitoring | None:
    """Rules for what AWS tells of in a region, where the settings want any."""
    is_outside = routing is not alerts
    if not settings.has_events(outside=is_outside):
        return None
    args: Any = {"topics": routing.routing.topics, **settings.event_args(outside=is_outside)}
    return watch.EventMonitoring(name, args)


alerts = told("alerts", settings.region)
outside: watch.AlertRouting | None = None
parts: list[watch.Monitoring] = []
far: list[watch.Monitoring] = []
for kind, targets in settings.sections():
    if not targets:
        continue
    registered = watch.component_of(kind)
    if kind.region:
        # Under another name, since a stack may be at home there.
        outside = outside or told("alerts-outside", kind.region, outside=True)
    routing = outside if outside and kind.region else alerts
    args: Any = {"targets": targets, "routing": routing.routing, **settings.shared()}
    parts.append(registered.component(kind.key, args))
    far += parts[-1:] if settings.far_region(kind) else []
events = of_aws("events", alerts)
carriers = watch.delivery_targets(alerts, events)
carrying: list[watch.Monitoring] = []
if carriers:
    delivery: Any = {"targets": carriers, "routing": alerts.routing, **settings.shared()}
    carrying.append(watch.DeliveryMonitoring("delivery", delivery))
parts += carrying
incidents = paged("incidents", alerts, [part for part in parts if part not in far])
if outside:
    incidents += paged("incidents-outside", outside, far)
chat: dict[str, list[Any]] = {"slack": [], "teams": []}
for channel, named in settings.alerts.channels():
    # Amazon Q Developer takes topics of any region.
    heard = [
        topic
        for routing in (alerts, outside)
        for team, severity in named
        if routing and (topic := routing.own_topic(severity, team))
    ]
    if heard:
        chat[channel.kind].append({**dict(channel), "topics": heard})
if any(chat.values()):
    channels: Any = {**chat, "tags": settings.tags}
    watch.ChatChannels("chat", channels)
outside_events = of_aws("events-outside", outside) if outside else None
if settings.review.reminder:
    topics = alerts.topics_of("warning")
    reminder: Any = {"topics": topics, "tags": settings.tags, **settings.review.told()}
    watch.ReviewReminder("review-reminder", reminder)
streams: dict[str, watch.NewRelicStream] = {}
for name, stream in settings.new_relic_streams([m for part in carrying for m in part.metrics]):
    streams[name] = watch.NewRelicStream(name, stream)

pulumi.export("alarms", watch.merged(part.alarms for part in parts))
pulumi.export("omitted_alarms", watch.merged(part.omitted for part in parts))
muted = [*(part.mute_rules for part in parts), *(paging.mute_rules for paging in incidents)]
pulumi.export("mute_rules", watch.merged(muted))
if judged := settings.deployment_alarms():
    pulumi.export("deployment_alarms", judged)
pulumi.export("topics", alerts.topics)
if events:
    pulumi.export("events", events.rules)
    pulumi.export("omitted_events", events.omitted)
if settings.alerts.routes:
    pulumi.export("team_topics", alerts.team_topics)
if outside:
    pulumi.export("outside_topics", outside.topics)
if outside_events:
    pulumi.export("outside_events", outside_events.rules)
    pulumi.export("omitted_outside_events", outside_events.omitted)
if streams:
    pulumi.export("new_relic_streams", {name: one.stream for name, one in streams.items()})
    pulumi.export("failed_records", {name: one.failed_records for name, one in streams.items()})
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
