"""This program's own rules of thumb: what it changes about the package's alarms."""

import ecs_monitoring as watch

OVERRIDES = {
    "ecs.cpu-high": watch.AlarmOverride(threshold=85, evaluation_periods=3),
    "ecs.cpu-high@worker": watch.AlarmOverride(enabled=False),
}
