"""The regular review of the alarms: when people are reminded of it, and in which words."""

from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ecs_monitoring.cron import time_zone
from ecs_monitoring.rules.schedule import QUARTERLY, recurring_schedule
from ecs_monitoring.rules.urls import split_url

GUIDE: Final = "docs/review.md"
"""Where it says how to review, unless a stack says otherwise."""

_SUBJECT_LENGTH: Final = 99
"""A notification's subject has "less than 100 characters".

https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""


def _link(value: str) -> str:
    is_url = "://" not in value or split_url(value, ("http", "https")) is not None
    if not is_url or not value.isprintable() or " " in value:
        raise ValueError("is no link: write https://<host>/<path>, or the path of a page")
    return value


class Reminder(BaseModel):
    """When a reminder of the review comes, and where it leads."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    link: Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_link)] = GUIDE
    """Page that the reminder links to: how to review, and where the last report is."""

    schedule: Annotated[str, AfterValidator(recurring_schedule)] = QUARTERLY
    """When it comes, as EventBridge Scheduler writes it: ``cron(…)`` or ``rate(… days)``."""

    timezone: Annotated[str, AfterValidator(time_zone)] = "UTC"
    """The schedule's time zone, by its name in the IANA database."""


def reminder_subject(project: str, stack: str) -> str:
    """The subject of the mail; cut where SNS would refuse it."""
    return f"Alarm review due: {project}/{stack}"[:_SUBJECT_LENGTH]


def reminder_message(project: str, stack: str, link: str, sender: str) -> str:
    """The text of the reminder: what to do, what for, and where it says more.

    Args:
        project: whose alarms they are.
        stack: whose alarms they are.
        link: the page that says more.
        sender: name of the schedule that sends it.
    """
    return (
        f"The alarms of {project}/{stack} are due for their review: which of them fired for "
        "nothing, which thresholds no longer fit, what runs unwatched?\n"
        "\n"
        f"    python -m ops review {stack}\n"
        "\n"
        "answers with evidence from the past months and with the settings to change. It changes "
        "nothing in AWS.\n"
        "\n"
        f"How to review, and the last report: {link}\n"
        "\n"
        f"Sent by the schedule {sender} of EventBridge Scheduler.\n"
    )
