"""What incidents would have paged, held back, and what alarm by alarm would have come to."""

from ecs_monitoring.cloudwatch.alarm import AlarmAddress, AlarmState
from ecs_monitoring.cloudwatch.composite import CompositeDefinition
from ecs_monitoring.cloudwatch.composite_rule import CompositeRule
from ops.review.incidents import Composite, program_composites, review_incidents
from ops.review.model import AlarmReview, Candidate
from replay.outcome import Change, Outcome
from stack.config import read_stack_config
from tests.ops.review.values import alarm_review, definition

ALARM, OK = AlarmState.ALARM, AlarmState.OK
START, END = 0, 100_000


def reviewed(address: str, *bands: tuple[int, int]) -> AlarmReview:
    """A critical alarm that was on from each time to the other."""
    changes = tuple(
        change for on, off in bands for change in (Change(on, ALARM, OK), Change(off, OK, ALARM))
    )
    outcome = Outcome(start=START, end=END, changes=changes, state=OK)
    current = Candidate(
        label="current", definition=definition("CPUUtilization", 80, 1, 1), outcome=outcome
    )
    return alarm_review(address, current, name=address, severity="critical")


def composite(address: str, rule: str, suppressor: str = "") -> Composite:
    return Composite(
        address=AlarmAddress(address),
        region="",
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
    found = {str(one.address): one for one in review_incidents([ALB, RDS], [rds, alb], START, END)}
    assert found["incident.rds@main"].paged == (1000,)
    assert found["incident.rds@main"].without_incidents == 1
    assert found["incident.alb@main"].paged == (40_420,)
    assert found["incident.alb@main"].suppressed == (1060, 20_000)
    assert found["incident.alb@main"].without_incidents == 3


def test_an_alarm_without_a_replay_counts_as_ok_and_is_named() -> None:
    rds = alarm_review("rds.full@main", None, name="rds.full@main", severity="critical")
    alb = reviewed("alb.errors@main", (40_000, 41_000))
    found = {str(one.address): one for one in review_incidents([RDS, ALB], [rds, alb], START, END)}
    assert found["incident.rds@main"].not_replayed == ("rds.full@main",)
    assert found["incident.rds@main"].paged == ()
    assert found["incident.alb@main"].paged == (40_420,)


def test_without_incidents_there_is_nothing_to_say() -> None:
    assert review_incidents([], [reviewed("rds.full@main", (1, 2))], START, END) == ()


def test_the_programs_incidents_rest_on_its_alarms() -> None:
    found = program_composites(read_stack_config("prod"))
    assert "incident.alb@main" in {one.address for one in found}
    assert not program_composites(read_stack_config("staging"))
