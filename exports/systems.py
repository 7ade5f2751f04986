"""The one list of systems that a stack can be exported to."""

from typing import Final

from exports.datadog.writer import SYSTEM as DATADOG
from exports.grafana.writer import SYSTEM as GRAFANA
from exports.new_relic.writer import SYSTEM as NEW_RELIC
from exports.plain.writer import SYSTEM as PLAIN
from exports.system import System

SYSTEMS: Final[tuple[System, ...]] = (GRAFANA, DATADOG, NEW_RELIC, PLAIN)
"""Each system, in the order of ``--help``."""
