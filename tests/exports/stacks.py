"""Example stacks, read as an export reads them, once each."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from exports.monitoring import StackMonitoring
from exports.reading import monitoring_of
from exports.result import Export
from exports.system import System
from stack.config import EXAMPLES, read_stack_config
from stack.program import run_program


@cache
def monitoring(*changes: str, stack: str = "prod") -> StackMonitoring:
    """An example stack, with settings changed as ``--set`` has them."""
    config = read_stack_config(stack, settings=changes, directory=EXAMPLES)
    return monitoring_of(run_program(config), config)


def exported(system: System, found: StackMonitoring, **chosen: Any) -> Export:
    """An export with the options that are given, the others left out."""
    left_out: Mapping[str, Any] = {o.name: "" if o.metavar else False for o in system.options}
    return system.write(found, {**left_out, **chosen})
