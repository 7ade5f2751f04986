"""Who is told of what, from what a run registers."""

import json
from collections.abc import Callable

import pytest

from account.who import Message, Receiver, Who, who_is_told
from ecs_monitoring.cloudwatch.endpoint import EndpointKind
from ecs_monitoring.cloudwatch.mute import MuteSchedule
from stack.config import StackConfig
from stack.cost import Cost
from stack.events import EVENT_RULE, EVENT_TARGET
from stack.mutes import MutePreview
from stack.preview import Preview
from stack.program import Registration
from stack.resource_types import SCHEDULE, SLACK_CHANNEL, SUBSCRIPTION, TEAMS_CHANNEL
from tests.registrations import (
    composite_alarm,
    metric_alarm,
    registered,
    run_of,
    topic,
    topic_arn,
)

CRITICAL, WARNING = topic_arn("shop-critical"), topic_arn("shop-warning")
TOPICS = (topic("shop-critical"), topic("shop-warning"))
COMPANY, COMPANY_PAGES = topic_arn("company"), topic_arn("company-critical")
NIGHTS = MuteSchedule.parsed("cron(0 2 * * *)", "2h")

CPU = Message(sort="alarm", name="ecs.cpu-high@web")
TASKS = Message(sort="alarm", name="ecs.tasks-low@web")
REMINDER = Message(sort="reminder", name="review-reminder")


def told(*made: Registration, mutes: tuple[MutePreview, ...] = ()) -> Who:
    config = StackConfig(
        project="shop", stack="prod", values={}, secret_keys=frozenset(), region="eu-west-1"
    )
    return who_is_told(
        Preview(
            config=config,
            run=run_of(*made),
            alarms=[],
            mutes=mutes,
            incidents=[],
            events=[],
            omitted={},
            grids={},
            cost=Cost("eu-west-1", (), known=False),
        )
    )


def subscribed(arn: str, protocol: str, endpoint: str) -> Registration:
    name = f"shop-critical-{protocol}-pager"
    inputs = {"topic": arn, "protocol": protocol, "endpoint": endpoint}
    return registered(SUBSCRIPTION, name, inputs)


def email(arn: str, address: str) -> Registration:
    return subscribed(arn, "email", address)


def slack(*arns: str) -> Registration:
    inputs = {"slackTeamId": "T1", "slackChannelId": "C1", "snsTopicArns": list(arns)}
    return registered(SLACK_CHANNEL, "ops", inputs)


def teams(*arns: str) -> Registration:
    inputs = {"teamId": "team", "channelId": "channel", "snsTopicArns": list(arns)}
    return registered(TEAMS_CHANNEL, "ops", inputs)


def reminder(arn: str) -> Registration:
    target = {"input": json.dumps({"TopicArn": arn, "Message": "review"})}
    return registered(SCHEDULE, "review-reminder", {"target": target})


def event(
    name: str, key: str, *arns: str, about: str = "web", region: str = ""
) -> list[Registration]:
    """A rule for an event with its targets."""
    where = {"region": region} if region else {}
    rule = {
        "name": name,
        "description": f"What it tells: {about}",
        "eventPattern": "{}",
        "tags": {"EventKey": key, "Severity": "warning"},
        **where,
    }
    return [
        registered(EVENT_RULE, name, rule),
        *(registered(EVENT_TARGET, name, {"rule": name, "arn": arn, **where}) for arn in arns),
    ]


def receiver(kind: EndpointKind, address: str, **by_severity: Message) -> Receiver:
    return Receiver(
        kind=kind, address=address, told={s: (message,) for s, message in by_severity.items()}
    )


def test_every_kind_of_receiver_in_the_order_of_the_kinds() -> None:
    queue = "arn:aws:sqs:eu-west-1:1:pager"
    found = told(
        *TOPICS,
        teams(CRITICAL),
        slack(CRITICAL),
        subscribed(CRITICAL, "sqs", queue),
        subscribed(CRITICAL, "https", "https://events.example.com/s3cret/enqueue"),
        email(CRITICAL, "second@shop.jp"),
        email(CRITICAL, "first@shop.jp"),
        metric_alarm("ecs.tasks-low@web", "critical", CRITICAL, COMPANY),
    )
    assert found == Who(
        receivers=(
            receiver(EndpointKind.EMAIL, "first@shop.jp", critical=TASKS),
            receiver(EndpointKind.EMAIL, "second@shop.jp", critical=TASKS),
            # Of its address, which is a key, the host alone.
            receiver(EndpointKind.WEBHOOK, "pager (events.example.com/…)", critical=TASKS),
            receiver(EndpointKind.QUEUE, queue, critical=TASKS),
            # Who reads another's topic, and for which severity it is, nobody here knows.
            Receiver(kind=EndpointKind.TOPIC, address=COMPANY, told={"": (TASKS,)}),
            receiver(EndpointKind.SLACK, "T1/C1", critical=TASKS),
            receiver(EndpointKind.TEAMS, "team/channel", critical=TASKS),
        ),
        unheard={},
    )


def test_a_receiver_of_several_topics_has_each_severity_by_itself_the_gravest_first() -> None:
    found = told(
        *TOPICS,
        metric_alarm("ecs.cpu-high@web", "warning", WARNING),
        metric_alarm("ecs.tasks-low@web", "critical", CRITICAL, WARNING),
        metric_alarm("rds.cpu-high@main", "warning", WARNING),
        email(WARNING, "team@shop.jp"),
        email(CRITICAL, "team@shop.jp"),
    )
    database = Message(sort="alarm", name="rds.cpu-high@main")
    (team,) = found.receivers
    assert list(team.told.items()) == [("critical", (TASKS,)), ("warning", (CPU, TASKS, database))]
    assert team.messages == (TASKS, CPU, database)


def test_messages_are_by_sort_and_then_by_name() -> None:
    found = told(
        *TOPICS,
        reminder(WARNING),
        *event("failed", "ecs.deployment-failed", WARNING),
        metric_alarm("ecs.tasks-low@web", "warning", WARNING),
        metric_alarm("ecs.cpu-high@web", "warning", WARNING),
        composite_alarm("incident.rds@main", "critical", "FALSE", WARNING),
        email(WARNING, "team@shop.jp"),
    )
    (team,) = found.receivers
    assert team.messages == (
        CPU,
        TASKS,
        Message(sort="event", name="ecs.deployment-failed"),
        Message(sort="incident", name="incident.rds@main"),
        REMINDER,
    )


def test_the_topic_of_others_with_the_ending_of_a_severity_is_of_that() -> None:
    (pages,) = told(*TOPICS, metric_alarm("ecs.tasks-low@web", "critical", COMPANY_PAGES)).receivers
    assert pages == receiver(EndpointKind.TOPIC, COMPANY_PAGES, critical=TASKS)


@pytest.mark.parametrize("channel", [slack, teams])
def test_a_chat_channel_shows_no_reminder(channel: Callable[[str], Registration]) -> None:
    made = (*TOPICS, channel(WARNING), reminder(WARNING))
    (found,) = told(*made, metric_alarm("ecs.cpu-high@web", "warning", WARNING)).receivers
    assert found.told == {"warning": (CPU,)}
    # Where nobody else reads the topic, the reminder reaches nobody.
    assert told(*made).unheard == {REMINDER: ("shop-warning",)}
    assert told(*made, email(WARNING, "team@shop.jp")).unheard == {}


def test_what_reaches_nobody_with_the_topics_that_nobody_reads() -> None:
    found = told(
        *TOPICS,
        metric_alarm("ecs.tasks-low@web", "critical", CRITICAL, WARNING),
        metric_alarm("ecs.cpu-high@web", "warning", WARNING),
        metric_alarm("rds.cpu-high@main", "warning"),
        # Only there for others to name it.
        composite_alarm("incident.rds-signs@main", "", "FALSE"),
    )
    assert found == Who(
        receivers=(),
        unheard={
            TASKS: ("shop-critical", "shop-warning"),
            CPU: ("shop-warning",),
            Message(sort="alarm", name="rds.cpu-high@main"): (),
        },
    )


def test_what_one_of_two_topics_brings_to_somebody_is_heard() -> None:
    found = told(
        *TOPICS,
        metric_alarm("ecs.tasks-low@web", "critical", CRITICAL, WARNING),
        email(WARNING, "team@shop.jp"),
    )
    assert found.unheard == {}


def test_an_alarm_of_another_region_says_where() -> None:
    alarm = metric_alarm("health.down@shop", "critical", CRITICAL, region="us-east-1")
    ((message, topics),) = told(*TOPICS, alarm).unheard.items()
    assert (message.name, topics) == ("health.down@shop (us-east-1)", ("shop-critical",))


def test_an_events_targets_are_named_only_where_others_have_other_readers() -> None:
    key, failover = "ecs.deployment-failed", "rds.failover"
    data = topic_arn("shop-data-warning")
    found = told(
        *TOPICS,
        topic("shop-data-warning"),
        *event("failed-web", key, WARNING, about="web"),
        *event("failed-batch", key, data, about="batch"),
        *event("failover", failover, WARNING, about="main"),
        # The same event of another Region goes to a topic there, which is no other reader.
        *event("failover", failover, COMPANY, about="main", region="us-east-1"),
        email(WARNING, "team@shop.jp"),
        email(data, "data@shop.jp"),
    )
    web, batch, database = (
        Message(sort="event", name=name) for name in (f"{key} (web)", f"{key} (batch)", failover)
    )
    assert found == Who(
        receivers=(
            receiver(EndpointKind.EMAIL, "data@shop.jp", warning=batch),
            Receiver(
                kind=EndpointKind.EMAIL, address="team@shop.jp", told={"warning": (web, database)}
            ),
            Receiver(kind=EndpointKind.TOPIC, address=COMPANY, told={"": (database,)}),
        ),
        unheard={},
    )


def muting(name: str, *alarms: str) -> MutePreview:
    return MutePreview(name=name, schedule=NIGHTS, rules={f"shop-prod-mute-{name}--x": alarms})


def test_the_windows_that_keep_something_from_somebody() -> None:
    found = told(
        *TOPICS,
        metric_alarm("ecs.cpu-high@web", "warning", WARNING),
        metric_alarm("ecs.tasks-low@web", "critical", WARNING),
        reminder(WARNING),
        email(WARNING, "team@shop.jp"),
        mutes=(muting("nights", "ecs.cpu-high@web", "ecs.tasks-low@web"), muting("b", CPU.name)),
    )
    nights = "nights: cron(0 2 * * *) UTC, for 2 h"
    second = nights.replace("nights", "b")
    cpu = Message(sort="alarm", name=CPU.name, muted=(nights, second))
    tasks = Message(sort="alarm", name=TASKS.name, muted=(nights,))
    (team,) = found.receivers
    assert team.told == {"warning": (cpu, tasks, REMINDER)}
    assert team.muted == {nights: (cpu, tasks), second: (cpu,)}


def test_everything_for_scripts() -> None:
    found = told(
        *TOPICS,
        metric_alarm("ecs.cpu-high@web", "warning", COMPANY),
        metric_alarm("ecs.tasks-low@web", "critical", CRITICAL),
        mutes=(muting("nights", "ecs.cpu-high@web"),),
    )
    cpu = {"sort": "alarm", "name": CPU.name, "muted": ["nights: cron(0 2 * * *) UTC, for 2 h"]}
    tasks = {"sort": "alarm", "name": TASKS.name, "muted": []}
    assert found.as_json() == {
        "receivers": [{"kind": "topic", "address": COMPANY, "told": {"unknown": [cpu]}}],
        "unheard": [{**tasks, "topics": ["shop-critical"]}],
    }
