"""Short ways to write reviews of alarms and their parts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.alarm import AlarmAddress, AlarmState
from ecs_monitoring.cloudwatch.definition import (
    AlarmDefinition,
    MetricKey,
    MetricStat,
    Query,
    definition_of,
)
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, MissingData
from ecs_monitoring.cloudwatch.units import Unit
from replay.changes import Change
from replay.incidents import Incident
from replay.outcome import Outcome
from replay.suggestion import Suggestion, ThresholdVerdict
from review.model import (
    AlarmReview,
    Candidate,
    DataSummary,
)

MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 86_400

ZONE: Final = ZoneInfo("Asia/Tokyo")
START: Final = int(datetime(2026, 7, 1, tzinfo=ZONE).timestamp())
END: Final = START + 90 * DAY

TOPIC: Final = "arn:aws:sns:ap-northeast-1:123456789012:alerts"

NASTY: Final = "</script><script>document.title='broken'</script><img src=x onerror=alert(1)>&\"'"
"""A text that would break out of an element, an attribute or a script, were it not escaped."""


def at(day: int, hour: int = 0, minute: int = 0) -> int:
    """A time of the stretch: a day counted from 0, and the time of day in Tokyo."""
    return START + day * DAY + hour * HOUR + minute * MINUTE


def first_hours(start: int, *days: int) -> tuple[Incident, ...]:
    """An incident in the first hour of some days, counted from ``start``."""
    return tuple(Incident(start + day * DAY, start + day * DAY + HOUR) for day in days)


def live_alarm(
    definition: AlarmDefinition | None,
    *,
    address: str = "shop.orders@web",
    unit: Unit = Unit.COUNT,
    problem: str = "",
) -> LiveAlarm:
    """A warning of the stack's, as AWS has it."""
    return LiveAlarm(
        name="orders",
        arn="arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:orders",
        region="ap-northeast-1",
        address=AlarmAddress(address),
        severity="warning",
        is_composite=False,
        state=AlarmState.OK,
        state_reason="",
        state_updated=datetime(2026, 7, 1, tzinfo=ZONE),
        actions_enabled=True,
        actions={},
        unit=unit,
        definition=definition,
        problem=problem,
    )


def alarm_of(rule: AlarmRule) -> LiveAlarm:
    """A rule's alarm."""
    return live_alarm(definition_of(rule), address=rule.address, unit=rule.unit)


def outcome(
    bands: Iterable[tuple[int, int]],
    *,
    start: int = START,
    end: int = END,
    approximate: bool = False,
) -> Outcome:
    """An outcome that is in ALARM from each time to the next, and else in OK."""
    changes = []
    for began, ended in bands:
        changes.append(Change(began, AlarmState.ALARM, AlarmState.OK))
        changes.append(Change(ended, AlarmState.OK, AlarmState.ALARM))
    return Outcome(
        start=start,
        end=end,
        changes=tuple(changes),
        state=AlarmState.OK,
        interval=MINUTE,
        evaluations=90 * 1440,
        approximate=approximate,
    )


def definition(metric: str, threshold: float, m: int, n: int, **changes: Any) -> AlarmDefinition:
    """An alarm on a metric of its own name, which tells of ALARM alone."""
    stat = MetricStat(metric=MetricKey(namespace="AWS/Test", name=metric), statistic="Average")
    fields: dict[str, Any] = {
        "name": f"project-prod-{metric}",
        "alarm_actions": (TOPIC,),
        "queries": (Query(id="m1", source=stat),),
        "watched": "m1",
        "period": 60,
        "comparison": Comparison.AT_LEAST,
        "threshold": threshold,
        "evaluation_periods": n,
        "datapoints_to_alarm": m,
        "treat_missing_data": MissingData.MISSING,
        **changes,
    }
    return AlarmDefinition(**fields)


def keeps(
    alarm: AlarmDefinition, verdict: ThresholdVerdict = ThresholdVerdict.KEEP, *reasons: str
) -> Suggestion:
    """Nothing to change."""
    return Suggestion(
        verdict=verdict,
        threshold=alarm.threshold,
        datapoints_to_alarm=alarm.breaching_datapoints,
        evaluation_periods=alarm.evaluation_periods,
        reasons=reasons,
    )


FULL: Final = DataSummary(
    first=START,
    last=END - MINUTE,
    records=90 * 1440,
    resolutions={60: 90 * 1440},
    without_data=(),
    is_approximate=False,
)

NO_RECORDS: Final = DataSummary(
    first=None,
    last=None,
    records=0,
    resolutions={},
    without_data=("Nothing",),
    is_approximate=False,
)


def alarm_review(address: str, current: Candidate | None, **changes: Any) -> AlarmReview:
    """An alarm that is kept, unless something else is said."""
    fields: dict[str, Any] = {
        "address": AlarmAddress(address),
        "name": f"project-prod-{address}",
        "severity": "warning",
        "condition": f"{address} in words",
        "unit": Unit.PERCENT,
        "current": current,
        "happened": None,
        "data": FULL,
        "candidates": (),
        "curves": (),
        "trace": None,
        "incidents": (),
        **changes,
    }
    if "suggestion" not in fields:
        fields["suggestion"] = keeps(current.definition) if current else nothing()
    return AlarmReview(**fields)


def nothing(
    verdict: ThresholdVerdict = ThresholdVerdict.NOT_SUGGESTED, *reasons: str
) -> Suggestion:
    return Suggestion(
        verdict=verdict,
        threshold=0.0,
        datapoints_to_alarm=1,
        evaluation_periods=1,
        reasons=reasons,
    )
