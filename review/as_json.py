"""The review for scripts."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat, Query
from ecs_monitoring.words import iso
from history.inventory import iso_or_none
from replay.incidents import Incident
from replay.outcome import Outcome
from replay.suggestion import Suggestion, Validation
from review.model import AlarmReview, Candidate, DataSummary, Review
from review.report.pages import StackPages
from review.report.tally import Tally, tally_of, tally_recorded
from review.report.todo import to_do
from review.report.totals import totals
from review.requests import put_metric_alarm


def review_json(review: Review) -> dict[str, Any]:
    """Everything about a review, as values that are JSON.

    Times are ISO 8601 in UTC, durations in seconds, thresholds in the metric's own unit. What is
    not known, not there, or no finite number is ``null``.

    Returns:
        * ``project``, ``stack``, ``account`` (``null`` from files alone), ``regions``, ``made``,
          ``start``, ``end``, ``zone``, ``pages_per_month`` (the budget of each alarm)
        * ``to_change``: the weightiest first, each with ``severity``, ``what``, ``subject``,
          ``alarms``, ``before``, ``after``, ``why``, ``fix``, ``settings`` (lines of YAML)
        * ``totals``: ``pages`` (``null`` where only some alarms of a stack are reviewed whose
          incidents page), ``now`` and ``suggested`` (numbers as in an outcome), ``pages_by_hour``
          (notifications of ALARM by severity, 24 numbers in the review's zone; the critical ones
          are pages), ``incidents``, ``caught``, ``caught_suggested``, and the addresses in
          ``never_fired``, ``coarse``, ``without_data`` and ``not_replayed``
        * the pages of the stack, of its incidents where those page and else of its critical
          alarms: ``now`` and ``suggested`` (how many), ``expected_per_month`` with what is
          suggested on days that the suggestions had not seen, ``most_per_month`` (at 95 %), and
          the addresses in ``unjudged``, of which too little is known to count them there, and in
          ``beside``, of alarms beside which another one is suggested that is not counted
        * ``alarms``: each with ``address``, ``name``, ``severity``, ``condition``, ``unit``,
          ``current`` and ``candidates`` (``label``, ``definition``, ``outcome``), ``happened`` (an
          outcome), ``data``, ``incidents``, ``curves``, ``trace``, ``suggestion``, ``problem``
        * an outcome: ``start``, ``end``, ``initial_state``, ``changes`` (``time``, ``from``,
          ``to``), ``firings``, ``seconds_in_alarm``, ``flapping``, ``longest_silence``,
          ``notifications``, ``pages_by_hour``, ``caught``, ``noticed_after`` (the median of
          those caught: the earliest and the latest), ``approximate``
        * a suggestion: ``verdict``, ``threshold``, ``datapoints_to_alarm``,
          ``evaluation_periods``, ``reasons``, ``options``, ``validation``,
          ``most_pages_per_month``, and ``alarms``: further ones to set beside it, each with
          ``kind``, ``why`` and ``put_metric_alarm``, the parameters of that request
        * ``incidents``: each with ``address``, ``name``, ``paged`` and ``suppressed`` (times),
          ``paged_suggested`` (times, with every suggestion), ``without_incidents`` (pages of
          ``paging: alarm``), ``not_replayed``
        * ``coverage``: what the account's comparison found; ``null`` without an account
        * ``notes``: what could not be looked at or read
    """
    everything: dict[str, Any] = _strict(
        {
            "project": review.project,
            "stack": review.stack,
            "account": review.account or None,
            "regions": review.regions,
            "made": iso(int(review.made.timestamp())),
            "start": iso(review.start),
            "end": iso(review.end),
            "zone": review.zone.key,
            "pages_per_month": review.pages_per_month,
            "to_change": [entry.as_json() for entry in to_do(review)],
            "totals": _totals(review),
            "alarms": [_alarm(alarm, review) for alarm in review.alarms],
            "incidents": [
                {
                    "address": incident.address,
                    "name": incident.name,
                    "paged": [iso(time) for time in incident.paged],
                    "paged_suggested": [iso(time) for time in incident.paged_as_suggested],
                    "suppressed": [iso(time) for time in incident.suppressed],
                    "without_incidents": incident.without_incidents,
                    "not_replayed": incident.not_replayed,
                }
                for incident in review.incidents
            ],
            "coverage": review.coverage.as_json() if review.coverage else None,
            "notes": review.notes,
        }
    )
    return everything


def _strict(value: Any) -> Any:
    """The value with lists for tuples and nothing that is no JSON."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _strict(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_strict(item) for item in value]
    return value


def _totals(review: Review) -> dict[str, Any]:
    together = totals(review)
    return {
        "pages": _pages(together.pages) if together.pages else None,
        "now": _numbers(together.now),
        "suggested": _numbers(together.then),
        "pages_by_hour": together.told,
        "incidents": together.incidents,
        "caught": together.caught,
        "caught_suggested": together.caught_then,
        "never_fired": together.never_fired,
        "coarse": together.coarse,
        "without_data": together.without_data,
        "not_replayed": together.unreplayed,
    }


def _pages(pages: StackPages) -> dict[str, Any]:
    return {
        "now": len(pages.now),
        "suggested": len(pages.then),
        "expected_per_month": pages.expected,
        "most_per_month": pages.most,
        "unjudged": pages.unjudged,
        "beside": pages.beside,
    }


def _numbers(tally: Tally) -> dict[str, Any]:
    return {
        "firings": tally.firings,
        "seconds_in_alarm": tally.seconds,
        "flapping": tally.flapping,
        "longest_silence": tally.longest_silence,
        "notifications": tally.notifications,
        "pages_by_hour": tally.pages,
        "caught": tally.caught,
        "noticed_after": tally.noticed,
        "approximate": tally.is_approximate,
    }


def _alarm(alarm: AlarmReview, review: Review) -> dict[str, Any]:
    happened, recorded = alarm.happened, tally_recorded(alarm, review)
    return {
        "address": alarm.address,
        "name": alarm.name,
        "severity": alarm.severity,
        "condition": alarm.condition,
        "unit": alarm.unit.symbol or "count",
        "current": _candidate(alarm.current, alarm, review) if alarm.current else None,
        "candidates": [_candidate(candidate, alarm, review) for candidate in alarm.candidates],
        "happened": _outcome(happened, recorded) if happened and recorded else None,
        "data": _data(alarm.data),
        "incidents": [_incident(incident) for incident in alarm.incidents],
        "curves": [asdict(curve) for curve in alarm.curves],
        "trace": alarm.trace
        and {
            "times": [iso(time) for time in alarm.trace.times],
            "low": alarm.trace.low,
            "high": alarm.trace.high,
        },
        "suggestion": suggestion_json(alarm.suggestion),
        "problem": alarm.problem or None,
    }


def _candidate(candidate: Candidate, alarm: AlarmReview, review: Review) -> dict[str, Any]:
    return {
        "label": candidate.label,
        "definition": _definition(candidate.definition),
        "outcome": _outcome(candidate.outcome, tally_of(candidate, alarm, review)),
    }


def _definition(alarm: AlarmDefinition) -> dict[str, Any]:
    return {
        "name": alarm.name,
        "arn": alarm.arn or None,
        "queries": [_query(query) for query in alarm.queries],
        "watched": alarm.watched,
        "period": alarm.period,
        "comparison": alarm.comparison.value,
        "threshold": alarm.threshold,
        "datapoints_to_alarm": alarm.breaching_datapoints,
        "evaluation_periods": alarm.evaluation_periods,
        "treat_missing_data": alarm.treat_missing_data.value,
        "low_samples": alarm.low_samples.value,
        "actions_enabled": alarm.actions_enabled,
        "alarm_actions": alarm.alarm_actions,
        "ok_actions": alarm.ok_actions,
        "insufficient_data_actions": alarm.insufficient_data_actions,
    }


def _query(query: Query) -> dict[str, Any]:
    if not isinstance(query.source, MetricStat):
        return {"id": query.id, "expression": query.source}
    metric = query.source.metric
    return {
        "id": query.id,
        "namespace": metric.namespace,
        "metric": metric.name,
        "dimensions": dict(sorted(metric.dimensions)),
        "statistic": query.source.statistic,
    }


def _outcome(outcome: Outcome, numbers: Tally) -> dict[str, Any]:
    return {
        "start": iso(outcome.start),
        "end": iso(outcome.end),
        "initial_state": outcome.state.value,
        "changes": [
            {
                "time": iso(change.time),
                "from": change.previous.value,
                "to": change.state.value,
            }
            for change in outcome.changes
        ],
        **_numbers(numbers),
    }


def _data(data: DataSummary) -> dict[str, Any]:
    return {
        "first": iso_or_none(data.first),
        "last": iso_or_none(data.last),
        "records": data.records,
        "records_by_resolution": data.resolutions,
        "without_data": data.without_data,
        "approximate": data.is_approximate,
    }


def _incident(incident: Incident) -> dict[str, Any]:
    return {
        "start": iso(incident.start),
        "end": iso(incident.end),
        "note": incident.note,
    }


def suggestion_json(suggestion: Suggestion) -> dict[str, Any]:
    """A suggestion for scripts: its options, and the walk forward day by day."""
    return {
        "verdict": suggestion.verdict.value,
        "threshold": suggestion.threshold,
        "datapoints_to_alarm": suggestion.datapoints_to_alarm,
        "evaluation_periods": suggestion.evaluation_periods,
        "reasons": suggestion.reasons,
        "options": [asdict(option) for option in suggestion.options],
        "validation": _validation(suggestion.validation) if suggestion.validation else None,
        "most_pages_per_month": suggestion.most_pages_per_month,
        "alarms": [
            {
                "kind": alarm.kind,
                "why": alarm.why,
                "put_metric_alarm": put_metric_alarm(alarm.definition),
            }
            for alarm in suggestion.alarms
        ],
    }


def _validation(walk: Validation) -> dict[str, Any]:
    return {
        "start": iso(walk.start),
        "end": iso(walk.end),
        "thresholds": [{"time": iso(at), "threshold": value} for at, value in walk.thresholds],
        "firings": [iso(time) for time in walk.firings],
        "true_firings": walk.true_firings,
        "caught": walk.caught,
        "incidents": walk.incidents,
    }
