"""What a drill says on the terminal."""

from collections.abc import Sequence
from typing import Final

from rich.markup import escape
from rich.table import Table

from account.alarms import LiveAlarm
from account.topics import Topic
from drill.outcome import AlarmOutcome, Heard, Result
from drill.report import DrillReport
from drill.survey import Survey, SurveyedRegion
from ecs_monitoring.words import counted
from ops.terminal import Terminal, table

_RESULT_STYLES: Final = {
    Result.DELIVERED: "green",
    Result.NOT_DELIVERED: "bold red",
    Result.NOT_DRILLED: "yellow",
    Result.CUT_SHORT: "yellow",
}
_HEARD: Final = {
    Heard.SENT: ("sent to  ", "green"),
    Heard.NOT_HEARD: ("NOT HEARD", "bold red"),
    Heard.NOT_TRIED: ("not tried", "yellow"),
}
_RESULT_WIDTH: Final = max(len(result.value) for result in Result)


class DrillScreen(Terminal):
    """Prints a drill as it happens.

    Args:
        is_json: whether the standard output is kept for JSON; people read the standard error.
    """

    def plan(self, survey: Survey) -> None:
        """Show what the drill would do, and what is in the way already."""
        choice, caller = survey.choice, survey.caller
        title = f"Drill of {choice.project}/{choice.stack}"
        self.heading(title, caller.account, caller.arn)
        for surveyed in survey.regions:
            self._region(surveyed)
        if survey.obstacles:
            self._console.print("\n[bold]In the way of notifications[/]")
            for obstacle in survey.obstacles:
                self._console.print(f"[red]![/] {escape(obstacle.message)}", soft_wrap=True)
        for note in survey.notes:
            self.say(f"note: {note}")
        self.say("")

    def _region(self, surveyed: SurveyedRegion) -> None:
        if surveyed.plan.drilled:
            self._console.print(_alarm_table(surveyed))
            self._console.print(f"\n[bold]Real subscribers[/] in {surveyed.region.name}")
            for topic in surveyed.topics.values():
                telling = [alarm for alarm in surveyed.plan.drilled if topic.arn in alarm.topics]
                if telling and topic.exists:
                    self.say(f"  {topic.name}: {_listeners(topic)} ({_occasions(topic, telling)})")
        if surveyed.plan.left_alone:
            self._console.print(f"\n[bold]Not drilled[/] in {surveyed.region.name}")
            for left in surveyed.plan.left_alone:
                self.say(f"  {left.alarm.address}: {left.reason}")

    def outcome(self, outcome: AlarmOutcome) -> None:
        """One line for one alarm."""
        style = _RESULT_STYLES[outcome.result]
        detail = outcome.reason if outcome.latency is None else f"{outcome.latency:.1f} s"
        label = outcome.result.value.replace("-", " ").ljust(_RESULT_WIDTH)
        self._console.print(
            f"[{style}]{label}[/]  {escape(outcome.alarm.address)}  {escape(detail)}",
            soft_wrap=True,
        )

    def summary(self, report: DrillReport) -> None:
        """How it went, in a line or two."""
        slowest = max((alarm.latency or 0.0 for alarm in report.delivered), default=None)
        ended = "Interrupted: " if report.interrupted else ""
        alarms = counted(len(report.outcomes), "alarm")
        words = f"\n{ended}{len(report.delivered)} of {alarms} delivered"
        if slowest is not None:
            words += f", the slowest in {slowest:.1f} s"
        in_the_way = len(report.survey.obstacles)
        words += f"; {in_the_way or 'nothing'} in the way" + (" (see above)" if in_the_way else "")
        self.say(words, style="bold")
        for told in report.endpoints:
            said = f" ({told.reason})" if told.reason else ""
            label, style = _HEARD[told.result]
            self.say(f"{label} {told.endpoint}, topic {told.topic}{said}", style=style)
        if report.survey.drilled and not report.leftovers:
            self.say("All alarms are set back, and the drill's queue is gone.")
        if report.delivered:
            for words in report.to_look_at:
                self.say(words)


def _alarm_table(surveyed: SurveyedRegion) -> Table:
    drilled = surveyed.plan.drilled
    rows = table(
        *("Alarm", "Now", "Severity", "Tells"),
        title=f"\n{counted(len(drilled), 'alarm')} to set off in {surveyed.region.name}",
        is_framed=False,
        padding=(0, 2, 0, 2),
    )
    for alarm in drilled:
        topics = ", ".join(topic.rpartition(":")[2] for topic in alarm.topics)
        rows.add_row(escape(alarm.address), alarm.state, escape(alarm.severity), escape(topics))
    return rows


def _listeners(topic: Topic) -> str:
    if topic.subscriptions is None:
        return "unknown"
    return ", ".join(s.shown for s in topic.subscriptions if s.is_notified) or "nobody"


def _occasions(topic: Topic, alarms: Sequence[LiveAlarm]) -> str:
    """How often the topic's readers are notified."""
    back = [alarm for alarm in alarms if topic.arn in alarm.actions[alarm.state]]
    return f"{len(alarms)}× ALARM" + (f", {len(back)}× the return" if back else "")
