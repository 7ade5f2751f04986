"""What is allowed but probably not meant."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from ecs_monitoring.cloudwatch.rule import NoThreshold, Severity
from ecs_monitoring.cloudwatch.rule_doubts import rule_doubts
from ecs_monitoring.rules import KINDS
from ecs_monitoring.rules.alb import NO_HEALTHY_HOSTS
from ecs_monitoring.rules.incidents import Paging
from ecs_monitoring.rules.schedule import comes_after
from ecs_monitoring.rules.urls import is_own_machine, split_url
from ecs_monitoring.words import counted
from settings.check import as_settings_problems
from settings.doubles import double_alarms
from settings.log_formats import doubtful_patterns
from settings.muted_hours import hardly_heard
from settings.mutes import idle_mutes
from settings.region import RegionalSettings

# https://www.rfc-editor.org/rfc/rfc2606#section-3
_EXAMPLES = ("example.com", "example.org", "example.net")


def warnings(settings: RegionalSettings) -> Iterator[str]:
    """Each as a sentence that says what to write instead."""
    yield from settings.notes
    yield from _nothing_watched(settings)
    yield from _region_of_whoever(settings)
    yield from _nothing_streamed(settings)
    yield from _silent_severities(settings)
    yield from double_alarms(settings)
    yield from _doubtful_thresholds(settings)
    yield from _more_hosts_than_tasks(settings)
    yield from _idle_dependencies(settings)
    yield from _doubtful_fields(settings)
    yield from _distant_runbooks(settings)
    yield from _links_to_nowhere(settings)
    yield from doubtful_patterns(settings)
    yield from _past_reminder(settings)
    yield from idle_mutes(settings)
    yield from hardly_heard(settings)


def _doubtful_thresholds(settings: RegionalSettings) -> Iterator[str]:
    """Thresholds in another unit than the rule's, or out of reach as far as is known."""
    doubts = (
        (kind, name, rule, doubt)
        for kind, name, plan in settings.plans
        for rule in plan.rules
        for doubt in rule_doubts(rule)
    )
    for problem in as_settings_problems(settings, doubts):
        yield f"{problem.path}: {problem.value}: {problem.fix}"


def _past_reminder(settings: RegionalSettings) -> Iterator[str]:
    """A reminder of the review whose last year is over."""
    review = settings.review
    today = datetime.now(ZoneInfo(review.timezone)).date()
    if review.reminder and not comes_after(review.schedule, today):
        yield (
            f"{settings.path('review', 'schedule')}: {review.schedule} is over and reminds nobody "
            "any more: write a year to come, or * for every year"
        )


def _more_hosts_than_tasks(settings: RegionalSettings) -> Iterator[str]:
    """Alarms on fewer healthy hosts than there are tasks with which a service is content."""
    judging = settings.deployment_alarms()
    services = next(targets for kind, targets in settings.targets() if kind.key == "ecs")
    for _, _, plan in settings.plans:
        for rule in plan.rules:
            threshold = rule.threshold
            if rule.key != NO_HEALTHY_HOSTS or isinstance(threshold, NoThreshold):
                continue
            for name, service in services.items():
                if rule.name in judging[name] and 0 < service.min_running_tasks < threshold:
                    tasks = counted(service.min_running_tasks, "task")
                    yield (
                        f"alarm {rule.address} fires below {threshold:g} healthy hosts, and "
                        f"{settings.path('ecs', name)} is content with {tasks} "
                        f"(min_running_tasks): write a threshold of {service.min_running_tasks} or "
                        "less, or raise min_running_tasks"
                    )


def _idle_dependencies(settings: RegionalSettings) -> Iterator[str]:
    """Dependencies that nobody asks for, since every critical alarm pages."""
    if settings.alerts.depends_on and settings.alerts.paging is Paging.ALARM:
        yield (
            f"{settings.path('alerts', 'depends_on')} changes nothing while every critical alarm "
            f"pages: write {settings.path('alerts', 'paging')}: incident"
        )


def _nothing_watched(settings: RegionalSettings) -> Iterator[str]:
    """A stack without a target."""
    if not any(targets for _, targets in settings.sections()):
        sections = ", ".join(settings.path(kind.key) for kind in KINDS)
        yield f"the stack watches nothing: add a target to one of {sections}"


def _nothing_streamed(settings: RegionalSettings) -> Iterator[str]:
    """A stream to New Relic without an alarm whose metrics it could send."""
    if settings.new_relic and not any(plan.rules for *_, plan in settings.plans):
        yield (
            f"{settings.path('new_relic')} streams nothing, since the stack has no alarm: add a "
            "target, or leave the section out"
        )


def _region_of_whoever(settings: RegionalSettings) -> Iterator[str]:
    """A stack without a region of its own."""
    if settings.region is None:
        yield (
            "aws:region is not set, so that the stack goes to the region of whoever deploys it: "
            "write it, such as aws:region: ap-northeast-1"
        )


def _distant_runbooks(settings: RegionalSettings) -> Iterator[str]:
    """Runbook pages that a mail or a chat cannot link to: paths in a repository, and words."""
    if any(plan.rules for *_, plan in settings.plans) and not _is_link(settings.runbooks):
        yield (
            f"alarms name {settings.runbooks} as their runbook, which nobody can open from a mail: "
            f"write the page's https URL in {settings.path('runbooks')}"
        )


def _links_to_nowhere(settings: RegionalSettings) -> Iterator[str]:
    """Links to the machine of whoever opens them."""
    links = {settings.path("runbooks"): settings.runbooks}
    for key, override in settings.alarms.items():
        links[settings.path("alarms", key, "runbook")] = override.runbook or ""
    if settings.review.reminder and not settings.is_secret("review"):
        links[settings.path("review", "link")] = settings.review.link
    for path, link in links.items():
        parts = split_url(link, ("http", "https"))
        if parts and is_own_machine(parts.hostname or ""):
            yield (
                f"{path}: {link} is the machine of whoever opens it: write the address of a page "
                "that everybody who is told can open"
            )


def _doubtful_fields(settings: RegionalSettings) -> Iterator[str]:
    """Fields of targets that are allowed but probably not meant."""
    for kind, targets in settings.targets():
        for name, target in targets.items():
            for field, doubt in target.doubts():
                yield f"{settings.path(kind.key, name, field)}: {doubt}"


def _is_link(page: str) -> bool:
    return split_url(page, ("http", "https")) is not None


def _silent_severities(settings: RegionalSettings) -> Iterator[str]:
    """Severities that nobody would be notified of."""
    alerts = settings.alerts
    regions = settings.regions
    told = {told for region in regions for told in region.told}
    used = {severity for region in regions for severity in region.severities()}
    for severity in Severity:
        if severity in used and not alerts.endpoints(severity):
            reminds = settings.review.reminder and severity is Severity.WARNING
            reminder = ", nor of the reminder to review them" if reminds else ""
            yield (
                f"nobody is notified of {severity} alarms{reminder}: add an address to "
                f"{settings.path('alerts', 'emails', severity.value)}"
            )
    for where, team, group in alerts.groups():
        for severity in Severity:
            path = settings.path("alerts", *where, "emails", severity.value)
            for email in group.emails.get(severity, ()):
                if email.rpartition("@")[2].lower() in _EXAMPLES:
                    shown = "an address" if settings.hides_addresses else email
                    yield (
                        f"{shown} is a placeholder and gets no notifications: change it in {path}"
                    )
            if team and group.endpoints(severity) and (severity, team) not in told:
                yield (
                    f"team {team} has addresses for {severity} alarms, and none of its alarms and "
                    f"events is {severity}: see {settings.path('alerts', *where)}"
                )
