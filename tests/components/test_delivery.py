"""Who watches the watcher: what a topic loses is told on the other one."""

from collections.abc import Mapping

import pytest

from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules import DELIVERY
from ecs_monitoring.rules.plan import Scope
from stack.program import ProgramRun
from tests.components.registered import (
    COMPOSITE,
    EVENT_RULE,
    EVENT_TARGET,
    QUEUE,
    TOPIC,
    alarms,
    named,
)
from tests.components.small import RunWith

PAGES = "alerts.paging=alarm"
SCOPE = Scope(project="shop", stack="prod", component="delivery")


def watching(run: ProgramRun) -> Mapping[str, list[str]]:
    """The addresses of the alarms on deliveries, each with the Pulumi names of whom it tells."""
    names = {topic.arn: name for name, topic in named(run, TOPIC).items()}
    return {
        address: [names[arn] for arn in alarm.inputs["alarmActions"]]
        for address, alarm in alarms(run).items()
        if address.startswith("delivery.")
    }


@pytest.mark.slow
def test_each_topics_failures_are_told_on_the_other(run_with: RunWith) -> None:
    assert watching(run_with(PAGES)) == {
        "delivery.notifications-failed@critical": ["alerts-warning"],
        "delivery.dead-letters@critical/notifications": ["alerts-warning"],
        "delivery.notifications-failed@warning": ["alerts-critical"],
        "delivery.dead-letters@warning/notifications": ["alerts-critical"],
        "delivery.dead-letters@warning/events": ["alerts-critical"],
        "delivery.events-failed@warning": ["alerts-critical"],
        "delivery.events-failed@warning/2": ["alerts-critical"],
    }


@pytest.mark.slow
def test_they_watch_what_is_registered(run_with: RunWith) -> None:
    """Names, not Outputs: a topic or queue called otherwise would never fire."""
    run = run_with(PAGES)
    found = alarms(run)
    topics, queues = named(run, TOPIC), named(run, QUEUE)
    for severity in ("critical", "warning"):
        failed = found[f"delivery.notifications-failed@{severity}"].inputs
        assert failed["dimensions"] == {"TopicName": topics[f"alerts-{severity}"].inputs["name"]}
        kept = found[f"delivery.dead-letters@{severity}/notifications"].inputs
        queue = queues[f"alerts-{severity}-dead-letters"]
        assert kept["dimensions"] == {"QueueName": queue.inputs["name"]}
    lost = found["delivery.dead-letters@warning/events"].inputs
    assert lost["dimensions"] == {"QueueName": queues["events-warning-dead-letters"].inputs["name"]}


@pytest.mark.slow
def test_every_rule_that_publishes_is_watched(run_with: RunWith) -> None:
    run = run_with(PAGES)
    read = [
        query["metric"]["dimensions"]["RuleName"]
        for address, alarm in alarms(run).items()
        if address.startswith("delivery.events-failed@")
        for query in alarm.inputs["metricQueries"]
        if "metric" in query
    ]
    assert sorted(read) == sorted(rule.inputs["name"] for rule in run.of_type(EVENT_RULE))
    assert len(run.of_type(EVENT_TARGET)) >= len(read)


@pytest.mark.slow
def test_without_another_topic_it_says_so(run_with: RunWith) -> None:
    run = run_with(stack="staging")
    assert not watching(run)
    omitted = run.exports["omitted_alarms"]
    assert {key for key in omitted if key.startswith("delivery.")} == {
        f"{key}@warning" for key in DELIVERY.keys
    }
    assert omitted["delivery.dead-letters@warning"].startswith("there is no other topic")


@pytest.mark.slow
def test_without_events_nothing_of_them_is_watched(run_with: RunWith) -> None:
    run = run_with(PAGES, "events.enabled=false")
    assert not [address for address in watching(run) if "events" in address]
    assert "delivery.events-failed@warning" in run.exports["omitted_alarms"]


@pytest.mark.slow
@pytest.mark.parametrize("key", sorted(DELIVERY.keys))
def test_an_override_turns_one_off(run_with: RunWith, key: str) -> None:
    run = run_with(PAGES, f"alarms={{'{key}@warning': {{enabled: false}}}}")
    assert not [address for address in watching(run) if address.startswith(f"{key}@warning")]


def test_of_an_unknown_topic_there_is_no_override(run_with: RunWith) -> None:
    with pytest.raises(Exception, match='unknown target "warnin"; did you mean "warning"'):
        run_with(PAGES, "alarms={'delivery.dead-letters@warnin': {threshold: 5}}")


@pytest.mark.slow
def test_one_page_an_incident_watches_too(run_with: RunWith) -> None:
    """Each critical alarm tells warnings then, and a composite alarm of its own pages."""
    run = run_with("alerts.paging=incident")
    composites = run.of_type(COMPOSITE)
    assert [one.name for one in composites if "delivery" in one.name] == [
        "incidents.delivery.warning"
    ]


OUTSIDE = "health.web.url=https://www.shop.jp/readyz"


@pytest.mark.slow
def test_topics_outside_are_watched_where_their_metrics_are(run_with: RunWith) -> None:
    run = run_with(PAGES, OUTSIDE)
    watched = {a: told for a, told in watching(run).items() if "-outside" in a}
    assert watched == {
        "delivery.notifications-failed@critical-outside": ["alerts-outside-warning"],
        "delivery.dead-letters@critical-outside/notifications": ["alerts-outside-warning"],
        "delivery.notifications-failed@warning-outside": ["alerts-outside-critical"],
        "delivery.dead-letters@warning-outside/notifications": ["alerts-outside-critical"],
        "delivery.dead-letters@warning-outside/events": ["alerts-outside-critical"],
        "delivery.events-failed@warning-outside": ["alerts-outside-critical"],
    }
    topics, registered = named(run, TOPIC), alarms(run)
    for severity in ("critical", "warning"):
        failed = registered[f"delivery.notifications-failed@{severity}-outside"].inputs
        assert failed["region"] == "us-east-1"
        topic = topics[f"alerts-outside-{severity}"].inputs["name"]
        assert failed["dimensions"] == {"TopicName": topic}


@pytest.mark.slow
def test_outside_one_page_an_incident_watches_too(run_with: RunWith) -> None:
    run = run_with("alerts.paging=incident", OUTSIDE)
    (page,) = (c for c in run.of_type(COMPOSITE) if "delivery-outside" in c.name)
    topics = {topic.arn: name for name, topic in named(run, TOPIC).items()}
    assert [topics[arn] for arn in page.inputs["alarmActions"]] == ["alerts-outside-critical"]
    assert page.inputs["region"] == "us-east-1"


@pytest.mark.slow
def test_a_stack_at_home_there_tells_failures_outside_on_its_own_topics(run_with: RunWith) -> None:
    """With one page an incident, the topics outside are told of warnings alone."""
    run = run_with("alerts.paging=incident", "aws:region=us-east-1", OUTSIDE)
    assert "alerts-outside-critical" not in named(run, TOPIC)
    failed = "delivery.notifications-failed@warning-outside"
    assert watching(run)[failed] == ["alerts-warning"]
    (page,) = (c for c in run.of_type(COMPOSITE) if "delivery-outside" in c.name)
    assert page.inputs["alarmActions"] == [named(run, TOPIC)["alerts-critical"].arn]


@pytest.mark.slow
def test_an_alarm_outside_has_its_own_override(run_with: RunWith) -> None:
    failed = "delivery.notifications-failed@critical-outside"
    run = run_with(PAGES, OUTSIDE, f"alarms={{'{failed}': {{threshold: 7}}}}")
    assert alarms(run)[failed].inputs["threshold"] == 7
    assert alarms(run)[failed.removesuffix("-outside")].inputs["threshold"] == 1


def test_without_outside_checks_there_is_no_override_for_them(run_with: RunWith) -> None:
    with pytest.raises(Exception, match='unknown target "critical-outside"'):
        run_with("alarms={'delivery.dead-letters@critical-outside': {threshold: 5}}")


def test_the_eleventh_rule_leaves_the_alarm_on_the_first_ten_where_it_is() -> None:
    """An alarm reads at most ten metrics: CloudWatch would replace one that is called otherwise."""

    def read(count: int) -> dict[str, list[str]]:
        rules = tuple(f"events-{number}" for number in range(1, count + 1))
        target = DELIVERY.target(severity=Severity.WARNING, topic="mailbox", event_rules=rules)
        plan = DELIVERY.plan(SCOPE, "warning", target, {})
        return {
            rule.name: [metric.dimensions["RuleName"] for metric in rule.metrics]
            for rule in plan.rules
            if rule.key == "delivery.events-failed"
        }

    first = [f"events-{number}" for number in range(1, 11)]
    name = "shop-prod-delivery-warning-events-failed"
    assert read(10) == {name: first}
    assert read(11) == {
        name: first,
        "shop-prod-delivery-warning.2-events-failed": ["events-11"],
    }
