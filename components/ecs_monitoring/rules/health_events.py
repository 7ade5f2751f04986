"""What AWS Health tells of the services that a stack uses.

https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
"""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Final

from pydantic import Field

from ecs_monitoring.rules.event_row import Affected, EventRow
from ecs_monitoring.rules.target import Target

_SCHEMA: Final = (
    "https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html"
)

SECTION: Final = "health"
"""The settings' section of these events."""

MONITORING_ITSELF: Final = ("CLOUDWATCH", "EVENTS", "SNS")
"""The services without which nobody is told of anything."""


class AwsServices(Target):
    """The services of AWS that a stack uses, in one region."""

    services: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[A-Z0-9_-]+$")], ...],
        Field(min_length=1, examples=[("ECS", "RDS")]),
    ]
    """As AWS Health names them, such as ``ELASTICLOADBALANCING``."""

    def where(self, part: str = "") -> str:
        """The services."""
        return f"AWS services {', '.join(self.services)}"

    def dimensions(self, part: str = "") -> Mapping[str, str]:
        """None: AWS Health has no metrics."""
        return {}


def _of_services(target: AwsServices) -> Affected:
    return {"detail.service": target.services}


def _detail(*categories: str) -> dict[str, Any]:
    """Events of some categories, each once.

    Oregon and Virginia are sent what happens elsewhere, too, as backup; and what concerns many
    resources comes in pages. The samples have text where the words say true or false.
    """
    return {
        "eventTypeCategory": list(categories),
        "backupEvent": ["false", False],
        "page": ["1"],
    }


_Event = partial(
    EventRow[AwsServices],
    source="aws.health",
    detail_types=("AWS Health Event",),
    affected=_of_services,
    about="$.detail.eventTypeCode",
    words="$.detail.eventDescription[0].latestDescription",
    documented=_SCHEMA,
)

HEALTH_EVENTS: Final[tuple[EventRow[AwsServices], ...]] = (
    _Event(
        key="health.service-issue",
        title="AWS has an issue",
        detail=_detail("issue", "investigation"),
        means="A service of AWS that the stack uses has trouble in this region; look first at "
        "whether users feel it, and do not roll back what is not at fault.",
    ),
    _Event(
        key="health.scheduled-change",
        title="AWS plans a change",
        detail=_detail("scheduledChange"),
        means="AWS will retire tasks, maintain a database or end a version; look first at the date "
        "and at which of your resources it names.",
    ),
    _Event(
        key="health.account-notification",
        title="AWS has a notice",
        detail=_detail("accountNotification"),
        means="AWS tells the account something about a service that the stack uses; read it, "
        "usually there is time.",
    ),
)
"""In the order of the settings' table."""
