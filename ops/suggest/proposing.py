"""Thresholds for a metric that no alarm watches yet, and what is said of them."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from rich.markup import escape
from rich.table import Table

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat, Query
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import evaluation_range
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from ecs_monitoring.words import DAY, iso
from history.files import SeriesError, read_series
from ops.review.as_json import suggestion_json
from ops.review.incident_file import IncidentFileError, Incidents, read_incidents
from ops.terminal import ExitCode, opened_console
from replay.choices import Wish, curves_of
from replay.curve import Incident
from replay.history import FINEST, MetricHistory
from replay.suggest import propose
from replay.suggestion import Suggestion, Validation, Verdict

_WATCHED: Final = MetricKey(namespace="Files", name="series")
_COMPARISONS: Final = {"high": Comparison.AT_LEAST, "low": Comparison.AT_MOST}


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A threshold for one direction.

    Attributes:
        watch: ``high`` or ``low``.
        definition: the alarm with the suggested threshold.
        suggestion: the suggestion with its evidence.
    """

    watch: str
    definition: AlarmDefinition
    suggestion: Suggestion


def proposals(
    history: MetricHistory,
    *,
    watch: Sequence[str] = ("high", "low"),
    statistic: str = "Average",
    period: int | None = None,
    m_of_n: tuple[int, int] = (1, 1),
    incidents: tuple[Incident, ...] = (),
    pages_per_month: float = 2.0,
) -> list[Proposal]:
    """Thresholds for a metric that no alarm watches yet.

    Args:
        history: of the metric.
        watch: the directions, ``high`` and ``low``.
        statistic: of each period.
        period: seconds; by default what most records stand for.
        m_of_n: M and N.
        incidents: what was wrong.
        pages_per_month: the page budget.

    Raises:
        CannotEvaluateError: a statistic that cannot be evaluated.
        SeriesError: the history is shorter than the alarm's evaluation range.
    """
    seconds = period or max(FINEST, int(np.median(history.resolutions)))
    found = []
    for direction in watch:
        definition = AlarmDefinition(
            name=direction,
            queries=(Query(id="m1", source=MetricStat(metric=_WATCHED, statistic=statistic)),),
            watched="m1",
            period=seconds,
            comparison=_COMPARISONS[direction],
            threshold=0.0,
            evaluation_periods=m_of_n[1],
            datapoints_to_alarm=m_of_n[0],
            treat_missing_data=MissingData.NOT_BREACHING,
        )
        found.append(_proposal(direction, definition, history, incidents, pages_per_month))
    return found


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    try:
        found = _found(arguments)
    except (SeriesError, IncidentFileError, CannotEvaluateError) as error:
        print(f"suggest: {error}", file=sys.stderr)
        return ExitCode.REFUSED
    if arguments.json:
        print(json.dumps(_as_json(found), indent=2, ensure_ascii=False))
    else:
        _print(found, arguments.series)
    has_any = any(one.suggestion.verdict is Verdict.CHANGE for one in found)
    return ExitCode.DONE if has_any else ExitCode.ATTENTION


def _found(arguments: argparse.Namespace) -> list[Proposal]:
    history = read_series(arguments.series, are_counts=arguments.statistic == "SampleCount")
    known = read_incidents(arguments.incidents) if arguments.incidents else Incidents()
    return proposals(
        history,
        watch=("high", "low") if arguments.watch == "both" else (arguments.watch,),
        statistic=arguments.statistic,
        period=arguments.period,
        m_of_n=arguments.m_of_n,
        incidents=tuple(incident for _, incident in known.rows),
        pages_per_month=arguments.pages_per_month,
    )


def _proposal(
    direction: str,
    definition: AlarmDefinition,
    history: MetricHistory,
    incidents: tuple[Incident, ...],
    pages_per_month: float,
) -> Proposal:
    reach = evaluation_range(definition.evaluation_periods) * definition.period
    start = int(history.times[0]) + reach
    end = int(history.times[-1]) + definition.period
    if end < start + 60:
        raise SeriesError(
            f"the history lasts {end - start + reach} s: an alarm that looks at "
            f"{definition.evaluation_periods} x {definition.period} s needs more"
        )
    is_ever_negative = bool((history.minimums < 0).any())
    wish = Wish(
        pages_per_month=pages_per_month,
        incidents=incidents,
        most=0.0 if direction == "low" and not is_ever_negative else None,
    )
    curves = curves_of(definition, {_WATCHED: history}, start, end)
    return Proposal(
        watch=direction, definition=definition, suggestion=propose(definition, curves, wish)
    )


def _as_json(found: Sequence[Proposal]) -> dict[str, Any]:
    return {
        one.watch: {
            "comparison": one.definition.comparison.value,
            "period": one.definition.period,
            **suggestion_json(one.suggestion),
        }
        for one in found
    }


def _print(found: Sequence[Proposal], path: Path) -> None:
    console = opened_console()
    table = Table(title=str(path), title_justify="left", title_style="bold")
    for heading in ("Watch", "Alarm when", "M of N", "Why", "Walked forward"):
        table.add_column(heading, overflow="fold")
    for one in found:
        suggestion = one.suggestion
        is_new = suggestion.verdict is Verdict.CHANGE
        table.add_row(
            one.watch,
            f"{one.definition.comparison.sign} {suggestion.threshold:g}"
            if is_new
            else suggestion.verdict.value,
            f"{suggestion.datapoints_to_alarm} of {suggestion.evaluation_periods} x "
            f"{one.definition.period} s",
            escape("; ".join(suggestion.reasons)),
            _walked(suggestion.validation) if suggestion.validation else "-",
        )
    console.print(table)
    for one in found:
        if one.suggestion.validation and one.suggestion.validation.firings:
            times = ", ".join(iso(time) for time in one.suggestion.validation.firings)
            console.print(f"{one.watch}: would have fired at {times}", soft_wrap=True)


def _walked(validation: Validation) -> str:
    days = (validation.end - validation.start) / DAY
    text = f"{days:.0f} days judged, {len(validation.firings)} firings"
    if validation.incidents:
        text += (
            f", {validation.true_firings} of them in incidents; "
            f"{validation.caught} of {validation.incidents} incidents caught"
        )
    return text
