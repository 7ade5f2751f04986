"""Windows in which alarms tell nobody, and that would mute none."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from ecs_monitoring.words import did_you_mean
from settings.errors import SettingsProblem, shown_value
from settings.model import StackSettings


def mute_problems(settings: StackSettings, raw: Mapping[str, Any]) -> Iterator[SettingsProblem]:
    """Windows for a target that the stack has not.

    Args:
        settings: the valid part of the settings.
        raw: the settings as they were written; a target that is invalid still has its name.
    """
    sections = (raw.get(kind.key) for kind, _ in settings.sections())
    targets = sorted(
        {name for section in sections if isinstance(section, Mapping) for name in section}
    )
    for name, mute in settings.alerts.mutes.items():
        if mute.target is not None and mute.target not in targets:
            yield SettingsProblem(
                settings.path("alerts", "mutes", name, "target"),
                shown_value(mute.target),
                f"the stack has no target of this name{did_you_mean(mute.target, targets)}",
            )


def idle_mutes(settings: StackSettings) -> Iterator[str]:
    """Windows that mute nothing: no alarm fits them, or they came once and do not come again."""
    now = int(time.time())
    rules = [rule for _, _, plan in settings.plans for rule in plan.rules]
    for name, mute in settings.alerts.mutes.items():
        path = settings.path("alerts", "mutes", name)
        if not any(mute.takes(rule.address, rule.severity) for rule in rules):
            yield (
                f"{path} mutes nothing, since the stack has no {mute}: change severity, kind or "
                "target, or remove it"
            )
        elif mute.when.next_window(now) is None:
            yield (
                f"{path}: {mute.when} is over and mutes nothing any more: remove it, or write "
                "another time"
            )
