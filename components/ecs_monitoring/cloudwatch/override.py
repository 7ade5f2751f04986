"""A stack's changes to the default rules, by alarm key."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import ClassVar, Optional

from pydantic import ConfigDict

from ecs_monitoring.cloudwatch.rule import AlarmRule, MissingData, Severity


@dataclass(frozen=True, kw_only=True)
class AlarmOverride:
    """What a stack changes about a rule; what is left out keeps its default."""

    # Pydantic validates this dataclass where it stands in the settings.
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    threshold: Optional[float] = None
    """In the rule's own unit: percent, seconds, bytes or a count."""

    period: Optional[int] = None
    """Seconds; a multiple of 60."""

    evaluation_periods: Optional[int] = None
    """N: how many of the latest periods are looked at."""

    datapoints_to_alarm: Optional[int] = None
    """M: how many of them must breach; all N if the rule does not say."""

    treat_missing_data: Optional[MissingData] = None
    """What a period without data counts as."""

    recent: Optional[float] = None
    """Adds an alarm, ``<key>-recent``, for what is sudden: so far from its own mean of the last
    hour, in the rule's own unit. `python -m ops review` says how far.
    """

    recent_by_hour: Optional[dict[str, float]] = field(default=None, hash=False)
    """How far at some hours instead: `{06-18: 25, Sun 02-05: 70}`. They are full hours of UTC,
    whatever the season; a day's own come before those of every day.
    """

    severity: Optional[Severity] = None
    """Which topic is notified."""

    enabled: Optional[bool] = None
    """``false`` leaves the alarm out; ``true`` adds one that is off by default."""

    runbook: Optional[str] = None
    """A link or a text for the alarm's description."""

    def changes(self) -> dict[str, object]:
        """The fields that this override sets, with their values."""
        values = {name: getattr(self, name) for name in override_fields()}
        return {name: value for name, value in values.items() if value is not None}


def override_fields() -> list[str]:
    """The fields that an override may set."""
    return [each.name for each in fields(AlarmOverride)]


def overridden(rule: AlarmRule, overrides: Mapping[str, AlarmOverride]) -> AlarmRule:
    """The rule as the stack wants it.

    An override for all targets (``ecs.cpu-high``) is applied first, one for this target
    (``ecs.cpu-high@web``) after it, one for a part of it (``alb.unhealthy-hosts@main/web``) last,
    so the nearer one wins field by field.
    """
    for key in override_keys(rule):
        if key not in overrides:
            continue
        changes = overrides[key].changes()
        if "threshold" in changes:
            # The default's reasons do not explain another number.
            changes["basis"] = ""
        rule = replace(rule, **changes)  # type: ignore[arg-type]
    return rule


def override_keys(rule: AlarmRule) -> tuple[str, ...]:
    """The override keys that reach this rule, the general one first."""
    return tuple(dict.fromkeys(reversed(rule.address.forms)))
