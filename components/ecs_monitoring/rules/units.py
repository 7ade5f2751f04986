"""What an alarm is measured in, for whoever has only the alarm and not its rule."""

from collections.abc import Mapping
from typing import Final

from ecs_monitoring.catalog.metrics import SHEETS
from ecs_monitoring.cloudwatch.units import Unit

UNIT_TAG: Final = "Unit"
"""The tag by which an alarm carries the unit of its threshold."""


def alarm_unit(tags: Mapping[str, str], namespace: str, metric: str, statistic: str) -> Unit:
    """The unit of an alarm's threshold.

    Args:
        tags: the alarm's tags; the project's own alarms carry the unit.
        namespace: of the one metric that the alarm watches; empty for metric math.
        metric: its name.
        statistic: that is watched.

    Returns:
        what the tag says, else what the metric's sheet says, else a count.
    """
    tag = tags.get(UNIT_TAG, "")
    if tag in list(Unit):
        return Unit(tag)
    sheet = SHEETS.get((namespace, metric))
    if sheet is None or statistic == "SampleCount":
        return Unit.COUNT
    return sheet.unit
