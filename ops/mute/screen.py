"""What a mute says on the terminal."""

from collections.abc import Sequence

from rich.markup import escape

from account.account import Caller, Region
from account.alarms import LiveAlarm
from account.mutes_by_hand import FoundRule, HandWindow
from account.stack import StackPlace
from ecs_monitoring.words import counted, listed
from ops.terminal import Terminal, table


class MuteScreen(Terminal):
    """Says what is muted, or would be.

    Args:
        is_json: whether the standard output is kept for JSON; people read the standard error.
    """

    def plan(
        self,
        place: StackPlace,
        caller: Caller,
        meant: Sequence[tuple[Region, Sequence[LiveAlarm]]],
        window: HandWindow,
        reason: str,
    ) -> None:
        """Show what would be muted, and when."""
        title = f"Mute of {place.project}/{place.stack}"
        self.heading(title, caller.account, caller.arn, f": {reason}")
        rows = table("Alarm", "Severity", "State", "Region", is_framed=False, padding=(0, 2, 0, 0))
        for region, alarms in meant:
            for alarm in alarms:
                severity = escape(alarm.severity)
                rows.add_row(escape(alarm.address), severity, str(alarm.state), region.name)
        self._console.print(rows)
        self.say(f"\n{window.window}: they tell nobody.")
        self.say(
            "What goes off in that time and is still on at the end notifies then. What events and "
            "other programs tell is not muted."
        )

    def muted(self, place: StackPlace, name: str, window: HandWindow) -> None:
        """Say what was done, and how to end it."""
        self.say(f"Muted, {window.window}. To end it earlier:")
        self.say(f"  python -m ops mute {place.stack} --end {name}")

    def rules(self, place: StackPlace, rules: Sequence[FoundRule], now: int) -> None:
        """Show what mutes the stack, now or later."""
        if not rules:
            self.say(f"Nothing mutes {place.project}/{place.stack}, now or later.")
            return
        headings = ("Name", "Made", "When", "Alarms", "Region", "What for")
        rows = table(*headings, is_framed=False, padding=(0, 2, 0, 0))
        for muting in rules:
            rule, window = muting.rule, muting.rule.window(now)
            when = escape(f"{rule.schedule} {rule.timezone}, {rule.duration}")
            if window:
                is_on = window.start <= now
                when = f"{'[bold]now[/], ' if is_on else ''}{window}"
            addresses = [alarm.address for alarm in muting.alarms]
            rows.add_row(
                escape(muting.id or rule.name),
                escape(muting.origin),
                when,
                escape(f"{len(addresses)}: {listed(addresses)}"),
                muting.region.name,
                escape(rule.description),
            )
        self._console.print(rows)

    def ending(self, meant: Sequence[FoundRule], on: Sequence[str]) -> None:
        """Say what ending a mute sets off."""
        names = ", ".join(muting.rule.name for muting in meant)
        count = len({alarm.name for muting in meant for alarm in muting.alarms})
        self.say(f"{names}: {counted(count, 'alarm')} would notify again.")
        if on:
            self.say(f"In ALARM now: {listed(on)}. Those that went off while muted notify at once.")
