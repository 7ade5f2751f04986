"""The review of one alarm."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress, AlarmState
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat, Query
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData, WarmUp
from replay.history import MetricHistory
from replay.incidents import Incident
from replay.suggestion import ThresholdVerdict
from review.build import CURRENT, SUGGESTED, review_alarm
from review.case import Case, Stretch
from review.model import AlarmReview
from tests.evaluation.alarms import KEY, START, alarm
from tests.review.values import live_alarm

DAY: Final = 86_400


def case(
    definition: AlarmDefinition | None,
    values: Sequence[float],
    *,
    days: float | None = None,
    **fields: Any,
) -> Case:
    """A case with a value a minute from ``START`` on."""
    history = MetricHistory.of_values(START + 60 * np.arange(len(values)), values)
    end = START + int(days * DAY) if days else START + 60 * len(values)
    return Case(
        alarm=live_alarm(definition),
        histories={KEY: history} if len(values) else {},
        stretch=Stretch(start=START, end=end),
        **fields,
    )


def month(*, spikes: Sequence[int] = (), height: float = 30.0) -> list[float]:
    """Thirty days of 0 to 5 orders a minute, with spikes of five minutes on some days."""
    values = np.random.default_rng(4).integers(0, 6, 30 * 1440).astype(float)
    for day in spikes:
        values[day * 1440 + 600 : day * 1440 + 605] = height
    result: list[float] = values.tolist()
    return result


def test_an_alarm_without_any_record_is_a_finding_and_no_crash() -> None:
    reviewed = review_alarm(case(alarm(), [], days=30))
    assert reviewed.suggestion.verdict is ThresholdVerdict.NO_DATA
    assert reviewed.data.without_data == ("Orders",)
    assert reviewed.current is not None
    assert reviewed.current.outcome.evaluations == 0
    assert "wrong dimension" in reviewed.suggestion.reasons[0]
    quiet = review_alarm(case(alarm(treat_missing_data=MissingData.NOT_BREACHING), [], days=30))
    assert "good news" in quiet.suggestion.reasons[0]


def test_an_alarm_that_cannot_be_evaluated_says_why() -> None:
    broken = replace(case(None, [1.0]), alarm=live_alarm(None, problem="anomaly detection"))
    reviewed = review_alarm(broken)
    assert reviewed.problem == "anomaly detection"
    assert reviewed.suggestion.verdict is ThresholdVerdict.NOT_SUGGESTED


def test_the_replay_counts_what_the_definition_would_have_done() -> None:
    reviewed = review_alarm(case(alarm(threshold=20.0), month(spikes=[3, 10, 20])))
    assert reviewed.current is not None
    # Three spikes of five minutes above 20, nothing else above 5.
    assert len(reviewed.current.outcome.firings) == 3
    assert reviewed.current.outcome.seconds_in_alarm == 3 * 300
    assert reviewed.current.label == CURRENT
    assert reviewed.data.records == 30 * 1440
    assert dict(reviewed.data.resolutions) == {60: 30 * 1440}


def test_a_noisy_alarm_gets_a_suggestion_and_its_outcome_beside_it() -> None:
    incidents = tuple(
        Incident(START + day * DAY + 36_000, START + day * DAY + 36_300) for day in (3, 10, 20)
    )
    reviewed = review_alarm(
        case(alarm(threshold=4.0), month(spikes=[3, 10, 20]), incidents=incidents)
    )
    assert reviewed.suggestion.verdict is ThresholdVerdict.CHANGE
    # Quiet minutes reach 5, incidents 30: the threshold belongs between the two.
    assert 5 <= reviewed.suggestion.threshold < 30
    (suggested,) = [candidate for candidate in reviewed.candidates if candidate.label == SUGGESTED]
    assert len(suggested.outcome.firings) == 3
    assert reviewed.suggestion.validation is not None


def new_alarm(made: int | None, first: int) -> AlarmReview:
    """Of two days, the second with 30 orders a minute from some minute on; no data is trouble."""
    tasks = alarm(
        threshold=10.0,
        comparison=Comparison.BELOW,
        treat_missing_data=MissingData.BREACHING,
        warm_up=WarmUp(900, is_whole=True),
    )
    minutes = np.arange(1440 + first, 2880)
    given = case(tasks, [1.0], days=2, known_from=START - DAY, made=made)
    history = MetricHistory.of_values(START + 60 * minutes, np.full(len(minutes), 30.0))
    return review_alarm(replace(given, histories={KEY: history}))


@pytest.mark.parametrize(
    ("made", "first", "firings"),
    [
        # Made at noon of the second day, with data ten minutes later: it waits for a quarter.
        (DAY + 43_200, 720 + 10, []),
        # Its data came after half an hour: it was on from the end of the quarter on.
        (DAY + 43_200, 720 + 30, [DAY + 43_200 + 900]),
        # Nobody knows when it was made, or it was changed when there was data for hours.
        (None, 720 + 10, [0]),
        (DAY + 60_000, 720 + 10, [0]),
    ],
)
def test_an_alarm_that_is_as_new_as_its_metric_waits(
    made: int | None, first: int, firings: list[int]
) -> None:
    reviewed = new_alarm(made if made is None else START + made, first)
    assert reviewed.current is not None
    assert [time - START for time in reviewed.current.outcome.firings] == firings


def rhythm(*, nights: Sequence[int]) -> list[float]:
    """Four weeks of 0 by night to 100 by day, with a quarter of an hour of 60 in some nights."""
    at = np.arange(28 * 1440) / 1440
    noise = np.random.default_rng(5).normal(0, 2, len(at))
    values = 50 * (1 - np.cos(2 * np.pi * at)) + noise
    for day in nights:
        values[day * 1440 : day * 1440 + 15] = 60.0
    result: list[float] = values.tolist()
    return result


def test_what_no_threshold_sees_an_alarm_on_the_recent_past_would_have_caught() -> None:
    nights = (15, 20, 25)
    incidents = tuple(Incident(START + d * DAY, START + d * DAY + 900) for d in nights)
    reviewed = review_alarm(
        case(alarm(threshold=120.0), rhythm(nights=nights), incidents=incidents)
    )
    assert reviewed.suggestion.threshold == 120.0
    (said,) = [reason for reason in reviewed.suggestion.reasons if "beside it" in reason]
    assert "would have caught 3 of 3 incidents, of which this one missed 3" in said
    (extra,) = reviewed.suggestion.alarms
    assert extra.kind == "recent"
    assert extra.definition.comparison is Comparison.AT_LEAST


@pytest.mark.slow
@pytest.mark.parametrize(("budget", "is_said"), [(2.0, False), (12.0, True)])
def test_what_would_page_beyond_its_budget_is_not_said(budget: float, is_said: bool) -> None:
    # Two of eight nights were wrong; what pages for the other six is beyond two pages a month.
    nights = (9, 12, 14, 17, 19, 22, 24, 27)
    incidents = tuple(Incident(START + d * DAY, START + d * DAY + 900) for d in (17, 24))
    given = case(alarm(threshold=120.0), rhythm(nights=nights), incidents=incidents)
    found = review_alarm(replace(given, pages_per_month=budget))
    assert bool(found.suggestion.alarms) is is_said


def test_nothing_is_said_beside_an_alarm_that_missed_nothing() -> None:
    incidents = (Incident(START + 20 * DAY, START + 20 * DAY + 900),)
    values = rhythm(nights=())
    values[20 * 1440 : 20 * 1440 + 15] = [150.0] * 15
    reviewed = review_alarm(case(alarm(threshold=120.0), values, incidents=incidents))
    assert reviewed.suggestion.alarms == ()
    assert not any("beside it" in reason for reason in reviewed.suggestion.reasons)


def test_candidates_are_replayed_beside_it() -> None:
    tried = live_alarm(alarm(threshold=40.0))
    reviewed = review_alarm(
        case(alarm(threshold=20.0), month(spikes=[3]), candidates=[("threshold=40", tried)])
    )
    (candidate,) = reviewed.candidates
    assert (candidate.label, candidate.outcome.firings) == ("threshold=40", ())


def test_the_trace_and_the_curves_show_the_spike() -> None:
    reviewed = review_alarm(case(alarm(threshold=20.0), month(spikes=[3])))
    assert reviewed.trace is not None
    assert max(value for value in reviewed.trace.high if value is not None) == 30.0
    own = reviewed.curves[0]
    assert (own.datapoints_to_alarm, own.evaluation_periods) == (1, 1)
    at = dict(zip(own.thresholds, own.firings, strict=True))
    # Above 20 the spike alone; nothing is above 30.
    assert (at[20.0], at[30.0]) == (1, 0)
    assert len(own.thresholds) == len(own.firings) == len(own.hours)


def test_what_happened_is_kept_as_it_was_recorded() -> None:
    from replay.outcome import Outcome

    happened = Outcome(start=START, end=START + DAY, changes=(), state=AlarmState.OK)
    reviewed = review_alarm(case(alarm(), [1.0] * 60, happened=happened))
    assert reviewed.happened is happened


def test_missing_minutes_count_from_the_first_archived_day_on() -> None:
    # The archive knows of a day without records before the first one: missing data that breaches
    # is on from the start of that time.
    definition = alarm(treat_missing_data=MissingData.BREACHING, threshold=20.0)
    values = [1.0] * 60
    late = case(definition, values)
    known = replace(
        late, stretch=Stretch(start=START - DAY, end=START + 3600), known_from=START - DAY
    )
    with_gap = review_alarm(known).current
    without = review_alarm(replace(known, known_from=None)).current
    assert with_gap is not None
    assert without is not None
    assert len(with_gap.outcome.firings) == 1
    assert without.outcome.firings == ()


def test_time_that_nobody_asked_for_is_not_judged() -> None:
    definition = alarm(treat_missing_data=MissingData.BREACHING, threshold=20.0)
    late = case(definition, [1.0] * 60, days=1)
    found = [review_alarm(replace(late, known_until=at)).current for at in (None, START + 3600)]
    assert [len(one.outcome.firings) for one in found if one is not None] == [1, 0]
    assert (
        review_alarm(replace(late, known_until=START)).suggestion.verdict
        is ThresholdVerdict.NO_DATA
    )


def test_a_threshold_that_says_what_is_wrong_is_not_moved() -> None:
    # One all the time: noise, for orders, and more than two are needed; no noise, for hosts.
    usual = case(alarm(threshold=0.0), [1.0] * 30 * 1440)
    orders = review_alarm(usual).suggestion
    assert (orders.verdict, orders.threshold) == (ThresholdVerdict.CHANGE, 2.0)
    hosts = replace(usual.alarm, address=AlarmAddress("alb.unhealthy-hosts@main/web"))
    reviewed = review_alarm(replace(usual, alarm=hosts)).suggestion
    assert (reviewed.verdict, reviewed.threshold) == (ThresholdVerdict.NONE_FITS, 0.0)


def test_an_expression_over_its_whole_range_is_replayed_without_a_curve() -> None:
    definition = AlarmDefinition(
        name="growth",
        queries=(
            Query(id="m1", source=MetricStat(metric=KEY, statistic="Sum")),
            Query(id="e1", source="RUNNING_SUM(m1)"),
        ),
        watched="e1",
        period=60,
        comparison=Comparison.AT_LEAST,
        threshold=6.0,
        evaluation_periods=1,
    )
    # The range is three periods: 1 + 2 + 3 = 6 reaches the threshold at minute 3 alone.
    reviewed = review_alarm(case(definition, [0, 0, 0, 0, 1, 2, 3, 0, 0, 0] + [0.0] * 50))
    assert reviewed.current is not None
    assert len(reviewed.current.outcome.firings) == 1
    assert reviewed.curves == ()
    assert reviewed.suggestion.verdict is ThresholdVerdict.NOT_SUGGESTED
