"""Mistakes that show only where targets, rules and overrides meet."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.override import override_fields, override_keys
from ecs_monitoring.cloudwatch.rule import AlarmRule, Problem, Severity
from ecs_monitoring.rules import ALL_KINDS, DELIVERY, KINDS, Kind
from ecs_monitoring.words import did_you_mean
from settings.errors import SettingsProblem, shown_value
from settings.region import RegionalSettings


def distant_topics(settings: RegionalSettings) -> Iterator[SettingsProblem]:
    """Existing topics that no alarm of the stack can reach: they are in another region."""
    reached = {settings.region, *(kind.region for kind, targets in settings.targets() if targets)}
    if settings.region is None:
        return
    for where, _, group in settings.alerts.groups():
        for severity, topics in group.topics.items():
            for place, topic in enumerate(topics):
                if topic.split(":")[3] not in reached:
                    yield SettingsProblem(
                        settings.path("alerts", *where, "topics", severity.value, place),
                        shown_value(topic),
                        f"an alarm reaches only topics of its own region: write one in "
                        f"{settings.region}",
                    )


def shared_problems(settings: RegionalSettings) -> Iterator[SettingsProblem]:
    """Mistakes that show only where several targets of a kind meet."""
    for kind, targets in settings.targets():
        for problem in kind.shared_problems(targets):
            yield SettingsProblem(
                settings.path(kind.key, problem.target, problem.field),
                shown_value(problem.value),
                problem.message,
            )


def override_problems(
    settings: RegionalSettings, raw: Mapping[str, Any]
) -> Iterator[SettingsProblem]:
    """Overrides that reach no rule: an unknown key, an unknown target, or nothing in them.

    Args:
        settings: the valid part of the settings.
        raw: the settings as they were written; a target that is invalid still has its name.
    """
    own = _own_keys(raw)
    brought = sorted({key for keys in own.values() for key in keys})
    keys = [*chain.from_iterable(kind.keys for kind in ALL_KINDS), *brought]
    for address, override in settings.alarms.items():
        path = settings.path("alarms", address)
        alarm = AlarmAddress(address)
        key, kind, target = alarm.key, alarm.kind, alarm.target
        at = "@" in address
        if key not in keys:
            yield SettingsProblem(path, "", f'unknown alarm key "{key}"{did_you_mean(key, keys)}')
        elif at and (fault := _target_fault(_section(settings, raw, kind), kind, target)):
            yield SettingsProblem(path, "", fault)
        elif at and key in brought and key not in own.get(target, ()):
            yield SettingsProblem(
                path,
                "",
                f'target "{target}" has no pattern {key.removeprefix("logs.")}: add it to its '
                "patterns",
            )
        elif "/" in alarm.watched and (fault := _part_fault(settings, alarm)):
            yield SettingsProblem(path, "", fault)
        elif not override.changes():
            yield SettingsProblem(
                path, "", f"changes nothing: write one of {', '.join(override_fields())}"
            )


def _own_keys(raw: Mapping[str, Any]) -> dict[str, list[str]]:
    """The keys of rules that targets bring along, by target, valid or not."""
    return {
        name: list(kind.own_keys(fields))
        for kind in KINDS
        if isinstance(section := raw.get(kind.key), Mapping)
        for name, fields in section.items()
        if isinstance(fields, Mapping) and kind.own_keys(fields)
    }


def _section(settings: RegionalSettings, raw: Mapping[str, Any], kind: str) -> object:
    """The targets of a kind: its section, or the topics that carry notifications."""
    if kind != DELIVERY.key:
        return raw.get(kind, {})
    teams = ("", *(f"{team}-" for team in settings.alerts.routes))
    ways = [f"{team}{severity}" for team in teams for severity in Severity]
    return {region.name(way): {} for region in settings.regions for way in ways}


def _target_fault(section: object, kind: str, target: str) -> str:
    """What is wrong with naming a target of a section; nothing where nobody can tell."""
    if not isinstance(section, Mapping) or target in section:
        return ""
    if not section:
        return f'unknown target "{target}": leave out @{target}, or add it to the section {kind}'
    return f'unknown target "{target}"{did_you_mean(target, section)}'


def _part_fault(settings: RegionalSettings, alarm: AlarmAddress) -> str:
    """What is wrong with naming a part of a target; nothing where nobody can tell."""
    for kind, targets in settings.targets():
        if kind.key == alarm.kind and alarm.target in targets:
            return _unknown_part(kind, targets[alarm.target], alarm)
    return ""


def _unknown_part(kind: Kind[Any], target: Any, alarm: AlarmAddress) -> str:
    parts = [
        part
        for row in (*kind.rows, *kind.own_rules(target))
        if row.key == alarm.key
        for part in row.each(target)
        if part
    ]
    if alarm.part in parts:
        return ""
    if not parts:
        return f"{alarm.of_target} is one alarm, without parts: write {alarm.of_target}"
    return f'unknown {kind.part} "{alarm.part}"{did_you_mean(alarm.part, parts)}'


def rule_problems(settings: RegionalSettings) -> Iterator[SettingsProblem]:
    """Rules that CloudWatch would refuse, each with the setting that made it so."""
    owners: dict[str, str] = {}
    for kind, name, plan in settings.plans:
        problems = ((kind, name, rule, problem) for rule, problem in plan.problems)
        yield from as_settings_problems(settings, problems)
        for rule in plan.rules:
            if owners.setdefault(rule.name, rule.address) != rule.address:
                yield SettingsProblem(
                    settings.path(kind.key, name),
                    shown_value(rule.name),
                    f"{rule.address} and {owners[rule.name]} would have the same alarm name: "
                    "rename one of the targets",
                )
    yield from _untried_overrides(settings)


def as_settings_problems(
    settings: RegionalSettings, problems: Iterable[tuple[Kind[Any], str, AlarmRule, Problem]]
) -> Iterator[SettingsProblem]:
    """Problems of rules at the settings that made them so.

    Args:
        settings: the settings.
        problems: the kind and the name of the target, its rule, and what is the matter with it.
    """
    # What several alarms want of one setting is one question.
    asked: dict[tuple[str, str, str], list[str]] = {}
    for kind, name, rule, problem in problems:
        path = _path(settings, kind.key, name, rule, problem)
        shown = shown_value(problem.value) if problem.value != "" else ""
        asked.setdefault((path, shown, problem.message), []).append(rule.address)
    for (path, shown, message), alarms in asked.items():
        several = "s" if len(alarms) > 1 else ""
        yield SettingsProblem(path, shown, f"alarm{several} {', '.join(alarms)}: {message}")


def _untried_overrides(settings: RegionalSettings) -> Iterator[SettingsProblem]:
    """Overrides of kinds without a valid target, tried on the example of the kind."""
    for kind in ALL_KINDS:
        if any(planned is kind for planned, *_ in settings.plans):
            continue
        addresses = [AlarmAddress(key) for key in settings.alarms if "@" in key]
        named = {address.target for address in addresses if address.kind == kind.key}
        for name in ("example", *sorted(named)):
            plan = kind.plan(settings.scope(kind), name, kind.target.example(), settings.alarms)
            for rule, problem in plan.problems:
                for key in override_keys(rule):
                    override = settings.alarms.get(key)
                    if override and problem.field in override.changes():
                        yield SettingsProblem(
                            settings.path("alarms", key, problem.field),
                            shown_value(problem.value),
                            f"alarm {key}: {problem.message}",
                        )


def _path(
    settings: RegionalSettings, kind: str, target: str, rule: AlarmRule, problem: Problem
) -> str:
    for key in reversed(override_keys(rule)):
        override = settings.alarms.get(key)
        if override and problem.field in override.changes():
            return settings.path("alarms", key, problem.field)
    if problem.field in override_fields():
        return settings.path("alarms", rule.key, problem.field)
    if problem.field in _fields(settings, kind, target):
        return settings.path(kind, target, problem.field)
    return settings.path(kind, target)


def _fields(settings: RegionalSettings, kind: str, target: str) -> list[str]:
    section = next(
        targets for section_kind, targets in settings.targets() if section_kind.key == kind
    )
    return list(type(section[target]).model_fields)
