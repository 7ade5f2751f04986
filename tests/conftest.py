"""Shared fixtures: whole stacks, run once each, small programs of a test's own, the emulator."""

import gc
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import hypothesis
import pytest
from pulumi.runtime import proto, resource
from xdist.scheduler import LoadFileScheduling

from stack import program, yaml_values
from stack.config import EXAMPLES, PROJECT, STACKS_VARIABLE, StackConfig, read_stack_config
from stack.program import ProgramRun
from tests import remembered
from tests.remembered import run_program
from tests.slow import SLOW

if TYPE_CHECKING:
    from sandbox.emulator import Emulator

# For the commands that tests start, too. The project's own stack files belong to whoever adopts
# it: whatever they say, no test may notice.
os.environ[STACKS_VARIABLE] = str(EXAMPLES)
# readline says to everything that is started from here how wide the terminal of pytest is.
for name in ("COLUMNS", "LINES"):
    os.unsetenv(name)
    os.environ.pop(name, None)

# Each resource would carry the positions of all frames, a fifth of a run of the program; Pulumi's
# mocks leave them aside. Where Pulumi has it no longer, nothing changes.
resource._get_stack_trace = proto.source_pb2.StackTrace
# Most runs begin with the same two files of an example, of which nobody changes what was read.
yaml_values.read_yaml = cache(yaml_values.read_yaml)
# Before any test, or command, takes it from there.
program.run_program = run_program

# A property fails by what it finds, never by how busy the machine is.
hypothesis.settings.register_profile("tests", deadline=None)
# Of what a property finds in a hundred examples, it finds nearly all in 25.
hypothesis.settings.register_profile("quick", deadline=None, max_examples=25)

SLOW_PLACES: Final = frozenset(PROJECT / name for name in SLOW)


@cache
def _is_slow(path: Path) -> bool:
    return not SLOW_PLACES.isdisjoint((path, *path.parents))


def _is_quick(config: pytest.Config) -> bool:
    """Whether only the tests of ``make quick`` are asked for."""
    return bool(config.option.markexpr == "not slow")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples a property tries that does not say so itself."""
    hypothesis.settings.load_profile("quick" if _is_quick(config) else "tests")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave slow files unread where none of their tests is asked for (``make quick``)."""
    return True if _is_quick(config) and _is_slow(collection_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what ``make quick`` leaves out, and begin with it.

    A long file that comes last keeps one core busy while the others have nothing left to do.

    Raises:
        pytest.UsageError: a place that ``tests/slow.py`` names is not there.
    """
    gone = sorted(str(path.relative_to(PROJECT)) for path in SLOW_PLACES if not path.exists())
    if gone:
        raise pytest.UsageError(f"tests/slow.py names what is not there: {', '.join(gone)}")
    for item in items:
        if _is_slow(item.path):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


class _ByFile(LoadFileScheduling):
    """A file's tests in one process.

    xdist's own counts, after each of fifteen thousand tests, all those that a process ever got.
    """

    def _pending_of(self, workload: dict[str, dict[str, bool]]) -> int:
        for file in [file for file, is_done in workload.items() if all(is_done.values())]:
            del workload[file]
        return super()._pending_of(workload)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """Hand out the tests by file (``--dist loadfile``), and faster than xdist does."""
    return _ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """Look through what the tests make, and seldom, not through all that was imported."""
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tell who remembers runs of the program which test is next."""
    remembered.begin(item)


@cache
def _stack(name: str) -> ProgramRun:
    return run_program(read_stack_config(name))


@pytest.fixture(scope="session")
def prod() -> ProgramRun:
    """Everything that the example's production stack registers."""
    return _stack("prod")


@pytest.fixture(scope="session")
def staging() -> ProgramRun:
    """Everything that the example's staging stack registers."""
    return _stack("staging")


@pytest.fixture(params=["prod", "staging"])
def stack(request: pytest.FixtureRequest) -> ProgramRun:
    """Each example stack in turn."""
    return _stack(request.param)


RunSettings = Callable[..., ProgramRun]


@pytest.fixture
def run_with() -> RunSettings:
    """Run a example stack with some settings changed: ``run_with("ecs.web.service=api")``."""

    def run(*changes: str, stack: str = "prod", **options: Any) -> ProgramRun:
        return run_program(read_stack_config(stack, settings=changes), **options)

    return run


@pytest.fixture
def run_components() -> Callable[..., ProgramRun]:
    """Run a program of the test's own, such as one that uses a component by itself."""

    def run(program: Callable[[], None], *, preview: bool = False) -> ProgramRun:
        config = StackConfig(
            project="django-ecs-monitoring",
            stack="test",
            values={},
            secret_keys=frozenset(),
            region="ap-northeast-1",
        )
        return run_program(config, program=program, preview=preview)

    return run


@pytest.fixture(scope="session")
def shared_emulator() -> "Iterator[Emulator]":
    """One emulator for all tests of a process, with whatever the last one left in it."""
    # Most tests need neither boto3 nor what else the sandbox imports.
    from sandbox.emulator import running_emulator

    with running_emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(shared_emulator: "Emulator") -> "Emulator":
    """The emulator, with nothing in it."""
    shared_emulator.reset()
    return shared_emulator
