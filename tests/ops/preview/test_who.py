"""``preview --who``: what reaches whom, and what reaches nobody."""

import json
from typing import Any

import pytest

from ops.__main__ import main

TEAM = {"alarms": ["rds"], "emails": {"warning": ["data@shop.jp"]}}


def who(capsys: pytest.CaptureFixture[str], *changes: str, code: int = 0) -> dict[str, Any]:
    words = [word for change in changes for word in ("--set", change)]
    assert main(["preview", "prod", "--who", "--json", *words]) == code
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return printed


def told(found: dict[str, Any], address: str, severity: str) -> list[str]:
    (receiver,) = (one for one in found["receivers"] if one["address"] == address)
    return [message["name"] for message in receiver["told"].get(severity, [])]


def receivers(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(receiver["kind"], receiver["address"]) for receiver in found["receivers"]]


def test_everybody_with_what_reaches_them(capsys: pytest.CaptureFixture[str]) -> None:
    answer = who(capsys, "alerts.paging=alarm")
    assert receivers(answer) == [
        ("email", "oncall@example.com"),
        ("email", "team@example.com"),
        ("slack", "T0123ABCD/C0456EFGH"),
    ]
    assert "ecs.tasks-low@web" in told(answer, "oncall@example.com", "critical")
    assert told(answer, "oncall@example.com", "warning") == []
    assert "ecs.cpu-high@web" in told(answer, "team@example.com", "warning")
    assert "review-reminder" in told(answer, "team@example.com", "warning")
    channel = "T0123ABCD/C0456EFGH"
    assert "ecs.tasks-low@web" in told(answer, channel, "critical")
    assert "ecs.cpu-high@web" in told(answer, channel, "warning")
    # The service shows no plain text.
    assert "review-reminder" not in told(answer, channel, "warning")
    assert answer["unheard"] == []


def test_incidents_page_and_the_trail_is_for_today(capsys: pytest.CaptureFixture[str]) -> None:
    answer = who(capsys, "alerts.paging=incident")
    pages = told(answer, "oncall@example.com", "critical")
    assert "incident.rds@main" in pages
    assert all(name.startswith("incident.") for name in pages)
    assert "ecs.tasks-low@web" in told(answer, "team@example.com", "warning")


def test_events_of_aws_reach_channels_too(capsys: pytest.CaptureFixture[str]) -> None:
    answer = who(capsys)
    for address in ("team@example.com", "T0123ABCD/C0456EFGH"):
        assert "ecs.deployment-failed" in told(answer, address, "warning")


def test_a_team_is_told_in_place_of_everybody(capsys: pytest.CaptureFixture[str]) -> None:
    answer = who(capsys, "alerts.paging=alarm", f"alerts.routes={json.dumps({'data': TEAM})}")
    mine = told(answer, "data@shop.jp", "warning")
    assert "rds.cpu-high@main" in mine
    assert all(name.startswith("rds.") for name in mine)
    assert "rds.cpu-high@main" not in told(answer, "team@example.com", "warning")
    # The team has nobody for pages.
    assert "rds.connections-high@main" in told(answer, "oncall@example.com", "critical")


def test_an_events_targets_are_named_where_a_team_has_some(
    capsys: pytest.CaptureFixture[str],
) -> None:
    jobs = {"alarms": ["@batch"], "emails": {"warning": ["jobs@shop.jp"]}}
    answer = who(
        capsys,
        "ecs.batch={cluster: jobs, service: nightly}",
        f"alerts.routes.jobs={json.dumps(jobs)}",
    )
    assert "ecs.deployment-failed (batch)" in told(answer, "jobs@shop.jp", "warning")
    everybody = told(answer, "team@example.com", "warning")
    assert "ecs.deployment-failed (web)" in everybody
    assert "rds.failover" in everybody


def test_what_reaches_nobody_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    silent = ("alerts.emails={warning: [team@shop.jp]}", "alerts.slack={}", "alerts.paging=alarm")
    answer = who(capsys, *silent, code=1)
    names = {one["name"] for one in answer["unheard"]}
    assert "ecs.tasks-low@web" in names
    assert "ecs.cpu-high@web" not in names
    (topic,) = {topic for one in answer["unheard"] for topic in one["topics"]}
    assert topic.endswith("-critical")


def test_a_topic_of_others_is_somebody_whose_readers_are_not_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arn = "arn:aws:sns:ap-northeast-1:123456789012:company"
    answer = who(capsys, "alerts.paging=alarm", f"alerts.topics.critical=['{arn}']")
    assert ("topic", arn) in receivers(answer)
    assert "ecs.tasks-low@web" in told(answer, arn, "unknown")


def test_a_webhook_is_shown_without_its_key(capsys: pytest.CaptureFixture[str]) -> None:
    url = "https://events.pagerduty.com/integration/T0pS3cret/enqueue"
    change = f"alerts.webhooks.critical.pagerduty={url}"
    answer = who(capsys, change)
    assert ("webhook", "pagerduty (events.pagerduty.com/…)") in receivers(answer)
    assert main(["preview", "prod", "--who", "--set", change]) == 0
    assert "T0pS3cret" not in json.dumps(answer) + capsys.readouterr().out


def test_the_hours_at_which_somebody_is_muted(capsys: pytest.CaptureFixture[str]) -> None:
    window = {"schedule": "cron(0 2 * * SUN)", "duration": "PT2H", "severity": "warning"}
    change = f"alerts.mutes={json.dumps({'maintenance': window})}"
    answer = who(capsys, "alerts.paging=alarm", change)
    (receiver,) = (one for one in answer["receivers"] if one["address"] == "team@example.com")
    muted = {one["name"]: one["muted"] for one in receiver["told"]["warning"]}
    (words,) = muted["ecs.cpu-high@web"]
    assert words.startswith("maintenance: cron(0 2 * * SUN)")
    assert muted["review-reminder"] == []


def test_the_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    assert main(["preview", "prod", "--who", "--set", "alerts.paging=alarm"]) == 0
    out = capsys.readouterr().out
    assert "oncall@example.com" in out
    assert "ecs@web: cpu-high, memory-high" in out
    assert "Everything reaches somebody." in out
    # Nobody reads that address.
    assert "warning: oncall@example.com is a placeholder and gets no notifications" in out


@pytest.mark.parametrize("other", [["--verify"], ["--against", "HEAD"]])
def test_one_question_at_a_time(other: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["preview", "prod", "--who", *other])
    assert "not allowed with" in capsys.readouterr().err
