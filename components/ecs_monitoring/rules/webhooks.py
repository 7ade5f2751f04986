"""Webhooks that SNS can deliver to, and those of which nobody would ever be notified.

SNS sends an https endpoint a message of its own first, and delivers nothing until the endpoint has
visited the URL in it: https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ecs_monitoring.rules.urls import is_private_host, split_url

_SLACK: Final = "write the channel's ids in alerts.slack, as {workspace: T…, channel: C…}"
_TEAMS: Final = (
    "write the channel's ids in alerts.microsoft_teams, as {tenant: …, team: …, channel: 19%3A…}"
)
_PAGERDUTY: Final = (
    "write the Integration URL of an Amazon CloudWatch integration, "
    "https://events.pagerduty.com/integration/<key>/enqueue"
)
_FUNCTION: Final = (
    "write the https URL of a function of your own that confirms the subscription and passes "
    "notifications on"
)

# Host and path of what takes messages of its own form alone, whose it is, and what works instead.
_NEVER_CONFIRM: Final = (
    # https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/
    (r"hooks\.slack(-gov)?\.com/.*", "Slack's incoming webhook", _SLACK),
    # https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
    (
        r"([^/]+\.webhook\.office\.com|outlook\.office(365)?\.com/webhook|[^/]+\.logic\.azure\.com"
        r"|[^/]+\.api\.powerplatform\.com)/.*",
        "Microsoft Teams' incoming webhook or workflow",
        _TEAMS,
    ),
    # https://docs.discord.com/developers/resources/webhook#execute-webhook
    (r"([^/]+\.)?discord(app)?\.com/api/(v\d+/)?webhooks/.*", "Discord's webhook", _FUNCTION),
    # https://developers.google.com/workspace/chat/quickstart/webhooks
    (r"chat\.googleapis\.com/.*", "Google Chat's incoming webhook", _FUNCTION),
    # A service's integration, or an event orchestration's:
    # https://www.pagerduty.com/docs/guides/amazon-cloudwatch-integration-guide/
    (
        r"events(\.eu)?\.pagerduty\.com/(?!(integration/[^/]+/enqueue|x-ere/[^/]+)$).*",
        "PagerDuty's Events API",
        _PAGERDUTY,
    ),
    (r"(?!events\.)[^/]+\.pagerduty\.com/.*", "a page of PagerDuty", _PAGERDUTY),
)

# What PagerDuty calls an integration key or a routing key:
# https://developer.pagerduty.com/docs/send-alert-event
_PAGERDUTY_KEY: Final = re.compile(r"[0-9a-z]{32}|R[0-9A-Z]{31}")

_CLOSING: Final = re.compile(r"([^/]+\.)?opsgenie\.com/.*")

NOT_OFFERED: Final = (
    "Opsgenie ends on 2027-04-05, and AWS Systems Manager Incident Manager takes no new customers: "
    "write the URL of another pager that confirms SNS subscriptions, such as PagerDuty or Jira "
    "Service Management, in webhooks"
)
"""Why the two pagers that are closing are not offered, and what to write instead.

https://support.atlassian.com/opsgenie/docs/what-happens-when-opsgenie-is-turned-off/
https://docs.aws.amazon.com/incident-manager/latest/userguide/incident-manager-availability-change.html
"""

_KEYS: Final = (
    r"\.pagerduty\.com/",
    r"\bopsgenie\.com/",
    *(pattern for pattern, *_ in _NEVER_CONFIRM),
)


def heard_webhook(url: str) -> str:
    """The URL, if SNS can deliver to it.

    Raises:
        ValueError: it cannot. The message says what to write, and nothing of the URL, which
            carries a key.
    """
    if _PAGERDUTY_KEY.fullmatch(url):
        raise ValueError(f"is a PagerDuty key and no URL: {_PAGERDUTY}")
    parts = split_url(url, ("https",))
    if parts is None:
        raise ValueError("is no https URL: write https://<host>/<path>")
    if is_private_host(parts.hostname or ""):
        raise ValueError(
            "is a private host, which SNS cannot reach: write the URL of a public one, or notify "
            "an SQS queue (queues)"
        )
    address = f"{(parts.hostname or '').rstrip('.')}{parts.path or '/'}"
    if _CLOSING.fullmatch(address):
        raise ValueError(f"is Opsgenie: {NOT_OFFERED}")
    for pattern, whose, instead in _NEVER_CONFIRM:
        if re.fullmatch(pattern, address):
            raise ValueError(
                f"is {whose}, which never confirms an SNS subscription, so nobody would be "
                f"notified: {instead}"
            )
    return url


def carries_key(value: Any) -> bool:
    """Whether a value is, or holds, the URL of a webhook, whose path is its key.

    For messages about values in a wrong place: URLs that belong nowhere else, and PagerDuty's.
    """
    if isinstance(value, Mapping):
        return any(map(carries_key, value.values()))
    if isinstance(value, str):
        return any(re.search(pattern, value, re.IGNORECASE) for pattern in _KEYS)
    return isinstance(value, Iterable) and any(map(carries_key, value))
