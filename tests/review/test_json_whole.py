"""The review for scripts, whole: every value of one small review, written out."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.units import Unit
from review.as_json import review_json
from review.model import (
    AlarmReview,
    DataSummary,
    IncidentReview,
)
from tests.review.one_alarm import (
    ALARM,
    END,
    HOUR,
    NUMBERS,
    OUTCOME,
    START,
)
from tests.review.reviews import review
from tests.review.values import TOPIC, nothing


def written(*alarms: AlarmReview, **fields: Any) -> dict[str, Any]:
    return review_json(review(*alarms, **{"start": START, "end": END, **fields}))


def test_an_alarm() -> None:
    assert written(ALARM)["alarms"] == [
        {
            "address": "ecs.cpu-high@web",
            "name": "cpu",
            "severity": "critical",
            "condition": "CPU >= 80 %",
            "unit": "count",
            "current": {
                "label": "current",
                "definition": {
                    "name": "project-prod-CPUUtilization",
                    "arn": "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:cpu",
                    "queries": [
                        {
                            "id": "m1",
                            "namespace": "AWS/ECS",
                            "metric": "CPUUtilization",
                            "dimensions": {"ClusterName": "main", "ServiceName": "web"},
                            "statistic": "Average",
                        },
                        {"id": "e1", "expression": "m1 * 2"},
                    ],
                    "watched": "e1",
                    "period": 60,
                    "comparison": "GreaterThanOrEqualToThreshold",
                    "threshold": 80,
                    "datapoints_to_alarm": 2,
                    "evaluation_periods": 3,
                    "treat_missing_data": "missing",
                    "low_samples": "evaluate",
                    "actions_enabled": True,
                    "alarm_actions": [TOPIC],
                    "ok_actions": ["arn:ok"],
                    "insufficient_data_actions": ["arn:none"],
                },
                # The data may be two minutes late, and an evaluation is once a minute.
                "outcome": {**OUTCOME, "noticed_after": [0, 180], "approximate": True},
            },
            "candidates": [],
            "happened": {**OUTCOME, "noticed_after": [0, 0], "approximate": False},
            "data": {
                "first": "2026-07-01T00:00:00Z",
                "last": "2026-07-30T23:59:00Z",
                "records": 43_200,
                "records_by_resolution": {"60": 43_200},
                "without_data": ["Other"],
                "approximate": True,
            },
            "incidents": [
                {
                    "start": "2026-07-01T10:00:00Z",
                    "end": "2026-07-01T11:00:00Z",
                    "note": "the queue ran over",
                }
            ],
            "curves": [
                {
                    "datapoints_to_alarm": 2,
                    "evaluation_periods": 3,
                    "thresholds": [80.0],
                    "firings": [2],
                    "hours": [1.0],
                    "caught": [1],
                }
            ],
            "trace": {
                "times": ["2026-07-01T00:00:00Z", "2026-07-31T00:00:00Z"],
                "low": [1.0, None],
                "high": [2.0, None],
            },
            "suggestion": {
                "verdict": "keep",
                "threshold": 80.0,
                "datapoints_to_alarm": 2,
                "evaluation_periods": 3,
                "reasons": ["it caught 1 of 1"],
                "options": [
                    {
                        "datapoints_to_alarm": 1,
                        "evaluation_periods": 1,
                        "threshold": 90.0,
                        "pages_per_month": 2.0,
                        "caught": 1,
                        "incidents": 1,
                        "delay": 60.0,
                        "margin": 1.5,
                        "share_on": 0.25,
                    }
                ],
                "validation": {
                    "start": "2026-07-01T00:00:00Z",
                    "end": "2026-07-31T00:00:00Z",
                    "thresholds": [
                        {"time": "2026-07-01T00:00:00Z", "threshold": None},
                        {"time": "2026-07-31T00:00:00Z", "threshold": 90.0},
                    ],
                    "firings": ["2026-07-01T01:00:00Z"],
                    "true_firings": 1,
                    "caught": 2,
                    "incidents": 3,
                },
                "most_pages_per_month": 4.5,
                "alarms": [
                    {
                        "kind": "recent",
                        "why": "far",
                        "put_metric_alarm": {
                            "AlarmName": "project-prod-CPUUtilization",
                            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
                            "Threshold": 15,
                            "EvaluationPeriods": 60,
                            "DatapointsToAlarm": 3,
                            "TreatMissingData": "missing",
                            "Namespace": "AWS/Test",
                            "MetricName": "CPUUtilization",
                            "Statistic": "Average",
                            "Period": 60,
                        },
                    }
                ],
            },
            "problem": None,
        }
    ]


def test_the_stack_as_a_whole() -> None:
    totals = written(ALARM)["totals"]
    together = {**NUMBERS, "longest_silence": None, "noticed_after": None, "approximate": True}
    pages = totals.pop("pages")
    assert totals == {
        "now": together,
        "suggested": together,
        "pages_by_hour": {"critical": NUMBERS["pages_by_hour"], "warning": [0] * 24},
        "incidents": 1,
        "caught": 1,
        "caught_suggested": 1,
        "never_fired": [],
        "coarse": ["ecs.cpu-high@web"],
        "without_data": [],
        "not_replayed": [],
    }
    # Two pages in 30 days, which at 95 % may be 6.3.
    assert pages.pop("most_per_month") == pytest.approx(6.296, abs=0.001)
    assert pages == {
        "now": 2,
        "suggested": 2,
        "expected_per_month": 2.0,
        "unjudged": [],
        "beside": ["ecs.cpu-high@web"],
    }


def test_incidents_of_a_stack_that_pages_by_them() -> None:
    incident = IncidentReview(
        address=AlarmAddress("incident.ecs@web"),
        name="incident-web",
        paged=(START, START + HOUR),
        suppressed=(START + 2 * HOUR,),
        without_incidents=4,
        not_replayed=("ecs.tasks@web",),
        paged_as_suggested=(START + HOUR,),
    )
    found = written(incidents=(incident,), pages_by_incident=True)
    assert found["incidents"] == [
        {
            "address": "incident.ecs@web",
            "name": "incident-web",
            "paged": ["2026-07-01T00:00:00Z", "2026-07-01T01:00:00Z"],
            "paged_suggested": ["2026-07-01T01:00:00Z"],
            "suppressed": ["2026-07-01T02:00:00Z"],
            "without_incidents": 4,
            "not_replayed": ["ecs.tasks@web"],
        }
    ]
    # Of some of its alarms alone nobody knows what would page.
    assert written(pages_by_incident=True)["totals"]["pages"] is None


def test_what_is_not_there() -> None:
    silent = replace(
        ALARM,
        current=None,
        happened=None,
        data=DataSummary(
            first=None,
            last=None,
            records=0,
            resolutions={},
            without_data=(),
            is_approximate=False,
        ),
        curves=(),
        trace=None,
        incidents=(),
        unit=Unit.PERCENT,
        suggestion=nothing(),
        problem="anomaly detection",
    )
    (found,) = written(silent)["alarms"]
    assert {name: of for name, of in found.items() if name not in ("suggestion", "data")} == {
        "address": "ecs.cpu-high@web",
        "name": "cpu",
        "severity": "critical",
        "condition": "CPU >= 80 %",
        "unit": "%",
        "current": None,
        "candidates": [],
        "happened": None,
        "incidents": [],
        "curves": [],
        "trace": None,
        "problem": "anomaly detection",
    }
    assert found["data"] == {
        "first": None,
        "last": None,
        "records": 0,
        "records_by_resolution": {},
        "without_data": [],
        "approximate": False,
    }
    assert (found["suggestion"]["validation"], found["suggestion"]["alarms"]) == (None, [])


def test_the_review_itself() -> None:
    made = datetime(2026, 8, 1, 1, 30, tzinfo=UTC)
    found = written(made=made, regions=("eu-west-1", "us-east-1"), notes=("one", "two"))
    del found["totals"]
    assert found == {
        "project": "project",
        "stack": "prod",
        "account": "123456789012",
        "regions": ["eu-west-1", "us-east-1"],
        "made": "2026-08-01T01:30:00Z",
        "start": "2026-07-01T00:00:00Z",
        "end": "2026-07-31T00:00:00Z",
        "zone": "Asia/Tokyo",
        "pages_per_month": 2.0,
        "to_change": [],
        "alarms": [],
        "incidents": [],
        "coverage": None,
        "notes": ["one", "two"],
    }
