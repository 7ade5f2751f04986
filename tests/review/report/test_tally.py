"""Numbers of an outcome, worked out by hand from the bands in ``reviews``."""

from dataclasses import replace

from replay.suggestion import ThresholdVerdict
from review.report.tally import tally, tally_now, tally_then, together
from review.report.totals import totals
from tests.review import reviews, values
from tests.review.values import HOUR, MINUTE, ZONE, at


def test_what_an_alarm_would_have_done() -> None:
    alarm = reviews.cpu()
    numbers = tally_now(alarm, reviews.review(alarm))
    assert numbers is not None
    assert numbers.firings == 6
    # 30 + 90 + 10 + 40 + 55 + 15 minutes.
    assert numbers.seconds == 240 * MINUTE
    assert numbers.flapping == 1
    assert numbers.longest_silence == at(41, 23) - at(20, 5, 10)
    assert (numbers.caught, numbers.incidents) == (2, 2)
    # The alarm tells of ALARM alone; the hours are those of Tokyo.
    assert numbers.notifications == 6
    assert {hour: n for hour, n in enumerate(numbers.pages) if n} == {
        2: 1,
        3: 1,
        5: 1,
        23: 1,
        14: 1,
        9: 1,
    }


def test_what_the_suggestion_would_have_done() -> None:
    alarm = reviews.cpu()
    numbers = tally_then(alarm, reviews.review(alarm))
    assert numbers is not None
    assert (numbers.firings, numbers.seconds, numbers.caught) == (2, 110 * MINUTE, 2)


def test_an_incident_is_caught_where_the_alarm_was_on_in_it() -> None:
    def caught(*band: int) -> int:
        outcome = values.outcome([(band[0], band[1])])
        return tally(reviews.CPU_NOW, outcome, reviews.INCIDENTS[:1], ZONE).caught

    start, end = reviews.INCIDENTS[0].start, reviews.INCIDENTS[0].end
    assert caught(start - HOUR, start + MINUTE) == 1
    assert caught(end, end + HOUR) == 1
    assert caught(start - HOUR, start) == 0
    assert caught(end + MINUTE, end + HOUR) == 0


def test_without_a_definition_nobody_knows_who_was_told() -> None:
    numbers = tally(None, values.outcome(reviews.CPU_BANDS), (), ZONE)
    assert (numbers.firings, numbers.notifications, sum(numbers.pages)) == (6, None, 0)


def test_without_a_change_nothing_is_suggested() -> None:
    alarm = reviews.cpu()
    assert alarm.suggested is alarm.candidates[1]
    kept = replace(alarm, suggestion=replace(alarm.suggestion, verdict=ThresholdVerdict.KEEP))
    assert kept.suggested is None
    assert tally_then(kept, reviews.review(kept)) == tally_now(kept, reviews.review(kept))


def test_nothing_together_is_nothing() -> None:
    assert together(()).firings == 0
    assert together(()).pages == (0,) * 24


def test_the_stack_is_the_sum_of_its_alarms() -> None:
    summed = totals(reviews.rich_review())
    assert (summed.replayed, summed.changing) == (4, 2)
    assert (summed.now.firings, summed.then.firings) == (46, 2)
    # 40 hours of latency, 4 of CPU; the suggestions leave 110 minutes.
    assert (summed.now.seconds, summed.then.seconds) == (44 * HOUR, 110 * MINUTE)
    assert {severity: sum(told) for severity, told in summed.told.items()} == {
        "critical": 40,
        "warning": 6,
    }
    assert summed.told["critical"][12] == 40
    # At noon; the warnings of the night wake nobody.
    assert summed.night_pages == 0
    assert summed.never_fired == (f"ecs.memory-high@{values.NASTY}", "rds.storage-low@main")
    assert summed.coarse == ("alb.latency-p99@main/web",)
    assert summed.without_data == ("logs.errors@app",)
    assert summed.unreplayed == ("alb.anomaly@main",)


def test_an_incident_of_two_alarms_counts_once() -> None:
    summed = totals(reviews.rich_review())
    assert (summed.incidents, summed.caught, summed.caught_then) == (2, 2, 2)
