"""Each verdict, by a history that anybody can see through."""

from collections.abc import Mapping
from typing import Any, Final

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.choices import Wish, curves_of
from replay.curve import Curve
from replay.history import Floats
from replay.incidents import Incident
from replay.suggest import suggest
from replay.suggestion import FEWEST_DAYS, Suggestion, ThresholdVerdict
from tests.evaluation.alarms import KEY, alarm
from tests.replay.alarms import DAY, history
from tests.replay.generated import BACKGROUNDS, START, labelled

STEP: Final = 300
A_DAY: Final = DAY // STEP
INCIDENT_DAYS: Final = (5, 12, 21)


def quiet(days: int = 30, pattern: tuple[float, ...] = (10, 11, 12, 11)) -> Floats:
    """The same few values again and again."""
    return np.tile(np.array(pattern, dtype=np.float64), days * A_DAY // len(pattern))


def with_incidents(height: float = 40.0) -> tuple[Floats, tuple[Incident, ...]]:
    """Quiet values, and half an hour that is not, on three days."""
    values = quiet()
    incidents = []
    for day in INCIDENT_DAYS:
        first = day * A_DAY + 100
        values[first : first + 6] = height
        incidents.append(Incident(START + STEP * first, START + STEP * (first + 6)))
    return values, tuple(incidents)


def watching(threshold: float, **fields: Any) -> AlarmDefinition:
    given: dict[str, Any] = {"period": STEP, "comparison": Comparison.AT_LEAST}
    return alarm("Average", threshold=threshold, **(given | fields))


def curves(definition: AlarmDefinition, values: Floats) -> Mapping[tuple[int, int], Curve]:
    of = {KEY: history(values.tolist(), start=START, step=STEP)}
    return curves_of(definition, of, START, START + STEP * len(values))


def suggested(threshold: float, values: Floats, *args: Any, **fields: Any) -> Suggestion:
    definition = watching(threshold, **fields)
    return suggest(definition, curves(definition, values), *args or (Wish(),))


def choice(found: Suggestion) -> tuple[float, int, int]:
    return found.threshold, found.datapoints_to_alarm, found.evaluation_periods


def test_an_alarm_that_does_no_harm_is_kept() -> None:
    found = suggested(50.0, quiet())
    assert found.verdict is ThresholdVerdict.KEEP
    assert choice(found) == (50.0, 1, 1)
    assert found.reasons[0].startswith("it never fired")
    # Each hour goes up to 12, a whole number that never varies: a tenth of it, 1.2, is taken for
    # its spread. Of 720 hours the 30 highest say nothing of the shape, and 30 of 50 parts of 0
    # and 20 of 0.1 are 0.04. Thrice as rare is (3^0.04 - 1) / 0.04 = 1.1231 spreads beyond 12,
    # which is 13.348, and in steps of 0.1 it is 13.4.
    assert "13.4 would be beyond what is usual too" in found.reasons[1]
    # Nothing seen in a month: three a month are possible.
    assert found.most_pages_per_month == pytest.approx(2.996, abs=1e-3)


def test_the_options_without_incidents_are_one_for_each_m_and_n() -> None:
    by_choice = {choice_of(option): option for option in suggested(50.0, quiet()).options}
    # The M-th largest of the last N values goes up to 12, 11 or 10, and 1.1231 tenths beyond.
    assert {key: option.threshold for key, option in by_choice.items()} == {
        (1, 1): 13.4,
        (2, 2): 12.3,
        (2, 3): 12.3,
        (3, 3): 12.3,
        (3, 5): 12.3,
        (5, 5): 11.2,
    }
    assert {option.pages_per_month for option in by_choice.values()} == {0}


def choice_of(option: Any) -> tuple[int, int]:
    return option.datapoints_to_alarm, option.evaluation_periods


@pytest.mark.parametrize(
    ("pattern", "m", "n"),
    [
        # Only five in a row are always lower: 10, and 11.2 is beyond that.
        ((10, 11, 12, 11), 5, 5),
        # Two in a row are so already.
        ((10, 10, 10, 12), 2, 2),
    ],
)
def test_a_noisy_threshold_is_kept_for_longer(pattern: tuple[float, ...], m: int, n: int) -> None:
    found = suggested(12.0, quiet(pattern=pattern))
    assert found.verdict is ThresholdVerdict.CHANGE
    assert choice(found) == (12.0, m, n)
    # Once in twenty minutes, 2,160 times in 30 days.
    assert found.reasons[0] == "0.0 pages a month instead of 2160.0"
    assert "has to last longer" in found.reasons[1]


def test_a_threshold_within_the_noise_is_raised() -> None:
    # Ten at a time; no look is long enough for 11.
    found = suggested(11.0, quiet(pattern=(10,) * 10 + (12,) * 10))
    assert found.verdict is ThresholdVerdict.CHANGE
    assert choice(found) == (13.4, 1, 1)
    assert found.reasons[1].startswith("13.4 in 1 of 1 is beyond what is usual")


@pytest.mark.parametrize("pattern", [(12,), (10, 11, 12, 11)])
def test_an_alarm_that_is_on_most_of_the_time_is_not_kept(pattern: tuple[float, ...]) -> None:
    found = suggested(11.0, quiet(pattern=pattern))
    assert found.verdict is ThresholdVerdict.CHANGE
    assert found.threshold == 13.4
    share = "100%" if pattern == (12,) else "75%"
    assert f"being on {share} of the time" in found.reasons[0]


@pytest.mark.parametrize("threshold", [30.0, 13.4])
def test_an_alarm_that_catches_everything_is_kept(threshold: float) -> None:
    values, incidents = with_incidents()
    found = suggested(threshold, values, Wish(incidents=incidents))
    assert found.verdict is ThresholdVerdict.KEEP
    assert choice(found) == (threshold, 1, 1)
    assert "caught 3 of 3 incidents" in found.reasons[0]
    assert found.validation is not None
    # Of the incidents the last one is in the days after the first two weeks.
    assert (found.validation.caught, found.validation.incidents) == (1, 1)


def test_a_threshold_that_catches_the_incidents_when_it_lasts_longer_stays() -> None:
    values, incidents = with_incidents()
    found = suggested(12.0, values, Wish(incidents=incidents))
    # While nothing is wrong one value alone is 12, two or three in a row are 11, and five in a
    # row are 10, a whole 2 below; with 11 the noise would be too near.
    assert found.verdict is ThresholdVerdict.CHANGE
    assert choice(found) == (12.0, 5, 5)
    assert found.reasons[0] == "it would have caught the same 3 of 3 incidents"


@pytest.mark.parametrize(
    ("threshold", "reason"),
    [
        # It sleeps through them; it is on all the time.
        (50.0, "it would have caught 3 of 3 incidents instead of 0"),
        (10.0, "it would have caught the same 3 of 3 incidents"),
    ],
)
def test_known_incidents_say_where_the_threshold_belongs(threshold: float, reason: str) -> None:
    values, incidents = with_incidents()
    found = suggested(threshold, values, Wish(incidents=incidents))
    assert found.verdict is ThresholdVerdict.CHANGE
    # Five in a row are 40 in an incident and 10 else; 25 lies in the middle, which is 15 spreads
    # beyond the noise. One alone is 12 at other times, and 26 only 11.7 spreads beyond it.
    assert choice(found) == (25.0, 5, 5)
    assert found.reasons[0] == reason
    assert {(option.threshold, option.caught) for option in found.options} >= {(26.0, 3)}


def test_what_more_pages_would_have_caught_is_said() -> None:
    values, incidents = with_incidents()
    usual = Incident(START + 15 * DAY, START + 15 * DAY + 3600)
    found = suggested(50.0, values, Wish(incidents=(*incidents, usual)))
    assert choice(found) == (25.0, 5, 5)
    assert found.reasons[0] == "it would have caught 3 of 4 incidents instead of 0"
    assert found.reasons[2].endswith("pages a month would have caught 4 of 4 incidents")


def test_without_knowing_the_incidents_nothing_is_lowered() -> None:
    values, _ = with_incidents()
    assert suggested(50.0, values).verdict is ThresholdVerdict.KEEP


@pytest.mark.slow
def test_incidents_that_have_nothing_to_do_with_the_metric() -> None:
    incidents = tuple(
        Incident(START + day * DAY, START + day * DAY + 3600) for day in INCIDENT_DAYS
    )
    found = suggested(50.0, quiet(), Wish(incidents=incidents))
    assert found.verdict is ThresholdVerdict.KEEP
    assert "no threshold tells them from the noise" in found.reasons[0]
    # One that fires all day long was on in all of them, and nobody trades them away for it.
    found = suggested(12.0, quiet(), Wish(incidents=incidents))
    assert (found.verdict, choice(found)) == (ThresholdVerdict.KEEP, (12.0, 1, 1))
    assert found.reasons[0].startswith("it caught 3 of 3 incidents and fires 2160.0 times a month")
    assert found.reasons[1].startswith("yours to decide: 13.4 in 1 of 1 would page 0.0 times")


def test_a_known_incident_is_not_traded_for_fewer_pages() -> None:
    # Bursts of five minutes an hour up to 90, one of which was an incident: nothing tells it from
    # the others.
    values = np.tile(np.array([50.0] * 11 + [90.0]), 30 * 24)
    burst = Incident(START + 10 * DAY + 11 * STEP, START + 10 * DAY + 12 * STEP)
    found = suggested(80.0, values, Wish(incidents=(burst,)))
    assert (found.verdict, choice(found)) == (ThresholdVerdict.KEEP, (80.0, 1, 1))
    assert "no choice within it catches as many" in found.reasons[0]
    assert "have caught 0" in found.reasons[1]


@pytest.mark.slow
@hypothesis.settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    background=st.sampled_from(sorted(BACKGROUNDS)),
    quantile=st.sampled_from([0.5, 0.9, 0.99, 0.999, 1.0]),
    count=st.integers(1, 5),
)
def test_no_suggestion_catches_fewer_known_incidents(
    seed: int, background: str, quantile: float, count: int
) -> None:
    random = np.random.default_rng(seed)
    one = labelled(background, seed, days=16, incidents=3)
    # Some of them are told, with times in which nothing was wrong among them.
    starts = START + DAY + random.integers(0, 14 * DAY, count)
    told = [Incident(int(at), int(at) + 1800) for at in starts.tolist()]
    wish = Wish(incidents=(*one.incidents[: count % 3], *told))
    definition = watching(float(np.quantile(one.values, quantile)))
    many = curves(definition, one.values)
    found = suggest(definition, many, wish)

    def caught(key: tuple[int, int], threshold: float) -> int:
        grace = key[1] * STEP
        late = [Incident(i.start, i.end + grace) for i in wish.incidents]
        return int(many[key].caught(late, [threshold])[0])

    chosen = (found.datapoints_to_alarm, found.evaluation_periods)
    assert caught(chosen, found.threshold) >= caught((1, 1), definition.threshold)


@pytest.mark.slow
@hypothesis.settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    background=st.sampled_from(sorted(BACKGROUNDS)),
    day=st.integers(16, 24),
    lift=st.sampled_from([-1e6, 1e3, 1e9]),
)
def test_what_comes_later_changes_nothing_of_the_walk(
    seed: int, background: str, day: int, lift: float
) -> None:
    one = labelled(background, seed, days=26, incidents=3)
    changed = one.values.copy()
    changed[day * A_DAY :] += lift
    wish = Wish(incidents=one.incidents)
    definition = watching(float(np.quantile(one.values, 0.99)))
    walks = [
        suggest(definition, curves(definition, v), wish).validation for v in (one.values, changed)
    ]
    until = START + day * DAY
    seen = [
        (
            [pair for pair in walk.thresholds if pair[0] <= until],
            [time for time in walk.firings if time <= until],
        )
        for walk in walks
        if walk
    ]
    assert len(seen) == 2
    assert seen[0] == seen[1]


def test_an_outage_in_which_the_metric_falls_teaches_a_rising_alarm_nothing() -> None:
    values = quiet()
    values[3000:3020] = 1.0
    outage = Incident(START + STEP * 3001, START + STEP * 3018)
    found = suggested(50.0, values, Wish(incidents=(outage,)))
    # At 1 it would be on all the time, and in every incident.
    assert (found.verdict, found.threshold) == (ThresholdVerdict.KEEP, 50.0)
    assert all(option.threshold > 1 for option in found.options)


def test_an_outage_without_data_is_caught_where_missing_data_breaches() -> None:
    values, incidents = with_incidents()
    values[3000:3020] = np.nan
    outage = Incident(START + STEP * 3001, START + STEP * 3018)
    definition = watching(30.0, treat_missing_data=MissingData.BREACHING)
    of = {KEY: history([None if np.isnan(v) else v for v in values], start=START, step=STEP)}
    many = curves_of(definition, of, START + DAY, START + STEP * len(values))
    found = suggest(definition, many, Wish(incidents=(*incidents, outage)))
    assert found.verdict is ThresholdVerdict.KEEP
    assert "caught 4 of 4 incidents" in found.reasons[0]


@pytest.mark.parametrize(
    ("days", "verdict"),
    [
        (0, ThresholdVerdict.NOT_ENOUGH_HISTORY),
        (1, ThresholdVerdict.NOT_ENOUGH_HISTORY),
        (13, ThresholdVerdict.NOT_ENOUGH_HISTORY),
        (14, ThresholdVerdict.CHANGE),
    ],
)
def test_less_than_two_weeks_are_not_enough(days: int, verdict: ThresholdVerdict) -> None:
    assert FEWEST_DAYS == 14
    found = suggested(12.0, quiet(days))
    assert found.verdict is verdict
    if verdict is ThresholdVerdict.NOT_ENOUGH_HISTORY:
        assert choice(found) == (12.0, 1, 1)
        assert f"{days}.0 days of history" in found.reasons[0]
        assert ("would say" in found.reasons[0]) is (days == 13)


def test_a_metric_without_any_data_is_not_enough_either() -> None:
    definition = watching(12.0)
    found = suggest(definition, curves_of(definition, {}, START, START + 30 * DAY), Wish())
    assert found.verdict is ThresholdVerdict.NOT_ENOUGH_HISTORY
    assert (found.options, found.validation) == ((), None)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ((100, 99, 99, 99), "it fires 2160.0 times a month, and no threshold below 100 keeps to 2"),
        ((100, 100, 100, 99), "it is on 75% of the time, and no threshold below 100 keeps to 2"),
    ],
)
def test_nothing_fits_below_the_natural_limit(pattern: tuple[float, ...], reason: str) -> None:
    found = suggested(100.0, quiet(pattern=pattern), Wish(most=100.0))
    assert found.verdict is ThresholdVerdict.NONE_FITS
    assert choice(found) == (100.0, 1, 1)
    assert reason in found.reasons[0]
    # A metric without that limit could go further.
    assert suggested(100.0, quiet(pattern=pattern)).verdict is ThresholdVerdict.CHANGE


def test_what_an_alarm_caught_is_said_where_nothing_fits() -> None:
    # An hour of every four near the limit, one of which was an incident, like all the others.
    wrong = Incident(START + 10 * A_DAY * STEP, START + 10 * A_DAY * STEP + 12 * STEP)
    wish = Wish(most=100.0, incidents=(wrong,))
    found = suggested(90.0, quiet(pattern=(*[99.0] * 12, *[50.0] * 36)), wish)
    assert found.verdict is ThresholdVerdict.NONE_FITS
    assert found.reasons[0].startswith("it caught 1 of 1 incidents, fires 1")
    assert found.threshold == 90.0


def test_falling_alarms() -> None:
    falling: dict[str, Any] = {"comparison": Comparison.AT_MOST}
    found = suggested(9.0, 20 - quiet(), **falling)
    # The values are 10, 9, 8, 9: hours go down to 8, of which a tenth is less than 1, and
    # 8 - 1.1231 is 6.8 in steps of 0.1. Even of five in a row one is 10, which may become 8.9.
    assert (found.verdict, choice(found)) == (ThresholdVerdict.CHANGE, (6.8, 1, 1))
    none = suggested(0.0, quiet(pattern=(0, 1, 1, 1)), Wish(most=0.0), **falling)
    assert none.verdict is ThresholdVerdict.NONE_FITS
    assert "no threshold above 0 keeps to 2" in none.reasons[0]


@pytest.mark.slow
@pytest.mark.parametrize("background", ["steady", "heavy-tailed traffic", "nightly batch", "idle"])
@pytest.mark.parametrize("are_known", [True, False])
@pytest.mark.parametrize("budget", [0.5, 2.0, 8.0])
def test_what_is_suggested_keeps_to_the_budget_and_reads_well(
    background: str, are_known: bool, budget: float
) -> None:
    one = labelled(background, 7, days=30, incidents=3)
    wish = Wish(pages_per_month=budget, incidents=one.incidents if are_known else ())
    definition = watching(float(f"{np.quantile(one.values, 0.99):.3g}"))
    many = curves(definition, one.values)
    found = suggest(definition, many, wish)
    assert found.verdict is ThresholdVerdict.CHANGE
    chosen = many[found.datapoints_to_alarm, found.evaluation_periods]
    firings = int(chosen.firings([found.threshold])[0])
    # An alarm may be on for as long after an incident as it looks back.
    grace = found.evaluation_periods * STEP
    caught = chosen.caught(
        [Incident(i.start, i.end + grace) for i in wish.incidents], [found.threshold]
    )
    assert firings - int(caught[0]) <= max(1, round(budget))
    assert float(f"{found.threshold:.4g}") == found.threshold
    # What goes into a settings file are plain numbers.
    numbers = [found.threshold, *(option.threshold for option in found.options)]
    assert {type(number) for number in numbers} == {float}
