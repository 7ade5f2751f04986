"""The composite alarms that the program registers: what pages, and what is silent for what."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.composite_rule import CompositeRule, name_of
from ecs_monitoring.rules.incidents import is_incident_of, paged_within
from stack.definitions import ALARM
from stack.program import ProgramRun

COMPOSITE: Final = "aws:cloudwatch/compositeAlarm:CompositeAlarm"


@dataclass(frozen=True, kw_only=True)
class IncidentPreview:
    """One composite alarm that pages, in words.

    Attributes:
        address: such as ``incident.rds@main``.
        name: the alarm's name in CloudWatch.
        critical: addresses of the alarms of which one alone turns it on.
        signs: addresses of those that turn it on together with an alarm of what rests on it.
        silent_for: addresses of the incidents that it is silent for.
        wait_period: seconds that it waits for them to show.
        extension_period: seconds that it may outlive them.
        paged_within: seconds after which it, or one that it is silent for, has paged at the latest.
        topics: names of the topics that are notified of it.
        region: the alarm's own region, empty for the provider's.
        description: as CloudWatch shows it.
    """

    address: AlarmAddress
    name: str
    critical: tuple[str, ...]
    signs: tuple[str, ...]
    silent_for: tuple[str, ...]
    wait_period: int
    extension_period: int
    topics: tuple[str, ...]
    region: str
    description: str
    paged_within: int = 0

    def as_json(self) -> dict[str, Any]:
        """The row for scripts."""
        return asdict(self)


def incident_previews(run: ProgramRun) -> list[IncidentPreview]:
    """Every composite alarm of a run that pages, causes first."""
    inputs = {
        composite.inputs["alarmName"]: composite.inputs for composite in run.of_type(COMPOSITE)
    }
    addresses = {
        alarm.inputs["name"]: AlarmAddress.from_tags(alarm.inputs.get("tags", {}))
        for alarm in run.of_type(ALARM)
    }
    severities = {
        alarm.inputs["name"]: alarm.inputs.get("tags", {}).get("Severity", "")
        for alarm in run.of_type(ALARM)
    }
    previews = [
        _preview(composite_inputs, inputs, addresses, severities)
        for composite_inputs in inputs.values()
        if composite_inputs.get("alarmActions")
    ]
    within = paged_within(
        {incident.address: incident.wait_period for incident in previews},
        {incident.address: incident.silent_for for incident in previews},
    )
    previews = [replace(incident, paged_within=within[incident.address]) for incident in previews]
    return sorted(previews, key=lambda incident: (len(incident.silent_for), incident.address))


def _preview(
    inputs: Mapping[str, Any],
    composites: Mapping[str, Mapping[str, Any]],
    addresses: Mapping[str, AlarmAddress],
    severities: Mapping[str, str],
) -> IncidentPreview:
    address = AlarmAddress.from_tags(inputs["tags"])
    named = _metric_alarms(inputs["alarmName"], composites)
    own = [name for name in named if name in addresses and is_incident_of(address, addresses[name])]
    suppressor = inputs.get("actionsSuppressor") or {}
    return IncidentPreview(
        address=address,
        name=inputs["alarmName"],
        critical=tuple(addresses[name] for name in own if severities[name] == "critical"),
        signs=tuple(addresses[name] for name in own if severities[name] != "critical"),
        silent_for=tuple(_incidents(suppressor.get("alarm", ""), composites)),
        wait_period=int(suppressor.get("waitPeriod", 0)),
        extension_period=int(suppressor.get("extensionPeriod", 0)),
        topics=tuple(str(arn).rpartition(":")[2] for arn in inputs["alarmActions"]),
        region=inputs.get("region", ""),
        description=inputs["alarmDescription"],
    )


def _children(inputs: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(map(name_of, CompositeRule.parse(str(inputs["alarmRule"])).alarms))


def _metric_alarms(name: str, composites: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The alarms that a rule names, itself or by what it is split over."""
    names: list[str] = []
    for child in _children(composites[name]):
        names += _metric_alarms(child, composites) if child in composites else [child]
    return list(dict.fromkeys(names))


def _incidents(name: str, composites: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Addresses of the incidents behind a suppressor."""
    inputs = composites.get(name_of(name))
    if inputs is None:
        return []
    if inputs.get("alarmActions"):
        return [AlarmAddress.from_tags(inputs["tags"])]
    return [address for child in _children(inputs) for address in _incidents(child, composites)]
