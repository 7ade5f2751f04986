"""A log alarm over the results of its query: M of the last N."""

from collections.abc import Mapping, Sequence
from typing import Any

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.described import api_choice, api_field, warm_up_from_api
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import decide
from ecs_monitoring.cloudwatch.evaluation.reason import format_number
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from history.evaluate.datapoints import Given
from history.evaluate.outcome import EvaluateError, ExplainedChange, Replay


def replay_log(alarm: Mapping[str, Any], given: Sequence[Given]) -> Replay:
    """Evaluate a log alarm after each result of its scheduled query.

    Args:
        alarm: as DescribeAlarms returns it.
        given: a row a result; one without a value is a query without result.

    Raises:
        EvaluateError: the alarm cannot be evaluated.
    """
    name = str(alarm.get("AlarmName", "?"))
    try:
        evaluated = api_field(alarm, "QueryResultsToEvaluate", int)
        needed = int(alarm.get("QueryResultsToAlarm") or evaluated)
        if not 1 <= needed <= evaluated:
            raise CannotEvaluateError(
                f"QueryResultsToAlarm {needed} of QueryResultsToEvaluate {evaluated}: write 1 or "
                "more, and no more than are evaluated"
            )
        comparison = api_choice(alarm, "ComparisonOperator", Comparison, None)
        threshold = float(api_field(alarm, "Threshold", int, float))
        treatment = api_choice(alarm, "TreatMissingData", MissingData, MissingData.MISSING)
        warm_up = warm_up_from_api(alarm)
    except CannotEvaluateError as error:
        raise EvaluateError(f"alarm {name}: {error}") from None
    results = sorted(given, key=lambda result: result.time)
    state = AlarmState.INSUFFICIENT_DATA
    changes = []
    seconds = 0
    for index, result in enumerate(results):
        if index and state is AlarmState.ALARM:
            seconds += result.time - results[index - 1].time
        looked_at = results[max(0, index + 1 - evaluated) : index + 1]
        breaching = [
            None if result.value is None else comparison.holds(result.value, threshold)
            for result in looked_at
        ]
        decision = decide(
            breaching,
            evaluation_periods=evaluated,
            datapoints_to_alarm=needed,
            treat_missing_data=treatment,
            previous=state,
        )
        if decision.state is not state:
            reason = (
                f"{breaching.count(True)} of the last {evaluated} results beyond the threshold "
                f"({format_number(threshold)}), of which {needed} are needed"
            )
            changes.append(
                ExplainedChange(
                    time=result.time,
                    previous=state,
                    state=decision.state,
                    value=result.value,
                    reason=reason,
                )
            )
            state = decision.state
    notes = ["a log alarm: each row counts as one result of its scheduled query"]
    if warm_up is not None:
        notes.append(f"its warm-up of {warm_up.seconds // 60} min is not taken into account")
    return Replay(
        name=name,
        changes=tuple(changes),
        first=results[0].time,
        last=results[-1].time,
        evaluations=len(results),
        seconds_in_alarm=seconds,
        state=state,
        notes=tuple(notes),
    )
