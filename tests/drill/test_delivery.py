"""What arrives, what does not, and how that is told."""

import itertools
import json
import re
from functools import partial

import pytest

from account.account import Region
from drill.exercise import Pace
from ops.drill import command
from stack.placeholder_aws import ACCOUNT
from tests.account.emulated import HOME, Deployment, Emulated, with_methods
from tests.components.small import RunWith
from tests.drill.conftest import Drill

QUIET = ("--yes", "--json", "--timeout", "1")


def test_an_alarm_is_set_off_heard_and_set_back(deployment: Deployment, drill: Drill) -> None:
    name = deployment.alarm("ecs.cpu-high@web", "critical", [deployment.topic("critical")])
    emulated = Emulated()
    drilled = drill(*QUIET, emulated=emulated)
    assert drilled.code == 0, drilled.err
    assert drilled.results == {"ecs.cpu-high@web": "delivered"}
    (there, back) = emulated.cloudwatch[HOME].changes
    assert there[:2] == (name, "ALARM")
    assert "DRILL" in there[2]
    assert "no incident" in there[2]
    assert f"arn:aws:sts::{ACCOUNT}:user/moto" in there[2]
    assert back[:2] == (name, "OK")
    assert "is over" in back[2]
    assert deployment.states() == {name: "OK"}
    assert deployment.queues() == []
    assert deployment.subscriptions() == [("email", "oncall@example.com")]


def test_json_says_everything(deployment: Deployment, drill: Drill) -> None:
    topic = deployment.topic("critical")
    name = deployment.alarm("alb.no-healthy-hosts@main/web", "critical", [topic])
    found = drill(*QUIET).json
    (alarm,) = found.pop("alarms")
    latency = alarm.pop("latency_seconds")
    assert 0 <= latency < 60
    assert alarm == {
        "address": "alb.no-healthy-hosts@main/web",
        "name": name,
        "region": HOME,
        "severity": "critical",
        "state_before": "OK",
        "result": "delivered",
        "topics": [{"arn": topic, "latency_seconds": latency}],
        "reason": "",
    }
    assert len(found.pop("run")) == 8
    assert found.pop("started").endswith("+00:00")
    assert found == {
        "project": "django-ecs-monitoring",
        "stack": "prod",
        "account": ACCOUNT,
        "caller": f"arn:aws:sts::{ACCOUNT}:user/moto",
        "regions": [HOME],
        "endpoints": [
            {
                "topic": topic.rpartition(":")[2],
                "region": HOME,
                "endpoint": "email oncall@example.com",
                "result": "sent",
                "reason": "",
            }
        ],
        "obstacles": [],
        "leftovers": [],
        "notes": [],
        "to_look_at": [],
        "interrupted": False,
        "exit_code": 0,
    }


def test_what_is_printed(deployment: Deployment, drill: Drill) -> None:
    topic = deployment.topic("critical")
    deployment.alarm("ecs.cpu-high@web", "critical", [topic], OKActions=[topic])
    out = drill("--yes").out
    for expected in (
        f"Drill of django-ecs-monitoring/prod in account {ACCOUNT} by arn:aws:sts::",
        "1 alarm to set off in ap-northeast-1",
        "django-app-alerts-django-ecs-monitoring-prod-critical: "
        "email oncall@example.com (1× ALARM, 1× the return)",
        "nothing in the way",
        "All alarms are set back, and the drill's queue is gone.",
    ):
        assert expected in out
    assert re.search(r"delivered      ecs\.cpu-high@web  (\d+\.\d) s", out)
    assert re.search(r"1 of 1 alarm delivered, the slowest in \d+\.\d s", out)


def test_the_whole_stack_as_it_is_registered(
    run_with: RunWith, deployment: Deployment, drill: Drill
) -> None:
    """Every alarm of the program is found by its name and tags, in batches of ten."""
    # The emulator has no composite alarms, which would page.
    prod = run_with("alerts.paging=alarm")
    topics = {severity: deployment.topic(severity) for severity in ("critical", "warning")}
    cloudwatch = deployment.client("cloudwatch")
    registered = prod.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
    for registration in registered:
        inputs = registration.inputs
        assert set(inputs["alarmActions"]) <= set(topics.values())
        cloudwatch.put_metric_alarm(
            AlarmName=inputs["name"],
            AlarmActions=inputs["alarmActions"],
            OKActions=inputs.get("okActions", []),
            Tags=[{"Key": key, "Value": value} for key, value in inputs["tags"].items()],
            Namespace="AWS/ECS",
            MetricName="CPUUtilization",
            Statistic="Average",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator=inputs["comparisonOperator"],
        )
    drilled = drill(*QUIET)
    assert drilled.code == 0, drilled.err
    assert drilled.results == dict.fromkeys(prod.exports["alarms"], "delivered")
    assert set(deployment.states().values()) == {"OK"}


@pytest.mark.parametrize("state", ["OK", "INSUFFICIENT_DATA"])
def test_every_alarm_gets_its_own_state_back(
    state: str, deployment: Deployment, drill: Drill
) -> None:
    topic = deployment.topic("critical")
    name = deployment.alarm("ecs.cpu-high@web", "critical", [topic], state=state)
    assert drill(*QUIET).code == 0
    assert deployment.states() == {name: state}


@pytest.mark.parametrize("is_heard", [True, False])
def test_never_more_than_ten_are_in_a_false_state(
    is_heard: bool, deployment: Deployment, drill: Drill
) -> None:
    topic = deployment.topic("warning")
    for number in range(12):
        deployment.alarm(f"ecs.cpu-high@w{number}", "warning", [topic])
    false: list[int] = []

    def change(region: Region) -> Region:
        def receive(**call: object) -> object:
            false.append(list(deployment.states().values()).count("ALARM"))
            return region.sqs.receive_message(**call)

        return with_methods(region, "sqs", receive_message=receive)

    drill(*QUIET, emulated=Emulated(change, failing={} if is_heard else {topic: "refused"}))
    assert max(false) == 10
    assert false[-1] <= 2


def test_the_first_of_several_copies_counts(deployment: Deployment, drill: Drill) -> None:
    """SQS may deliver a message twice."""
    topics = [deployment.topic("critical"), deployment.topic("warning")]
    deployment.alarm("ecs.cpu-high@web", "critical", topics)
    received: list[dict[str, str]] = []

    def change(region: Region) -> Region:
        def receive(**call: object) -> object:
            answer = region.sqs.receive_message(**call | {"MaxNumberOfMessages": 1})
            received.extend(answer["Messages"])
            return {"Messages": received}

        return with_methods(region, "sqs", receive_message=receive)

    (alarm,) = drill(*QUIET, emulated=Emulated(change)).json["alarms"]
    first, second = sorted(topic["latency_seconds"] for topic in alarm["topics"])
    assert second - first >= 0.01
    assert alarm["latency_seconds"] == second


def test_a_topic_that_cannot_be_told_is_reported_with_the_cause(
    deployment: Deployment, drill: Drill
) -> None:
    """An alarm that tells two topics is delivered where both tell."""
    told, silent = deployment.topic("critical"), deployment.topic("warning")
    name = deployment.alarm("ecs.cpu-high@web", "critical", [told, silent])
    emulated = Emulated(failing={silent: "not authorized to perform: SNS:Publish"})
    drilled = drill(*QUIET, emulated=emulated)
    assert drilled.code == 1
    (alarm,) = drilled.json["alarms"]
    assert alarm["result"] == "not-delivered"
    assert alarm["latency_seconds"] is None
    assert [topic["latency_seconds"] is None for topic in alarm["topics"]] == [False, True]
    assert (
        "nothing from django-app-alerts-django-ecs-monitoring-prod-warning within 1 s"
        in alarm["reason"]
    )
    assert "not authorized to perform: SNS:Publish" in alarm["reason"]
    assert deployment.states() == {name: "OK"}


def test_a_topic_that_is_gone_beside_one_that_is_not(deployment: Deployment, drill: Drill) -> None:
    """What can arrive is waited for, and no longer."""
    topic = deployment.topic("critical")
    gone = topic.replace("critical", "past")
    name = deployment.alarm("ecs.cpu-high@web", "critical", [topic, gone])
    drilled = drill(
        "--yes", "--json", "--timeout", "900", emulated=Emulated(failing={gone: "no such topic"})
    )
    assert drilled.code == 1
    (alarm,) = drilled.json["alarms"]
    assert alarm["result"] == "not-delivered"
    assert (
        alarm["reason"] == "topic django-app-alerts-django-ecs-monitoring-prod-past does not exist"
    )
    assert deployment.states() == {name: "OK"}


def test_what_has_arrived_counts_however_long_the_rest_took(
    deployment: Deployment, drill: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look at the clock is 100 seconds later than the last one."""
    clock = partial(next, itertools.count(0.0, 100.0))
    monkeypatch.setattr(command, "Pace", partial(Pace, clock=clock))
    topic = deployment.topic("critical")
    for target in ("web", "worker", "beat"):
        deployment.alarm(f"ecs.cpu-high@{target}", "critical", [topic])
    assert set(drill(*QUIET).results.values()) == {"delivered"}


def test_other_notifications_do_not_count(deployment: Deployment, drill: Drill) -> None:
    """Neither a real alarm at the same time, nor somebody else's drill."""
    topic = deployment.topic("critical")
    deployment.alarm("ecs.cpu-high@web", "critical", [topic])

    def change(region: Region) -> Region:
        def receive(**call: object) -> object:
            answer = region.sqs.receive_message(**call)
            for message in answer.get("Messages", []):
                message["Body"] = message["Body"].replace("DRILL", "Threshold Crossed:")
            return answer

        return with_methods(region, "sqs", receive_message=receive)

    assert drill(*QUIET, emulated=Emulated(change)).results == {"ecs.cpu-high@web": "not-delivered"}


def test_the_queue_is_for_the_alarms_topics_alone(deployment: Deployment, drill: Drill) -> None:
    topics = [deployment.topic("critical"), deployment.topic("warning")]
    deployment.topic("unrelated")
    deployment.alarm("ecs.cpu-high@web", "critical", topics)
    seen: dict[str, str] = {}

    def change(region: Region) -> Region:
        def create(**call: object) -> object:
            answer = region.sqs.create_queue(**call)
            found = region.sqs.get_queue_attributes(
                QueueUrl=answer["QueueUrl"], AttributeNames=["All"]
            )
            seen.update(found["Attributes"])
            return answer

        return with_methods(region, "sqs", create_queue=create)

    assert drill(*QUIET, emulated=Emulated(change)).code == 0
    assert seen["SqsManagedSseEnabled"] == "true"
    (statement,) = json.loads(seen["Policy"])["Statement"]
    assert statement["Resource"] == seen["QueueArn"]
    assert statement["Principal"] == {"Service": "sns.amazonaws.com"}
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": topics}}


def test_alarms_of_outside_checks_are_drilled_in_their_region(
    deployment: Deployment, drill: Drill
) -> None:
    outside = Deployment(region="us-east-1")
    deployment.alarm("ecs.cpu-high@web", "critical", [deployment.topic("critical")])
    outside.alarm("health.unreachable@www", "critical", [outside.topic("critical")])
    drilled = drill(*QUIET)
    assert drilled.code == 0
    assert drilled.json["regions"] == [HOME, "us-east-1"]
    assert set(drilled.results) == {"ecs.cpu-high@web", "health.unreachable@www"}
    assert drill(*QUIET, "--region", "us-east-1").json["regions"] == ["us-east-1"]
    assert outside.queues() == deployment.queues() == []
