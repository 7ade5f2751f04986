"""What RDS, and AWS Backup, tell of databases when it happens.

Categories and ids: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
and https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html
"RDS emits events on a best effort basis": they may be missing, or out of order.
"""

from functools import partial
from typing import Any, Final

from ecs_monitoring.rules import rds_conditions as instance
from ecs_monitoring.rules.event_row import Affected, EventRow
from ecs_monitoring.rules.rds_target import RdsTarget

_MESSAGES: Final = (
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html"
)


def _arns(target: RdsTarget) -> tuple[dict[str, Any], ...]:
    """The ends of the ARNs of the instance and of its cluster, where the settings name that."""
    cluster = (f":cluster:{target.cluster}",) if target.cluster else ()
    return tuple({"suffix": end} for end in (f":db:{target.instance}", *cluster))


def _of_database(target: RdsTarget) -> Affected:
    return {"detail.SourceArn": _arns(target)}


def _of_resource(target: RdsTarget) -> Affected:
    return {"detail.resourceArn": _arns(target)}


def _without_its_cluster(target: RdsTarget) -> bool:
    return target.is_aurora and target.cluster is None


_CLUSTER_TELLS: Final = (
    "Aurora tells of it about the cluster: write its identifier in the database's cluster"
)

_Event = partial(
    EventRow[RdsTarget],
    source="aws.rds",
    detail_types=("RDS DB Instance Event", "RDS DB Cluster Event"),
    affected=_of_database,
    about="$.detail.SourceIdentifier",
    words="$.detail.Message",
    documented=_MESSAGES,
)

# None is critical: whoever must be woken is, by the alarms that see what an event does, such as
# rds.storage-low long before the storage is full. A page of an event would be a second one.
RDS_EVENTS: Final[tuple[EventRow[RdsTarget], ...]] = (
    _Event(
        key="rds.failover",
        title="Database failover",
        detail={"EventCategories": ["failover"]},
        unless={_without_its_cluster: _CLUSTER_TELLS},
        means="The database moved to another instance: connections broke and must be made anew; "
        "look first at whether the application has reconnected.",
    ),
    _Event(
        key="rds.storage-full",
        title="Database storage full",
        # Consumed; at the storage-full threshold, shut down.
        detail={"EventID": ["RDS-EVENT-0007", "RDS-EVENT-0221"]},
        unless={instance.is_aurora: "{engine} grows its storage by itself"},
        means="The database takes no more writes, or is shut down; enlarge the storage first, "
        "then look at what grew.",
    ),
    _Event(
        key="rds.maintenance",
        title="Database maintenance",
        detail={"EventCategories": ["maintenance"]},
        means="RDS maintains the database, or wants to; look first at whether it is offline now "
        "and when its maintenance window is.",
    ),
    _Event(
        key="rds.backups-off",
        title="Database backups turned off",
        # "Disabled automated backups": RDS documents no event of an automated backup that failed.
        detail={"EventID": ["RDS-EVENT-0028"]},
        unless={instance.is_aurora: "{engine} always has automated backups"},
        means="The database has no automated backups any more, and no way back to an earlier "
        "point in time; look first at who changed its retention period to 0.",
    ),
    EventRow(
        key="rds.backup-failed",
        title="Database backup failed",
        source="aws.backup",
        detail_types=("Backup Job State Change",),
        detail={"state": ["FAILED", "ABORTED", "EXPIRED"]},
        affected=_of_resource,
        about="$.detail.resourceArn",
        means="AWS Backup has no new backup of the database; look first at the job's status "
        "message, its role and the backup window.",
        only_sent="where a plan of AWS Backup covers the database; of its own automated backups "
        "RDS documents no event that one failed",
        documented="https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html",
    ),
)
"""In the order of the settings' table."""
