"""What incidents would have paged, held back, and what alarm by alarm would have come to."""

from dataclasses import replace

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress, AlarmState
from ecs_monitoring.cloudwatch.composite import CompositeDefinition
from ecs_monitoring.cloudwatch.composite_rule import CompositeRule
from replay.changes import Change
from replay.outcome import Outcome
from replay.suggestion import Suggestion, ThresholdVerdict, Validation
from review.incidents import StackComposite, review_incidents, stack_composites
from review.model import AlarmReview, Candidate, IncidentReview, Walk
from review.program import program_alarms
from stack.config import read_stack_config
from tests.review.values import alarm_review, definition

ALARM, OK = AlarmState.ALARM, AlarmState.OK
START, END = 0, 100_000


def candidate(threshold: float, *bands: tuple[int, int]) -> Candidate:
    """A definition that was on from each time to the other."""
    changes = tuple(
        change for on, off in bands for change in (Change(on, ALARM, OK), Change(off, OK, ALARM))
    )
    return Candidate(
        label=f"at {threshold}",
        definition=definition("CPUUtilization", threshold, 1, 1),
        outcome=Outcome(start=START, end=END, changes=changes, state=OK),
    )


def reviewed(address: str, *bands: tuple[int, int]) -> AlarmReview:
    """A critical alarm that was on from each time to the other."""
    return alarm_review(address, candidate(80, *bands), name=address, severity="critical")


def changed(
    alarm: AlarmReview, then: Candidate, start: int, *walked: tuple[int, int]
) -> AlarmReview:
    """The alarm with a suggestion, which was walked from a time on."""
    walk = Validation(
        start=start,
        end=END,
        thresholds=((start, 90.0),),
        firings=tuple(on for on, _ in walked),
        true_firings=0,
        caught=0,
        incidents=0,
        bands=walked,
    )
    suggestion = Suggestion(
        verdict=ThresholdVerdict.CHANGE,
        threshold=then.definition.threshold,
        datapoints_to_alarm=1,
        evaluation_periods=1,
        reasons=(),
        validation=walk,
    )
    return replace(alarm, candidates=(then,), suggestion=suggestion)


def composite(address: str, rule: str, suppressor: str = "") -> StackComposite:
    return StackComposite(
        address=AlarmAddress(address),
        definition=CompositeDefinition(
            name=address,
            text=rule,
            rule=CompositeRule.parse(rule),
            alarm_actions=("arn:aws:sns:ap-northeast-1:123456789012:critical",),
            suppressor=suppressor,
            wait_period=420 if suppressor else 0,
            extension_period=540 if suppressor else 0,
        ),
    )


RDS = composite("incident.rds@main", "ALARM(rds.full@main)")
ALB = composite("incident.alb@main", "ALARM(alb.errors@main)", "incident.rds@main")


def test_what_paged_what_was_suppressed_and_what_would_have_paged() -> None:
    rds = reviewed("rds.full@main", (1000, 2000))
    # Within the cause's, a blip of two minutes, and one that stays: only that pages.
    alb = reviewed("alb.errors@main", (1060, 2060), (20_000, 20_120), (40_000, 41_000))
    found = {
        str(incident.address): incident
        for incident in review_incidents([ALB, RDS], [rds, alb], START, END)
    }
    assert found["incident.rds@main"].paged == (1000,)
    assert found["incident.rds@main"].without_incidents == 1
    assert found["incident.alb@main"].paged == (40_420,)
    assert found["incident.alb@main"].suppressed == (1060, 20_000)
    assert found["incident.alb@main"].without_incidents == 3


def test_an_alarm_without_a_replay_counts_as_ok_and_is_named() -> None:
    rds = alarm_review("rds.full@main", None, name="rds.full@main", severity="critical")
    alb = reviewed("alb.errors@main", (40_000, 41_000))
    found = {
        str(incident.address): incident
        for incident in review_incidents([RDS, ALB], [rds, alb], START, END)
    }
    assert found["incident.rds@main"].not_replayed == ("rds.full@main",)
    assert found["incident.rds@main"].paged == ()
    assert found["incident.alb@main"].paged == (40_420,)


def test_what_an_incident_would_have_paged_with_the_suggestions() -> None:
    now = reviewed("rds.full@main", (1000, 2000), (30_000, 31_000), (50_000, 51_000))
    # Of the three firings the suggestion has the last; the daily ones had the second too, of
    # which the symptom's was a part.
    rds = changed(now, candidate(90, (50_000, 51_000)), 20_000, (30_000, 31_000), (50_000, 51_000))
    alb = reviewed("alb.errors@main", (30_060, 30_900), (60_000, 61_000))
    found = {
        str(incident.address): incident
        for incident in review_incidents([ALB, RDS], [rds, alb], START, END)
    }
    cause, symptom = found["incident.rds@main"], found["incident.alb@main"]
    assert cause.paged == (1000, 30_000, 50_000)
    assert cause.paged_as_suggested == (50_000,)
    assert cause.walk == Walk(start=20_000, end=END, paged=(30_000, 50_000))
    # Without the cause the symptom pages when it has waited; on the unseen days the cause was on.
    assert symptom.paged == (60_420,)
    assert symptom.paged_as_suggested == (30_480, 60_420)
    assert symptom.walk == Walk(start=START, end=END, paged=(60_420,))


def test_an_incident_is_not_judged_by_alarms_of_which_too_little_is_known() -> None:
    rds = reviewed("rds.full@main", (1000, 2000))
    unknown = replace(
        rds, suggestion=replace(rds.suggestion, verdict=ThresholdVerdict.NOT_ENOUGH_HISTORY)
    )
    (incident,) = review_incidents([RDS], [unknown], START, END)
    assert (incident.paged, incident.walk) == ((1000,), None)


def test_the_parts_of_a_split_incident_belong_to_it() -> None:
    part = composite("incident-part.rds@main", "ALARM(rds.full@main)")
    part = replace(part, definition=replace(part.definition, alarm_actions=()))
    whole = composite("incident.rds@main", "ALARM(incident-part.rds@main)")
    rds = reviewed("rds.full@main", (1000, 2000))
    (incident,) = review_incidents([whole, part], [rds], START, END)
    assert (incident.paged, incident.without_incidents) == ((1000,), 1)
    assert incident.walk == Walk(start=START, end=END, paged=(1000,))


def test_only_critical_alarms_of_the_target_would_page_by_themselves() -> None:
    both = composite(
        "incident.rds@main",
        "ALARM(rds.full@main) OR ALARM(rds.cpu@main) OR "
        "ALARM(rds.gone@main) OR ALARM(rds.full@other) OR ALARM(unknown)",
    )
    alarms = [
        reviewed("rds.full@main", (1000, 2000), (5000, 6000)),
        replace(reviewed("rds.cpu@main", (3000, 4000)), severity="warning"),
        alarm_review("rds.gone@main", None, name="rds.gone@main", severity="critical"),
        # Of another target, and without a replay.
        alarm_review("rds.full@other", None, name="rds.full@other", severity="critical"),
    ]
    assert review_incidents([both], alarms, START, END) == (
        IncidentReview(
            address=AlarmAddress("incident.rds@main"),
            name="incident.rds@main",
            paged=(1000, 3000, 5000),
            suppressed=(),
            without_incidents=2,
            not_replayed=("rds.gone@main",),
            paged_as_suggested=(1000, 3000, 5000),
            walk=Walk(start=START, end=END, paged=(1000, 3000, 5000)),
        ),
    )


def test_incidents_come_by_address() -> None:
    rds = reviewed("rds.full@main", (1000, 2000))
    alb = reviewed("alb.errors@main", (40_000, 41_000))
    plain = composite("incident.alb@main", "ALARM(alb.errors@main)")
    found = review_incidents([RDS, plain], [rds, alb], START, END)
    assert [incident.address for incident in found] == ["incident.alb@main", "incident.rds@main"]


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        # Pages at both ends count, and what was before the walk or is after it does not.
        (30_000, 50_000, (30_000, 50_000, (30_000, 50_000))),
        (30_001, 49_999, (30_001, 49_999, ())),
        # The time in which both alarms are known: the other's replay ends earlier.
        (30_000, 95_000, (30_000, 90_000, (30_000, 50_000))),
        (50_000, 50_000, None),
        (95_000, 96_000, None),
    ],
)
def test_the_walk_of_an_incident_is_the_time_in_which_all_of_it_is_known(
    begins: int, ends: int, expected: tuple[int, int, tuple[int, ...]] | None
) -> None:
    bands = ((10_000, 11_000), (30_000, 31_000), (50_000, 51_000))
    full = changed(reviewed("rds.full@main", *bands), candidate(90, *bands), begins, *bands[1:])
    assert full.suggestion.validation is not None
    walk = replace(full.suggestion.validation, end=ends)
    full = replace(full, suggestion=replace(full.suggestion, validation=walk))
    other = reviewed("rds.slow@main")
    assert other.current is not None
    shorter = replace(other.current, outcome=replace(other.current.outcome, start=5000, end=90_000))
    both = composite("incident.rds@main", "ALARM(rds.full@main) OR ALARM(rds.slow@main)")
    alarms = [full, replace(other, current=shorter)]
    (incident,) = review_incidents([both], alarms, START, END)
    assert incident.walk == (
        expected and Walk(start=expected[0], end=expected[1], paged=expected[2])
    )


def test_a_suggestion_that_was_not_walked_says_nothing_of_other_days() -> None:
    full = changed(reviewed("rds.full@main", (1000, 2000)), candidate(90, (1000, 2000)), 0)
    unwalked = replace(full, suggestion=replace(full.suggestion, validation=None))
    (incident,) = review_incidents([RDS], [unwalked], START, END)
    assert (incident.paged_as_suggested, incident.walk) == ((1000,), None)


def test_an_alarm_that_is_on_when_the_stretch_begins() -> None:
    outcome = Outcome(start=START, end=END, changes=(Change(500, OK, ALARM),), state=ALARM)
    rds = reviewed("rds.full@main")
    assert rds.current is not None
    on = replace(rds, current=replace(rds.current, outcome=outcome))
    (incident,) = review_incidents([RDS], [on], START, END)
    # It was on before, and nobody knows since when: no page of this time.
    assert (incident.paged, incident.suppressed, incident.without_incidents) == ((), (), 0)


def test_without_incidents_there_is_nothing_to_say() -> None:
    assert review_incidents([], [reviewed("rds.full@main", (1, 2))], START, END) == ()


@pytest.mark.slow
def test_the_programs_incidents_rest_on_its_alarms() -> None:
    composites = stack_composites(program_alarms(read_stack_config("prod")))
    assert "incident.alb@main" in {one.address for one in composites}
    assert not stack_composites(program_alarms(read_stack_config("staging")))
