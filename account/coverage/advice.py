"""Lines of a stack's settings that would have something watched, ready to be pasted."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

from account.coverage.resources import Resource
from ecs_monitoring.cloudwatch.rule import AlarmRule, NoThreshold
from ecs_monitoring.rules.plan import Scope
from stack.yaml_values import read_yaml

# What needs no quotes, as long as it is not read as a number or the like.
_PLAIN: Final = re.compile(r"[A-Za-z0-9_/]([A-Za-z0-9_./:@-]*[A-Za-z0-9_/-])?")


def planned(resource: Resource, scope: Scope, name: str) -> tuple[AlarmRule, ...]:
    """The rules that a resource gets as a target of this name, less those off by default.

    A target group's rules are those of its load balancer that are about the group.
    """
    target = resource.kind.target.model_validate(resource.fields)
    rules = resource.kind.rules(scope, name, target).rules
    return tuple(rule for rule in rules if rule.enabled and rule.part == resource.part)


def settings_lines(project: str, resource: Resource, name: str) -> str:
    """The lines that have a resource watched as a target of this name.

    A rule whose threshold does not follow from what AWS tells is switched off in them, so that
    they can be deployed as they are.

    Args:
        project: the Pulumi project.
        resource: what runs.
        name: of the target.
    """
    off = {f"{rule.key}@{name}": {"enabled": False} for rule, _ in underivable(resource, name)}
    return section_lines(
        {
            f"{project}:{resource.kind.key}": {name: resource.fields},
            **({f"{project}:alarms": off} if off else {}),
        }
    )


def section_lines(sections: Mapping[str, Any]) -> str:
    """Sections of the settings as YAML, indented to stand under ``config:``."""
    return "\n".join(_lines(sections, "  "))


def underivable(resource: Resource, name: str) -> list[tuple[AlarmRule, NoThreshold]]:
    """The rules whose threshold does not follow from what AWS tells of a resource, and why."""
    # Names and thresholds of rules have nothing to do with each other.
    scope = Scope(project="any", stack="any", component=resource.kind.key)
    return [
        (rule, rule.threshold)
        for rule in planned(resource, scope, name)
        if isinstance(rule.threshold, NoThreshold)
    ]


def _lines(mapping: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in mapping.items():
        if isinstance(value, Mapping):
            yield f"{indent}{_scalar(key)}:"
            yield from _lines(value, f"{indent}  ")
        else:
            yield f"{indent}{_scalar(key)}: {_scalar(value)}"


def _scalar(value: object) -> str:
    """A value as YAML; a text in quotes only where it would be read as something else."""
    if not isinstance(value, str):
        return json.dumps(value)
    is_plain = _PLAIN.fullmatch(value) is not None and _is_text(value)
    return value if is_plain else json.dumps(value)


def _is_text(value: str) -> bool:
    """Whether it is the same text to readers of YAML 1.2, as Pulumi's is, and of 1.1."""
    try:
        return all(read(value) == value for read in (read_yaml, yaml.safe_load))
    except (ValueError, yaml.YAMLError):
        # What only looks like a date or a number, such as 2026-13-01 and 0x_.
        return False
