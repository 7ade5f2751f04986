"""A webhook's URL is a key to the pager: it is in no plain text, whatever happens."""

import json
from dataclasses import replace
from typing import Any, Final

import pulumi
import pytest
from pulumi.runtime import rpc

from settings.errors import SettingsError
from stack.config import read_stack_config
from stack.placeholder_aws import PlaceholderAws
from stack.program import ProgramRun, run_program
from tests.components.registered import SUBSCRIPTION

TOKEN: Final = "c0ffee5ec2e7"
URL: Final = f"https://events.example.com/integration/{TOKEN}/enqueue"
WEBHOOKS: Final = f"alerts.webhooks={{critical: {{pager: '{URL}'}}, warning: {{chat: '{URL}'}}}}"


def run_secretly(*changes: str, **options: Any) -> ProgramRun:
    """Run prod with its alert settings secret, as ``pulumi config set --secret`` makes them."""
    config = read_stack_config("prod", settings=changes)
    secret = replace(config, secret_keys=frozenset({"django-ecs-monitoring:alerts"}))
    return run_program(secret, **options)


class Recording(PlaceholderAws):
    """Remembers the endpoints that would have reached AWS."""

    def __init__(self) -> None:
        super().__init__("ap-northeast-1")
        self.endpoints: dict[str, str] = {}

    def new_resource(
        self, args: pulumi.runtime.MockResourceArgs
    ) -> tuple[str | None, dict[str, Any]]:
        if "endpoint" in args.inputs:
            self.endpoints[args.name] = rpc.unwrap_rpc_secret(args.inputs["endpoint"])
        return super().new_resource(args)


@pytest.mark.slow
@pytest.mark.parametrize("preview", [False, True], ids=["deployed", "previewed"])
@pytest.mark.parametrize(
    ("changes", "webhooks"),
    # Outside, incidents page, and alarms tell those who hear of warnings.
    [([], 2), (["health.web={url: 'https://www.example.com/'}"], 4)],
    ids=["inside", "outside too"],
)
def test_no_registration_holds_the_url_in_plain_text(
    changes: list[str], webhooks: int, preview: bool
) -> None:
    run = run_secretly(WEBHOOKS, *changes, preview=preview)
    found = [s for s in run.of_type(SUBSCRIPTION) if s.inputs["protocol"] == "https"]
    assert len(found) == webhooks
    assert all("endpoint" in webhook.secret_inputs for webhook in found)
    for registration in run.registrations:
        plain = {
            name: value
            for name, value in registration.inputs.items()
            if name not in registration.secret_inputs
        }
        seen = json.dumps([registration.urn, registration.name, plain], default=str)
        assert TOKEN not in seen, registration.name


@pytest.mark.slow
def test_nothing_that_is_said_or_exported_holds_the_url() -> None:
    run = run_secretly(WEBHOOKS)
    assert run.warnings
    assert run.exports["alarms"]
    assert TOKEN not in json.dumps([run.warnings, run.exports], default=str)


@pytest.mark.slow
def test_the_url_arrives() -> None:
    aws = Recording()
    run_secretly(WEBHOOKS, mocks=aws)
    assert aws.endpoints["alerts-critical-https-pager"] == URL
    assert aws.endpoints["alerts-warning-https-chat"] == URL


def test_a_plain_text_url_is_refused_without_being_shown() -> None:
    config = replace(read_stack_config("prod", settings=[WEBHOOKS]), secret_keys=frozenset())
    with pytest.raises(SettingsError, match="plain text") as caught:
        run_program(config)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(f"alerts.webhooks={{critical: {{pager: 'http://x/{TOKEN}'}}}}", id="no https"),
        pytest.param(f"alerts.webhooks={{critical: '{URL}'}}", id="no name"),
        pytest.param(f"alerts.webhooks={{critical: ['{URL}']}}", id="a list"),
        pytest.param(f"alerts.webhooks={{critcal: {{pager: '{URL}'}}}}", id="misspelt severity"),
        pytest.param(f"alerts.webhooks='{URL}'", id="no severity"),
        pytest.param(f"alerts.webhooks={{critical: {{pager: {{url: '{URL}'}}}}}}", id="too deep"),
        pytest.param(f"alerts.webhook={{critical: {{pager: '{URL}'}}}}", id="misspelt section"),
        pytest.param(f"alerts=['{URL}']", id="a list of URLs"),
        pytest.param(f"alerts.emails={{critical: ['{URL}']}}", id="among the addresses"),
    ],
)
def test_a_misplaced_url_is_refused_without_being_shown(change: str) -> None:
    with pytest.raises(SettingsError) as caught:
        run_secretly(change)
    assert "alerts" in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert all(TOKEN not in repr(problem) for problem in caught.value.problems)
