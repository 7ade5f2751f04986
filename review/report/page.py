"""The report as one HTML file that needs nothing else."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.words import counted, sentence
from review.model import Review
from review.report.charts.hours import hours_figure
from review.report.headline import effect_sentence, facts, headline, looked_at, span
from review.report.rest import other_findings, rest
from review.report.section import Chart, anchor, section
from review.report.todo import to_do
from review.report.totals import NIGHT, Totals, totals

_TEMPLATE: Final = Path(__file__).parent / "template"


def write_report(review: Review, path: Path) -> None:
    """Write the report of a review; folders are made.

    Raises:
        OSError: the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report_html(review), encoding="utf-8")


def report_html(review: Review) -> str:
    """The report: HTML with its styles, its script and plotly.js in it."""
    entries, all_ = to_do(review), totals(review)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            review=review,
            span=span(review),
            entries=entries,
            headline=headline(entries),
            effect=effect_sentence(all_),
            facts=facts(all_),
            notes=review.every_note,
            others=other_findings(review),
            looked_at=looked_at(review),
            rest=rest(review, {address for entry in entries for address in entry.alarms}),
            hours=_hours(all_),
            told=all_.told,
            sections=[section(alarm, review) for alarm in review.alarms],
            css=_own("page.css"),
            script=_own("page.js"),
            # It is trusted like the other libraries, and none of its text ends a script element.
            plotly=Markup(get_plotlyjs()),
        )
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(anchor=anchor, sentence=sentence)
    # The filter tojson writes <, > and & as escapes, so that no text ends the script element.
    environment.policies["json.dumps_kwargs"] = {
        "allow_nan": False,
        "ensure_ascii": False,
        "separators": (",", ":"),
    }
    return environment


def _own(name: str) -> Markup:
    return Markup((_TEMPLATE / name).read_text(encoding="utf-8"))


def _hours(all_: Totals) -> Chart | None:
    by_hour = [sum(hour) for hour in zip(*all_.told.values(), strict=True)]
    if not any(by_hour):
        return None
    busiest = by_hour.index(max(by_hour))
    pages = sum(all_.told[Severity.CRITICAL])
    at_night = (
        f"{all_.night_pages:,} of {counted(pages, 'page')} would have come between "
        f"{NIGHT[0]:02d}:00 and {NIGHT[-1] + 1:02d}:00"
        if pages
        else "None of them is a page"
    )
    return Chart(
        hours_figure(all_.told),
        f"{at_night}; the busiest hour is {busiest:02d}:00 to {busiest:02d}:59 with "
        f"{max(by_hour):,}.",
    )
