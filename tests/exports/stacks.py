"""Example stacks, read as an export reads them, once each."""

from functools import cache

from exports.monitoring import StackMonitoring
from exports.reading import monitoring_of
from stack.config import EXAMPLES, read_stack_config
from stack.program import run_program


@cache
def monitoring(*changes: str, stack: str = "prod") -> StackMonitoring:
    """An example stack, with settings changed as ``--set`` has them."""
    config = read_stack_config(stack, settings=changes, directory=EXAMPLES)
    return monitoring_of(run_program(config), config)
