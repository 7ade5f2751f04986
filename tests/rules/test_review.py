"""The reminder of the review: its link, and what people read."""

import pytest
from pydantic import ValidationError

from ecs_monitoring.rules.review import Reminder, reminder_message, reminder_subject


def test_left_out_it_is_quarterly_in_utc_and_leads_to_the_guide() -> None:
    assert Reminder().model_dump() == {
        "link": "docs/review.md",
        "schedule": "cron(0 9 1 1,4,7,10 ? *)",
        "timezone": "UTC",
    }


@pytest.mark.parametrize(
    "link",
    [
        "https://wiki.example.jp/review?page=1#how",
        "http://intranet:8080/",
        "docs/review.md",
        "x" * 1000,
    ],
)
def test_a_link_is_a_url_or_a_path(link: str) -> None:
    assert Reminder(link=link).link == link


@pytest.mark.parametrize(
    "link",
    [
        *("", "x" * 1001, "the wiki", "docs/review.md\n", "ftp://example.jp/x", "https://"),
        *("https://wiki.example.jp/a b", "mailto://a"),
    ],
)
def test_other_links_lead_nowhere(link: str) -> None:
    with pytest.raises(ValidationError):
        Reminder(link=link)


def test_a_subject_is_shorter_than_100_characters() -> None:
    """https://docs.aws.amazon.com/sns/latest/api/API_Publish.html."""
    assert reminder_subject("shop", "prod") == "Alarm review due: shop/prod"
    # Both names of a stack may have 100 characters.
    subject = reminder_subject("p" * 100, "s" * 100)
    assert len(subject) == 99
    assert subject.startswith("Alarm review due: ppp")


def test_a_message_says_what_to_type_and_where_to_read_on() -> None:
    lines = reminder_message("shop", "prod", "https://wiki.example.jp/", "shop-reminder").split(
        "\n"
    )
    assert "    python -m ops review prod" in lines
    assert "How to review, and the last report: https://wiki.example.jp/" in lines
    assert lines[0].startswith("The alarms of shop/prod are due for their review")
    assert "Sent by the schedule shop-reminder of EventBridge Scheduler." in lines
