"""The monitoring set-up as Pulumi components."""

from components.alb import AlbMonitoring, AlbMonitoringArgs, AlbTargetArgs
from components.alert_routing import AlertRouting, AlertRoutingArgs
from components.application import (
    ApplicationMonitoring,
    ApplicationMonitoringArgs,
    AppTargetArgs,
)
from components.args import InvalidArgsError, as_args, merged
from components.dashboard import Dashboard, DashboardArgs
from components.ecs import EcsMonitoring, EcsMonitoringArgs, EcsTargetArgs
from components.health_check import (
    HealthCheck,
    HealthCheckArgs,
    HealthTargetArgs,
    target_group_health_check,
)
from components.logs import ExtraPatternArgs, LogMonitoring, LogMonitoringArgs, LogTargetArgs
from components.monitoring import Monitoring
from components.rds import RdsMonitoring, RdsMonitoringArgs, RdsTargetArgs
from components.review_reminder import ReviewReminder, ReviewReminderArgs
from components.routing import MonitoringArgs, RoutingArgs
from components.task_logging import LogMode, task_log_configuration

__all__ = [
    "AlbMonitoring",
    "AlbMonitoringArgs",
    "AlbTargetArgs",
    "AlertRouting",
    "AlertRoutingArgs",
    "AppTargetArgs",
    "ApplicationMonitoring",
    "ApplicationMonitoringArgs",
    "Dashboard",
    "DashboardArgs",
    "EcsMonitoring",
    "EcsMonitoringArgs",
    "EcsTargetArgs",
    "ExtraPatternArgs",
    "HealthCheck",
    "HealthCheckArgs",
    "HealthTargetArgs",
    "InvalidArgsError",
    "LogMode",
    "LogMonitoring",
    "LogMonitoringArgs",
    "LogTargetArgs",
    "Monitoring",
    "MonitoringArgs",
    "RdsMonitoring",
    "RdsMonitoringArgs",
    "RdsTargetArgs",
    "ReviewReminder",
    "ReviewReminderArgs",
    "RoutingArgs",
    "as_args",
    "merged",
    "target_group_health_check",
    "task_log_configuration",
]
