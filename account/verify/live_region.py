"""What one region of the account has of all that a stack would deploy there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from account.account import Account, Attempts, Region
from account.alarms import LiveAlarm
from account.coverage.inventory import Inventory
from account.coverage.known_metrics import KnownMetrics, read_known_metrics
from account.coverage.logs_reader import read_log_groups
from account.coverage.read import read_inventory
from account.obstacles import Obstacle, obstacles
from account.reading import read_alarms_named, read_topics
from account.tags import tags_of
from account.verify.model import FOUND, Answer, missing, note, unknown
from account.verify.planned import Planned, PlannedGroup
from ecs_monitoring.cloudwatch.alarm import AlarmAddress

NOT_LOOKED_AT: Final = "could not be looked at"


@dataclass(frozen=True, kw_only=True)
class LiveRegion:
    """What one region has; ``None`` stands for what could not be looked at.

    Attributes:
        inventory: what runs there.
        metrics: those of the planned alarms that have data.
        groups: names of the planned log groups that are there.
        obstacles: what would keep their notifications from anybody.
        taken: names of planned alarms that are others' there, with whose they are.
    """

    inventory: Inventory
    metrics: KnownMetrics | None
    groups: frozenset[str] | None
    obstacles: Sequence[Obstacle]
    taken: Mapping[str, str] | None

    def group(self, group: PlannedGroup) -> Answer:
        """Whether a log group is there."""
        if self.groups is None:
            return unknown(f"log group {group.name} {NOT_LOOKED_AT}")
        if group.name in self.groups:
            return FOUND
        if group.is_own:
            return note(f"log group {group.name} will be made")
        return missing(f"there is no log group {group.name}")


def read_live_region(
    account: Account, region: Region, logs: Any, plan: Planned, attempts: Attempts
) -> LiveRegion:
    """Ask a region about what is planned for it.

    Args:
        account: where.
        region: the region's clients.
        logs: the region's client of CloudWatch Logs.
        plan: what a stack would have there.
        attempts: keeps what could not be looked at.
    """
    asked = [
        metric
        for watcher in plan.watchers
        for metric in watcher.metrics
        if not plan.is_made(metric)
    ]
    alarms = [watcher.own for watcher in plan.watchers if watcher.own]
    quiet = _RefusalsOnly(attempts)
    groups = read_log_groups(logs, {group.name: "the stack" for group in plan.groups}, quiet)
    return LiveRegion(
        # Only where something is watched that could be there: other regions need no rights.
        inventory=read_inventory(account, quiet) if asked else Inventory(),
        metrics=read_known_metrics(region.cloudwatch, asked, attempts),
        groups=None if groups is None else frozenset(groups),
        obstacles=obstacles(alarms, read_topics(region, alarms)),
        taken=attempts.of("alarms of the same names", lambda: names_taken(region, alarms)),
    )


class _RefusalsOnly(Attempts):
    """Attempts that keep refusals, and not the remarks of what else there is in the account."""

    def __init__(self, kept: Attempts) -> None:
        super().__init__(kept.region)
        self._kept = kept

    def note(self, words: str) -> None:
        """Keep what could not be looked at."""
        if NOT_LOOKED_AT in words:
            self._kept.note(words)


def names_taken(region: Region, planned: Sequence[LiveAlarm]) -> dict[str, str]:
    """Name to what is there, in words, of the alarms that are there and not the stack's own.

    Metric, composite and log alarms share their names: each is "unique within the Region", and an
    alarm's ARN does not say of which type it is. What PutMetricAlarm and PutCompositeAlarm do with
    a name that an alarm of another type has, AWS does not say.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html

    Raises:
        botocore.exceptions.ClientError: AWS refuses to tell.
    """
    by_name = {alarm.name: alarm for alarm in planned}
    there = read_alarms_named(region, list(by_name))
    tags = tags_of(region, [described["AlarmArn"] for described in there], "AlarmKey")
    taken = {}
    for described in there:
        words = _whose(described, tags[described["AlarmArn"]], by_name[described["AlarmName"]])
        if words:
            taken[described["AlarmName"]] = words
    return taken


def _whose(described: Mapping[str, Any], tags: Mapping[str, str], planned: LiveAlarm) -> str:
    """What is there in the place of a planned alarm; empty where it is the stack's own."""
    name, sort = planned.name, _sort(described)
    wanted = "composite" if planned.is_composite else "metric"
    if sort != wanted:
        return (
            f"a {sort} alarm {name} is there, and a {wanted} alarm of that name is planned: "
            "alarms share their names, so delete it or call it otherwise first"
        )
    address = AlarmAddress.from_tags(tags)
    if address == planned.address:
        return ""
    whose = f"is tagged as {address}" if address.rule else "has none of its tags"
    article = "a composite alarm" if planned.is_composite else "an alarm"
    return f"{article} {name} is there, {whose} and would be overwritten"


def _sort(described: Mapping[str, Any]) -> str:
    if "AlarmRule" in described:
        return "composite"
    return "log" if "ScheduledQueryConfiguration" in described else "metric"
