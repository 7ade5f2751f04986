"""Thresholds for a metric that no alarm watches yet: what they need, and for which direction."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.definition import MetricKey
from ecs_monitoring.cloudwatch.rule import Comparison
from ecs_monitoring.cloudwatch.units import Unit
from history.files import SeriesError
from replay.bounds import Bounds
from replay.choices import Wish
from replay.detectors import DetectorKind, WatchedMetric
from replay.history import MetricHistory
from replay.incidents import Incident
from replay.suggestion import SuggestedAlarm, Suggestion, ThresholdVerdict
from review import proposing
from review.proposing import Proposal, proposals
from tests.evaluation.alarms import START
from tests.replay.alarms import history

HOUR: Final = 3600
SERIES: Final = MetricKey(namespace="Files", name="series")
WATCHED: Final = WatchedMetric(metric=SERIES, statistic="Average", period=60)


@pytest.mark.parametrize(("minutes", "is_enough"), [(5, False), (6, True)])
def test_a_history_has_to_be_longer_than_what_an_alarm_looks_at(
    minutes: int, is_enough: bool
) -> None:
    """Of 2 of 3 minutes, and the two beyond N that CloudWatch looks at, too: 300 s."""
    values = history([float(value) for value in range(minutes)])
    if is_enough:
        (proposal,) = proposals(values, watch=("low",), m_of_n=(2, 3))
        assert proposal.watch == "low"
        return
    with pytest.raises(SeriesError) as refused:
        proposals(values, watch=("low",), m_of_n=(2, 3))
    assert str(refused.value) == (
        "the history lasts 300 s: an alarm that looks at 300 s needs more"
    )


def alarm(kind: DetectorKind, comparison: Comparison, threshold: float) -> SuggestedAlarm:
    definition = WATCHED.definition(kind, comparison, threshold)
    return SuggestedAlarm(kind=kind.value, definition=definition, why="far from what is usual")


def suggestion(*alarms: SuggestedAlarm) -> Suggestion:
    return Suggestion(
        verdict=ThresholdVerdict.CHANGE if alarms else ThresholdVerdict.NONE_FITS,
        threshold=alarms[0].definition.threshold if alarms else 0.0,
        datapoints_to_alarm=1,
        evaluation_periods=30,
        reasons=(),
        alarms=alarms,
    )


Asked = list[tuple[WatchedMetric, MetricHistory, Bounds, Wish, int, int]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What was asked for; nothing is suggested."""
    found: Asked = []

    def propose(*about: Any) -> dict[str, Suggestion]:
        found.append(about)
        return {"high": suggestion(), "low": suggestion()}

    monkeypatch.setattr(proposing, "propose", propose)
    return found


def test_what_is_asked_of_a_proposal(asked: Asked) -> None:
    values = history([1.5, *[2.0] * 119])
    proposals(values)
    # At a minute what is sudden is looked for in 60 periods and the two beyond N.
    assert asked == [
        (
            WATCHED,
            values,
            Bounds(lowest=0.0, highest=None, highest_seen=2.0, is_whole=False),
            Wish(),
            START + 3720,
            START + 7200,
        )
    ]


def test_what_somebody_says_of_the_metric_is_asked(asked: Asked) -> None:
    values = history([1.0, 2.0] * 60)
    wrong = (Incident(START, START + 60),)
    proposals(
        values,
        statistic="Maximum",
        period=300,
        m_of_n=(2, 3),
        incidents=wrong,
        pages_per_month=0.5,
        unit=Unit.PERCENT,
        minimum=-5.0,
        maximum=80.0,
    )
    # 3 of five minutes, and the two beyond N.
    assert asked == [
        (
            WatchedMetric(metric=SERIES, statistic="Maximum", period=300, m_of_n=(2, 3)),
            values,
            Bounds(lowest=-5.0, highest=80.0, highest_seen=2.0, is_whole=True),
            Wish(pages_per_month=0.5, incidents=wrong, unit=Unit.PERCENT),
            START + 1500,
            START + 7200,
        )
    ]


@pytest.mark.parametrize(
    ("resolutions", "period"),
    [
        ([60, 60, 60], 60),
        ([300, 300, 300], 300),
        # Few are finer, or as many; nothing is finer than a minute, and periods are whole ones.
        ([60, 300, 300], 300),
        ([60, 300], 180),
        ([10, 10, 10], 60),
        ([60, 210, 210], 180),
    ],
)
def test_a_period_is_what_most_records_stand_for(
    resolutions: list[int], period: int, asked: Asked
) -> None:
    values = history([1.0, 2.0, 3.0][: len(resolutions)], step=6 * HOUR)
    proposals(replace(values, resolutions=np.array(resolutions, dtype=np.int64)))
    ((watched, *_),) = asked
    assert watched.period == period


@pytest.mark.parametrize(
    ("minutes", "is_sparse"),
    # Of two hours, less than half of the minutes have a value, or just the half.
    [([0, *range(61, 120)], False), ([0, *range(62, 120)], True)],
)
def test_where_most_periods_have_no_record_there_was_nothing_to_count(
    minutes: Sequence[int], is_sparse: bool, asked: Asked
) -> None:
    proposals(history([1.0 if minute in minutes else None for minute in range(120)]))
    assert [watched.is_sparse for watched, *_ in asked] == [is_sparse]


def test_the_end_of_the_last_record_is_the_end_of_the_history() -> None:
    # What is sudden is looked for in 62 minutes, and one more is needed.
    assert len(proposals(history([1.0, 2.0] * 31 + [1.0]))) == 2
    with pytest.raises(SeriesError) as refused:
        proposals(history([1.0, 2.0] * 31))
    assert str(refused.value) == (
        "the history lasts 3720 s: an alarm that looks at 3720 s needs more"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"minimum": 2.5}, "the history has 2, below the minimum 2.5"),
        (
            {"maximum": 6.5},
            "the history has 7, above the maximum 6.5: write --maximum with the greatest value "
            "that it can have",
        ),
        ({"minimum": 2.0, "maximum": 7.0}, None),
        # A sum goes as far as there are samples.
        ({"minimum": 2.5, "statistic": "Sum"}, None),
        ({"maximum": 6.5, "statistic": "SampleCount"}, None),
    ],
)
def test_values_beyond_what_the_metric_can_have(
    options: dict[str, Any], message: str | None, asked: Asked
) -> None:
    values = history([2.0, 7.0] * 60)
    if message is None:
        assert len(proposals(values, **options)) == 2
        return
    with pytest.raises(SeriesError) as refused:
        proposals(values, **options)
    assert str(refused.value) == message
    assert not asked


def test_a_negative_history_has_no_minimum(asked: Asked) -> None:
    proposals(history([-2.0, 7.0] * 60))
    assert [bounds.lowest for _, _, bounds, *_ in asked] == [None]


HIGH: Final = alarm(DetectorKind.LEVEL, Comparison.AT_LEAST, 50.0)
HIGH_RECENT: Final = alarm(DetectorKind.RECENT, Comparison.AT_LEAST, 12.0)
LOW: Final = alarm(DetectorKind.LEVEL, Comparison.AT_MOST, 5.0)
LOW_RECENT: Final = alarm(DetectorKind.RECENT, Comparison.AT_MOST, -12.0)


@pytest.mark.parametrize(
    ("high", "low", "suppressors"),
    [
        ((HIGH, HIGH_RECENT), (LOW, LOW_RECENT), (LOW_RECENT, HIGH_RECENT)),
        # A fixed threshold has no echo, and makes none.
        ((HIGH, HIGH_RECENT), (LOW,), (None, None)),
        ((HIGH_RECENT,), (LOW, LOW_RECENT), (LOW_RECENT, HIGH_RECENT)),
        ((HIGH,), (LOW,), (None, None)),
    ],
)
def test_the_echo_of_the_other_direction_is_held_back(
    high: tuple[SuggestedAlarm, ...],
    low: tuple[SuggestedAlarm, ...],
    suppressors: tuple[SuggestedAlarm | None, SuggestedAlarm | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = {"high": suggestion(*high), "low": suggestion(*low)}
    monkeypatch.setattr(proposing, "propose", lambda *_: found)
    # What is in a mean of 62 minutes is in it for as long.
    assert proposals(history([1.0, 2.0] * 60)) == [
        Proposal(
            watch="high",
            definition=high[0].definition,
            suggestion=found["high"],
            echo=3720,
            suppressor=suppressors[0],
        ),
        Proposal(
            watch="low",
            definition=low[0].definition,
            suggestion=found["low"],
            echo=3720,
            suppressor=suppressors[1],
        ),
    ]


@pytest.mark.parametrize(
    ("direction", "name", "comparison"),
    [("high", "level-high", Comparison.AT_LEAST), ("low", "level-low", Comparison.AT_MOST)],
)
def test_without_a_suggestion_the_alarm_is_what_would_have_been_one(
    direction: str, name: str, comparison: Comparison, asked: Asked
) -> None:
    (proposal,) = proposals(history([1.0, 2.0] * 60), watch=(direction,))
    definition = proposal.definition
    assert (definition.name, definition.comparison, definition.threshold) == (name, comparison, 0.0)
    # Held for half an hour.
    assert (definition.breaching_datapoints, definition.evaluation_periods) == (1, 30)


def test_two_days_of_hours() -> None:
    """The whole of it, on a history so short that it says so itself."""
    values = history([40.0 + hour % 3 for hour in range(48)], step=HOUR)
    high, low = proposals(values, m_of_n=(1, 1))
    assert (high.watch, low.watch) == ("high", "low")
    for proposal in (high, low):
        assert proposal.suggestion.verdict is ThresholdVerdict.NOT_ENOUGH_HISTORY
        assert proposal.suppressor is None
    # From 40 to 42 all the time: beyond it on either side.
    assert high.definition.threshold > 42
    assert low.definition.threshold < 40
    assert high.definition.period == low.definition.period == HOUR
