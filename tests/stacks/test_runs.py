"""One run of a program leaves nothing behind for the next."""

import asyncio
import gc
import logging

import pulumi
import pytest

import ecs_monitoring as watch
from stack.config import read_stack_config
from stack.program import ProgramRun
from tests.components.small import RunComponents, alb_args
from tests.remembered import run_anew


def wrong_output() -> None:
    """A program whose failure is in an Output, with other Outputs still waiting for it."""
    wrong = watch.AlbTargetArgs(load_balancer=pulumi.Output.from_input("net/not-an-alb/1"))
    watch.AlbMonitoring("alb", alb_args(targets={"main": wrong}))


def test_a_failed_run_leaves_no_future_to_be_reported_later(
    run_components: RunComponents, caplog: pytest.LogCaptureFixture
) -> None:
    """CPython 3.11 cannot parse where such a report comes: github.com/python/cpython/issues/106905.

    Formatting a traceback parses, too, and the garbage collector may run in the middle of parsing.
    """
    gc.collect()
    caplog.set_level(logging.ERROR, logger="asyncio")
    caplog.clear()
    with pytest.raises(watch.InvalidArgsError):
        run_components(wrong_output)
    gc.collect()
    assert [record.name for record in caplog.records] == []


def test_an_error_beside_a_failed_run_is_still_reported(
    run_components: RunComponents, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail_when_cancelled() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            raise LookupError("of somebody else's")

    tasks = []

    def program() -> None:
        tasks.append(asyncio.get_running_loop().create_task(fail_when_cancelled()))
        wrong_output()

    # Pulumi's automation API turns it off for the rest of a process.
    caplog.set_level(logging.ERROR, logger="asyncio")
    with pytest.raises(watch.InvalidArgsError):
        run_components(program)
    (record,) = caplog.records
    assert record.name == "asyncio"
    assert record.exc_info
    assert str(record.exc_info[1]) == "of somebody else's"


@pytest.mark.slow
def test_a_failed_run_leaves_nothing_for_the_next(
    run_components: RunComponents, prod: ProgramRun
) -> None:
    with pytest.raises(watch.InvalidArgsError, match="is no application load balancer"):
        run_components(wrong_output)
    assert len(run_anew(read_stack_config("prod")).registrations) == len(prod.registrations)
