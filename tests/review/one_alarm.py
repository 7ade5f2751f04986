"""One alarm of a review with a value in each field, and what it is for scripts."""

from typing import Any, Final

from ecs_monitoring.cloudwatch.alarm import AlarmAddress, AlarmState
from ecs_monitoring.cloudwatch.definition import MetricKey, MetricStat, Query
from ecs_monitoring.cloudwatch.units import Unit
from replay.changes import Change
from replay.detectors import DetectorKind
from replay.incidents import Incident
from replay.outcome import Outcome
from replay.suggestion import Option, SuggestedAlarm, Suggestion, ThresholdVerdict, Validation
from review.model import (
    AlarmReview,
    Candidate,
    CurvePoints,
    DataSummary,
    Trace,
)
from tests.review.values import definition
from tests.times import at

START: Final = at("2026-07-01")
HOUR: Final = 3600
END: Final = START + 720 * HOUR
"""Thirty days later."""

METRIC: Final = MetricKey(
    namespace="AWS/ECS",
    name="CPUUtilization",
    dimensions=frozenset({("ServiceName", "web"), ("ClusterName", "main")}),
)
CPU: Final = definition(
    "CPUUtilization",
    80,
    2,
    3,
    arn="arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:cpu",
    ok_actions=("arn:ok",),
    insufficient_data_actions=("arn:none",),
    queries=(
        Query(id="m1", source=MetricStat(metric=METRIC, statistic="Average")),
        Query(id="e1", source="m1 * 2"),
    ),
    watched="e1",
)
RECENT: Final = definition("CPUUtilization", 15.0, 3, 60)


def outcome(**fields: Any) -> Outcome:
    """On twice for half an hour, half an hour apart."""
    times = [START + half * HOUR // 2 for half in (20, 21, 22, 23)]
    states = (AlarmState.OK, AlarmState.ALARM)
    changes = [
        Change(time, states[(number + 1) % 2], states[number % 2])
        for number, time in enumerate(times)
    ]
    return Outcome(
        start=START, end=END, changes=tuple(changes), state=AlarmState.OK, interval=60, **fields
    )


ALARM: Final = AlarmReview(
    address=AlarmAddress("ecs.cpu-high@web"),
    name="cpu",
    severity="critical",
    condition="CPU >= 80 %",
    unit=Unit.COUNT,
    current=Candidate(
        label="current", definition=CPU, outcome=outcome(evaluations=43_200, approximate=True)
    ),
    happened=outcome(),
    data=DataSummary(
        first=START,
        last=END - 60,
        records=43_200,
        resolutions={60: 43_200},
        without_data=("Other",),
        is_approximate=True,
    ),
    candidates=(),
    curves=(
        CurvePoints(
            datapoints_to_alarm=2,
            evaluation_periods=3,
            thresholds=(80.0,),
            firings=(2,),
            hours=(1.0,),
            caught=(1,),
        ),
    ),
    trace=Trace(times=(START, END), low=(1.0, None), high=(2.0, None)),
    incidents=(Incident(START + 10 * HOUR, START + 11 * HOUR, "the queue ran over"),),
    suggestion=Suggestion(
        verdict=ThresholdVerdict.KEEP,
        threshold=80.0,
        datapoints_to_alarm=2,
        evaluation_periods=3,
        reasons=("it caught 1 of 1",),
        options=(
            Option(
                datapoints_to_alarm=1,
                evaluation_periods=1,
                threshold=90.0,
                pages_per_month=2.0,
                caught=1,
                incidents=1,
                delay=60.0,
                margin=1.5,
                share_on=0.25,
            ),
        ),
        validation=Validation(
            start=START,
            end=END,
            thresholds=((START, None), (END, 90.0)),
            firings=(START + HOUR,),
            true_firings=1,
            caught=2,
            incidents=3,
        ),
        most_pages_per_month=4.5,
        alarms=(SuggestedAlarm(kind=DetectorKind.RECENT, definition=RECENT, why="far"),),
    ),
)

NUMBERS: Final[dict[str, Any]] = {
    "firings": 2,
    "seconds_in_alarm": HOUR,
    "flapping": 1,
    # From the second firing on.
    "longest_silence": (720 - 11) * HOUR,
    # Twice on, twice off.
    "notifications": 4,
    # 10:00 and 11:00 in UTC are 19:00 and 20:00 in Tokyo.
    "pages_by_hour": [1 if hour in (19, 20) else 0 for hour in range(24)],
    "caught": 1,
}
OUTCOME: Final[dict[str, Any]] = {
    "start": "2026-07-01T00:00:00Z",
    "end": "2026-07-31T00:00:00Z",
    "initial_state": "OK",
    "changes": [
        {"time": "2026-07-01T10:00:00Z", "from": "OK", "to": "ALARM"},
        {"time": "2026-07-01T10:30:00Z", "from": "ALARM", "to": "OK"},
        {"time": "2026-07-01T11:00:00Z", "from": "OK", "to": "ALARM"},
        {"time": "2026-07-01T11:30:00Z", "from": "ALARM", "to": "OK"},
    ],
    **NUMBERS,
}
