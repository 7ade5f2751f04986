"""Which fields a suggestion changes, under which key, and what one override cannot say."""

from dataclasses import replace
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from replay.detectors import DetectorKind
from replay.suggestion import SuggestedAlarm, Suggestion, ThresholdVerdict
from review.model import AlarmReview, Candidate
from review.overrides import overrides_of
from review.stack_file import Fields
from tests.review.values import alarm_review, definition, keeps, outcome

CURRENT: Final = definition("CPUUtilization", 80.0, 2, 3)


def suggested(current: AlarmDefinition = CURRENT, **changes: Any) -> Suggestion:
    fields = {"verdict": ThresholdVerdict.CHANGE, **changes}
    return replace(keeps(current), **fields)


def recent(distance: float, *rows: tuple[int, float]) -> SuggestedAlarm:
    """An alarm on the recent past; a row says from which hour of each day on another one counts."""
    day = [distance] * 24
    for hour, value in rows:
        day[hour:] = [value] * (24 - hour)
    return SuggestedAlarm(
        kind=DetectorKind.RECENT,
        definition=replace(CURRENT, threshold=distance),
        why="",
        table=(tuple(day),) * 7 if rows else None,
    )


def reviewed(address: str, suggestion: Suggestion) -> AlarmReview:
    candidate = Candidate(label="current", definition=CURRENT, outcome=outcome(()))
    return alarm_review(address, candidate, suggestion=suggestion)


LEVEL: Final = SuggestedAlarm(kind=DetectorKind.LEVEL, definition=CURRENT, why="")


@pytest.mark.parametrize(
    ("suggestion", "fields"),
    [
        (suggested(threshold=92.0), {"threshold": 92}),
        (suggested(threshold=92.5), {"threshold": 92.5}),
        (suggested(evaluation_periods=5), {"evaluation_periods": 5}),
        (suggested(datapoints_to_alarm=1), {"datapoints_to_alarm": 1}),
        (
            suggested(threshold=-1.0, evaluation_periods=5, datapoints_to_alarm=4),
            {"threshold": -1, "evaluation_periods": 5, "datapoints_to_alarm": 4},
        ),
        # What stays, and what is not to be changed.
        (suggested(), None),
        (suggested(verdict=ThresholdVerdict.KEEP, threshold=92.0), None),
        # Beside it, whatever is said of it; the distance, of which the sign is the direction.
        (suggested(verdict=ThresholdVerdict.KEEP, alarms=(LEVEL, recent(7.0))), {"recent": 7}),
        (
            suggested(threshold=92.0, alarms=(recent(-7.5),)),
            {"recent": 7.5, "threshold": 92},
        ),
        # From 08:00 to 20:00 another distance than at night.
        (
            suggested(alarms=(recent(2.5, (8, 12.0), (20, 2.5)),)),
            {"recent": 2.5, "recent_by_hour": {"08-20": 12}},
        ),
        (suggested(alarms=(LEVEL,)), None),
    ],
)
def test_the_fields_that_change(suggestion: Suggestion, fields: Fields | None) -> None:
    overrides, notes = overrides_of([reviewed("ecs.cpu-high@web", suggestion)])
    assert overrides == ({} if fields is None else {"ecs.cpu-high@web": fields})
    assert notes == []


def test_an_alarm_that_was_not_replayed_changes_nothing() -> None:
    unknown = alarm_review("ecs.cpu-high@web", None, suggestion=suggested(threshold=92.0))
    assert overrides_of([unknown]) == ({}, [])


def test_an_override_reaches_all_parts_of_a_target() -> None:
    higher, highest = suggested(threshold=92.0), suggested(threshold=95.0)
    reviews = [
        reviewed("alb.latency@main/web", higher),
        reviewed("alb.latency@main/api", higher),
        reviewed("alb.errors@main/web", higher),
        reviewed("alb.errors@main/api", highest),
        reviewed("alb.errors@main/jobs", higher),
        reviewed("alb.busy@main/web", highest),
        reviewed("alb.busy@main/api", higher),
        # One that stays says nothing of the others.
        reviewed("alb.slow@main/web", keeps(CURRENT)),
        reviewed("alb.slow@main/api", higher),
    ]
    assert overrides_of(reviews) == (
        {"alb.latency@main": {"threshold": 92}, "alb.slow@main": {"threshold": 92}},
        [
            "alb.busy@main: its parts need different thresholds, which one override cannot say",
            "alb.errors@main: its parts need different thresholds, which one override cannot say",
        ],
    )


@pytest.mark.parametrize(
    ("beside", "fields"),
    [
        (keeps(CURRENT), {"recent": 7}),
        (suggested(threshold=92.0), {"threshold": 92, "recent": 7}),
        # What is suggested beside the alarm catches what the one that is there misses.
        (suggested(threshold=92.0, alarms=(recent(3.0),)), {"threshold": 92, "recent": 3}),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_the_distance_of_an_alarm_on_the_recent_past_is_a_field_of_the_alarm_beside_it(
    beside: Suggestion, fields: Fields, order: int
) -> None:
    # Its own threshold is in distances, and no threshold of the other alarm.
    own = reviewed("ecs.cpu-high-recent@web", suggested(threshold=7.0, alarms=(recent(7.0),)))
    reviews = [reviewed("ecs.cpu-high@web", beside), own]
    assert overrides_of(reviews[::order]) == ({"ecs.cpu-high@web": fields}, [])


def test_distances_of_parts_that_differ_are_left_out() -> None:
    reviews = [
        reviewed("alb.latency-recent@main/web", suggested(alarms=(recent(7.0),))),
        reviewed("alb.latency-recent@main/api", suggested(alarms=(recent(8.0),))),
        reviewed("alb.errors@main/web", suggested(threshold=92.0)),
        reviewed("alb.errors@main/api", suggested(threshold=93.0)),
    ]
    why = "its parts need different thresholds, which one override cannot say"
    assert overrides_of(reviews) == ({}, [f"alb.errors@main: {why}", f"alb.latency@main: {why}"])
