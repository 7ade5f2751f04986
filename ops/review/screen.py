"""What ``python -m ops review`` says on the terminal."""

from pathlib import Path
from typing import Final

from rich.markup import escape
from rich.table import Table

from ecs_monitoring.words import listed
from ops.history import screen as history
from ops.terminal import SEVERITY_STYLES, table
from review.build import SUGGESTED
from review.model import AlarmReview, Review
from review.report.evidence import verdict_words
from review.report.headline import effect_sentence, headline, looked_at, span
from review.report.tally import tally_now, tally_of
from review.report.todo import ToDo, condition_now, to_do
from review.report.totals import is_coarse, totals
from review.report.wording import condition, hours
from review.stack_file import Edit

_SEVERITY_WIDTH: Final = max(map(len, SEVERITY_STYLES))
_DIFF_STYLES: Final = {"+": "green", "-": "red", "@": "cyan"}


class Screen(history.FetchScreen):
    """Prints a review; the history's screen has what is not particular to it.

    Args:
        is_json: whether the standard output is kept for JSON; people read the standard error.
    """

    def show(self, review: Review, report: Path) -> None:
        """The review in short.

        Args:
            review: what was found.
            report: where the whole of it was written.
        """
        stack = f"{review.project}/{review.stack}"
        place = f"account {review.account}" if review.account else "files"
        self.say(f"Review of {stack} from {place}: {span(review)}", style="bold")
        self._to_change(review)
        self._console.print(_alarm_table(review))
        if review.incidents:
            self._console.print(_incident_table(review))
        if seen := looked_at(review):
            self.say(f"\nCompared with the alarms: {seen}")
        for note in review.every_note:
            self.say(f"note: {note}")
        self.say(f"\nReport: {report}", style="bold")

    def edit(self, change: Edit) -> None:
        """A change of the stack's file, before it is made."""
        if not change.diff:
            self.say(f"Nothing to write into {change.path.name}.")
        for line in change.diff.splitlines():
            self.say(line, style=_DIFF_STYLES.get(line[:1], ""))
        for note in change.notes:
            self.say(f"note: {note}")

    def _to_change(self, review: Review) -> None:
        entries = to_do(review)
        self.say(f"\n{headline(entries)}", style="bold")
        if effect := effect_sentence(totals(review)):
            self.say(effect)
        for entry in entries:
            style = SEVERITY_STYLES.get(entry.severity, "")
            label = escape(entry.severity.ljust(_SEVERITY_WIDTH))
            self._console.print(
                f"  [{style or 'none'}]{label}[/]  {escape(_line(entry))}", soft_wrap=True
            )


def _line(entry: ToDo) -> str:
    """One thing to change, in one line."""
    parts = [f"{entry.what}: {entry.subject}"]
    if entry.after:
        parts.append(f"{entry.before} → {entry.after}")
    if entry.effects:
        parts.append(
            ", ".join(f"{effect.name} {effect.before} → {effect.after}" for effect in entry.effects)
        )
    else:
        parts.append(entry.why)
    if entry.alarms and entry.alarms != (entry.subject,):
        parts.append(f"({listed(entry.alarms)})")
    return "  ".join(parts)


def _alarm_table(review: Review) -> Table:
    numbers = ("Recorded", "Would have fired", "Hours in ALARM")
    headings = ("Alarm", "On when", *numbers, "Verdict")
    rows = table(*headings, title="\nAlarms", is_framed=False, numbers=numbers)
    for alarm in review.alarms:
        now = tally_now(alarm, review)
        mark = "≈ " if is_coarse(alarm) else ""
        rows.add_row(
            escape(alarm.address),
            escape(condition_now(alarm)),
            f"{len(alarm.happened.firings):,}" if alarm.happened else "–",
            f"{mark}{now.firings:,}" if now else "–",
            f"{mark}{hours(now.seconds)}" if now else "–",
            escape(_verdict(alarm)),
        )
        for candidate in alarm.candidates:
            if candidate.label != SUGGESTED:
                tried = tally_of(candidate, alarm, review)
                rows.add_row(
                    f"  {escape(candidate.label)}",
                    escape(condition(candidate.definition, alarm.unit)),
                    "",
                    f"{mark}{tried.firings:,}",
                    f"{mark}{hours(tried.seconds)}",
                    "",
                )
    return rows


def _incident_table(review: Review) -> Table:
    """What would have paged, what would have been held back, and what alarm by alarm would."""
    numbers = ("Would have paged", "Suppressed", "With paging: alarm")
    rows = table("Incident", *numbers, title="\nIncidents", is_framed=False, numbers=numbers)
    for incident in review.incidents:
        mark = "≈ " if incident.not_replayed else ""
        rows.add_row(
            escape(incident.address),
            f"{mark}{len(incident.paged):,}",
            f"{mark}{len(incident.suppressed):,}",
            f"{mark}{incident.without_incidents:,}",
        )
    return rows


def _verdict(alarm: AlarmReview) -> str:
    then = alarm.suggested
    if then is None:
        return verdict_words(alarm)
    return f"→ {condition(then.definition, alarm.unit)}"
