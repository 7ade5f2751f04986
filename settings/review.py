"""Whether, when and with which link a stack reminds of its review."""

from typing import Self

from pydantic import model_validator

from ecs_monitoring.rules.review import Reminder


class ReviewSettings(Reminder):
    """The reminder of the regular review, and whether there is one."""

    reminder: bool = False
    """Whether whoever is notified of warnings is reminded of the review."""

    @model_validator(mode="after")
    def _says_whether(self) -> Self:
        # Whoever writes a link or a schedule expects a reminder; none would ever come.
        if self.model_fields_set and "reminder" not in self.model_fields_set:
            raise ValueError(
                "reminds nobody: add reminder: true, or reminder: false to keep the rest for later"
            )
        return self

    def told(self) -> dict[str, str]:
        """What ReviewReminder is told of it."""
        return self.model_dump(exclude={"reminder"})
