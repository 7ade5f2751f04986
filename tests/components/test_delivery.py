"""Who watches the watcher: what a topic loses is told on the other one."""

from collections.abc import Mapping

import pytest

from ecs_monitoring.rules import DELIVERY
from stack.program import ProgramRun
from tests.components.registered import EVENT_RULE, EVENT_TARGET, QUEUE, TOPIC, alarms, named
from tests.components.small import RunWith

PAGES = "alerts.paging=alarm"


def watching(run: ProgramRun) -> Mapping[str, list[str]]:
    """The addresses of the alarms on deliveries, each with the Pulumi names of whom it tells."""
    names = {topic.arn: name for name, topic in named(run, TOPIC).items()}
    return {
        address: [names[arn] for arn in alarm.inputs["alarmActions"]]
        for address, alarm in alarms(run).items()
        if address.startswith("delivery.")
    }


def test_each_topics_failures_are_told_on_the_other(run_with: RunWith) -> None:
    assert watching(run_with(PAGES)) == {
        "delivery.notifications-failed@critical": ["alerts-warning"],
        "delivery.dead-letters@critical/notifications": ["alerts-warning"],
        "delivery.notifications-failed@warning": ["alerts-critical"],
        "delivery.dead-letters@warning/notifications": ["alerts-critical"],
        "delivery.dead-letters@warning/events": ["alerts-critical"],
        "delivery.events-failed@warning/1": ["alerts-critical"],
        "delivery.events-failed@warning/2": ["alerts-critical"],
    }


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


def test_without_another_topic_it_says_so(run_with: RunWith) -> None:
    run = run_with(stack="staging")
    assert not watching(run)
    omitted = run.exports["omitted_alarms"]
    assert {key for key in omitted if key.startswith("delivery.")} == {
        f"{key}@warning" for key in DELIVERY.keys
    }
    assert omitted["delivery.dead-letters@warning"].startswith("there is no other topic")


def test_without_events_nothing_of_them_is_watched(run_with: RunWith) -> None:
    run = run_with(PAGES, "events.enabled=false")
    assert not [address for address in watching(run) if "events" in address]
    assert "delivery.events-failed@warning" in run.exports["omitted_alarms"]


@pytest.mark.parametrize("key", sorted(DELIVERY.keys))
def test_an_override_turns_one_off(run_with: RunWith, key: str) -> None:
    run = run_with(PAGES, f"alarms={{'{key}@warning': {{enabled: false}}}}")
    assert not [address for address in watching(run) if address.startswith(f"{key}@warning")]


def test_of_an_unknown_topic_there_is_no_override(run_with: RunWith) -> None:
    with pytest.raises(Exception, match='unknown target "warnin"; did you mean "warning"'):
        run_with(PAGES, "alarms={'delivery.dead-letters@warnin': {threshold: 5}}")


def test_one_page_an_incident_watches_too(run_with: RunWith) -> None:
    """Each critical alarm tells warnings then, and a composite alarm of its own pages."""
    run = run_with("alerts.paging=incident")
    composites = run.of_type("aws:cloudwatch/compositeAlarm:CompositeAlarm")
    assert [one.name for one in composites if "delivery" in one.name] == [
        "incidents.delivery.warning"
    ]
