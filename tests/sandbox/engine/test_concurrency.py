"""Two updates of one stack at a time: the second is refused."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.outcome import ConcurrentUpdateError, ResourceAction
from tests.sandbox.engine.small import ECS_ONLY


def test_a_second_update_of_a_stack_that_is_being_updated_is_refused(
    new_stack: Any, emulator: Any
) -> None:
    stack = new_stack("staging", *ECS_ONLY)
    under_way, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        under_way.set()
        assert go_on.wait(60)

    with ThreadPoolExecutor(1) as pool, emulator.clients.hooked("CreateTopic", wait):
        first = pool.submit(stack.up)
        try:
            assert under_way.wait(60)
            with pytest.raises(ConcurrentUpdateError, match="currently locked"):
                stack.up()
        finally:
            go_on.set()
        outcome = first.result(60)
    assert {change.action for change in outcome.changes} == {ResourceAction.CREATE}
    assert all(found.inputs for found in outcome.registrations if found.custom)
    assert stack.up().is_unchanged
