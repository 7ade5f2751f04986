"""A component's graphs as the text that crosses languages."""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.graph import DashboardPart, as_json, from_json
from ecs_monitoring.rules import KINDS
from ecs_monitoring.rules.incidents import IncidentPart
from ecs_monitoring.rules.plan import Kind, Scope


@pytest.mark.parametrize("kind", KINDS, ids=[kind.key for kind in KINDS])
def test_a_part_comes_back_from_another_language_as_it_was(kind: Kind[Any]) -> None:
    scope = Scope(project="shop", stack="prod", component=kind.key)
    targets = {"web": kind.target.example(), "api": kind.target.example()}
    rules = tuple(
        rule
        for name, target in targets.items()
        for rule in kind.plan(scope, name, target, {}).rules
    )
    part = kind.dashboard(scope, targets, rules)
    sent = as_json(part)
    # Another language hands over the characters, and nothing that Python knew beside them.
    assert from_json("".join(sent)) == part
    assert from_json(sent) == part


@pytest.mark.parametrize("text", ["", "{", "[]", '{"overview": [{"title": "x"}]}'])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidValueError, match="no graphs of a component"):
        from_json(text)


def test_a_text_of_something_else_is_read_as_from_another_language() -> None:
    """Python knows what such a text is made of, and must not take it for a part."""
    incidents = IncidentPart(component="ecs", kind="ecs", layer=None).as_json()
    assert from_json(incidents) == from_json("".join(incidents))
    assert isinstance(from_json(incidents), DashboardPart)


def test_graphs_are_no_incidents() -> None:
    scope = Scope(project="shop", stack="prod", component="ecs")
    graphs = as_json(KINDS[0].dashboard(scope, {}, ()))
    with pytest.raises(InvalidValueError):
        IncidentPart.from_json(graphs)
