"""Mistakes in who is notified that show only where several settings meet."""

from collections.abc import Iterator

from ecs_monitoring.catalog.regions import partition_of
from settings.errors import SettingsProblem, shown_value
from settings.model import StackSettings


def chat_problems(settings: StackSettings) -> Iterator[SettingsProblem]:
    """Channels that AWS or its provider could not have: of other partitions, two of one team."""
    alerts = settings.alerts
    partition = partition_of(settings.region).name if settings.region else "aws"
    sections = {"slack": alerts.slack, "microsoft_teams": alerts.microsoft_teams}
    for section, by_severity in sections.items():
        if by_severity and partition != "aws":
            yield SettingsProblem(
                settings.path("alerts", section),
                "",
                f"Amazon Q Developer in chat applications is not in the partition {partition}: "
                "write an address in emails, or a webhook of a function of your own",
            )
    first: dict[str, str] = {}
    for severity, channels in alerts.microsoft_teams.items():
        for place, one in enumerate(channels):
            known = first.setdefault(one.team, one.channel)
            if known != one.channel:
                yield SettingsProblem(
                    settings.path("alerts", "microsoft_teams", severity.value, place, "channel"),
                    shown_value(one.channel),
                    f"is a second channel of team {one.team}, of which the AWS provider finds only "
                    f"one: write {known}, or a channel of another team",
                )
