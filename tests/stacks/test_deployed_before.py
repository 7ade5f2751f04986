"""A stack deployed by an earlier version updates without replacing an alarm.

``deployed_before.json`` has each alarm's URN and name as version 0.1.0 of the program registered
them for the two example stacks. The engine keeps a resource whose URN stays; the provider replaces
an alarm only where its name changes (``forceNew`` of ``aws:cloudwatch/metricAlarm:MetricAlarm``).
"""

import json
from pathlib import Path

import pytest

from stack.config import read_stack_config
from stack.program import run_program
from tests.components.registered import ALARM

BEFORE: dict[str, dict[str, str]] = json.loads(
    Path(__file__).with_name("deployed_before.json").read_text(encoding="utf-8")
)


@pytest.mark.slow
@pytest.mark.parametrize("stack", BEFORE)
def test_every_alarm_keeps_its_urn_and_name(stack: str) -> None:
    alarms = run_program(read_stack_config(stack)).of_type(ALARM)
    now = {alarm.urn: alarm.inputs["name"] for alarm in alarms}
    assert len(BEFORE[stack]) > 20
    assert {urn: now.get(urn) for urn in BEFORE[stack]} == BEFORE[stack]
