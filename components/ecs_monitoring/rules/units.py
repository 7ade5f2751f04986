"""What an alarm is measured in, for whoever has only the alarm and not its rule."""

from collections.abc import Mapping
from typing import Final

from ecs_monitoring.catalog.metrics import SHEETS, Reading
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat
from ecs_monitoring.cloudwatch.units import Unit

UNIT_TAG: Final = "Unit"
"""The tag by which an alarm carries the unit of its threshold."""


def alarm_unit(tags: Mapping[str, str], definition: AlarmDefinition | None) -> Unit:
    """The unit of an alarm's threshold.

    Args:
        tags: the alarm's tags; the project's own alarms carry the unit.
        definition: what the alarm watches; ``None`` where nobody can tell.

    Returns:
        what the tag says, else what the sheet of a single metric says, else a count.
    """
    tag = tags.get(UNIT_TAG, "")
    if tag in list(Unit):
        return Unit(tag)
    if definition is None or not isinstance(definition.signal, MetricStat):
        return Unit.COUNT
    metric = definition.signal.metric
    sheet = SHEETS.get((metric.namespace, metric.name))
    return Reading(sheet, definition.signal.statistic).unit if sheet else Unit.COUNT
