"""Fixtures: programs of a test's own, deployed in process to the emulator."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.double import Double
from sandbox.emulator import Emulator
from sandbox.outcome import Deployment, ResourceAction
from sandbox.process_deployer import ProcessDeployer, ProcessStack
from sandbox.readback.account_reader import AccountReader
from stack.config import StackConfig

REGION = "ap-northeast-1"


class Bench:
    """One stack whose program changes from deployment to deployment."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._program: Callable[[], Any] = lambda: None
        config = StackConfig(
            project="django-ecs-monitoring",
            stack="test",
            values={"aws:region": REGION},
            secret_keys=frozenset(),
            region=REGION,
        )
        self.stack: ProcessStack = ProcessDeployer(Double(emulator.clients)).stack(
            config, program=lambda: self._program() and None
        )

    def client(self, service: str, region: str = REGION) -> Any:
        """The boto3 client of a service."""
        return self._emulator.client(service, region)

    @property
    def reader(self) -> AccountReader:
        """What reads back what was deployed."""
        return AccountReader(self._emulator.clients, REGION)

    def deploy(self, program: Callable[[], Any]) -> Deployment:
        """Deploy a program."""
        self._program = program
        return self.stack.up()

    def done(self, program: Callable[[], Any]) -> list[tuple[ResourceAction, tuple[str, ...]]]:
        """Deploy a program, and tell what was done to what was not left alone."""
        changes = self.deploy(program).changes
        return [(c.action, c.properties) for c in changes if c.action is not ResourceAction.SAME]

    def refreshed(self) -> list[ResourceAction]:
        """What a refresh finds out."""
        return [change.action for change in self.stack.refresh().changes]


@pytest.fixture
def bench(emulator: Emulator) -> Bench:
    return Bench(emulator)
