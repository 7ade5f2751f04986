"""Thresholds chosen day by day, and judged on what follows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from replay.choices import MOfN, Wish
from replay.curve import Curve
from replay.incidents import Incident
from replay.suggestion import Suggestion, ThresholdVerdict, Validation
from replay.walk_forward import Choice, validated, walk_forward
from tests.evaluation.alarms import alarm
from tests.replay.alarms import DAY, HOUR, curve
from tests.replay.generated import START


def days(*levels: float) -> Curve:
    """Evaluations at six, twelve, eighteen and twenty-four o'clock, the same all day long."""
    return curve(np.repeat(levels, 4), start=START, interval=6 * HOUR)


Thresholds = Callable[[int, Sequence[Incident]], float | None]


def forward(
    one: Curve,
    choose: Thresholds,
    incidents: Sequence[Incident],
    grace: int,
    *,
    every: int = 1,
) -> Validation | None:
    """A walk with one M of N, where only the threshold is chosen."""

    def rule(time: int, known: Sequence[Incident]) -> Choice | None:
        threshold = choose(time, known)
        return None if threshold is None else (one, threshold)

    return walk_forward(one, rule, incidents, grace, every=every)


def midnight(day: int) -> int:
    return START + day * DAY


def always(threshold: float | None) -> Thresholds:
    return lambda time, known: threshold


def test_a_fixed_threshold_by_hand() -> None:
    found = forward(days(1, 9, 1, 9, 9), always(5.0), [], 0)
    assert found is not None
    assert found == Validation(
        start=midnight(1),
        end=midnight(5),
        # The first day has no day before it to choose from; on the last midnight all is over.
        thresholds=tuple((midnight(day), 5.0) for day in range(1, 6)),
        firings=(midnight(1) + 6 * HOUR, midnight(3) + 6 * HOUR),
        true_firings=0,
        caught=0,
        incidents=0,
        # A day's last evaluation is the next day's midnight; the last firing is never over.
        bands=(
            (midnight(1) + 6 * HOUR, midnight(2) + 6 * HOUR),
            (midnight(3) + 6 * HOUR, midnight(5) + 1),
        ),
        observed=4 * DAY,
    )
    assert found.months == pytest.approx(4 / 30)
    assert found.pages_per_month == pytest.approx(15)


@pytest.mark.parametrize(("is_quiet", "known_days"), [(False, 3), (True, 5)])
def test_days_of_which_nothing_is_known_make_no_rate_lower(is_quiet: bool, known_days: int) -> None:
    # Two of the five judged days have no data, which is quiet where only errors are counted.
    one = replace(days(1, 9, -np.inf, -np.inf, 9, 9), is_quiet_without_data=is_quiet)
    found = forward(one, always(5.0), [], 0)
    assert found is not None
    assert found.firings == (midnight(1) + 6 * HOUR, midnight(4) + 6 * HOUR)
    assert found.months == pytest.approx(known_days / 30)
    assert found.pages_per_month == pytest.approx(2 * 30 / known_days)


def test_a_new_threshold_holds_from_after_midnight_on() -> None:
    by_day = {midnight(1): 5.0, midnight(2): 20.0, midnight(3): None, midnight(4): 5.0}
    found = forward(days(1, 9, 9, 9, 9), lambda time, known: by_day.get(time), [], 0)
    assert found is not None
    # On all the second day; off with the higher threshold, and without one; on again.
    assert found.firings == (midnight(1) + 6 * HOUR, midnight(4) + 6 * HOUR)


def test_an_alarm_that_stays_on_over_midnight_fires_once() -> None:
    by_day = {midnight(1): 5.0, midnight(2): 6.0, midnight(3): 7.0}
    found = forward(days(1, 9, 9, 9), lambda time, known: by_day.get(time), [], 0)
    assert found is not None
    assert found.firings == (midnight(1) + 6 * HOUR,)


def test_the_evaluation_at_midnight_was_known_when_the_threshold_was_chosen() -> None:
    levels = np.full(4 * 3, 1.0)
    levels[7] = 9.0
    # At the second midnight the level is 9; the threshold of the day before judges it.
    by_day = {midnight(1): 10.0, midnight(2): 5.0}
    one = curve(levels, start=START, interval=6 * HOUR)
    found = forward(one, lambda time, known: by_day.get(time), [], 0)
    assert found is not None
    assert found.firings == ()


def test_no_threshold_at_first() -> None:
    by_day = {midnight(2): 5.0}
    found = forward(days(9, 9, 9, 9), lambda time, known: by_day.get(time), [], 0)
    assert found is not None
    assert found.start == midnight(2)
    assert found.thresholds == ((midnight(2), 5.0), (midnight(3), None), (midnight(4), None))
    assert found.firings == (midnight(2) + 6 * HOUR,)


@pytest.mark.parametrize(
    "one",
    [
        curve([], start=START),
        curve([1], start=START),
        days(1),
        # Nothing is left to judge after the only midnight.
        curve([1, 2, 3], start=midnight(1) - 3 * HOUR, interval=HOUR),
    ],
)
def test_too_short_for_any_day(one: Curve) -> None:
    assert forward(one, always(5.0), [], 0) is None


def test_never_a_threshold() -> None:
    assert forward(days(1, 9, 1), always(None), [], 0) is None


def test_the_first_choice_is_at_the_first_midnight_after_an_evaluation() -> None:
    one = curve([1, 1, 9, 1], start=START + 17 * HOUR, interval=HOUR)
    # At 18:00 and at 19:00; or at 23:00 and at the first midnight, before which one is known.
    late = curve([1, 1, 9, 1], start=START + 22 * HOUR, interval=HOUR)
    assert forward(one, always(5.0), [], 0) is None
    found = forward(late, always(5.0), [], 0)
    assert found is not None
    assert (found.start, found.firings) == (midnight(1), (midnight(1) + HOUR,))


def test_choosing_only_every_so_many_days() -> None:
    asked = []

    def choose(time: int, known: Sequence[Incident]) -> float:
        asked.append(time)
        return float(len(asked))

    found = forward(days(0, 0, 1, 1, 1, 2), choose, [], 0, every=2)
    assert found is not None
    assert asked == [midnight(1), midnight(3), midnight(5)]
    # 1 on the second and third day, 2 on the fourth and fifth, 3 on the sixth.
    assert found.firings == (midnight(2) + 6 * HOUR,)


NIGHT: Final = Incident(midnight(1) + HOUR, midnight(1) + 7 * HOUR)
BEFORE: Final = Incident(midnight(0) + HOUR, midnight(0) + 7 * HOUR)
ACROSS: Final = Incident(midnight(1) - HOUR, midnight(1) + 7 * HOUR)
MISSED: Final = Incident(midnight(2) + HOUR, midnight(2) + 7 * HOUR)
LATER: Final = Incident(midnight(4) + HOUR, midnight(4) + 7 * HOUR)


def test_incidents_by_hand() -> None:
    told: dict[int, list[Incident]] = {}

    def choose(time: int, known: Sequence[Incident]) -> float:
        told[time] = list(known)
        return 5.0

    incidents = [LATER, MISSED, BEFORE, NIGHT]
    found = forward(days(1, 9, 1, 9), choose, incidents, 0)
    assert found is not None
    assert told == {
        midnight(1): [BEFORE],
        midnight(2): [BEFORE, NIGHT],
        midnight(3): [MISSED, BEFORE, NIGHT],
        midnight(4): [MISSED, BEFORE, NIGHT],
    }
    # Of the judged days are two; the firing of the fourth day was for nothing.
    assert (found.incidents, found.caught) == (2, 1)
    assert (len(found.firings), found.true_firings) == (2, 1)


def test_an_incident_that_reaches_into_the_judged_days_counts() -> None:
    found = forward(days(1, 9, 1), always(5.0), [ACROSS], 0)
    assert found is not None
    assert (found.incidents, found.caught, found.true_firings) == (1, 1, 1)


@pytest.mark.parametrize(("grace", "true"), [(0, 0), (HOUR, 0), (2 * HOUR, 1)])
def test_a_firing_within_the_grace_is_true(grace: int, true: int) -> None:
    short = Incident(midnight(1) + HOUR, midnight(1) + 4 * HOUR)
    found = forward(days(1, 9, 1), always(5.0), [short], grace)
    assert found is not None
    assert (found.true_firings, found.caught) == (true, true)


OWN: Final = (1, 1)
OTHER: Final = (3, 5)


def decided(
    threshold: float, m_of_n: tuple[int, int], verdict: ThresholdVerdict = ThresholdVerdict.KEEP
) -> Suggestion:
    m, n = m_of_n
    return Suggestion(
        verdict=verdict,
        threshold=threshold,
        datapoints_to_alarm=m,
        evaluation_periods=n,
        reasons=(),
    )


class Decider:
    """Makes always the same suggestion, and remembers what it was made from."""

    def __init__(self, suggestion: Suggestion) -> None:
        self.suggestion = suggestion
        self.pasts: list[Mapping[MOfN, Curve]] = []
        self.wishes: list[Wish] = []

    def __call__(
        self, definition: AlarmDefinition, past: Mapping[MOfN, Curve], wish: Wish
    ) -> Suggestion:
        self.pasts.append(past)
        self.wishes.append(wish)
        return self.suggestion


@pytest.mark.parametrize(("evaluations", "every"), [(30 * 4, 1), (30 * 4 + 1, 2), (90 * 4, 3)])
def test_a_suggestion_is_made_thirty_times_at_most(evaluations: int, every: int) -> None:
    # The first evaluation is at midnight, and each quarter of a day has one.
    one = curve([1.0] * (evaluations + 1), start=START - 6 * HOUR, interval=6 * HOUR)
    decide = Decider(decided(5.0, OWN))
    walk = validated(alarm(), {OWN: one}, Wish(), decide)
    assert walk is not None
    asked = [int(past[OWN].times[-1]) for past in decide.pasts]
    assert asked == [midnight(day) for day in range(1, evaluations // 4 + 1, every)]
    assert [time for time, _ in walk.thresholds] == asked
    assert len(asked) <= 30


def test_a_suggestion_is_made_from_what_was_known_at_midnight() -> None:
    incidents = (BEFORE, NIGHT, MISSED)
    decide = Decider(decided(5.0, OWN))
    validated(alarm(), {OWN: days(1, 9, 1)}, Wish(pages_per_month=7, incidents=incidents), decide)
    # The evaluation at midnight is known, and what began before.
    assert [past[OWN].times[0] for past in decide.pasts] == [midnight(0) + 6 * HOUR] * 3
    assert [past[OWN].times[-1] for past in decide.pasts] == [midnight(day) for day in (1, 2, 3)]
    assert [wish.incidents for wish in decide.wishes] == [
        (BEFORE,),
        (BEFORE, NIGHT),
        (BEFORE, NIGHT, MISSED),
    ]
    assert {wish.pages_per_month for wish in decide.wishes} == {7}


def test_the_suggested_datapoints_and_periods_are_judged() -> None:
    curves = {OWN: days(1, 9, 9, 1), OTHER: days(1, 1, 9, 1)}
    own, other = (
        validated(alarm(), curves, Wish(), Decider(decided(5.0, m_of_n))) for m_of_n in curves
    )
    assert own is not None
    assert other is not None
    assert own.firings == (midnight(1) + 6 * HOUR,)
    assert other.firings == (midnight(2) + 6 * HOUR,)


@pytest.mark.parametrize(("hours", "true"), [(1, 0), (2, 1)])
def test_a_firing_belongs_to_an_incident_for_as_long_as_the_longest_choice_looks_back(
    hours: int, true: int
) -> None:
    # The firing is two hours after the end of the incident; five periods are longer than one.
    short = Incident(midnight(1) + HOUR, midnight(1) + 4 * HOUR)
    curves = {OWN: days(1, 9, 1), OTHER: days(1, 9, 1)}
    definition = alarm(period=hours * HOUR // 5)
    walk = validated(definition, curves, Wish(incidents=(short,)), Decider(decided(5.0, OWN)))
    assert walk is not None
    assert (walk.true_firings, walk.caught) == (true, true)


def test_too_little_history_is_no_choice() -> None:
    too_little = decided(5.0, OWN, ThresholdVerdict.NOT_ENOUGH_HISTORY)
    assert validated(alarm(), {OWN: days(1, 9, 1)}, Wish(), Decider(too_little)) is None


def test_without_data_no_suggestion_is_made() -> None:
    decide = Decider(decided(5.0, OWN))
    assert validated(alarm(), {OWN: days(-np.inf, -np.inf)}, Wish(), decide) is None
    assert decide.pasts == []
