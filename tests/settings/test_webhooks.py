"""Webhooks carry keys: they are Pulumi secrets, and no message shows what stands in them."""

import json

import pytest

from stack.config import read_stack_config
from stack.program import run_program
from tests.components.registered import SUBSCRIPTION, only
from tests.settings.refusal import SECRET, Mistake, problem_at, refused, with_secret

KEY = "T0pS3cretKey"
URL = f"https://events.pagerduty.com/integration/{KEY}/enqueue"
PATH = "alerts.webhooks.critical.pagerduty"


def webhook(value: object) -> str:
    return f"alerts.webhooks.critical={json.dumps({'pagerduty': value})}"


def test_a_secret_webhook_is_subscribed_and_stays_secret() -> None:
    config = with_secret(read_stack_config("prod", settings=[webhook(URL)]), "alerts")
    run = run_program(config)
    subscription = only(s for s in run.of_type(SUBSCRIPTION) if s.inputs["protocol"] == "https")
    assert subscription.inputs["endpoint"] == URL
    assert "endpoint" in subscription.secret_inputs
    elsewhere = [found for found in run.registrations if found is not subscription]
    assert KEY not in json.dumps([dict(found.inputs) for found in elsewhere], default=str)
    assert KEY not in json.dumps([found.urn for found in run.registrations])
    assert KEY not in json.dumps([dict(run.exports), run.warnings], default=str)


def test_a_webhook_in_plain_text_is_refused() -> None:
    Mistake(
        webhook(URL),
        PATH,
        SECRET,
        "stands in plain text: write it with pulumi config set --secret --path "
        f"'django-ecs-monitoring:{PATH}'",
    ).check()


def test_the_command_that_makes_it_a_secret_quotes_an_odd_name() -> None:
    error = refused(f"alerts.webhooks.critical={json.dumps({'on call': URL})}")
    path = 'alerts.webhooks.critical["on call"]'
    assert f"--path 'django-ecs-monitoring:{path}'" in problem_at(error, path).fix


@pytest.mark.parametrize("secret", [False, True], ids=["plain", "secret"])
@pytest.mark.parametrize(
    "value",
    [
        KEY,
        "",
        f"http://events.pagerduty.com/{KEY}",
        f"ftp://events.pagerduty.com/{KEY}",
        f"https:///{KEY}",
        f"//events.pagerduty.com/{KEY}",
        f"https://{KEY}.pagerduty com/",
        # What Python's own URL parser trips over, and quotes in its error.
        f"https://[{KEY}",
        f"https://[{KEY}]/",
        f"https://{KEY}\u2100.com/",
        f"https://events.pagerduty.com:{KEY}/",
    ],
)
def test_what_is_no_https_url_is_refused_and_never_shown(value: str, secret: bool) -> None:
    error = refused(webhook(value), secret=secret)
    problem = problem_at(error, PATH)
    assert problem.value == "[secret]"
    assert "is no https URL: write https://<host>/<path>" in problem.fix
    assert KEY not in str(error)
    assert KEY.lower() not in str(error)


@pytest.mark.parametrize(
    "change",
    [
        webhook([URL]),
        webhook({"url": URL}),
        f"alerts.webhooks.critical={URL}",
        f"alerts.webhooks.critical=['{URL}']",
        f"alerts.webhooks={URL}",
        f"alerts.webhooks=['{URL}']",
        f"alerts.webhooks={{urgent: {{pagerduty: '{URL}'}}}}",
        f"alerts.webhook={{critical: {{pagerduty: '{URL}'}}}}",
        f"alerts.pagerduty={URL}",
        f"alerts={URL}",
        f"alerts=['{URL}']",
        f"alert={{webhooks: {{critical: {{pagerduty: '{URL}'}}}}}}",
    ],
)
def test_a_secret_in_the_wrong_place_is_not_shown(change: str) -> None:
    error = refused(change, secret=True)
    assert "pagerduty.com" not in str(error)
    assert KEY not in str(error)
