"""When an alarm on the recent past is set beside another one, and what is said of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, Query, WallClock
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from ecs_monitoring.cloudwatch.units import Unit
from replay.bounds import Bounds
from replay.choices import Wish
from replay.detectors import DetectorKind, WatchedMetric
from replay.history import MetricHistory
from replay.incidents import Incident
from replay.outcome import Outcome
from replay.suggestion import SuggestedAlarm, Suggestion, ThresholdVerdict, Validation
from review import beside as module
from review.beside import Beside, TrackRecord, beside
from tests.evaluation.alarms import KEY, START, alarm
from tests.replay.alarms import history
from tests.review.values import first_hours, keeps, outcome

DAY: Final = 86_400
END: Final = START + 60 * DAY

REVIEWED: Final = alarm(threshold=50.0)
"""One of one minutes, so that a minute after an incident is still in it."""

VALUES: Final = history([1.5, 2.0, 40.0])


def bands(*days: int) -> tuple[tuple[int, int], ...]:
    """Ten minutes in the first hour of each day."""
    return tuple((START + day * DAY + 600, START + day * DAY + 1200) for day in days)


def did(*days: int) -> Outcome:
    """An alarm that was on in the first hour of some days."""
    return outcome(bands(*days), start=START, end=END)


def suggested(*firings: int, true: int, caught: int, incidents: int, **fields: Any) -> Suggestion:
    """An alarm that was walked forward over the second of two months, and fired on some days."""
    walk = Validation(
        start=START + 30 * DAY,
        end=END,
        thresholds=(),
        firings=tuple(START + day * DAY for day in firings),
        true_firings=true,
        caught=caught,
        incidents=incidents,
    )
    changes: dict[str, Any] = {"verdict": ThresholdVerdict.CHANGE, "validation": walk, **fields}
    found = SuggestedAlarm(kind=DetectorKind.RECENT, definition=REVIEWED, why="20 % or more above")
    return replace(keeps(REVIEWED), alarms=(found,), **changes)


Asked = list[tuple[WatchedMetric, MetricHistory, Bounds, Wish, int, int]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What was asked for; the answer is ``SUGGESTED`` upwards and nothing downwards."""
    found: Asked = []

    def propose(*about: Any) -> dict[str, Suggestion]:
        found.append(about)
        return {"high": SUGGESTED, "low": keeps(REVIEWED)}

    monkeypatch.setattr(module, "propose", propose)
    return found


# Three firings on unseen days, two of them in the incidents of days 40 and 50, of which both are
# caught.
SUGGESTED: Final = suggested(35, 40, 50, true=2, caught=2, incidents=2)
WISH: Final = Wish(pages_per_month=1.0, incidents=first_hours(START, 10, 40, 50), unit=Unit.PERCENT)


def besides(
    suggestion: Suggestion | None = None,
    outcomes: Sequence[Outcome] = (did(10),),
    *,
    definition: AlarmDefinition = REVIEWED,
    values: MetricHistory | None = VALUES,
    wish: Wish = WISH,
) -> Beside | None:
    with pytest.MonkeyPatch.context() as patch:
        if suggestion is not None:
            patch.setattr(module, "propose", lambda *_: {"high": suggestion, "low": suggestion})
        return beside(definition, values, outcomes, Unit.PERCENT, wish)


def test_one_that_catches_what_the_alarm_misses_is_set_beside_it(asked: Asked) -> None:
    found = besides()
    assert found == Beside(suggestion=SUGGESTED, missed=2)
    # Three firings in the one month that was walked.
    assert found.sentence == (
        "beside it, an alarm on its recent past would have caught 2 of 2 incidents, of which this "
        "one missed 2, with 3.0 pages a month on days that it was not learnt from: 20 % or more "
        "above"
    )
    # At a minute 3 of 60 and the two beyond N: what is looked at begins 62 minutes later.
    (about,) = asked
    assert about == (
        WatchedMetric(metric=KEY, statistic="Maximum", period=60, has_level=False),
        VALUES,
        Bounds(lowest=0.0, highest=100.0, highest_seen=40.0, is_whole=False),
        WISH,
        START + 3720,
        END,
    )


@pytest.mark.parametrize(
    "given",
    [
        # Nothing is known of the metric, or the alarm is on metric math.
        {"values": None},
        {"values": MetricHistory.empty()},
        {
            "definition": replace(
                REVIEWED, queries=(*REVIEWED.queries, Query(id="e1", source="m1")), watched="e1"
            )
        },
        # It missed nothing: not by itself, or not with the one that is there already.
        {"outcomes": (did(10, 40, 50),)},
        {"outcomes": (did(10), did(40, 50))},
        {"wish": replace(WISH, incidents=())},
        # It is by the clock on the wall; ten of its periods are longer than a day; it watches
        # for low values, of which nothing is suggested.
        {"definition": replace(REVIEWED, wall_clock=WallClock())},
        {"definition": replace(REVIEWED, period=8700)},
        {"definition": replace(REVIEWED, comparison=Comparison.BELOW)},
        # Twice 62 minutes are 7,440 s.
        {"outcomes": (outcome((), start=START, end=START + 7439),)},
    ],
)
def test_where_nothing_can_be_set_beside_an_alarm(given: dict[str, Any], asked: Asked) -> None:
    assert besides(**given) is None


def test_a_history_of_twice_the_range_is_enough(asked: Asked) -> None:
    short = outcome((), start=START, end=START + 7440)
    assert besides(outcomes=(short,)) == Beside(suggestion=SUGGESTED, missed=2)
    assert [about[4:] for about in asked] == [(START + 3720, START + 7440)]


def test_what_counts_as_one_without_data_counts_so_here_too(asked: Asked) -> None:
    counted = alarm("Sum", threshold=50.0, treat_missing_data=MissingData.NOT_BREACHING)
    besides(definition=counted)
    ((watched, *_),) = asked
    assert watched == WatchedMetric(
        metric=KEY, statistic="Sum", period=60, is_sparse=True, has_level=False
    )


@pytest.mark.parametrize(
    ("suggestion", "missed"),
    [
        (SUGGESTED, 2),
        (replace(SUGGESTED, verdict=ThresholdVerdict.NONE_FITS), None),
        (replace(SUGGESTED, validation=None), None),
        # A page a month: a second one that is for nothing is too much.
        (suggested(31, 35, 40, 50, true=2, caught=2, incidents=2), None),
        (suggested(31, 35, 40, 50, true=3, caught=2, incidents=2), 2),
        # Of the two in its days it has to catch more than the alarm, which caught neither.
        (suggested(40, true=1, caught=1, incidents=2), 2),
        (suggested(35, true=0, caught=0, incidents=2), None),
    ],
)
def test_it_has_to_catch_more_and_to_keep_to_the_budget(
    suggestion: Suggestion, missed: int | None
) -> None:
    found = besides(suggestion)
    assert found == (None if missed is None else Beside(suggestion=suggestion, missed=missed))


@pytest.mark.parametrize(
    ("days", "caught", "missed"), [((10, 40), 2, 1), ((10, 40), 1, None), ((40, 50), 2, None)]
)
def test_what_the_alarm_caught_on_the_same_days_counts(
    days: tuple[int, ...], caught: int, missed: int | None
) -> None:
    suggestion = suggested(40, 50, true=2, caught=caught, incidents=2)
    found = besides(suggestion, [did(*days)])
    assert found == (None if missed is None else Beside(suggestion=suggestion, missed=missed))


INCIDENT: Final = Incident(1000, 1100)
# Three minutes of three: so long after an incident it is still told of.
HELD: Final = alarm(evaluation_periods=3)


@pytest.mark.parametrize(
    ("on", "needless", "caught"),
    [
        ([(1000, 1060)], 0, 1),
        ([(900, 1001)], 0, 1),
        ([(900, 1000)], 1, 0),
        ([(1280, 1340)], 0, 1),
        ([(1281, 1340)], 1, 0),
        # On since before the time: it caught, and did not fire in it.
        ([(700, 1060)], 0, 1),
        ([(700, 950)], 0, 0),
        # On both ends of the time, and after it.
        ([(800, 860), (2000, 2060), (2001, 2060)], 2, 0),
        ([(1000, 1060), (1120, 1180), (1400, 1460)], 1, 1),
        ([], 0, 0),
    ],
)
def test_what_an_alarm_did_for_an_incident(
    on: list[tuple[int, int]], needless: int, caught: int
) -> None:
    found = TrackRecord.of(HELD, on, [INCIDENT], 800, 2000)
    assert found == TrackRecord(needless=needless, caught=caught, incidents=1)


def test_incidents_of_other_times_do_not_count() -> None:
    others = [Incident(700, 800), INCIDENT, Incident(2000, 2100), Incident(2001, 2100)]
    found = TrackRecord.of(HELD, [(700, 760), (2000, 2060)], others, 800, 2000)
    # The one that was over when the time began is none of it; the one that begins with its end is.
    assert found == TrackRecord(needless=0, caught=1, incidents=2)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (TrackRecord(needless=0, caught=0, incidents=0), "fired 0 times for nothing"),
        (
            TrackRecord(needless=1234, caught=4, incidents=5),
            "fired 1,234 times for nothing and caught 4 of 5 incidents",
        ),
    ],
)
def test_a_track_record_in_words(record: TrackRecord, words: str) -> None:
    assert record.words == words
