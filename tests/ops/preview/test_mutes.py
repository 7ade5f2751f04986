"""Windows in which alarms tell nobody: in a preview, and as a change that may notify."""

from typing import Any

from stack.against.other_changes import ENDS, muted
from stack.preview import preview
from tests.times import at

RDS = "rds.cpu-high@main"
ECS = "ecs.cpu-high@web"


RULE = "shop-prod-mute-nightly--rds"


def window(name: str = "nightly", **changes: Any) -> dict[str, Any]:
    alarms = changes.get("alarms", [RDS, ECS])
    return {
        "name": name,
        "schedule": "cron(0 2 * * *)",
        "duration_seconds": 3600,
        "timezone": "UTC",
        "alarms": alarms,
        "rules": {RULE: alarms},
        **changes,
    }


def said(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[str]:
    return list(muted({"mutes": before}, {"mutes": after}))


def test_a_window_that_stays_is_no_change() -> None:
    assert said([window()], [window()]) == []


def test_a_new_window_ends_nothing() -> None:
    expected = ["nightly is new: cron(0 2 * * *) UTC, for 1 h, mutes 2 alarms"]
    assert said([], [window()]) == expected
    assert list(muted(None, {"mutes": [window()]})) == expected
    # A preview that was saved before there were windows.
    assert list(muted({}, {"mutes": [window()]})) == expected


def test_a_window_removed_or_renamed_may_notify() -> None:
    assert said([window()], []) == [f"nightly goes: {ENDS}"]
    renamed = said([window()], [window("weekly")])
    assert renamed[1] == f"nightly goes: {ENDS}"


def test_a_window_moved_shortened_or_without_an_alarm_may_notify() -> None:
    (moved,) = said([window()], [window(timezone="Asia/Tokyo")])
    assert moved == (
        "nightly: cron(0 2 * * *) UTC, for 1 h becomes cron(0 2 * * *) Asia/Tokyo, for 1 h; " + ENDS
    )
    (fewer,) = said([window()], [window(alarms=[ECS])])
    assert fewer == f"nightly no longer mutes {RDS}; {ENDS}"
    (more,) = said([window(alarms=[ECS])], [window()])
    assert more == f"nightly also mutes {RDS}"
    (other,) = said([window()], [window(rules={RULE: [RDS], f"{RULE}-2": [ECS]})])
    assert other == f"nightly: {ECS} under another mute rule; {ENDS}"


def test_a_preview_has_the_windows_with_their_alarms_and_the_next_time() -> None:
    previewed = preview("prod", [])
    (mute,) = previewed.mutes
    assert mute.name == "database-maintenance"
    rds = {alarm.address for alarm in previewed.alarms if alarm.address.startswith("rds.")}
    assert set(mute.alarms) == rds | {"incident.rds@main", "incident.rds@main/foreseen"}
    # Sunday, 11 January 2026, three in the morning in Tokyo.
    monday = at("2026-01-05")
    assert mute.next_in_words(monday) == "2026-01-10T18:00:00Z to 2026-01-10T19:00:00Z"
    during = at("2026-01-10 18:30")
    assert mute.next_in_words(during) == "now, until 2026-01-10T19:00:00Z"
    (written,) = previewed.as_json()["mutes"]
    assert written["schedule"] == "cron(0 3 * * SUN)"
    assert set(written["rules"]) == {
        "django-ecs-monitoring-prod-mute-database-maintenance--incidents",
        "django-ecs-monitoring-prod-mute-database-maintenance--rds",
    }
