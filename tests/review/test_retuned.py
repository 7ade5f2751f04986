"""Whether an alarm on the recent past keeps its distance, by what it did on the walked days."""

from dataclasses import replace
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.definition import Query
from ecs_monitoring.cloudwatch.units import Unit
from replay.choices import Wish
from replay.detectors import DetectorKind
from replay.history import MetricHistory
from replay.outcome import Outcome
from replay.suggestion import Option, SuggestedAlarm, Suggestion, ThresholdVerdict, Validation
from review import beside as module
from review.beside import retuned
from tests.evaluation.alarms import START, alarm
from tests.replay.alarms import history
from tests.review.values import first_hours, outcome

DAY: Final = 86_400
END: Final = START + 60 * DAY

BASE: Final = alarm(threshold=50.0)
OWN: Final = alarm(threshold=4.0, evaluation_periods=2)
SUGGESTED: Final = SuggestedAlarm(
    kind=DetectorKind.RECENT, definition=alarm(threshold=7.5), why="7.5 or more above the mean"
)


def bands(*days: float) -> tuple[tuple[int, int], ...]:
    """Ten minutes from some days on."""
    return tuple((START + int(day * DAY), START + int(day * DAY) + 600) for day in days)


def values(*days: int) -> MetricHistory:
    """One all the time, an hour between two values, and 10 on some days."""
    hours = [1.0] * (60 * 24)
    for day in days:
        hours[day * 24] = 10.0
    return history(hours, step=3600)


def walked(*days: float, **fields: Any) -> Suggestion:
    """What is suggested after a walk over the second of two months, on in it on some days."""
    changes: dict[str, Any] = {"observed": None, **fields}
    # As it is walked, the other direction keeps it quiet: nothing fired, and nothing was caught.
    walk = Validation(
        start=START + 30 * DAY,
        end=END,
        thresholds=((START + 30 * DAY, 7.5),),
        firings=(),
        true_firings=0,
        caught=0,
        incidents=0,
        observed=changes["observed"],
        bands=bands(*days),
    )
    option = Option(
        datapoints_to_alarm=1,
        evaluation_periods=1,
        threshold=7.5,
        pages_per_month=1.0,
        caught=0,
        incidents=0,
        delay=None,
        margin=1.0,
    )
    return Suggestion(
        verdict=changes.get("verdict", ThresholdVerdict.CHANGE),
        threshold=7.5,
        datapoints_to_alarm=1,
        evaluation_periods=1,
        reasons=("as it was walked",),
        options=(option,),
        validation=changes.get("validation", walk),
        most_pages_per_month=3.0,
        alarms=(SUGGESTED,),
    )


def own(verdict: ThresholdVerdict, reason: str) -> Suggestion:
    """The alarm as it is, with nothing beside it."""
    return Suggestion(
        verdict=verdict,
        threshold=4.0,
        datapoints_to_alarm=2,
        evaluation_periods=2,
        reasons=(reason,),
    )


def result(
    suggestion: Suggestion,
    *days: float,
    wrong: tuple[int, ...] = (),
    high: tuple[int, ...] = (),
    **about: Any,
) -> Suggestion | None:
    """What becomes of an alarm that was on on some days.

    Args:
        suggestion: what the walk suggests.
        *days: when the alarm was on.
        wrong: days with an incident.
        high: days on which the suggested alarm would be on.
        **about: other arguments.
    """
    given: dict[str, Any] = {
        "definition": OWN,
        "outcome": outcome(bands(*days), start=START, end=END),
        "base": BASE,
        "history": values(*high),
        "unit": Unit.COUNT,
        "wish": Wish(pages_per_month=2.0, incidents=first_hours(START, *wrong)),
        **about,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "propose", lambda *_: {"high": suggestion, "low": suggestion})
        return retuned(**given)


MATH: Final = replace(BASE, queries=(*BASE.queries, Query(id="e1", source="m1 * 2")), watched="e1")
SHORT: Final[Outcome] = outcome((), start=START, end=START + 3600)


@pytest.mark.parametrize(
    "about",
    [{"base": MATH}, {"history": None}, {"history": MetricHistory.empty()}, {"outcome": SHORT}],
)
def test_where_nothing_tells_nothing_is_said(about: dict[str, Any]) -> None:
    assert result(walked(31, 32, 33), 31, 32, 33, 34, 35, **about) is None


@pytest.mark.parametrize(
    "suggestion",
    [
        walked(verdict=ThresholdVerdict.NOT_ENOUGH_HISTORY),
        walked(verdict=ThresholdVerdict.NOT_ENOUGH_HISTORY, validation=None),
        walked(validation=None),
        walked(observed=0),
    ],
)
def test_without_a_walk_the_alarm_stays_as_it_is(suggestion: Suggestion) -> None:
    assert result(suggestion, 31, 32, 33, 34, 35) == own(suggestion.verdict, "as it was walked")


KEEPS: Final = "it keeps to its budget: on 30 days it would have fired "
INSTEAD: Final = "; with distances chosen day by day it would have fired "


@pytest.mark.parametrize(
    ("suggestion", "days", "wrong", "reason"),
    [
        # Two pages a month for nothing are within its budget, whatever the walk did.
        (walked(), (31, 32), (), f"{KEEPS}2 times for nothing"),
        (
            walked(40),
            (31, 32, 40),
            (40,),
            f"{KEEPS}2 times for nothing and caught 1 of 1 incidents",
        ),
        # Beyond it, and no better: the walk fires as often, or more often than it may.
        (
            walked(41, 42, 43),
            (31, 32, 33),
            (),
            f"on 30 days it would have fired 3 times for nothing{INSTEAD}3 times for nothing",
        ),
        # It catches one more, and fires beyond the budget for it.
        (
            walked(40, 41, 42, 43),
            (31,),
            (40,),
            f"{KEEPS}1 times for nothing and caught 0 of 1 incidents",
        ),
        # It fires less, and misses what the alarm catches.
        (
            walked(),
            (31, 32, 33, 40),
            (40,),
            "on 30 days it would have fired 3 times for nothing and caught 1 of 1 incidents"
            f"{INSTEAD}0 times for nothing and caught 0 of 1 incidents",
        ),
    ],
)
def test_an_alarm_keeps_its_distance(
    suggestion: Suggestion, days: tuple[float, ...], wrong: tuple[int, ...], reason: str
) -> None:
    found = result(suggestion, *days, wrong=wrong, high=wrong)
    assert found == own(ThresholdVerdict.KEEP, reason)


@pytest.mark.parametrize(
    ("days", "record"),
    [((31, 32, 33), "fired 3 times"), ((31, 32, 33, 34), "fired 4 times")],
)
def test_one_that_fires_beyond_its_budget_gets_a_distance_that_fires_less(
    days: tuple[float, ...], record: str
) -> None:
    # The walk is on twice, of which once in the incident of day 40, as the alarm is.
    suggestion = walked(40, 50)
    found = result(suggestion, *days, 40, wrong=(40,), high=(40,))
    assert suggestion.validation is not None
    walk = replace(
        suggestion.validation,
        firings=(START + 40 * DAY, START + 50 * DAY),
        true_firings=1,
        caught=1,
        incidents=1,
    )
    assert found == replace(
        suggestion,
        reasons=(
            f"on 30 days it would have {record} for nothing and caught 1 of 1 incidents; with "
            "distances chosen day by day it would have fired 1 times for nothing and caught 1 of "
            "1 incidents",
            "7.5 or more above the mean",
            # Two firings in a month are compatible with 6.3 at 95 %.
            "what to expect, from 30 days that the thresholds had not seen: 2.0 pages a month, at "
            "most 6.3 at 95 %; 1 of 1 incidents caught",
        ),
        validation=walk,
        most_pages_per_month=walk.most_pages_per_month,
    )
    assert found is not None
    assert found.most_pages_per_month == pytest.approx(6.296, abs=0.001)


def test_one_that_misses_an_incident_gets_a_distance_that_catches_it() -> None:
    # Within its budget both; one of two needless firings is no reason, the incident is.
    found = result(walked(40, 41, 42), 31, wrong=(40,), high=(40,))
    assert found is not None
    assert (found.verdict, found.threshold) == (ThresholdVerdict.CHANGE, 7.5)
    assert found.reasons[0] == (
        "on 30 days it would have fired 1 times for nothing and caught 0 of 1 incidents; with "
        "distances chosen day by day it would have fired 2 times for nothing and caught 1 of 1 "
        "incidents"
    )


def test_no_incident_before_the_walk_is_lost() -> None:
    # Day 10 is not in the walked month; the suggested alarm would be on on day 40 alone.
    wrong = (10, 40)
    found = result(walked(40), 10, 31, 32, 33, 40, wrong=wrong, high=(40,))
    assert found == own(
        ThresholdVerdict.KEEP,
        "on 30 days it would have fired 3 times for nothing and caught 1 of 1 incidents; the "
        "suggested distance would have fired 0 times for nothing and caught 1 of 2 incidents, 2 "
        "now",
    )
    kept = result(walked(40), 10, 31, 32, 33, 40, wrong=wrong, high=(10, 40))
    assert kept is not None
    assert kept.verdict is ThresholdVerdict.CHANGE
