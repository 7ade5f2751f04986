"""The review of one alarm: its definition, its history and what can be said of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.rule import MissingData
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules import RULES
from replay.choices import Wish, curves_of
from replay.curve import Curve
from replay.history import MetricHistory
from replay.levels import is_rising
from replay.metric_math import NeedsWholeRangeError
from replay.outcome import Outcome, replay
from replay.signal import signal_of
from replay.suggest import suggest
from replay.suggestion import Suggestion, ThresholdVerdict
from review.beside import Beside, beside, retuned
from review.case import Case, Stretch, created_of, data_of, judged_of, learnt_from
from review.drawing import curve_points, trace_of
from review.model import AlarmReview, Candidate, CurvePoints, DataSummary

CURRENT: Final = "current"
"""The label of the definition as it is."""

SUGGESTED: Final = "suggested"
"""The label of the suggested definition."""

_HIGHEST_PERCENTAGE: Final = 100.0
_NO_RECORDS: Final = DataSummary(
    first=None, last=None, records=0, resolutions={}, without_data=(), is_approximate=False
)


def review_alarm(case: Case) -> AlarmReview:
    """Review one alarm; what cannot be evaluated or has no data is said to be so."""
    definition = case.alarm.definition
    if definition is None:
        return _unreviewed(case, ThresholdVerdict.NOT_SUGGESTED, problem=case.alarm.problem)
    data = data_of(definition, case)
    judged = judged_of(definition, case)
    if judged is None:
        unreviewed = _unreviewed(case, ThresholdVerdict.NO_DATA, reason=_why_no_data(definition))
        nothing = Outcome(
            start=case.stretch.start, end=case.stretch.end, changes=(), state=AlarmState.OK
        )
        current = Candidate(label=CURRENT, definition=definition, outcome=nothing)
        return replace(unreviewed, data=data, current=current)
    try:
        return _reviewed(case, definition, data, judged)
    except CannotEvaluateError as error:
        unreviewed = _unreviewed(case, ThresholdVerdict.NOT_SUGGESTED, problem=str(error))
        return replace(unreviewed, data=data)


def _reviewed(
    case: Case, definition: AlarmDefinition, data: DataSummary, judged: Stretch
) -> AlarmReview:
    current = _candidate(CURRENT, definition, case, judged)
    others = [
        _candidate(label, alarm.definition, case, judged)
        for label, alarm in case.candidates
        if alarm.definition is not None
    ]
    try:
        begins = learnt_from(definition, case, judged)
        signal = signal_of(definition, case.histories, begins, judged.end)
        curves = curves_of(definition, case.histories, begins, judged.end)
    except NeedsWholeRangeError:
        what = (
            "its expression looks at many periods at once"
            if definition.wall_clock is None
            else "its periods follow the clock on the wall"
        )
        why = f"{what}: thresholds cannot be compared"
        unreviewed = _unreviewed(case, ThresholdVerdict.NOT_SUGGESTED, reason=why)
        suggestion = _retuned(case, definition, current.outcome) or unreviewed.suggestion
        if suggestion.verdict is ThresholdVerdict.CHANGE:
            others.append(_candidate(SUGGESTED, suggestion.alarms[0].definition, case, judged))
        return replace(
            unreviewed,
            current=current,
            candidates=tuple(others),
            data=data,
            suggestion=suggestion,
        )
    wish = _wish(case, definition, curves)
    suggestion = suggest(definition, curves, wish)
    extra = _beside(case, definition, current.outcome, wish)
    if extra is not None:
        reasons = (*suggestion.reasons, extra.sentence)
        suggestion = replace(suggestion, reasons=reasons, alarms=extra.suggestion.alarms)
    if suggestion.verdict is ThresholdVerdict.CHANGE:
        others.append(_candidate(SUGGESTED, _applied(definition, suggestion), case, judged))
    return replace(
        _unreviewed(case, suggestion.verdict),
        current=current,
        data=replace(data, is_approximate=current.outcome.approximate),
        candidates=tuple(others),
        curves=_curves(curves, suggestion, case, definition),
        trace=trace_of(signal),
        suggestion=suggestion,
    )


def _beside(case: Case, definition: AlarmDefinition, outcome: Outcome, wish: Wish) -> Beside | None:
    if not isinstance(definition.signal, MetricStat):
        return None
    history, outcomes = case.histories.get(definition.signal.metric), [outcome]
    if case.recent is not None:
        there = replay(
            case.recent, case.histories, outcome.start, outcome.end, before=AlarmState.OK
        )
        outcomes.append(there)
    return beside(definition, history, outcomes, case.alarm.unit, wish)


def _retuned(case: Case, definition: AlarmDefinition, outcome: Outcome) -> Suggestion | None:
    """What is suggested for an alarm on the recent past; ``None`` for any other."""
    base = case.base.definition if case.base else None
    if case.base is None or base is None or not definition.metrics:
        return None
    unit = case.base.unit
    wish = Wish(pages_per_month=case.pages_per_month, incidents=case.incidents, unit=unit)
    history = case.histories.get(definition.metrics[0])
    return retuned(definition, outcome, base, history, unit, wish)


def _unreviewed(
    case: Case, verdict: ThresholdVerdict, *, reason: str = "", problem: str = ""
) -> AlarmReview:
    """What is known of an alarm before, or without, a replay."""
    alarm, definition = case.alarm, case.alarm.definition
    return AlarmReview(
        address=alarm.address,
        name=alarm.name,
        severity=alarm.severity,
        condition=alarm.condition,
        unit=alarm.unit,
        current=None,
        happened=case.happened,
        data=_NO_RECORDS,
        candidates=(),
        curves=(),
        trace=None,
        incidents=case.incidents,
        suggestion=Suggestion(
            verdict=verdict,
            threshold=definition.threshold if definition else 0.0,
            datapoints_to_alarm=definition.breaching_datapoints if definition else 1,
            evaluation_periods=definition.evaluation_periods if definition else 1,
            reasons=tuple(filter(None, (reason,))),
        ),
        problem=problem,
    )


def _why_no_data(definition: AlarmDefinition) -> str:
    if definition.treat_missing_data is MissingData.NOT_BREACHING:
        return (
            "its metrics have no record in this time; where a metric exists only when something "
            "goes wrong, that is good news"
        )
    return "its metrics have no record in this time: a wrong dimension is the usual reason"


def _candidate(label: str, definition: AlarmDefinition, case: Case, judged: Stretch) -> Candidate:
    created = created_of(definition, case)
    outcome = replay(
        definition,
        case.histories,
        judged.start,
        judged.end,
        before=AlarmState.OK if created is None else AlarmState.INSUFFICIENT_DATA,
        created=created,
    )
    return Candidate(label=label, definition=definition, outcome=outcome)


def _applied(definition: AlarmDefinition, suggestion: Suggestion) -> AlarmDefinition:
    return replace(
        definition,
        threshold=suggestion.threshold,
        datapoints_to_alarm=suggestion.datapoints_to_alarm,
        evaluation_periods=suggestion.evaluation_periods,
    )


def _wish(case: Case, definition: AlarmDefinition, curves: Mapping[tuple[int, int], Curve]) -> Wish:
    return Wish(
        pages_per_month=case.pages_per_month,
        incidents=case.incidents,
        most=_most(case, definition),
        unit=case.alarm.unit,
        limit=definition.threshold if _runs_out(case) else None,
        is_whole=case.alarm.unit is Unit.COUNT and all(map(_is_whole, curves.values())),
    )


def _runs_out(case: Case) -> bool:
    """Whether the alarm is about something that runs out, so that nothing more is tolerated."""
    rule = RULES.get(case.alarm.address.key)
    return rule is not None and rule.runs_out


def _is_whole(curve: Curve) -> bool:
    finite = curve.levels[np.isfinite(curve.levels)]
    return bool(np.all(finite == np.rint(finite)))


def _most(case: Case, definition: AlarmDefinition) -> float | None:
    """The value that the watched metric cannot go beyond; ``None`` where there is none."""
    if is_rising(definition.comparison):
        return _HIGHEST_PERCENTAGE if case.alarm.unit is Unit.PERCENT else None
    histories = (case.histories.get(key, MetricHistory.empty()) for key in definition.metrics)
    is_ever_negative = any((history.minimums < 0).any() for history in histories)
    return None if is_ever_negative else 0.0


def _curves(
    curves: Mapping[tuple[int, int], Curve],
    suggestion: Suggestion,
    case: Case,
    definition: AlarmDefinition,
) -> tuple[CurvePoints, ...]:
    marked = (definition.threshold, suggestion.threshold)
    return tuple(
        curve_points(m_of_n, curve, case.incidents, marked) for m_of_n, curve in curves.items()
    )
