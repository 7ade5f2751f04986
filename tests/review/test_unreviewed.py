"""Alarms whose threshold is not compared: what is said of them, and what they have all the same."""

from dataclasses import replace
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress, AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat, Query, WallClock
from ecs_monitoring.cloudwatch.rule import MissingData, WarmUp
from ecs_monitoring.cloudwatch.units import Unit
from replay.choices import Wish
from replay.detectors import DetectorKind
from replay.history import MetricHistory
from replay.incidents import Incident
from replay.outcome import Outcome
from replay.suggestion import SuggestedAlarm, Suggestion, ThresholdVerdict
from review import build
from review.build import review_alarm
from review.case import Case, Stretch
from review.model import AlarmReview, Candidate, DataSummary
from tests.evaluation.alarms import KEY, START, alarm
from tests.replay.alarms import history
from tests.review.values import live_alarm, nothing

END: Final = START + 3600
HAPPENED: Final = Outcome(start=START, end=END, changes=(), state=AlarmState.OK)
WRONG: Final = (Incident(START, START + 60),)
EMPTY: Final = DataSummary(
    first=None, last=None, records=0, resolutions={}, without_data=(), is_approximate=False
)


def case(definition: AlarmDefinition | None, values: MetricHistory | None, **fields: Any) -> Case:
    """An hour from ``START`` on."""
    return Case(
        alarm=live_alarm(definition, unit=Unit.PERCENT),
        histories={} if values is None else {KEY: values},
        stretch=Stretch(start=START, end=END),
        happened=HAPPENED,
        incidents=WRONG,
        **fields,
    )


def unreviewed(condition: str, suggestion: Suggestion, **fields: Any) -> AlarmReview:
    """Nothing but what is known of the alarm, unless something is said."""
    known: dict[str, Any] = {
        "address": AlarmAddress("shop.orders@web"),
        "name": "orders",
        "severity": "warning",
        "condition": condition,
        "unit": Unit.PERCENT,
        "current": None,
        "happened": HAPPENED,
        "data": EMPTY,
        "candidates": (),
        "curves": (),
        "trace": None,
        "incidents": WRONG,
        "suggestion": suggestion,
        **fields,
    }
    return AlarmReview(**known)


def as_it_is(verdict: ThresholdVerdict, *reasons: str) -> Suggestion:
    """The alarm of these tests, unchanged: beyond 10 in 2 of 3."""
    return Suggestion(
        verdict=verdict,
        threshold=10.0,
        datapoints_to_alarm=2,
        evaluation_periods=3,
        reasons=reasons,
    )


PLAIN: Final = alarm("Maximum", evaluation_periods=3, datapoints_to_alarm=2)


def test_an_alarm_without_a_definition() -> None:
    given = case(None, history([1.0]))
    given = replace(given, alarm=replace(given.alarm, problem="anomaly detection"))
    assert review_alarm(given) == unreviewed("", nothing(), problem="anomaly detection")


@pytest.mark.parametrize(
    ("treatment", "reason"),
    [
        (
            MissingData.NOT_BREACHING,
            "its metrics have no record in this time; where a metric exists only when something "
            "goes wrong, that is good news",
        ),
        *(
            (
                treatment,
                "its metrics have no record in this time: a wrong dimension is the usual reason",
            )
            for treatment in (MissingData.MISSING, MissingData.BREACHING, MissingData.IGNORE)
        ),
    ],
)
def test_an_alarm_without_data(treatment: MissingData, reason: str) -> None:
    definition = replace(PLAIN, treat_missing_data=treatment)
    assert review_alarm(case(definition, None)) == unreviewed(
        "Orders Maximum > 10 %",
        as_it_is(ThresholdVerdict.NO_DATA, reason),
        # What it did is that it stayed as it was.
        current=Candidate(label="current", definition=definition, outcome=HAPPENED),
        data=replace(EMPTY, without_data=("Orders",)),
    )


def test_data_of_an_alarm_that_is_known_for_too_short_a_time() -> None:
    found = review_alarm(case(PLAIN, history([1.0, 2.0])))
    assert found.data == replace(
        EMPTY, first=START, last=START + 60, records=2, resolutions={60: 2}
    )
    # The five minutes that it looks at are known, and half an hour of them is judged.
    assert found.current is not None
    assert (found.current.outcome.start, found.current.outcome.end) == (START + 300, END)
    short = review_alarm(case(PLAIN, history([1.0, 2.0]), known_until=START + 300))
    assert short.suggestion.verdict is ThresholdVerdict.NO_DATA
    assert short.data == found.data


def test_a_statistic_that_cannot_be_evaluated() -> None:
    source = MetricStat(metric=KEY, statistic="tm9x")
    definition = replace(PLAIN, queries=(Query(id="m1", source=source),))
    found = review_alarm(case(definition, history([1.0, 2.0])))
    assert found.problem.startswith("statistic tm9x")
    assert found == unreviewed(
        "Orders tm9x > 10 %",
        as_it_is(ThresholdVerdict.NOT_SUGGESTED),
        data=replace(EMPTY, first=START, last=START + 60, records=2, resolutions={60: 2}),
        problem=found.problem,
    )


GROWTH: Final = replace(
    PLAIN, queries=(*PLAIN.queries, Query(id="e1", source="RUNNING_SUM(m1)")), watched="e1"
)
DAILY: Final = replace(PLAIN, wall_clock=WallClock())


@pytest.mark.parametrize(
    ("definition", "reason", "firings"),
    [
        # Of five minutes with 4 each, the sums are 4, 8, 12, 16 and 20: two of the last three
        # are beyond 10 as long as four of the minutes are in the range.
        (
            GROWTH,
            "its expression looks at many periods at once: thresholds cannot be compared",
            1,
        ),
        (
            DAILY,
            "its periods follow the clock on the wall: thresholds cannot be compared",
            0,
        ),
    ],
)
def test_an_alarm_without_a_curve_is_replayed_with_its_candidates(
    definition: AlarmDefinition, reason: str, firings: int
) -> None:
    values = history([4.0] * 5 + [0.0] * 55)
    lower = replace(definition, threshold=3.0)
    tried = [
        ("lower", live_alarm(lower)),
        ("broken", live_alarm(None)),
        ("same", live_alarm(definition)),
    ]
    found = review_alarm(case(definition, values, candidates=tried))
    assert found.current is not None
    outcomes = {candidate.label: candidate.outcome for candidate in found.candidates}
    assert found == unreviewed(
        found.condition,
        as_it_is(ThresholdVerdict.NOT_SUGGESTED, reason),
        current=Candidate(label="current", definition=definition, outcome=found.current.outcome),
        data=DataSummary(
            first=START,
            last=START + 59 * 60,
            records=60,
            resolutions={60: 60},
            without_data=(),
            is_approximate=False,
        ),
        candidates=(
            Candidate(label="lower", definition=lower, outcome=outcomes["lower"]),
            Candidate(label="same", definition=definition, outcome=found.current.outcome),
        ),
    )
    assert len(found.current.outcome.firings) == firings
    assert len(outcomes["lower"].firings) == 1
    assert found.current.outcome.state is AlarmState.OK


def test_a_new_alarm_begins_without_data() -> None:
    definition = replace(PLAIN, warm_up=WarmUp(900, is_whole=False))
    found = review_alarm(case(definition, history([1.0] * 60), made=START))
    assert found.current is not None
    outcome = found.current.outcome
    assert (outcome.start, outcome.state) == (START + 300, AlarmState.INSUFFICIENT_DATA)
    old = review_alarm(case(definition, history([1.0] * 60)))
    assert old.current is not None
    assert old.current.outcome.state is AlarmState.OK


def test_what_is_suggested_for_an_alarm_on_the_recent_past_is_replayed_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []
    wanted = replace(GROWTH, threshold=11.0)
    suggestion = replace(
        as_it_is(ThresholdVerdict.CHANGE, "farther"),
        threshold=11.0,
        alarms=(SuggestedAlarm(kind=DetectorKind.RECENT, definition=wanted, why="far"),),
    )

    def retuned(*about: Any) -> Suggestion:
        asked.append(about)
        return suggestion

    monkeypatch.setattr(build, "retuned", retuned)
    values = history([4.0] * 5 + [0.0] * 55)
    base = live_alarm(PLAIN, unit=Unit.SECONDS)
    given = case(GROWTH, values, base=base, pages_per_month=0.5)
    found = review_alarm(given)
    assert found.suggestion is suggestion
    assert found.current is not None
    wish = Wish(pages_per_month=0.5, incidents=WRONG, unit=Unit.SECONDS)
    assert asked == [(GROWTH, found.current.outcome, PLAIN, values, Unit.SECONDS, wish)]
    (suggested,) = found.candidates
    assert (suggested.label, suggested.definition) == ("suggested", wanted)
    assert found.suggested is suggested
    # What stays is no candidate.
    suggestion = replace(suggestion, verdict=ThresholdVerdict.KEEP)
    assert review_alarm(given).candidates == ()
    assert review_alarm(given).suggestion is suggestion
