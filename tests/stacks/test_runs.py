"""One run of a program leaves nothing behind for the next."""

import pulumi
import pytest

import ecs_monitoring as watch
from stack.program import ProgramRun
from tests.components.small import RunComponents, RunWith, alb_args


def test_a_failed_run_leaves_nothing_for_the_next(
    run_components: RunComponents, run_with: RunWith, prod: ProgramRun
) -> None:
    """The failure is in an Output, with other Outputs still waiting for it."""

    def program() -> None:
        wrong = watch.AlbTargetArgs(load_balancer=pulumi.Output.from_input("net/not-an-alb/1"))
        watch.AlbMonitoring("alb", alb_args(targets={"main": wrong}))

    with pytest.raises(watch.InvalidArgsError, match="is no application load balancer"):
        run_components(program)
    assert len(run_with().registrations) == len(prod.registrations)
