"""The one list of systems that a stack can be exported to."""

from typing import Final

from exports.plain.writer import SYSTEM as PLAIN
from exports.system import System

SYSTEMS: Final[tuple[System, ...]] = (PLAIN,)
"""Each system, in the order of ``--help``."""
