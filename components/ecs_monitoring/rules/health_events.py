"""What AWS Health tells of the services that a stack uses.

https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field

from ecs_monitoring.cloudwatch.rule import Severity
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
    return Affected({"detail.service": target.services})


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


HEALTH_EVENTS: Final[tuple[EventRow[AwsServices], ...]] = (
    EventRow(
        key="health.service-issue",
        severity=Severity.WARNING,
        title="AWS has an issue",
        source="aws.health",
        detail_types=("AWS Health Event",),
        detail=_detail("issue", "investigation"),
        affected=_of_services,
        about="$.detail.eventTypeCode",
        words="$.detail.eventDescription[0].latestDescription",
        means="A service of AWS that the stack uses has trouble in this region; look first at "
        "whether users feel it, and do not roll back what is not at fault.",
        documented=_SCHEMA,
    ),
    EventRow(
        key="health.scheduled-change",
        severity=Severity.WARNING,
        title="AWS plans a change",
        source="aws.health",
        detail_types=("AWS Health Event",),
        detail=_detail("scheduledChange"),
        affected=_of_services,
        about="$.detail.eventTypeCode",
        words="$.detail.eventDescription[0].latestDescription",
        means="AWS will retire tasks, maintain a database or end a version; look first at the date "
        "and at which of your resources it names.",
        documented=_SCHEMA,
    ),
    EventRow(
        key="health.account-notification",
        severity=Severity.WARNING,
        title="AWS has a notice",
        source="aws.health",
        detail_types=("AWS Health Event",),
        detail=_detail("accountNotification"),
        affected=_of_services,
        about="$.detail.eventTypeCode",
        words="$.detail.eventDescription[0].latestDescription",
        means="AWS tells the account something about a service that the stack uses; read it, "
        "usually there is time.",
        documented=_SCHEMA,
    ),
)
"""In the order of the settings' table."""
