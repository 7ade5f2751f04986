"""The monitoring set-up as Pulumi components."""

from ecs_monitoring.alb import AlbMonitoring, AlbMonitoringArgs, AlbTargetArgs
from ecs_monitoring.alert_routing import AlertRouting
from ecs_monitoring.application import (
    ApplicationMonitoring,
    ApplicationMonitoringArgs,
    AppTargetArgs,
)
from ecs_monitoring.args import InvalidArgsError, as_args
from ecs_monitoring.chat_channels import (
    ChatChannels,
    ChatChannelsArgs,
    SlackChannelArgs,
    TeamsChannelArgs,
    told_channels,
)
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.dashboard import Dashboard, DashboardArgs
from ecs_monitoring.delivery import (
    DeliveryMonitoring,
    DeliveryMonitoringArgs,
    DeliveryTargetArgs,
    delivery_targets,
)
from ecs_monitoring.ecs import EcsMonitoring, EcsMonitoringArgs, EcsTargetArgs
from ecs_monitoring.events import (
    EventChangeArgs,
    EventMonitoring,
    EventMonitoringArgs,
    EventTeamArgs,
)
from ecs_monitoring.health_check import (
    HealthCheck,
    HealthCheckArgs,
    HealthTargetArgs,
    target_group_health_check,
)
from ecs_monitoring.incident_paging import IncidentPaging, IncidentPagingArgs
from ecs_monitoring.logs import ExtraPatternArgs, LogMonitoring, LogMonitoringArgs, LogTargetArgs
from ecs_monitoring.monitoring import Monitoring, component_of
from ecs_monitoring.mutes import MuteArgs
from ecs_monitoring.new_relic import NewRelicStream, NewRelicStreamArgs, StreamedMetricArgs
from ecs_monitoring.outputs import merged
from ecs_monitoring.rds import RdsMonitoring, RdsMonitoringArgs, RdsTargetArgs
from ecs_monitoring.recipients import AlertRoutingArgs, TeamArgs
from ecs_monitoring.review_reminder import ReviewReminder, ReviewReminderArgs
from ecs_monitoring.roles import bounded_roles
from ecs_monitoring.routing import MonitoringArgs, OffHoursArgs, RouteArgs, RoutingArgs
from ecs_monitoring.rules.incidents import Paging
from ecs_monitoring.rules.new_relic import NewRelicDatacenter
from ecs_monitoring.task_logging import LogMode, task_log_configuration

__all__ = [
    "AlarmOverride",
    "AlbMonitoring",
    "AlbMonitoringArgs",
    "AlbTargetArgs",
    "AlertRouting",
    "AlertRoutingArgs",
    "AppTargetArgs",
    "ApplicationMonitoring",
    "ApplicationMonitoringArgs",
    "ChatChannels",
    "ChatChannelsArgs",
    "Dashboard",
    "DashboardArgs",
    "DeliveryMonitoring",
    "DeliveryMonitoringArgs",
    "DeliveryTargetArgs",
    "EcsMonitoring",
    "EcsMonitoringArgs",
    "EcsTargetArgs",
    "EventChangeArgs",
    "EventMonitoring",
    "EventMonitoringArgs",
    "EventTeamArgs",
    "ExtraPatternArgs",
    "HealthCheck",
    "HealthCheckArgs",
    "HealthTargetArgs",
    "IncidentPaging",
    "IncidentPagingArgs",
    "InvalidArgsError",
    "LogMode",
    "LogMonitoring",
    "LogMonitoringArgs",
    "LogTargetArgs",
    "Monitoring",
    "MonitoringArgs",
    "MuteArgs",
    "NewRelicDatacenter",
    "NewRelicStream",
    "NewRelicStreamArgs",
    "OffHoursArgs",
    "Paging",
    "RdsMonitoring",
    "RdsMonitoringArgs",
    "RdsTargetArgs",
    "ReviewReminder",
    "ReviewReminderArgs",
    "RouteArgs",
    "RoutingArgs",
    "Severity",
    "SlackChannelArgs",
    "StreamedMetricArgs",
    "TeamArgs",
    "TeamsChannelArgs",
    "as_args",
    "bounded_roles",
    "component_of",
    "delivery_targets",
    "merged",
    "target_group_health_check",
    "task_log_configuration",
    "told_channels",
]
