"""Whether a registered alarm can go on and off at all, found by playing it.

What the metrics can be is written down here from AWS's own documentation, and not from this
project's sheets:

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html
https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey
from ecs_monitoring.cloudwatch.described import definition_from_described
from ecs_monitoring.cloudwatch.evaluation import Sample, Series, timeline
from stack.alarm_api import put_metric_alarm_request

_GIB = 2**30
_MUCH = 1e15
"""More than any threshold that the tests draw, of what nothing bounds."""

# A Tuesday at noon, and the Monday before at midnight.
_NOON = 20_004 * 86_400 + 43_200
_MONDAY = 20_003 * 86_400
_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
_CREDITS = {"db.t3.micro": 288, "db.t4g.small": 576}

# https://aws.amazon.com/rds/instance-types/
_CLASS_GIB = {
    "db.t3.micro": 1,
    "db.t4g.small": 2,
    "db.m6g.large": 8,
    "db.r7g.2xlarge": 64,
    "db.x2g.16xlarge": 1024,
}


@dataclass(frozen=True)
class Possible:
    """What a metric can be in a minute.

    Attributes:
        values: some that it can have, the least and the greatest among them.
        counts: how many samples there can be.
        every: seconds from one datapoint to the next.
        is_seldom: whether there may be one datapoint in a whole period as well.
    """

    values: tuple[float, ...]
    counts: tuple[int, ...] = (1,)
    every: int = 60
    is_seldom: bool = False


def _percent(counts: tuple[int, ...] = (1,)) -> Possible:
    return Possible((0, 50, 100), counts)


# AWS reports these where "there is a nonzero value" alone.
_COUNTED = Possible((1, 10, 1000, _MUCH), is_seldom=True)
_ANY = Possible((0, 1, _MUCH))
# An idle timeout is at most 4,000 s:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
_TIMED = Possible((0.001, 4000), (1, 100_000))
# "Targets per Application Load Balancer: 1,000", which AWS raises for some:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
_HOSTS = Possible((0, 1, 10_000))

_SERVICES = (1, 2, 5000)
"""Tasks of a service, of which each sends a sample a minute; at most 5,000 of them."""

_POSSIBLE: dict[tuple[str, str], Possible] = {
    ("AWS/ECS", "CPUUtilization"): _percent(_SERVICES),
    ("AWS/ECS", "MemoryUtilization"): _percent(_SERVICES),
    ("ECS/ContainerInsights", "DesiredTaskCount"): Possible((0, 1, 5000)),
    ("ECS/ContainerInsights", "RunningTaskCount"): Possible((0, 1, 5000)),
    ("AWS/ApplicationELB", "RequestCount"): _COUNTED,
    ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count"): _COUNTED,
    ("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count"): _COUNTED,
    ("AWS/ApplicationELB", "RejectedConnectionCount"): _COUNTED,
    ("AWS/ApplicationELB", "TargetResponseTime"): _TIMED,
    ("AWS/ApplicationELB", "HealthyHostCount"): _HOSTS,
    ("AWS/ApplicationELB", "UnHealthyHostCount"): _HOSTS,
    ("AWS/SNS", "NumberOfNotificationsFailed"): _COUNTED,
    ("AWS/Events", "FailedInvocations"): _COUNTED,
    ("AWS/RDS", "CPUUtilization"): _percent(),
    ("AWS/RDS", "ACUUtilization"): _percent(),
    ("AWS/RDS", "BurstBalance"): _percent(),
    ("AWS/RDS", "EBSIOBalance%"): _percent(),
    ("AWS/RDS", "EBSByteBalance%"): _percent(),
    ("AWS/RDS", "ReadLatency"): Possible((0, 0.001, _MUCH)),
    ("AWS/RDS", "WriteLatency"): Possible((0, 0.001, _MUCH)),
    ("AWS/RDS", "DBLoad"): Possible((0, 1, 262_143)),
    ("AWS/RDS", "MaximumUsedTransactionIDs"): Possible((0, 1, 2**31 - 1)),
    ("AWS/RDS", "ReplicaLag"): Possible((-1, 0, 1, _MUCH)),
    ("AWS/Route53", "HealthCheckStatus"): Possible((0, 1)),
}


def _database(name: str, target: Mapping[str, Any]) -> Possible | None:
    """What follows from a database's own facts."""
    if name == "CPUCreditBalance":
        # "CPU credit metrics are reported at a 5-minute frequency only."
        return Possible((0, 1, _CREDITS[target["instance_class"]]), every=300)
    if target["instance_class"] == "db.serverless":
        memory = 2.0 * target["max_acu"]
    else:
        memory = _CLASS_GIB[target["instance_class"]]
    storage = target.get("max_allocated_storage_gib") or target.get("allocated_storage_gib", 0)
    # Never all of it is free.
    most = {
        "DatabaseConnections": target.get("max_connections", 262_143),
        "FreeableMemory": memory * _GIB - 1,
        "FreeStorageSpace": storage * _GIB - 1,
        "FreeLocalStorage": max(3 * memory, 32) * _GIB - 1,
    }
    return Possible((0, 1, most[name])) if name in most else None


def _possible(metric: MetricKey, kind: str, target: Mapping[str, Any]) -> Possible:
    if kind == "rds" and (found := _database(metric.name, target)):
        return found
    if kind == "logs":
        # The filters' default value is 0, in minutes with events.
        return Possible((0, 1, _MUCH), (1, 1000))
    if metric.namespace == "Django/API":
        share = metric.name == "ThreadsBusy"
        return _percent((1, 100)) if share else Possible((0, 1, _MUCH), (1, 1000))
    # What the table does not have may be anything, so that a rule on a new metric needs no line.
    return _POSSIBLE.get((metric.namespace, metric.name), _ANY)


def _moments(target: Mapping[str, Any]) -> list[int]:
    """When an alarm is looked at: at noon, or where off hours begin, after all that is watched."""
    if not (hours := target.get("off_hours")):
        return [_NOON]
    minute, hour, _, _, days, _ = hours["stop"].removeprefix("cron(").removesuffix(")").split()
    last = _DAYS.index(days.rpartition("-")[2])
    # In each of two weeks, so that what lies before the first one is watched, too.
    stop = _MONDAY + 86_400 * last + 3600 * int(hour) + 60 * int(minute)
    return [stop, stop + 7 * 86_400]


def _published(
    possible: Possible, definition: AlarmDefinition, now: int
) -> Iterator[Series | None]:
    """The metric with each of its values for as long as an alarm can see, and without data."""
    yield None
    steps = {possible.every, definition.period if possible.is_seldom else possible.every}
    for step, value, count in product(sorted(steps), possible.values, possible.counts):
        last = now // step * step
        times = range(last - definition.lookback // step * step, last, step)
        yield Series(Sample.of(time, value, count) for time in times)


def _states(
    definition: AlarmDefinition, kind: str, target: Mapping[str, Any], now: int
) -> set[AlarmState]:
    """The states that an alarm gets into from the other one, whatever its metrics are."""
    metrics = sorted(definition.metrics, key=repr)
    # The evaluation range, and a day of samples at most: more are the same again.
    possible = [_possible(metric, kind, target) for metric in metrics]
    ways = [list(_published(one, definition, now)) for one in possible]
    # Where nothing is published because nothing happens, silence is rest, whatever it is called.
    rests_in_silence = all(one.is_seldom for one in possible)
    reached: set[AlarmState] = set()
    for chosen in product(*ways):
        series = {metric: found for metric, found in zip(metrics, chosen, strict=True) if found}
        for before in (AlarmState.OK, AlarmState.ALARM):
            (evaluation,) = timeline(definition, series, now, now, state=before)
            if evaluation.state is not before:
                reached.add(evaluation.state)
                if rests_in_silence and not series and before is AlarmState.ALARM:
                    reached.add(AlarmState.OK)
        if {AlarmState.OK, AlarmState.ALARM} <= reached:
            break
    return reached


def missing_sides(alarm: Mapping[str, Any], kind: str, target: Mapping[str, Any]) -> list[str]:
    """The states that a registered alarm can never come into, of ``OK`` and ``ALARM``.

    Args:
        alarm: the inputs of the alarm's resource.
        kind: the section of its target.
        target: the target's settings.
    """
    definition = definition_from_described(put_metric_alarm_request(alarm))
    reached = set().union(*(_states(definition, kind, target, now) for now in _moments(target)))
    return [state.value for state in (AlarmState.OK, AlarmState.ALARM) if state not in reached]
