"""What a stack names to be watched: the base of all targets, and the checks that they share."""

import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict

from ecs_monitoring.catalog.metrics import Fact
from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.metric import check_dimensions
from ecs_monitoring.cloudwatch.rule import LikelyMost, NoThreshold
from ecs_monitoring.rules.off_hours import OffHours

TARGET_NAME: Final = re.compile(r"[A-Za-z0-9_]+(-[A-Za-z0-9_]+)*")
"""Names of targets: they become part of alarm names and override keys."""

UNKNOWN_FIELDS: Final = "unknown_fields"
"""In a validation's context: fields whose value is an example until the deployment knows it."""


class Configured(BaseModel):
    """What a stack configures under a name that it chooses.

    Every field has an example, which documents it and stands in for values that are not
    known until the deployment runs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @classmethod
    def examples(cls) -> dict[str, Any]:
        """Each field's documented example."""
        return {name: (field.examples or [None])[0] for name, field in cls.model_fields.items()}

    @classmethod
    def stand_ins(cls) -> dict[str, Any]:
        """Each field's last example, which has something in it where the first is empty."""
        return {name: (field.examples or [None])[-1] for name, field in cls.model_fields.items()}

    @classmethod
    def example(cls) -> Self:
        """A target made of the documented examples."""
        return cls.model_validate(cls.examples())


class Target(Configured):
    """One monitored thing."""

    @abstractmethod
    def where(self, part: str = "") -> str:
        """What alarms call the target, or a part of it."""

    @abstractmethod
    def dimensions(self, part: str = "") -> Mapping[str, str]:
        """Dimension name to value of every metric of the target, or of a part of it."""

    def rests(self) -> OffHours | None:
        """When it is switched off each week; ``None`` for a target that always runs."""
        return None

    def fact(self, fact: Fact) -> float | NoThreshold:
        """A number that bounds the target's metrics, or why it is not known."""
        return NoThreshold("", "", f"nothing says the {fact} of {self.where()}")

    def bound(self, fact: Fact) -> float | None:
        """A number that the target's metrics never exceed; ``None`` where it is not known."""
        value = self.fact(fact)
        return None if isinstance(value, NoThreshold) else value

    def doubts(self) -> Iterator[tuple[str, str]]:
        """Fields that are right as they are, and probably not meant; with what to write instead."""
        yield from ()

    def likely_most(self, fact: Fact) -> LikelyMost | None:
        """A number that the metrics do not exceed unless something is set otherwise than usual."""
        return None


def _dimension_value(value: str) -> str:
    try:
        check_dimensions({"value": value})
    except InvalidValueError as error:
        raise ValueError(str(error).replace("dimension value=", "")) from None
    if value != value.strip():
        raise ValueError("has blanks around it: no metric would ever match; remove them")
    return value


DimensionValue = Annotated[str, AfterValidator(_dimension_value)]
"""A string that CloudWatch accepts as the value of a dimension."""
