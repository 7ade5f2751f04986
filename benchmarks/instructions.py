"""How many instructions the production stack takes over its floor, on a machine however busy.

Run with ``python -m benchmarks.instructions``; it needs valgrind, and takes some minutes.
``benchmarks.program`` measures CPU seconds, which swing by more than what is to be measured where
others use the machine, too. Instructions are the same in each run. Valgrind counts those of a
whole process; what one run of the program takes is the difference of a process with two runs and
one with one. Exits with 1 where the ratio is above its limit, and with 2 without valgrind.
"""

import gc
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from benchmarks.handwritten import handwritten_program
from stack.config import EXAMPLES, read_stack_config
from stack.program import run_program

LIMIT: Final = 1.05
"""Times the floor that the production stack may take, once its rules are planned."""

_OURS: Final = "ours"
_FLOOR: Final = "floor"


def main(arguments: list[str]) -> int:
    """Count, print, and say by the exit code whether the limit holds."""
    if arguments:
        _run(arguments[0], int(arguments[1]))
        return 0
    if not shutil.which("valgrind"):
        print("valgrind is not installed: it counts the instructions", file=sys.stderr)
        return 2
    processes = [(program, runs) for program in (_OURS, _FLOOR) for runs in (1, 2)]
    print("counting the instructions of four processes: some minutes", file=sys.stderr)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        once, twice, floor_once, floor_twice = pool.map(_instructions, processes)
    ours, floor = twice - once, floor_twice - floor_once
    print(
        f"prod: {ours / 1e6:,.0f} million instructions, floor {floor / 1e6:,.0f}, "
        f"ratio {ours / floor:.3f}, limit {LIMIT:g}"
    )
    return int(ours > LIMIT * floor)


def _instructions(process: tuple[str, int]) -> int:
    """What a process that runs a program so many times takes, in all of its threads."""
    program, runs = process
    counted = subprocess.run(
        [
            *("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"),
            *(sys.executable, "-m", "benchmarks.instructions", program, str(runs)),
        ],
        # Sets in one order, so that both processes do the same before their last run.
        env={**os.environ, "PYTHONHASHSEED": "0"},
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    (collected,) = re.findall(r"Collected : (\d+)", counted.stderr)
    return int(collected)


def _run(program: str, runs: int) -> None:
    config = read_stack_config("prod", directory=EXAMPLES)
    by_hand = handwritten_program(run_program(config))
    run_program(config, program=by_hand)
    run_program(config)
    gc.collect()
    gc.disable()
    for _ in range(runs):
        run_program(config, program=by_hand if program == _FLOOR else None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
