"""Alarms and log groups of the stack that see nothing: no data, or none for weeks."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from account.alarms import LiveAlarm
from account.coverage.finding import Finding, FindingKind, Gravity
from account.coverage.gone import missing_of
from account.coverage.known_metrics import nearest_in_words, shown, with_data
from account.coverage.resource_watchers import is_about
from account.coverage.resources import resources
from account.coverage.view import RegionView
from account.coverage.watchers import Watcher
from ecs_monitoring.catalog.metrics import SHEETS, Published
from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import MetricKey, MetricStat
from ecs_monitoring.cloudwatch.rule import MissingData
from ecs_monitoring.cloudwatch.units import Unit

TOO_LONG: Final = timedelta(weeks=2)
"""In INSUFFICIENT_DATA for longer than this, an alarm needs looking at.

As long as ListMetrics remembers a metric that has no more data: see ``read_known_metrics``.
"""

# Of metrics that are counts, the statistics that count what happened.
_COUNTING: Final = ("Sum", "SampleCount")


def silent(view: RegionView) -> Iterator[Finding]:
    """A finding for each alarm of the stack that has seen no data, or none for weeks.

    Alarms on what no longer runs are left to :func:`account.coverage.gone.gone`, those on log
    groups without events to :func:`quiet_groups`.

    Args:
        view: the region.
    """
    idle = (
        [resource for resource in resources(view.inventory) if resource.idle]
        if view.inventory
        else []
    )
    for watcher in view.watchers:
        alarm = watcher.own
        if alarm is None or missing_of(watcher, view.inventory) or quiet_of(view, watcher):
            continue
        unseen = [stat for stat in watcher.reads if not _has_data(view, stat.metric)]
        since = in_state_since(alarm)
        reason = next((resource.idle for resource in idle if is_about(watcher, resource)), "")
        if alarm.state is AlarmState.INSUFFICIENT_DATA and view.now - since > TOO_LONG:
            yield _insufficient(view, alarm, since, unseen, reason)
        elif unseen:
            yield _no_data(view, alarm, unseen, reason)


def in_state_since(alarm: LiveAlarm) -> datetime:
    """When an alarm came into its state.

    ``StateUpdatedTimestamp`` moves with the evaluation's state as well, so that it stands in only
    where ``StateTransitionedTimestamp`` is absent:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
    """
    transitioned = alarm.raw.get("StateTransitionedTimestamp")
    return transitioned if isinstance(transitioned, datetime) else alarm.state_updated


def _has_data(view: RegionView, metric: MetricKey) -> bool:
    """Whether a metric had data lately, as far as anybody knows."""
    if view.metrics is None:
        return view.recorded.get(metric, True)
    return metric.dimensions in with_data(view.metrics, metric)


def _insufficient(
    view: RegionView, alarm: LiveAlarm, since: datetime, unseen: list[MetricStat], idle: str
) -> Finding:
    days = (view.now - since).days
    words = [f"{alarm.address} has been in INSUFFICIENT_DATA for {days} days."]
    words += _unseen_words(view, unseen)
    fix = _fix(view, alarm)
    if alarm.is_composite:
        words.append("It is a rule over other alarms: see theirs.")
    elif view.metrics is None and not unseen:
        words.append("Whether its metrics have data is not known.")
    elif not unseen:
        words.append("Its metrics have data, but not in enough of its periods.")
        fix = "Lengthen the alarm's period to how often its metric is published."
    return _finding(view, alarm, FindingKind.INSUFFICIENT_DATA, words, fix, normal=_idle(idle))


def _no_data(view: RegionView, alarm: LiveAlarm, unseen: list[MetricStat], idle: str) -> Finding:
    words = _unseen_words(view, unseen, with_nearest=not is_normal(alarm, unseen))
    if is_normal(alarm, unseen):
        normal = (
            "That is normal: it counts what happens, and without data the alarm says that nothing "
            "has happened."
        )
    else:
        normal = _idle(idle)
        words.append(_consequence(alarm))
    return _finding(view, alarm, FindingKind.NO_DATA, words, _fix(view, alarm), normal=normal)


def _idle(reason: str) -> str:
    return f"That is normal for something that {reason}, if it is meant to." if reason else ""


def is_normal(alarm: LiveAlarm, unseen: list[MetricStat]) -> bool:
    """Whether having no data says nothing.

    Counts of errors exist only when there are some ("Reporting criteria: There is a nonzero
    value"), and an alarm that treats missing data as ``notBreaching`` knows that:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html

    So are the messages of a dead-letter queue, whatever the statistic: SQS sends metrics of a
    queue only while somebody uses it, and nobody uses one in which nothing is kept:
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-monitoring-using-cloudwatch.html

    Args:
        alarm: of the stack.
        unseen: the statistics of metrics without data that it reads.
    """
    takes_none_for_good = alarm.raw.get("TreatMissingData") == MissingData.NOT_BREACHING
    return takes_none_for_good and all(map(_counts_what_is_rare, unseen))


def _counts_what_is_rare(stat: MetricStat) -> bool:
    if stat.statistic in _COUNTING:
        return True
    sheet = SHEETS.get((stat.metric.namespace, stat.metric.name))
    if sheet is None or sheet.usual.level or sheet.unit is not Unit.COUNT:
        return False
    return sheet.published in (Published.IN_USE, Published.NOT_ZERO)


def _consequence(alarm: LiveAlarm) -> str:
    return {
        MissingData.BREACHING: "The alarm takes that for a breach and is on all the time.",
        MissingData.NOT_BREACHING: "The alarm takes that for good news and never goes off.",
        MissingData.IGNORE: "The alarm keeps the state that it has.",
    }.get(alarm.raw.get("TreatMissingData", ""), "The alarm cannot go off.")


def _unseen_words(
    view: RegionView, unseen: list[MetricStat], *, with_nearest: bool = True
) -> list[str]:
    metrics = dict.fromkeys(stat.metric for stat in unseen)
    return [
        f"{_said_of(view, metric)}{_others(view, metric) if with_nearest else ''}."
        for metric in metrics
    ]


def _said_of(view: RegionView, metric: MetricKey) -> str:
    name = f"{metric.namespace} {metric.name} ({shown(metric.dimensions)})"
    if view.metrics is None:
        return f"The archive has no record of {name}"
    older = ", though the archive has older records" if view.recorded.get(metric) else ""
    return f"{name} has had no data for two weeks{older}"


def _others(view: RegionView, metric: MetricKey) -> str:
    """What else has data; a metric that had some was named rightly."""
    if view.metrics is None or view.recorded.get(metric):
        return ""
    return nearest_in_words(metric, view.metrics) or ", and no other metric of that name either"


def _fix(view: RegionView, alarm: LiveAlarm) -> str:
    return (
        f"Compare {alarm.address.kind}.{alarm.address.target} in {view.settings_file} with what "
        "publishes the metric: a wrong dimension is the usual reason, then a publisher that is off."
    )


def _finding(
    view: RegionView,
    alarm: LiveAlarm,
    kind: FindingKind,
    words: list[str],
    fix: str,
    *,
    normal: str,
) -> Finding:
    """The finding about an alarm; a remark only, where what it says is normal."""
    return Finding(
        kind=kind,
        gravity=Gravity.INFO if normal else Gravity.of([alarm]),
        region=view.region,
        key=alarm.name,
        subject=alarm.address,
        words=" ".join([*words, *([normal] if normal else [])]),
        fix=f"Nothing, if that is so. Otherwise {fix[0].lower()}{fix[1:]}" if normal else fix,
        alarms=(alarm.address,),
    )


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
        yield Finding(
            kind=FindingKind.NO_DATA,
            gravity=Gravity.of(alarms),
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
    if view.inventory is None or view.metrics is None:
        return []
    unseen = {
        (metric.namespace, metric.name)
        for metric in watcher.metrics
        if not with_data(view.metrics, metric)
    }
    counted = (
        counted.log_group
        for counted in view.inventory.metric_filters or ()
        if counted.has_default and (counted.namespace, counted.metric) in unseen
    )
    return list(dict.fromkeys(counted))
