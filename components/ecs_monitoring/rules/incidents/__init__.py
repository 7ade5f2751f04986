"""One page an incident: which alarms belong together, and who pages for them."""

from enum import StrEnum

from ecs_monitoring.rules.incidents.bound import paged_within
from ecs_monitoring.rules.incidents.composites import (
    KIND,
    IncidentComposite,
    Owner,
    incident_composites,
    is_incident_of,
    target_kind,
)
from ecs_monitoring.rules.incidents.grouping import (
    FORESEEN,
    Dependencies,
    IncidentGroup,
    incident_groups,
)
from ecs_monitoring.rules.incidents.parts import IncidentPart, Member

__all__ = [
    "FORESEEN",
    "KIND",
    "Dependencies",
    "IncidentComposite",
    "IncidentGroup",
    "IncidentPart",
    "Member",
    "Owner",
    "Paging",
    "incident_composites",
    "incident_groups",
    "is_incident_of",
    "paged_within",
    "target_kind",
]


class Paging(StrEnum):
    """What the critical topics are told."""

    ALARM = "alarm"
    """Every critical alarm."""

    INCIDENT = "incident"
    """Composite alarms alone: one a target, silent while what the target rests on has one."""
