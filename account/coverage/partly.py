"""What the stack watches with less than the rules that it could have."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from account.coverage.advice import section_lines
from account.coverage.finding import Finding, FindingKind, Gravity
from account.coverage.resources import Resource
from account.coverage.view import RegionView
from account.coverage.watch import Watch
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.words import capitalized, listed

# Which value it should have is the stack's choice.
_CHOSEN: Final = ("min_running_tasks",)

# Each is a finding of its own.
_OWN_FINDINGS: Final = ("target_groups",)


def partly_watched(view: RegionView, watch: Watch, target: str) -> Iterator[Finding]:
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
        alarms=tuple(one.shown for one in watch.own),
    )


def _changes(resource: Resource, written: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The fields that AWS tells otherwise than the settings."""
    for key, value in resource.options.items():
        is_default = value is False and key not in written
        is_chosen = key in _CHOSEN and key in written
        is_other = key not in _OWN_FINDINGS and written.get(key) != value
        if is_other and not is_default and not is_chosen:
            yield key, value
