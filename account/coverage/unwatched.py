"""What runs and is not watched, or by others alone, or with less than the rules for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from account.coverage.advice import section_lines, settings_lines, underivable
from account.coverage.finding import Finding, FindingKind, Gravity
from account.coverage.resource_watchers import ResourceWatchers
from account.coverage.resources import Resource, TargetNames, free_name, resources
from account.coverage.view import RegionView
from account.coverage.watchers import Watcher
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules import ALB, LOGS
from ecs_monitoring.words import capitalized, listed


def unwatched(view: RegionView) -> Iterator[Finding]:
    """A finding for each thing that runs and that the stack does not watch completely.

    Args:
        view: the region; without an inventory there is nothing to find.
    """
    if view.inventory is None:
        return
    names = TargetNames(_taken(view))
    for resource in resources(view.inventory):
        # Without the filters nobody knows who feeds which metric.
        if resource.kind is LOGS and view.inventory.metric_filters is None:
            continue
        watch = ResourceWatchers.of(resource, view.watchers)
        if not watch.own:
            yield _unwatched(view, watch, names)
            continue
        yield from partly_watched(view, watch, watch.target)
        for group in resource.groups:
            yield from _group(view, ResourceWatchers.of(group, view.watchers), watch.target)


def _taken(view: RegionView) -> dict[str, set[str]]:
    """The names of targets that are in use, by section."""
    taken = {section: set(targets) for section, targets in view.declared.targets.items()}
    for alarm in view.alarms:
        taken.setdefault(alarm.address.kind, set()).add(alarm.address.target)
    return taken


def _unwatched(view: RegionView, watch: ResourceWatchers, names: TargetNames) -> Finding:
    resource = watch.resource
    section = resource.kind.key
    declared = view.declared.named(section, resource.identity)
    name = declared or names.propose(section, resource.names)
    return _judged(
        view,
        watch,
        name,
        fix=_deploy(view, f"{section}.{name}") if declared else _fix(view, resource, name),
        settings="" if declared else settings_lines(view.place.project, resource, name),
    )


def _judged(
    view: RegionView, watch: ResourceWatchers, name: str, *, fix: str, settings: str
) -> Finding:
    """The finding, or the remark that others watch it."""
    resource = watch.resource
    if watch.others:
        kind, gravity = FindingKind.WATCHED_BY_OTHERS, Gravity.INFO
        words = _others_words(view, watch, name)
    else:
        kind, gravity = FindingKind.UNWATCHED, _gravity(resource)
        words = " ".join(_unwatched_words(watch))
    return Finding(
        kind=kind,
        gravity=gravity,
        region=view.region,
        key=resource.key,
        subject=resource.words,
        words=words,
        fix=fix,
        settings=settings,
        alarms=tuple(watcher.shown for watcher in watch.others),
    )


def _gravity(resource: Resource) -> Gravity:
    if resource.idle:
        return Gravity.INFO
    return Gravity.MEDIUM if resource.kind is LOGS or resource.part else Gravity.HIGH


def _unwatched_words(watch: ResourceWatchers) -> Iterator[str]:
    resource = watch.resource
    behind = [group.part for group in resource.groups]
    runs = "is there" if resource.kind is LOGS or resource.idle else "runs"
    yield (
        f"{capitalized(resource.words)} {runs}, and no alarm watches it"
        f"{f' or its target groups ({listed(behind)})' if behind else ''}: "
        f"it has none of the rules of the kind {resource.kind.key}."
    )
    if resource.idle:
        yield f"But it {resource.idle}."
    if watch.silent:
        yield f"The alarms that read its metrics tell nobody: {_shown(watch.silent)}."
    if watch.queries:
        yield (
            f"{_shown(watch.queries)} may be about it: a Metrics Insights query does not say "
            "what it finds."
        )


def _others_words(view: RegionView, watch: ResourceWatchers, name: str) -> str:
    beginning = f"{view.place.project}-"
    is_project = all(watcher.name.startswith(beginning) for watcher in watch.others)
    whose = "another stack of this project" if is_project else "others, not by this stack"
    words = f"{capitalized(watch.resource.words)} is watched by {whose}: {_shown(watch.others)}."
    missing = [rule.key for rule in watch.missing(view.place.project, name)]
    return f"{words} No alarm stands for {listed(missing)}." if missing else words


def _fix(view: RegionView, resource: Resource, name: str) -> str:
    words = [
        f"Add these lines to config in {view.settings_file}, each to its section where the file "
        "has that already."
    ]
    if "min_running_tasks" in resource.options:
        words.append(
            "min_running_tasks is what it does not scale in below, or what it wants at the moment."
        )
    idle = [f"{group.part} ({group.idle})" for group in resource.groups if group.idle]
    if idle:
        words.append(f"Not in them: {listed(idle)}.")
    words += [
        f"{rule.key} is off in them until {threshold.field} is known: {threshold.reason}."
        for rule, threshold in underivable(resource, name)
    ]
    return " ".join(words)


def _deploy(view: RegionView, place: str) -> str:
    return f"{view.settings_file} has it as {place} already: deploy the stack."


def _group(view: RegionView, watch: ResourceWatchers, balancer: str) -> Iterator[Finding]:
    """A target group of a load balancer that the stack watches under a name."""
    if watch.own:
        yield from partly_watched(view, watch, balancer)
        return
    suffix = watch.resource.options["target_groups"][watch.resource.part]
    declared = _declared_groups(view, balancer)
    names = [name for name, written in declared.items() if str(written).endswith(suffix)]
    deployed = (alarm.address for alarm in view.alarms if alarm.address.kind == ALB.key)
    parts = {address.part for address in deployed if address.target == balancer}
    name = names[0] if names else free_name(watch.resource.names, {*declared, *parts})
    group = {"target_groups": {name: suffix}}
    yield _judged(
        view,
        replace(watch, resource=replace(watch.resource, options=group, part=name)),
        balancer,
        fix=_deploy(view, f"alb.{balancer}.target_groups.{name}")
        if names
        else f"Add this target group to alb.{balancer} in {view.settings_file}.",
        settings=""
        if names
        else section_lines({f"{view.place.project}:{ALB.key}": {balancer: group}}),
    )


def _declared_groups(view: RegionView, balancer: str) -> dict[str, object]:
    groups = view.declared.targets.get(ALB.key, {}).get(balancer, {}).get("target_groups")
    # A plain list is named by the groups' own names.
    if isinstance(groups, list):
        return {
            str(suffix).rpartition("targetgroup/")[2].partition("/")[0]: suffix for suffix in groups
        }
    return dict(groups) if isinstance(groups, dict) else {}


def _shown(watchers: Sequence[Watcher]) -> str:
    return listed(watcher.shown for watcher in watchers)


# Which value it should have is the stack's choice.
_CHOSEN: Final = ("min_running_tasks",)

# Each is a finding of its own.
_OWN_FINDINGS: Final = ("target_groups",)


def partly_watched(view: RegionView, watch: ResourceWatchers, target: str) -> Iterator[Finding]:
    """The rules that a target of the stack lacks, unless the settings switch them off.

    Args:
        view: the region.
        watch: who watches the resource; some alarm of the stack does.
        target: the resource's name in the stack.
    """
    resource = watch.resource
    missing = [
        rule
        for rule in watch.missing(view.place.project, target)
        if not view.declared.is_switched_off(rule.key, target)
    ]
    if not missing:
        return
    is_grave = any(rule.severity is Severity.CRITICAL for rule in missing) and not resource.idle
    section, place = resource.kind.key, f"{resource.kind.key}.{target}"
    written = view.declared.targets.get(section, {}).get(target, {})
    changes = dict(_changes(resource, written))
    yield Finding(
        kind=FindingKind.PARTLY_WATCHED,
        gravity=Gravity.MEDIUM if is_grave else Gravity.INFO,
        region=view.region,
        key=resource.key,
        subject=resource.words,
        words=(
            f"{capitalized(resource.words)} is watched as {place}, but has no alarm for "
            f"{listed(rule.key for rule in missing)}."
        ),
        fix=f"Have these fields of {place} in {view.settings_file}, and deploy the stack."
        if changes
        else f"Deploy the stack. Where a rule is left out on purpose, say so in "
        f"{view.settings_file}: alarms, with enabled: false.",
        settings=section_lines({f"{view.place.project}:{section}": {target: changes}})
        if changes
        else "",
        alarms=tuple(watcher.shown for watcher in watch.own),
    )


def _changes(resource: Resource, written: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The fields that AWS tells otherwise than the settings."""
    for key, value in resource.options.items():
        is_default = value is False and key not in written
        is_chosen = key in _CHOSEN and key in written
        is_other = key not in _OWN_FINDINGS and written.get(key) != value
        if is_other and not is_default and not is_chosen:
            yield key, value
