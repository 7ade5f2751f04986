"""What wakes somebody, in numbers worked out by hand from the bands in ``reviews``."""

from dataclasses import replace

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from replay.suggestion import SuggestedAlarm, ThresholdVerdict
from review.model import AlarmReview, IncidentReview, Walk
from review.report.headline import effect_sentence, facts
from review.report.pages import pages_of
from review.report.totals import totals
from tests.review import reviews
from tests.review.reviews import review
from tests.review.values import START, at


def critical_cpu() -> AlarmReview:
    """Six firings, two as suggested, one on the 60 days of its walk."""
    return replace(reviews.cpu(), severity="critical")


def incident(walk: Walk | None = None) -> IncidentReview:
    return IncidentReview(
        address=AlarmAddress("incident.ecs@web"),
        name="project-prod-incident-ecs-web",
        paged=(at(20, 3, 10), at(60, 14, 5)),
        suppressed=(at(5, 2),),
        without_incidents=6,
        paged_as_suggested=(at(60, 14, 10),),
        walk=walk,
    )


def test_critical_alarms_page_and_warnings_do_not() -> None:
    pages = pages_of(review(critical_cpu(), reviews.cpu()))
    assert pages is not None
    assert pages.now == tuple(began for began, _ in reviews.CPU_BANDS)
    assert pages.then == (at(20, 3, 20), at(60, 14, 10))


def test_what_to_expect_is_walked() -> None:
    pages = pages_of(review(critical_cpu()))
    assert pages is not None
    # One page in two months; the 95 % limit of one event is 4.74.
    assert pages.expected == pytest.approx(0.5)
    assert pages.most == pytest.approx(4.744 / 2, abs=0.001)


def test_an_alarm_that_stays_is_judged_by_all_of_its_days() -> None:
    cpu, storage = critical_cpu(), reviews.storage()
    pages = pages_of(review(cpu, storage))
    assert pages is not None
    # No page of the disk in three months. All together one page in at least two.
    assert pages.expected == pytest.approx(0.5)
    assert pages.most == pytest.approx(4.744 / 2, abs=0.001)
    kept = replace(cpu, suggestion=replace(cpu.suggestion, verdict=ThresholdVerdict.KEEP))
    pages = pages_of(review(kept, storage))
    assert pages is not None
    # Six in three months; the limit of six is 11.84.
    assert pages.expected == pytest.approx(2)
    assert pages.most == pytest.approx(11.842 / 3, abs=0.001)


@pytest.mark.parametrize("verdict", [ThresholdVerdict.NO_DATA, ThresholdVerdict.NOT_ENOUGH_HISTORY])
def test_an_alarm_of_which_too_little_is_known_is_named(verdict: ThresholdVerdict) -> None:
    cpu = critical_cpu()
    unknown = replace(cpu, suggestion=replace(cpu.suggestion, verdict=verdict))
    pages = pages_of(review(unknown))
    assert pages is not None
    assert (pages.expected, pages.most, pages.unjudged) == (None, None, ("ecs.cpu-high@web",))


def test_an_alarm_that_tells_nobody_does_not_page() -> None:
    cpu = critical_cpu()
    assert cpu.current is not None
    silent = replace(cpu.current.definition, alarm_actions=())
    pages = pages_of(review(replace(cpu, current=replace(cpu.current, definition=silent))))
    assert pages is not None
    assert (pages.now, pages.then) == ((), ())


def test_incidents_page_where_they_are() -> None:
    walk = Walk(start=at(30), end=at(90), paged=(at(60, 14, 10),))
    made = review(
        critical_cpu(), incidents=(incident(walk),), pages_by_incident=True, notes=("one",)
    )
    pages = pages_of(made)
    assert pages is not None
    assert (pages.now, pages.then) == ((at(20, 3, 10), at(60, 14, 5)), (at(60, 14, 10),))
    assert pages.expected == pytest.approx(0.5)
    assert effect_sentence(totals(made)) == (
        "Expect 0.5 pages a month (at most 2.4 at 95 %), by days that the suggestions had not "
        "seen. On the history that they were chosen from, there would have been 1 page instead of "
        "2 and 2 firings instead of 6, with the same 2 of 2 incidents caught."
    )
    shown = {fact.name: (fact.value, fact.beside) for fact in facts(totals(made))}
    assert shown["Pages"] == ("2", "1 as suggested")


def test_an_alarm_suggested_beside_another_is_said_to_be_left_out() -> None:
    cpu = critical_cpu()
    assert cpu.current is not None
    beside = SuggestedAlarm(kind="recent", definition=cpu.current.definition, why="sudden")
    more = replace(cpu, suggestion=replace(cpu.suggestion, alarms=(beside,)))
    words = effect_sentence(totals(review(more)))
    assert "; what is suggested beside ecs.cpu-high@web is not counted." in words
    # Of an alarm on the recent past it is the alarm itself, which is counted.
    itself = replace(more, address=AlarmAddress("ecs.cpu-high-recent@web"))
    assert "beside" not in effect_sentence(totals(review(itself)))
    # A warning pages nobody.
    warning = replace(more, severity="warning")
    pages = pages_of(review(warning))
    assert pages is not None
    assert pages.beside == ()


def test_the_trail_of_a_stack_with_incidents_is_no_page() -> None:
    made = review(critical_cpu(), incidents=(incident(),), pages_by_incident=True)
    told = totals(made).told
    # The incident's 03:10 and 14:05; all six firings tell the warning topic.
    assert [hour for hour, count in enumerate(told["critical"]) if count] == [3, 14]
    assert sum(told["warning"]) == 6
    assert totals(made).night_pages == 1


def test_some_alarms_alone_say_nothing_of_pages_by_incident() -> None:
    made = review(critical_cpu(), pages_by_incident=True)
    assert pages_of(made) is None
    assert "Expect" not in effect_sentence(totals(made))
    assert "Pages" not in {fact.name for fact in facts(totals(made))}


def test_a_walk_in_months() -> None:
    assert Walk(start=START, end=at(45), paged=()).months == pytest.approx(1.5)
