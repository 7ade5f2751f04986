"""Mistakes that show only where targets, rules and overrides meet."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.override import override_fields, override_keys
from ecs_monitoring.cloudwatch.rule import AlarmRule, Problem, Severity
from ecs_monitoring.rules import ALL_KINDS, DELIVERY, KINDS, Kind
from ecs_monitoring.rules.incidents import Paging
from ecs_monitoring.rules.urls import split_url
from ecs_monitoring.words import did_you_mean
from settings.errors import SettingsProblem, shown_value
from settings.log_formats import json_patterns_on_text
from settings.mutes import idle_mutes
from settings.region import RegionalSettings

# https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
_TOPIC_NAME_LENGTH = 256

# https://www.rfc-editor.org/rfc/rfc2606#section-3
_EXAMPLES = ("example.com", "example.org", "example.net")


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
        # What several alarms want of one setting is one question.
        asked: dict[tuple[str, str, str], list[str]] = {}
        for rule, problem in plan.problems():
            path = _path(settings, kind.key, name, rule, problem)
            shown = shown_value(problem.value) if problem.value != "" else ""
            asked.setdefault((path, shown, problem.message), []).append(rule.address)
        for (path, shown, message), alarms in asked.items():
            several = "s" if len(alarms) > 1 else ""
            yield SettingsProblem(path, shown, f"alarm{several} {', '.join(alarms)}: {message}")
        for rule in plan.rules:
            if owners.setdefault(rule.name, rule.address) != rule.address:
                yield SettingsProblem(
                    settings.path(kind.key, name),
                    shown_value(rule.name),
                    f"{rule.address} and {owners[rule.name]} would have the same alarm name: "
                    "rename one of the targets",
                )
    yield from _untried_overrides(settings)


def _untried_overrides(settings: RegionalSettings) -> Iterator[SettingsProblem]:
    """Overrides of kinds without a valid target, tried on the example of the kind."""
    for kind in ALL_KINDS:
        if any(planned is kind for planned, *_ in settings.plans):
            continue
        plan = kind.plan(settings.scope(kind), "example", kind.target.example(), settings.alarms)
        for rule, problem in plan.problems():
            override = settings.alarms.get(rule.key)
            if override and problem.field in override.changes():
                yield SettingsProblem(
                    settings.path("alarms", rule.key, problem.field),
                    shown_value(problem.value),
                    f"alarm {rule.key}: {problem.message}",
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


def warnings(settings: RegionalSettings) -> Iterator[str]:
    """What is allowed but probably not meant."""
    yield from _nothing_watched(settings)
    yield from _region_of_whoever(settings)
    yield from _nothing_streamed(settings)
    yield from _silent_severities(settings)
    yield from _double_alarms(settings)
    yield from _idle_dependencies(settings)
    yield from _distant_runbooks(settings)
    yield from json_patterns_on_text(settings)
    yield from idle_mutes(settings)


def _idle_dependencies(settings: RegionalSettings) -> Iterator[str]:
    """Dependencies that nobody asks for, since every critical alarm pages."""
    if settings.alerts.depends_on and settings.alerts.paging is Paging.ALARM:
        yield (
            f"{settings.path('alerts', 'depends_on')} changes nothing while every critical alarm "
            f"pages: write {settings.path('alerts', 'paging')}: incident"
        )


def _nothing_watched(settings: RegionalSettings) -> Iterator[str]:
    """A stack without a target."""
    if not any(targets for _, targets in settings.sections()):
        sections = ", ".join(settings.path(kind.key) for kind in KINDS)
        yield f"the stack watches nothing: add a target to one of {sections}"


def _nothing_streamed(settings: RegionalSettings) -> Iterator[str]:
    """A stream to New Relic without an alarm whose metrics it could send."""
    if settings.new_relic and not any(plan.rules for *_, plan in settings.plans):
        yield (
            f"{settings.path('new_relic')} streams nothing, since the stack has no alarm: add a "
            "target, or leave the section out"
        )


def _region_of_whoever(settings: RegionalSettings) -> Iterator[str]:
    """A stack without a region of its own."""
    if settings.region is None:
        yield (
            "aws:region is not set, so that the stack goes to the region of whoever deploys it: "
            "write it, such as aws:region: ap-northeast-1"
        )


def _double_alarms(settings: RegionalSettings) -> Iterator[str]:
    """Targets whose alarms watch what another target's alarms watch already."""
    first: dict[tuple[str, object], AlarmRule] = {}
    twice: dict[tuple[str, str, str], list[str]] = {}
    for kind, name, plan in settings.plans:
        for rule in plan.rules:
            owner = first.setdefault((rule.key, repr(rule.signal)), rule)
            if owner.target != name:
                twice.setdefault((kind.key, owner.target, name), []).append(rule.key)
    for (kind_key, owner_name, name), keys in twice.items():
        what = f"alarm {keys[0]}" if len(keys) == 1 else f"{len(keys)} alarms ({', '.join(keys)})"
        hint = (
            "; for one load balancer in front of several services write per_target_group: true in "
            "both targets, and load_balancer_alarms: false in all but one"
            if kind_key == "alb"
            else "; remove one of the two targets"
        )
        yield (
            f"{settings.path(kind_key, name)}: {what} would notify twice, since target "
            f"{owner_name} watches the same already{hint}"
        )


def _distant_runbooks(settings: RegionalSettings) -> Iterator[str]:
    """Runbook pages that a mail or a chat cannot link to: paths in a repository, and words."""
    if any(plan.rules for *_, plan in settings.plans) and not _is_link(settings.runbooks):
        yield (
            f"alarms name {settings.runbooks} as their runbook, which nobody can open from a mail: "
            f"write the page's https URL in {settings.path('runbooks')}"
        )


def _is_link(page: str) -> bool:
    return split_url(page, ("http", "https")) is not None


def _silent_severities(settings: RegionalSettings) -> Iterator[str]:
    """Severities that nobody would hear of."""
    alerts = settings.alerts
    regions = settings.regions
    told = {told for region in regions for told in region.told}
    used = {severity for region in regions for severity in region.severities()}
    for severity in Severity:
        if severity in used and not alerts.endpoints(severity):
            reminds = settings.review.reminder and severity is Severity.WARNING
            reminder = ", nor of the reminder to review them" if reminds else ""
            yield (
                f"nobody is notified of {severity} alarms{reminder}: add an address to "
                f"{settings.path('alerts', 'emails', severity.value)}"
            )
    for where, team, group in alerts.groups():
        for severity in Severity:
            path = settings.path("alerts", *where, "emails", severity.value)
            for email in group.emails.get(severity, ()):
                if email.rpartition("@")[2].lower() in _EXAMPLES:
                    yield (
                        f"{email} is a placeholder and gets no notifications: change it in {path}"
                    )
            if team and group.endpoints(severity) and (severity, team) not in told:
                yield (
                    f"team {team} has addresses for {severity} alarms, and none of its alarms and "
                    f"events is {severity}: see {settings.path('alerts', *where)}"
                )
