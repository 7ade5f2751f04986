"""The reminder of the review: on or off, and mistakes in when and where."""

import json
from typing import Any

import pytest

from stack.config import read_stack_config
from stack.program import run_program
from tests.components.registered import ALARM, ROLE, ROLE_POLICY, SCHEDULE, TOPIC, only
from tests.settings.refusal import ANY, Mistake, mistakes, run_changed, warned, with_secret

NO_ALARMS = ("ecs={}", "alb={}", "rds={}", "logs={}", "app={}")
ON = "review={reminder: true}"
OTHER_LOG_RULES = ("errors", "exceptions", "security", "workers-killed")
PAGER = "arn:aws:sns:ap-northeast-1:123456789012:team"


def review(**fields: Any) -> str:
    return f"review={json.dumps({'reminder': True, **fields})}"


def told(*changes: str, stack: str = "prod") -> list[str]:
    """The topics that are reminded, sorted."""
    schedules = run_changed(*changes, stack=stack).of_type(SCHEDULE)
    return sorted(json.loads(one.inputs["target"]["input"])["TopicArn"] for one in schedules)


def topic(stack: str) -> str:
    name = f"django-app-alerts-django-ecs-monitoring-{stack}-warning"
    return f"arn:aws:sns:ap-northeast-1:123456789012:{name}"


@pytest.mark.slow
def test_production_is_reminded_and_staging_is_not() -> None:
    assert told() == [topic("prod")]
    assert told(stack="staging") == []


@pytest.mark.slow
@pytest.mark.parametrize("off", ["review={}", "review={reminder: false}", review(reminder=False)])
def test_off_leaves_nothing_of_it(off: str) -> None:
    """Without chat channels, which have a role of their own."""
    run = run_changed(off, "alerts.slack={}")
    assert [r for type_ in (ROLE, ROLE_POLICY, SCHEDULE) for r in run.of_type(type_)] == []
    assert len(run.of_type(ALARM)) > 20


@pytest.mark.slow
def test_a_link_may_be_kept_while_there_is_no_reminder() -> None:
    kept = "review={reminder: false, link: 'https://wiki.example.jp/', schedule: rate(91 days)}"
    assert told(kept) == []


@pytest.mark.slow
def test_a_reminder_alone_makes_the_topic_for_warnings() -> None:
    run = run_changed(ON, *NO_ALARMS)
    assert [t.inputs["name"] for t in run.of_type(TOPIC)] == [
        "django-app-alerts-django-ecs-monitoring-prod-warning"
    ]
    assert run.exports["topics"] == {"warning": topic("prod")}


@pytest.mark.slow
def test_a_reminder_beside_critical_alarms_alone_makes_the_topic_for_warnings() -> None:
    critical = "alarms={logs.database-errors: {severity: critical}}"
    changes = (critical, "alerts.paging=alarm", *NO_ALARMS[:3], NO_ALARMS[4])
    off = [f"alarms.logs.{rule}={{enabled: false}}" for rule in OTHER_LOG_RULES]
    assert set(run_changed(ON, *changes, *off).exports["topics"]) == {"critical", "warning"}
    assert set(run_changed("review={}", *changes, *off).exports["topics"]) == {"critical"}


@pytest.mark.slow
def test_outside_checks_have_no_topic_for_the_reminder_in_their_region() -> None:
    """Without events of AWS Health, which tell of warnings there."""
    changes = ("alerts.paging=alarm", "events.enabled=false")
    run = run_changed(ON, *changes, "health.site.url=https://www.example.com/")
    assert set(run.exports["outside_topics"]) == {"critical"}
    assert told(ON, "health.site.url=https://www.example.com/") == [topic("prod")]


@pytest.mark.slow
def test_topics_from_elsewhere_are_reminded_too() -> None:
    """Whoever hears of warnings there alone hears of the review as well."""
    assert told(ON, f"alerts={{topics: {{warning: ['{PAGER}']}}}}") == [topic("prod"), PAGER]
    assert told(ON, f"alerts={{topics: {{critical: ['{PAGER}']}}}}") == [topic("prod")]


@pytest.mark.slow
def test_what_is_written_is_sent() -> None:
    run = run_changed(
        review(
            link="https://wiki.example.jp/review",
            schedule="cron(30 8 ? JAN,APR,JUL,OCT MON#1 *)",
            timezone="Europe/Berlin",
        )
    )
    sent = only(run.of_type(SCHEDULE)).inputs
    assert sent["scheduleExpression"] == "cron(30 8 ? JAN,APR,JUL,OCT MON#1 *)"
    assert sent["scheduleExpressionTimezone"] == "Europe/Berlin"
    assert "https://wiki.example.jp/review" in json.loads(sent["target"]["input"])["Message"]


@pytest.mark.parametrize("is_secret", [True, False])
def test_a_secret_link_is_sent_as_a_secret(is_secret: bool) -> None:
    config = read_stack_config("prod", settings=(ON,))
    schedule = only(
        run_program(with_secret(config, "review") if is_secret else config).of_type(SCHEDULE)
    )
    assert ("target" in schedule.secret_inputs) is is_secret


@pytest.mark.slow
def test_left_out_it_is_quarterly_in_utc_and_leads_to_the_guide() -> None:
    sent = only(run_changed(ON).of_type(SCHEDULE)).inputs
    assert sent["scheduleExpression"] == "cron(0 9 1 1,4,7,10 ? *)"
    assert sent["scheduleExpressionTimezone"] == "UTC"
    assert "docs/review.md" in json.loads(sent["target"]["input"])["Message"]


@mistakes(
    {
        "a schedule, and no word of a reminder": Mistake(
            "review={schedule: rate(91 days)}", "review", ANY, "add reminder: true"
        ),
        "a link, and no word of a reminder": Mistake(
            "review={link: docs/x.md}", "review", {"link": "docs/x.md"}, "add reminder: true"
        ),
        "a word for the schedule": Mistake(
            review(schedule="quarterly"), "review.schedule", "quarterly", "write cron(<minute>"
        ),
        "crontab's five fields": Mistake(
            review(schedule="cron(0 9 1 */3 ?)"), "review.schedule", ANY, "has 5 fields: write six"
        ),
        "every minute of an hour": Mistake(
            review(schedule="cron(* 9 1 1,4,7,10 ? *)"),
            "review.schedule",
            ANY,
            "write one number, 0 to 59: a reminder comes once a day",
        ),
        "a number for the schedule": Mistake(
            review(schedule=91), "review.schedule", 91, "write a text"
        ),
        "a misspelt time zone": Mistake(
            review(timezone="Asia/Tokio"),
            "review.timezone",
            "Asia/Tokio",
            'did you mean "Asia/Tokyo"?',
        ),
        "an offset": Mistake(
            review(timezone="+09:00"), "review.timezone", "+09:00", "write a name"
        ),
        "a link with a blank": Mistake(
            review(link="the wiki"), "review.link", "the wiki", "write https://<host>/<path>"
        ),
        "a link to nowhere": Mistake(
            review(link="https:///x"), "review.link", ANY, "write https://<host>/<path>"
        ),
        "no link": Mistake(review(link=""), "review.link", "", "write 1 or more characters"),
        "a long link": Mistake(
            review(link="x" * 1001), "review.link", ANY, "write at most 1000 characters"
        ),
    }
)
def test_a_mistake_in_the_review_is_answered(mistake: Mistake) -> None:
    mistake.check()


def test_a_schedule_of_a_past_year_is_warned_of() -> None:
    past = "cron(0 9 1 1 ? 2020)"
    (warning,) = (one for one in warned(review(schedule=past)) if past in one)
    assert warning == (
        f"django-ecs-monitoring:review.schedule: {past} is over and reminds nobody any more: write "
        "a year to come, or * for every year"
    )
    # Where nobody is to be reminded, nothing is missed.
    off = f"review={json.dumps({'reminder': False, 'schedule': past})}"
    assert not [one for one in warned(off) if past in one]
