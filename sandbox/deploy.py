"""Deploys stacks to the emulator, through whichever door there is."""

import contextlib
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Protocol

from sandbox.double import Double
from sandbox.emulator import Emulator
from sandbox.engine import HOW_TO_GET_ONE, NoEngineError, find_engine
from sandbox.engine_build import Say
from sandbox.engine_door import engine_door
from sandbox.outcome import Deployment, Progress
from sandbox.process_door import ProcessDoor
from stack.config import StackConfig


class DoorName(StrEnum):
    """Which door to take: what ``ENGINE=`` chooses."""

    AUTO = "auto"
    PULUMI = "pulumi"
    PROCESS = "process"


class Stack(Protocol):
    """A stack that can be deployed, whatever the door."""

    def configure(self, config: StackConfig) -> None:
        """Give the stack other settings."""

    def preview(self, *, expect_no_changes: bool = False) -> Deployment:
        """Tell what a deployment would do."""

    def up(self) -> Deployment:
        """Deploy."""

    def refresh(self) -> Deployment:
        """Take over what became of the resources by other hands."""

    def destroy(self) -> Deployment:
        """Delete everything."""


class Door(Protocol):
    """A way to deploy stacks that share one account."""

    def stack(
        self,
        config: StackConfig,
        *,
        progress: Progress | None = None,
        program: Callable[[], None] | None = None,
    ) -> Stack:
        """A stack, with nothing deployed yet."""


@contextlib.contextmanager
def open_door(
    emulator: Emulator, wanted: DoorName = DoorName.AUTO, *, say: Say = print
) -> Iterator[Door]:
    """A way to deploy to an emulator, for as long as the block lasts.

    Args:
        emulator: where to.
        wanted: which door; ``auto`` takes the engine where there is one.
        say: told in one line which it is, and how to get the other.

    Raises:
        NoEngineError: the engine is wanted and there is none.
    """
    engine = None if wanted is DoorName.PROCESS else find_engine()
    if engine:
        say(f"deploying with the Pulumi engine {engine.version} (ENGINE=process does without it)")
        with engine_door(engine, emulator) as door:
            yield door
    elif wanted is DoorName.PULUMI:
        raise NoEngineError(f"there is no Pulumi CLI: run make engine, or {HOW_TO_GET_ONE}")
    else:
        asked = wanted is DoorName.PROCESS
        how = "ENGINE=pulumi takes it" if asked else "there is no Pulumi CLI; make engine gets one"
        say(f"deploying in process, without the Pulumi engine ({how})")
        yield ProcessDoor(Double(emulator.clients))
