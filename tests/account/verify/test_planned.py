"""What a stack would have, by region, from what a run registers."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from account.coverage.watchers import Watcher, reads
from account.verify.planned import (
    Planned,
    PlannedChannel,
    PlannedFilter,
    PlannedGroup,
    planned,
    planned_alarm,
)
from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import MetricKey, MetricStat
from ecs_monitoring.cloudwatch.endpoint import EndpointKind
from stack.events import EVENT_RULE
from stack.placeholder_aws import ACCOUNT
from stack.program import Registration
from stack.resource_types import (
    DASHBOARD,
    HEALTH_CHECK,
    LOG_FILTER,
    LOG_GROUP,
    QUEUE,
    SLACK_CHANNEL,
    SUBSCRIPTION,
    TEAMS_CHANNEL,
)
from tests.account.emulated import HOME
from tests.registrations import (
    composite_alarm,
    metric_alarm,
    registered,
    run_of,
    topic,
    topic_arn,
)

OUTSIDE = "us-east-1"


def queue(name: str) -> Registration:
    return registered(QUEUE, name, {"name": name}, arn=f"arn:aws:sqs:{HOME}:{ACCOUNT}:{name}")


def told(protocol: str, endpoint: str, n: int = 1) -> Registration:
    return registered(SUBSCRIPTION, f"s{n}", {"protocol": protocol, "endpoint": endpoint})


def log_filter(group: str, metric: str, pattern: str = "ERROR") -> Registration:
    feeds = {"namespace": "shop/prod", "name": metric, "value": "1"}
    inputs = {
        "name": f"shop-{metric}",
        "logGroupName": group,
        "pattern": pattern,
        "metricTransformation": feeds,
    }
    return registered(LOG_FILTER, f"{group}-{metric}", inputs)


def counted(metric: str, pattern: str = "ERROR") -> PlannedFilter:
    key = MetricKey(namespace="shop/prod", name=metric, dimensions=frozenset())
    return PlannedFilter(name=f"shop-{metric}", metric=key, pattern=pattern)


def home(*made: Registration) -> Planned:
    (only,) = planned(run_of(*made), HOME)
    return only


def test_a_stack_without_anything_has_its_own_region() -> None:
    assert planned(run_of(), HOME) == [Planned(region=HOME)]


def test_each_region_has_its_own_and_the_stacks_comes_first() -> None:
    elsewhere = metric_alarm("health.down@shop", region=OUTSIDE)
    plans = planned(
        run_of(elsewhere, metric_alarm("ecs.cpu-high@web"), metric_alarm("rds.up@a", region="")),
        HOME,
    )
    assert [(plan.region, [w.shown for w in plan.watchers]) for plan in plans] == [
        (HOME, ["ecs.cpu-high@web", "rds.up@a"]),
        (OUTSIDE, ["health.down@shop"]),
    ]
    assert [w.own.region for plan in plans for w in plan.watchers if w.own] == [
        HOME,
        HOME,
        OUTSIDE,
    ]


def test_components_are_in_no_region() -> None:
    component = registered("shop:index:Thing", "thing", {"region": OUTSIDE}, custom=False)
    assert planned(run_of(component), HOME) == [Planned(region=HOME)]


def test_alarms_by_address_with_what_they_read() -> None:
    cpu = metric_alarm("ecs.cpu-high@web")
    incident = composite_alarm("incident.ecs@web", "critical", "FALSE")
    above = composite_alarm("a.above@web", "", "FALSE")
    watchers = home(cpu, incident, above).watchers
    dimensions = frozenset({("ClusterName", "main"), ("ServiceName", "web")})
    metric = MetricKey(namespace="AWS/ECS", name="CPUUtilization", dimensions=dimensions)
    read = (MetricStat(metric=metric, statistic="Average"),)
    assert [(watcher.shown, replace(watcher, own=None)) for watcher in watchers] == [
        (
            address,
            Watcher(
                name=f"shop-prod-{address}",
                own=None,
                reads=read if address == "ecs.cpu-high@web" else (),
                queried=(),
                log_groups=(),
                tells=True,
            ),
        )
        for address in ("a.above@web", "ecs.cpu-high@web", "incident.ecs@web")
    ]
    assert [w.own.is_composite for w in watchers if w.own] == [True, False, True]


def test_an_alarm_as_it_would_be_read_back() -> None:
    before = datetime.now(UTC)
    alarm = planned_alarm(metric_alarm("ecs.cpu-high@web", "critical", "arn:aws:sns:x:1:t"), HOME)
    assert (alarm.name, alarm.arn) == (
        "shop-prod-ecs.cpu-high@web",
        f"arn:aws:cloudwatch:{HOME}:{ACCOUNT}:alarm:shop-prod-ecs.cpu-high@web",
    )
    assert (alarm.address, alarm.severity, alarm.region) == ("ecs.cpu-high@web", "critical", HOME)
    assert (alarm.state, alarm.state_updated >= before) == (AlarmState.INSUFFICIENT_DATA, True)
    assert alarm.topics == ("arn:aws:sns:x:1:t",)
    assert (alarm.is_composite, alarm.actions_enabled, alarm.problem) == (False, True, "")
    # Its metric says in what it is measured.
    assert alarm.condition == "CPUUtilization Average >= 80 %"
    # Tags may come later, by a provider's default_tags.
    made = metric_alarm("ecs.cpu-high@web")
    bare = replace(made, inputs={k: v for k, v in made.inputs.items() if k != "tags"})
    assert planned_alarm(bare, HOME).severity == ""


def test_log_groups_by_name_with_their_filters() -> None:
    group = registered(LOG_GROUP, "web", {"name": "/ecs/web"})
    found = home(
        log_filter("/ecs/web", "errors"),
        log_filter("/ecs/jobs", "errors"),
        log_filter("/ecs/web", "killed", "?Killed"),
        group,
    ).groups
    assert found == (
        PlannedGroup(name="/ecs/jobs", is_own=False, filters=(counted("errors"),)),
        PlannedGroup(
            name="/ecs/web", is_own=True, filters=(counted("errors"), counted("killed", "?Killed"))
        ),
    )


def test_dashboards_topics_and_channels() -> None:
    inputs: dict[str, Any] = {"dashboardName": "shop", "dashboardBody": '{"widgets": []}'}
    slack = {"slackTeamId": "T1", "slackChannelId": "C1"}
    teams = {"teamId": "team", "channelId": "19:x"}
    plan = home(
        registered(DASHBOARD, "d", inputs),
        registered(TEAMS_CHANNEL, "t", teams),
        registered(SLACK_CHANNEL, "s", slack),
        topic("shop-critical"),
    )
    assert plan.dashboards == {"shop": '{"widgets": []}'}
    assert plan.own_topics == {topic_arn("shop-critical")}
    assert plan.channels == (
        PlannedChannel(kind=EndpointKind.SLACK, workspace="T1", channel="C1"),
        PlannedChannel(kind=EndpointKind.TEAMS, workspace="team", channel="19:x"),
    )
    assert [channel.shown for channel in plan.channels] == [
        "Slack channel C1 of workspace T1",
        "Microsoft Teams channel 19:x of team team",
    ]


def test_queues_of_others_once() -> None:
    own = queue("dead-letters")
    pager, second = "arn:aws:sqs:us-east-1:2:pager", "arn:aws:sqs:us-east-1:2:second"
    plan = home(
        own,
        told("sqs", own.arn, 1),
        told("sqs", second, 2),
        told("sqs", pager, 3),
        told("sqs", second, 4),
        told("email", "oncall@shop.jp", 5),
    )
    assert plan.queues == (second, pager)


def test_what_the_stack_makes_has_no_data_yet() -> None:
    check = registered(HEALTH_CHECK, "shop-check", {"name": "never read", "type": "HTTPS"})
    rule = registered(EVENT_RULE, "r", {"name": "shop-failed"})
    far = registered(QUEUE, "q", {"name": "far", "region": OUTSIDE})
    here, there = planned(run_of(check, rule, topic("shop-critical"), queue("dead"), far), HOME)
    # The id of a check is known after the deployment; its metrics are of one region whatever the
    # stack's is.
    checks = ("HealthCheckId", "shop-check-id")
    assert here.made == {
        checks,
        ("RuleName", "shop-failed"),
        ("TopicName", "shop-critical"),
        ("QueueName", "dead"),
    }
    assert there.made == {checks, ("QueueName", "far")}


@pytest.mark.parametrize(
    ("namespace", "name", "dimensions", "is_made"),
    [
        ("shop/prod", "errors", {}, True),
        ("shop/test", "errors", {}, False),
        ("shop/prod", "others", {}, False),
        ("AWS/SQS", "Age", {"QueueName": "dead"}, True),
        # One of several dimensions is enough.
        ("AWS/SQS", "Age", {"A": "b", "QueueName": "dead"}, True),
        ("AWS/SQS", "Age", {"QueueName": "alive"}, False),
        ("AWS/SQS", "Age", {"TopicName": "dead"}, False),
    ],
)
def test_whether_the_stack_itself_makes_a_metric(
    namespace: str, name: str, dimensions: dict[str, str], is_made: bool
) -> None:
    plan = home(log_filter("/ecs/web", "errors"), queue("dead"))
    metric = MetricKey(namespace=namespace, name=name, dimensions=frozenset(dimensions.items()))
    assert plan.is_made(metric) is is_made


@pytest.mark.parametrize(
    ("namespace", "name", "groups"),
    [
        ("shop/prod", "errors", ["/ecs/jobs", "/ecs/web"]),
        ("shop/prod", "killed", ["/ecs/web"]),
        ("shop/test", "killed", []),
        ("shop/prod", "others", []),
    ],
)
def test_the_groups_whose_lines_an_alarm_counts(
    namespace: str, name: str, groups: list[str]
) -> None:
    plan = home(
        log_filter("/ecs/web", "errors"),
        log_filter("/ecs/web", "killed"),
        log_filter("/ecs/jobs", "errors"),
    )
    alarm = planned_alarm(
        metric_alarm("logs.x@app", namespace=namespace, metricName=name, dimensions={}), HOME
    )
    watcher = Watcher(name=alarm.name, own=alarm, reads=reads(alarm.raw))
    assert [group.name for group in plan.groups_of(watcher)] == groups
