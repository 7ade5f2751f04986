"""Reviews made by hand, small enough to know every number in them.

The stretch is the 90 days from 2026-07-01 00:00 in Tokyo on, which is nine hours ahead of UTC.
"""

import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from account.coverage.finding import Finding, FindingKind, Gravity
from account.coverage.read import Coverage
from ecs_monitoring.cloudwatch.rule import Comparison
from ecs_monitoring.cloudwatch.units import GIBIBYTE, Unit
from replay.incidents import Incident
from replay.suggestion import Option, Suggestion, ThresholdVerdict, Validation
from review.model import (
    AlarmReview,
    Candidate,
    CurvePoints,
    Review,
    Trace,
)
from tests.review.values import (
    END,
    FULL,
    HOUR,
    NASTY,
    NO_RECORDS,
    START,
    TOPIC,
    ZONE,
    alarm_review,
    at,
    definition,
    keeps,
    nothing,
    outcome,
)

INCIDENTS: Final = (
    Incident(at(20, 3), at(20, 5), "the queue ran over"),
    Incident(at(60, 14), at(60, 14, 30), NASTY),
)

CPU_NOW: Final = definition("CPUUtilization", 80, 1, 1)
CPU_THEN: Final = definition("CPUUtilization", 92, 3, 5)

CPU_BANDS: Final = (
    # Six firings, two in the incidents; the third is 30 minutes after the second.
    (at(5, 2), at(5, 2, 30)),
    (at(20, 3, 10), at(20, 4, 40)),
    (at(20, 5, 10), at(20, 5, 20)),
    (at(41, 23), at(41, 23, 40)),
    (at(60, 14, 5), at(60, 15)),
    (at(75, 9), at(75, 9, 15)),
)


def _wave(days: int, low: float, high: float, *, gap: range = range(0)) -> Trace:
    """A daily wave in stretches of three hours; the stretches of the gap have no data."""
    count = days * 8
    middle = [(low + high) / 2 + (high - low) / 2 * math.sin(step / 4) for step in range(count)]
    return Trace(
        times=tuple(START + step * 3 * HOUR for step in range(count)),
        low=tuple(None if i in gap else v * 0.9 for i, v in enumerate(middle)),
        high=tuple(None if i in gap else v for i, v in enumerate(middle)),
    )


def cpu() -> AlarmReview:
    """To change: 6 firings to 2, 2 of 2 incidents caught by both."""
    return alarm_review(
        "ecs.cpu-high@web",
        Candidate(label="current", definition=CPU_NOW, outcome=outcome(CPU_BANDS)),
        condition="CPUUtilization Average >= 80 %",
        happened=outcome(
            # The firing of day 41 was not recorded; one of day 85 was not replayed.
            ((at(60, 14, 7), at(60, 15)), (at(75, 9, 1), at(75, 9, 15)), (at(85, 1), at(85, 2))),
            start=at(40),
        ),
        candidates=(
            Candidate(
                label="--set ecs.cpu-high.threshold=85",
                definition=replace(CPU_NOW, threshold=85.0),
                outcome=outcome(CPU_BANDS[:4]),
            ),
            Candidate(
                label="suggested",
                definition=CPU_THEN,
                outcome=outcome(((at(20, 3, 20), at(20, 4, 30)), (at(60, 14, 10), at(60, 14, 50)))),
            ),
        ),
        curves=(
            _curve(1, 1, (5000, 60, 6, 4, 2, 0)),
            _curve(3, 5, (2000, 20, 3, 2, 2, 0)),
            _curve(2, 3, (3000, 40, 5, 3, 2, 0)),
        ),
        trace=_wave(90, 20, 95, gap=range(240, 280)),
        incidents=INCIDENTS,
        suggestion=Suggestion(
            verdict=ThresholdVerdict.CHANGE,
            threshold=92.0,
            datapoints_to_alarm=3,
            evaluation_periods=5,
            reasons=(
                "it would have caught the same 2 of 2 incidents",
                "0.7 pages a month instead of 2.0",
            ),
            options=(
                Option(
                    datapoints_to_alarm=3,
                    evaluation_periods=5,
                    threshold=92.0,
                    pages_per_month=2 / 3,
                    caught=2,
                    incidents=2,
                    delay=900.0,
                    margin=3.25,
                ),
                Option(
                    datapoints_to_alarm=1,
                    evaluation_periods=1,
                    threshold=95.0,
                    pages_per_month=1 / 3,
                    caught=1,
                    incidents=2,
                    delay=None,
                    margin=math.inf,
                ),
            ),
            validation=Validation(
                start=at(30),
                end=at(90),
                thresholds=((at(14), None), (at(30), 90.0), (at(50), 92.0)),
                firings=(at(60, 14, 10),),
                true_firings=1,
                caught=1,
                incidents=1,
            ),
            most_pages_per_month=2.37,
        ),
    )


def _curve(m: int, n: int, firings: tuple[int, ...]) -> CurvePoints:
    return CurvePoints(
        datapoints_to_alarm=m,
        evaluation_periods=n,
        thresholds=(20.0, 60.0, 80.0, 85.0, 92.0, 99.0),
        firings=firings,
        hours=(2000.0, 80.0, 4.0, 3.0, 1.5, 0.0),
        caught=(2, 2, 2, 2, 2, 0),
    )


STORAGE: Final = definition(
    "FreeStorageSpace", 10.0 * GIBIBYTE, 1, 1, period=300, comparison=Comparison.BELOW
)


def storage() -> AlarmReview:
    """To keep: never fired, in bytes, watches for low values."""
    return alarm_review(
        "rds.storage-low@main",
        Candidate(label="current", definition=STORAGE, outcome=outcome(())),
        condition="FreeStorageSpace Average < 10 GiB",
        severity="critical",
        unit=Unit.BYTES,
        curves=(
            CurvePoints(
                datapoints_to_alarm=1,
                evaluation_periods=1,
                thresholds=(10.0 * GIBIBYTE, 20.0 * GIBIBYTE, 40.0 * GIBIBYTE),
                firings=(0, 1, 3),
                hours=(0.0, 20.0, 1500.0),
                caught=(),
            ),
        ),
        trace=_wave(90, 20.0 * GIBIBYTE, 40.0 * GIBIBYTE),
        suggestion=keeps(STORAGE, ThresholdVerdict.KEEP, "it fired 0.0 times a month"),
    )


LATENCY: Final = definition(
    "TargetResponseTime", 2, 3, 3, alarm_actions=(TOPIC,), ok_actions=(TOPIC,)
)


def latency() -> AlarmReview:
    """To change, on history that is coarser than what CloudWatch saw: 40 firings to none."""
    bands = tuple((at(day, 12), at(day, 13)) for day in range(40))
    suggested = replace(LATENCY, threshold=3.5)
    return alarm_review(
        "alb.latency-p99@main/web",
        Candidate(label="current", definition=LATENCY, outcome=outcome(bands, approximate=True)),
        condition="TargetResponseTime p99 >= 2 s",
        severity="critical",
        unit=Unit.SECONDS,
        data=replace(
            FULL,
            records=50_000,
            resolutions={60: 21_600, 300: 10_000, 3600: 500},
            is_approximate=True,
        ),
        candidates=(
            Candidate(
                label="suggested", definition=suggested, outcome=outcome((), approximate=True)
            ),
        ),
        curves=(
            CurvePoints(
                datapoints_to_alarm=3,
                evaluation_periods=3,
                thresholds=(0.02, 0.5, 2.0, 3.5, 30.0),
                firings=(1, 200, 40, 0, 0),
                hours=(2160.0, 300.0, 40.0, 0.0, 0.0),
                caught=(),
            ),
        ),
        trace=_wave(90, 0.1, 3.2),
        suggestion=Suggestion(
            verdict=ThresholdVerdict.CHANGE,
            threshold=3.5,
            datapoints_to_alarm=3,
            evaluation_periods=3,
            reasons=("3.5 s in 3 of 3 is beyond what is usual",),
        ),
    )


def silent() -> AlarmReview:
    """Without data."""
    return alarm_review(
        "logs.errors@app",
        None,
        condition="errors Sum >= 10",
        severity="critical",
        unit=Unit.COUNT,
        data=NO_RECORDS,
        suggestion=nothing(ThresholdVerdict.NO_DATA, "its metrics have no record in this time"),
    )


def problematic() -> AlarmReview:
    """Could not be replayed."""
    return alarm_review(
        "alb.anomaly@main",
        None,
        data=NO_RECORDS,
        suggestion=nothing(),
        problem="anomaly detection: only fixed thresholds can be evaluated",
    )


def nasty() -> AlarmReview:
    """Whose every text would break out of the page."""
    return alarm_review(
        f"ecs.memory-high@{NASTY}",
        Candidate(label=NASTY, definition=definition("Memory", 85, 1, 1), outcome=outcome(())),
        name=NASTY,
        condition=NASTY,
        trace=_wave(90, 20, 70),
        incidents=INCIDENTS,
        suggestion=keeps(
            CPU_NOW, ThresholdVerdict.NOT_ENOUGH_HISTORY, f"too little history {NASTY}"
        ),
    )


COVERAGE: Final = Coverage(
    findings=(
        Finding(
            kind=FindingKind.UNWATCHED,
            gravity=Gravity.HIGH,
            region="ap-northeast-1",
            key="ecs:main/worker",
            subject="ECS service worker (cluster main)",
            words="it runs 2 tasks, and no alarm watches it",
            fix="add it to the settings",
            settings="  project:ecs:\n    worker:\n      cluster: main\n      service: worker",
        ),
        Finding(
            kind=FindingKind.GONE,
            gravity=Gravity.MEDIUM,
            region="ap-northeast-1",
            key="rds:old",
            subject="RDS instance old",
            words="it is watched and does not exist",
            fix="take it out of the settings",
            alarms=("rds.cpu-high@old", "rds.storage-low@old"),
        ),
        Finding(
            kind=FindingKind.WATCHED_BY_OTHERS,
            gravity=Gravity.INFO,
            region="ap-northeast-1",
            key="rds:reports",
            subject="RDS instance reports",
            words="an alarm that is not of this stack watches it",
            fix="nothing to do",
        ),
    ),
    looked_at={"ap-northeast-1": {"ECS services": 3, "RDS instances": 2, "log groups": None}},
    notes=("log groups could not be looked at: AccessDenied",),
)


def review(*alarms: AlarmReview, **changes: Any) -> Review:
    """A review of some alarms; nothing else was looked at unless said so."""
    fields: dict[str, Any] = {
        "project": "project",
        "stack": "prod",
        "account": "123456789012",
        "regions": ("ap-northeast-1",),
        "made": datetime(2026, 9, 29, 1, 30, tzinfo=UTC),
        "start": START,
        "end": END,
        "zone": ZONE,
        "pages_per_month": 2.0,
        "alarms": alarms,
        "coverage": None,
        "notes": (),
        **changes,
    }
    return Review(**fields)


def rich_review() -> Review:
    """One of each: to change, to keep, approximate, without data, with a problem, nasty."""
    return review(
        latency(),
        problematic(),
        cpu(),
        nasty(),
        silent(),
        storage(),
        coverage=COVERAGE,
        notes=(f"the archive's day 2026-07-09 was corrupt and fetched again {NASTY}",),
    )
