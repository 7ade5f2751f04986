"""Suggestions as overrides: what a stack's settings say about its alarms."""

from collections.abc import Sequence

from ecs_monitoring.cloudwatch.by_hour import spans_of
from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.recent import key_beside
from replay.detectors import DetectorKind
from replay.suggestion import Suggestion, ThresholdVerdict
from review.model import AlarmReview
from review.stack_file import Fields


def overrides_of(reviews: Sequence[AlarmReview]) -> tuple[dict[str, Fields], list[str]]:
    """The overrides that the suggested changes are, by override key, and what is left out.

    Only fields that change are among them, and the distances of an alarm on the recent past, which
    are fields of the alarm beside it. An override reaches all parts of a target (all target
    groups of a load balancer), so parts for which different things are suggested are left out.
    """
    overrides, notes = _by_key([r for r in reviews if not key_beside(r.address.key)])
    distances, more = _by_key([r for r in reviews if key_beside(r.address.key)])
    for key, fields in distances.items():
        # What is suggested beside an alarm catches what the alarm that is there misses.
        own = overrides.get(key, {})
        overrides[key] = own if "recent" in own else own | fields
    return overrides, [*notes, *more]


def _by_key(reviews: Sequence[AlarmReview]) -> tuple[dict[str, Fields], list[str]]:
    overrides: dict[str, Fields] = {}
    refused = set()
    for review in reviews:
        if review.current is None:
            continue
        changes = _recent(review.suggestion)
        key = review.address.of_target
        if beside := key_beside(review.address.key):
            key = f"{beside}@{review.address.target}"
        elif review.suggestion.verdict is ThresholdVerdict.CHANGE:
            changes |= _changes(review.current.definition, review.suggestion)
        if not changes:
            continue
        if overrides.setdefault(key, changes) != changes:
            refused.add(key)
    for key in refused:
        del overrides[key]
    return overrides, [
        f"{key}: its parts need different thresholds, which one override cannot say"
        for key in sorted(refused)
    ]


def _recent(wanted: Suggestion) -> Fields:
    """The distances of an alarm on the recent past; empty where none is suggested."""
    for alarm in wanted.alarms:
        if alarm.kind == DetectorKind.RECENT and alarm.table:
            distance, spans = spans_of(alarm.table)
            by_hour = {span: _number(value) for span, value in spans.items()}
            return {"recent": _number(distance), "recent_by_hour": by_hour}
        if alarm.kind == DetectorKind.RECENT:
            return {"recent": _number(abs(alarm.definition.threshold))}
    return {}


def _number(value: float) -> float | int:
    return int(value) if value.is_integer() else value


def _changes(current: AlarmDefinition, wanted: Suggestion) -> Fields:
    fields: Fields = {}
    if wanted.threshold != current.threshold:
        fields["threshold"] = _number(float(wanted.threshold))
    if wanted.evaluation_periods != current.evaluation_periods:
        fields["evaluation_periods"] = wanted.evaluation_periods
    if wanted.datapoints_to_alarm != current.breaching_datapoints:
        fields["datapoints_to_alarm"] = wanted.datapoints_to_alarm
    return fields
