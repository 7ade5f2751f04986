"""Log groups that the stack watches and that have had no events."""

from collections import defaultdict
from collections.abc import Iterator

from account.alarms import LiveAlarm
from account.coverage.finding import Finding, FindingKind, Gravity
from account.coverage.view import RegionView
from account.coverage.watchers import Watcher
from ecs_monitoring.cloudwatch.rule import Severity


def quiet_groups(view: RegionView) -> Iterator[Finding]:
    """A finding for each log group whose filters count every event and have counted none.

    A filter with a default value makes data of each event, matching or not. Without data there
    were no events at all, and nobody would see an error:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html

    Args:
        view: the region.
    """
    quiet: dict[str, list[LiveAlarm]] = defaultdict(list)
    for watcher in view.watchers:
        if watcher.own:
            for group in quiet_of(view, watcher):
                quiet[group].append(watcher.own)
    for group, alarms in quiet.items():
        is_critical = any(alarm.severity == Severity.CRITICAL for alarm in alarms)
        yield Finding(
            kind=FindingKind.NO_DATA,
            gravity=Gravity.HIGH if is_critical else Gravity.MEDIUM,
            region=view.region,
            key=f"logs:{group}",
            subject=f"log group {group}",
            words=(
                f"Log group {group} has had no events for two weeks: its filters count every "
                "event, and their metrics have no data. Errors would not be seen."
            ),
            fix=(
                "See whether the application still writes to this group, and correct the group "
                f"in {view.settings_file} where it writes to another one."
            ),
            alarms=tuple(alarm.address for alarm in alarms),
        )


def quiet_of(view: RegionView, watcher: Watcher) -> list[str]:
    """The log groups of which an alarm reads a metric that must have data and has none.

    Args:
        view: the region.
        watcher: an alarm.
    """
    if view.inventory is None or view.known is None:
        return []
    unseen = {
        (metric.namespace, metric.name)
        for metric in watcher.metrics
        if not view.known.get((metric.namespace, metric.name))
    }
    counted = (
        one.log_group
        for one in view.inventory.metric_filters or ()
        if one.has_default and (one.namespace, one.metric) in unseen
    )
    return list(dict.fromkeys(counted))
