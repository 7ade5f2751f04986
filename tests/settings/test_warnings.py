"""What is allowed and probably not meant: alarms that nobody hears, addresses that are examples."""

import json

import pytest

from tests.settings.refusal import run_changed

PATH = "django-ecs-monitoring:alerts.emails"
QUEUE = "arn:aws:sqs:ap-northeast-1:123456789012:alarms"
TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:pager"


def nobody(severity: str, more: str = "") -> str:
    return f"nobody is notified of {severity} alarms{more}: add an address to {PATH}.{severity}"


def placeholder(email: str, severity: str) -> str:
    return f"{email} is a placeholder and gets no notifications: change it in {PATH}.{severity}"


def test_the_shipped_addresses_are_called_placeholders() -> None:
    assert run_changed(stack="prod").warnings == (
        placeholder("oncall@example.com", "critical"),
        placeholder("team@example.com", "warning"),
    )
    # Nothing in staging is critical, so that nobody needs to hear of it.
    assert run_changed(stack="staging").warnings == (placeholder("team@example.com", "warning"),)


@pytest.mark.parametrize(
    ("alerts", "unheard"),
    [
        ({}, ["critical", "warning"]),
        ({"emails": {"critical": [], "warning": []}}, ["critical", "warning"]),
        ({"emails": {"critical": ["a@b.jp"]}}, ["warning"]),
        ({"emails": {"warning": ["a@b.jp"]}}, ["critical"]),
        ({"queues": {"critical": [QUEUE]}, "topics": {"warning": [TOPIC]}}, []),
        ({"emails": {"critical": ["a@b.jp"], "warning": ["c@d.jp"]}}, []),
        ({"notify_on_recovery": ["critical"], "encryption": True}, ["critical", "warning"]),
    ],
    ids=["nothing", "empty", "critical", "warning", "no mail", "all", "no endpoints"],
)
def test_a_severity_that_nobody_hears_of_is_warned_of(
    alerts: dict[str, object], unheard: list[str]
) -> None:
    run = run_changed(f"alerts={json.dumps(alerts)}", "review={}")
    assert run.warnings == tuple(map(nobody, unheard))


def test_a_severity_without_alarms_needs_nobody() -> None:
    assert run_changed("alerts={}", stack="staging").warnings == (nobody("warning"),)


def test_an_outside_check_alone_makes_a_severity_used() -> None:
    run = run_changed("alerts={}", "health.site.url=https://www.example.com/", stack="staging")
    assert run.warnings == (nobody("critical"), nobody("warning"))


@pytest.mark.parametrize("changes", [[], ["ecs={}", "alb={}", "rds={}", "logs={}", "app={}"]])
def test_a_reminder_that_nobody_hears_of_is_warned_of(changes: list[str]) -> None:
    """It is a warning, whether or not any alarm is one."""
    run = run_changed("alerts={emails: {critical: [a@b.jp]}}", "review={reminder: true}", *changes)
    warnings = [warning for warning in run.warnings if "watches nothing" not in warning]
    assert warnings == [nobody("warning", ", nor of the reminder to review them")]


def test_an_override_may_leave_nobody_for_a_severity() -> None:
    mail = "alerts={emails: {warning: [a@b.jp]}}"
    run = run_changed(mail, "alarms.ecs.cpu-high@web.severity=critical", stack="staging")
    assert nobody("critical") in run.warnings


# The domains that are kept for examples: https://www.rfc-editor.org/rfc/rfc2606#section-3
@pytest.mark.parametrize("domain", ["example.com", "example.org", "example.net", "Example.COM"])
def test_an_example_s_domain_is_a_placeholder(domain: str) -> None:
    alerts = {"emails": {"critical": [f"oncall@{domain}", "a@b.jp"], "warning": ["a@b.jp"]}}
    run = run_changed(f"alerts={json.dumps(alerts)}")
    assert run.warnings == (placeholder(f"oncall@{domain}", "critical"),)


@pytest.mark.parametrize("domain", ["example.jp", "notexample.com", "example.com.jp"])
def test_other_domains_are_real(domain: str) -> None:
    alerts = {"emails": {"critical": [f"a@{domain}"], "warning": [f"a@{domain}"]}}
    assert run_changed(f"alerts={json.dumps(alerts)}").warnings == ()
