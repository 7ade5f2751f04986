"""Settings under a name that is nearly the project's, which nothing would read."""

from dataclasses import replace

import pytest

from stack.config import read_stack_config
from stack.program import run_program
from tests.settings.refusal import refused_config


def test_a_mistyped_namespace_is_no_section_that_is_silently_missing() -> None:
    config = read_stack_config("prod")
    values = dict(config.values)
    values["djngo-ecs-monitoring:ecs"] = values.pop("django-ecs-monitoring:ecs")
    (problem,) = refused_config(replace(config, values=values)).problems
    assert problem.path == "django-ecs-monitoring:ecs"
    assert problem.fix == (
        "is written as djngo-ecs-monitoring:ecs, which nothing reads: write "
        "django-ecs-monitoring:ecs"
    )


@pytest.mark.slow
def test_what_other_programs_read_is_theirs() -> None:
    config = read_stack_config("prod")
    others = {"shop:ecs": "{}", "django-ecs-monitorin:unheard-of": "x"}
    run_program(replace(config, values={**config.values, **others}))
