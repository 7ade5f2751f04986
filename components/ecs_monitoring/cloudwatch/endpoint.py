"""What receives alarm notifications: an address of some kind, for a severity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from ecs_monitoring.cloudwatch.rule import Severity

A = TypeVar("A")
"""An address: plain, secret, or not known before the deployment."""


class EndpointKind(StrEnum):
    """How notifications reach an endpoint."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    QUEUE = "queue"
    TOPIC = "topic"
    """An existing topic, which alarms publish to beside the stack's own."""

    SLACK = "slack"
    """A Slack channel, to which Amazon Q Developer in chat applications posts."""

    TEAMS = "teams"
    """A Microsoft Teams channel, in the same way."""

    @property
    def protocol(self) -> str:
        """SNS's name for it in a subscription of the stack's own; empty where it needs none.

        Alarms publish to topics directly, and to chat channels Amazon Q Developer subscribes.
        https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
        """
        return {self.EMAIL: "email", self.WEBHOOK: "https", self.QUEUE: "sqs"}.get(self, "")


@dataclass(frozen=True, kw_only=True)
class Endpoint(Generic[A]):
    """One endpoint.

    Attributes:
        kind: how notifications reach it.
        severity: of the alarms that it receives.
        name: unique among the severity's endpoints of the kind; it stays the same when another
            endpoint is added or taken away, if the address is known.
        address: email address, URL, ARN, or a chat channel's ids.
        is_secret: whether nobody may read the address.
    """

    kind: EndpointKind
    severity: Severity
    name: str
    address: A
    is_secret: bool = False


SECRET_ENDPOINTS: Final = ("webhooks", "secret_emails")
"""What maps severity and a name of its own to an address that is a secret: whoever knows the URL of
a webhook, or the address of an integration, can page by it.
"""

S = TypeVar("S", bound=str)
"""A severity, or its plain word."""


def endpoints(
    severity: S,
    *,
    emails: Mapping[S, Sequence[A]] | None = None,
    secret_emails: Mapping[S, Mapping[str, A]] | None = None,
    webhooks: Mapping[S, Mapping[str, A]] | None = None,
    queues: Mapping[S, Sequence[A]] | None = None,
    topics: Mapping[S, Sequence[A]] | None = None,
    slack: Mapping[S, Sequence[A]] | None = None,
    teams: Mapping[S, Sequence[A]] | None = None,
) -> tuple[Endpoint[A], ...]:
    """Every endpoint of a severity, by kind, in the order in which they are written."""
    by_kind = {
        EndpointKind.EMAIL: emails,
        EndpointKind.QUEUE: queues,
        EndpointKind.TOPIC: topics,
        EndpointKind.SLACK: slack,
        EndpointKind.TEAMS: teams,
    }
    named = [
        (kind, address if isinstance(address, str) else str(number), address)
        for kind, addresses in by_kind.items()
        for number, address in enumerate((addresses or {}).get(severity, ()), start=1)
    ]
    secret = [
        (kind, name, address)
        for kind, by_name in (
            (EndpointKind.EMAIL, secret_emails),
            (EndpointKind.WEBHOOK, webhooks),
        )
        for name, address in (by_name or {}).get(severity, {}).items()
    ]
    return tuple(
        Endpoint(
            kind=kind, severity=Severity(severity), name=name, address=address, is_secret=is_secret
        )
        for is_secret, addresses in ((False, named), (True, secret))
        for kind, name, address in addresses
    )
