"""How much the components cost over the same registrations written out by hand.

Run with ``make benchmark``. Everything is measured in one process and one run, alternately,
and given as ratios to the floor (``benchmarks/handwritten.py``): for the production stack, and
for 1 to 200 services in one stack. Exits with 1 where a ratio is above its limit.
"""

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.handwritten import handwritten_program
from stack.config import EXAMPLES, StackConfig, read_stack_config
from stack.program import run_program

FLOOR_LIMIT: Final = 1.2
"""Times the floor that the program may cost."""

ROUNDS: Final = 25
SERVICES: Final = (1, 25, 50, 100, 200)


def main() -> int:
    """Measure, print, and say by the exit code whether the limit holds at every size."""
    console = Console()
    ratios = [_measured("prod", read_stack_config("prod", directory=EXAMPLES), ROUNDS)]
    table = Table("stack", "ours, ms", "floor, ms", "ratio", "ours, ms a service")
    for count in SERVICES:
        rounds = max(5, ROUNDS // max(1, count // 10))
        ratios.append(_measured(f"{count} services", _with_services(count), rounds))
    for count, found in zip((1, *SERVICES), ratios, strict=True):
        table.add_row(
            found.stack,
            f"{found.ours * 1000:.0f}",
            f"{found.floor * 1000:.0f}",
            f"{found.ratio:.2f}",
            f"{found.ours * 1000 / count:.1f}" if found.stack != "prod" else "",
        )
    console.print(table)
    console.print(
        f"limit: {FLOOR_LIMIT} times the floor at every size, so that growth is the runtime's own"
    )
    return int(max(found.ratio for found in ratios) > FLOOR_LIMIT)


@dataclass(frozen=True)
class _Measured:
    """Medians of one stack, in CPU seconds; the ratio is the median of each round's own."""

    stack: str
    ours: float
    floor: float
    ratio: float


def _measured(name: str, config: StackConfig, rounds: int) -> _Measured:
    by_hand = handwritten_program(run_program(config))
    _seconds(config, by_hand)
    pairs = [(_seconds(config), _seconds(config, by_hand)) for _ in range(rounds)]
    return _Measured(
        name,
        statistics.median(ours for ours, _ in pairs),
        statistics.median(floor for _, floor in pairs),
        statistics.median(ours / floor for ours, floor in pairs),
    )


def _with_services(count: int) -> StackConfig:
    services = {
        f"service{number}": {
            "cluster": "django-ecs-cluster",
            "service": f"django-app-{number}",
            "container_insights": True,
        }
        for number in range(count)
    }
    changes = [f"ecs={json.dumps(services)}"]
    changes += [f"{section}={{}}" for section in ("alb", "rds", "logs", "app")]
    return read_stack_config("prod", settings=changes, directory=EXAMPLES)


def _seconds(config: StackConfig, program: Callable[[], None] | None = None) -> float:
    """CPU seconds of one run, in all threads: other work on the machine does not count."""
    gc.collect()
    started = time.process_time()
    run_program(config, program=program)
    return time.process_time() - started


if __name__ == "__main__":
    sys.exit(main())
