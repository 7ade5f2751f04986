"""The alarm that a row makes of a target, with all of it."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from ecs_monitoring.catalog.metrics import Fact
from ecs_monitoring.catalog.metrics import rds as metrics
from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import (
    AlarmRule,
    Comparison,
    LikelyMost,
    LowSamples,
    MissingData,
    NoThreshold,
    Outage,
    Severity,
    WarmUp,
)
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules.condition import Held, Share, above, at_least, below
from ecs_monitoring.rules.off_hours import OffHours
from ecs_monitoring.rules.rds_target import RdsTarget
from ecs_monitoring.rules.row import Math, Rule, Scope, Subject

SCOPE: Final = Scope(project="shop", stack="prod", component="rds")
MAIN: Final = RdsTarget(
    instance="main",
    engine="postgres",
    instance_class="db.m7g.large",
    max_connections=200,
)
# From Saturday at 20 o'clock to Monday at 7, in minutes since Monday: 5 x 1,440 + 1,200, and 420
# of the next week's.
RESTING: Final = MAIN.model_copy(
    update={"off_hours": OffHours(stop="cron(0 20 ? * SAT *)", start="cron(0 7 ? * MON *)")}
)
STRETCH: Final = (8400, 10_500)


def metric(name: str, statistic: str) -> Metric:
    return Metric(
        namespace="AWS/RDS",
        name=name,
        dimensions={"DBInstanceIdentifier": "main"},
        statistic=statistic,
    )


PLAIN: Final = Rule[RdsTarget](
    "rds.plain",
    Severity.WARNING,
    "Plain",
    on=metrics.DATABASE_CONNECTIONS.average,
    when=at_least(Share(80, of=Fact.MAX_CONNECTIONS)),
    held="5 of 5 x 60 s",
    missing=MissingData.MISSING,
    means="{where} has {engine}; look first at {target.instance}.",
    source="",
)


def test_a_row_makes_no_more_than_it_says() -> None:
    assert PLAIN.alarm(Subject(SCOPE, "db", MAIN)) == AlarmRule(
        key="rds.plain",
        target="db",
        title="Plain",
        meaning="database main has postgres; look first at main.",
        severity=Severity.WARNING,
        signal=metric("DatabaseConnections", "Average"),
        comparison=Comparison.AT_LEAST,
        threshold=160,
        unit=Unit.COUNT,
        period=60,
        evaluation_periods=5,
        datapoints_to_alarm=None,
        treat_missing_data=MissingData.MISSING,
        lowest=0,
        highest=200,
        default=160,
    )


FULL: Final = Rule[RdsTarget](
    "rds.full",
    lambda target: Severity.CRITICAL if target.max_connections else Severity.WARNING,
    "Full",
    on=lambda subject: Math(
        reads={
            "free": metrics.FREE_STORAGE_SPACE.minimum,
            "credits": metrics.CPU_CREDIT_BALANCE.average,
        },
        steps={"half": "free / 2"},
        expression="half + credits",
        returns="sum",
        label="the sum",
        unit=Unit.BYTES,
        lowest=-1,
        highest=2000,
        outage=Outage(0, "nothing is left", "write more"),
    ),
    when=below(100),
    held=lambda target: "3 of 5 x 300 s",
    missing=MissingData.BREACHING,
    means="{where} is full.",
    source="",
    drawn_on="A graph",
    basis=lambda target: f"Of {target.instance}.",
    low_samples=LowSamples.IGNORE,
    warm_up=WarmUp(600),
    off=500,
    enabled=False,
)


def full(**changes: Any) -> AlarmRule:
    fields: dict[str, Any] = {
        "key": "rds.full",
        "target": "db",
        "part": "web",
        "title": "Full",
        "meaning": "database main is full.",
        "basis": "Of main.",
        "severity": Severity.CRITICAL,
        "comparison": Comparison.BELOW,
        "threshold": 100,
        "unit": Unit.BYTES,
        "period": 300,
        "evaluation_periods": 5,
        "datapoints_to_alarm": 3,
        "treat_missing_data": MissingData.BREACHING,
        "low_samples": LowSamples.IGNORE,
        "warm_up": WarmUp(600),
        # Neither of the metrics is ever less than nothing.
        "lowest": 0,
        "highest": 2000,
        "default": 100,
        # CPU credits come every five minutes.
        "every": 300,
        "outage": Outage(0, "nothing is left", "write more"),
        "graph": "A graph",
        "enabled": False,
        **changes,
    }
    return AlarmRule(**fields)


READS: Final = (
    MetricQuery(id="free", source=metric("FreeStorageSpace", "Minimum")),
    MetricQuery(id="credits", source=metric("CPUCreditBalance", "Average")),
    MetricQuery(id="half", source="free / 2"),
)


def test_a_row_with_everything() -> None:
    result = MetricQuery(id="sum", source="half + credits", label="the sum")
    made = FULL.alarm(Subject(SCOPE, "db", MAIN, "web"))
    assert made == full(signal=MetricMath(queries=(*READS, result), returned="sum"))


def test_a_target_that_rests_has_a_value_of_no_trouble_meanwhile() -> None:
    hours = (
        MetricQuery(id="week", source="((DAY(free) - 1) * 24 + HOUR(free)) * 60 + MINUTE(free)"),
        MetricQuery(
            id="off", source="(week >= 8400 AND week < 10080) OR (week >= 0 AND week < 420)"
        ),
    )
    result = MetricQuery(
        id="sum",
        source="IF(off, 500, half + credits)",
        label="the sum outside off hours",
    )
    assert FULL.alarm(Subject(SCOPE, "db", RESTING, "web")) == full(
        signal=MetricMath(queries=(*READS, *hours, result), returned="sum"),
        meaning="database main is full. Off hours, cron(0 20 ? * SAT *) to cron(0 7 ? * MON *) "
        "UTC, do not count.",
        switches=(420, 8400),
        rests=(STRETCH,),
    )


def test_a_plain_metric_that_rests_becomes_metric_math() -> None:
    row = Rule[RdsTarget](
        "rds.rests",
        Severity.WARNING,
        "Rests",
        on=metrics.CPU_UTILIZATION.sample_count,
        when=below(1),
        off=1440,
        held="15 of 15 x 60 s",
        missing=MissingData.BREACHING,
        means="{where}.",
        source="",
    )
    awake, resting = (row.alarm(Subject(SCOPE, "db", target)) for target in (MAIN, RESTING))
    assert awake.signal == metric("CPUUtilization", "SampleCount")
    assert (awake.switches, awake.rests) == ((), ())
    assert isinstance(resting.signal, MetricMath)
    first, *_, last = resting.signal.queries
    assert first == MetricQuery(id="value", source=metric("CPUUtilization", "SampleCount"))
    assert last == MetricQuery(
        id="watched",
        source="IF(off, 1440, value)",
        label="CPUUtilization SampleCount outside off hours",
    )
    assert resting.unit is Unit.COUNT
    # A row that says nothing of it is quiet by itself.
    assert PLAIN.alarm(Subject(SCOPE, "db", RESTING)) == PLAIN.alarm(Subject(SCOPE, "db", MAIN))


# The highest that a metric is, whether it gets there, and what it is likely at most.
BOUNDS: list[tuple[Any, Mapping[str, Any], float, bool, LikelyMost | None]] = [
    # Of storage something is always in use.
    (metrics.FREE_STORAGE_SPACE.minimum, {"allocated_storage_gib": 1}, 2**30, False, None),
    (
        metrics.FREE_STORAGE_SPACE.minimum,
        {"allocated_storage_gib": 1, "max_allocated_storage_gib": 2},
        *(2**31, False, LikelyMost(2**30, "the volume has 1 GiB until RDS enlarges it")),
    ),
    (metrics.CPU_UTILIZATION.average, {}, 100, True, None),
    (
        metrics.DB_LOAD.average,
        {},
        262_143,
        True,
        LikelyMost(200, "active sessions are connections, and max_connections is 200"),
    ),
]


@pytest.mark.parametrize(("on", "fields", "highest", "is_reached", "likely"), BOUNDS)
def test_how_high_a_signal_gets(
    on: Any,
    fields: Mapping[str, Any],
    highest: float,
    is_reached: bool,
    likely: LikelyMost | None,
) -> None:
    row = Rule[RdsTarget](
        "rds.high",
        Severity.WARNING,
        "High",
        on=on,
        when=above(1),
        held="1 of 1 x 60 s",
        missing=MissingData.MISSING,
        means="{where}.",
        source="",
    )
    rule = row.alarm(Subject(SCOPE, "db", MAIN.model_copy(update=dict(fields))))
    assert (rule.highest, rule.is_highest_reached, rule.likely_most) == (
        *(highest, is_reached, likely),
    )


def test_without_the_fact_there_is_no_threshold() -> None:
    unknown = MAIN.model_copy(update={"instance_class": "db.x9.huge", "max_connections": None})
    rule = PLAIN.alarm(Subject(SCOPE, "db", unknown))
    assert isinstance(rule.threshold, NoThreshold)
    assert rule.default == rule.threshold


@pytest.mark.parametrize(
    ("words", "held"),
    [("3 of 5 x 60 s", Held(3, 5, 60)), ("1 of 10 x 300 s", Held(1, 10, 300))],
)
def test_for_how_long(words: str, held: Held) -> None:
    assert Held.of(words) == held


@pytest.mark.parametrize(
    "words", ["", "3 x 60 s", "3 of 5 x 60", " 3 of 5 x 60 s", "3 of 5 x 60 s "]
)
def test_for_no_time_that_anybody_could_tell(words: str) -> None:
    with pytest.raises(ValueError, match='write M of N x seconds, such as "3 of 5 x 60 s"') as no:
        Held.of(words)
    assert str(no.value).startswith(f"{words!r}: ")
