"""The section events: what it turns off, and mistakes in it."""

import pytest

from tests.components.registered import EVENT_RULE, EVENT_TARGET, TOPIC
from tests.settings.refusal import Mistake, mistakes, run_changed

NO_ALARMS = ("alb={}", "rds={}", "logs={}", "app={}")


MISTAKES = {
    "section": Mistake(
        "events={ecss: {}}", "events.ecss", {}, 'unknown key "ecss"; did you mean "ecs"?'
    ),
    "event": Mistake(
        "events={ecs: {deployment-faild: {enabled: false}}}",
        "events.ecs.deployment-faild",
        "deployment-faild",
        'unknown event "deployment-faild"; did you mean "deployment-failed"?',
    ),
    "severity": Mistake(
        "events={ecs: {deployment-failed: {severity: grave}}}",
        "events.ecs.deployment-failed.severity",
        "grave",
        "write one of: 'critical' or 'warning'",
    ),
    "field": Mistake(
        "events={ecs: {deployment-failed: {enabeld: false}}}",
        "events.ecs.deployment-failed.enabeld",
        False,
        'unknown key "enabeld"; did you mean "enabled"?',
    ),
    "nothing": Mistake(
        "events={ecs: {deployment-failed: {}}}",
        "events.ecs.deployment-failed",
        {},
        "changes nothing: write enabled or severity",
    ),
    "no mapping": Mistake(
        "events={ecs: false}", "events.ecs", False, "write a mapping of keys to values"
    ),
    "no word": Mistake("events={enabled: 'no'}", "events.enabled", "no", "write true or false"),
}


@mistakes(MISTAKES)
def test_a_mistake_names_setting_value_and_fix(mistake: Mistake) -> None:
    mistake.check()


def test_events_alone_make_their_topic() -> None:
    alarms = "alarms={ecs.cpu-high: {enabled: false}, ecs.memory-high: {enabled: false}}"
    run = run_changed(alarms, *NO_ALARMS)
    assert {topic.inputs["name"].rpartition("-")[2] for topic in run.of_type(TOPIC)} == {
        "critical",
        "warning",
    }
    assert run.of_type(EVENT_RULE)


@pytest.mark.slow
def test_an_event_changes_its_topic() -> None:
    run = run_changed("events={ecs: {deployment-failed: {severity: critical}}}")
    (found,) = (t for t in run.of_type(EVENT_TARGET) if t.name == "events.ecs.deployment-failed")
    assert found.inputs["arn"] == run.exports["topics"]["critical"]
