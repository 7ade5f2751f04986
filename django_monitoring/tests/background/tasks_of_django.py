"""Two tasks, for whichever module has them."""

from importlib import import_module
from typing import Any


def bill() -> None:
    return


def fail() -> None:
    raise ValueError


def made(module: str) -> tuple[Any, Any]:
    """The functions as tasks."""
    task = import_module(module).task
    return task()(bill), task()(fail)
