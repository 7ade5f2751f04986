"""Settings and component ask for the plan of a target; it is made once."""

from collections.abc import Callable
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.rules import KINDS
from ecs_monitoring.rules.plan import Kind, Plan, Scope


@pytest.mark.parametrize("kind", KINDS, ids=[kind.key for kind in KINDS])
def test_a_target_is_planned_once_until_something_changes(
    kind: Kind[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As settings and component ask for the plan in turn."""
    made: list[Plan] = []
    plan: Callable[..., Plan] = type(kind)._plan

    def counted(*args: Any) -> Plan:
        made.append(plan(*args))
        return made[-1]

    monkeypatch.setattr(type(kind), "_plan", counted)
    scope = Scope(project="planned-once", stack="prod", component=kind.key)
    target = kind.target.example()
    again = kind.target.model_validate(target.model_dump(exclude_none=True))
    assert kind.plan(scope, "web", target, {}) is kind.plan(scope, "web", again, {})
    assert len(made) == 1
    kind.plan(scope, "api", target, {})
    kind.plan(scope, "web", target, {kind.keys[0]: AlarmOverride(enabled=False)})
    assert len(made) == 3
