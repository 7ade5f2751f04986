"""How much the components cost over the same registrations written out by hand.

Run with ``make benchmark``. Everything is measured in one process and one run, alternately,
and given as ratios to the floor (``benchmarks/handwritten.py``): for the production stack, and
for 1 to 200 services in one stack. The floor must register the very same. Exits with 1 where it
does not, or where a ratio is above its limit.

Within a process, a stack's plans are made once: the first of several runs is the only one that
pays for them. A run of ``pulumi up`` is always the first, so production is measured both ways.
"""

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.handwritten import handwritten_program
from stack.config import EXAMPLES, StackConfig, read_stack_config
from stack.program import ProgramRun, run_program

PROD_LIMIT: Final = 1.06
"""Times the floor that the production stack may cost, once its rules are planned.

A little more than it takes: of instructions, ``benchmarks.instructions`` allows 1.05.
"""

LIMIT: Final = 1.1
"""The same of a stack that is planned anew, and of any number of services."""

ROUNDS: Final = 40
SERVICES: Final = (1, 25, 50, 100, 200)


def main() -> int:
    """Measure, print, and say by the exit code whether the limits hold at every size."""
    console = Console()
    table = Table("stack", "ours, ms", "floor, ms", "ratio", "limit", "ours, ms a service")
    is_over = False
    for measured in _every():
        is_over |= measured.ratio > measured.limit
        table.add_row(
            measured.stack,
            f"{measured.ours * 1000:.0f}",
            f"{measured.floor * 1000:.0f}",
            f"{measured.ratio:.3f}",
            f"{measured.limit:g}",
            f"{measured.ours * 1000 / measured.services:.1f}" if measured.services else "",
        )
    console.print(table)
    console.print("the limits hold at every size, so that growth is the runtime's own")
    return int(is_over)


@dataclass(frozen=True, kw_only=True)
class _StackTimes:
    """Medians of one stack, in CPU seconds; the ratio is the median of each round's own."""

    stack: str
    services: int = 0
    limit: float
    ours: float
    floor: float
    ratio: float


def _every() -> Iterator[_StackTimes]:
    prod = read_stack_config("prod", directory=EXAMPLES)
    yield _measured("prod", [prod] * ROUNDS, limit=PROD_LIMIT)
    # Plans belong to a stack of some name.
    anew = [replace(prod, stack=f"prod{number}") for number in range(ROUNDS)]
    yield _measured("prod, planned anew", anew, limit=LIMIT)
    for count in SERVICES:
        rounds = max(5, ROUNDS // max(1, count // 10))
        yield _measured(
            f"{count} services", [_with_services(count)] * rounds, limit=LIMIT, services=count
        )


def _measured(
    name: str, configs: list[StackConfig], *, limit: float, services: int = 0
) -> _StackTimes:
    """Ours and the floor, by turns, of configs that register the same but for the stack's name."""
    written = run_program(configs[0])
    by_hand = handwritten_program(written)
    _refuse_others(written, run_program(configs[0], program=by_hand))
    pairs = []
    for number, config in enumerate(configs):
        # What comes second finds the processor's caches as the first one left them.
        if number % 2:
            floor, ours = _seconds(config, by_hand), _seconds(config)
        else:
            ours, floor = _seconds(config), _seconds(config, by_hand)
        pairs.append((ours, floor))
    return _StackTimes(
        stack=name,
        services=services,
        limit=limit,
        ours=statistics.median(ours for ours, _ in pairs),
        floor=statistics.median(floor for _, floor in pairs),
        ratio=statistics.median(ours / floor for ours, floor in pairs),
    )


def _refuse_others(ours: ProgramRun, floor: ProgramRun) -> None:
    """A floor that registers something else is none.

    Raises:
        SystemExit: it names what differs.
    """
    wanted, registered = ({r.urn: r for r in run.registrations} for run in (ours, floor))
    others = [urn for urn in {**wanted, **registered} if wanted.get(urn) != registered.get(urn)]
    if ours.outputs != floor.outputs or ours.exports != floor.exports:
        others.append("outputs")
    if others:
        raise SystemExit(f"the floor is not what the program registers: {', '.join(others)}")


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
