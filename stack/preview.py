"""What a deployment of a stack would put into AWS, in seconds and without an account."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from stack.config import StackConfig, read_stack_config
from stack.cost import Cost, monthly_cost
from stack.definitions import AlarmPreview, alarm_previews
from stack.events import EventPreview, event_previews
from stack.grid import PlacedWidget, dashboard_grids
from stack.incidents import IncidentPreview, incident_previews
from stack.mutes import MutePreview, mute_previews
from stack.program import SECRET, ProgramRun, run_program


@dataclass(frozen=True)
class Preview:
    """What a deployment would put into AWS.

    Attributes:
        config: the stack's config.
        run: what the program registered.
        alarms: every alarm in words.
        mutes: windows in which alarms tell nobody.
        incidents: every composite alarm that pages; empty where each critical alarm does.
        events: every rule for AWS's events in words.
        omitted: alarm address, or event key and target, to the reason why there is none.
        grids: each dashboard's widgets.
        cost: list prices a month.
    """

    config: StackConfig
    run: ProgramRun
    alarms: list[AlarmPreview]
    mutes: tuple[MutePreview, ...]
    incidents: list[IncidentPreview]
    events: list[EventPreview]
    omitted: dict[str, str]
    grids: dict[str, list[PlacedWidget]]
    cost: Cost

    def counts(self) -> dict[str, int]:
        """How many resources of each type there are, the most frequent first."""
        types = Counter(r.type.rpartition(":")[2] for r in self.run.registrations if r.custom)
        return dict(sorted(types.items(), key=lambda item: (-item[1], item[0])))

    def as_json(self) -> dict[str, Any]:
        """Everything for scripts; secrets are masked."""
        return {
            "project": self.config.project,
            "stack": self.config.stack,
            "region": self.config.region,
            "resources": [
                {
                    "type": r.type,
                    "name": r.name,
                    "urn": r.urn,
                    "parent": r.parent,
                    "inputs": {
                        k: SECRET if k in r.secret_inputs else v for k, v in r.inputs.items()
                    },
                }
                for r in self.run.registrations
            ],
            "alarms": [alarm.as_json() for alarm in self.alarms],
            "mutes": [mute.as_json() for mute in self.mutes],
            "incidents": [incident.as_json() for incident in self.incidents],
            "events": [event.as_json() for event in self.events],
            "omitted": self.omitted,
            "dashboards": {
                name: [widget.as_json() for widget in grid] for name, grid in self.grids.items()
            },
            "counts": self.counts(),
            "cost": self.cost.as_json(),
            "warnings": list(self.run.warnings),
            "exports": dict(self.run.exports),
        }


def preview(stack: str, changes: list[str]) -> Preview:
    """Evaluate a stack's program with placeholders for what AWS would answer.

    Raises:
        StackConfigError: no such stack, or a change that cannot be applied.
        pulumi.RunError: the settings are wrong.
    """
    config = read_stack_config(stack, settings=changes)
    run = run_program(config)
    run = replace(run, warnings=(*config.warnings, *run.warnings))
    alarms = alarm_previews(run, config.sections)
    return Preview(
        config=config,
        run=run,
        alarms=alarms,
        mutes=mute_previews(run, alarms),
        incidents=incident_previews(run),
        events=event_previews(run),
        omitted={
            address: reason
            for name in ("omitted_alarms", "omitted_events", "omitted_outside_events")
            for address, reason in sorted(run.exports.get(name, {}).items())
        },
        grids=dashboard_grids(run),
        cost=monthly_cost(run, alarms, config.region),
    )
