"""What a mute says on the terminal."""

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from account.account import Caller, Region
from account.alarms import LiveAlarm
from account.stack import StackPlace
from ecs_monitoring.words import counted, listed
from ops.mute.rules import FoundRule
from ops.mute.window import HandWindow
from ops.terminal import Terminal


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
        self._console.print(
            f"[bold]Mute of {escape(place.project)}/{escape(place.stack)}[/] in account "
            f"[bold]{caller.account}[/] by {escape(caller.arn)}: {escape(reason)}",
            soft_wrap=True,
        )
        table = Table(box=None, padding=(0, 2, 0, 0))
        for heading in ("Alarm", "Severity", "State", "Region"):
            table.add_column(heading)
        for region, alarms in meant:
            for alarm in alarms:
                table.add_row(escape(alarm.address), alarm.severity, str(alarm.state), region.name)
        self._console.print(table)
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
        table = Table(box=None, padding=(0, 2, 0, 0))
        for heading in ("Name", "Made", "When", "Alarms", "Region", "What for"):
            table.add_column(heading, overflow="fold")
        for one in rules:
            window = one.rule.window(now)
            when = f"{one.rule.schedule} {one.rule.timezone}, {one.rule.duration}"
            if window:
                is_on = window.start <= now
                when = f"{'[bold]now[/], ' if is_on else ''}{window}"
            addresses = [alarm.address for alarm in one.alarms]
            table.add_row(
                escape(one.id or one.rule.name),
                escape(one.origin),
                when,
                escape(f"{len(addresses)}: {listed(addresses)}"),
                one.region.name,
                escape(one.rule.description),
            )
        self._console.print(table)

    def ending(self, meant: Sequence[FoundRule], on: Sequence[str]) -> None:
        """Say what ending a mute sets off."""
        names = ", ".join(one.rule.name for one in meant)
        count = len({alarm.name for one in meant for alarm in one.alarms})
        self.say(f"{names}: {counted(count, 'alarm')} would notify again.")
        if on:
            self.say(f"In ALARM now: {listed(on)}. Those that went off while muted notify at once.")
