"""Small stacks that several files of tests are about."""

from typing import Any

from tests.history.recorded import NOW, RecordedCloudWatch, Samples, key, metric_alarm

DAY = 86_400
MEMORY = "MemoryUtilization"


def two_alarms(*alarms: dict[str, Any], **changes: Any) -> RecordedCloudWatch:
    """Two alarms on two metrics, of which one has data."""
    return RecordedCloudWatch(
        alarms=list(alarms)
        or [metric_alarm("ecs.cpu@web", key()), metric_alarm("ecs.memory@web", key(MEMORY))],
        samples={key(): Samples.every(600, NOW - 2 * DAY, NOW)},
        **changes,
    )
