"""The stream to New Relic through the real engine: deployed, unchanged, and its key nowhere."""

import json
from pathlib import Path
from typing import Any

from sandbox.engine_deployer import EngineStack
from sandbox.outcome import ResourceAction
from sandbox.readback import differences
from sandbox.readback.account_reader import AccountReader
from tests.sandbox.engine.small import ECS_ONLY

_KEY = "0123456789abcdef0123456789abcdef0123NRAL"
_PATH = "django-ecs-monitoring:new_relic.license_key"
_NAME = "new-relic-django-ecs-monitoring-prod"


def test_the_stream_is_deployed_with_a_key_that_is_nowhere_in_plain_text(
    new_stack: Any, emulator: Any
) -> None:
    stack: EngineStack = new_stack("prod", *ECS_ONLY, "new_relic.datacenter=us")
    stack.set_secret(_PATH, _KEY)
    preview = stack.preview()
    up = stack.up()
    reader = AccountReader(emulator.clients, "ap-northeast-1")
    assert differences(reader, up.registrations) == []
    (firehose,) = [r for r in up.registrations if r.type.endswith(":FirehoseDeliveryStream")]
    assert firehose.secret_inputs == {"httpEndpointConfiguration"}
    (metrics,) = emulator.client("cloudwatch", "ap-northeast-1").get_metric_stream(Name=_NAME)[
        "IncludeFilters"
    ][:1]
    assert metrics["Namespace"] == "AWS/ECS"
    stack.refresh()
    again = stack.up()
    assert {change.action for change in again.changes} == {ResourceAction.SAME}

    backend = Path(stack.state_file).parent.parent.parent
    written = [p.read_text(errors="replace") for p in backend.rglob("*") if p.is_file()]
    assert _NAME in "".join(written)
    assert not [text for text in written if _KEY in text]
    for outcome in (preview, up, again):
        told = [dict(outcome.exports), outcome.changes, outcome.warnings]
        assert _KEY not in json.dumps(told, default=str)

    stack.set_secret(_PATH, _KEY.replace("NRAL", "4567"))
    touched = [c for c in stack.up().changes if c.action is not ResourceAction.SAME]
    assert [(c.action, c.name) for c in touched] == [(ResourceAction.UPDATE, "new-relic")]
    stack.destroy()
    assert emulator.client("s3", "ap-northeast-1").list_buckets()["Buckets"] == []
