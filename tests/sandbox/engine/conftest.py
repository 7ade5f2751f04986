"""Fixtures: the Pulumi engine, the emulator, and stacks deployed through the one to the other."""

from collections.abc import Callable, Iterator

import pytest

from sandbox.account import prepare_account
from sandbox.emulator import Emulator
from sandbox.engine import HOW_TO_GET_ONE, PulumiEngine, find_engine
from sandbox.engine_deployer import EngineDeployer, EngineStack, engine_deployer
from sandbox.outcome import Progress
from stack.config import read_stack_config


@pytest.fixture(scope="session")
def engine() -> PulumiEngine:
    found = find_engine()
    if found is None:
        pytest.skip(f"there is no Pulumi CLI: run make engine, or {HOW_TO_GET_ONE}")
    return found


@pytest.fixture
def deployer(engine: PulumiEngine, emulator: Emulator) -> Iterator[EngineDeployer]:
    """The engine, with a backend in which no stack is."""
    with engine_deployer(engine, emulator) as opened:
        yield opened


NewStack = Callable[..., EngineStack]


@pytest.fixture
def new_stack(deployer: EngineDeployer, emulator: Emulator) -> NewStack:
    """Make a shipped stack, with some settings changed: ``new_stack("prod", "ecs.web.…=…")``."""

    def make(name: str, *changes: str, progress: Progress | None = None) -> EngineStack:
        config = read_stack_config(name, settings=changes)
        prepare_account(emulator, config)
        return deployer.stack(config, progress=progress)

    return make
