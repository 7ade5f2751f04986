"""The monitoring of one stack: settings in; alarms, topics and dashboards out."""

import pulumi

import ecs_monitoring as watch
from settings import RegionSettings, Settings, warnings

settings = Settings.load(pulumi.Config())
for warning in warnings(settings):
    pulumi.log.warn(warning)
if settings.permissions_boundary:
    pulumi.runtime.register_stack_transformation(watch.bounded_roles(settings.permissions_boundary))

# The stack's own Region, and that of the outside checks where it has any.
home, *_ = regions = settings.regions
alerts: dict[RegionSettings, watch.AlertRouting] = {}
for at in regions:
    alerts[at] = watch.AlertRouting(at.name("alerts"), at.routing())
parts: list[watch.Monitoring] = []
for at in regions:
    for kind, targets in at.sections():
        args = at.monitoring(targets, alerts[at].routing)
        parts.append(watch.component_of(kind)(kind.key, args))

# What no metric tells.
events: dict[RegionSettings, watch.EventMonitoring] = {}
for at in regions:
    if at.has_events:
        events[at] = watch.EventMonitoring(at.name("events"), at.events(alerts[at].routing))

# What carries the notifications: an alarm tells topics of its own Region.
delivery: list[watch.Monitoring] = []
for at in regions:
    told_by = alerts[at if at.is_far else home]
    if carriers := watch.delivery_targets(alerts[at], events.get(at), told_by=told_by):
        args = at.delivery(carriers, told_by.routing)
        delivery.append(watch.DeliveryMonitoring(at.name("delivery"), args))
parts += delivery

# Who is told, besides the topics' subscribers.
# A plain loop: Pulumi looks through the stack at each registration, frame by frame.
incidents: list[watch.IncidentPaging] = []
for at in regions:
    if paged := at.paged(parts):
        args = at.incidents(paged, alerts[at].routing)
        incidents.append(watch.IncidentPaging(at.name("incidents"), args))
if channels := watch.told_channels(settings.alerts.channels(), alerts.values()):
    watch.ChatChannels("chat", settings.chat(channels))
if settings.review.reminder:
    watch.ReviewReminder("review-reminder", settings.reminder(alerts[home].topics_of("warning")))
streams = {
    name: watch.NewRelicStream(name, stream)
    for at in regions
    if (name := at.name("new-relic")) and (stream := at.new_relic(delivery))
}

pulumi.export("alarms", watch.merged(part.alarm_arns for part in parts))
pulumi.export("omitted_alarms", watch.merged(part.omissions for part in parts))
muted = [*(part.mute_rule_arns for part in parts), *(page.mute_rule_arns for page in incidents)]
pulumi.export("mute_rules", watch.merged(muted))
if judged := settings.deployment_alarms():
    pulumi.export("deployment_alarms", judged)
for at, routing in alerts.items():
    pulumi.export(at.output("topics"), routing.topic_arns)
if settings.alerts.routes:
    pulumi.export("team_topics", alerts[home].team_topic_arns)
for at, told_of in events.items():
    pulumi.export(at.output("events"), told_of.rule_arns)
    pulumi.export(at.output("omitted_events"), told_of.omissions)
if streams:
    pulumi.export("new_relic_streams", {name: s.stream for name, s in streams.items()})
    pulumi.export("failed_records", {name: s.failed_records for name, s in streams.items()})
if settings.dashboard.enabled:
    dashboard = watch.Dashboard("dashboard", settings.overview(parts))
    pulumi.export("dashboard_name", dashboard.dashboard_name)
    pulumi.export("dashboard_url", dashboard.url)
    pulumi.export("dashboards", dashboard.dashboards)
