"""Mute rules as AWS tells of them, and their windows."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from account.account import Attempts
from account.mute_rules import (
    MuteRule,
    active_mute_rules,
    find_mute_rules,
    has_mute_rules,
    settings_window,
)
from account.stack import StackPlace
from ecs_monitoring.cloudwatch.mute import MuteWindow
from tests.account.emulated import HOME, answering
from tests.account.recorded import Answer, Recorded, refused
from tests.times import at

ENDS = datetime(2027, 1, 1, tzinfo=UTC)
RULE: dict[str, Any] = {
    "Rule": {
        "Schedule": {
            "Expression": "cron(0 2 * * *)",
            "Duration": "PT4H",
            "Timezone": "Asia/Tokyo",
        }
    },
    "MuteTargets": {"AlarmNames": ["a", "b"]},
    "ExpireDate": ENDS,
    "Status": "SCHEDULED",
    "Description": "upgrade",
}
NIGHTS = MuteRule(
    name="nights",
    alarms=frozenset("ab"),
    schedule="cron(0 2 * * *)",
    duration="PT4H",
    timezone="Asia/Tokyo",
    expires=ENDS,
    status="SCHEDULED",
    description="upgrade",
)


def listed(*names: str) -> dict[str, Any]:
    arns = [f"arn:aws:cloudwatch:x:1:alarm-mute-rule:{name}" for name in names]
    return {"AlarmMuteRuleSummaries": [{"AlarmMuteRuleArn": arn} for arn in arns]}


def region_of(endpoint: str = "https://x.amazonaws.com", **answers: Answer) -> tuple[Any, Recorded]:
    client = Recorded(**answers)
    client.meta.endpoint_url = endpoint
    return replace(answering(), cloudwatch=client), client


def test_the_rules_of_every_page() -> None:
    pages = iter([{**listed("nights", "days"), "NextToken": "2"}, {"NextToken": "3"}, listed("z")])
    asked: list[dict[str, Any]] = []

    def page(**request: Any) -> dict[str, Any]:
        asked.append(dict(request))
        return next(pages)

    region, _ = region_of(list_alarm_mute_rules=page, get_alarm_mute_rule=RULE)
    found = list(find_mute_rules(region, statuses=("ACTIVE", "SCHEDULED")))
    assert found == [NIGHTS, replace(NIGHTS, name="days"), replace(NIGHTS, name="z")]
    first = {"MaxRecords": 100, "Statuses": ["ACTIVE", "SCHEDULED"]}
    assert asked == [first, {**first, "NextToken": "2"}, {**first, "NextToken": "3"}]


def test_what_a_rule_leaves_out() -> None:
    bare = {"Rule": {"Schedule": {"Expression": "at(2027-01-01T00:00)", "Duration": "PT1H"}}}
    region, client = region_of(list_alarm_mute_rules=listed("x"), get_alarm_mute_rule=bare)
    assert list(find_mute_rules(region, statuses=())) == [
        MuteRule(
            name="x",
            alarms=frozenset(),
            schedule="at(2027-01-01T00:00)",
            duration="PT1H",
            timezone="UTC",
            expires=None,
            status="",
            description="",
        )
    ]
    assert client.asked[1] == ("get_alarm_mute_rule", {"AlarmMuteRuleName": "x"})


@pytest.mark.parametrize(
    ("endpoint", "answers", "rules", "notes"),
    [
        (
            "https://x.amazonaws.com",
            {"list_alarm_mute_rules": listed("nights"), "get_alarm_mute_rule": RULE},
            (NIGHTS,),
            [],
        ),
        # An emulator carries out none.
        (
            "http://127.0.0.1:1",
            {"list_alarm_mute_rules": listed("nights"), "get_alarm_mute_rule": RULE},
            (),
            [],
        ),
        # Older versions of boto3 know none.
        ("https://x.amazonaws.com", {}, (), []),
        (
            "https://x.amazonaws.com",
            {"list_alarm_mute_rules": refused()},
            (),
            [
                f"{HOME}: alarm mute rules could not be looked at: An error occurred "
                "(AccessDenied) when calling the X operation: no"
            ],
        ),
    ],
    ids=["aws", "emulator", "old boto3", "refused"],
)
def test_the_active_rules_of_a_region(
    endpoint: str, answers: dict[str, Answer], rules: tuple[MuteRule, ...], notes: list[str]
) -> None:
    region, client = region_of(endpoint, **answers)
    attempts = Attempts(HOME)
    assert active_mute_rules(region, attempts) == rules
    assert attempts.notes == notes
    assert has_mute_rules(client) is bool(answers)
    for operation, request in client.asked:
        assert operation != "list_alarm_mute_rules" or request["Statuses"] == ["ACTIVE"]


@pytest.mark.parametrize(
    ("rule", "window"),
    [
        # Two o'clock in Tokyo is 17:00 of the day before in UTC.
        (NIGHTS, MuteWindow(at("2026-11-26T17:00"), at("2026-11-26T21:00"))),
        (
            replace(NIGHTS, timezone="UTC", duration="PT1H"),
            MuteWindow(at("2026-11-27T02:00"), at("2026-11-27T03:00")),
        ),
        (replace(NIGHTS, schedule="at(2026-11-26T02:00)"), None),
        # A weekday as a number, which nobody can read for sure.
        (replace(NIGHTS, schedule="cron(0 2 * * 1)"), None),
    ],
)
def test_the_window_at_a_time(rule: MuteRule, window: MuteWindow | None) -> None:
    assert rule.window(at("2026-11-26T20:00")) == window


@pytest.mark.parametrize(
    ("rule", "window"),
    [
        ("shop-prod-mute-nights--ecs", "nights"),
        ("shop-prod-mute-by-hand--20261126T2030-1a2b", ""),
        ("shop-prod-mute-nights", ""),
        ("shop-test-mute-nights--ecs", ""),
        ("nights--ecs", ""),
    ],
)
def test_the_window_of_the_settings_that_a_rule_belongs_to(rule: str, window: str) -> None:
    place = StackPlace(project="shop", stack="prod", home="eu-west-1")
    assert settings_window(place, rule) == window
