"""Windows that leave little or no time in which anybody is told, alone or together."""

import json
from typing import Any

import pytest

from tests.settings.refusal import NOTHING, Mistake, warned

MORNING = {"schedule": "cron(0 0 * * *)", "duration": "12h"}
AFTERNOON = {"schedule": "cron(0 12 * * *)", "duration": "12h"}


def mutes(**windows: dict[str, Any]) -> str:
    return f"alerts.mutes={json.dumps(windows)}"


@pytest.mark.parametrize(
    ("windows", "alarms"),
    [
        ({"am": MORNING, "pm": AFTERNOON}, "(ecs.cpu-high@web, "),
        # Of those that only one takes people are told.
        ({"am": MORNING, "pm": {**AFTERNOON, "kind": "logs"}}, "(logs.errors@app, "),
        # Midnight in Tokyo is 15:00 UTC: 12:00 to 24:00 UTC and 15:00 to 13:00 of the next day.
        (
            {"a": AFTERNOON, "b": {**MORNING, "duration": "22h", "timezone": "Asia/Tokyo"}},
            "(ecs.cpu-high@web, ",
        ),
    ],
)
def test_windows_that_together_never_end_are_refused(windows: dict[str, Any], alarms: str) -> None:
    names = " and ".join(windows)
    fix = f"{names} together leave no time in which "
    mistake = Mistake(mutes(**windows), "alerts.mutes", NOTHING, fix)
    mistake.check()
    Mistake(mutes(**windows), "alerts.mutes", NOTHING, alarms).check()


@pytest.mark.parametrize(
    ("windows", "says"),
    [
        (
            {"all": {"schedule": "cron(0 0 * * *)", "duration": "23h59m"}},
            "for all but 7 min of a week (Mon 23:59 to Tue 00:00, ",
        ),
        # One hour of each day is left, by the clocks of the window's place.
        (
            {
                "am": {**MORNING, "timezone": "Asia/Tokyo"},
                "pm": {**AFTERNOON, "duration": "11h", "timezone": "Asia/Tokyo"},
            },
            "for all but 7 h of a week (Mon 23:00 to Tue 00:00, ",
        ),
        # Of 365 days those are left that are the 31st of a month: 7 of them.
        (
            {
                "first": {"schedule": "cron(0 0 1 * *)", "duration": "15d"},
                "second": {"schedule": "cron(0 0 16 * *)", "duration": "15d"},
            },
            "for all but 3.2 h of a week: write shorter windows",
        ),
        # Nights and weekends leave office hours.
        (
            {
                "nights": {"schedule": "cron(0 18 * * MON-FRI)", "duration": "15h"},
                "weekends": {"schedule": "cron(0 18 * * FRI)", "duration": "2d15h"},
            },
            "",
        ),
        ({"am": MORNING, "pm": {**AFTERNOON, "duration": "9h"}}, ""),
        # Once is not for ever.
        ({"am": MORNING, "once": {"schedule": "at(2026-01-05T12:00)", "duration": "15d"}}, ""),
    ],
)
def test_windows_that_leave_few_hours_are_warned_of(windows: dict[str, Any], says: str) -> None:
    told = [one for one in warned(mutes(**windows)) if "of a week" in one]
    assert len(told) == bool(says)
    for one in told:
        assert says in one
        assert one.startswith("django-ecs-monitoring:alerts.mutes")
        assert all(name in one.partition(" mutes ")[0] for name in windows)
