"""Mistakes in what rests on what, with ``alerts.paging: incident``."""

from collections.abc import Iterator, Mapping
from typing import Any

from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.rules import KINDS
from ecs_monitoring.rules.incidents import (
    IncidentPart,
    Owner,
    Paging,
    incident_composites,
)
from ecs_monitoring.words import did_you_mean
from settings.errors import SettingsProblem
from settings.model import StackSettings


def incident_problems(settings: StackSettings, raw: Mapping[str, Any]) -> Iterator[SettingsProblem]:
    """Dependencies on what is no target or in another Region, circles, more than AWS takes.

    Args:
        settings: the valid part of the settings.
        raw: the settings as they were written; a target that is invalid still has its name.
    """
    problems = list(_unknown_targets(settings, raw))
    yield from problems
    if problems or settings.alerts.paging is not Paging.INCIDENT:
        return
    for outside in (False, True):
        parts = list(_parts(settings, outside=outside))
        depends_on = {} if outside else settings.alerts.depends_on
        try:
            incident_composites(_owner(settings), parts, depends_on)
        except InvalidValueError as error:
            field = "depends_on" if depends_on else "paging"
            yield SettingsProblem(settings.path("alerts", field), "", str(error))


def _unknown_targets(settings: StackSettings, raw: Mapping[str, Any]) -> Iterator[SettingsProblem]:
    targets = _targets(settings, raw)
    for target, causes in settings.alerts.depends_on.items():
        path = settings.path("alerts", "depends_on", target)
        for place, named in enumerate((target, *causes)):
            where = path if not place else settings.path("alerts", "depends_on", target, place - 1)
            if named not in targets:
                fault = f'unknown target "{named}"{did_you_mean(named, targets)}'
                yield SettingsProblem(where, "", f"{fault}; write it as <section>.<name>")
        regions = {targets[named] for named in (target, *causes) if named in targets}
        if len(regions) > 1:
            yield SettingsProblem(
                path,
                "",
                f"CloudWatch combines alarms of one Region only: leave out what has its alarms in "
                f"{' or '.join(sorted(region for region in regions if region))}",
            )


def _targets(settings: StackSettings, raw: Mapping[str, Any]) -> dict[str, str]:
    """Every target that is named, with the Region of its alarms; empty for the stack's."""
    return {
        f"{kind.key}.{name}": settings.far_region(kind)
        for kind in KINDS
        if isinstance(section := raw.get(kind.key), Mapping)
        for name in section
    }


def _parts(settings: StackSettings, *, outside: bool) -> Iterator[IncidentPart]:
    """The alarms as the stack's components will have them."""
    for kind in KINDS:
        if bool(settings.far_region(kind)) is not outside:
            continue
        plans = {name: plan for planned, name, plan in settings.plans if planned is kind}
        if plans:
            yield IncidentPart.of(kind, plans, component=kind.key, region=kind.region)


def _owner(settings: StackSettings) -> Owner:
    scope = settings.scope(KINDS[0])
    return Owner(project=scope.project, stack=scope.stack, runbooks=settings.runbooks)
