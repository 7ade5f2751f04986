"""A log group to watch: the format of its lines, and the patterns that mean trouble in it."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ecs_monitoring.cloudwatch.log_pattern import LogPatternError, useful_pattern
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules.identifiers import LogGroupName
from ecs_monitoring.rules.log_concerns import CONCERNS, LogFormat
from ecs_monitoring.rules.target import TARGET_NAME, Target

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
_RETENTIONS: Final = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


def _pattern(value: str) -> str:
    try:
        useful_pattern(value)
    except LogPatternError as error:
        raise ValueError(f"is no filter pattern for an alarm: {error}") from None
    return value


# Alarm names have 255 characters, of which project, stack, kind and target need some.
_PATTERN_NAME_LENGTH: Final = 64


class ExtraPattern(BaseModel):
    """A pattern of the stack's own, with its alarm."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    pattern: Annotated[str, AfterValidator(_pattern), Field(examples=["?PaymentFailed"])]
    """A CloudWatch Logs filter pattern."""

    threshold: Annotated[float, Field(ge=1, examples=[1])] = 1
    """Matching events in five minutes from which the alarm is on."""

    severity: Annotated[Severity, Field(examples=["warning"])] = Severity.WARNING
    """critical or warning."""


def _pattern_names(value: dict[str, ExtraPattern]) -> dict[str, ExtraPattern]:
    own = [concern.name for concern in CONCERNS]
    for name in value:
        if not TARGET_NAME.fullmatch(name):
            raise ValueError(f"name {name!r}: write letters, digits, _ and single hyphens")
        if len(name) > _PATTERN_NAME_LENGTH:
            raise ValueError(
                f"name {name!r} has {len(name)} characters: alarm names have room for "
                f"{_PATTERN_NAME_LENGTH} of them"
            )
        if name in own:
            raise ValueError(
                f"name {name!r} is one of the built-in patterns: choose another name "
                f"(built in: {', '.join(own)}), or change that one in built_in"
            )
    return value


def _built_in_names(value: dict[str, str]) -> dict[str, str]:
    names = [concern.name for concern in CONCERNS]
    for name in value:
        if name not in names:
            raise ValueError(
                f"name {name!r} is no built-in pattern: write one of {', '.join(names)}, or add "
                "a pattern of your own to patterns"
            )
    return value


def _retention(value: int) -> int:
    if value not in _RETENTIONS:
        raise ValueError(f"write one of {', '.join(map(str, _RETENTIONS))} (days)")
    return value


class LogTarget(Target):
    """A CloudWatch log group."""

    group: Annotated[LogGroupName, Field(examples=["/ecs/django-app"])]
    """The log group's name, or its ARN; it must exist unless ``retention_days`` is set."""

    format: Annotated[LogFormat, Field(examples=["text"])] = LogFormat.TEXT
    """How lines are written; ``json`` expects ``level``, ``logger``, ``message`` and
    ``exception``, as the Django package writes them.
    """

    patterns: Annotated[
        dict[str, ExtraPattern], AfterValidator(_pattern_names), Field(examples=[{}])
    ] = {}
    """Further patterns by name; the alarm's key becomes ``logs.<name>``."""

    built_in: Annotated[
        dict[str, Annotated[str, AfterValidator(_pattern)]],
        AfterValidator(_built_in_names),
        Field(examples=[{}]),
    ] = {}
    """Built-in patterns that one of your own replaces, by name: ``errors``, ``exceptions``,
    ``database-errors``, ``security`` or ``workers-killed``. Alarm, threshold and severity stay.
    """

    retention_days: Annotated[
        Annotated[int, AfterValidator(_retention)] | None, Field(examples=[30])
    ] = None
    """Days to keep events; makes the log group this stack's own. Left out, it is not touched.

    A group that exists already must be imported into its component first, as docs/deploying.md
    says (A log group that exists). It stays when the stack is destroyed, and must be imported
    again when it is watched again.
    """

    def where(self, part: str = "") -> str:
        """The log group."""
        return f"log group {self.group}"

    def dimensions(self, part: str = "") -> Mapping[str, str]:
        """None: metrics with a default value cannot have any."""
        return {}
