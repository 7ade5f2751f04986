"""Mistakes in who is notified that show only where several settings meet."""

from collections.abc import Iterator

from ecs_monitoring.catalog.regions import partition_of
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules import DELIVERY
from ecs_monitoring.rules.incidents import KIND as INCIDENT
from ecs_monitoring.rules.incidents import Paging
from ecs_monitoring.rules.routes import AlarmPattern, AmbiguousRouteError, team_of
from ecs_monitoring.words import did_you_mean
from settings.errors import SettingsProblem, shown_value
from settings.region import RegionalSettings


def chat_problems(settings: RegionalSettings) -> Iterator[SettingsProblem]:
    """Channels that AWS or its provider could not have: of other partitions, two of one team."""
    partition = partition_of(settings.region).name if settings.region else "aws"
    first: dict[str, str] = {}
    for where, _, group in settings.alerts.groups():
        sections = {"slack": group.slack, "microsoft_teams": group.microsoft_teams}
        for section, by_severity in sections.items():
            if by_severity and partition != "aws":
                yield SettingsProblem(
                    settings.path("alerts", *where, section),
                    "",
                    f"Amazon Q Developer in chat applications is not in the partition {partition}: "
                    "write an address in emails, or a webhook of a function of your own",
                )
        for severity, channels in group.microsoft_teams.items():
            for place, channel in enumerate(channels):
                before = first.setdefault(channel.team, channel.channel)
                if before != channel.channel:
                    keys = ("microsoft_teams", severity.value, place, "channel")
                    yield SettingsProblem(
                        settings.path("alerts", *where, *keys),
                        shown_value(channel.channel),
                        f"is a second channel of team {channel.team}, of which the AWS provider "
                        f"finds only one: write {before}, or a channel of another team",
                    )


def route_problems(settings: RegionalSettings) -> Iterator[SettingsProblem]:
    """Routes to nobody, of no alarm, or of an alarm that another team has alike."""
    if not settings.alerts.routes:
        return
    addresses = _addresses(settings)
    for team, route in settings.alerts.routes.items():
        path = ("alerts", "routes", team)
        if not any(route.endpoints(severity) for severity in Severity):
            yield SettingsProblem(
                settings.path(*path), "", "tells nobody: add an address, such as emails.warning"
            )
        for place, text in enumerate(route.alarms):
            pattern = AlarmPattern.parse(text)
            if not any(map(pattern.matches, addresses)):
                fault = (
                    f"no alarm or event of the stack is meant{_nearest(text, pattern, addresses)}"
                )
                if pattern.kind == DELIVERY.key:
                    fault = (
                        "a team is told of its own lost notifications anyway, on its other topic, "
                        "beside the stack's own topics: leave it out"
                    )
                if pattern.kind == INCIDENT and settings.alerts.paging is not Paging.INCIDENT:
                    fault = (
                        "every critical alarm pages by itself, and no incident does: write "
                        f"{settings.path('alerts', 'paging')}: incident, or a kind"
                    )
                yield SettingsProblem(
                    settings.path(*path, "alarms", place), shown_value(text), fault
                )
    yield from _ambiguous(settings, addresses)


def _addresses(settings: RegionalSettings) -> list[AlarmAddress]:
    """Everything that a team may be told of: alarms, incidents, and events of targets."""
    alarms = (
        address
        for kind, _, plan in settings.plans
        for rule in plan.rules
        for address, _ in settings.notified(kind, rule)
    )
    events = (
        AlarmAddress.of(rule.row.key, target)
        for region in settings.regions
        for plan in region.event_plans
        for rule in plan.rules
        for target in rule.targets
    )
    return list(dict.fromkeys([*alarms, *events]))


def _nearest(text: str, pattern: AlarmPattern, addresses: list[AlarmAddress]) -> str:
    """What was probably meant, in the form in which it is written."""
    forms: dict[str, None] = {}
    for address in addresses:
        kind = address.key if pattern.rule else address.kind if pattern.kind else ""
        forms[f"{kind}@{address.target}" if pattern.target else kind] = None
    return did_you_mean(text, forms)


def _ambiguous(
    settings: RegionalSettings, addresses: list[AlarmAddress]
) -> Iterator[SettingsProblem]:
    routes = {team: route.alarms for team, route in settings.alerts.routes.items()}
    told: set[tuple[str, str]] = set()
    for address in addresses:
        try:
            team_of(routes, address)
        except AmbiguousRouteError as error:
            if error.teams not in told:
                told.add(error.teams)
                yield SettingsProblem(settings.path("alerts", "routes"), "", str(error))
