"""Which of AWS's events a stack is told of, and how urgently."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from ecs_monitoring.rules import EVENTS
from ecs_monitoring.rules.events import ALL, EventChange
from ecs_monitoring.words import did_you_mean


def _name_in(section: str) -> AfterValidator:
    """Refuses names that are none of a section's events."""
    names = [*(row.name for row in EVENTS.values() if row.section == section), ALL]

    def checked(value: str) -> str:
        if value not in names:
            raise ValueError(f'unknown event "{value}"{did_you_mean(value, names)}')
        return value

    return AfterValidator(checked)


class EventSetting(EventChange):
    """A change that says something."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("changes nothing: write enabled or severity")
        return self


class EventSettings(BaseModel):
    """Rules of EventBridge for what no metric shows; on where the targets are."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    enabled: bool = True
    """Whether there are any."""

    ecs: dict[Annotated[str, _name_in("ecs")], EventSetting] = {}
    """Changes to events of ECS services by name, such as ``deployment-failed``; ``all`` is
    every event of the section.
    """

    rds: dict[Annotated[str, _name_in("rds")], EventSetting] = {}
    """The same for databases."""

    health: dict[Annotated[str, _name_in("health")], EventSetting] = {}
    """The same for what AWS Health tells of the services that the stack uses."""

    def changes(self) -> Mapping[str, EventChange]:
        """The changes by key: ``ecs.deployment-failed``, ``ecs.all``."""
        return {
            f"{section}.{name}": change
            for section in type(self).model_fields
            if isinstance(changes := getattr(self, section), Mapping)
            for name, change in changes.items()
        }

    def told(self) -> dict[str, Any]:
        """What EventMonitoring is told of them."""
        return {
            key: change.model_dump(mode="json", exclude_none=True)
            for key, change in self.changes().items()
        }
