"""A component's args and the rules' target have the same fields, so that none is forgotten."""

import dataclasses
import typing
from collections.abc import Awaitable, Mapping
from typing import Any

import pytest
from pydantic import BaseModel

import ecs_monitoring as watch
from ecs_monitoring.rules.alb_target import AlbTarget
from ecs_monitoring.rules.app_target import AppTarget
from ecs_monitoring.rules.delivery import DeliveryTarget
from ecs_monitoring.rules.ecs_target import EcsTarget
from ecs_monitoring.rules.health import HealthTarget
from ecs_monitoring.rules.log_target import ExtraPattern, LogTarget
from ecs_monitoring.rules.mute import Mute
from ecs_monitoring.rules.off_hours import OffHours
from ecs_monitoring.rules.rds_target import RdsTarget
from ecs_monitoring.rules.review import Reminder
from settings.alerts import AlertSettings

PAIRS: list[tuple[type[Any], type[BaseModel]]] = [
    (watch.EcsTargetArgs, EcsTarget),
    (watch.AlbTargetArgs, AlbTarget),
    (watch.RdsTargetArgs, RdsTarget),
    (watch.LogTargetArgs, LogTarget),
    (watch.ExtraPatternArgs, ExtraPattern),
    (watch.AppTargetArgs, AppTarget),
    (watch.HealthTargetArgs, HealthTarget),
    (watch.DeliveryTargetArgs, DeliveryTarget),
    (watch.OffHoursArgs, OffHours),
]

each_pair = pytest.mark.parametrize(
    ("args", "target"), PAIRS, ids=lambda kind: getattr(kind, "__name__", "")
)


def arg_fields(args: type[Any]) -> Mapping[str, dataclasses.Field[Any]]:
    return {field.name: field for field in dataclasses.fields(args)}


@each_pair
def test_the_same_fields(args: type[Any], target: type[BaseModel]) -> None:
    assert list(arg_fields(args)) == list(target.model_fields)


@each_pair
def test_the_same_fields_must_be_given(args: type[Any], target: type[BaseModel]) -> None:
    """A field left out is ``None`` in the args, for which the target has its default."""
    left_out = {name: field.default for name, field in arg_fields(args).items()}
    required = {n for n, default in left_out.items() if default is dataclasses.MISSING}
    assert required == {n for n, field in target.model_fields.items() if field.is_required()}
    assert {default for n, default in left_out.items() if n not in required} <= {None}


@each_pair
def test_whatever_may_be_an_output_has_an_example(args: type[Any], target: type[BaseModel]) -> None:
    """Examples stand in for Outputs while the rules are planned, and have to be valid."""
    for name, field in arg_fields(args).items():
        if Awaitable in _origins(field.type):
            examples = target.model_fields[name].examples
            assert examples, f"{args.__name__}.{name}"


def _origins(hint: Any) -> set[Any]:
    """Every type within a type hint; ``pulumi.Input`` holds an awaitable."""
    found = {typing.get_origin(hint), hint if isinstance(hint, type) else None}
    for argument in typing.get_args(hint):
        found |= _origins(argument)
    return found


def test_the_search_for_outputs_finds_them() -> None:
    fields = arg_fields(watch.EcsTargetArgs)
    assert Awaitable in _origins(fields["cluster"].type)
    assert Awaitable in _origins(fields["min_running_tasks"].type)
    assert Awaitable not in _origins(fields["container_insights"].type)
    groups = arg_fields(watch.AlbTargetArgs)["target_groups"]
    assert Awaitable in _origins(groups.type)


def test_alert_settings_reach_the_routing() -> None:
    """Severities come from rules and events, the rest from the program; components mute.

    A route is a team's topics, with the alarms that it is told of.
    """
    own = {"severities", "events", "region", "secret", "tags", "teams"}
    of_others = {"depends_on", "mutes", "slack", "microsoft_teams", "routes"}
    settings = set(AlertSettings.model_fields) - of_others
    assert set(arg_fields(watch.AlertRoutingArgs)) - own == settings
    assert "depends_on" in arg_fields(watch.IncidentPagingArgs)
    assert "mutes" in arg_fields(watch.MonitoringArgs)


def test_a_windows_settings_reach_the_components() -> None:
    assert set(arg_fields(watch.MuteArgs)) == set(Mute.model_fields)


def test_the_settings_of_the_reminder_reach_it() -> None:
    """Topics and tags come from the program."""
    assert set(arg_fields(watch.ReviewReminderArgs)) - {"topics", "tags"} == set(
        Reminder.model_fields
    )


@pytest.mark.parametrize(
    "args",
    [
        watch.EcsMonitoringArgs,
        watch.AlbMonitoringArgs,
        watch.RdsMonitoringArgs,
        watch.LogMonitoringArgs,
        watch.ApplicationMonitoringArgs,
        watch.HealthCheckArgs,
    ],
)
def test_monitoring_components_take_the_same(args: type[Any]) -> None:
    assert set(arg_fields(args)) == {
        *("targets", "routing", "overrides", "mutes", "tags", "runbooks")
    }
