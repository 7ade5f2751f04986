"""Names in AWS: what two resources of a kind must never share in one account and region."""

from collections.abc import Iterator
from typing import Final

from stack.program import ProgramRun, Registration
from tests.components.registered import (
    ALARM,
    DASHBOARD,
    KEY_ALIAS,
    LOG_FILTER,
    LOG_GROUP,
    QUEUE,
    ROLE,
    SCHEDULE,
    TOPIC,
)

_NAME: Final = {
    ALARM: "name",
    DASHBOARD: "dashboardName",
    KEY_ALIAS: "name",
    LOG_GROUP: "name",
    QUEUE: "name",
    ROLE: "name",
    SCHEDULE: "name",
    TOPIC: "name",
}


class SharedNameError(AssertionError):
    """Two resources of which one would take the other's place."""


def physical_names(run: ProgramRun, *, region: str = "ap-northeast-1") -> set[tuple[str, ...]]:
    """What a run takes in its account, as type, region and name.

    Args:
        run: what was registered.
        region: the provider's own region.

    Raises:
        SharedNameError: a name that the run itself takes twice.
    """
    taken: set[tuple[str, ...]] = set()
    for registration in run.registrations:
        where = registration.inputs.get("region") or region
        for name in ((kind, where, name) for kind, name in _names(registration)):
            if name in taken:
                raise SharedNameError(f"{registration.name}: {' '.join(name)} is taken")
            taken.add(name)
    return taken


def _names(registration: Registration) -> Iterator[tuple[str, str]]:
    inputs = registration.inputs
    if registration.type in _NAME:
        yield registration.type, inputs[_NAME[registration.type]]
    if registration.type == LOG_FILTER:
        yield registration.type, f"{inputs['logGroupName']}: {inputs['name']}"
        metric = inputs["metricTransformation"]
        yield "metric", f"{metric['namespace']}: {metric['name']}"
