"""How likely each range and delay makes what was recorded, by hand."""

import math
from dataclasses import replace
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.calibrate import Belief, Estimate, Recorded, Transition, estimate, tried
from tests.evaluation.alarms import ALARM, OK, START, alarm
from tests.replay.alarms import histories

MINUTES: Final = 120

# Of a recorded transition at the minute, beside it, and of one that the other side has not.
SAME, BESIDE, ALONE = math.log(0.9), math.log(0.06), math.log(0.02)

ERRORS: Final = (20, 50, 80)
"""In which minutes there are any."""


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three ranges and three delays are tried, which is ten times as fast."""
    only(monkeypatch, (1, 2, 3), (0, 60, 120))


def only(monkeypatch: pytest.MonkeyPatch, extras: tuple[int, ...], delays: tuple[int, ...]) -> None:
    monkeypatch.setattr("replay.calibrate.EXTRA_PERIODS", extras)
    monkeypatch.setattr("replay.calibrate.DELAYS", delays)
    pairs = tuple((extra, delay) for extra in extras for delay in delays)
    monkeypatch.setattr("replay.calibrate._PAIRS", pairs)


def recorded(
    definition: AlarmDefinition | None = None, *, extra: int = 2, delay: int = 1, **fields: Any
) -> Recorded:
    """An alarm on three errors that went on a minute and some later, and off out of its range."""
    values = [2.0 if minute in ERRORS else None for minute in range(MINUTES)]
    on = [START + 60 * (minute + 1 + delay) for minute in ERRORS]
    off = [time + 60 * (1 + extra) for time in on]
    # At any second of the minute of the evaluation.
    told = [(time + 13, ALARM) for time in on] + [(time + 59, OK) for time in off]
    given: dict[str, Any] = {
        "definition": definition or errors(),
        "histories": histories(values),
        "start": START,
        "end": START + 60 * MINUTES,
        "before": OK,
        "transitions": tuple(Transition(time=t, state=state) for t, state in sorted(told)),
    }
    return Recorded(**(given | fields))


def errors(**fields: Any) -> AlarmDefinition:
    given: dict[str, Any] = {
        "comparison": Comparison.AT_LEAST,
        "threshold": 2.0,
        "treat_missing_data": MissingData.NOT_BREACHING,
    }
    return alarm("Sum", **(given | fields))


def known(alarms: list[Recorded]) -> Estimate:
    found = estimate([tried(one) for one in alarms])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("time", "interval", "due"), [(125, 60, 120), (120, 60, 120), (59, 10, 50)]
)
def test_an_evaluation_was_due_before_its_transition(time: int, interval: int, due: int) -> None:
    assert Transition(time=time, state=OK).evaluated(interval) == due


@pytest.mark.parametrize(
    ("time", "counts"),
    [
        (99, False),
        (100, True),
        (149, True),
        (150, False),
        (160, False),
        (161, True),
        (180, False),
        (200, True),
        (201, False),
    ],
)
def test_what_somebody_set_does_not_count(time: int, counts: bool) -> None:
    one = recorded(start=100, end=200, left_out=((150, 160), (180, 180)))
    assert one.counts(time) is counts


def test_how_well_each_pair_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, (0, 1, 2, 3, 6), (0, 60, 120, 180, 600))
    found = tried(recorded())
    assert (found.transitions, len(found.matches)) == (6, 25)
    for pair, likelihood, same in (
        ((2, 60), 6 * SAME, 6),
        # A minute early or late.
        ((2, 0), 6 * BESIDE, 0),
        ((2, 120), 6 * BESIDE, 0),
        # Off a minute later or sooner; on a minute later or sooner, and off at the same one.
        ((3, 60), 3 * SAME + 3 * BESIDE, 3),
        ((1, 60), 3 * SAME + 3 * BESIDE, 3),
        ((1, 120), 3 * SAME + 3 * BESIDE, 3),
        # Off at another time: a recorded one and a replayed one stand alone.
        ((6, 60), 3 * SAME + 6 * ALONE, 3),
        ((0, 180), 3 * SAME + 6 * ALONE, 3),
        ((2, 600), 12 * ALONE, 0),
    ):
        assert found.matches[pair].likelihood == pytest.approx(likelihood), pair
        assert found.matches[pair].same == same, pair
    assert found.usual == found.matches[2, 0]


def test_each_replayed_change_stands_for_one_that_was_recorded() -> None:
    one = recorded()
    first = one.transitions[0]
    # Recorded a minute sooner as well, of which the replay has one.
    twice = replace(one, transitions=(replace(first, time=first.time - 60), *one.transitions))
    match = tried(twice).matches[2, 60]
    assert match.likelihood == pytest.approx(6 * SAME + ALONE)
    assert match.same == 6
    # And of two beside it, the first.
    around = (replace(first, time=first.time - 60), replace(first, time=first.time + 60))
    match = tried(replace(one, transitions=(*around, *one.transitions[1:]))).matches[2, 60]
    assert match.likelihood == pytest.approx(5 * SAME + BESIDE + ALONE)
    assert match.same == 5


def test_what_does_not_count_is_compared_with_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, (2,), (60, 600))
    # The second error's transitions, at minutes 52 and 55.
    left_out = ((START + 60 * 52, START + 60 * 56),)
    found = tried(recorded(left_out=left_out))
    assert found.transitions == 4
    assert found.matches[2, 60].likelihood == pytest.approx(4 * SAME)
    assert found.matches[2, 600].likelihood == pytest.approx(8 * ALONE + 2 * ALONE)
    # Known only from minute 53 to minute 84, when the last one went on, at 82, and was on.
    part = tried(recorded(start=START + 60 * 53, end=START + 60 * 84, before=ALARM))
    assert part.transitions == 2
    assert part.matches[2, 60].likelihood == pytest.approx(2 * SAME)


# Three transitions a minute off are (0.06 / 0.9) ^ 3 as likely, and the pairs (1, 60), (3, 60),
# (1, 120) and (3, 0) are so. Two of these have the right delay, and none the right range.
OFF: Final = (0.06 / 0.9) ** 3


def test_the_likeliest_pair_by_hand() -> None:
    found = known([recorded()])
    of_range: Any = pytest.approx(1 / (1 + 4 * OFF), abs=1e-6)
    of_delay: Any = pytest.approx((1 + 2 * OFF) / (1 + 4 * OFF), abs=1e-6)
    assert found == Estimate(
        extra_periods=Belief(value=2, probability=of_range, lowest=2, highest=2),
        delay=Belief(value=60, probability=of_delay, lowest=60, highest=60),
        longest_delay=60,
        transitions=6,
        alarms=1,
        agreement=1.0,
        default_agreement=0.0,
    )
    assert found.delay.is_sure


def test_alarms_of_one_timing_add_up() -> None:
    # Of the second alarm three of six are at a minute that the pair of the others says.
    silent = recorded(transitions=(), histories={})
    found = known([recorded(), recorded(extra=3), recorded(), silent])
    assert (found.extra_periods.value, found.delay.value) == (2, 60)
    assert (found.transitions, found.alarms) == (18, 3)
    assert found.agreement == 15 / 18
    usual = known([recorded(delay=0), recorded()])
    assert (usual.default_agreement, usual.agreement) == (0.5, 0.5)


@pytest.mark.parametrize(("count", "is_told"), [(4, False), (5, True)])
def test_five_transitions_are_the_fewest(count: int, is_told: bool) -> None:
    one = recorded()
    few = replace(one, transitions=one.transitions[:count])
    assert (estimate([tried(few)]) is not None) is is_told


def test_a_range_that_nothing_tells_stays_open() -> None:
    # There are data in every minute, so that no range is looked at beyond the newest datapoint.
    values = [2.0 if minute in ERRORS else 0.0 for minute in range(MINUTES)]
    found = known([recorded(extra=0, histories=histories(values))])
    third: Any = pytest.approx(1 / 3)
    assert found.extra_periods == Belief(value=1, probability=third, lowest=1, highest=3)
    assert not found.extra_periods.is_sure
    assert (found.delay.lowest, found.delay.value, found.delay.highest) == (60, 60, 60)


@pytest.mark.parametrize(("probability", "is_sure"), [(0.9, True), (0.89, False)])
def test_from_nine_in_ten_on_it_is_sure(probability: float, is_sure: bool) -> None:
    belief = Belief(value=0, probability=probability, lowest=0, highest=0)
    assert belief.is_sure is is_sure


@pytest.mark.parametrize(
    ("ages", "fields", "longest"),
    [
        # Of three, the latest; no less than the delay's highest.
        ([180, 60, 120], {}, 180),
        ([None, 120, None], {}, 120),
        ([30, 30, 30], {}, 60),
        ([-300, -300, -300], {}, 60),
        # What does not count is none of them: the first one.
        ([600, 60, 180], {"left_out": ((START, START + 60 * 30),)}, 180),
    ],
)
def test_the_latest_firing_after_its_newest_period(
    ages: list[int | None], fields: dict[str, Any], longest: int
) -> None:
    assert known(aged(recorded(**fields), ages)).longest_delay == longest


def aged(one: Recorded, ages: list[int | None]) -> list[Recorded]:
    """Two of it, so that enough counts: one whose firings decided on periods that old."""
    left = iter(ages)
    transitions = []
    for transition in one.transitions:
        # How old it was when the alarm went off says nothing.
        age = next(left) if transition.state is AlarmState.ALARM else 900
        decided_on = None if age is None else transition.evaluated(60) - age
        transitions.append(replace(transition, decided_on=decided_on))
    return [replace(one, transitions=tuple(transitions)), recorded()]


def test_of_longer_periods_the_age_says_nothing() -> None:
    one, other = aged(recorded(), [600, 600, 600])
    found = known([replace(one, definition=errors(period=300)), other, other])
    assert (found.delay.highest, found.longest_delay) == (60, 60)


def test_what_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    nothing = recorded(histories={}, transitions=(), end=START)
    assert list(tried(nothing).matches) == [
        (extra, 60 * minutes) for extra in range(7) for minutes in range(11)
    ]
