"""One alarm's section of the report: everything that the template shows, in words."""

from dataclasses import dataclass
from urllib.parse import quote

from ecs_monitoring.words import counted
from replay.suggestion import ThresholdVerdict
from review.model import AlarmReview, Review
from review.report.charts.curve import curve_figure
from review.report.charts.figure import Figure
from review.report.charts.series import series_figure
from review.report.evidence import reasons, recorded_words, validation_words, verdict_words
from review.report.quality import data_words
from review.report.rows import (
    CandidateRow,
    IncidentRow,
    OptionRow,
    incident_rows,
    option_rows,
    rows,
)
from review.report.tally import tally_now
from review.report.todo import settings_of
from review.report.wording import ReaderClock, condition


@dataclass(frozen=True)
class Chart:
    """A figure and the words for who cannot see it.

    Attributes:
        figure: as plotly.js takes it.
        words: what it shows.
    """

    figure: Figure
    words: str


@dataclass(frozen=True, kw_only=True)
class AlarmSection:
    """An alarm as the template shows it; texts are without markup.

    Attributes:
        id: of the element.
        alarm: the alarm itself.
        verdict: in a few words.
        is_change: whether something is to be changed.
        suggested: the suggested condition; empty where none is.
        reasons: as sentences; the others likewise.
        series: ``None`` where there is nothing to draw; the other likewise.
        others: the M of N whose curves are drawn thin.
    """

    id: str
    alarm: AlarmReview
    verdict: str
    is_change: bool
    suggested: str
    reasons: list[str]
    rows: list[CandidateRow]
    incidents: list[IncidentRow]
    options: list[OptionRow]
    validation: list[str]
    recorded: list[str]
    data: list[str]
    settings: str
    series: Chart | None
    curve: Chart | None
    others: str


def anchor(address: str) -> str:
    """An address as an element's id, which is also the fragment of a link to it."""
    return quote(address, safe="@./-")


def section(alarm: AlarmReview, review: Review) -> AlarmSection:
    """An alarm's section."""
    then = alarm.suggested
    return AlarmSection(
        id=anchor(alarm.address),
        alarm=alarm,
        verdict=verdict_words(alarm),
        is_change=alarm.suggestion.verdict is ThresholdVerdict.CHANGE,
        suggested=condition(then.definition, alarm.unit) if then else "",
        reasons=reasons(alarm),
        rows=[*rows(alarm, review)],
        incidents=incident_rows(alarm, review),
        options=option_rows(alarm),
        validation=[*validation_words(alarm, review)],
        recorded=[*recorded_words(alarm, review)],
        data=[*data_words(alarm, review)],
        settings=settings_of(alarm, review.project),
        series=_series(alarm, review),
        curve=_curve(alarm, review),
        others=_others(alarm),
    )


def _series(alarm: AlarmReview, review: Review) -> Chart | None:
    figure, now = series_figure(alarm, review), tally_now(alarm, review)
    if figure is None or now is None:
        return None
    clock = ReaderClock(review.zone)
    return Chart(
        figure,
        f"Chart of {alarm.condition} from {clock.day(review.start)} to {clock.day(review.end)}: "
        f"{counted(now.firings, 'firing')} with the definition as it is.",
    )


def _curve(alarm: AlarmReview, review: Review) -> Chart | None:
    figure = curve_figure(alarm, review)
    if figure is None:
        return None
    return Chart(figure, f"Chart of firings and hours in ALARM of {alarm.address} by threshold.")


def _others(alarm: AlarmReview) -> str:
    drawn = [candidate.definition for candidate in (alarm.current, alarm.suggested) if candidate]
    marked = {
        (definition.breaching_datapoints, definition.evaluation_periods) for definition in drawn
    }
    curves = ((curve.datapoints_to_alarm, curve.evaluation_periods) for curve in alarm.curves)
    return ", ".join(f"{m} of {n}" for m, n in curves if (m, n) not in marked)
