"""Which tests run which functions: one run of the tests, under coverage."""

import ast
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from coverage import CoverageData

QUICK: Final = "not slow"
SLOW: Final = "slow"
"""What to ask pytest for: the tests of ``make quick``, and those that it leaves out."""

GREEN: Final = (0, 5)
"""Exit codes of pytest: all tests passed, or there was none to run."""


def pytest_command(marker: str) -> list[str]:
    """Runs those of the tests that follow, up to the first that fails."""
    return [
        *(sys.executable, "-m", "pytest", "-q", "-x", "-m", marker),
        *("-p", "no:cacheprovider"),
    ]


class Reached:
    """What each test ran.

    A value that is made once a process is made under the first test that asks for it: what is
    said of a function is where to look first, never that other tests would not notice.

    Args:
        folder: the copy of the project that the tests ran in.
        data: what coverage recorded there, with each test as a context.
    """

    def __init__(self, folder: Path, data: CoverageData) -> None:
        self._folder = folder
        self._lines = {
            path: {
                line: {_test_of(context) for context in contexts if context}
                for line, contexts in data.contexts_by_lineno(path).items()
            }
            for path in data.measured_files()
        }
        self._breadth = Counter(
            test for lines in self._lines.values() for tests in lines.values() for test in tests
        )

    def tests(self, path: str, line: int) -> list[str]:
        """The tests that run the function of a line: the module's own, then the narrowest.

        None for what happens when a module is imported: that is in every test.
        """
        lines = self._lines.get(str(self._folder / path), {})
        body = _body(self._folder / path, line)
        return sorted(
            {test for number in body for test in lines.get(number, ())},
            key=lambda test: (
                Path(test.partition("::")[0]).stem != f"test_{Path(path).stem}",
                self._breadth[test],
                test,
            ),
        )


def measured(
    folder: Path, changed: Iterable[str], tests: Sequence[str], *, marker: str, jobs: int
) -> Reached:
    """Run the tests of a copy of the project.

    Args:
        folder: the copy.
        changed: the folders of which to say who runs what is in them.
        tests: where the tests are.
        marker: which of them, ``QUICK`` or ``SLOW``.
        jobs: how many processes run them.

    Raises:
        RuntimeError: they fail; its text is what pytest says.
    """
    sources = [f"--cov={path}" for path in changed]
    finished = subprocess.run(
        [
            *(*pytest_command(marker), "-n", str(jobs), "--dist", "loadfile"),
            *(*sources, "--cov-context=test", "--cov-report=", *tests),
        ],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if finished.returncode not in GREEN:
        raise RuntimeError(finished.stdout)
    data = CoverageData(str(folder / ".coverage"))
    data.read()
    return Reached(folder, data)


def environment(folder: Path) -> dict[str, str]:
    """What the tests of a copy need, so that they are about the copy."""
    return {
        **os.environ,
        "PYTHONPATH": f"{folder}:{folder / 'components'}",
        # Kept, unlike where Python is told not to: the mutants' runs read it.
        "PYTHONDONTWRITEBYTECODE": "",
    }


def _test_of(context: str) -> str:
    """The test, with all its parameters: ``…test_ecs.py::test_cpu`` of ``…::test_cpu[x]|run``."""
    return context.partition("|")[0].partition("[")[0]


def _body(path: Path, line: int) -> range:
    """The lines of the innermost function that holds a line, less its head."""
    functions = [
        range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return min((body for body in functions if line in body), key=len, default=range(0))
