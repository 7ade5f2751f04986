"""Who is notified of which severity: the stack's recipients, and those of its teams."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

import pulumi

from ecs_monitoring.args import InvalidArgsError
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules.incidents import Paging
from ecs_monitoring.words import did_you_mean


@dataclass(frozen=True, kw_only=True)
class TeamArgs:
    """A team that is told of some alarms in the place of the stack's own topics."""

    alarms: list[str]
    """Kinds (rds), keys (ecs.cpu-high), targets (@payments) or both, ``*`` for any characters."""

    severities: Optional[list[Severity]] = None
    """A topic of the team's own is made for each; all that have addresses if left out."""

    events: Optional[list[Severity]] = None
    """Severities whose topics rules of EventBridge publish to; the others keep EventBridge out."""

    topics: Optional[dict[str, list[pulumi.Input[str]]]] = None
    """ARNs of existing topics that are notified, by severity."""

    emails: Optional[dict[str, list[pulumi.Input[str]]]] = None
    """Addresses by severity."""

    webhooks: Optional[dict[str, dict[str, pulumi.Input[str]]]] = None
    """Https URLs by severity and a name of their own; kept secret."""

    secret_emails: Optional[dict[str, dict[str, pulumi.Input[str]]]] = None
    """Addresses by severity and a name of their own, such as an integration's; kept secret."""

    queues: Optional[dict[str, list[pulumi.Input[str]]]] = None
    """ARNs of SQS queues by severity."""


@dataclass(frozen=True, kw_only=True)
class AlertRoutingArgs:
    """Severities, and who is notified of each."""

    severities: list[Severity]
    """A topic is made for each."""

    topic_name: Optional[str] = None
    """Topics are called ``<topic_name>-<project>-<stack>-<severity>``."""

    topics: Optional[dict[str, list[pulumi.Input[str]]]] = None
    """ARNs of existing topics that are notified too, by severity."""

    emails: Optional[dict[str, list[pulumi.Input[str]]]] = None
    """Addresses by severity."""

    webhooks: Optional[dict[str, dict[str, pulumi.Input[str]]]] = None
    """Https URLs by severity and a name of their own; kept secret."""

    secret_emails: Optional[dict[str, dict[str, pulumi.Input[str]]]] = None
    """Addresses by severity and a name of their own, such as an integration's; kept secret."""

    queues: Optional[dict[str, list[pulumi.Input[str]]]] = None
    """ARNs of SQS queues by severity."""

    secret: Optional[bool] = None
    """Whether all addresses are kept secret; what names they have, the resources' names show."""

    encryption: Optional[bool] = None
    """Whether topics are encrypted with a KMS key made for them."""

    notify_on_recovery: Optional[list[Severity]] = None
    """Severities that are notified of the return to OK too."""

    events: Optional[list[Severity]] = None
    """Severities whose topics rules of EventBridge publish to; the others keep EventBridge out."""

    paging: Optional[Paging] = None
    """alarm: every critical alarm tells the critical topic, which is so if left out. incident: only
    the composite alarms of an IncidentPaging do; both severities must then be there.
    """

    teams: Optional[dict[str, TeamArgs]] = None
    """Teams by name; what no team has, the topics of the severities are notified of."""

    region: Optional[str] = None
    """Where the topics live, if not in the provider's region."""

    tags: Optional[dict[str, pulumi.Input[str]]] = None
    """Tags of everything."""


Recipients = AlertRoutingArgs | TeamArgs


def own_severities(recipients: Recipients) -> list[str]:
    """The severities for which a topic is made: those that are named, or that have addresses."""
    if recipients.severities is not None:
        return [severity.value for severity in recipients.severities]
    named = (
        recipients.emails,
        recipients.secret_emails,
        recipients.webhooks,
        recipients.queues,
    )
    used = {severity for by_severity in named for severity in by_severity or ()}
    return [severity.value for severity in Severity if severity in used]


def refuse_unknown_severities(recipients: Mapping[str, Recipients]) -> None:
    """Refuse recipients under a misspelt severity, who would silently get nothing.

    Args:
        recipients: by the path of their fields, for messages.

    Raises:
        InvalidArgsError: a severity that is none.
    """
    for path, given in recipients.items():
        mappings = {
            "topics": given.topics,
            "emails": given.emails,
            "secret_emails": given.secret_emails,
            "webhooks": given.webhooks,
            "queues": given.queues,
        }
        for field, by_severity in mappings.items():
            for severity in by_severity or ():
                if severity not in list(Severity):
                    instead = did_you_mean(severity, list(Severity))
                    raise InvalidArgsError.at(f"{path}.{field}", f"severity {severity!r}{instead}")
