"""Two stacks in one account never ask for one name, whatever their projects are called."""

from dataclasses import replace

import pytest

from stack.config import StackConfig, read_stack_config
from stack.program import run_program
from tests.components.names import physical_names
from tests.components.registered import ALARM, LOG_FILTER, ROLE, SCHEDULE

# Their names are those of stacks deployed before, and stay: "<project>-<stack>-…".
JOINED = {ALARM, LOG_FILTER, ROLE, SCHEDULE}


def copy_of(project: str, stack: str, *changes: str) -> StackConfig:
    """The production stack under another project's and stack's name, with an outside check."""
    health = "health.web={url: 'https://www.example.com/'}"
    config = read_stack_config("prod", settings=[health, *changes])
    values = {
        key.replace(f"{config.project}:", f"{project}:"): value
        for key, value in config.values.items()
    }
    return replace(config, project=project, stack=stack, values=values)


def names(project: str, stack: str, *changes: str) -> set[tuple[str, ...]]:
    found = physical_names(run_program(copy_of(project, stack, *changes)))
    assert len(found) > 30
    return found


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("billing-monitoring", "prod"), ("shop-monitoring", "prod")),
        (("shop", "prod"), ("shop", "staging")),
        (("shop", "prod"), ("shop", "prod-eu")),
    ],
)
def test_they_share_no_name(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert names(*first).isdisjoint(names(*second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("a-b", "c"), ("a", "b-c")),
        (("a-b", "c_d"), ("a", "b-c_d")),
        (("a.b", "c"), ("a-b", "c")),
        (("shop", "prod_ecs"), ("shop", "prod")),
        (("shop-prod", "outside"), ("shop", "prod")),
        # One calls its topics as the other's project begins.
        (("b", "c", "alerts.topic_name=django-app-alerts-a"), ("a-b", "c")),
        (("z", "c", "alerts.topic_name=x-y"), ("y-z", "c", "alerts.topic_name=x")),
    ],
)
def test_not_even_where_joined_names_would_be_alike(
    first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    shared = names(*first) & names(*second)
    assert {type_ for type_, *_ in shared} <= JOINED


def test_every_name_holds_project_and_stack() -> None:
    for kind, _, name in names("shop", "live"):
        assert "shop-live" in name or "shop/live" in name, kind
