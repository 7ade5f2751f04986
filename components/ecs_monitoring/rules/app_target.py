"""Django services: the target, and the hit rate that a rule and a graph share."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from ecs_monitoring.rules.identifiers import LogGroupName
from ecs_monitoring.rules.target import DimensionValue, Target

# A period with misses alone has no hits datapoint at all, and is a rate of 0.
HIT_RATE: Final = "100 * FILL({id}, 0) / (FILL({id}, 0) + FILL({misses}, 0))"


def _named(value: str) -> str:
    if value.startswith("arn:"):
        raise ValueError(
            "is an ARN, and the service is called as its own settings call it: write the SERVICE "
            "of DJANGO_MONITORING"
        )
    return value


def _searchable(value: str) -> str:
    # A SEARCH expression stands in single quotes, and AWS documents no way to write one in it.
    if "'" in value:
        raise ValueError("has a single quote, for which no metric can be searched: leave it out")
    return value


class AppTarget(Target):
    """A Django service that publishes its own metrics."""

    service: Annotated[
        DimensionValue,
        AfterValidator(_named),
        AfterValidator(_searchable),
        Field(examples=["django-app-service"]),
    ]
    """The value of the ``Service`` dimension in the namespace ``Django/API``."""

    background_tasks: Annotated[bool, Field(examples=[True])] = False
    """Whether the service runs background tasks (Celery's or Django's); turns their alarms on."""

    log_group: Annotated[LogGroupName | None, Field(examples=["/ecs/django-app"])] = None
    """The log group's name, or its ARN, in which the service's metric lines arrive; the dashboard
    shows the status by route out of it, which is no metric.
    """

    def where(self, part: str = "") -> str:
        """The service."""
        return f"Django service {self.service}"

    def dimensions(self, part: str = "") -> Mapping[str, str]:
        """Over all routes."""
        return {"Service": self.service}
