"""What ``--against`` says of events and incidents, from previews made by hand."""

from typing import Any

import pytest

from stack.against.difference import PreviewDifference, difference, summary
from stack.against.other_changes import event_changes

CRITICAL, WARNING = "alerts-critical", "alerts-warning"


def event(key: str = "ecs.out-of-memory", **changes: Any) -> dict[str, Any]:
    return {
        "key": key,
        "name": f"events-project-prod-{key.replace('.', '-')}",
        "about": "web",
        "severity": "warning",
        "topics": [WARNING],
        "pattern": {"source": ["aws.ecs"], "detail": {"reason": [{"prefix": "OutOfMemory"}]}},
        "region": "",
        **changes,
    }


def incident(address: str = "incident.alb@main", **changes: Any) -> dict[str, Any]:
    return {
        "address": address,
        "name": f"project-prod-{address}",
        "critical": ["alb.target-5xx@main"],
        "signs": [],
        "silent_for": ["incident.ecs@web"],
        "wait_period": 420,
        "extension_period": 540,
        "topics": [CRITICAL],
        "region": "",
        **changes,
    }


def preview(**parts: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "project": "project",
        "stack": "prod",
        "resources": [],
        "alarms": [],
        "omitted": {},
        "cost": {"total": "1.00", "lines": []},
    }
    return {**empty, **parts}


def of_events(
    before: list[dict[str, Any]], after: list[dict[str, Any]], **parts: Any
) -> tuple[str, ...]:
    return tuple(event_changes(preview(events=before), preview(events=after, **parts)))


def test_a_new_event_says_its_severity_and_who_is_told() -> None:
    assert of_events([], [event()]) == (
        "ecs.out-of-memory (web) is new: warning, notifies alerts-warning",
    )
    silent = event(topics=[], severity="critical")
    assert of_events([], [silent]) == ("ecs.out-of-memory (web) is new: critical, notifies nobody",)


def test_an_event_that_goes_says_why_where_the_stack_does() -> None:
    assert of_events([event()], []) == ("ecs.out-of-memory (web) goes",)
    omitted = {"ecs.out-of-memory@web": "the settings have it off", "ecs.other@web": "no matter"}
    assert of_events([event()], [], omitted=omitted) == (
        "ecs.out-of-memory (web) goes: the settings have it off",
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"severity": "critical"}, "severity: warning becomes critical"),
        ({"topics": [CRITICAL]}, "notifies: alerts-warning becomes alerts-critical"),
        ({"topics": [WARNING, CRITICAL]},
         "notifies: alerts-warning becomes alerts-warning; alerts-critical"),
        ({"topics": []}, "notifies: alerts-warning becomes nobody"),
        ({"about": "web, worker"}, "about: web becomes web, worker"),
        ({"pattern": {"source": ["aws.ecs"]}}, "which events it takes"),
    ],
)  # fmt: skip
def test_an_event_that_changes(change: dict[str, Any], words: str) -> None:
    assert of_events([event()], [event(**change)]) == (f"ecs.out-of-memory: {words}",)


def test_a_rule_of_another_region_is_another_rule() -> None:
    """AWS tells of its own issues in two regions, under one name."""
    here, there = event(), event(region="us-east-1")
    assert of_events([here], [here, there]) == (
        "ecs.out-of-memory (web) in us-east-1 is new: warning, notifies alerts-warning",
    )
    assert of_events([here, there], [here]) == ("ecs.out-of-memory (web) in us-east-1 goes",)


def test_an_event_of_another_severity_tells_other_topics() -> None:
    changed = event(severity="critical", topics=[CRITICAL], pattern={"source": ["aws.health"]})
    assert of_events([event()], [changed]) == (
        "ecs.out-of-memory: severity: warning becomes critical, "
        "notifies: alerts-warning becomes alerts-critical",
    )


def test_rules_of_one_event_are_told_apart_by_their_names() -> None:
    """A stack with two services of routes of their own has two rules of one key."""
    web, worker = event(), event(name="events-project-prod-worker", about="worker")
    assert of_events([web], [web, worker]) == (
        "ecs.out-of-memory (worker) is new: warning, notifies alerts-warning",
    )


def test_a_preview_without_events_is_an_older_programs() -> None:
    assert tuple(event_changes(preview(), preview(events=[event()])))
    assert tuple(event_changes(None, preview(events=[event()])))
    assert tuple(event_changes(preview(events=[event()]), preview())) == (
        "ecs.out-of-memory (web) goes",
    )


def of_incidents(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> PreviewDifference:
    return difference(preview(incidents=before), preview(incidents=after), called="main")


def changes(**fields: Any) -> list[str]:
    return [str(change) for change in of_incidents([incident()], [incident(**fields)]).changed]


def test_a_new_incident_says_what_pages_and_what_it_is_silent_for() -> None:
    moved = of_incidents([], [incident(signs=["alb.slow@main"])])
    assert moved.new == (
        "incident.alb@main: pages with alb.target-5xx@main, with a symptom and alb.slow@main, "
        "notifies alerts-critical, silent for incident.ecs@web, for which it waits 7 min",
    )
    assert summary(moved) == "Against main: 1 alarm new."
    rests_on_nothing = incident(silent_for=[], wait_period=0, extension_period=0)
    assert of_incidents([], [rests_on_nothing]).new == (
        "incident.alb@main: pages with alb.target-5xx@main, notifies alerts-critical",
    )


def test_an_incident_that_goes() -> None:
    moved = of_incidents([incident()], [])
    assert (moved.gone, moved.new, moved.changed) == (("incident.alb@main",), (), ())


def test_an_incident_that_stays_is_no_change() -> None:
    assert changes() == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"critical": ["alb.target-5xx@main", "alb.unhealthy@main"]},
            "now pages with alb.unhealthy@main",
        ),
        ({"critical": []}, "no longer pages with alb.target-5xx@main"),
        ({"signs": ["alb.slow@main"]}, "now pages with a symptom and alb.slow@main"),
        (
            {"silent_for": ["incident.rds@main"]},
            "now silent for incident.rds@main, no longer silent for incident.ecs@web",
        ),
        ({"topics": [CRITICAL, "alerts-web"]},
         "notifies: alerts-critical becomes alerts-critical; alerts-web"),
        ({"wait_period": 600}, "waits for its causes: 7 min becomes 10 min"),
        ({"extension_period": 900}, "may outlive its causes: 9 min becomes 15 min"),
        (
            {"silent_for": [], "wait_period": 0, "extension_period": 0},
            "no longer silent for incident.ecs@web",
        ),
    ],
)  # fmt: skip
def test_an_incident_that_changes(fields: dict[str, Any], words: str) -> None:
    assert changes(**fields) == [f"incident.alb@main: {words}"]


def test_a_composite_alarm_is_told_in_words_alone() -> None:
    """What holds others back is no incident: it is told by what they are silent for."""
    composite = {
        "type": "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        "name": "incidents.main-alb",
        "inputs": {"alarmName": "project-prod-incident.alb@main"},
    }
    compared = difference(preview(), preview(resources=[composite]), called="main")
    assert compared.resources == ()
