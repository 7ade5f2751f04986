"""Changes the program here and there, and sees whether the quick tests notice: ``make mutation``.

Each mutant is one small change (a comparison, a number, a dropped argument) in a copy of the
project, in which ``make quick``'s tests run: first those that ran the changed function as it was,
then all. A mutant that no test notices stands for a fault that none would. A sample is drawn by
its seed, so that every night tries others, and any night can be repeated.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Final

from tools.mutants import Mutant, count, mutant_of
from tools.reached import QUICK_TESTS, environment, measured

_ROOT: Final = Path(__file__).resolve().parent.parent

FLOOR: Final = 0.95
"""The share of mutants that the tests must notice."""

MODULES: Final = (
    *("components/ecs_monitoring", "settings", "stack", "account", "replay", "history", "review"),
)
"""What is changed: what decides about alarms."""

_AROUND: Final = {"against", "iam", "report"}
"""Folders in them with the words and colours around it, and with IAM's documents."""

# A mutant that runs forever is noticed, too; this many times as long as the tests take in one
# process under coverage, which slows them down to half or less.
_PATIENCE: Final = 2

_LEFT_OUT: Final = shutil.ignore_patterns(
    ".*cache", ".git", ".venv", ".tools", ".hypothesis", ".history", "__pycache__", "dist"
)


@dataclass(frozen=True)
class MutantResult:
    """Whether the tests noticed a mutant."""

    mutant: Mutant
    noticed: bool

    def as_json(self) -> dict[str, str | int | bool]:
        """For scripts."""
        return {
            "path": self.mutant.path,
            "line": self.mutant.line,
            "change": self.mutant.change,
            "noticed": self.noticed,
        }


class Copy:
    """A copy of the project in which one mutant at a time is tried.

    Args:
        folder: where to make it.
        tests: the tests that must notice.
    """

    def __init__(self, folder: Path, tests: Sequence[str]) -> None:
        self.folder = folder
        self._tests = tests
        shutil.copytree(_ROOT, folder, ignore=_LEFT_OUT)

    def try_out(self, mutant: Mutant, seconds: float, first: Sequence[str] = ()) -> MutantResult:
        """Put a mutant in, run the tests, some of them first, and take it out again."""
        path = self.folder / mutant.path
        original = path.read_text(encoding="utf-8")
        path.write_text(mutant.source, encoding="utf-8")
        try:
            noticed = any(
                not self.passes(seconds, tests) for tests in (first, self._tests) if tests
            )
        finally:
            path.write_text(original, encoding="utf-8")
        return MutantResult(mutant, noticed)

    def passes(self, seconds: float, tests: Sequence[str]) -> bool:
        """Whether quick tests pass, in time."""
        try:
            finished = subprocess.run(
                [*QUICK_TESTS, *tests],
                cwd=self.folder,
                env={**os.environ, **environment(self.folder)},
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        # 5: none of these tests is a quick one.
        return finished.returncode in (0, 5)


def sample(size: int, seed: str, modules: Sequence[str]) -> list[Mutant]:
    """As many mutants as asked for, the same ones for the same seed and program."""
    chooser = random.Random(seed)
    paths = sorted(
        path
        for name in modules
        for path in _files(_ROOT / name)
        if path.name != "__main__.py" and not _AROUND & set(path.relative_to(_ROOT).parts)
    )
    everything = [(path, number) for path in paths for number in range(count(path))]
    chosen = chooser.sample(everything, min(size, len(everything)))
    return [mutant_of(path, _ROOT, number) for path, number in chosen]


def _files(path: Path) -> Iterator[Path]:
    yield from path.rglob("*.py") if path.is_dir() else [path]


def tried(
    mutants: Sequence[Mutant], jobs: int, tests: Sequence[str], scratch: Path
) -> Iterator[MutantResult]:
    """Try mutants, several at once, each in a copy of the project.

    Raises:
        RuntimeError: the tests fail before anything is changed.
    """
    copies: Queue[Copy] = Queue()
    for number in range(jobs):
        copies.put(Copy(scratch / str(number), tests))
    first = copies.get()
    started = time.monotonic()
    folders = {str(Path(mutant.path).parent) for mutant in mutants}
    reached = measured(first.folder, folders, tests, jobs=jobs)
    patience = _PATIENCE * jobs * (time.monotonic() - started)
    copies.put(first)

    def outcome_of(mutant: Mutant) -> MutantResult:
        copy = copies.get()
        try:
            return copy.try_out(mutant, patience, reached.files(mutant.path, mutant.line))
        finally:
            copies.put(copy)

    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(outcome_of, mutants)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; returns the exit code (0 the floor is kept, 1 it is not, 2 the tests fail as it is)."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", default=MODULES, help="folders or files to change")
    parser.add_argument("--sample", type=int, default=100, metavar="N", help="how many mutants")
    parser.add_argument("--seed", default="", help="any text, such as today's date")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at once")
    parser.add_argument("--floor", type=float, default=FLOOR, help="share that must be noticed")
    parser.add_argument(
        "--tests",
        action="append",
        metavar="PATH",
        help="run the quick tests there alone (default: tests); may be given several times",
    )
    parser.add_argument("--json", action="store_true", help="the results as JSON, for scripts")
    options = parser.parse_args(arguments)
    mutants = sample(options.sample, options.seed, options.modules)
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        try:
            for result in tried(mutants, options.jobs, options.tests or ["tests"], Path(scratch)):
                results.append(result)
                said = "noticed " if result.noticed else "SURVIVED"
                print(f"{len(results):4} {said} {result.mutant}", file=sys.stderr, flush=True)
        except RuntimeError as error:
            print(error, file=sys.stderr)
            print("the quick tests fail before anything is changed: make quick", file=sys.stderr)
            return 2
    noticed = sum(result.noticed for result in results)
    if options.json:
        print(json.dumps([result.as_json() for result in results], indent=2))
    print(
        f"{noticed} of {len(results)} mutants noticed (floor {options.floor:.0%}, "
        f"seed {options.seed!r})",
        file=sys.stderr,
    )
    return int(noticed < options.floor * len(results))


if __name__ == "__main__":
    sys.exit(main())
