"""What a composite alarm waits for: the alarms that its rule names, and no others."""

import re
from collections.abc import Callable
from typing import Any

import pytest

import ecs_monitoring as watch
from tests.components.registered import ALARM, COMPOSITE
from tests.components.small import ROUTING, RunComponents, ecs_args, rds_args

_GIVEN: dict[str, Callable[[watch.Monitoring], Any]] = {
    "one by one": lambda part: part.alarm_arns,
    "as one Output": lambda part: part.alarms,
}


@pytest.mark.parametrize("given", _GIVEN)
def test_a_composite_is_made_after_the_alarms_that_it_names(
    run_components: RunComponents, requests: dict[str, Any], given: str
) -> None:
    """Were each made after all, a large stack's state would grow with the square of its targets."""

    def program() -> None:
        parts = [
            watch.EcsMonitoring("ecs", ecs_args()),
            watch.RdsMonitoring("rds", rds_args()),
        ]
        args = watch.IncidentPagingArgs(
            incidents=[part.incidents for part in parts],
            alarms=[_GIVEN[given](part) for part in parts],
            routing=ROUTING,
        )
        watch.IncidentPaging("incidents", args)

    run = run_components(program)
    urns = {alarm.inputs["name"]: alarm.urn for alarm in run.of_type(ALARM)}
    composites = run.of_type(COMPOSITE)
    assert len(composites) > 1
    for composite in composites:
        named = {
            urns[name]
            for name in re.findall(r'ALARM\("?([^")]+)"?\)', composite.inputs["alarmRule"])
            if name in urns
        }
        assert len(named) < len(urns)
        waits_for = set(requests[f"{COMPOSITE}/{composite.name}"].dependencies) & {*urns.values()}
        assert waits_for == (named if given == "one by one" else {*urns.values()})
