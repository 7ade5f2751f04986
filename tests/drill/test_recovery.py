"""What a drill left that was killed is found, and put back."""

import pytest

from drill.mark import DrillMark, FoundMark, found_mark
from ecs_monitoring.cloudwatch.alarm import AlarmState
from tests.account.emulated import HOME, Deployment, Emulated, with_methods
from tests.account.values import READ
from tests.drill.conftest import Drill, Stack

RECOVER = ("--recover", "--yes", "--json")
CPU = "django-ecs-monitoring-prod-ecs-web-cpu-high"
TASKS = "django-ecs-monitoring-prod-ecs-web-tasks-low"
MARK = DrillMark(run="1a2b3c4d", stack="prod", who="arn:aws:sts::1:user/alice", started=READ)


def killed(stack: Stack, *names: str, mark: DrillMark = MARK, subscribed: bool = True) -> None:
    """As a drill leaves things that gets no more time: SIGKILL, a lost machine."""
    deployment = stack.deployment
    cloudwatch, sqs, sns = (deployment.client(name) for name in ("cloudwatch", "sqs", "sns"))
    for name in names:
        before = AlarmState(deployment.states()[name])
        cloudwatch.set_alarm_state(
            AlarmName=name, StateValue="ALARM", StateReason=mark.reason(before)
        )
    sqs.create_queue(QueueName=mark.queue)
    if subscribed:
        (topic,) = [one["TopicArn"] for one in sns.list_topics()["Topics"]]
        sns.subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=f"arn:aws:sqs:{HOME}:123456789012:{mark.queue}",
        )


def test_a_mark_is_read_back() -> None:
    reason = MARK.reason(AlarmState.INSUFFICIENT_DATA)
    assert found_mark(reason) == FoundMark("1a2b3c4d", AlarmState.INSUFFICIENT_DATA)
    assert MARK.is_on(reason)
    assert not DrillMark.new("prod", "me").is_on(reason)
    # One of an earlier version, without the state.
    old = "DRILL 0f0f0f0f, no incident: `python -m ops drill prod` by me, 2026-01-01 00:00:00 UTC."
    assert found_mark(old) == FoundMark("0f0f0f0f", AlarmState.INSUFFICIENT_DATA)
    assert found_mark("Threshold Crossed: 1 datapoint [93.0]") is None


def test_alarms_queue_and_subscription_are_put_back(stack: Stack, drill: Drill) -> None:
    killed(stack, CPU, TASKS)
    ran = drill(*RECOVER)
    assert ran.code == 0
    # OK and INSUFFICIENT_DATA, as each of them was.
    assert stack.is_as_before()
    assert ran.json["found"] == [
        f"{CPU} is in ALARM since drill 1a2b3c4d; it was OK",
        f"{TASKS} is in ALARM since drill 1a2b3c4d; it was INSUFFICIENT_DATA",
        f"queue alarm-drill-1a2b3c4d in {HOME}, subscribed to 1 of the stack's topics",
    ]


def test_a_queue_that_was_not_subscribed_yet_is_found_by_the_alarms(
    stack: Stack, drill: Drill
) -> None:
    killed(stack, CPU, subscribed=False)
    assert drill(*RECOVER).code == 0
    assert stack.is_as_before()


def test_nothing_left_is_nothing_done(stack: Stack, drill: Drill) -> None:
    ran = drill(*RECOVER)
    assert (ran.code, ran.json) == (0, {"found": [], "leftovers": []})
    assert "No drill has left anything behind." in ran.err
    assert stack.is_as_before()


def test_a_real_alarm_and_another_stacks_drill_are_left_alone(stack: Stack, drill: Drill) -> None:
    stack.deployment.client("cloudwatch").set_alarm_state(
        AlarmName=CPU, StateValue="ALARM", StateReason="Threshold Crossed"
    )
    other = Deployment(stack="staging")
    name = other.alarm("ecs.cpu-high@web", "warning", [])
    other.client("cloudwatch").set_alarm_state(
        AlarmName=name, StateValue="ALARM", StateReason=MARK.reason(AlarmState.OK)
    )
    other.client("sqs").create_queue(QueueName="alarm-drill-99999999")
    assert drill(*RECOVER).json["found"] == []
    assert stack.deployment.states()[CPU] == stack.deployment.states()[name] == "ALARM"
    assert len(stack.deployment.queues()) == 1


def test_without_a_yes_nothing_is_touched(stack: Stack, drill: Drill) -> None:
    killed(stack, CPU)
    ran = drill("--recover")
    assert ran.code == 2
    assert "give --yes" in ran.err
    assert stack.deployment.states()[CPU] == "ALARM"


def test_what_cannot_be_put_back_is_told_and_keeps_nothing_else_from_it(
    stack: Stack, drill: Drill
) -> None:
    killed(stack, CPU)

    def refuse(**_call: object) -> None:
        raise RuntimeError("no")

    change = Emulated(lambda region: with_methods(region, "sqs", delete_queue=refuse))
    ran = drill(*RECOVER, emulated=change)
    assert ran.code == 1
    assert stack.deployment.states()[CPU] == "OK"
    (left,) = ran.json["leftovers"]
    assert left["command"].startswith("aws sqs delete-queue --region ap-northeast-1 --queue-url")


def test_the_next_drill_says_that_one_was_cut_off(stack: Stack, drill: Drill) -> None:
    killed(stack, CPU)
    (note,) = drill("--yes", "--json", "--timeout", "1").json["notes"]
    assert note.startswith("ecs.cpu-high@web: in ALARM since a drill that was cut off")
    assert note.endswith("python -m ops drill prod --recover puts it back")


@pytest.mark.parametrize("length", [20, 2000])
def test_the_state_before_is_not_cut_off(length: int) -> None:
    mark = DrillMark(run="1a2b3c4d", stack="prod", who="x" * length, started=READ)
    assert found_mark(mark.reason(AlarmState.OK)) == FoundMark("1a2b3c4d", AlarmState.OK)
