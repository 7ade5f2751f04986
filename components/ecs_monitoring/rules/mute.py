"""Windows in which a stack's alarms are muted: which alarms, and when."""

from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.mute import (
    MuteSchedule,
    iso_duration,
    mute_duration,
    mute_expression,
)
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.cron import time_zone
from ecs_monitoring.rules import KINDS
from ecs_monitoring.rules.incidents import target_kind
from ecs_monitoring.words import did_you_mean


def _kind(value: str) -> str:
    kinds = [kind.key for kind in KINDS]
    if value not in kinds:
        raise ValueError(f"is no kind of target{did_you_mean(value, kinds)}")
    return value


MUTE_TAG: Final = "Mute"
"""Tag of a mute rule: the name of its window."""

STACK_TAG: Final = "MuteOf"
"""Tag of a mute rule: ``<project>/<stack>`` whose alarms it mutes."""

BY_HAND: Final = "by-hand"
"""In the place of a window's name: a rule that somebody made by hand, and no deployment."""


def mute_rule_prefix(project: str, stack: str) -> str:
    """What the name of each mute rule of a stack begins with."""
    return f"{project}-{stack}-mute-"


def mute_rule_name(project: str, stack: str, window: str, of: str) -> str:
    """A mute rule's name.

    Args:
        project: the project's name.
        stack: the stack's name.
        window: the window's name, or ``BY_HAND``.
        of: the component whose alarms it mutes, or what tells one rule by hand from another.
    """
    # No name of a window has two hyphens, so that there is one way to read it.
    return f"{mute_rule_prefix(project, stack)}{window}--{of}"


def mute_rule_tags(project: str, stack: str, window: str) -> dict[str, str]:
    """The tags by which a mute rule is known, and whose it is."""
    return {MUTE_TAG: window, STACK_TAG: f"{project}/{stack}"}


class Muted(BaseModel):
    """Which alarms of a stack are muted: those that every given field fits, all without one."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    severity: Severity | None = None
    """Only alarms of this severity."""

    kind: Annotated[str, AfterValidator(_kind)] | None = None
    """Only alarms of this kind of target: the name of its section, such as ``rds``."""

    target: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    """Only alarms of the targets with this name, such as ``main``."""

    def takes(self, address: AlarmAddress, severity: str) -> bool:
        """Whether an alarm is among them."""
        return (
            self.severity in (None, severity)
            and self.kind in (None, target_kind(address))
            and self.target in (None, address.target)
        )

    def __str__(self) -> str:
        words = [str(word) for word in (self.severity, self.kind) if word]
        of = f" of target {self.target}" if self.target else ""
        return f"{' '.join([*words, 'alarms'])}{of}"


class Mute(Muted):
    """A window in which alarms change their state and tell nobody, until it ends."""

    schedule: Annotated[str, AfterValidator(mute_expression)]
    """When it begins: ``cron(minutes hours day-of-month month day-of-week)`` for again and again,
    such as ``cron(0 2 * * SUN)``, or ``at(yyyy-MM-ddThh:mm)`` for once.
    """

    duration: Annotated[str, AfterValidator(lambda text: iso_duration(mute_duration(text)))]
    """How long it is each time, 1 minute to 15 days: ``90m``, ``2h``, ``1d12h`` or ``PT2H``."""

    timezone: Annotated[str, AfterValidator(time_zone)] = "UTC"
    """The schedule's time zone, by its name in the IANA database."""

    description: Annotated[str, Field(max_length=500)] = ""
    """What it is for, shown in CloudWatch beside the rule."""

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        MuteSchedule.parsed(self.schedule, self.duration, self.timezone)
        return self

    @property
    def when(self) -> MuteSchedule:
        """Its windows."""
        return MuteSchedule.parsed(self.schedule, self.duration, self.timezone)
