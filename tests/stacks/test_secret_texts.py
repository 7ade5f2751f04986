"""Secrecy follows a value wherever it stands: as an address, as a key, in other sections."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from settings.errors import SettingsError
from stack.config import read_stack_config
from stack.program import ProgramRun, run_program
from tests.components.registered import SCHEDULE, SUBSCRIPTION

TOKEN: Final = "c0ffee5ec2e7"
ADDRESS: Final = f"alarms-{TOKEN}@acme.pagerduty.com"
SECRETLY: Final = f"alerts.secret_emails={{critical: {{pager: '{ADDRESS}'}}}}"


def run_secretly(*changes: str, section: str = "alerts", **options: Any) -> ProgramRun:
    config = read_stack_config("prod", settings=changes)
    secret = replace(config, secret_keys=frozenset({f"django-ecs-monitoring:{section}"}))
    return run_program(secret, **options)


@pytest.mark.slow
def test_the_address_of_an_integration_is_a_secret() -> None:
    run = run_secretly(SECRETLY)
    (mail,) = [s for s in run.of_type(SUBSCRIPTION) if s.name == "alerts-critical-email-pager"]
    assert mail.inputs["endpoint"] == ADDRESS
    assert "endpoint" in mail.secret_inputs
    for one in run.registrations:
        plain = {k: v for k, v in one.inputs.items() if k not in one.secret_inputs}
        assert TOKEN not in json.dumps([one.urn, one.name, plain], default=str), one.name
    assert TOKEN not in json.dumps([run.warnings, run.exports], default=str)


def shown(run: ProgramRun) -> dict[str, str]:
    """Pulumi name to everything of a registration that is in no secret."""
    return {
        one.name: json.dumps(
            [one.urn, {k: v for k, v in one.inputs.items() if k not in one.secret_inputs}],
            default=str,
        )
        for one in run.registrations
    }


def said(run: ProgramRun) -> str:
    return json.dumps([run.warnings, run.exports, run.outputs], default=str)


@pytest.mark.slow
def test_every_address_beside_a_secret_one_is_a_secret_too() -> None:
    """Pulumi says that the section holds a secret, and not which value it is.

    The resources' names keep the queue's: a subscription of another name would be another one.
    """
    queue = f"arn:aws:sqs:ap-northeast-1:123456789012:{TOKEN}"
    run = run_secretly(SECRETLY, f"alerts.queues={{critical: ['{queue}']}}")
    subscriptions = run.of_type(SUBSCRIPTION)
    assert {s.inputs["protocol"] for s in subscriptions} == {"email", "sqs"}
    assert all("endpoint" in s.secret_inputs for s in subscriptions)
    leaks = {name for name, text in shown(run).items() if TOKEN in text}
    assert leaks == {f"alerts-critical-sqs-{queue}"}
    assert TOKEN not in said(run)


@pytest.mark.parametrize("preview", [False, True], ids=["deployed", "previewed"])
def test_a_section_that_is_a_secret_as_a_whole_shows_no_address_in_names_either(
    preview: bool,
) -> None:
    """Nothing in it has to be a secret, so that all of it is meant: names have numbers."""
    mail = f"{TOKEN}@acme.jp"
    emails = f"emails: {{critical: ['{mail}'], warning: ['a@b.jp', '{TOKEN}@example.com']}}"
    queues = f"queues: {{critical: ['arn:aws:sqs:ap-northeast-1:123456789012:{TOKEN}']}}"
    routes = f"routes: {{data: {{alarms: [rds], emails: {{warning: ['{mail}']}}}}}}"
    run = run_secretly(f"alerts={{{emails}, {queues}, {routes}}}", preview=preview)
    assert not [name for name, text in shown(run).items() if TOKEN in text]
    assert TOKEN not in said(run)
    assert any("is a placeholder" in warning for warning in run.warnings)
    assert {s.name for s in run.of_type(SUBSCRIPTION)} == {
        *("alerts-critical-email-1", "alerts-critical-sqs-1"),
        *("alerts-warning-email-1", "alerts-warning-email-2", "alerts.data-warning-email-1"),
    }


@pytest.mark.slow
def test_addresses_of_a_section_without_a_secret_are_plain() -> None:
    run = run_program(read_stack_config("prod"))
    assert not any(s.secret_inputs for s in run.of_type(SUBSCRIPTION))


@pytest.mark.slow
def test_a_secret_link_is_a_secret_in_the_reminder() -> None:
    link = f"https://wiki.shop.jp/{TOKEN}"
    run = run_secretly(f"review={{reminder: true, link: '{link}'}}", section="review")
    assert not [name for name, text in shown(run).items() if TOKEN in text]
    assert TOKEN not in said(run)
    (schedule,) = run.of_type(SCHEDULE)
    assert link in schedule.inputs["target"]["input"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("section", "change"),
    [
        ("ecs", f"ecs.web.cluster={TOKEN}"),
        ("logs", f"logs.app.group=/ecs/{TOKEN}"),
        ("health", f"health.web.url=https://www.shop.jp/{TOKEN}"),
        ("alarms", f"alarms={{ecs.cpu-high: {{runbook: 'https://wiki.shop.jp/{TOKEN}'}}}}"),
        ("tags", f"tags.Owner={TOKEN}"),
        ("runbooks", f"runbooks=https://wiki.shop.jp/{TOKEN}"),
    ],
)
def test_a_section_that_could_not_stay_secret_is_refused(section: str, change: str) -> None:
    assert run_program(read_stack_config("prod", settings=[change])).registrations
    with pytest.raises(SettingsError, match="write each in plain text") as caught:
        run_secretly(change, section=section)
    (problem,) = caught.value.problems
    assert problem.path == f"django-ecs-monitoring:{section}"
    assert TOKEN not in str(caught.value)


def test_it_is_refused_in_plain_text() -> None:
    config = replace(read_stack_config("prod", settings=[SECRETLY]), secret_keys=frozenset())
    with pytest.raises(SettingsError, match="plain text") as caught:
        run_program(config)
    assert TOKEN not in str(caught.value)


@pytest.mark.slow
def test_what_is_tried_on_the_command_line_is_as_secret() -> None:
    assert run_program(read_stack_config("prod", settings=[SECRETLY])).registrations


def test_it_is_no_plain_address() -> None:
    change = f"alerts.emails={{critical: ['{ADDRESS}']}}"
    with pytest.raises(SettingsError, match="write it to secret_emails") as caught:
        run_secretly(change)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("section", "change"),
    [
        ("alerts", f"alerts.webhooks={{critical: {{'https://x.example/{TOKEN}': 'http://x'}}}}"),
        ("alerts", f"alerts.emails={{critical: {{'{TOKEN}@acme.example.org': x}}}}"),
        (
            "alerts",
            f"alerts.topics={{critical: ['arn:aws-cn:sns:cn-north-1:123456789012:{TOKEN}']}}",
        ),
        (
            "alerts",
            f"alerts.queues={{critical: ['arn:aws-cn:sqs:cn-north-1:123456789012:{TOKEN}']}}",
        ),
        ("alarms", f"alarms={{ecs.cpu-high: {{threshold: 900, runbook: 'https://w/{TOKEN}'}}}}"),
        ("alarms", f"alarms={{ecs.cpu-high: {{runbook: 'https://wiki/{TOKEN * 100}'}}}}"),
        ("review", f"review={{reminder: true, link: 'https://x y/{TOKEN}'}}"),
        ("ecs", f"ecs={{web: {{cluster: 'arn:{TOKEN}', service: x}}}}"),
        ("logs", f"logs={{app: {{group: 'bad group {TOKEN}'}}}}"),
        ("runbooks", f"runbooks='[https://wiki/{TOKEN}'"),
    ],
)
def test_no_error_shows_a_text_of_a_secret_section(section: str, change: str) -> None:
    with pytest.raises(SettingsError) as caught:
        run_secretly(change, section=section)
    assert TOKEN not in str(caught.value)
    assert section in str(caught.value)
