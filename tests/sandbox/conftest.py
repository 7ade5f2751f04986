"""One emulator for all tests of the sandbox, empty before each."""

from collections.abc import Iterator

import pytest

from sandbox.emulator import Emulator, running_emulator


@pytest.fixture(scope="session")
def _emulator() -> Iterator[Emulator]:
    with running_emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(_emulator: Emulator) -> Emulator:
    """A running emulator in which nothing is."""
    _emulator.reset()
    return _emulator
