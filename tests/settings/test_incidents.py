"""What rests on what: every mistake is told with its place, before anything is registered."""

import pytest

from tests.components.registered import COMPOSITE, TOPIC, named
from tests.settings.refusal import refused, run_changed, warned

INCIDENT = "alerts.paging=incident"


def problems(*changes: str) -> list[str]:
    return [str(problem) for problem in refused(*changes).problems]


@pytest.mark.parametrize(
    ("value", "path", "message"),
    [
        (
            "{ecs.wbe: [rds.main]}",
            'alerts.depends_on["ecs.wbe"]',
            'unknown target "ecs.wbe"; did you mean "ecs.web"?',
        ),
        (
            "{ecs.web: [rds.mian]}",
            'alerts.depends_on["ecs.web"][0]',
            'unknown target "rds.mian"; did you mean "rds.main"?',
        ),
        (
            "{ecs.web: [main]}",
            'alerts.depends_on["ecs.web"][0]',
            "write it as <section>.<name>",
        ),
        (
            "{ecs.web: [rds.main, rds.main]}",
            'alerts.depends_on["ecs.web"]',
            "names one of its entries twice",
        ),
        (
            "{rds.main: [ecs.web]}",
            "alerts.depends_on",
            "a cause and its symptom cannot be each other's; leave one of them out",
        ),
    ],
)
def test_a_dependency_that_cannot_be(value: str, path: str, message: str) -> None:
    found = problems(INCIDENT, f"alerts.depends_on={value}")
    assert any(path in line and message in line for line in found), found


def test_an_outside_check_of_another_region_depends_on_nothing() -> None:
    found = problems(
        INCIDENT,
        "health.web={url: 'https://www.example.com/'}",
        "alerts.depends_on={health.web: [alb.main]}",
    )
    assert any("one Region only" in line and "us-east-1" in line for line in found), found


@pytest.mark.parametrize("value", ["page", "Incident", "true"])
def test_paging_is_one_of_two_words(value: str) -> None:
    found = problems(f"alerts.paging={value}")
    assert any("alerts.paging" in line and "incident" in line for line in found), found


@pytest.mark.slow
def test_dependencies_without_incidents_are_warned_of() -> None:
    dependencies = "alerts.depends_on={ecs.web: [rds.main]}"
    assert any("depends_on" in w for w in warned("alerts.paging=alarm", dependencies))
    assert not any("depends_on" in w for w in warned(INCIDENT, dependencies))


def test_a_stack_at_home_where_outside_checks_are_is_paged_at_home() -> None:
    """One IncidentPaging has all of a Region, and its topics are those of the stack itself."""
    run = run_changed(
        INCIDENT,
        "aws:region=us-east-1",
        *(f"{section}={{}}" for section in ("ecs", "alb", "rds", "logs", "app", "alarms")),
        "health.web={url: 'https://www.example.com/'}",
    )
    topics = named(run, TOPIC)
    # The check itself warns outside; nothing pages there, so that nobody need confirm it.
    assert set(topics) == {"alerts-critical", "alerts-warning", "alerts-outside-warning"}
    pages = {
        one.inputs["alarmName"]: one.inputs.get("alarmActions") for one in run.of_type(COMPOSITE)
    }
    name = "django-ecs-monitoring-prod-incident-web-health"
    assert pages[name] == [topics["alerts-critical"].arn]
