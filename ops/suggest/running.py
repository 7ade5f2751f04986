"""Runs ``python -m ops suggest``: reads the files, and says what is suggested."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.markup import escape

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.words import counted, iso
from history.files import SeriesError, read_series
from ops.terminal import ExitCode, complain, opened_console, print_json, table
from replay.suggestion import SuggestedAlarm, ThresholdVerdict, Validation
from review.as_json import suggestion_json
from review.incident_file import IncidentFileError, Incidents, read_incidents
from review.proposing import Proposal, proposals
from review.requests import put_composite_alarm, put_metric_alarm


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    try:
        proposed = _proposed(arguments)
    except (SeriesError, IncidentFileError, CannotEvaluateError) as error:
        complain(f"suggest: {error}")
        return ExitCode.REFUSED
    if arguments.json:
        print_json(_as_json(proposed))
    else:
        _print(proposed, arguments.series)
    has_any = any(proposal.suggestion.verdict is ThresholdVerdict.CHANGE for proposal in proposed)
    return ExitCode.DONE if has_any else ExitCode.ATTENTION


def _proposed(arguments: argparse.Namespace) -> list[Proposal]:
    history = read_series(arguments.series, are_counts=arguments.statistic == "SampleCount")
    incidents = (
        read_incidents(arguments.incidents, zone=arguments.zone)
        if arguments.incidents
        else Incidents()
    )
    return proposals(
        history,
        watch=("high", "low") if arguments.watch == "both" else (arguments.watch,),
        statistic=arguments.statistic,
        period=arguments.period,
        m_of_n=arguments.m_of_n,
        incidents=tuple(incident for _, incident in incidents.rows),
        pages_per_month=arguments.pages_per_month,
        unit=arguments.unit,
        minimum=arguments.minimum,
        maximum=arguments.maximum,
    )


def _as_json(proposed: Sequence[Proposal]) -> dict[str, Any]:
    return {
        proposal.watch: {
            "comparison": proposal.definition.comparison.value,
            "period": proposal.definition.period,
            **suggestion_json(proposal.suggestion),
            **_requests(proposal),
        }
        for proposal in proposed
    }


def _requests(proposal: Proposal) -> dict[str, Any]:
    """The suggested alarms as requests; without any, no threshold either."""
    suggestion = proposal.suggestion
    if suggestion.verdict is not ThresholdVerdict.CHANGE:
        return {"threshold": None, "alarms": [], "composite": None, "suppressor": None}
    members = [alarm.definition for alarm in suggestion.alarms]
    suppressor = proposal.suppressor and proposal.suppressor.definition
    composite = put_composite_alarm(
        f"page-{proposal.watch}", members, suppressor.name if suppressor else None, proposal.echo
    )
    return {
        "composite": composite if len(members) > 1 or suppressor else None,
        "suppressor": put_metric_alarm(suppressor) if suppressor else None,
    }


def _print(proposals: Sequence[Proposal], path: Path) -> None:
    console = opened_console()
    rows = table("Watch", "Alarm", "Why", "Walked forward", title=str(path))
    for proposal in proposals:
        suggestion = proposal.suggestion
        is_new = suggestion.verdict is ThresholdVerdict.CHANGE
        rows.add_row(
            proposal.watch,
            escape("\n".join(_condition(alarm) for alarm in suggestion.alarms))
            if is_new
            else suggestion.verdict.value,
            escape("; ".join(suggestion.reasons)),
            _walked(suggestion.validation) if suggestion.validation else "-",
        )
    console.print(rows)
    for proposal in proposals:
        walk = proposal.suggestion.validation
        if walk and walk.firings:
            times = ", ".join(iso(time) for time in walk.firings)
            console.print(f"{proposal.watch}: would have fired at {times}", soft_wrap=True)


def _condition(alarm: SuggestedAlarm) -> str:
    definition = alarm.definition
    watched = definition.signal if isinstance(definition.signal, str) else "value"
    return (
        f"{watched} {definition.comparison.sign} {definition.threshold:g}, "
        f"{definition.breaching_datapoints} of {definition.evaluation_periods} x "
        f"{definition.period} s"
    )


def _walked(validation: Validation) -> str:
    days = validation.months * 30
    text = f"{counted(round(days), 'day')} judged, {counted(len(validation.firings), 'firing')}"
    if validation.incidents:
        text += (
            f", {validation.true_firings} of them in incidents; "
            f"{validation.caught} of {validation.incidents} incidents caught"
        )
    return text
