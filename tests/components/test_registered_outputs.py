"""Each component registers its outputs, which Pulumi's other languages and consoles read."""

from typing import Any

import pulumi
import pytest

from stack.program import ProgramRun
from tests.components.small import RunWith

MONITORING = {"alarms", "omitted", "graphs", "mute_rules"}
OUTPUTS = {
    "EcsMonitoring": MONITORING,
    "AlbMonitoring": MONITORING,
    "RdsMonitoring": MONITORING,
    "LogMonitoring": MONITORING,
    "ApplicationMonitoring": MONITORING,
    "HealthCheckMonitoring": MONITORING,
    "AlertRouting": {"topics", "team_topics"},
    "EventMonitoring": {"rules", "omitted"},
    "DeliveryMonitoring": MONITORING,
    "Dashboard": {"dashboard_name", "url", "dashboards"},
    "NewRelicStream": {"stream", "failed_records"},
    "ChatChannels": {"channels"},
    "IncidentPaging": {"composites", "mute_rules"},
    "ReviewReminder": {"schedules"},
}


def components(run: ProgramRun) -> set[str]:
    return {found.type.rpartition(":")[2] for found in run.registrations if not found.custom}


def test_every_component_registers_what_it_offers(
    run_with: RunWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered: dict[str, dict[str, Any]] = {}
    register = pulumi.ComponentResource.register_outputs

    def recorded(component: pulumi.ComponentResource, outputs: Any) -> None:
        # The stack itself registers what it exports.
        if type(component).__module__.startswith("ecs_monitoring."):
            registered[type(component).__name__] = dict(outputs)
        register(component, outputs)

    monkeypatch.setattr(pulumi.ComponentResource, "register_outputs", recorded)
    run = run_with("review.reminder=true")
    assert components(run) >= {"EcsMonitoring", "AlertRouting", "Dashboard", "ReviewReminder"}
    assert set(registered) == components(run)
    for name, outputs in registered.items():
        assert set(outputs) == OUTPUTS[name], name
