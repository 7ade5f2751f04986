"""Scenario files: the shipped ones, and the traffic of a day on which nothing happens."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from ecs_monitoring.catalog.metrics import SHEETS, Fact, Published
from sandbox.scenario import Scenario, ScenarioError
from sandbox.scenario_steps import OrdinaryMetric

SCENARIOS: Final = Path(__file__).resolve().parent / "scenarios"
"""Where the shipped scenarios are."""

# LibYAML's takes a sixth of the time; without it, PyYAML's own does as much.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def usual_traffic() -> dict[str, OrdinaryMetric]:
    """Every metric that has a sheet on an ordinary day, by ``<namespace> <metric>``."""
    return {
        f"{sheet.namespace} {sheet.name}": OrdinaryMetric(
            **asdict(sheet.usual),
            at_least=min(sheet.lowest, *sheet.sentinels, 0),
            at_most=None if isinstance(sheet.highest, Fact) else sheet.highest,
            counts=sheet.whole,
            sparse=sheet.published is Published.NOT_ZERO,
        )
        for sheet in SHEETS.values()
    }


def load_scenario(path: Path) -> Scenario:
    """One scenario.

    Raises:
        ScenarioError: no such file, no YAML, or a field that is wrong.
    """
    try:
        return Scenario.model_validate(_yaml(path))
    except ValidationError as error:
        raise ScenarioError(_readable(path, error)) from None


def load_scenarios(names: Sequence[str] = ()) -> dict[str, Scenario]:
    """The shipped scenarios by name, all of them or those named.

    Raises:
        ScenarioError: a name that is none of them.
    """
    every = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
    for name in names:
        if name not in every:
            raise ScenarioError(f"no scenario {name!r}: write one of {', '.join(every)}")
    return {name: load_scenario(SCENARIOS / f"{name}.yaml") for name in names or every}


def _yaml(path: Path) -> Any:
    try:
        fields = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except OSError as error:
        raise ScenarioError(f"{path}: {error.strerror}") from None
    except yaml.YAMLError as error:
        raise ScenarioError(f"{path.name} is no YAML: {error}") from None
    if not isinstance(fields, dict):
        raise ScenarioError(f"{path.name}: write a mapping")
    return fields


def _readable(path: Path, error: ValidationError) -> str:
    faults = "; ".join(
        f"{'.'.join(map(str, detail['loc'])) or 'scenario'}: {detail['msg']}"
        for detail in error.errors(include_url=False)
    )
    return f"{path.name}: {faults}"
