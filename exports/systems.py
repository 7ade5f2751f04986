"""The one list of systems that a stack can be exported to."""

from typing import Final

from exports.grafana.writer import SYSTEM as GRAFANA
from exports.plain.writer import SYSTEM as PLAIN
from exports.system import System

SYSTEMS: Final[tuple[System, ...]] = (GRAFANA, PLAIN)
"""Each system, in the order of ``--help``."""
