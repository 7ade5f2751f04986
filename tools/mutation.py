"""Changes the program here and there, and sees whether the tests notice: ``make mutation``.

Each mutant is one small change (a comparison, a number, a dropped argument) in a copy of the
project, in which ``make quick``'s tests run: first those that ran the changed function as it was,
or those of its folder where it is in none, then all. What they do not notice, the slow tests that
ran the function try, too. A mutant that no test notices stands for a fault that none would. A
sample is drawn by its seed, so that every night tries others, and any night can be repeated.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Final, Literal

from tools.copies import copied
from tools.mutants import Mutant, count, mutant_of
from tools.reached import GREEN, QUICK, SLOW, Reached, environment, measured, pytest_command

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

# Tests of one function that run before all quick ones: most mutants end here.
_NARROW: Final = 200


@dataclass(frozen=True)
class MutantResult:
    """Whether the tests noticed a mutant.

    Attributes:
        mutant: the change.
        noticed_by: ``quick`` or ``slow`` tests; None where none did.
    """

    mutant: Mutant
    noticed_by: Literal["quick", "slow"] | None

    def __str__(self) -> str:
        said = f"noticed ({self.noticed_by})" if self.noticed_by else "SURVIVED"
        return f"{said:15} {self.mutant}"

    def as_json(self) -> dict[str, str | int | None]:
        """For scripts."""
        return {
            "path": self.mutant.path,
            "line": self.mutant.line,
            "change": self.mutant.change,
            "noticed_by": self.noticed_by,
        }


class Copy:
    """A copy of the project in which one mutant at a time is tried.

    Args:
        original: the project, or a copy of it.
        folder: where to make it.
    """

    def __init__(self, original: Path, folder: Path) -> None:
        self.folder = folder
        copied(original, folder)

    def notices(self, mutant: Mutant, runs: Sequence[Sequence[str]], seconds: float) -> bool:
        """Put a mutant in, run tests up to the first that fails, and take it out again.

        Args:
            mutant: the change.
            runs: commands of pytest, as ``pytest_command`` makes them.
            seconds: how long each may take; a mutant that takes longer is noticed.
        """
        path = self.folder / mutant.path
        original = path.read_text(encoding="utf-8")
        path.write_text(mutant.source, encoding="utf-8")
        try:
            return not all(self.passes(run, seconds) for run in runs)
        finally:
            path.write_text(original, encoding="utf-8")

    def passes(self, run: Sequence[str], seconds: float) -> bool:
        """Whether tests pass, in time."""
        try:
            finished = subprocess.run(
                run,
                cwd=self.folder,
                # A file that changes twice a second would be taken for the compiled one.
                env={**environment(self.folder), "PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        return finished.returncode in GREEN


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

    The quick tests try each. What they do not notice, the slow tests that run the changed function
    try once more, at the end.

    Raises:
        RuntimeError: the tests fail before anything is changed.
    """
    first = Copy(_ROOT, scratch / "0")
    reached, patience = _tests_of(first.folder, mutants, tests, QUICK, jobs)
    # With what Python compiled in the first.
    copies = [first, *(Copy(first.folder, scratch / str(number)) for number in range(1, jobs))]
    left = []
    # Before any is put in: where a function stands is read in a copy.
    commands = [_quick_commands(mutant, reached, first.folder, tests) for mutant in mutants]
    for mutant, is_noticed in _results(copies, mutants, commands, patience):
        if is_noticed:
            yield MutantResult(mutant, "quick")
        else:
            left.append(mutant)
    if left:
        print(f"slow tests for {len(left)} more", file=sys.stderr, flush=True)
        reached, patience = _tests_of(first.folder, left, tests, SLOW, jobs)
        # All slow tests, for one mutant, would take an hour.
        commands = [_commands(SLOW, reached.tests(mutant.path, mutant.line)) for mutant in left]
        for mutant, is_noticed in _results(copies, left, commands, patience):
            yield MutantResult(mutant, "slow" if is_noticed else None)


def _tests_of(
    folder: Path, mutants: Sequence[Mutant], tests: Sequence[str], marker: str, jobs: int
) -> tuple[Reached, float]:
    """Which tests run what mutants change, and how many seconds a mutant may take."""
    started = time.monotonic()
    changed = {str(Path(mutant.path).parent) for mutant in mutants}
    reached = measured(folder, changed, tests, marker=marker, jobs=jobs)
    return reached, _PATIENCE * jobs * (time.monotonic() - started)


def _commands(marker: str, *runs: Sequence[str]) -> list[list[str]]:
    """What runs tests; nothing for no tests, of which pytest would run all."""
    return [[*pytest_command(marker), *run] for run in runs if run]


def _quick_commands(
    mutant: Mutant, reached: Reached, folder: Path, tests: Sequence[str]
) -> list[list[str]]:
    """The tests of the changed function, or else of its folder, then all quick ones."""
    narrow = reached.tests(mutant.path, mutant.line)[:_NARROW]
    return _commands(QUICK, narrow or _folder_of_tests(mutant.path, folder, tests), tests)


def _folder_of_tests(path: str, folder: Path, tests: Sequence[str]) -> list[str]:
    """Where the tests of a module are: ``tests/rules`` for ``…/rules/rds.py``."""
    places = (f"{top}/{part}" for part in reversed(Path(path).parts[:-1]) for top in tests)
    return [place for place in places if (folder / place).is_dir()][:1]


def _results(
    copies: Sequence[Copy],
    mutants: Sequence[Mutant],
    commands: Sequence[Sequence[Sequence[str]]],
    patience: float,
) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant, and whether a command of its own notices it."""
    free: Queue[Copy] = Queue()
    for copy in copies:
        free.put(copy)

    def is_noticed(mutant: Mutant, its_commands: Sequence[Sequence[str]]) -> bool:
        copy = free.get()
        try:
            return copy.notices(mutant, its_commands, patience)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        yield from zip(mutants, pool.map(is_noticed, mutants, commands), strict=True)


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
        help="run the tests there alone (default: tests); may be given several times",
    )
    parser.add_argument("--json", action="store_true", help="the results as JSON, for scripts")
    options = parser.parse_args(arguments)
    mutants = sample(options.sample, options.seed, options.modules)
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        try:
            for result in tried(mutants, options.jobs, options.tests or ["tests"], Path(scratch)):
                results.append(result)
                print(f"{len(results):4} {result}", file=sys.stderr, flush=True)
        except RuntimeError as error:
            print(error, file=sys.stderr)
            print(
                "the tests fail before anything is changed: make quick, or make test",
                file=sys.stderr,
            )
            return 2
    noticed = sum(result.noticed_by is not None for result in results)
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
