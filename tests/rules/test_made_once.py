"""What settings and components both ask for is made once, and anew when it is of something else."""

from collections.abc import Callable

import pytest

from ecs_monitoring.rules.made_once import MadeOnce


def test_the_same_is_made_once_and_another_thing_anew() -> None:
    calls: list[str] = []

    def make(value: str) -> Callable[[], str]:
        def made() -> str:
            calls.append(value)
            return value

        return made

    made = MadeOnce[str]()
    assert made.of("stack", ({"cpu": 80},), make("80")) == "80"
    assert made.of("stack", ({"cpu": 80},), make("not called")) == "80"
    assert made.of("stack", ({"cpu": 85},), make("85")) == "85"
    # Its two Regions ask by turns.
    assert made.of("stack", ({"cpu": 80},), make("not called")) == "80"
    assert made.of("other", ({"cpu": 80},), make("other")) == "other"
    assert calls == ["80", "85", "other"]
    # Of a place, no more than two are kept: settings may change as often as anybody likes.
    made.of("stack", ({"cpu": 90},), make("90"))
    made.of("stack", ({"cpu": 80},), make("80 again"))
    assert calls == ["80", "85", "other", "90", "80 again"]


def test_what_cannot_be_made_is_refused_each_time() -> None:
    def refuse() -> int:
        raise ValueError("a circle")

    made = MadeOnce[int]()
    for _ in range(2):
        with pytest.raises(ValueError, match="a circle"):
            made.of("stack", (), refuse)
    assert made.of("stack", (), lambda: 1) == 1
