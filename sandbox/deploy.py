"""Deploys stacks to the emulator, in whichever deployment mode there is."""

import contextlib
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Protocol

from sandbox.double import Double
from sandbox.emulator import Emulator
from sandbox.engine import HOW_TO_GET_ONE, NoEngineError, find_engine
from sandbox.engine_build import Say
from sandbox.engine_deployer import engine_deployer
from sandbox.outcome import Deployment, Progress
from sandbox.process_deployer import ProcessDeployer
from stack.config import StackConfig


class DeploymentMode(StrEnum):
    """The deployment mode: what ``ENGINE=`` chooses."""

    AUTO = "auto"
    PULUMI = "pulumi"
    PROCESS = "process"


class Stack(Protocol):
    """A stack that can be deployed, whatever the deployment mode."""

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


class Deployer(Protocol):
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
def open_deployer(
    emulator: Emulator, wanted: DeploymentMode = DeploymentMode.AUTO, *, say: Say = print
) -> Iterator[Deployer]:
    """A way to deploy to an emulator, for as long as the block lasts.

    Args:
        emulator: where to.
        wanted: which mode; ``auto`` takes the engine where there is one.
        say: told in one line which it is, and how to get the other.

    Raises:
        NoEngineError: the engine is wanted and there is none.
    """
    engine = None if wanted is DeploymentMode.PROCESS else find_engine()
    if engine:
        say(f"deploying with the Pulumi engine {engine.version} (ENGINE=process does without it)")
        with engine_deployer(engine, emulator) as deployer:
            yield deployer
    elif wanted is DeploymentMode.PULUMI:
        raise NoEngineError(f"there is no Pulumi CLI: run make engine, or {HOW_TO_GET_ONE}")
    else:
        asked = wanted is DeploymentMode.PROCESS
        how = "ENGINE=pulumi takes it" if asked else "there is no Pulumi CLI; make engine gets one"
        say(f"deploying in process, without the Pulumi engine ({how})")
        yield ProcessDeployer(Double(emulator.clients))
