"""How much the components cost over the same registrations written out by hand.

Run with ``make benchmark``. Everything is measured in one process and one run, alternately,
and given as ratios: to the floor (``benchmarks/handwritten.py``) for the production stack,
and per service for 1 to 200 services in one stack. Exits with 1 where a ratio is above its
limit.
"""

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.handwritten import handwritten_program
from ops.program import run_program
from ops.stack_config import StackConfig, read_stack_config

FLOOR_LIMIT: Final = 1.2
"""Times the floor that the program may cost."""

GROWTH_LIMIT: Final = 1.5
"""Times the cost of one of 25 services that one of 200 may cost: growth stays linear."""

ROUNDS: Final = 25
SERVICES: Final = (1, 25, 50, 100, 200)


def main() -> int:
    """Measure, print, and say by the exit code whether the limits hold."""
    console = Console()
    prod = read_stack_config("prod")
    floor = _median_ratio(prod, ROUNDS)
    console.print(f"prod: {floor:.2f} times the hand-written floor (limit {FLOOR_LIMIT})")
    table = Table("services", "seconds", "per service, relative to 25", "times the floor")
    per_service: dict[int, float] = {}
    for count in SERVICES:
        config = _with_services(count)
        rounds = max(3, ROUNDS // max(1, count // 10))
        seconds = statistics.median(_seconds(config) for _ in range(rounds))
        per_service[count] = seconds / count
        relative = per_service[count] / per_service.get(25, per_service[count])
        ratio = _median_ratio(config, rounds)
        table.add_row(str(count), f"{seconds:.3f}", f"{relative:.2f}", f"{ratio:.2f}")
    console.print(table)
    growth = per_service[200] / per_service[25]
    console.print(f"one of 200 services costs {growth:.2f} times one of 25 (limit {GROWTH_LIMIT})")
    return int(floor > FLOOR_LIMIT or growth > GROWTH_LIMIT)


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
    return read_stack_config("prod", settings=changes)


def _median_ratio(config: StackConfig, rounds: int) -> float:
    by_hand = handwritten_program(run_program(config))
    _seconds(config, by_hand)
    ratios = [_seconds(config) / _seconds(config, by_hand) for _ in range(rounds)]
    return statistics.median(ratios)


def _seconds(config: StackConfig, program: Callable[[], None] | None = None) -> float:
    """CPU seconds of one run, in all threads: other work on the machine does not count."""
    gc.collect()
    started = time.process_time()
    run_program(config, program=program)
    return time.process_time() - started


if __name__ == "__main__":
    sys.exit(main())
