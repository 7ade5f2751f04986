"""A webhook's address is a secret: in the state, on the console, in the events and in errors."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation as auto

from sandbox.engine_deployer import EngineStack
from sandbox.events import EventLog
from sandbox.outcome import DeploymentError, ResourceAction
from stack.config import read_stack_config
from tests.sandbox.engine.small import ECS_ONLY
from tests.sandbox.refusing import refused
from tests.stack_files import copied_stack_files

_TOKEN = "s3cr3t-t0ken"
_PATH = "django-ecs-monitoring:alerts.webhooks.critical.pagerduty"


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that the engine writes to the console or sends as an event."""
    said: list[str] = []
    run = auto.PulumiCommand.run
    take = EventLog.__call__

    def listen(command: Any, args: Any, cwd: Any, env: Any, *_: Any) -> Any:
        return run(command, args, cwd, env, said.append, said.append)

    def keep(log: EventLog, event: Any) -> None:
        said.append(_everything_in(event))
        take(log, event)

    monkeypatch.setattr(auto.PulumiCommand, "run", listen)
    monkeypatch.setattr(EventLog, "__call__", keep)
    return said


def _everything_in(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(_everything_in(item) for item in value.values())
    if isinstance(value, list | tuple):
        return " ".join(map(_everything_in, value))
    inner = getattr(value, "__dict__", None)
    return _everything_in(inner) if inner else str(value)


@pytest.fixture
def stack(new_stack: Any) -> Iterator[EngineStack]:
    made = new_stack("prod", *ECS_ONLY)
    made.set_secret(_PATH, f"https://hooks.example.com/{_TOKEN}")
    return made  # type: ignore[no-any-return]


def _written(stack: EngineStack) -> str:
    backend = stack.state_file.parent.parent.parent
    assert stack.state_file.is_file()
    return "".join(
        path.read_text(errors="replace") for path in Path(backend).rglob("*") if path.is_file()
    )


def test_the_secret_reaches_aws_and_is_nowhere_in_plain_text(
    stack: EngineStack, emulator: Any, heard: list[str]
) -> None:
    preview = stack.preview()
    up = stack.up()
    stack.refresh()
    stack.up()
    subscriptions = emulator.client("sns", "ap-northeast-1").list_subscriptions()["Subscriptions"]
    assert f"https://hooks.example.com/{_TOKEN}" in {s["Endpoint"] for s in subscriptions}
    (webhook,) = [r for r in up.registrations if r.name.endswith("https-pagerduty")]
    assert webhook.secret_inputs == {"endpoint"}

    assert _TOKEN not in _written(stack)
    assert heard
    assert not [line for line in heard if _TOKEN in line]
    for outcome in (preview, up):
        assert _TOKEN not in str((outcome.changes, outcome.exports, outcome.warnings))


def test_a_changed_secret_replaces_the_subscription_and_stays_secret(
    stack: EngineStack, emulator: Any, heard: list[str]
) -> None:
    stack.up()
    stack.set_secret(_PATH, f"https://hooks.example.com/{_TOKEN}-2")
    touched = [c for c in stack.up().changes if c.action is not ResourceAction.SAME]
    assert [(c.action, c.name) for c in touched] == [
        (ResourceAction.REPLACE, "alerts-critical-https-pagerduty")
    ]
    assert _TOKEN not in _written(stack)
    assert not [line for line in heard if _TOKEN in line]


def test_an_error_of_aws_that_repeats_the_secret_does_not_give_it_away(
    stack: EngineStack, emulator: Any, heard: list[str]
) -> None:
    message = f"Invalid parameter: https://hooks.example.com/{_TOKEN} is unreachable"
    with (
        refused(emulator, "Subscribe", code="InvalidParameter", message=message),
        pytest.raises(DeploymentError, match="is unreachable") as raised,
    ):
        stack.up()
    assert _TOKEN not in str(raised.value)
    assert not [line for line in heard if _TOKEN in line]


def test_a_secret_of_the_settings_file_that_cannot_be_read_is_stood_in_for(
    deployer: Any, emulator: Any, tmp_path: Path
) -> None:
    path = copied_stack_files(tmp_path) / "Pulumi.staging.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "django-ecs-monitoring:alerts:\n",
        "django-ecs-monitoring:alerts:\n    webhooks: {warning: {chat: {secure: v1:abc}}}\n",
    )
    path.write_text(text, encoding="utf-8")
    config = read_stack_config("staging", directory=tmp_path)
    emulator.ensure_log_group("/ecs/django-app", "ap-northeast-1")
    outcome = deployer.stack(config).up()
    (webhook,) = [r for r in outcome.registrations if r.name.endswith("https-chat")]
    assert webhook.secret_inputs == {"endpoint"}
