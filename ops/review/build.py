"""The review of one alarm: its definition, its history and what can be said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import evaluation_interval
from ecs_monitoring.cloudwatch.rule import MissingData
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules import RULES
from ops.review.beside import Beside, beside
from ops.review.drawing import curve_points, trace_of
from ops.review.model import AlarmReview, Candidate, CurvePoints, DataSummary
from ops.review.subjects import ReviewSubject
from ops.stretch import Stretch
from replay.choices import Wish, curves_of
from replay.curve import Curve, Incident
from replay.history import MetricHistory
from replay.levels import is_rising
from replay.metric_math import NeedsWholeRangeError
from replay.outcome import Outcome, replay
from replay.signal import signal_of
from replay.suggest import suggest
from replay.suggestion import Suggestion, Verdict

Histories = Mapping[MetricKey, MetricHistory]

CURRENT: Final = "current"
"""The label of the definition as it is."""

SUGGESTED: Final = "suggested"
"""The label of the suggested definition."""

_HIGHEST_PERCENTAGE: Final = 100.0
_NO_RECORDS: Final = DataSummary(
    first=None, last=None, records=0, resolutions={}, without_data=(), is_approximate=False
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything that the review of one alarm rests on.

    Attributes:
        subject: the alarm.
        histories: of its metrics; one that is absent has no data.
        stretch: the time that is reviewed.
        known_from: since when no record means that there was no data, in seconds since 1970
            UTC; ``None`` where that is so since the first record.
        known_until: up to when that is so; ``None`` where it is so to the end of the stretch.
        incidents: what was wrong in that time.
        happened: what CloudWatch recorded that the alarm did; ``None`` where nothing is known.
        candidates: other definitions of the same alarm to set beside it, with their labels.
        pages_per_month: the page budget.
        recent: the alarm on its recent past that is there already; ``None`` without one.
    """

    subject: ReviewSubject
    histories: Histories
    stretch: Stretch
    known_from: int | None = None
    known_until: int | None = None
    incidents: tuple[Incident, ...] = ()
    happened: Outcome | None = None
    candidates: Sequence[tuple[str, ReviewSubject]] = ()
    pages_per_month: float = 2.0
    recent: AlarmDefinition | None = None


def review_alarm(case: Case) -> AlarmReview:
    """Review one alarm; what cannot be evaluated or has no data is said to be so."""
    definition = case.subject.definition
    if definition is None:
        return _unreviewed(case, Verdict.NOT_SUGGESTED, problem=case.subject.problem)
    data = _data(definition, case)
    judged = _judged(definition, case)
    if judged is None:
        unreviewed = _unreviewed(case, Verdict.NO_DATA, reason=_why_no_data(definition))
        nothing = Outcome(
            start=case.stretch.start, end=case.stretch.end, changes=(), state=AlarmState.OK
        )
        current = Candidate(label=CURRENT, definition=definition, outcome=nothing)
        return replace(unreviewed, data=data, current=current)
    try:
        return _reviewed(case, definition, data, judged)
    except CannotEvaluateError as error:
        unreviewed = _unreviewed(case, Verdict.NOT_SUGGESTED, problem=str(error))
        return replace(unreviewed, data=data)


def _reviewed(
    case: Case, definition: AlarmDefinition, data: DataSummary, judged: Stretch
) -> AlarmReview:
    current = _candidate(CURRENT, definition, case, judged)
    others = [
        _candidate(label, subject.definition, case, judged)
        for label, subject in case.candidates
        if subject.definition is not None
    ]
    try:
        signal = signal_of(definition, case.histories, judged.start, judged.end)
        curves = curves_of(definition, case.histories, judged.start, judged.end)
    except NeedsWholeRangeError:
        what = (
            "its expression looks at many periods at once"
            if definition.wall_clock is None
            else "its periods follow the clock on the wall"
        )
        why = f"{what}: thresholds cannot be compared"
        unreviewed = _unreviewed(case, Verdict.NOT_SUGGESTED, reason=why)
        return replace(unreviewed, current=current, candidates=tuple(others), data=data)
    wish = _wish(case, definition, curves)
    suggestion = suggest(definition, curves, wish)
    extra = _beside(case, definition, current.outcome, wish)
    if extra is not None:
        reasons = (*suggestion.reasons, extra.sentence)
        suggestion = replace(suggestion, reasons=reasons, alarms=extra.suggestion.alarms)
    if suggestion.verdict is Verdict.CHANGE:
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
    return beside(definition, history, outcomes, case.subject.unit, wish)


def _unreviewed(
    case: Case, verdict: Verdict, *, reason: str = "", problem: str = ""
) -> AlarmReview:
    """What is known of an alarm before, or without, a replay."""
    subject, definition = case.subject, case.subject.definition
    return AlarmReview(
        address=subject.address,
        name=subject.name,
        severity=subject.severity,
        condition=subject.condition,
        unit=subject.unit,
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


def _data(definition: AlarmDefinition, case: Case) -> DataSummary:
    """What is recorded of the alarm's metrics in the stretch."""
    stretch = case.stretch
    inside = {
        key: case.histories[key].between(stretch.start, stretch.end)
        for key in definition.metrics
        if key in case.histories
    }
    histories = [history for history in inside.values() if len(history)]
    periods, counts = np.unique(
        np.concatenate([h.resolutions for h in histories])
        if histories
        else np.empty(0, dtype=np.int64),
        return_counts=True,
    )
    return DataSummary(
        first=min((int(history.times[0]) for history in histories), default=None),
        last=max((int(history.times[-1]) for history in histories), default=None),
        records=sum(len(history) for history in histories),
        resolutions=dict(zip(periods.tolist(), counts.tolist(), strict=True)),
        without_data=tuple(key.name for key in definition.metrics if not len(inside.get(key, ()))),
        is_approximate=False,
    )


def _judged(definition: AlarmDefinition, case: Case) -> Stretch | None:
    """The part of the stretch that can be replayed; ``None`` without any record.

    It begins where the alarm's whole evaluation range lies in known time, and ends with that:
    else periods that nobody asked for would count as ones without data.
    """
    histories = [h for key in definition.metrics if len(h := case.histories.get(key, _nothing()))]
    if not histories:
        return None
    first = min(int(history.times[0]) for history in histories)
    if case.known_from is not None:
        first = min(first, case.known_from)
    reach = definition.lookback
    start = max(case.stretch.start, first + reach)
    end = case.stretch.end if case.known_until is None else min(case.stretch.end, case.known_until)
    is_evaluated = end - start >= evaluation_interval(definition)
    return Stretch(start=start, end=end) if is_evaluated else None


def _nothing() -> MetricHistory:
    return MetricHistory.of_values([], [])


def _candidate(label: str, definition: AlarmDefinition, case: Case, judged: Stretch) -> Candidate:
    outcome = replay(definition, case.histories, judged.start, judged.end, before=AlarmState.OK)
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
        unit=case.subject.unit,
        limit=definition.threshold if _runs_out(case) else None,
        is_whole=case.subject.unit is Unit.COUNT and all(map(_is_whole, curves.values())),
    )


def _runs_out(case: Case) -> bool:
    """Whether the alarm is about something that runs out, so that nothing more is tolerated."""
    rule = RULES.get(case.subject.address.key)
    return rule is not None and rule.runs_out


def _is_whole(curve: Curve) -> bool:
    finite = curve.levels[np.isfinite(curve.levels)]
    return bool(np.all(finite == np.rint(finite)))


def _most(case: Case, definition: AlarmDefinition) -> float | None:
    """The value that the watched metric cannot go beyond; ``None`` where there is none."""
    if is_rising(definition.comparison):
        return _HIGHEST_PERCENTAGE if case.subject.unit is Unit.PERCENT else None
    histories = (case.histories.get(key, _nothing()) for key in definition.metrics)
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
