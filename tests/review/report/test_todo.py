"""What there is to change, and in which order."""

from dataclasses import replace

import pytest
import yaml

from account.coverage.finding import Finding, FindingKind, Gravity
from account.coverage.read import Coverage
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.rule import MissingData
from replay.suggestion import SuggestedAlarm, ThresholdVerdict
from review.model import Candidate
from review.report.headline import effect_sentence, headline
from review.report.todo import Effect, to_do
from review.report.totals import totals
from tests.review import reviews, values
from tests.review.reviews import review


def test_order_of_weight() -> None:
    found = to_do(reviews.rich_review())
    assert [(one.severity, one.what, one.subject) for one in found] == [
        ("critical", "Watch it", "ECS service worker (cluster main)"),
        ("critical", "Change its threshold", "alb.latency-p99@main/web"),
        ("critical", "Find the data", "logs.errors@app"),
        ("warning", "Stop watching it", "RDS instance old"),
        ("warning", "Change its threshold", "ecs.cpu-high@web"),
        ("warning", "Judge by hand", "alb.anomaly@main"),
    ]


def test_a_change_says_from_what_to_what_and_with_which_effect() -> None:
    (entry,) = to_do(review(reviews.cpu()))
    assert (entry.before, entry.after) == ("≥ 80 %, 1 of 1 × 1 min", "≥ 92 %, 3 of 5 × 1 min")
    assert entry.why == (
        "It would have caught the same 2 of 2 incidents. "
        "Expect at most 2.4 firings a month (at 95 %)."
    )
    assert entry.effects == (
        Effect("firings", "6", "2"),
        Effect("hours in ALARM", "4.0", "1.8"),
        Effect("incidents caught", "2", "2 of 2"),
        # After 10 and 5 minutes, so 7.5 in the middle; and after 20 and 10.
        # The data may be two minutes late, and is looked at within one.
        Effect("noticed after", "7 to 11 min", "15 to 18 min"),
    )
    assert yaml.safe_load(entry.settings) == {
        "project:alarms": {
            "ecs.cpu-high@web": {
                "threshold": 92,
                "evaluation_periods": 5,
                "datapoints_to_alarm": 3,
            }
        }
    }


def test_a_longer_look_at_the_same_threshold_is_called_so() -> None:
    alarm = reviews.cpu()
    longer = replace(alarm, suggestion=replace(alarm.suggestion, threshold=80.0))
    (entry,) = to_do(review(longer))
    assert entry.what == "Change its M of N"
    assert "threshold" not in entry.settings


def test_coarse_history_is_marked() -> None:
    (entry,) = to_do(review(reviews.latency()))
    assert entry.effects[0] == Effect("firings", "≈ 40", "0")


def test_settings_stand_under_config_as_they_are() -> None:
    for entry in to_do(reviews.rich_review()):
        if entry.settings:
            assert isinstance(yaml.safe_load(f"config:\n{entry.settings}")["config"], dict)


def test_the_change_that_spares_most_comes_first() -> None:
    loud, quiet = replace(reviews.latency(), severity="warning"), reviews.cpu()
    found = to_do(review(quiet, loud))
    assert [one.subject for one in found] == [loud.address, quiet.address]


def test_what_is_kept_is_nothing_to_do() -> None:
    assert to_do(review(reviews.storage(), reviews.nasty())) == ()


def test_an_alarm_to_set_beside_one_that_stays_is_something_to_do() -> None:
    alarm = reviews.storage()
    assert alarm.current is not None
    recent = replace(alarm.current.definition, threshold=-15.0)
    suggestion = replace(
        values.keeps(
            reviews.STORAGE, ThresholdVerdict.KEEP, "it serves", "beside it, another catches more"
        ),
        alarms=(SuggestedAlarm(kind="recent", definition=recent, why=""),),
    )
    (entry,) = to_do(review(replace(alarm, suggestion=suggestion)))
    assert entry.what == "Set an alarm on its recent past"
    assert entry.why == "Beside it, another catches more."
    assert "      recent: 15" in entry.settings.splitlines()


def test_no_threshold_that_fits_is_something_to_do() -> None:
    alarm = reviews.storage()
    unfit = replace(
        alarm,
        suggestion=values.keeps(
            reviews.STORAGE, ThresholdVerdict.NONE_FITS, "look at what it watches"
        ),
    )
    (entry,) = to_do(review(unfit))
    assert (entry.what, entry.why) == ("Watch something else", "Look at what it watches.")


def test_the_account_says_which_alarms_should_have_data() -> None:
    alarm = reviews.silent()
    normal = Finding(
        kind=FindingKind.NO_DATA,
        gravity=Gravity.INFO,
        region="ap-northeast-1",
        key="errors",
        subject=alarm.address,
        words="That is normal.",
        fix="",
        alarms=(alarm.address,),
    )
    coverage = Coverage(findings=(normal,), looked_at={}, notes=())
    assert to_do(review(alarm, coverage=coverage)) == ()
    odd = replace(coverage, findings=(replace(normal, gravity=Gravity.HIGH),))
    (entry,) = to_do(review(alarm, coverage=odd))
    assert (entry.what, entry.alarms) == ("Find its data", (alarm.address,))


def test_alarms_without_data_are_one_thing_to_do() -> None:
    addresses = [AlarmAddress(f"logs.errors@{name}") for name in "abc"]
    silent = [replace(reviews.silent(), address=address) for address in addresses]
    (entry,) = to_do(review(*silent))
    assert entry.subject == "3 alarms"
    assert entry.alarms == ("logs.errors@a", "logs.errors@b", "logs.errors@c")


def test_an_alarm_that_takes_no_data_for_good_news_is_left_alone() -> None:
    quiet = values.definition("Errors", 10, 1, 1, treat_missing_data=MissingData.NOT_BREACHING)
    current = Candidate(label="current", definition=quiet, outcome=values.outcome(()))
    assert to_do(review(replace(reviews.silent(), current=current))) == ()


def test_findings_point_to_the_alarms_that_are_reviewed() -> None:
    finding = replace(reviews.COVERAGE.findings[1], alarms=("rds.storage-low@main", "other"))
    coverage = replace(reviews.COVERAGE, findings=(finding,))
    (entry,) = to_do(review(reviews.storage(), coverage=coverage))
    assert entry.alarms == ("rds.storage-low@main",)


@pytest.mark.parametrize("kind", list(FindingKind))
def test_every_kind_of_finding_says_what_to_do(kind: FindingKind) -> None:
    finding = replace(reviews.COVERAGE.findings[0], kind=kind)
    coverage = replace(reviews.COVERAGE, findings=(finding,))
    (entry,) = to_do(review(coverage=coverage))
    assert entry.what


def test_headlines() -> None:
    rich = to_do(reviews.rich_review())
    assert headline(rich) == "6 things to change, 3 of them critical."
    assert headline(to_do(review(reviews.cpu()))) == "1 thing to change, none critical."
    assert headline(()) == "Nothing to change."


def test_the_effect_of_all_changes() -> None:
    assert effect_sentence(totals(reviews.rich_review())) == (
        # Storage never fired in three months: 3.0 / 3. Nothing walked the latency's threshold.
        "Expect 0 pages a month (at most 1 at 95 %), by days that the suggestions had not seen; of "
        "alb.latency-p99@main/web too little is known to count them. On the history that they "
        "were chosen from, there would have been 0 pages instead of 40 and 2 firings instead of "
        "46, with the same 2 of 2 incidents caught."
    )
    assert effect_sentence(totals(review(reviews.storage()))) == (
        "Expect 0 pages a month (at most 1 at 95 %)."
    )
    assert effect_sentence(totals(review())) == ""


def test_incidents_that_a_suggestion_adds_are_said() -> None:
    alarm = reviews.cpu()
    assert alarm.current is not None
    blind = replace(alarm.current, outcome=values.outcome(reviews.CPU_BANDS[:1]))
    assert effect_sentence(totals(review(replace(alarm, current=blind)))) == (
        "On the history that they were chosen from, there would have been 2 firings instead of "
        "1, with 2 instead of 0 of 2 incidents caught."
    )
