"""What the report says in sentences, and its tables."""

from dataclasses import replace

import pytest

from replay.suggestion import ThresholdVerdict
from review.report.evidence import compare, reasons, recorded_words, validation_words, verdict_words
from review.report.quality import data_words
from review.report.rest import other_findings, rest
from review.report.rows import incident_rows, option_rows, rows
from tests.review import reviews, values
from tests.review.reviews import review
from tests.review.values import HOUR, MINUTE, at


def test_the_walk_forward_in_words() -> None:
    alarm = reviews.cpu()
    assert [*validation_words(alarm, review(alarm))] == [
        "Each of 60 days from 2026-07-31 on was judged by what would have been suggested before "
        "it: 1 firing.",
        "1 of them came in an incident; 1 of 1 incident caught.",
        "The threshold moved between 90 % and 92 %.",
        "Expect at most 2.4 firings a month (at 95 %).",
    ]
    assert [*validation_words(reviews.storage(), review())] == []


def test_what_was_recorded_beside_what_would_have_been() -> None:
    alarm = reviews.cpu()
    comparison = compare(alarm)
    assert comparison is not None
    # Known of both from day 40 on; two minutes apart is still the same time in ALARM.
    assert (comparison.start, comparison.end) == (at(40), at(90))
    assert (comparison.recorded, comparison.replayed) == (3, 3)
    assert comparison.only_recorded == ((at(85, 1), at(85, 2)),)
    assert comparison.only_replayed == ((at(41, 23), at(41, 23, 40)),)
    words = " ".join(recorded_words(alarm, review(alarm)))
    assert "CloudWatch recorded 3 firings; the definition as it is would have had 3." in words
    assert "Only CloudWatch has it in ALARM at 2026-09-24 01:00 (1 h)." in words
    assert "Only the replay has it in ALARM at 2026-08-11 23:00 (40 min)." in words


def test_agreement_is_said() -> None:
    alarm = replace(reviews.cpu(), happened=values.outcome(reviews.CPU_BANDS))
    assert [*recorded_words(alarm, review(alarm))][-1] == "The two agree on when the alarm was on."


def test_many_differences_are_counted() -> None:
    bands = [(at(day, 1), at(day, 1, 30)) for day in range(8, 16)]
    alarm = replace(reviews.storage(), happened=values.outcome(bands))
    assert any("and 3 more." in words for words in recorded_words(alarm, review(alarm)))


@pytest.mark.parametrize("far", [9, 11])
def test_times_in_alarm_ten_minutes_apart_are_different_ones(far: int) -> None:
    alarm = reviews.storage()
    assert alarm.current is not None
    comparison = compare(
        replace(
            alarm,
            current=replace(alarm.current, outcome=values.outcome([(at(1), at(1) + HOUR)])),
            happened=values.outcome([(at(1) + HOUR + far * MINUTE, at(2))]),
        )
    )
    assert comparison is not None
    assert comparison.is_same == (far < 10)


def test_nothing_recorded_is_nothing_to_compare() -> None:
    assert compare(reviews.storage()) is None
    assert compare(replace(reviews.silent(), happened=values.outcome(()))) is None
    late = values.outcome((), start=at(91), end=at(95))
    assert compare(replace(reviews.storage(), happened=late)) is None


def test_the_candidates_side_by_side() -> None:
    alarm = reviews.cpu()
    found = [*rows(alarm, review(alarm))]
    assert [(row.name, row.threshold, row.schedule, row.firings, row.hours) for row in found] == [
        ("recorded by CloudWatch since 2026-08-10", "", "", "3", "2.1"),
        ("current", "≥ 80 %", "1 of 1 × 1 min", "6", "4.0"),
        ("--set ecs.cpu-high.threshold=85", "≥ 85 %", "1 of 1 × 1 min", "4", "2.8"),
        ("suggested", "≥ 92 %", "3 of 5 × 1 min", "2", "1.8"),
    ]
    # One of the two incidents began before anything was recorded.
    assert [row.caught for row in found] == ["1 of 1", "2 of 2", "1 of 2", "2 of 2"]
    assert [row.is_suggested for row in found] == [False, False, False, True]


def test_coarse_history_is_marked_in_the_table() -> None:
    alarm = reviews.latency()
    assert [row.firings for row in rows(alarm, review(alarm))] == ["≈ 40", "≈ 0"]


def test_what_was_recorded_is_shown_without_a_replay() -> None:
    alarm = replace(reviews.problematic(), happened=values.outcome(reviews.CPU_BANDS))
    (row,) = rows(alarm, review(alarm))
    assert (row.firings, row.notifications) == ("6", "–")


def test_incidents_and_who_caught_them() -> None:
    alarm = reviews.cpu()
    first, second = incident_rows(alarm, review(alarm))
    assert (first.number, first.when, first.lasted) == (1, "2026-07-21 03:00", "2 h")
    assert (first.note, first.caught) == ("the queue ran over", "now, suggested")
    assert second.caught == "now, suggested, recorded"
    assert incident_rows(replace(reviews.silent(), incidents=reviews.INCIDENTS), review()) == []
    missed = reviews.nasty()
    assert [row.caught for row in incident_rows(missed, review())] == ["nobody", "nobody"]


def test_options_are_words_even_where_there_is_no_number() -> None:
    first, second = option_rows(reviews.cpu())
    assert (first.m_of_n, first.threshold, first.pages) == ("3 of 5", "92 %", "0.7")
    assert (first.caught, first.delay, first.margin) == ("2 of 2", "15 to 18 min", "3.2")
    assert (second.delay, second.margin) == ("", "∞")


def test_data_at_several_resolutions() -> None:
    alarm = reviews.latency()
    words = " ".join(data_words(alarm, review(alarm)))
    # 21,600 x 60 s, 10,000 x 300 s and 500 x 3,600 s are 21, 49 and 30 of a hundred.
    assert "21 % of the time in steps of 1 min" in words
    assert "49 % of the time in steps of 5 min" in words
    assert "30 % of the time in steps of 1 h" in words
    assert "≈" in words


def test_gaps_are_named() -> None:
    alarm = reviews.cpu()
    words = " ".join(data_words(alarm, review(alarm)))
    # 40 of 720 stretches of three hours, from the 240th on, which is day 30.
    assert "No data in 6 % of the time, the longest gap from 2026-07-31 00:00 on, 5 days." in words
    assert "≈" not in words
    assert "No data" not in " ".join(data_words(reviews.storage(), review()))


def test_a_replay_that_begins_late_says_so() -> None:
    alarm = reviews.storage()
    assert alarm.current is not None
    late = replace(alarm.current, outcome=values.outcome((), start=at(30)))
    words = " ".join(data_words(replace(alarm, current=late), review()))
    assert "Replayed from 2026-07-31 00:00 on: 60 days of 90 days." in words


def test_metrics_without_a_record_are_named() -> None:
    alarm = replace(reviews.storage(), data=replace(values.FULL, without_data=("RequestCount",)))
    assert "No record at all of RequestCount." in data_words(alarm, review(alarm))


def test_an_alarm_that_could_not_be_replayed_says_why() -> None:
    alarm = reviews.problematic()
    assert verdict_words(alarm) == "could not be replayed"
    assert reasons(alarm) == ["Anomaly detection: only fixed thresholds can be evaluated."]
    assert [*data_words(alarm, review(alarm))] == []


def test_the_rest_is_grouped_by_why_there_is_nothing_to_do() -> None:
    made = review(reviews.storage(), reviews.nasty(), reviews.silent(), reviews.cpu())
    groups = rest(made, {"ecs.cpu-high@web"})
    assert [(group.verdict, len(group.rows)) for group in groups] == [
        ("no data", 1),
        ("not enough history", 1),
        ("keep", 1),
    ]
    assert groups[0].reason == "Its metrics have no record in this time."
    assert groups[2].reason == ""
    (row,) = groups[2].rows
    assert (row.address, row.firings, row.hours) == ("rds.storage-low@main", "0", "0")


def test_findings_without_anything_to_do_are_said_once() -> None:
    made = review(reviews.storage(), coverage=reviews.COVERAGE)
    assert [finding.subject for finding in other_findings(made)] == ["RDS instance reports"]
    about = replace(reviews.COVERAGE.findings[2], alarms=("rds.storage-low@main",))
    own = replace(reviews.COVERAGE, findings=(about,))
    assert other_findings(review(reviews.storage(), coverage=own)) == []


def test_verdicts_have_words() -> None:
    for verdict in ThresholdVerdict:
        alarm = replace(reviews.storage(), suggestion=values.keeps(reviews.STORAGE, verdict))
        assert verdict_words(alarm)
