"""All that is said of windows that mute too much, or nothing, whole."""

from typing import Any, Final

import pytest

from tests.settings.refusal import aws_config, problems_of, warnings_of

WEB: Final = {"cluster": "shop", "service": "checkout"}
EVERY: Final = "3 alarms (ecs.cpu-high@web, ecs.memory-high@web, ecs.tasks-low@web)"
MUTES: Final = "django-ecs-monitoring:alerts.mutes"
INSTEAD: Final = "write shorter windows, or enabled: false for the alarms"


def window(schedule: str, duration: str, **fields: str) -> dict[str, str]:
    return {"schedule": schedule, "duration": duration, **fields}


def said(mutes: dict[str, Any]) -> list[str]:
    """What a stack with one service is warned of."""
    mails = {"critical": ["a@shop.jp"], "warning": ["c@shop.jp"]}
    settings = {
        "ecs": {"web": WEB},
        "runbooks": "https://wiki.shop.jp/runbooks",
        "alerts": {"emails": mails, "mutes": mutes},
    }
    return warnings_of(aws_config(settings, {"region": "ap-northeast-1"}))


MORNING: Final = window("cron(0 0 * * *)", "12h")
WARNED: Final[dict[str, tuple[dict[str, Any], list[str]]]] = {
    # A minute a day, 7 min a week; the year that it is measured in begins on a Thursday.
    "all but a minute": (
        {"all": window("cron(0 0 * * *)", "23h59m")},
        [
            f"{MUTES}.all mutes {EVERY} for all but 7 min of a week (Mon 23:59 to Tue 00:00, Tue "
            "23:59 to Wed 00:00, Wed 23:59 to Thu 00:00, Thu 23:59 to Fri 00:00, Fri 23:59 to Sat "
            f"00:00 and 2 more, UTC): {INSTEAD}"
        ],
    ),
    # 52 hours of the 8,760 of a year are 0.997 of the 168 of a week: 59.8 min.
    "two together": (
        {"a": MORNING, "b": window("cron(0 12 * * SUN)", "6d11h")},
        [
            f"{MUTES} (a and b) mutes {EVERY} for all but 60 min of a week (Sat 23:00 to Sun "
            f"00:00, UTC): {INSTEAD}"
        ],
    ),
    # By the clocks of the window's place: 18:00 in Tokyo is 9:00 UTC.
    "a week but three hours": (
        {"a": window("cron(0 18 * * FRI)", "6d21h", timezone="Asia/Tokyo")},
        [
            f"{MUTES}.a mutes {EVERY} for all but 3 h of a week (Fri 15:00 to Fri 18:00, "
            f"Asia/Tokyo): {INSTEAD}"
        ],
    ),
    # A tenth of a day is 2 h 24 min.
    "less than a tenth": (
        {"a": window("cron(0 0 * * *)", "21h37m", severity="critical")},
        [
            f"{MUTES}.a mutes 1 alarm (ecs.tasks-low@web) for all but 17 h of a week (Mon 21:37 to "
            "Tue 00:00, Tue 21:37 to Wed 00:00, Wed 21:37 to Thu 00:00, Thu 21:37 to Fri 00:00, "
            f"Fri 21:37 to Sat 00:00 and 2 more, UTC): {INSTEAD}"
        ],
    ),
    "more than a tenth": ({"a": window("cron(0 0 * * *)", "21h35m")}, []),
    "of no alarm": (
        {"a": window("cron(0 0 * * *)", "2h", kind="rds")},
        [
            f"{MUTES}.a mutes nothing, since the stack has no rds alarms: change severity, kind or "
            "target, or remove it"
        ],
    ),
    "over": (
        {"a": window("at(2020-01-01T00:00)", "2h")},
        [
            f"{MUTES}.a: at(2020-01-01T00:00) UTC, for 2 h is over and mutes nothing any more: "
            "remove it, or write another time"
        ],
    ),
    # The year that it is measured in has no such day.
    "of leap days": ({"a": window("cron(0 0 29 2 *)", "2h")}, []),
    "for once": ({"a": MORNING, "b": window("at(2199-01-01T12:00)", "12h")}, []),
}


@pytest.mark.parametrize(("mutes", "warned"), WARNED.values(), ids=WARNED)
def test_what_is_warned_of(mutes: dict[str, Any], warned: list[str]) -> None:
    assert said(mutes) == warned


def problems(mutes: dict[str, Any]) -> list[tuple[str, str, str]]:
    return problems_of(aws_config({"ecs": {"web": WEB}, "alerts": {"mutes": mutes}}, {}))


def test_windows_that_never_end() -> None:
    afternoon = window("cron(0 12 * * *)", "12h")
    together = (
        "a and b together leave no time in which {} would tell anybody: write shorter windows, or "
        "enabled: false for the alarms"
    )
    assert problems({"a": MORNING, "b": afternoon}) == [
        ("alerts.mutes", "", together.format(EVERY))
    ]
    # Of the alarms that both take.
    critical = {"a": {**MORNING, "severity": "critical"}, "b": {**afternoon, "kind": "ecs"}}
    alone = together.format("1 alarm (ecs.tasks-low@web)")
    assert problems(critical) == [("alerts.mutes", "", alone)]
    assert problems({"a": MORNING, "b": window("cron(0 12 * * *)", "11h59m")}) == []


def test_a_target_that_is_none() -> None:
    assert problems({"a": {**MORNING, "target": "wbe"}}) == [
        (
            "alerts.mutes.a.target",
            '"wbe"',
            'the stack has no target of this name; did you mean "web"? write one of: web',
        )
    ]
    assert problems({"a": {**MORNING, "target": "web"}}) == []
